// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManager} from "@openzeppelin/contracts/access/manager/AccessManager.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// Who may do what in a community. Treasurer, president and auditor exclude each other; a grant takes effect after
/// `grantSeconds`.
contract CommunityRoles is AccessManager {
    struct Officers {
        address secretary;
        address treasurer;
        address president;
        address auditor;
    }

    error RolesExclusive(address account, uint64 held, uint64 wanted);

    /// @param initialAdmin sets the community up, then hands over to its council
    /// @param officers hold their roles at once
    constructor(address initialAdmin, Officers memory officers, uint32 grantSeconds) AccessManager(initialAdmin) {
        _appoint(RoleIds.SECRETARY, officers.secretary, grantSeconds);
        _appoint(RoleIds.TREASURER, officers.treasurer, grantSeconds);
        _appoint(RoleIds.PRESIDENT, officers.president, grantSeconds);
        _appoint(RoleIds.AUDITOR, officers.auditor, grantSeconds);
    }

    /// Later changes of a grant delay wait five days (OpenZeppelin's default); those of the constructor hold at once.
    function minSetback() public view override returns (uint32) {
        return address(this).code.length == 0 ? 0 : super.minSetback();
    }

    function _appoint(uint64 role, address officer, uint32 grantSeconds) private {
        _grantRole(role, officer, 0, 0);
        _setGrantDelay(role, grantSeconds);
    }

    function _grantRole(
        uint64 roleId,
        address account,
        uint32 grantDelay,
        uint32 executionDelay
    ) internal override returns (bool) {
        if (_isExclusive(roleId)) {
            for (uint64 other = RoleIds.TREASURER; other <= RoleIds.AUDITOR; ++other) {
                // A grant that is still waiting for its delay counts as held.
                (uint48 since, , , ) = getAccess(other, account);
                if (other != roleId && since != 0) revert RolesExclusive(account, other, roleId);
            }
        }
        return super._grantRole(roleId, account, grantDelay, executionDelay);
    }

    function _isExclusive(uint64 role) private pure returns (bool) {
        return role == RoleIds.TREASURER || role == RoleIds.PRESIDENT || role == RoleIds.AUDITOR;
    }
}
