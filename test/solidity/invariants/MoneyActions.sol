// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ExpiringPause} from "../../../contracts/ExpiringPause.sol";
import {IReceiptBook} from "../../../contracts/interfaces/IReceiptBook.sol";
import {ITreasury} from "../../../contracts/interfaces/ITreasury.sol";
import {Calendar} from "../../../contracts/libraries/Calendar.sol";
import {RuleActions} from "./RuleActions.sol";

/// The treasurer books receipts and runs, the president approves, the auditor objects and pauses.
abstract contract MoneyActions is RuleActions {
    int256 public booked;
    /// What funds took over of each account, and each fund of others as a negative amount.
    mapping(uint24 account => int256) public writtenOff;
    mapping(uint256 configuration => mapping(uint16 month => int256)) public bookedIn;
    IReceiptBook.Receipt private _lastReceipt;
    mapping(uint256 configuration => bool) public isAdjusted;

    /// Pools as they were when the live run's attempt began, and those of the newest settled run of each month.
    mapping(uint256 configuration => mapping(uint16 month => int256)) public divided;
    mapping(uint256 configuration => mapping(uint16 month => int256)) public settledPool;
    /// The last attempt of which `divided` was noted.
    uint32 private _notedAttempt;

    /// What had been received and paid when the newest run was approved, and paid when it was opened.
    int256 public receivedAtApproval;
    uint256 public paidAtApproval;

    /// Up to ten thousand euro, now and then millions; a fourth is taken back.
    function book(uint256 seed) external action {
        uint16 c = uint16(seed % CONFIGURATIONS);
        uint16 first = FIRST_MONTH + c;
        uint16 month = first + uint16(_random(seed, "month", monthOf(c) - first + 2));
        int64 gross = int64(uint64(_random(seed, "gross", 1_000_000))) * 10_000;
        if (_random(seed, "large", 8) == 0) gross *= 1000;
        if (_random(seed, "claw", 4) == 0) gross = -gross;
        _book(c, month, gross, seed);
    }

    function bookTwice() external action {
        if (_lastReceipt.kind == IReceiptBook.ReceiptKind.None) return;
        bytes memory data = abi.encodeCall(IReceiptBook.bookReceipt, (_lastReceipt));
        _as(TREASURER, address(receiptBook), data, IReceiptBook.ReceiptRepeated.selector);
    }

    /// The first year's adjustment, once that year is recorded, and only once.
    function adjustYear(uint256 seed) external action {
        uint16 c = uint16(seed % CONFIGURATIONS);
        uint16 year = FIRST_MONTH / 12;
        bytes4 expected;
        if (monthOf(c) < (year + 1) * 12) expected = IReceiptBook.YearOpen.selector;
        else if (isAdjusted[c]) expected = IReceiptBook.YearAlreadyAdjusted.selector;
        bytes memory data = abi.encodeCall(IReceiptBook.adjustYear, (c, year, bytes32(seed)));
        if (_as(TREASURER, address(receiptBook), data, expected)) isAdjusted[c] = true;
    }

    /// A fund takes over what an account owes, or a part of it.
    function writeOff(uint256 seed) external action {
        uint24 account = 1 + uint24(_random(seed, "debtor", community.accountCount()));
        int64 owed = treasury.balanceOf(account).owed;
        uint64 amount = owed < 0 ? uint64(-owed) / uint64(1 + _random(seed, "part", 2)) : 1;
        if (seed % 7 == 0) ++amount;
        ITreasury.WriteOff memory debt = ITreasury.WriteOff(account, SOCIAL_FUND, amount, "gone");
        bytes4 expected;
        if (owed >= 0 || amount > uint64(-owed) || amount == 0) expected = ITreasury.WriteOffBeyondDebt.selector;
        if (!_as(TREASURER, address(treasury), abi.encodeCall(ITreasury.proposeWriteOff, (debt)), expected)) return;
        (, ITreasury.Run memory run) = _live();
        if (_isLive(run.phase)) expected = ITreasury.RunLive.selector;
        bytes memory data = abi.encodeCall(ITreasury.approveWriteOff, (keccak256(abi.encode(debt))));
        if (!_as(PRESIDENT, address(treasury), data, expected)) return;
        writtenOff[account] += int64(amount);
        writtenOff[SOCIAL_FUND] -= int64(amount);
    }

    function openRun(uint256 seed) external action {
        _open(seed);
    }

    function weighOrApportion(uint256 seed, uint8 words) external action {
        _compute(seed, words % 4);
    }

    function proposeRun() external action {
        _propose();
    }

    function approveRun(uint256 seed) external action {
        _approve(seed);
    }

    function pay(uint8 words) external action {
        _pay(words % 4);
    }

    function object(uint256 seed) external action {
        (uint32 number, ITreasury.Run memory run) = _live();
        bool open = run.phase == ITreasury.Phase.Proposed || run.phase == ITreasury.Phase.Approved;
        string memory reason = seed % 5 == 0 ? "" : "why?";
        bytes4 expected;
        if (!open) expected = ITreasury.WrongPhase.selector;
        else if (run.objected) expected = ITreasury.Objected.selector;
        else if (run.phase == ITreasury.Phase.Approved && run.word != 0) expected = ITreasury.PayoutBegun.selector;
        else if (seed % 5 == 0) expected = ITreasury.ReasonMissing.selector;
        _as(AUDITOR, address(treasury), abi.encodeCall(ITreasury.object, (number, reason)), expected);
    }

    function withdrawObjection() external action {
        _withdrawObjection();
    }

    function drop(uint256 seed) external action {
        // One in four, or hardly a run would come to its end.
        if (seed % 4 != 0) return;
        (uint32 number, ITreasury.Run memory run) = _live();
        bytes4 expected;
        if (!_isLive(run.phase)) expected = ITreasury.WrongPhase.selector;
        else if (run.phase == ITreasury.Phase.Approved && run.word != 0) expected = ITreasury.PayoutBegun.selector;
        address by = seed % 8 == 0 ? TREASURER : PRESIDENT;
        _as(by, address(treasury), abi.encodeCall(ITreasury.drop, (number)), expected);
    }

    /// Everybody does the next thing that brings a run nearer to its end, up to a random point.
    function advance(uint256 seed) external action {
        uint256 steps = seed % 2 == 0 ? 100 : 1 + _random(seed, "steps", 40);
        for (uint256 i = 0; i < steps; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            (, ITreasury.Run memory run) = _live();
            if (!_isLive(run.phase)) {
                if (i != 0) return;
                _open(seed);
                (, run) = _live();
                if (!_isLive(run.phase)) return;
            } else if (run.phase == ITreasury.Phase.Weigh || run.phase == ITreasury.Phase.Apportion) {
                _compute(seed, 1 + (seed % 5));
            } else if (run.phase == ITreasury.Phase.Apportioned) {
                _propose();
            } else if (run.objected) {
                _withdrawObjection();
            } else if (run.phase == ITreasury.Phase.Proposed) {
                _approve(seed | 7);
            } else {
                if (_random(seed, "wait", 4) != 0) _passTimeTo(run.payableFrom);
                if (_isPaused(address(treasury))) _passTimeTo(ExpiringPause(address(treasury)).pausedUntil());
                _pay(1 + (seed % 4));
            }
        }
    }

    function pause(uint256 seed) external action {
        if (seed % 3 != 0) return;
        ExpiringPause target = ExpiringPause(_pausable(seed));
        uint256 until = target.pausedUntil();
        bool tooSoon = until != 0 && clock < until + target.PAUSE_REST_SECONDS();
        bytes4 expected = tooSoon ? ExpiringPause.PauseTooSoon.selector : bytes4(0);
        _as(AUDITOR, address(target), abi.encodeCall(ExpiringPause.pause, ()), expected);
    }

    function unpause(uint256 seed) external action {
        address target = _pausable(seed);
        bytes4 expected = _isPaused(target) ? bytes4(0) : ExpiringPause.NotPaused.selector;
        _as(PRESIDENT, target, abi.encodeCall(ExpiringPause.unpause, ()), expected);
    }

    function wait(uint24 time) external action {
        _passTimeTo(clock + (time % 5 days));
    }

    function _pausable(uint256 seed) internal view returns (address) {
        uint256 which = _random(seed, "target", 3);
        return which < CONFIGURATIONS ? address(ledgers[which]) : address(treasury);
    }

    function _live() internal view returns (uint32 number, ITreasury.Run memory run) {
        number = treasury.runCount();
        run = treasury.run(number);
    }

    function _isLive(ITreasury.Phase phase) internal pure returns (bool) {
        return phase != ITreasury.Phase.None && phase < ITreasury.Phase.Paid;
    }

    /// The first two months are recorded and paid for, so that runs can begin.
    function _setUpMoney() internal {
        for (uint256 i = 0; i < 3; ++i) {
            _recordSome(_behind(), i, 31);
        }
        _book(0, FIRST_MONTH, 1234_560_000, 1);
        _book(0, FIRST_MONTH + 1, 99_990_000, 2);
        _book(1, FIRST_MONTH + 1, 777_770_000, 3);
    }

    function _book(uint16 c, uint16 month, int64 gross, uint256 seed) private {
        int64 fee = int64(uint64(_random(seed, "fee", 5000))) * 10_000;
        IReceiptBook.ReceiptKind kind = IReceiptBook.ReceiptKind(1 + _random(seed, "kind", 5));
        if (_random(seed, "premium", 2) == 0) kind = IReceiptBook.ReceiptKind.Premium;
        uint24 account;
        if (kind == IReceiptBook.ReceiptKind.EnergySale) account = 1 + uint24(_random(seed, "owner", 4));
        if (kind == IReceiptBook.ReceiptKind.Reserve) account = SOCIAL_FUND;
        bytes32 document = keccak256(abi.encode("document", receiptBook.receiptCount()));
        IReceiptBook.Receipt memory receipt = IReceiptBook.Receipt(
            c,
            month,
            kind,
            account,
            gross,
            fee,
            (fee / 50_000) * 10_000,
            0,
            document
        );
        receipt.net = receipt.gross - receipt.fee - receipt.vat;
        bool hasBegun = uint256(Calendar.startOf(month)) * 1 hours <= block.timestamp;
        bytes4 expected = hasBegun ? bytes4(0) : IReceiptBook.MonthNotBegun.selector;
        bytes memory data = abi.encodeCall(IReceiptBook.bookReceipt, (receipt));
        if (!_as(TREASURER, address(receiptBook), data, expected)) return;
        _lastReceipt = receipt;
        booked += receipt.net;
        bookedIn[receipt.configuration][receipt.month] += receipt.net;
    }

    function _open(uint256 seed) private {
        (, ITreasury.Run memory run) = _live();
        uint16 behind = monthOf(_behind());
        uint16 from = FIRST_MONTH + uint16(_random(seed, "from", behind - FIRST_MONTH + 1));
        uint16 to = from + uint16(_random(seed, "to", behind > from ? behind - from : 1));
        bytes4 expected;
        if (_isLive(run.phase)) expected = ITreasury.RunLive.selector;
        else if (to >= behind) expected = ITreasury.MonthOpen.selector;
        _as(TREASURER, address(treasury), abi.encodeCall(ITreasury.open, (from, to)), expected);
    }

    /// @param words 0 stands for an empty chunk, which is refused
    function _compute(uint256 seed, uint256 words) private {
        (uint32 number, ITreasury.Run memory run) = _live();
        bool weighs = run.phase == ITreasury.Phase.Weigh || (run.phase != ITreasury.Phase.Apportion && seed % 2 == 0);
        bytes4 expected;
        if (run.phase != (weighs ? ITreasury.Phase.Weigh : ITreasury.Phase.Apportion)) {
            expected = ITreasury.WrongPhase.selector;
        } else if (words == 0) {
            expected = ITreasury.ChunkEmpty.selector;
        }
        if (words == 3) words = type(uint256).max;
        bytes memory data =
            weighs
                ? abi.encodeCall(ITreasury.weigh, (number, words))
                : abi.encodeCall(ITreasury.apportion, (number, words));
        _as(TREASURER, address(treasury), data, expected);
        (, run) = _live();
        if (run.phase != ITreasury.Phase.Apportioned || run.attempt == _notedAttempt) return;
        _notedAttempt = run.attempt;
        for (uint16 c = 0; c < run.configurations; ++c) {
            for (uint16 month = run.fromMonth; month <= run.toMonth; ++month) {
                divided[c][month] = bookedIn[c][month];
            }
        }
    }

    function _propose() private {
        (uint32 number, ITreasury.Run memory run) = _live();
        bytes4 expected = run.phase == ITreasury.Phase.Apportioned ? bytes4(0) : ITreasury.WrongPhase.selector;
        _as(TREASURER, address(treasury), abi.encodeCall(ITreasury.propose, (number)), expected);
    }

    function _approve(uint256 seed) private {
        (uint32 number, ITreasury.Run memory run) = _live();
        bytes32 content = treasury.contentHash(number);
        string memory reason = seed % 4 == 0 ? "" : "an estimate will do";
        bytes4 expected;
        if (seed % 5 == 0) content = keccak256(abi.encode(content));
        if (run.phase != ITreasury.Phase.Proposed) expected = ITreasury.WrongPhase.selector;
        else if (seed % 5 == 0) expected = ITreasury.ContentDiffers.selector;
        else if (run.provisional && seed % 4 == 0) expected = ITreasury.OverrideReasonMissing.selector;
        bytes memory data = abi.encodeCall(ITreasury.approve, (number, content, reason));
        if (!_as(PRESIDENT, address(treasury), data, expected)) return;
        receivedAtApproval = receiptBook.received();
        paidAtApproval = treasury.paid();
    }

    function _withdrawObjection() private {
        (uint32 number, ITreasury.Run memory run) = _live();
        bytes4 expected = run.objected ? bytes4(0) : ITreasury.NotObjected.selector;
        _as(AUDITOR, address(treasury), abi.encodeCall(ITreasury.withdrawObjection, (number)), expected);
    }

    function _pay(uint256 words) private {
        (uint32 number, ITreasury.Run memory run) = _live();
        bytes4 expected;
        if (_isPaused(address(treasury))) expected = ExpiringPause.IsPaused.selector;
        else if (run.phase != ITreasury.Phase.Approved) expected = ITreasury.WrongPhase.selector;
        else if (words == 0) expected = ITreasury.ChunkEmpty.selector;
        else if (run.objected) expected = ITreasury.Objected.selector;
        else if (clock < run.payableFrom) expected = ITreasury.NotYetPayable.selector;
        if (words == 3) words = type(uint256).max;
        _as(TREASURER, address(treasury), abi.encodeCall(ITreasury.pay, (number, words)), expected);
        (, run) = _live();
        if (expected != 0 || run.phase != ITreasury.Phase.Paid) return;
        for (uint16 c = 0; c < run.configurations; ++c) {
            for (uint16 month = run.fromMonth; month <= run.toMonth; ++month) {
                settledPool[c][month] = divided[c][month];
            }
        }
    }
}
