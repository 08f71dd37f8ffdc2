// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";

/// The *importo eccedentario* (rules.md, Threshold): the part of the premium that goes beyond the share of attributed energy
/// that the law has in mind.
library Excess {
    /// Thresholds in percent of the energy injected.
    uint256 internal constant WITHOUT_GRANT = 55;
    uint256 internal constant WITH_GRANT = 45;

    /// ⌊accrued · max(0, attributed / injected − threshold)⌋ of one set of plants, in 10⁻¹⁰ €.
    function beyond(IEnergyLedger.PlantSet memory plants, uint256 threshold) internal pure returns (uint256) {
        uint256 attributed = uint256(plants.attributed) * 100;
        uint256 expected = uint256(plants.injected) * threshold;
        if (attributed <= expected) return 0;
        return (uint256(plants.accrued) * (attributed - expected)) / (uint256(plants.injected) * 100);
    }
}
