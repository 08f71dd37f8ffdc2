// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IReceiptBook} from "./IReceiptBook.sol";

/// The runs that divide among the accounts what GSE paid.
///
/// A run covers closed months. It computes every account's entitlement for each of them from scratch and books the
/// difference to what earlier runs settled, so that an advance, a claw-back and a late receipt are the same operation.
/// Phases: open → weigh → apportion → propose → approve → pay. One run is live at a time.
///
/// All amounts are micro-euro (10⁻⁶ €); divisions round toward zero and the dust goes to the rule set's fallback funds, so
/// that the entitlements of a month, of reserves among them, add up to its receipts exactly.
interface ITreasury {
    enum Phase {
        None,
        Weigh,
        Apportion,
        Apportioned,
        Proposed,
        Approved,
        Paid,
        Dropped
    }

    struct Run {
        Phase phase;
        /// Some covered month has data below grade distributor or missing readings: approving takes a reason.
        bool provisional;
        bool objected;
        /// Inclusive.
        uint16 fromMonth;
        uint16 toMonth;
        /// Counts the computations of all runs; a restart is a new one.
        uint32 attempt;
        /// The accounts that existed when it was opened.
        uint24 accounts;
        uint16 configurations;
        /// Progress in the current phase: cell (configuration × month) and packed word of four accounts.
        uint32 cell;
        uint32 word;
        /// Seconds since the Unix epoch.
        uint48 payableFrom;
        /// Σ owed over the accounts to which something is owed, once this run is booked.
        uint64 totalOwed;
        /// What of it this run pays: the lesser of that and what is unspent. Fixed at approval.
        uint64 payable_;
        address proposer;
        address approver;
        /// Chained hash of all receipts that it divides.
        bytes32 receiptsHash;
    }

    /// An account's standing.
    struct Balance {
        /// Entitled and not yet paid; negative if more was paid than the account turned out to be entitled to.
        int64 owed;
        /// What the live run would add, valid for the attempt that wrote it.
        int64 delta;
        uint32 deltaAttempt;
        uint64 paid;
    }

    /// A debt (negative owed) that a fund takes over.
    struct WriteOff {
        uint24 account;
        uint24 fund;
        uint64 amount;
        string reason;
    }

    event RunOpened(uint32 indexed run, uint32 attempt, uint16 fromMonth, uint16 toMonth, address by);
    event RunRestarted(uint32 indexed run, uint32 attempt);
    /// The month's pools, its rule set and each rule's key total.
    event Weighed(
        uint32 indexed run,
        uint32 attempt,
        uint16 configuration,
        uint16 month,
        IReceiptBook.Pools pools,
        uint16 ruleSet,
        uint256[] totals
    );
    /// Entitlements of consecutive accounts for one month: what rules give, what is held, what is passed through.
    event Apportioned(
        uint32 indexed run,
        uint32 attempt,
        uint16 configuration,
        uint16 month,
        uint24 firstAccount,
        int64[] entitlements
    );
    /// The rounding dust and unclaimed shares of one pool of one month, on top of what its fallback fund got before.
    event DustApportioned(
        uint32 indexed run,
        uint32 attempt,
        uint16 configuration,
        uint16 month,
        uint24 fund,
        int64 amount
    );
    event RunProposed(uint32 indexed run, bytes32 contentHash, uint64 totalOwed, bool provisional, address by);
    event RunApproved(
        uint32 indexed run,
        bytes32 contentHash,
        uint64 payable_,
        uint48 payableFrom,
        string overrideReason,
        address by
    );
    event RunObjected(uint32 indexed run, string reason, address by);
    event ObjectionWithdrawn(uint32 indexed run, address by);
    event RunDropped(uint32 indexed run, address by);
    /// What the run booked for an account and what it was paid: 0 where that waits for the minimum or the year's adjustment.
    event Payout(uint32 indexed run, uint24 indexed account, int64 delta, uint64 amount, int64 owed);
    /// The run is paid out; `paidInAll` is Σ of all payouts so far.
    event RunPaid(uint32 indexed run, uint256 paidInAll);
    event WriteOffProposed(WriteOff writeOff, address by);
    event DebtWrittenOff(uint24 indexed account, uint24 indexed fund, uint64 amount, string reason, address by);

    error RunLive(uint32 run);
    error MonthsReversed(uint16 fromMonth, uint16 toMonth);
    error TooManyMonths(uint256 given, uint256 most);
    error NoAccounts();
    error MonthOpen(uint16 configuration, uint16 month);
    error WrongPhase(uint32 run, Phase phase, Phase expected);
    error ContentDiffers(bytes32 expected, bytes32 given);
    error SamePerson(address person);
    error OverrideReasonMissing(uint32 run);
    error NotYetPayable(uint48 payableFrom);
    error Objected(uint32 run);
    error NotObjected(uint32 run);
    error ReasonMissing();
    error ObjectionTooLong(uint48 given, uint48 most);
    error PayoutBegun(uint32 run);
    error NotTreasurerOrPresident(address caller);
    error ChunkEmpty();
    error WriteOffNotProposed(bytes32 writeOffHash);
    error WriteOffToNoFund(uint24 fund);
    /// Nothing can be written off but what the account owes.
    error WriteOffBeyondDebt(uint24 account, int64 owed, uint64 amount);

    /// Opens a run over closed months. The treasurer's.
    function open(uint16 fromMonth, uint16 toMonth) external returns (uint32 run);

    /// Weighs the next words of four accounts within the current cell (configuration × month): totals each rule's keys. If what
    /// the run computes from has changed since it began, it begins anew instead; `apportion` likewise.
    /// @param words at most this many; a transaction never goes beyond one cell
    function weigh(uint32 run, uint256 words) external;

    /// Apportions the next words of four accounts within the current cell, and ends the cell after its last.
    /// @param words at most this many; a transaction never goes beyond one cell
    function apportion(uint32 run, uint256 words) external;

    /// Puts the computed run before the president. The treasurer's.
    function propose(uint32 run) external;

    /// Approves what was proposed; never the proposer. `contentHash` names the very proposal that the president has seen.
    /// @param overrideReason why to pay on provisional months; may be empty if there are none
    function approve(uint32 run, bytes32 contentHash, string calldata overrideReason) external;

    /// Stops a proposed or approved run until withdrawn, or until the run is dropped. The auditor's, until payout begins.
    function object(uint32 run, string calldata reason) external;

    function withdrawObjection(uint32 run) external;

    /// Gives a run up before its payout begins. The treasurer's and the president's.
    function drop(uint32 run) external;

    /// Books and pays the next words of four accounts: each ⌊owed · payable / totalOwed⌋, unless that is below the minimum payment
    /// of the run's last month; it then stays owed. Closed accounts have no minimum; reserves are not paid. The treasurer's.
    function pay(uint32 run, uint256 words) external;

    /// Proposes that a fund takes over what an account owes; replaces a proposal that was not approved. The treasurer's.
    function proposeWriteOff(WriteOff calldata writeOff) external;

    /// Writes the debt off; never the proposer, and not while a run is live. The hash, keccak256(abi.encode(writeOff)),
    /// names the very proposal that the second person has seen. The president's.
    function approveWriteOff(bytes32 writeOffHash) external;

    /// What the president approves: keccak256 over run, attempt, months, receipts and amounts.
    function contentHash(uint32 run) external view returns (bytes32);

    function run(uint32 number) external view returns (Run memory);

    function runCount() external view returns (uint32);

    function balanceOf(uint24 account) external view returns (Balance memory);

    /// What runs have settled so far for an account and a month.
    function settledOf(uint16 configuration, uint16 month, uint24 account) external view returns (int64);

    /// Σ of all payouts.
    function paid() external view returns (uint256);
}
