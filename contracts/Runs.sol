// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Receipts} from "./Receipts.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Deltas} from "./libraries/Deltas.sol";
import {AccountRange, Keys} from "./libraries/Keys.sol";
import {Quads} from "./libraries/Quads.sol";
import {Pool, Shares} from "./libraries/Shares.sol";

/// How a run comes to its amounts: the part of the treasury that divides. Nothing it writes counts before it is paid.
abstract contract Runs is ITreasury, Receipts {
    using Quads for uint256;
    using SafeCast for int256;

    /// Configurations × months of one run, so that booking one word of accounts stays far below the transaction cap.
    uint256 public constant MAX_CELLS = 256;

    IRuleBook public immutable ruleBook;

    /// @inheritdoc ITreasury
    uint32 public runCount;
    uint32 private _attempts;
    /// Σ owed over the accounts to which something is owed.
    uint64 internal _owedBefore;
    /// Σ entitlements apportioned so far in the live run's current cell.
    int256 private _apportioned;

    mapping(uint32 run => Run) internal _runs;
    /// Standings of four accounts to a word: owed, paid so far, and what the live run would add.
    mapping(uint256 word => uint256) internal _owed;
    mapping(uint256 word => uint256) internal _paidTo;
    mapping(uint256 word => uint256) internal _deltas;
    mapping(uint16 configuration => mapping(uint16 month => mapping(uint256 word => uint256))) internal _settled;
    /// The live run's results by cell; the slots serve run after run.
    mapping(uint256 cell => mapping(uint256 rule => uint256)) private _totals;
    mapping(uint256 cell => mapping(uint256 word => uint256)) internal _pending;

    /// A cell of a run: one month of one configuration.
    struct Cell {
        uint256 number;
        uint16 configuration;
        uint16 month;
        IEnergyLedger ledger;
        /// Whether the configuration existed in that month.
        bool exists;
    }

    /// What one call of `weigh` or `apportion` goes through.
    struct Chunk {
        Cell cell;
        AccountRange accounts;
        /// The word after its last.
        uint256 end;
        bool endsCell;
    }

    constructor(IRuleBook ruleBook_) {
        ruleBook = ruleBook_;
    }

    /// @inheritdoc ITreasury
    function open(uint16 fromMonth, uint16 toMonth) external restricted returns (uint32 number) {
        if (_isLive(_runs[runCount].phase)) revert RunLive(runCount);
        if (fromMonth > toMonth) revert MonthsReversed(fromMonth, toMonth);
        uint16 configurations = community.configurationCount();
        uint256 cells = (uint256(toMonth) - fromMonth + 1) * configurations;
        if (cells > MAX_CELLS) revert TooManyMonths(cells, MAX_CELLS);
        uint24 accounts = community.accountCount();
        if (accounts == 0) revert NoAccounts();
        for (uint16 c = 0; c < configurations; ++c) {
            // Hours are contiguous: if the last month is closed, so are those before it.
            if (!community.ledgerOf(c).isClosed(toMonth)) revert MonthOpen(c, toMonth);
        }

        // A first rule set may reach back; once there is one, those of closed months are fixed.
        ruleBook.ruleSetOf(fromMonth);

        number = ++runCount;
        Run storage opened = _runs[number];
        opened.fromMonth = fromMonth;
        opened.toMonth = toMonth;
        opened.accounts = accounts;
        opened.configurations = configurations;
        _begin(opened);
        emit RunOpened(number, opened.attempt, fromMonth, toMonth, msg.sender);
    }

    /// @inheritdoc ITreasury
    function weigh(uint32 number, uint256 words) external restricted {
        Run memory live = _inPhase(number, Phase.Weigh);
        Chunk memory chunk = _chunk(live, words);
        if (chunk.cell.exists) {
            _weighWords(live, chunk);
            if (chunk.endsCell) _emitWeighed(number, live, chunk.cell);
        }
        if (_moveOn(live, chunk)) live.phase = Phase.Apportion;
        _runs[number] = live;
    }

    /// @inheritdoc ITreasury
    function apportion(uint32 number, uint256 words) external restricted {
        Run memory live = _inPhase(number, Phase.Apportion);
        Chunk memory chunk = _chunk(live, words);
        if (chunk.cell.exists) {
            Pool memory pool = _pool(chunk.cell);
            _apportionWords(number, live, chunk, pool);
            if (chunk.endsCell) _apportionDust(number, live, chunk.cell, pool);
        }
        if (_moveOn(live, chunk)) {
            live.phase = Phase.Apportioned;
            live.receiptsHash = _receiptsHash;
        }
        _runs[number] = live;
    }

    /// @inheritdoc ITreasury
    function run(uint32 number) external view returns (Run memory) {
        return _runs[number];
    }

    /// @inheritdoc ITreasury
    function balanceOf(uint24 account) external view returns (Balance memory) {
        if (account == 0) return Balance(0, 0, 0, 0);
        (uint256 word, uint256 lane) = _place(account);
        uint256 deltas = _deltas[word];
        return
            Balance({
                owed: _owed[word].get(lane),
                delta: Deltas.get(deltas, lane),
                deltaAttempt: Deltas.attemptOf(deltas),
                paid: uint64(_paidTo[word].get(lane))
            });
    }

    /// @inheritdoc ITreasury
    function settledOf(uint16 configuration, uint16 month, uint24 account) external view returns (int64) {
        if (account == 0) return 0;
        (uint256 word, uint256 lane) = _place(account);
        return _settled[configuration][month][word].get(lane);
    }

    /// A receipt of a covered month makes a half-computed run begin anew; a computed one stands.
    function _poolChanged(uint16 configuration, uint16 month) internal override {
        Run storage live = _runs[runCount];
        bool computing = live.phase == Phase.Weigh || live.phase == Phase.Apportion;
        bool covered = month >= live.fromMonth && month <= live.toMonth && configuration < live.configurations;
        if (!computing || !covered) return;
        _begin(live);
        emit RunRestarted(runCount, live.attempt);
    }

    function _begin(Run storage live) private {
        live.phase = Phase.Weigh;
        live.attempt = ++_attempts;
        live.provisional = false;
        live.cell = 0;
        live.word = 0;
        live.totalOwed = _owedBefore;
        _apportioned = 0;
    }

    /// The words that one call goes through: those from the run's current one on, within the current cell.
    function _chunk(Run memory live, uint256 words) private view returns (Chunk memory chunk) {
        uint256 end = _chunkEnd(live, words);
        chunk.cell = _cell(live, live.cell);
        chunk.end = chunk.cell.exists ? end : Quads.words(live.accounts);
        chunk.endsCell = chunk.end == Quads.words(live.accounts);
        chunk.accounts.first = live.word * Quads.PER_WORD + 1;
        chunk.accounts.count = _lesser(chunk.end * Quads.PER_WORD, live.accounts) - chunk.accounts.first + 1;
    }

    /// Moves the run beyond the chunk. Says whether that was the end of its last cell, and then goes back to the first.
    function _moveOn(Run memory live, Chunk memory chunk) private pure returns (bool isLast) {
        live.word = chunk.endsCell ? 0 : uint32(chunk.end);
        if (chunk.endsCell) ++live.cell;
        isLast = live.cell == _cellCount(live);
        if (isLast) live.cell = 0;
    }

    function _weighWords(Run memory live, Chunk memory chunk) private {
        Cell memory cell = chunk.cell;
        (, IRuleBook.RuleSet memory ruleSet) = ruleBook.ruleSetOf(cell.month);
        uint256[][] memory keys = Keys.ofMonth(cell.ledger, cell.month, ruleSet.rules, chunk.accounts);
        for (uint256 r = 0; r < keys.length; ++r) {
            uint256 total = live.word == 0 ? 0 : _totals[cell.number][r];
            uint256[] memory ofRule = keys[r];
            for (uint256 i = 0; i < ofRule.length; ++i) {
                total += ofRule[i];
            }
            _totals[cell.number][r] = total;
        }
    }

    function _emitWeighed(uint32 number, Run memory live, Cell memory cell) private {
        if (cell.ledger.isProvisional(cell.month)) live.provisional = true;
        (uint16 version, ) = ruleBook.ruleSetOf(cell.month);
        Pool memory pool = _pool(cell);
        emit Weighed(number, live.attempt, cell.configuration, cell.month, pool.amount, version, pool.totals);
    }

    function _pool(Cell memory cell) private view returns (Pool memory pool) {
        (, IRuleBook.RuleSet memory ruleSet) = ruleBook.ruleSetOf(cell.month);
        pool.amount = poolOf(cell.configuration, cell.month);
        pool.fallbackFund = ruleSet.fallbackFund;
        pool.rules = ruleSet.rules;
        pool.totals = new uint256[](ruleSet.rules.length);
        for (uint256 r = 0; r < pool.totals.length; ++r) {
            pool.totals[r] = _totals[cell.number][r];
        }
    }

    function _apportionWords(uint32 number, Run memory live, Chunk memory chunk, Pool memory pool) private {
        Cell memory cell = chunk.cell;
        uint256[][] memory keys = Keys.ofMonth(cell.ledger, cell.month, pool.rules, chunk.accounts);
        int64[] memory entitlements = Shares.ofAccounts(pool, keys, chunk.accounts);
        int256 sum;
        for (uint256 i = 0; i < entitlements.length; ++i) {
            sum += entitlements[i];
        }
        _apportioned += sum;
        for (uint256 word = live.word; word < chunk.end; ++word) {
            _setPending(live, cell, word, entitlements);
        }
        emit Apportioned(
            number,
            live.attempt,
            cell.configuration,
            cell.month,
            uint24(chunk.accounts.first),
            entitlements
        );
    }

    /// @param entitlements of the accounts from the run's current word on
    function _setPending(Run memory live, Cell memory cell, uint256 word, int64[] memory entitlements) private {
        uint256 packed;
        uint256 offset = (word - live.word) * Quads.PER_WORD;
        for (uint256 lane = 0; lane < Quads.PER_WORD && offset + lane < entitlements.length; ++lane) {
            packed = packed.set(lane, entitlements[offset + lane]);
        }
        _pending[cell.number][word] = packed;

        uint256 settled = _settled[cell.configuration][cell.month][word];
        if (packed == settled) return;
        uint256 deltas = Deltas.during(_deltas[word], live.attempt);
        uint256 owed = _owed[word];
        for (uint256 lane = 0; lane < Quads.PER_WORD; ++lane) {
            deltas = _addDelta(live, owed, deltas, lane, packed.get(lane) - settled.get(lane));
        }
        _deltas[word] = deltas;
    }

    /// What no rule could pay, and the dust, to the fallback fund: now the month's entitlements equal its pool.
    function _apportionDust(uint32 number, Run memory live, Cell memory cell, Pool memory pool) private {
        int64 dust = (pool.amount - _apportioned).toInt64();
        _apportioned = 0;
        (uint256 word, uint256 lane) = _place(pool.fallbackFund);
        uint256 packed = _pending[cell.number][word];
        _pending[cell.number][word] = packed.set(lane, packed.get(lane) + dust);
        _deltas[word] = _addDelta(live, _owed[word], Deltas.during(_deltas[word], live.attempt), lane, dust);
        emit DustApportioned(number, live.attempt, cell.configuration, cell.month, pool.fallbackFund, dust);
    }

    /// Changes what the run would add to one account of a word, and with it the run's total.
    function _addDelta(
        Run memory live,
        uint256 owed,
        uint256 deltas,
        uint256 lane,
        int64 change
    ) private pure returns (uint256) {
        int64 before = owed.get(lane) + Deltas.get(deltas, lane);
        live.totalOwed = live.totalOwed + _positive(before + change) - _positive(before);
        return Deltas.set(deltas, lane, Deltas.get(deltas, lane) + change);
    }

    /// The word and the lane in which an account's amounts stand.
    function _place(uint24 account) private pure returns (uint256 word, uint256 lane) {
        uint256 index = uint256(account) - 1;
        return (index / Quads.PER_WORD, index % Quads.PER_WORD);
    }

    function _cell(Run memory live, uint256 number) internal view returns (Cell memory cell) {
        uint256 months = uint256(live.toMonth) - live.fromMonth + 1;
        cell.number = number;
        cell.configuration = uint16(number / months);
        cell.month = live.fromMonth + uint16(number % months);
        cell.ledger = community.ledgerOf(cell.configuration);
        cell.exists = cell.month >= cell.ledger.firstMonth();
    }

    /// The word after the last of at most `words` words from the run's current one on.
    function _chunkEnd(Run memory live, uint256 words) internal pure returns (uint256) {
        if (words == 0) revert ChunkEmpty();
        return live.word + _lesser(words, Quads.words(live.accounts) - live.word);
    }

    function _cellCount(Run memory live) internal pure returns (uint256) {
        return (uint256(live.toMonth) - live.fromMonth + 1) * live.configurations;
    }

    function _inPhase(uint32 number, Phase phase) internal view returns (Run memory live) {
        live = _runs[number];
        _checkPhase(number, live.phase, phase);
    }

    function _checkPhase(uint32 number, Phase phase, Phase expected) internal pure {
        if (phase != expected) revert WrongPhase(number, phase, expected);
    }

    function _isLive(Phase phase) internal pure returns (bool) {
        return phase != Phase.None && phase != Phase.Paid && phase != Phase.Dropped;
    }

    function _positive(int64 amount) internal pure returns (uint64) {
        return amount > 0 ? uint64(amount) : 0;
    }

    function _lesser(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }
}
