// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Premium, TariffTable} from "../../contracts/libraries/Premium.sol";
import {Day, Rows} from "../../contracts/libraries/Rows.sol";
import {PlainPremium} from "./support/PlainPremium.sol";
import {Readings} from "./support/Readings.sol";
import {isTrue, same, sameAt} from "./support/Vm.sol";

/// Tariffs by price: the vectors of the rules, and packed days against plain hours.
contract PremiumTest {
    using Rows for Day;

    uint256 private constant HOURS = 24;
    uint256 private constant NORTH = 100_000;
    uint256 private constant CENTRE = 40_000;
    uint256 private constant SOUTH = 0;

    function test_vectors() external view {
        _checkTariff(800_000, 1_200_000, SOUTH, -50_000, 1_200_000);
        _checkTariff(800_000, 1_200_000, NORTH, 1_400_000, 1_300_000);
        _checkTariff(800_000, 1_200_000, NORTH, 1_400_100, 1_299_900);
        _checkTariff(800_000, 1_200_000, CENTRE, 1_800_000, 840_000);
        _checkTariff(700_000, 1_100_000, NORTH, 1_500_000, 1_100_000);
        _checkTariff(600_000, 1_000_000, NORTH, 1_500_000, 1_000_000);
        _checkTariff(600_000, 1_000_000, SOUTH, 2_000_000, 600_000);
    }

    function test_tariffAtTheEdges() external view {
        _checkTariff(800_000, 1_200_000, SOUTH, type(int32).min, 1_200_000);
        _checkTariff(800_000, 1_200_000, SOUTH, type(int32).max, 800_000);
        _checkTariff(800_000, 1_200_000, SOUTH, 1_799_999, 800_001);
        _checkTariff(800_000, 1_200_000, SOUTH, 1_800_001, 800_000);
        _checkTariff(800_000, 1_200_000, SOUTH, 1_400_001, 1_199_999);
        _checkTariff(800_000, 1_200_000, SOUTH, 1_399_999, 1_200_000);
    }

    /// A grant of 10% of the cost is F = 0.125, one of 30% is 0.375; F is not taken off what exempt points drew.
    function test_reductions() external view {
        same("10%, nobody exempt", 105_000_000, _reduced(100, 1, 8, 1000, 0));
        same("30%, nobody exempt", 75_000_000, _reduced(100, 3, 8, 1000, 0));
        same("40%, nobody exempt", 60_000_000, _reduced(100, 1, 2, 1000, 0));
        same("40%, everybody exempt", 120_000_000, _reduced(100, 1, 2, 1000, 1000));
        same("40%, half exempt", 90_000_000, _reduced(100, 1, 2, 1000, 500));
        // 1,200,000 · (1 − 6/7 · 1/3) = 857,142.86
        same("rounded down", 857_142, _reduced(1, 1, 3, 7, 1));
    }

    /// Every hour stands in its lane, and plants of other terms do not see it.
    function testFuzz_days(uint256 seed, uint24 mask) external view {
        bytes32[3] memory prices;
        for (uint256 i = 0; i < 3; ++i) {
            prices[i] = keccak256(abi.encode(seed, i));
        }
        uint152[3] memory terms;
        for (uint256 i = 0; i < 3; ++i) {
            terms[i] = PlainPremium.cacerTerms(
                800_000 - 100_000 * i,
                1_200_000 - 100_000 * (seed % 3),
                [SOUTH, CENTRE, NORTH][i],
                i,
                2
            );
        }
        Day[6] memory days_ = this.sixDays(terms, prices, mask);
        for (uint256 i = 0; i < 6; ++i) {
            uint256[24] memory expected;
            for (uint256 h = 0; h < HOURS; ++h) {
                if ((mask / 2 ** (23 - h)) % 2 == 0) {
                    expected[h] = PlainPremium.tariffAt(terms[i % 3], _price(prices, h));
                }
            }
            isTrue("tariffs", Readings.equal(Readings.packReversed(expected), days_[i]));
        }
    }

    /// Each of three terms twice, out of one table.
    function sixDays(
        uint152[3] calldata terms,
        bytes32[3] calldata prices,
        uint256 mask
    ) external pure returns (Day[6] memory found) {
        TariffTable memory table;
        for (uint256 i = 0; i < 6; ++i) {
            found[i] = Premium.tariffs(table, terms[i % 3], prices, mask);
        }
    }

    function tariffs(uint152 terms, bytes32[3] calldata prices) external pure returns (Day memory) {
        TariffTable memory table;
        return Premium.tariffs(table, terms, prices, 0);
    }

    function _checkTariff(uint256 base, uint256 cap, uint256 correction, int32 price, uint256 expected) private view {
        uint256 eight;
        for (uint256 i = 0; i < 8; ++i) {
            eight = eight * 2 ** 32 + uint32(price);
        }
        uint152 terms = PlainPremium.cacerTerms(base, cap, correction, 0, 1);
        Day memory day = this.tariffs(terms, [bytes32(eight), bytes32(eight), bytes32(eight)]);
        for (uint256 h = 0; h < HOURS; ++h) {
            sameAt("tariff", h, expected, day.hour(h));
        }
    }

    /// Energy in one hour at a tariff of 120 €/MWh, for every hour alike.
    function _reduced(
        uint256 energy,
        uint256 numerator,
        uint256 denominator,
        uint256 withdrawn,
        uint256 exempt
    ) private pure returns (uint256 accrued) {
        for (uint256 h = 0; h < HOURS; ++h) {
            uint256[24] memory energies;
            uint256[24] memory rates;
            uint256[24] memory wholes;
            uint256[24] memory exempts;
            (energies[h], rates[h], wholes[h], exempts[h]) = (energy, 1_200_000, withdrawn, exempt);
            uint256 inThisHour = Premium.reducedDown(
                Readings.pack(energies),
                Readings.packReversed(rates),
                Readings.pack(wholes),
                Readings.pack(exempts),
                numerator,
                denominator
            );
            if (h != 0) sameAt("whichever hour", h, accrued, inThisHour);
            accrued = inThisHour;
        }
    }

    function _price(bytes32[3] memory prices, uint256 h) private pure returns (int256) {
        uint256 word = uint256(prices[h / 8]);
        return int32(uint32((word / 2 ** (32 * (7 - (h % 8)))) % 2 ** 32));
    }
}
