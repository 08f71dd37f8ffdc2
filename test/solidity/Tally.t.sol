// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../../contracts/interfaces/IEnergyLedger.sol";
import {Channel, Plant} from "../../contracts/libraries/Roster.sol";
import {Tallied, Tally} from "../../contracts/libraries/Tally.sol";
import {Batches} from "./support/Batches.sol";
import {PlainPremium} from "./support/PlainPremium.sol";
import {Readings} from "./support/Readings.sol";
import {Rosters} from "./support/Rosters.sol";
import {isTrue, same, sameAt} from "./support/Vm.sol";

/// The whole tally against plain loops over hours and rows.
contract TallyTest {
    using Batches for IEnergyLedger.Batch;
    using PlainPremium for Plant;
    using Readings for bytes;

    uint256 private constant HOURS = 24;

    struct Case {
        bytes roster;
        IEnergyLedger.Batch batch;
        uint256 highestChannel;
        uint256 highestPlant;
        /// In waterfall order.
        Plant[] plants;
        Channel[] injection;
        Channel[] withdrawal;
    }

    struct Expected {
        uint256 accrued;
        /// Without and with a grant: accrued, injected, attributed.
        uint256[3][2] sets;
        uint256 hoursWithoutPrice;
    }

    function testFuzz_tally(uint256 seed, uint8 injections, uint8 withdrawals, uint8 hourCount) external view {
        (uint256 ins, uint256 outs) = (injections % 6, withdrawals % 7);
        if (ins + outs == 0) outs = 1;
        Case memory made = _case(seed, ins, outs);
        made.batch = Batches.random(seed, 1 + (hourCount % 24), ins, outs);
        made.batch.randomisePrices(seed);
        _check(made);
    }

    function test_nothing() external view {
        Case memory made = _case(1, 2, 3);
        made.batch.injected = Readings.full(0, 2);
        made.batch.withdrawn = Readings.full(0, 3);
        same("accrued", 0, _check(made));
    }

    function test_largestReadings() external view {
        Case memory made = _case(2, 3, 3);
        made.batch.injected = Readings.full(type(uint32).max, 3);
        made.batch.withdrawn = Readings.full(type(uint32).max, 3);
        _check(made);
    }

    function test_oneRow() external view {
        Case memory made = _case(3, 1, 0);
        made.batch.injected = Readings.full(type(uint32).max, 1);
        same("accrued", 0, _check(made));
        made = _case(4, 0, 1);
        made.batch.withdrawn = Readings.full(type(uint32).max, 1);
        same("accrued", 0, _check(made));
    }

    /// A third of the hours without injection, a third without withdrawal.
    function test_hoursOfOneSideOnly() external view {
        Case memory made = _case(5, 2, 2);
        made.batch.injected = Readings.full(3_000_000_001, 2);
        made.batch.withdrawn = Readings.full(1_000_000_007, 2);
        for (uint256 h = 0; h < HOURS; ++h) {
            for (uint256 row = 0; row < 2; ++row) {
                if (h % 3 == 0) Readings.put(made.batch.injected, row, h, 0);
                if (h % 3 == 1) Readings.put(made.batch.withdrawn, row, h, 0);
            }
        }
        isTrue("accrued", _check(made) != 0);
    }

    function test_mostRowsOfRandomReadings() external view {
        Case memory made = _case(6, 200, 1300);
        made.batch = Batches.random(6, 24, 200, 1300);
        made.batch.randomisePrices(6);
        isTrue("accrued", _check(made) != 0);
    }

    function test_mostRowsOfTheLargestReadings() external view {
        Case memory made = _case(8, 200, 1300);
        made.batch.injected = Readings.full(type(uint32).max, 200);
        made.batch.withdrawn = Readings.full(type(uint32).max, 1300);
        isTrue("accrued", _check(made) != 0);
    }

    /// A month without any price: only plants of art. 42-bis accrue.
    function test_noPrices() external view {
        Case memory made = _case(9, 40, 3);
        made.batch = Batches.random(9, 24, 40, 3);
        made.batch.priceMask = type(uint24).max;
        _check(made);
    }

    /// Every plant with a grant, some withdrawals exempt, the largest products that there can be.
    function test_largestReadingsWithGrants() external view {
        Case memory made = _case(10, 200, 1300);
        made.batch.injected = Readings.full(type(uint32).max, 200);
        made.batch.withdrawn = Readings.full(type(uint32).max, 1300);
        for (uint256 i = 0; i < 200; ++i) {
            made.plants[i].regime = 2;
            uint256 denominator = type(uint32).max - i;
            made.plants[i].terms = PlainPremium.cacerTerms(800_000, 1_200_000, 100_000, denominator / 2, denominator);
        }
        made.roster = Rosters.encode(made.injection, made.withdrawal, made.plants);
        isTrue("accrued", _check(made) != 0);
    }

    function tally(
        bytes memory roster,
        IEnergyLedger.Batch calldata batch,
        uint256 highestChannel,
        uint256 highestPlant
    ) external pure returns (Tallied memory) {
        return Tally.batch(roster, batch, highestChannel, highestPlant);
    }

    /// @return accrued what the batch earns, in 10⁻¹⁰ €
    function _check(Case memory made) private view returns (uint256 accrued) {
        Tallied memory actual = this.tally(made.roster, made.batch, made.highestChannel, made.highestPlant);
        uint256[24] memory g = made.batch.injected.sums();
        uint256[24] memory w = made.batch.withdrawn.sums();
        uint256[24] memory s;
        uint256 shared;
        for (uint256 h = 0; h < HOURS; ++h) {
            s[h] = Readings.lesser(g[h], w[h]);
            shared += s[h];
        }
        isTrue("injected", Readings.equal(Readings.pack(g), actual.injected));
        isTrue("withdrawn", Readings.equal(Readings.pack(w), actual.withdrawn));
        isTrue("shared", Readings.equal(Readings.pack(s), actual.shared));

        uint256[] memory coincident = new uint256[](actual.coincident.length * 6);
        uint256 onOneSide = _addCoincident(coincident, made.batch.injected, made.injection, s, g);
        isTrue("coincident injection within shared", onOneSide <= shared);
        onOneSide = _addCoincident(coincident, made.batch.withdrawn, made.withdrawal, s, w);
        isTrue("coincident withdrawal within shared", onOneSide <= shared);
        _checkSums("coincident", coincident, actual.coincident);

        uint256[] memory attributed = new uint256[](actual.attributed.length * 6);
        Expected memory expected = _attribute(attributed, made, s);
        accrued = expected.accrued;
        _checkSums("attributed", attributed, actual.attributed);
        same("accrued", accrued, actual.accrued);
        _checkSet("without grant", expected.sets[0], actual.withoutGrant);
        _checkSet("with grant", expected.sets[1], actual.withGrant);
        same("hours without price", expected.hoursWithoutPrice, actual.hoursWithoutPrice);
        uint256 attributedInAll;
        for (uint256 i = 0; i < attributed.length; ++i) {
            attributedInAll += attributed[i];
        }
        same("all that is shared is attributed", shared, attributedInAll);
    }

    function _addCoincident(
        uint256[] memory coincident,
        bytes memory rows,
        Channel[] memory channels,
        uint256[24] memory s,
        uint256[24] memory whole
    ) private pure returns (uint256 sum) {
        for (uint256 row = 0; row < channels.length; ++row) {
            uint256 scaled;
            uint256 all;
            for (uint256 h = 0; h < HOURS; ++h) {
                if (whole[h] == 0) continue;
                scaled += rows.get(row, h) * ((s[h] * 2 ** 30) / whole[h]);
                all += rows.get(row, h);
            }
            coincident[channels[row].number] = scaled / 2 ** 30;
            isTrue("coincident within metered", scaled / 2 ** 30 <= all);
            sum += scaled / 2 ** 30;
        }
    }

    function _attribute(
        uint256[] memory attributed,
        Case memory made,
        uint256[24] memory s
    ) private pure returns (Expected memory expected) {
        bool needsPrices;
        for (uint256 h = 0; h < HOURS; ++h) {
            uint256 left = s[h];
            PlainPremium.Hour memory hour = _hour(made, h);
            for (uint256 i = 0; i < made.plants.length; ++i) {
                Plant memory plant = made.plants[i];
                uint256 injected = made.batch.injected.get(plant.row, h);
                uint256 part = Readings.lesser(left, injected);
                left -= part;
                attributed[plant.number] += part;
                uint256 accrued = plant.accrued(part, hour);
                expected.accrued += accrued;
                if (!plant.isCacer()) continue;
                needsPrices = true;
                uint256[3] memory set = expected.sets[plant.hasGrant() ? 1 : 0];
                (set[0], set[1], set[2]) = (set[0] + accrued, set[1] + injected, set[2] + part);
            }
            same("left over", 0, left);
        }
        for (uint256 h = 0; h < HOURS; ++h) {
            if (needsPrices && !made.batch.hasPrice(h)) ++expected.hoursWithoutPrice;
        }
    }

    function _hour(Case memory made, uint256 h) private pure returns (PlainPremium.Hour memory hour) {
        hour.hasPrice = made.batch.hasPrice(h);
        hour.price = int32(made.batch.price(h));
        for (uint256 row = 0; row < made.withdrawal.length; ++row) {
            uint256 reading = made.batch.withdrawn.get(row, h);
            hour.withdrawn += reading;
            if (made.withdrawal[row].exempt == 1) hour.exempt += reading;
        }
    }

    function _checkSet(
        string memory what,
        uint256[3] memory expected,
        IEnergyLedger.PlantSet memory actual
    ) private pure {
        sameAt(what, 0, expected[0], actual.accrued);
        sameAt(what, 1, expected[1], actual.injected);
        sameAt(what, 2, expected[2], actual.attributed);
    }

    function _checkSums(string memory what, uint256[] memory expected, uint256[] memory packed) private pure {
        for (uint256 i = 0; i < expected.length; ++i) {
            sameAt(what, i, expected[i], (packed[i / 6] / 2 ** (42 * (i % 6))) % 2 ** 42);
        }
    }

    /// A roster with gaps in its numbers, whose waterfall order is not its row order, with plants of all regimes.
    function _case(uint256 seed, uint256 injections, uint256 withdrawals) private pure returns (Case memory made) {
        made.injection = Rosters.numbered(injections, uint24(1 + (seed % 5)), uint24(1 + (seed % 3)));
        uint24 next = uint24(10 + (seed % 5) + injections * 3);
        made.withdrawal = Rosters.numbered(withdrawals, next, uint24(1 + ((seed >> 8) % 4)));
        made.plants = new Plant[](injections);
        uint256 turn = injections == 0 ? 0 : seed % injections;
        for (uint256 i = 0; i < injections; ++i) {
            made.plants[i].number = uint16(1 + 2 * (injections - i));
            made.plants[i].row = uint16((i + turn) % injections);
            made.plants[i].commissioned = uint32(i);
            made.plants[i].randomise(uint256(keccak256(abi.encode(seed, i))));
        }
        for (uint256 row = 0; row < withdrawals; ++row) {
            made.withdrawal[row].exempt = uint8((seed >> (row % 256)) % 2);
        }
        made.roster = Rosters.encode(made.injection, made.withdrawal, made.plants);
        made.highestChannel = next + withdrawals * 4;
        made.highestPlant = 1 + 2 * injections;
    }
}
