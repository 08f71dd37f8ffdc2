// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";

/// A month's sums of the two sets of plants to which a threshold applies, packed into two slots.
struct PlantSets {
    /// 10⁻¹⁰ €.
    uint128 accruedWithoutGrant;
    uint128 accruedWithGrant;
    /// Wh.
    uint64 injectedWithoutGrant;
    uint64 attributedWithoutGrant;
    uint64 injectedWithGrant;
    uint64 attributedWithGrant;
}

/// Keeps the sums of the plant sets of a month. A slot to which nothing is added is not written.
library PlantSetSums {
    function add(
        PlantSets storage sums,
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) internal {
        if (withoutGrant.accrued | withGrant.accrued != 0) {
            (uint128 without, uint128 with) = (sums.accruedWithoutGrant, sums.accruedWithGrant);
            sums.accruedWithoutGrant = without + withoutGrant.accrued;
            sums.accruedWithGrant = with + withGrant.accrued;
        }
        // Only what was injected can be attributed.
        if (withoutGrant.injected | withGrant.injected != 0) {
            (uint64 a, uint64 b) = (sums.injectedWithoutGrant, sums.attributedWithoutGrant);
            (uint64 c, uint64 d) = (sums.injectedWithGrant, sums.attributedWithGrant);
            sums.injectedWithoutGrant = a + withoutGrant.injected;
            sums.attributedWithoutGrant = b + withoutGrant.attributed;
            sums.injectedWithGrant = c + withGrant.injected;
            sums.attributedWithGrant = d + withGrant.attributed;
        }
    }

    /// The reverse of `add`.
    function subtract(
        PlantSets storage sums,
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) internal {
        if (withoutGrant.accrued | withGrant.accrued != 0) {
            (uint128 without, uint128 with) = (sums.accruedWithoutGrant, sums.accruedWithGrant);
            sums.accruedWithoutGrant = without - withoutGrant.accrued;
            sums.accruedWithGrant = with - withGrant.accrued;
        }
        if (withoutGrant.injected | withGrant.injected != 0) {
            (uint64 a, uint64 b) = (sums.injectedWithoutGrant, sums.attributedWithoutGrant);
            (uint64 c, uint64 d) = (sums.injectedWithGrant, sums.attributedWithGrant);
            sums.injectedWithoutGrant = a - withoutGrant.injected;
            sums.attributedWithoutGrant = b - withoutGrant.attributed;
            sums.injectedWithGrant = c - withGrant.injected;
            sums.attributedWithGrant = d - withGrant.attributed;
        }
    }

    /// Adds a month's sums to those of the months before it.
    function addTo(
        PlantSets storage sums,
        IEnergyLedger.PlantSet memory withoutGrant,
        IEnergyLedger.PlantSet memory withGrant
    ) internal view {
        withoutGrant.accrued += sums.accruedWithoutGrant;
        withoutGrant.injected += sums.injectedWithoutGrant;
        withoutGrant.attributed += sums.attributedWithoutGrant;
        withGrant.accrued += sums.accruedWithGrant;
        withGrant.injected += sums.injectedWithGrant;
        withGrant.attributed += sums.attributedWithGrant;
    }
}
