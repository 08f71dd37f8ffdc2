// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";
import {MonthSums} from "./MonthSums.sol";
import {Premium, TariffTable} from "./Premium.sol";
import {Regimes} from "./Regimes.sol";
import {CacerTerms, Roster} from "./Roster.sol";
import {Day, Rows} from "./Rows.sol";

/// What a batch adds up to.
struct Tallied {
    /// By hour, Wh.
    Day injected;
    Day withdrawn;
    Day shared;
    /// By channel and by plant, Wh, packed.
    uint256[] coincident;
    uint256[] attributed;
    /// 10⁻¹⁰ €.
    uint256 accrued;
    /// Of the CACER plants without and with a capital grant.
    IEnergyLedger.PlantSet withoutGrant;
    IEnergyLedger.PlantSet withGrant;
    /// Hours in which CACER plants could accrue nothing; zero if there are none of them.
    uint256 hoursWithoutPrice;
}

/// The tally of a batch (rules.md, Shared energy and Premium). For each hour h, with G injected and W withdrawn:
///
/// - shared Sₕ = min(Gₕ, Wₕ);
/// - coincident energy of withdrawal row i = ⌊Σₕ wᵢₕ · ⌊Sₕ · 2³⁰ / Wₕ⌋ / 2³⁰⌋; of injection rows likewise with G;
/// - attributed to each plant, in waterfall order, up to what it injected, until S is used up: exact;
/// - accrued premium, in 10⁻¹⁰ € (Wh × 10⁻⁴ €/MWh): attributed · tariff of plants of art. 42-bis; of CACER plants see
///   Premium; none of plants that are not incentivised.
///
/// The threshold on shared energy belongs to DM 414/2023, so only CACER plants count in its two sets (rules.md, Threshold).
library Tally {
    using Roster for bytes;
    using Rows for Day;
    using Rows for bytes;
    using MonthSums for uint256[];

    /// What the plants of a batch have in common.
    struct Plants {
        /// Shared energy that no plant has taken yet, and what the present plant takes, by hour.
        Day left;
        Day taken;
        TariffTable tariffs;
        /// Withdrawn by exempt points, by hour; summed once the first plant with a grant needs it.
        Day exempt;
        bool isExemptSummed;
    }

    /// @param highestChannel highest channel number ever on a roster of this ledger
    /// @param highestPlant likewise for plants
    function batch(
        bytes memory roster,
        IEnergyLedger.Batch calldata readings,
        uint256 highestChannel,
        uint256 highestPlant
    ) internal pure returns (Tallied memory tally) {
        tally.injected = readings.injected.sum();
        tally.withdrawn = readings.withdrawn.sum();
        tally.shared = tally.injected.minimum(tally.withdrawn);

        tally.coincident = MonthSums.blank(highestChannel);
        readings.injected.addCoincident(tally.shared.ratios(tally.injected), tally.coincident, roster.channelWord(0));
        readings.withdrawn.addCoincident(
            tally.shared.ratios(tally.withdrawn),
            tally.coincident,
            roster.channelWord(readings.injected.count())
        );

        tally.attributed = MonthSums.blank(highestPlant);
        _attribute(tally, roster, readings);
    }

    /// The waterfall: every plant takes of the shared energy what it injected, as long as there is some left.
    function _attribute(Tallied memory tally, bytes memory roster, IEnergyLedger.Batch calldata readings) private pure {
        Plants memory plants;
        Day memory shared = tally.shared;
        plants.left = Day(shared.w0, shared.w1, shared.w2, shared.w3, shared.w4, shared.w5);
        bytes calldata injectionRows = readings.injected;
        uint256 count = injectionRows.count();
        for (uint256 position = 0; position < count; ++position) {
            (uint256 number, uint256 row, uint160 incentive) = roster.plantTerms(position);
            (uint256 attributed, uint256 injected) = plants.left.take(injectionRows, row, plants.taken);
            tally.attributed.add(number, attributed);
            uint256 regime = incentive >> 152;
            if (regime == Regimes.FIXED) {
                tally.accrued += attributed * Roster.fixedTariff(uint152(incentive));
            } else if (regime == Regimes.CACER) {
                _accrue(tally, plants, roster, readings, uint152(incentive), attributed, injected);
            }
        }
        if (plants.tariffs.count != 0) tally.hoursWithoutPrice = _bits(readings.priceMask);
    }

    /// Adds what a CACER plant accrues with what it took.
    function _accrue(
        Tallied memory tally,
        Plants memory plants,
        bytes memory roster,
        IEnergyLedger.Batch calldata readings,
        uint152 terms,
        uint256 attributed,
        uint256 injected
    ) private pure {
        Day memory tariffs = Premium.tariffs(plants.tariffs, terms, readings.prices, readings.priceMask);
        if (!Roster.hasGrant(terms)) {
            uint256 accrued = plants.taken.dot(tariffs);
            tally.accrued += accrued;
            _addTo(tally.withoutGrant, accrued, injected, attributed);
        } else {
            if (!plants.isExemptSummed) {
                plants.exempt = readings.withdrawn.sumExempt(roster.channelWord(roster.injectionCount()));
                plants.isExemptSummed = true;
            }
            CacerTerms memory grant = Roster.cacerTerms(terms);
            uint256 accrued = Premium.reducedDown(
                plants.taken,
                tariffs,
                tally.withdrawn,
                plants.exempt,
                grant.numerator,
                grant.denominator
            );
            tally.accrued += accrued;
            _addTo(tally.withGrant, accrued, injected, attributed);
        }
    }

    /// No sum of a batch comes near the width of its field: 1,500 rows of 24 readings of 32 bits at tariffs of 21 bits.
    function _addTo(
        IEnergyLedger.PlantSet memory set,
        uint256 accrued,
        uint256 injected,
        uint256 attributed
    ) private pure {
        unchecked {
            set.accrued += uint128(accrued);
            set.injected += uint64(injected);
            set.attributed += uint64(attributed);
        }
    }

    function _bits(uint256 mask) private pure returns (uint256 count) {
        for (; mask != 0; mask &= mask - 1) ++count;
    }
}
