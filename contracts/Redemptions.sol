// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {ExpiringPause} from "./ExpiringPause.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";
import {IRedemptions} from "./interfaces/IRedemptions.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// See IRedemptions.
contract Redemptions is IRedemptions, ExpiringPause {
    struct Proposal {
        bytes32 idsHash;
        address proposer;
    }

    uint64 private constant MICRO_PER_CENT = 10_000;
    /// The most that one SEPA credit transfer takes: 999,999,999.99 €.
    uint64 private constant MAX_AMOUNT = 999_999_999_990_000;

    ICommunity public immutable community;
    ICreditToken public immutable token;

    /// @inheritdoc IRedemptions
    uint32 public fileCount;
    /// @inheritdoc IRedemptions
    uint32 public outcomesCount;
    /// @inheritdoc IRedemptions
    uint256 public redeemed;
    /// @inheritdoc IRedemptions
    uint256 public reversed;
    mapping(uint32 number => File) private _files;
    mapping(bytes32 id => Payment) private _payments;
    mapping(uint24 account => Sums) private _sums;
    mapping(uint32 number => Proposal) private _proposals;

    constructor(address authority, ICommunity community_, ICreditToken token_) AccessManaged(authority) {
        community = community_;
        token = token_;
    }

    /// @inheritdoc IRedemptions
    function open(
        bytes32 documentHash,
        uint32 count,
        uint64 total
    ) external restricted whenNotPaused returns (uint32 number) {
        if (count == 0) revert FileEmpty();
        number = ++fileCount;
        File storage opened = _files[number];
        opened.state = FileState.Open;
        opened.proposer = msg.sender;
        (opened.count, opened.total, opened.documentHash) = (count, total, documentHash);
        emit FileOpened(number, documentHash, count, total, msg.sender);
    }

    /// @inheritdoc IRedemptions
    function add(uint32 number, Transfer[] calldata transfers) external restricted whenNotPaused {
        File memory adding = _inState(number, FileState.Open);
        uint256 left = adding.count - adding.added;
        if (transfers.length == 0) revert PaymentsMissing();
        if (transfers.length > left) revert TooManyPayments(number, transfers.length, left);

        address[] memory holders = new address[](transfers.length);
        uint256[] memory amounts = new uint256[](transfers.length);
        for (uint256 i = 0; i < transfers.length; ++i) {
            Transfer calldata transfer = transfers[i];
            _checkTransfer(transfer);
            (holders[i], amounts[i]) = (community.payeeOf(transfer.account), transfer.amount);
            _payments[transfer.id] = Payment(number, transfer.account, transfer.amount, PaymentState.Escrowed);
            _sums[transfer.account].inEscrow += transfer.amount;
            adding.addedTotal += transfer.amount;
            adding.paymentsHash = keccak256(
                abi.encode(adding.paymentsHash, transfer.account, transfer.amount, transfer.id)
            );
            emit PaymentProposed(number, transfer.account, transfer.amount, transfer.id);
        }
        adding.added += uint32(transfers.length);
        adding.inEscrow += uint32(transfers.length);
        bool complete = adding.added == adding.count;
        if (complete && adding.addedTotal != adding.total) revert TotalDiffers(adding.total, adding.addedTotal);
        if (complete) adding.state = FileState.Proposed;
        _files[number] = adding;
        if (complete) emit FileProposed(number, contentHash(number), adding.proposer);
        token.escrow(holders, amounts);
    }

    /// @inheritdoc IRedemptions
    function approve(uint32 number, bytes32 content) external restricted whenNotPaused {
        File memory proposed = _inState(number, FileState.Proposed);
        if (content != contentHash(number)) revert ContentDiffers(contentHash(number), content);
        if (msg.sender == proposed.proposer) revert SamePerson(msg.sender);
        if (proposed.objected) revert Objected(number);
        _files[number].state = FileState.Approved;
        emit FileApproved(number, content, msg.sender);
    }

    /// @inheritdoc IRedemptions
    function object(uint32 number, string calldata reason) external restricted {
        File storage file_ = _files[number];
        if (file_.state == FileState.None || file_.state == FileState.Dropped) {
            revert FileInOtherState(number, file_.state);
        }
        if (file_.objected) revert Objected(number);
        if (bytes(reason).length == 0) revert ReasonMissing();
        file_.objected = true;
        emit FileObjected(number, reason, msg.sender);
    }

    /// @inheritdoc IRedemptions
    function withdrawObjection(uint32 number) external restricted {
        if (!_files[number].objected) revert NotObjected(number);
        _files[number].objected = false;
        emit FileObjectionWithdrawn(number, msg.sender);
    }

    /// @inheritdoc IRedemptions
    function drop(uint32 number, bytes32[] calldata ids) external {
        if (!_hasRole(RoleIds.TREASURER) && !_hasRole(RoleIds.PRESIDENT)) revert NotTreasurerOrPresident(msg.sender);
        File storage dropping = _files[number];
        if (dropping.state == FileState.None || dropping.state == FileState.Approved) {
            revert FileInOtherState(number, dropping.state);
        }
        if (dropping.state != FileState.Dropped) {
            dropping.state = FileState.Dropped;
            dropping.objected = false;
            emit FileDropped(number, msg.sender);
        }
        address[] memory holders = new address[](ids.length);
        uint256[] memory amounts = new uint256[](ids.length);
        for (uint256 i = 0; i < ids.length; ++i) {
            Payment storage given = _payments[ids[i]];
            if (given.file != number) revert PaymentOfAnotherFile(ids[i], given.file);
            if (given.state != PaymentState.Escrowed) revert PaymentInOtherState(ids[i], given.state);
            (holders[i], amounts[i]) = _giveBack(ids[i], PaymentState.Dropped);
        }
        token.release(holders, amounts);
    }

    /// @inheritdoc IRedemptions
    function proposeOutcomes(Outcome outcome, bytes32[] calldata ids) external restricted returns (uint32 number) {
        if (ids.length == 0) revert PaymentsMissing();
        for (uint256 i = 0; i < ids.length; ++i) {
            _checkOutcome(outcome, ids[i]);
        }
        number = ++outcomesCount;
        _proposals[number] = Proposal(keccak256(abi.encode(outcome, ids)), msg.sender);
        emit OutcomesProposed(number, outcome, ids, msg.sender);
    }

    /// @inheritdoc IRedemptions
    function approveOutcomes(uint32 number, Outcome outcome, bytes32[] calldata ids) external restricted whenNotPaused {
        Proposal memory proposed = _proposals[number];
        if (proposed.idsHash != keccak256(abi.encode(outcome, ids))) revert OutcomesUnknown(number);
        if (msg.sender == proposed.proposer) revert SamePerson(msg.sender);
        delete _proposals[number];
        emit OutcomesApproved(number, msg.sender);
        if (outcome == Outcome.Executed) _bookExecuted(ids);
        else _bookReturned(ids);
    }

    /// @inheritdoc IRedemptions
    function file(uint32 number) external view returns (File memory) {
        return _files[number];
    }

    /// @inheritdoc IRedemptions
    function payment(bytes32 id) external view returns (Payment memory) {
        return _payments[id];
    }

    /// @inheritdoc IRedemptions
    function sumsOf(uint24 account) external view returns (Sums memory) {
        return _sums[account];
    }

    /// @inheritdoc IRedemptions
    function contentHash(uint32 number) public view returns (bytes32) {
        File memory f = _files[number];
        return keccak256(abi.encode(number, f.documentHash, f.paymentsHash, f.added, f.addedTotal));
    }

    function _bookExecuted(bytes32[] calldata ids) private {
        uint256 burnt;
        for (uint256 i = 0; i < ids.length; ++i) {
            _checkOutcome(Outcome.Executed, ids[i]);
            Payment memory executed = _settle(ids[i], PaymentState.Executed);
            _takeFromEscrow(executed);
            _sums[executed.account].redeemed += executed.amount;
            burnt += executed.amount;
        }
        redeemed += burnt;
        token.burn(burnt);
    }

    /// Those still in escrow are given back, those already burnt credited anew.
    function _bookReturned(bytes32[] calldata ids) private {
        address[] memory holders = new address[](ids.length);
        uint256[] memory released = new uint256[](ids.length);
        uint256[] memory restored = new uint256[](ids.length);
        uint256 credited;
        for (uint256 i = 0; i < ids.length; ++i) {
            _checkOutcome(Outcome.Returned, ids[i]);
            if (_payments[ids[i]].state == PaymentState.Escrowed) {
                (holders[i], released[i]) = _giveBack(ids[i], PaymentState.Refused);
                continue;
            }
            Payment memory returned = _settle(ids[i], PaymentState.Reversed);
            _sums[returned.account].reversed += returned.amount;
            (holders[i], restored[i]) = (community.payeeOf(returned.account), returned.amount);
            credited += returned.amount;
        }
        reversed += credited;
        token.release(holders, released);
        token.restore(holders, restored);
    }

    function _giveBack(bytes32 id, PaymentState state) private returns (address holder, uint256 amount) {
        Payment memory given = _settle(id, state);
        _takeFromEscrow(given);
        return (community.payeeOf(given.account), given.amount);
    }

    function _takeFromEscrow(Payment memory given) private {
        _sums[given.account].inEscrow -= given.amount;
        --_files[given.file].inEscrow;
    }

    function _settle(bytes32 id, PaymentState state) private returns (Payment memory given) {
        _payments[id].state = state;
        given = _payments[id];
        emit PaymentSettled(given.file, given.account, given.amount, id, state);
    }

    function _checkTransfer(Transfer calldata transfer) private view {
        if (transfer.amount == 0 || transfer.amount > MAX_AMOUNT || transfer.amount % MICRO_PER_CENT != 0) {
            revert AmountInvalid(transfer.amount);
        }
        if (transfer.id == 0) revert IdMissing();
        if (_payments[transfer.id].state != PaymentState.None) revert IdUsed(transfer.id);
    }

    function _checkOutcome(Outcome outcome, bytes32 id) private view {
        Payment memory given = _payments[id];
        bool isOpen = given.state == PaymentState.Escrowed;
        bool isReversible = outcome == Outcome.Returned && given.state == PaymentState.Executed;
        if (!isOpen && !isReversible) revert PaymentInOtherState(id, given.state);
        File storage holding = _files[given.file];
        if (holding.state != FileState.Approved) revert FileInOtherState(given.file, holding.state);
        if (holding.objected) revert Objected(given.file);
    }

    function _inState(uint32 number, FileState expected) private view returns (File memory found) {
        found = _files[number];
        if (found.state != expected) revert FileInOtherState(number, found.state);
    }

    function _hasRole(uint64 role) private view returns (bool isMember) {
        (isMember, ) = IAccessManager(authority()).hasRole(role, msg.sender);
    }
}
