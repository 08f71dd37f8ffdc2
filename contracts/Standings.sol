// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Deltas} from "./libraries/Deltas.sol";
import {Quads} from "./libraries/Quads.sol";

/// Where every account stands, and how far the live run is: what the rest of the treasury reads and writes.
abstract contract Standings is ITreasury, AccessManaged {
    using Quads for uint256;

    ICommunity public immutable community;
    IRuleBook public immutable ruleBook;
    IReceiptBook public immutable receiptBook;

    /// @inheritdoc ITreasury
    uint32 public runCount;
    /// Σ owed over the accounts to which something is owed.
    uint64 internal _owedBefore;

    mapping(uint32 run => Run) internal _runs;
    /// Standings of four accounts to a word: owed, paid so far, and what the live run would add.
    mapping(uint256 word => uint256) internal _owed;
    mapping(uint256 word => uint256) internal _paidTo;
    mapping(uint256 word => uint256) internal _deltas;
    mapping(uint16 configuration => mapping(uint16 month => mapping(uint256 word => uint256))) internal _settled;
    /// The live run's entitlements by cell; the slots serve run after run.
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

    constructor(ICommunity community_, IRuleBook ruleBook_, IReceiptBook receiptBook_) {
        community = community_;
        ruleBook = ruleBook_;
        receiptBook = receiptBook_;
    }

    /// @inheritdoc ITreasury
    function run(uint32 number) external view returns (Run memory) {
        return _runs[number];
    }

    /// @inheritdoc ITreasury
    function balanceOf(uint24 account) external view returns (Balance memory) {
        if (account == 0) return Balance(0, 0, 0, 0);
        (uint256 word, uint256 lane) = Quads.placeOf(account);
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
        (uint256 word, uint256 lane) = Quads.placeOf(account);
        return _settled[configuration][month][word].get(lane);
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
