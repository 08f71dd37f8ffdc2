// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Receipts} from "./Receipts.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {AccountRange, Keys} from "./libraries/Keys.sol";
import {Quads} from "./libraries/Quads.sol";

/// How a run comes to its amounts: the part of the treasury that divides. Nothing it writes counts before it is paid.
abstract contract Runs is ITreasury, Receipts {
    using Quads for uint256;
    using SafeCast for int256;

    /// Configurations × months of one run, so that booking one word of accounts stays far below the transaction cap.
    uint256 public constant MAX_CELLS = 256;
    int256 private constant WHOLE = 10_000;

    IRuleBook public immutable ruleBook;

    /// @inheritdoc ITreasury
    uint32 public runCount;
    uint32 private _attempts;
    /// Σ owed over the accounts to which something is owed.
    uint64 internal _owedBefore;
    /// Σ entitlements apportioned so far in the live run's current cell.
    int256 private _apportioned;

    mapping(uint32 run => Run) internal _runs;
    mapping(uint24 account => Balance) internal _balances;
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

    /// What dividing a cell takes.
    struct Pool {
        int256 amount;
        uint24 fallbackFund;
        IRuleBook.Rule[] rules;
        uint256[] totals;
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
        return _balances[account];
    }

    /// @inheritdoc ITreasury
    function settledOf(uint16 configuration, uint16 month, uint24 account) external view returns (int64) {
        if (account == 0) return 0;
        uint256 index = uint256(account) - 1;
        return _settled[configuration][month][index / Quads.PER_WORD].get(index % Quads.PER_WORD);
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
        if (words == 0) revert ChunkEmpty();
        chunk.cell = _cell(live, live.cell);
        uint256 lastWord = Quads.words(live.accounts);
        chunk.end = chunk.cell.exists ? live.word + _lesser(words, lastWord - live.word) : lastWord;
        chunk.endsCell = chunk.end == lastWord;
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
            for (uint256 i = 0; i < chunk.accounts.count; ++i) {
                total += keys[r][i];
            }
            _totals[cell.number][r] = total;
        }
    }

    function _emitWeighed(uint32 number, Run memory live, Cell memory cell) private {
        if (cell.ledger.isProvisional(cell.month)) live.provisional = true;
        (uint16 version,) = ruleBook.ruleSetOf(cell.month);
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
        AccountRange memory range = chunk.accounts;
        uint256[][] memory keys = Keys.ofMonth(cell.ledger, cell.month, pool.rules, range);
        int64[] memory entitlements = new int64[](range.count);
        int256 sum;
        for (uint256 i = 0; i < range.count; ++i) {
            entitlements[i] = _entitlement(pool, keys, range.first + i, i);
            sum += entitlements[i];
        }
        _apportioned += sum;
        for (uint256 word = live.word; word < chunk.end; ++word) {
            _setPending(live, cell, word, entitlements);
        }
        emit Apportioned(
            number, live.attempt, cell.configuration, cell.month, uint24(range.first), entitlements
        );
    }

    /// @param entitlements of the accounts from the run's current word on
    function _setPending(Run memory live, Cell memory cell, uint256 word, int64[] memory entitlements) private {
        uint256 settled = _settled[cell.configuration][cell.month][word];
        uint256 packed;
        uint256 offset = (word - live.word) * Quads.PER_WORD;
        for (uint256 lane = 0; lane < Quads.PER_WORD && offset + lane < entitlements.length; ++lane) {
            int64 entitlement = entitlements[offset + lane];
            packed = packed.set(lane, entitlement);
            _addDelta(live, uint24(word * Quads.PER_WORD + lane + 1), entitlement - settled.get(lane));
        }
        _pending[cell.number][word] = packed;
    }

    /// Σ over the rules of pool · share · key / (10,000 · total), each rounded toward zero.
    function _entitlement(Pool memory pool, uint256[][] memory keys, uint256 account, uint256 index)
        private
        pure
        returns (int64)
    {
        int256 sum;
        for (uint256 r = 0; r < pool.rules.length; ++r) {
            IRuleBook.Rule memory rule = pool.rules[r];
            int256 part = pool.amount * int256(uint256(rule.share));
            if (rule.key == IRuleBook.Key.Fund) {
                if (rule.fund == account) sum += part / WHOLE;
            } else if (keys[r][index] != 0) {
                sum += part * int256(keys[r][index]) / (WHOLE * int256(pool.totals[r]));
            }
        }
        return sum.toInt64();
    }

    /// What no rule could pay, and the dust, to the fallback fund: now the month's entitlements equal its pool.
    function _apportionDust(uint32 number, Run memory live, Cell memory cell, Pool memory pool) private {
        int64 dust = (pool.amount - _apportioned).toInt64();
        _apportioned = 0;
        uint256 index = uint256(pool.fallbackFund) - 1;
        uint256 word = index / Quads.PER_WORD;
        uint256 lane = index % Quads.PER_WORD;
        uint256 packed = _pending[cell.number][word];
        _pending[cell.number][word] = packed.set(lane, packed.get(lane) + dust);
        _addDelta(live, pool.fallbackFund, dust);
        emit DustApportioned(
            number, live.attempt, cell.configuration, cell.month, pool.fallbackFund, dust
        );
    }

    function _addDelta(Run memory live, uint24 account, int64 change) private {
        if (change == 0) return;
        Balance memory balance = _balances[account];
        int64 delta = balance.deltaAttempt == live.attempt ? balance.delta : int64(0);
        uint64 before = _positive(balance.owed + delta);
        balance.delta = delta + change;
        balance.deltaAttempt = live.attempt;
        live.totalOwed = live.totalOwed + _positive(balance.owed + balance.delta) - before;
        _balances[account] = balance;
    }

    function _cell(Run memory live, uint256 number) internal view returns (Cell memory cell) {
        uint256 months = uint256(live.toMonth) - live.fromMonth + 1;
        cell.number = number;
        cell.configuration = uint16(number / months);
        cell.month = live.fromMonth + uint16(number % months);
        cell.ledger = community.ledgerOf(cell.configuration);
        cell.exists = cell.month >= cell.ledger.firstMonth();
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
