// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {CreditToken} from "./CreditToken.sol";
import {ExpiringPause} from "./ExpiringPause.sol";
import {Runs} from "./Runs.sol";
import {Standings} from "./Standings.sol";
import {WriteOffs} from "./WriteOffs.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Deltas} from "./libraries/Deltas.sol";
import {Quads} from "./libraries/Quads.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// See ITreasury. The contract Runs divides, WriteOffs forgives, and here two persons decide and members are paid.
contract Treasury is Runs, WriteOffs, ExpiringPause {
    using Quads for uint256;

    /// What one call of `pay` comes to.
    struct Payment {
        ICommunity.Account[] accounts;
        /// By account.
        uint256[] amounts;
        /// Less is not paid, except to closed accounts.
        uint64 minimum;
        uint256 total;
        /// Σ owed over the accounts to which something is owed, of all accounts.
        uint64 owedAfter;
    }

    uint48 private constant MAX_OBJECTION_SECONDS = 365 days;

    ICreditToken public immutable token;
    /// Seconds between approval and payout, in which the auditor can object.
    uint48 public immutable objectionSeconds;

    /// @inheritdoc ITreasury
    uint256 public paid;

    constructor(
        address authority,
        ICommunity community_,
        IRuleBook ruleBook_,
        IReceiptBook receiptBook_,
        uint48 objectionSeconds_
    ) AccessManaged(authority) Standings(community_, ruleBook_, receiptBook_) {
        if (objectionSeconds_ > MAX_OBJECTION_SECONDS) {
            revert ObjectionTooLong(objectionSeconds_, MAX_OBJECTION_SECONDS);
        }
        objectionSeconds = objectionSeconds_;
        token = new CreditToken(authority, address(this), community_);
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

        int256 unspent = receiptBook.received() - int256(paid);
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
        uint256 end = _chunkEnd(live, words);
        if (live.objected) revert Objected(number);
        if (block.timestamp < live.payableFrom) revert NotYetPayable(live.payableFrom);

        uint256 first = live.word * Quads.PER_WORD;
        uint256 count = _lesser(end * Quads.PER_WORD, live.accounts) - first;
        Payment memory payment;
        payment.accounts = community.accountsFrom(uint24(first + 1), count);
        payment.amounts = new uint256[](count);
        payment.minimum = ruleBook.termsOf(live.toMonth).policy.minimumPayment;
        payment.owedAfter = _owedBefore;
        _settleWords(live, end);
        for (uint256 word = live.word; word < end; ++word) {
            _payWord(number, live, word, payment);
        }
        _owedBefore = payment.owedAfter;
        paid += payment.total;
        live.word = uint32(end);
        if (end == Quads.words(live.accounts)) {
            live.phase = Phase.Paid;
            emit RunPaid(number, paid);
        }
        _runs[number] = live;
        token.pay(_payees(payment.accounts), payment.amounts);
    }

    /// @inheritdoc ITreasury
    function contentHash(uint32 number) public view returns (bytes32) {
        Run memory r = _runs[number];
        return
            keccak256(
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

    /// Books the differences of the accounts of a word and takes their payouts, ⌊owed · payable / total owed⌋, out of what is
    /// owed.
    function _payWord(uint32 number, Run memory live, uint256 word, Payment memory payment) private {
        uint256 owed = _owed[word];
        uint256 paidTo = _paidTo[word];
        uint256 deltas = Deltas.during(_deltas[word], live.attempt);
        uint256 offset = (word - live.word) * Quads.PER_WORD;
        for (uint256 lane = 0; lane < Quads.PER_WORD && offset + lane < payment.amounts.length; ++lane) {
            int64 delta = Deltas.get(deltas, lane);
            int64 left = owed.get(lane) + delta;
            uint256 amount = _positive(left);
            if (amount != 0) amount = (amount * live.payable_) / live.totalOwed;
            bool waits = amount != 0 && _waits(payment.accounts[offset + lane], amount, payment.minimum);
            if (waits) amount = 0;
            left -= int64(uint64(amount));
            payment.owedAfter = payment.owedAfter + _positive(left) - _positive(owed.get(lane));
            payment.total += amount;
            payment.amounts[offset + lane] = amount;
            owed = owed.set(lane, left);
            paidTo = paidTo.set(lane, paidTo.get(lane) + int64(uint64(amount)));
            if (delta != 0 || amount != 0 || waits) {
                uint24 account = uint24(word * Quads.PER_WORD + lane + 1);
                emit Payout(number, account, delta, uint64(amount), left);
            }
        }
        _owed[word] = owed;
        _paidTo[word] = paidTo;
    }

    function _waits(ICommunity.Account memory account, uint256 amount, uint64 minimum) private pure returns (bool) {
        if (account.kind == ICommunity.AccountKind.Reserve) return true;
        return amount < minimum && !account.closed;
    }

    function _payees(ICommunity.Account[] memory accounts) private pure returns (address[] memory payees) {
        payees = new address[](accounts.length);
        for (uint256 i = 0; i < accounts.length; ++i) {
            payees[i] = accounts[i].payee;
        }
    }

    function _isPayoutBegun(Run storage live) private view returns (bool) {
        return live.phase == Phase.Approved && live.word != 0;
    }

    function _hasRole(uint64 role) private view returns (bool isMember) {
        (isMember, ) = IAccessManager(authority()).hasRole(role, msg.sender);
    }
}
