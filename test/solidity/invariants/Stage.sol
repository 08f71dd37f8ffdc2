// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {CommunityRoles} from "../../../contracts/CommunityRoles.sol";
import {ExpiringPause} from "../../../contracts/ExpiringPause.sol";
import {ICommunity} from "../../../contracts/interfaces/ICommunity.sol";
import {ICreditToken} from "../../../contracts/interfaces/ICreditToken.sol";
import {IEnergyLedger} from "../../../contracts/interfaces/IEnergyLedger.sol";
import {IReceiptBook} from "../../../contracts/interfaces/IReceiptBook.sol";
import {IRuleBook} from "../../../contracts/interfaces/IRuleBook.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Calendar} from "../../../contracts/libraries/Calendar.sol";
import {RoleIds} from "../../../contracts/libraries/RoleIds.sol";
import {vm} from "../support/Vm.sol";

interface IHasToken {
    function token() external view returns (ICreditToken);
}

/// A community with two configurations and all its officers, and the one way in which actions call it: as somebody,
/// with the outcome named beforehand.
abstract contract Stage {
    uint16 public constant FIRST_MONTH = 2026 * 12 + 9;
    uint256 public constant CONFIGURATIONS = 2;
    uint48 internal constant OBJECTION_SECONDS = 3 days;

    address internal constant SECRETARY = address(0x5ec);
    address internal constant TREASURER = address(0x7e5);
    /// Is a secretary as well, as in a small community: so it may propose what it must not adopt.
    address internal constant PRESIDENT = address(0x93e5);
    address internal constant AUDITOR = address(0xa0d1);
    address internal constant COUNCIL = address(0xc0);
    address internal constant STRANGER = address(0xbad);

    CommunityRoles public roles;
    ICommunity public community;
    IRuleBook public ruleBook;
    IReceiptBook public receiptBook;
    ITreasury public treasury;
    ICreditToken public token;
    IEnergyLedger[2] public ledgers;
    uint32[2] public firstHourOf;

    /// By configuration, in order of address.
    uint256[][2] internal _oracleKeys;
    uint8[2] internal _quorums;
    /// Its address is above those of all oracles, so that a signature of its own stands last.
    uint256 internal _strangerKey;

    /// Seconds since the Unix epoch. Kept here, as every action begins by setting the time.
    uint256 public clock;
    uint256 public calls;
    /// Actions in which something was accepted, and those in which nothing was tried; in the others something was
    /// refused
    /// with the error that it had to be refused with.
    uint256 public moved;
    uint256 public idle;
    /// Calls to the contracts.
    uint256 public accepted;
    uint256 public refused;
    mapping(bytes4 selector => uint256) public acceptedOf;

    error Unexpected(bytes4 called, bytes4 expected, bytes actual);

    modifier action() {
        vm.warp(clock);
        ++calls;
        (uint256 before, uint256 refusedBefore) = (accepted, refused);
        _;
        if (accepted != before) ++moved;
        else if (refused == refusedBefore) ++idle;
    }

    function _deployAll() internal {
        CommunityRoles.Officers memory officers = CommunityRoles.Officers(SECRETARY, TREASURER, PRESIDENT, AUDITOR);
        roles = CommunityRoles(_deploy("CommunityRoles", abi.encode(address(this), officers, uint32(1 days))));
        roles.grantRole(RoleIds.SECRETARY, PRESIDENT, 0);
        community = ICommunity(_deploy("Community", abi.encode(roles, OBJECTION_SECONDS)));
        ruleBook = IRuleBook(_deploy("RuleBook", abi.encode(roles, community)));
        receiptBook = IReceiptBook(_deploy("ReceiptBook", abi.encode(roles, community)));
        bytes memory arguments = abi.encode(roles, community, ruleBook, receiptBook, OBJECTION_SECONDS);
        treasury = ITreasury(_deploy("Treasury", arguments));
        token = IHasToken(address(treasury)).token();
        _makeOracles();
        // The first ledger has three days of the first month; the second begins in the middle of the next one.
        _addLedger(0, Calendar.endOf(FIRST_MONTH) - 72, FIRST_MONTH);
        _addLedger(1, Calendar.startOf(FIRST_MONTH + 1) + 500, FIRST_MONTH + 1);
        _assignAll();
        roles.grantRole(roles.ADMIN_ROLE(), COUNCIL, uint32(2 days));
        roles.renounceRole(roles.ADMIN_ROLE(), address(this));
        clock = uint256(Calendar.endOf(FIRST_MONTH) - 72) * 1 hours;
        // Everybody's role is in force from here on, the president's second one after its delay.
        vm.warp(clock);
    }

    /// Calls as `caller`. `expected` is the error that must refuse it, or zero if it must be accepted.
    function _as(address caller, address target, bytes memory data, bytes4 expected) internal returns (bool done) {
        vm.prank(caller);
        bytes memory returned;
        (done, returned) = target.call(data);
        if (done != (expected == 0) || (!done && bytes4(returned) != expected)) {
            revert Unexpected(bytes4(data), expected, returned);
        }
        if (done) {
            ++accepted;
            ++acceptedOf[bytes4(data)];
        } else {
            ++refused;
        }
    }

    function _passTimeTo(uint256 timestamp) internal {
        if (timestamp > clock) clock = timestamp;
        vm.warp(clock);
    }

    function _isPaused(address target) internal view returns (bool) {
        return clock < ExpiringPause(target).pausedUntil();
    }

    function _oracleKeysOf(uint256 configuration) internal view returns (uint256[] memory) {
        return _oracleKeys[configuration];
    }

    function _random(uint256 seed, string memory what, uint256 below) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(seed, what))) % below;
    }

    function _deploy(string memory name, bytes memory arguments) private returns (address deployed) {
        bytes memory code = bytes.concat(vm.getCode(string.concat("contracts/", name, ".sol:", name)), arguments);
        assembly ("memory-safe") {
            deployed := create(0, add(code, 32), mload(code))
        }
        require(deployed != address(0), name);
    }

    function _addLedger(uint256 configuration, uint32 firstHour, uint16 month) private {
        uint256[] memory keys = _oracleKeys[configuration];
        address[] memory signers = new address[](keys.length);
        for (uint256 i = 0; i < keys.length; ++i) {
            signers[i] = vm.addr(keys[i]);
        }
        bytes memory arguments = abi.encode(roles, community, firstHour, month, signers, _quorums[configuration]);
        ledgers[configuration] = IEnergyLedger(_deploy("EnergyLedger", arguments));
        firstHourOf[configuration] = firstHour;
        community.addConfiguration(ledgers[configuration], bytes32(configuration));
    }

    /// Four oracles of which three must sign, and one alone.
    function _makeOracles() private {
        uint256[5] memory keys = [uint256(11), 12, 13, 14, 15];
        for (uint256 i = 0; i < 5; ++i) {
            for (uint256 j = i + 1; j < 5; ++j) {
                if (vm.addr(keys[j]) < vm.addr(keys[i])) (keys[i], keys[j]) = (keys[j], keys[i]);
            }
        }
        for (uint256 i = 0; i < 4; ++i) {
            _oracleKeys[0].push(keys[i]);
        }
        _strangerKey = keys[4];
        _oracleKeys[1].push(keys[0]);
        _quorums = [3, 1];
    }

    /// As the factory does it.
    function _assignAll() private {
        _assign(address(community), RoleIds.SECRETARY, ICommunity.enrol.selector);
        _assign(address(community), RoleIds.SECRETARY, ICommunity.closeAccount.selector);
        _assign(address(ruleBook), RoleIds.SECRETARY, IRuleBook.propose.selector);
        _assign(address(ruleBook), RoleIds.PRESIDENT, IRuleBook.adopt.selector);
        for (uint256 i = 0; i < CONFIGURATIONS; ++i) {
            _assign(address(ledgers[i]), RoleIds.SECRETARY, IEnergyLedger.proposeRoster.selector);
            _assign(address(ledgers[i]), RoleIds.PRESIDENT, IEnergyLedger.adoptRoster.selector);
            _assignPause(address(ledgers[i]));
        }
        bytes4[6] memory treasurers = [
            ITreasury.proposeWriteOff.selector,
            ITreasury.open.selector,
            ITreasury.weigh.selector,
            ITreasury.apportion.selector,
            ITreasury.propose.selector,
            ITreasury.pay.selector
        ];
        for (uint256 i = 0; i < treasurers.length; ++i) {
            _assign(address(treasury), RoleIds.TREASURER, treasurers[i]);
        }
        _assign(address(receiptBook), RoleIds.TREASURER, IReceiptBook.bookReceipt.selector);
        _assign(address(receiptBook), RoleIds.TREASURER, IReceiptBook.adjustYear.selector);
        _assign(address(treasury), RoleIds.PRESIDENT, ITreasury.approve.selector);
        _assign(address(treasury), RoleIds.PRESIDENT, ITreasury.approveWriteOff.selector);
        _assign(address(treasury), RoleIds.AUDITOR, ITreasury.object.selector);
        _assign(address(treasury), RoleIds.AUDITOR, ITreasury.withdrawObjection.selector);
        _assignPause(address(treasury));
    }

    function _assignPause(address target) private {
        _assign(target, RoleIds.AUDITOR, ExpiringPause.pause.selector);
        _assign(target, RoleIds.PRESIDENT, ExpiringPause.unpause.selector);
    }

    function _assign(address target, uint64 role, bytes4 selector) private {
        bytes4[] memory selectors = new bytes4[](1);
        selectors[0] = selector;
        roles.setTargetFunctionRole(target, selectors, role);
    }
}
