// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Day, Rows} from "./Rows.sol";
import {MonthSums} from "./MonthSums.sol";
import {Roster} from "./Roster.sol";

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
}

/// The tally of a batch (rules.md, Shared energy and Premium). For each hour h, with G injected and W withdrawn:
///
/// - shared Sₕ = min(Gₕ, Wₕ);
/// - coincident energy of withdrawal row i = ⌊Σₕ wᵢₕ · ⌊Sₕ · 2³⁰ / Wₕ⌋ / 2³⁰⌋; of injection rows likewise with G;
/// - attributed to each plant, in waterfall order, up to what it injected, until S is used up: exact;
/// - accrued premium = Σ attributed · tariff, in 10⁻¹⁰ € (Wh × 10⁻⁴ €/MWh).
library Tally {
    using Roster for bytes;
    using Rows for Day;
    using Rows for bytes;
    using MonthSums for uint256[];

    /// @param highestChannel highest channel number ever on a roster of this ledger
    /// @param highestPlant likewise for plants
    function batch(
        bytes memory roster,
        bytes calldata injected,
        bytes calldata withdrawn,
        uint256 highestChannel,
        uint256 highestPlant
    ) internal pure returns (Tallied memory tally) {
        tally.injected = injected.sum();
        tally.withdrawn = withdrawn.sum();
        tally.shared = tally.injected.minimum(tally.withdrawn);

        tally.coincident = MonthSums.blank(highestChannel);
        injected.addCoincident(tally.shared.ratios(tally.injected), tally.coincident, roster.channelWord(0));
        withdrawn.addCoincident(
            tally.shared.ratios(tally.withdrawn),
            tally.coincident,
            roster.channelWord(injected.count())
        );

        tally.attributed = MonthSums.blank(highestPlant);
        tally.accrued = _attribute(tally.attributed, roster, injected, tally.shared);
    }

    /// The waterfall: every plant takes of the shared energy what it injected, as long as there is some left.
    function _attribute(
        uint256[] memory sums,
        bytes memory roster,
        bytes calldata injected,
        Day memory shared
    ) private pure returns (uint256 accrued) {
        Day memory left = Day(shared.w0, shared.w1, shared.w2, shared.w3, shared.w4, shared.w5);
        uint256 plants = injected.count();
        for (uint256 position = 0; position < plants; ++position) {
            (uint256 number, uint256 row, uint256 tariff) = roster.plantTerms(position);
            uint256 attributed = left.take(injected, row);
            sums.add(number, attributed);
            accrued += attributed * tariff;
        }
    }
}
