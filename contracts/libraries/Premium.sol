// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Lanes} from "./Lanes.sol";
import {CacerTerms, Roster} from "./Roster.sol";
import {Day, Rows} from "./Rows.sol";

/// The tariffs of one batch, by the terms that they follow from: plants of one class of power and one correction share them.
struct TariffTable {
    uint256 count;
    uint256[] terms;
    /// Where the tariffs of each hour stand in memory.
    uint256[] pointers;
}

/// The premium of CACER plants (DM 414/2023; rules.md, Premium), of a plant's attributed energy a in one hour, in
/// 10⁻¹⁰ € (Wh × 10⁻⁴ €/MWh), with zonal price Pz, all withdrawn energy W and that of exempt points E:
///
/// - tariff T = min(cap, base + max(0, 180 €/MWh − Pz)) + FC;
/// - without a capital grant a · T, exact;
/// - with a grant, F = n / d: ⌊a · T · (d·W − n·(W − E)) / (d·W)⌋, that is a · T less F on the part that is not exempt.
///
/// An hour without a price accrues nothing.
library Premium {
    using Rows for Day;

    /// PlantCheck admits three classes of power and three corrections.
    uint256 private constant MOST_TARIFFS = 9;
    /// 180 €/MWh: a lower zonal price raises the tariff.
    uint256 private constant REFERENCE_PRICE = 1_800_000;
    uint256 private constant LANE = type(uint64).max;

    /// The tariff of each hour under a plant's terms, in 10⁻⁴ €/MWh, lanes in reverse order as `Rows.dot` needs them.
    /// Computed once for all plants with the same base, cap and correction.
    function tariffs(
        TariffTable memory table,
        uint152 terms,
        bytes32[3] calldata prices,
        uint256 priceMask
    ) internal pure returns (Day memory reversed) {
        uint256 key = terms >> 64;
        uint256 count = table.count;
        unchecked {
            for (uint256 i = 0; i < count; ++i) {
                if (table.terms[i] == key) return _dayAt(table.pointers[i]);
            }
            if (count == 0) (table.terms, table.pointers) = (new uint256[](MOST_TARIFFS), new uint256[](MOST_TARIFFS));
            reversed = _tariffs(Roster.cacerTerms(terms), prices, priceMask);
            table.terms[count] = key;
            table.pointers[count] = _pointerTo(reversed);
            table.count = count + 1;
        }
    }

    /// Σₕ ⌊aₕ · Tₕ · (d·Wₕ − n·(Wₕ − Eₕ)) / (d·Wₕ)⌋ of a plant with a grant, in 10⁻¹⁰ €. No hour's a may exceed its W, nor
    /// E its W; n ≤ d.
    function reducedDown(
        Day memory attributed,
        Day memory reversedTariffs,
        Day memory withdrawn,
        Day memory exempt,
        uint256 numerator,
        uint256 denominator
    ) internal pure returns (uint256 accrued) {
        unchecked {
            for (uint256 i = 0; i < 6; ++i) {
                uint256 energies = Lanes.unwrap(attributed.wordAt(i));
                if (energies == 0) continue;
                uint256 wholes = Lanes.unwrap(withdrawn.wordAt(i));
                uint256 exempts = Lanes.unwrap(exempt.wordAt(i));
                uint256 rates = Lanes.unwrap(reversedTariffs.wordAt(i));
                for (uint256 place = 0; place < 256; place += 64) {
                    uint256 energy = (energies >> place) & LANE;
                    if (energy == 0) continue;
                    // Energy was attributed, so some was withdrawn. Below 2³² · 2³² · 2⁴³ · 2³²: no product overflows.
                    uint256 whole = (wholes >> place) & LANE;
                    uint256 scaled = denominator * whole;
                    uint256 paid = scaled - numerator * (whole - ((exempts >> place) & LANE));
                    accrued += (energy * ((rates >> (192 - place)) & LANE) * paid) / scaled;
                }
            }
        }
    }

    /// From the last hour to the first, so that the next price and its mask bit are always the lowest bits.
    function _tariffs(
        CacerTerms memory terms,
        bytes32[3] calldata prices,
        uint256 priceMask
    ) private pure returns (Day memory reversed) {
        (uint256 base, uint256 cap, uint256 correction) = (terms.base, terms.cap, terms.correction);
        assembly ("memory-safe") {
            function tariff(base_, cap_, correction_, price, mask) -> rate {
                let raise := sub(REFERENCE_PRICE, signextend(3, price))
                rate := add(base_, mul(raise, sgt(raise, 0)))
                if gt(rate, cap_) {
                    rate := cap_
                }
                rate := mul(add(rate, correction_), iszero(and(mask, 1)))
            }
            for {
                let i := 3
            } i {
                i := sub(i, 1)
            } {
                let word := calldataload(add(prices, sub(mul(i, 32), 32)))
                let even := 0
                let odd := 0
                for {
                    let j := 0
                } lt(j, 4) {
                    j := add(j, 1)
                } {
                    odd := or(shl(64, odd), tariff(base, cap, correction, word, priceMask))
                    even := or(shl(64, even), tariff(base, cap, correction, shr(32, word), shr(1, priceMask)))
                    word := shr(64, word)
                    priceMask := shr(2, priceMask)
                }
                let place := add(reversed, sub(mul(i, 64), 64))
                mstore(place, even)
                mstore(add(place, 32), odd)
            }
        }
    }

    function _dayAt(uint256 pointer) private pure returns (Day memory day) {
        assembly ("memory-safe") {
            day := pointer
        }
    }

    function _pointerTo(Day memory day) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := day
        }
    }
}
