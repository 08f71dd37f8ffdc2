// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// What a plant earns premium by, as it stands on rosters.
library Regimes {
    /// Art. 42-bis: a fixed tariff.
    uint8 internal constant FIXED = 1;
    /// DM 414/2023: a tariff by the zonal price of the hour.
    uint8 internal constant CACER = 2;
    /// Not incentivised: takes part in the waterfall and earns no premium.
    uint8 internal constant NONE = 3;
}
