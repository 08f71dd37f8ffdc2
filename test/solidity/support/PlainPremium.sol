// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Plant} from "../../../contracts/libraries/Roster.sol";

/// The premium of one plant in one hour, in plain steps, and terms to test with. Tariffs in 10⁻⁴ €/MWh.
library PlainPremium {
    /// What an hour says to all plants. Energies in Wh.
    struct Hour {
        bool hasPrice;
        int256 price;
        uint256 withdrawn;
        uint256 exempt;
    }

    function fixedTerms(uint32 tariff) internal pure returns (uint152) {
        return uint152(tariff) * 2 ** 120;
    }

    function cacerTerms(
        uint256 base,
        uint256 cap,
        uint256 correction,
        uint256 numerator,
        uint256 denominator
    ) internal pure returns (uint152) {
        return uint152(base * 2 ** 120 + cap * 2 ** 88 + correction * 2 ** 64 + numerator * 2 ** 32 + denominator);
    }

    /// Sets a plant's regime, power and terms to any that the law knows.
    function randomise(Plant memory plant, uint256 seed) internal pure {
        uint256 kind = uint256(keccak256(abi.encode(seed, "regime"))) % 6;
        uint256 noise = uint256(keccak256(abi.encode(seed, "terms")));
        if (kind == 0) {
            (plant.regime, plant.powerW, plant.terms) = (3, uint32(noise), 0);
        } else if (kind == 1) {
            uint32 tariff = noise % 4 == 0 ? type(uint32).max : uint32(1 + (noise % 2_000_000));
            (plant.regime, plant.powerW, plant.terms) = (1, uint32(noise % 200_001), fixedTerms(tariff));
        } else {
            uint256 class = noise % 3;
            plant.regime = 2;
            plant.powerW = [uint32(200_000), 600_000, 1_000_000][class];
            uint256 denominator = 1;
            uint256 numerator = 0;
            if (kind > 3) {
                denominator = noise % 5 == 0 ? type(uint32).max : 2 + ((noise / 2 ** 32) % 8000);
                numerator = 1 + ((noise / 2 ** 64) % (denominator / 2));
            }
            plant.terms = cacerTerms(
                800_000 - class * 100_000,
                1_200_000 - class * 100_000,
                [uint256(0), 40_000, 100_000][(noise / 2 ** 8) % 3],
                numerator,
                denominator
            );
        }
    }

    /// 10⁻¹⁰ €.
    function accrued(Plant memory plant, uint256 energy, Hour memory hour) internal pure returns (uint256) {
        uint256 terms = plant.terms;
        if (plant.regime == 1) return energy * (terms / 2 ** 120);
        if (plant.regime == 3 || !hour.hasPrice || energy == 0) return 0;
        uint256 full = energy * tariffAt(terms, hour.price);
        uint256 n = (terms / 2 ** 32) % 2 ** 32;
        uint256 d = terms % 2 ** 32;
        uint256 reduced = hour.withdrawn - hour.exempt;
        return (full * (d * hour.withdrawn - n * reduced)) / (d * hour.withdrawn);
    }

    function tariffAt(uint256 terms, int256 price) internal pure returns (uint256 tariff) {
        uint256 cap = (terms / 2 ** 88) % 2 ** 32;
        int256 raised = int256(terms / 2 ** 120) + (price < 1_800_000 ? 1_800_000 - price : int256(0));
        tariff = uint256(raised) < cap ? uint256(raised) : cap;
        tariff += (terms / 2 ** 64) % 2 ** 24;
    }

    function isCacer(Plant memory plant) internal pure returns (bool) {
        return plant.regime == 2;
    }

    function hasGrant(Plant memory plant) internal pure returns (bool) {
        return isCacer(plant) && (plant.terms / 2 ** 32) % 2 ** 32 != 0;
    }
}
