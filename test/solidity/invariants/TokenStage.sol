// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {CommunityRoles} from "../../../contracts/CommunityRoles.sol";
import {ICommunity} from "../../../contracts/interfaces/ICommunity.sol";
import {ICreditToken} from "../../../contracts/interfaces/ICreditToken.sol";
import {IPayeeChanges} from "../../../contracts/interfaces/IPayeeChanges.sol";
import {IRedemptions} from "../../../contracts/interfaces/IRedemptions.sol";
import {RoleIds} from "../../../contracts/libraries/RoleIds.sol";
import {vm} from "../support/Vm.sol";

/// A community of five accounts whose treasury is this very contract: it credits what it likes, and the rest is what
/// becomes of tokens afterwards.
abstract contract TokenStage {
    uint48 internal constant OBJECTION_SECONDS = 3 days;
    uint24 public constant ACCOUNTS = 5;
    /// The only supplier.
    uint24 internal constant SUPPLIER = 5;

    address internal constant SECRETARY = address(0x5ec);
    address internal constant TREASURER = address(0x7e5);
    address internal constant PRESIDENT = address(0x93e5);
    address internal constant AUDITOR = address(0xa0d1);

    CommunityRoles public roles;
    ICommunity public community;
    ICreditToken public token;
    IRedemptions public redemptions;

    /// Seconds since the Unix epoch.
    uint256 public clock = 1_780_000_000;
    uint256 public calls;
    uint256 public moved;
    uint256 private _accepted;

    error Unexpected(bytes4 called, bytes4 expected, bytes actual);

    modifier action() {
        vm.warp(clock);
        ++calls;
        uint256 before = _accepted;
        _;
        if (_accepted != before) ++moved;
    }

    constructor() {
        vm.warp(clock);
        CommunityRoles.Officers memory officers = CommunityRoles.Officers(SECRETARY, TREASURER, PRESIDENT, AUDITOR);
        roles = CommunityRoles(_deploy("CommunityRoles", abi.encode(address(this), officers, uint32(0))));
        community = ICommunity(_deploy("Community", abi.encode(roles, OBJECTION_SECONDS)));
        token = ICreditToken(_deploy("CreditToken", abi.encode(roles, address(this), community)));
        redemptions = IRedemptions(_deploy("Redemptions", abi.encode(roles, community, token)));
        community.connect(token, address(redemptions));
        _assign(address(community), RoleIds.SECRETARY, ICommunity.enrol.selector);
        _assign(address(community), RoleIds.SECRETARY, ICommunity.closeAccount.selector);
        _assign(address(community), RoleIds.SECRETARY, IPayeeChanges.proposePayee.selector);
        _assign(address(community), RoleIds.PRESIDENT, IPayeeChanges.approvePayee.selector);
        _assign(address(token), RoleIds.SECRETARY, ICreditToken.proposeAccreditation.selector);
        _assign(address(token), RoleIds.PRESIDENT, ICreditToken.accredit.selector);
        _assign(address(token), RoleIds.PRESIDENT, ICreditToken.withdrawAccreditation.selector);
        _assign(address(redemptions), RoleIds.TREASURER, IRedemptions.open.selector);
        _assign(address(redemptions), RoleIds.TREASURER, IRedemptions.add.selector);
        _assign(address(redemptions), RoleIds.TREASURER, IRedemptions.proposeOutcomes.selector);
        _assign(address(redemptions), RoleIds.PRESIDENT, IRedemptions.approve.selector);
        _assign(address(redemptions), RoleIds.PRESIDENT, IRedemptions.approveOutcomes.selector);
        _assign(address(redemptions), RoleIds.AUDITOR, IRedemptions.object.selector);
        _assign(address(redemptions), RoleIds.AUDITOR, IRedemptions.withdrawObjection.selector);
        _enrol();
    }

    /// Calls as `caller`. `expected` is the error that must refuse it, or zero if it must be accepted.
    function _as(address caller, address target, bytes memory data, bytes4 expected) internal returns (bool done) {
        vm.prank(caller);
        bytes memory returned;
        (done, returned) = target.call(data);
        if (done != (expected == 0) || (!done && bytes4(returned) != expected)) {
            revert Unexpected(bytes4(data), expected, returned);
        }
        if (done) ++_accepted;
    }

    function _random(uint256 seed, string memory what, uint256 below) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what))) % below;
    }

    function _enrol() private {
        ICommunity.Enrolment[] memory enrolments = new ICommunity.Enrolment[](ACCOUNTS);
        for (uint256 i = 0; i < ACCOUNTS; ++i) {
            enrolments[i].kind = i + 1 == SUPPLIER ? ICommunity.AccountKind.Supplier : ICommunity.AccountKind.Member;
        }
        _as(SECRETARY, address(community), abi.encodeCall(ICommunity.enrol, (enrolments)), 0);
    }

    function _deploy(string memory name, bytes memory arguments) private returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(string.concat("contracts/", name, ".sol:", name)), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        require(deployed != address(0), name);
    }

    function _assign(address target, uint64 role, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        roles.setTargetFunctionRole(target, selectors, role);
    }
}
