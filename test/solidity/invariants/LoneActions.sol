// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ExpiringPause} from "../../../contracts/ExpiringPause.sol";
import {ICommunity} from "../../../contracts/interfaces/ICommunity.sol";
import {ICreditToken} from "../../../contracts/interfaces/ICreditToken.sol";
import {IEnergyLedger} from "../../../contracts/interfaces/IEnergyLedger.sol";
import {IRuleBook} from "../../../contracts/interfaces/IRuleBook.sol";
import {IReceiptBook} from "../../../contracts/interfaces/IReceiptBook.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {MoneyActions} from "./MoneyActions.sol";

/// One person tries alone what is another's or takes two.
abstract contract LoneActions is MoneyActions {
    /// Any officer, member or stranger calls what belongs to somebody else.
    function actAsAnother(uint256 seed) external action {
        (address target, bytes memory data, address owner) = _restricted(seed);
        address caller = _anybody(seed);
        bool mayPropose = owner == SECRETARY && caller == PRESIDENT;
        if (caller == owner || mayPropose) return;
        _as(caller, target, data, IAccessManaged.AccessManagedUnauthorized.selector);
    }

    function dropAsAnother(uint256 seed) external action {
        address caller = _anybody(seed);
        if (caller == TREASURER || caller == PRESIDENT) return;
        bytes memory data = abi.encodeCall(ITreasury.drop, (treasury.runCount()));
        _as(caller, address(treasury), data, ITreasury.NotTreasurerOrPresident.selector);
    }

    function moveTokens(uint256 seed, uint64 amount) external action {
        address holder = _payee(seed);
        address caller = seed % 4 == 0 ? _anybody(seed) : holder;
        address to = seed % 3 == 0 ? STRANGER : _payee(seed / 7);
        uint256 how = _random(seed, "how", 4);
        bytes memory data;
        if (how == 0) data = abi.encodeCall(IERC20.transfer, (to, amount));
        else if (how == 1) data = abi.encodeCall(IERC20.approve, (to, amount));
        else if (how == 2) data = abi.encodeCall(IERC20.transferFrom, (holder, to, amount));
        else data = _mint(to, amount);
        bytes4 expected = how == 3 ? ICreditToken.NotTreasury.selector : ICreditToken.TransfersOff.selector;
        _as(caller, address(token), data, expected);
    }

    function _mint(address to, uint256 amount) private pure returns (bytes memory) {
        address[] memory payees = new address[](1);
        uint256[] memory amounts = new uint256[](1);
        (payees[0], amounts[0]) = (to, amount);
        return abi.encodeCall(ICreditToken.pay, (payees, amounts));
    }

    function _anybody(uint256 seed) private view returns (address) {
        address[7] memory people = [SECRETARY, TREASURER, PRESIDENT, AUDITOR, COUNCIL, STRANGER, _payee(seed)];
        return people[_random(seed, "person", 7)];
    }

    function _payee(uint256 seed) private view returns (address) {
        return community.payeeOf(1 + uint24(_random(seed, "payee", community.accountCount())));
    }

    function _restricted(uint256 seed) private view returns (address target, bytes memory data, address owner) {
        uint256 which = _random(seed, "call", 18);
        uint32 run = treasury.runCount();
        if (which < 10) {
            target = address(treasury);
            IReceiptBook.Receipt memory receipt;
            bytes memory book = abi.encodeCall(IReceiptBook.bookReceipt, (receipt));
            if (which == 0) return (address(receiptBook), book, TREASURER);
            if (which == 1) return (target, abi.encodeCall(ITreasury.open, (FIRST_MONTH, FIRST_MONTH)), TREASURER);
            if (which == 2) return (target, abi.encodeCall(ITreasury.weigh, (run, 1)), TREASURER);
            if (which == 3) return (target, abi.encodeCall(ITreasury.apportion, (run, 1)), TREASURER);
            if (which == 4) return (target, abi.encodeCall(ITreasury.propose, (run)), TREASURER);
            if (which == 5) return (target, abi.encodeCall(ITreasury.pay, (run, 1)), TREASURER);
            if (which == 6) return (target, abi.encodeCall(ITreasury.object, (run, "no")), AUDITOR);
            if (which == 7) return (target, abi.encodeCall(ITreasury.withdrawObjection, (run)), AUDITOR);
            if (which == 8) return (target, abi.encodeCall(ExpiringPause.pause, ()), AUDITOR);
            return (target, abi.encodeCall(ITreasury.approve, (run, treasury.contentHash(run), "yes")), PRESIDENT);
        }
        IEnergyLedger ledger = ledgers[seed % CONFIGURATIONS];
        IRuleBook.RuleSet memory ruleSet;
        if (which == 16) return (address(receiptBook), abi.encodeCall(IReceiptBook.adjustYear, (0, 1, 0)), TREASURER);
        if (which == 17) return (address(treasury), abi.encodeCall(ITreasury.approveWriteOff, (0)), PRESIDENT);
        if (which == 10) return (address(ledger), abi.encodeCall(IEnergyLedger.proposeRoster, (0, "")), SECRETARY);
        if (which == 11) return (address(ledger), abi.encodeCall(IEnergyLedger.adoptRoster, (1, target)), PRESIDENT);
        if (which == 12) return (address(ledger), abi.encodeCall(ExpiringPause.unpause, ()), PRESIDENT);
        if (which == 13) return (address(ruleBook), abi.encodeCall(IRuleBook.propose, (ruleSet)), SECRETARY);
        if (which == 14) return (address(ruleBook), abi.encodeCall(IRuleBook.adopt, (1, bytes32(0))), PRESIDENT);
        return (address(community), abi.encodeCall(ICommunity.closeAccount, (1)), SECRETARY);
    }
}
