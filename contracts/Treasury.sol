// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {IAccessManager} from "@openzeppelin/contracts/access/manager/IAccessManager.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {CreditToken} from "./CreditToken.sol";
import {ExpiringPause} from "./ExpiringPause.sol";
import {Receipts} from "./Receipts.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ICreditToken} from "./interfaces/ICreditToken.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {AccountRange, Keys} from "./libraries/Keys.sol";
import {Quads} from "./libraries/Quads.sol";
import {RoleIds} from "./libraries/RoleIds.sol";

/// See ITreasury. Receipts come in through the contract Receipts; this one divides and pays them.
contract Treasury is Receipts, ExpiringPause {
    using Quads for uint256;
    using SafeCast for int256;
    using SafeCast for uint256;

    /// Configurations × months of one run, so that booking one word of accounts stays far below the transaction cap.
    uint256 public constant MAX_CELLS = 256;
    int256 private constant WHOLE = 10_000;

    IRuleBook public immutable ruleBook;
    ICreditToken public immutable token;
    /// Seconds between approval and payout, in which the auditor can object.
    uint48 public immutable objectionSeconds;

    /// @inheritdoc ITreasury
    uint32 public runCount;
    uint32 private _attempts;
    /// Σ owed over the accounts to which something is owed.
    uint64 private _owedBefore;
    /// @inheritdoc ITreasury
    uint256 public paid;
    /// Σ entitlements apportioned so far in the live run's current cell.
    int256 private _apportioned;

    mapping(uint32 run => Run) private _runs;
    mapping(uint24 account => Balance) private _balances;
    mapping(uint16 configuration => mapping(uint16 month => mapping(uint256 word => uint256))) private _settled;
    /// The live run's results by cell; the slots serve run after run.
    mapping(uint256 cell => mapping(uint256 rule => uint256)) private _totals;
    mapping(uint256 cell => mapping(uint256 word => uint256)) private _pending;

    /// A cell of a run: one month of one configuration.
    struct Cell {
        uint256 number;
        uint16 configuration;
        uint16 month;
        IEnergyLedger ledger;
        /// Whether the configuration existed in that month.
        bool exists;
    }

    /// What dividing a cell takes.
    struct Pool {
        int256 amount;
        uint24 fallbackFund;
        IRuleBook.Rule[] rules;
        uint256[] totals;
    }

    constructor(address authority, ICommunity community_, IRuleBook ruleBook_, uint48 objectionSeconds_)
        AccessManaged(authority)
        Receipts(community_)
    {
        ruleBook = ruleBook_;
        objectionSeconds = objectionSeconds_;
        token = new CreditToken(address(this));
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
    function weigh(uint32 number, uint256 cells) external restricted {
        Run memory live = _inPhase(number, Phase.Weigh);
        if (cells == 0) revert ChunkEmpty();
        uint256 end = _cellCount(live);
        for (uint256 i = 0; i < cells && live.cell < end; ++i) {
            Cell memory cell = _cell(live, live.cell);
            if (cell.exists) {
                _weighCell(number, live, cell);
                if (cell.ledger.isProvisional(cell.month)) live.provisional = true;
            }
            ++live.cell;
        }
        if (live.cell == end) {
            live.phase = Phase.Apportion;
            live.cell = 0;
        }
        _runs[number] = live;
    }

    /// @inheritdoc ITreasury
    function apportion(uint32 number, uint256 words) external restricted {
        Run memory live = _inPhase(number, Phase.Apportion);
        if (words == 0) revert ChunkEmpty();
        Cell memory cell = _cell(live, live.cell);
        uint256 lastWord = Quads.words(live.accounts);
        if (cell.exists) {
            Pool memory pool = _pool(cell);
            uint256 end = _lesser(live.word + words, lastWord);
            _apportionWords(number, live, cell, pool, end);
            live.word = uint32(end);
            if (end == lastWord) _apportionDust(number, live, cell, pool);
        }
        if (!cell.exists || live.word == lastWord) {
            live.word = 0;
            ++live.cell;
        }
        if (live.cell == _cellCount(live)) {
            live.phase = Phase.Apportioned;
            live.receiptsHash = _receiptsHash;
        }
        _runs[number] = live;
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
        live.cell = 0;
        live.word = 0;
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
        uint256 end = _lesser(live.word + words, lastWord);

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
            emit RunPaid(number, live.payable_);
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

    function _weighCell(uint32 number, Run memory live, Cell memory cell) private {
        (uint16 version, IRuleBook.RuleSet memory ruleSet) = ruleBook.ruleSetOf(cell.month);
        AccountRange memory everyone = AccountRange({first: 1, count: live.accounts});
        uint256[][] memory keys = Keys.ofMonth(cell.ledger, cell.month, ruleSet.rules, everyone);
        uint256[] memory totals = new uint256[](ruleSet.rules.length);
        for (uint256 r = 0; r < totals.length; ++r) {
            for (uint256 i = 0; i < live.accounts; ++i) {
                totals[r] += keys[r][i];
            }
            _totals[cell.number][r] = totals[r];
        }
        emit Weighed(
            number,
            live.attempt,
            cell.configuration,
            cell.month,
            poolOf(cell.configuration, cell.month),
            version,
            totals
        );
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

    function _apportionWords(uint32 number, Run memory live, Cell memory cell, Pool memory pool, uint256 end)
        private
    {
        AccountRange memory range;
        range.first = live.word * Quads.PER_WORD + 1;
        range.count = _lesser(end * Quads.PER_WORD, live.accounts) - range.first + 1;
        uint256[][] memory keys = Keys.ofMonth(cell.ledger, cell.month, pool.rules, range);
        int64[] memory entitlements = new int64[](range.count);
        int256 sum;
        for (uint256 i = 0; i < range.count; ++i) {
            entitlements[i] = _entitlement(pool, keys, range.first + i, i);
            sum += entitlements[i];
        }
        _apportioned += sum;
        for (uint256 word = live.word; word < end; ++word) {
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

    function _cell(Run memory live, uint256 number) private view returns (Cell memory cell) {
        uint256 months = uint256(live.toMonth) - live.fromMonth + 1;
        cell.number = number;
        cell.configuration = uint16(number / months);
        cell.month = live.fromMonth + uint16(number % months);
        cell.ledger = community.ledgerOf(cell.configuration);
        cell.exists = cell.month >= cell.ledger.firstMonth();
    }

    function _cellCount(Run memory live) private pure returns (uint256) {
        return (uint256(live.toMonth) - live.fromMonth + 1) * live.configurations;
    }

    function _inPhase(uint32 number, Phase phase) private view returns (Run memory live) {
        live = _runs[number];
        _checkPhase(number, live.phase, phase);
    }

    function _checkPhase(uint32 number, Phase phase, Phase expected) private pure {
        if (phase != expected) revert WrongPhase(number, phase, expected);
    }

    function _isLive(Phase phase) private pure returns (bool) {
        return phase != Phase.None && phase != Phase.Paid && phase != Phase.Dropped;
    }

    function _isPayoutBegun(Run storage live) private view returns (bool) {
        return live.phase == Phase.Approved && live.word != 0;
    }

    function _hasRole(uint64 role) private view returns (bool isMember) {
        (isMember,) = IAccessManager(authority()).hasRole(role, msg.sender);
    }

    function _positive(int64 amount) private pure returns (uint64) {
        return amount > 0 ? uint64(amount) : 0;
    }

    function _lesser(uint256 a, uint256 b) private pure returns (uint256) {
        return a < b ? a : b;
    }
}
