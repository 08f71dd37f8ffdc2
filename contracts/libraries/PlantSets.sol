// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";

/// A month's sums of the two sets of plants to which a threshold applies, in two words: those without a grant in the less
/// significant half, those with one in the other.
struct PlantSets {
    /// 128 bits each, 10⁻¹⁰ €.
    uint256 accrued;
    /// Injected, then attributed: 64 bits each, Wh.
    uint256 energies;
}

/// Keeps the sums of the plant sets of a month. A word to which nothing is added is not written. No lane spills over: a month
/// of a whole configuration stays far below their widths.
library PlantSetSums {
    function add(
        PlantSets storage sums,
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) internal {
        (uint256 accrued, uint256 energies) = _packed(withoutGrant, withGrant);
        _change(sums, accrued, energies);
    }

    /// The reverse of `add`: what is taken out must have been added.
    function subtract(
        PlantSets storage sums,
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) internal {
        (uint256 accrued, uint256 energies) = _packed(withoutGrant, withGrant);
        unchecked {
            _change(sums, 0 - accrued, 0 - energies);
        }
    }

    /// Adds a month's sums to those of the months before it.
    function addTo(
        PlantSets storage sums,
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) internal view {
        (uint256 accrued, uint256 energies) = (sums.accrued, sums.energies);
        withoutGrant.accrued += uint128(accrued);
        withoutGrant.injected += uint64(energies);
        withoutGrant.attributed += uint64(energies >> 64);
        withGrant.accrued += uint128(accrued >> 128);
        withGrant.injected += uint64(energies >> 128);
        withGrant.attributed += uint64(energies >> 192);
    }

    function _change(PlantSets storage sums, uint256 accrued, uint256 energies) private {
        unchecked {
            if (accrued != 0) sums.accrued += accrued;
            if (energies != 0) sums.energies += energies;
        }
    }

    function _packed(
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) private pure returns (uint256 accrued, uint256 energies) {
        accrued = withoutGrant.accrued | (uint256(withGrant.accrued) << 128);
        energies = withoutGrant.injected | (uint256(withoutGrant.attributed) << 64);
        energies |= (uint256(withGrant.injected) << 128) | (uint256(withGrant.attributed) << 192);
    }
}
