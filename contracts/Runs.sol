// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {Standings} from "./Standings.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Deltas} from "./libraries/Deltas.sol";
import {AccountRange} from "./libraries/Keys.sol";
import {Quads} from "./libraries/Quads.sol";

/// How a run comes to its amounts: the part of the treasury that divides. Nothing it writes counts before it is paid.
abstract contract Runs is Standings {
    using Quads for uint256;
    using SafeCast for int256;

    /// Configurations × months of one run, so that booking one word of accounts stays far below the transaction cap.
    uint256 public constant MAX_CELLS = 256;
    uint16 private constant MONTHS = 12;

    uint32 private _attempts;
    /// Σ that the rules of each pool have given so far in the live run's current cell.
    int128 private _ordinaryGiven;
    int128 private _excessGiven;
    /// The live run's results by cell; the slots serve run after run. Pools stand four to a word, in the order of the struct.
    mapping(uint256 cell => uint256) private _pools;
    mapping(uint256 cell => mapping(uint256 rule => uint256)) private _totals;
    /// How many changes to receipts and to recorded hours there were when the live run's attempt began.
    uint32 private _receiptChanges;
    mapping(uint16 configuration => uint32) private _ledgerChanges;

    /// What one call of `weigh` or `apportion` goes through.
    struct Chunk {
        Cell cell;
        AccountRange accounts;
        /// The word after its last.
        uint256 end;
        bool endsCell;
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
        ruleBook.termsOf(fromMonth);

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
        if (_isRestarted(number, live)) return;
        if (chunk.cell.exists) {
            _weighWords(live, chunk);
            if (chunk.endsCell) _endWeighing(number, live, chunk.cell);
        }
        if (_moveOn(live, chunk)) live.phase = Phase.Apportion;
        _runs[number] = live;
    }

    /// @inheritdoc ITreasury
    function apportion(uint32 number, uint256 words) external restricted {
        Run memory live = _inPhase(number, Phase.Apportion);
        Chunk memory chunk = _chunk(live, words);
        if (_isRestarted(number, live)) return;
        if (chunk.cell.exists) {
            IReceiptBook.Pools memory pools = _poolsOf(chunk.cell);
            _apportionWords(number, live, chunk, pools);
            if (chunk.endsCell) _apportionDust(number, live, chunk.cell, pools);
        }
        if (_moveOn(live, chunk)) {
            live.phase = Phase.Apportioned;
            live.receiptsHash = receiptBook.receiptsHash();
        }
        _runs[number] = live;
    }

    function _begin(Run storage live) private {
        live.phase = Phase.Weigh;
        live.attempt = ++_attempts;
        live.provisional = false;
        live.cell = 0;
        live.word = 0;
        live.totalOwed = _owedBefore;
        (_ordinaryGiven, _excessGiven) = (0, 0);
        _receiptChanges = receiptBook.changeCount();
        for (uint16 c = 0; c < live.configurations; ++c) {
            _ledgerChanges[c] = community.ledgerOf(c).changeCount();
        }
    }

    /// If a receipt, an adjustment, an amendment or a roster that reaches back has changed what the run computes from, it
    /// begins anew. What a month gives depends on the energy of its whole year.
    function _isRestarted(uint32 number, Run memory live) private returns (bool isStale) {
        uint16 from = (live.fromMonth / MONTHS) * MONTHS;
        uint16 to = (live.toMonth / MONTHS) * MONTHS + MONTHS - 1;
        isStale = receiptBook.hasChanged(_receiptChanges, live.configurations, live.fromMonth, live.toMonth);
        for (uint16 c = 0; c < live.configurations && !isStale; ++c) {
            isStale = community.ledgerOf(c).hasChanged(_ledgerChanges[c], from, to);
        }
        if (!isStale) return false;
        _begin(_runs[number]);
        emit RunRestarted(number, _runs[number].attempt);
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
        uint256[] memory weights = ruleBook.weightsOf(cell.ledger, cell.month, chunk.accounts);
        for (uint256 r = 0; r < weights.length; ++r) {
            _totals[cell.number][r] = live.word == 0 ? weights[r] : _totals[cell.number][r] + weights[r];
        }
    }

    /// With the keys' totals goes what they are to divide.
    function _endWeighing(uint32 number, Run memory live, Cell memory cell) private {
        if (cell.ledger.isProvisional(cell.month)) live.provisional = true;
        IRuleBook.Terms memory terms = ruleBook.termsOf(cell.month);
        IReceiptBook.Pools memory pools = receiptBook.poolsOf(
            cell.configuration,
            cell.month,
            live.toMonth,
            terms.policy.holdBack,
            terms.policy.isYearly
        );
        _pools[cell.number] = uint256(0).set(0, pools.ordinary).set(1, pools.excess).set(2, pools.heldExcess).set(
            3,
            pools.heldAdvance
        );
        uint256[] memory totals = _totalsOf(cell, terms.ruleCount);
        emit Weighed(number, live.attempt, cell.configuration, cell.month, pools, terms.version, totals);
    }

    function _poolsOf(Cell memory cell) private view returns (IReceiptBook.Pools memory) {
        uint256 packed = _pools[cell.number];
        return IReceiptBook.Pools(packed.get(0), packed.get(1), packed.get(2), packed.get(3));
    }

    function _totalsOf(Cell memory cell, uint256 ruleCount) private view returns (uint256[] memory totals) {
        totals = new uint256[](ruleCount);
        for (uint256 r = 0; r < ruleCount; ++r) {
            totals[r] = _totals[cell.number][r];
        }
    }

    function _apportionWords(
        uint32 number,
        Run memory live,
        Chunk memory chunk,
        IReceiptBook.Pools memory pools
    ) private {
        Cell memory cell = chunk.cell;
        uint256[] memory totals = _totalsOf(cell, ruleBook.termsOf(cell.month).ruleCount);
        IRuleBook.Given memory given = ruleBook.sharesOf(cell.ledger, cell.month, chunk.accounts, pools, totals);
        _ordinaryGiven += given.ordinary.toInt128();
        _excessGiven += given.excess.toInt128();
        int64[] memory entitlements = _withPassedThrough(live, chunk, given.amounts);
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

    /// The amounts with what energy sales and reserves pass through.
    function _withPassedThrough(
        Run memory live,
        Chunk memory chunk,
        int256[] memory amounts
    ) private view returns (int64[] memory entitlements) {
        Cell memory cell = chunk.cell;
        uint256 count = chunk.end - live.word;
        uint256[] memory words = receiptBook.passedThroughTo(cell.configuration, cell.month, live.word, count);
        if (words.length != 0) {
            for (uint256 i = 0; i < amounts.length; ++i) {
                amounts[i] += words[i / Quads.PER_WORD].get(i % Quads.PER_WORD);
            }
        }
        entitlements = new int64[](amounts.length);
        for (uint256 i = 0; i < amounts.length; ++i) {
            entitlements[i] = amounts[i].toInt64();
        }
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

    /// What no rule could pay, and the dust, to the fallback funds: now the month's entitlements equal its receipts.
    function _apportionDust(uint32 number, Run memory live, Cell memory cell, IReceiptBook.Pools memory pools) private {
        int64 ordinary = (pools.ordinary - int256(_ordinaryGiven)).toInt64();
        int64 excess = (pools.excess - int256(_excessGiven)).toInt64();
        (_ordinaryGiven, _excessGiven) = (0, 0);
        IRuleBook.Remainders memory to = ruleBook.termsOf(cell.month).remainders;
        _addDust(number, live, cell, to.fallbackFund, ordinary);
        if (pools.excess != 0) _addDust(number, live, cell, to.excessFallbackFund, excess);
    }

    function _addDust(uint32 number, Run memory live, Cell memory cell, uint24 fund, int64 dust) private {
        (uint256 word, uint256 lane) = Quads.placeOf(fund);
        uint256 packed = _pending[cell.number][word];
        _pending[cell.number][word] = packed.set(lane, packed.get(lane) + dust);
        _deltas[word] = _addDelta(live, _owed[word], Deltas.during(_deltas[word], live.attempt), lane, dust);
        emit DustApportioned(number, live.attempt, cell.configuration, cell.month, fund, dust);
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
}
