// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {CreditToken} from "./CreditToken.sol";
import {ExpiringPause} from "./ExpiringPause.sol";
import {Receipts} from "./Receipts.sol";
import {Runs} from "./Runs.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Quads} from "./libraries/Quads.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// See ITreasury. The contract Receipts takes in, Runs divides, and here two persons decide and members are paid.
contract Treasury is Runs, ExpiringPause {
    ICreditToken public immutable token;
    /// Seconds between approval and payout, in which the auditor can object.
    uint48 public immutable objectionSeconds;

    /// @inheritdoc ITreasury
    uint256 public paid;

    constructor(address authority, ICommunity community_, IRuleBook ruleBook_, uint48 objectionSeconds_)
        AccessManaged(authority)
        Receipts(community_)
        Runs(ruleBook_)
    {
        objectionSeconds = objectionSeconds_;
        token = new CreditToken(address(this));
    }

    /// @inheritdoc ITreasury
    function propose(uint32 number) external restricted {
        Run storage live = _runs[number];
        _checkPhase(number, live.phase, Phase.Apportioned);
        live.phase = Phase.Proposed;
        live.proposer = msg.sender;
        emit RunProposed(number, contentHash(number), live.totalOwed, live.provisional, msg.sender);
    }

    /// @inheritdoc ITreasury
    function approve(uint32 number, bytes32 content, string calldata overrideReason) external restricted {
        Run storage live = _runs[number];
        _checkPhase(number, live.phase, Phase.Proposed);
        if (content != contentHash(number)) revert ContentDiffers(contentHash(number), content);
        if (msg.sender == live.proposer) revert SamePerson(msg.sender);
        if (live.provisional && bytes(overrideReason).length == 0) revert OverrideReasonMissing(number);

        int256 unspent = received - int256(paid);
        live.payable_ = unspent <= 0 ? 0 : uint64(_lesser(uint256(unspent), live.totalOwed));
        live.phase = Phase.Approved;
        live.approver = msg.sender;
        live.payableFrom = uint48(block.timestamp) + objectionSeconds;
        emit RunApproved(number, content, live.payable_, live.payableFrom, overrideReason, msg.sender);
    }

    /// @inheritdoc ITreasury
    function object(uint32 number, string calldata reason) external restricted {
        Run storage live = _runs[number];
        if (live.phase != Phase.Proposed) _checkPhase(number, live.phase, Phase.Approved);
        if (live.objected) revert Objected(number);
        if (_isPayoutBegun(live)) revert PayoutBegun(number);
        if (bytes(reason).length == 0) revert ReasonMissing();
        live.objected = true;
        emit RunObjected(number, reason, msg.sender);
    }

    /// @inheritdoc ITreasury
    function withdrawObjection(uint32 number) external restricted {
        if (!_runs[number].objected) revert NotObjected(number);
        _runs[number].objected = false;
        emit ObjectionWithdrawn(number, msg.sender);
    }

    /// @inheritdoc ITreasury
    function drop(uint32 number) external {
        Run storage live = _runs[number];
        if (!_hasRole(RoleIds.TREASURER) && !_hasRole(RoleIds.PRESIDENT)) revert NotTreasurerOrPresident(msg.sender);
        if (!_isLive(live.phase)) revert WrongPhase(number, live.phase, Phase.Proposed);
        if (_isPayoutBegun(live)) revert PayoutBegun(number);
        live.phase = Phase.Dropped;
        live.objected = false;
        emit RunDropped(number, msg.sender);
    }

    /// @inheritdoc ITreasury
    function pay(uint32 number, uint256 words) external restricted whenNotPaused {
        Run memory live = _inPhase(number, Phase.Approved);
        if (words == 0) revert ChunkEmpty();
        if (live.objected) revert Objected(number);
        if (block.timestamp < live.payableFrom) revert NotYetPayable(live.payableFrom);
        uint256 lastWord = Quads.words(live.accounts);
        uint256 end = live.word + _lesser(words, lastWord - live.word);

        _settleWords(live, end);
        uint256 first = live.word * Quads.PER_WORD + 1;
        uint256 last = _lesser(end * Quads.PER_WORD, live.accounts);
        address[] memory payees = new address[](last - first + 1);
        uint256[] memory amounts = new uint256[](payees.length);
        for (uint256 i = 0; i < payees.length; ++i) {
            uint24 account = uint24(first + i);
            payees[i] = community.payeeOf(account);
            amounts[i] = _payAccount(number, live, account);
        }
        live.word = uint32(end);
        if (end == lastWord) {
            live.phase = Phase.Paid;
            emit RunPaid(number, paid);
        }
        _runs[number] = live;
        token.pay(payees, amounts);
    }

    /// @inheritdoc ITreasury
    function contentHash(uint32 number) public view returns (bytes32) {
        Run memory r = _runs[number];
        return keccak256(
            abi.encode(number, r.attempt, r.fromMonth, r.toMonth, r.receiptsHash, r.totalOwed, r.provisional)
        );
    }

    /// What was pending becomes settled.
    function _settleWords(Run memory live, uint256 end) private {
        uint256 cells = _cellCount(live);
        for (uint256 c = 0; c < cells; ++c) {
            Cell memory cell = _cell(live, c);
            if (!cell.exists) continue;
            mapping(uint256 => uint256) storage settled = _settled[cell.configuration][cell.month];
            for (uint256 word = live.word; word < end; ++word) {
                settled[word] = _pending[c][word];
            }
        }
    }

    /// Books the account's difference and takes its payout, ⌊owed · payable / total owed⌋, out of what is owed.
    function _payAccount(uint32 number, Run memory live, uint24 account) private returns (uint256 amount) {
        Balance memory balance = _balances[account];
        int64 delta = balance.deltaAttempt == live.attempt ? balance.delta : int64(0);
        uint64 before = _positive(balance.owed);
        balance.owed += delta;
        balance.delta = 0;
        uint256 due = _positive(balance.owed);
        if (due != 0) amount = due * live.payable_ / live.totalOwed;
        balance.owed -= int64(uint64(amount));
        balance.paid += uint64(amount);
        _owedBefore = _owedBefore + _positive(balance.owed) - before;
        paid += amount;
        _balances[account] = balance;
        if (delta != 0 || amount != 0) emit Payout(number, account, delta, uint64(amount), balance.owed);
    }

    function _isPayoutBegun(Run storage live) private view returns (bool) {
        return live.phase == Phase.Approved && live.word != 0;
    }

    function _hasRole(uint64 role) private view returns (bool isMember) {
        (isMember,) = IAccessManager(authority()).hasRole(role, msg.sender);
    }
}
