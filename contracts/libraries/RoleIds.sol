// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Roles of a community. The admin (AccessManager's role 0) is its council.
library RoleIds {
    uint64 internal constant SECRETARY = 1;
    uint64 internal constant TREASURER = 2;
    uint64 internal constant PRESIDENT = 3;
    uint64 internal constant AUDITOR = 4;
}
