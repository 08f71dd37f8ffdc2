// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Tokens turned into bank transfers.
///
/// The treasurer puts a file of payments together, which takes its tokens into escrow; the president approves it and the
/// bank gets it; once the bank has executed or returned payments, the treasurer proposes these outcomes and the president
/// approves them. What was executed is burnt, once; what came back is credited again, once. So the token's supply is paid −
/// redeemed + reversed, always. A closed account redeems like any other.
///
/// Amounts are micro-euro in whole cents. Files and outcomes go by chunks: 150 payments a call stay below half of the gas
/// of a transaction.
interface IRedemptions {
    enum FileState {
        None,
        /// Payments are being added.
        Open,
        /// Complete: waits for the president.
        Proposed,
        /// Handed to the bank.
        Approved,
        /// Given up; escrow is being given back, or has been.
        Dropped
    }

    enum PaymentState {
        None,
        /// Its tokens are in escrow.
        Escrowed,
        /// Its file was dropped: tokens given back.
        Dropped,
        /// The bank has paid it out: tokens burnt.
        Executed,
        /// Refused or returned before it was booked as executed: tokens given back.
        Refused,
        /// Returned after it had been executed: tokens credited anew.
        Reversed
    }

    enum Outcome {
        Executed,
        Returned
    }

    struct File {
        FileState state;
        bool objected;
        address proposer;
        /// Payments that it will hold, holds, and of these in escrow.
        uint32 count;
        uint32 added;
        uint32 inEscrow;
        /// Micro-euro: of all payments, and of those added.
        uint64 total;
        uint64 addedTotal;
        /// Of the document for the bank, salted: without the salt it betrays neither names nor bank accounts.
        bytes32 documentHash;
        /// Chained hash of the payments.
        bytes32 paymentsHash;
    }

    /// What goes into a file.
    struct Transfer {
        uint24 account;
        uint64 amount;
        /// The end-to-end id, as ASCII: never used before.
        bytes32 id;
    }

    struct Payment {
        uint32 file;
        uint24 account;
        uint64 amount;
        PaymentState state;
    }

    /// An account's sums, micro-euro.
    struct Sums {
        uint64 inEscrow;
        uint64 redeemed;
        /// Of what was redeemed: returned by the bank.
        uint64 reversed;
    }

    event FileOpened(uint32 indexed file, bytes32 documentHash, uint32 count, uint64 total, address by);
    event PaymentProposed(uint32 indexed file, uint24 indexed account, uint64 amount, bytes32 id);
    event FileProposed(uint32 indexed file, bytes32 contentHash, address by);
    event FileApproved(uint32 indexed file, bytes32 contentHash, address by);
    event FileObjected(uint32 indexed file, string reason, address by);
    event FileObjectionWithdrawn(uint32 indexed file, address by);
    event FileDropped(uint32 indexed file, address by);
    event OutcomesProposed(uint32 indexed number, Outcome outcome, bytes32[] ids, address by);
    event OutcomesApproved(uint32 indexed number, address by);
    event PaymentSettled(uint32 indexed file, uint24 indexed account, uint64 amount, bytes32 id, PaymentState state);

    error FileEmpty();
    error FileInOtherState(uint32 file, FileState state);
    error PaymentsMissing();
    error TooManyPayments(uint32 file, uint256 given, uint256 left);
    error AmountInvalid(uint64 amount);
    error IdMissing();
    error IdUsed(bytes32 id);
    /// The payments added do not make up the total with which the file was opened.
    error TotalDiffers(uint64 expected, uint64 given);
    error ContentDiffers(bytes32 expected, bytes32 given);
    error SamePerson(address person);
    error Objected(uint32 number);
    error NotObjected(uint32 number);
    error ReasonMissing();
    error NotTreasurerOrPresident(address caller);
    error PaymentOfAnotherFile(bytes32 id, uint32 file);
    error PaymentInOtherState(bytes32 id, PaymentState state);
    /// There are no such outcomes proposed, or others.
    error OutcomesUnknown(uint32 number);

    /// Begins a file of so many payments and so much money. The treasurer's.
    function open(bytes32 documentHash, uint32 count, uint64 total) external returns (uint32 file);

    /// Adds payments and takes their tokens into escrow; with the last one the file is proposed. The treasurer's.
    function add(uint32 file, Transfer[] calldata transfers) external;

    /// Approves what was proposed; never the proposer's. `contentHash` names the very file that the president has seen.
    function approve(uint32 file, bytes32 contentHash) external;

    /// Stops approval and booking of a file until withdrawn, or until it is dropped. The auditor's.
    function object(uint32 file, string calldata reason) external;

    function withdrawObjection(uint32 file) external;

    /// Gives up a file that is not approved, and gives back the escrow of these payments. The treasurer's and the
    /// president's; to be called until no payment is left.
    function drop(uint32 file, bytes32[] calldata ids) external;

    /// Proposes what became of payments of approved files at the bank. The treasurer's.
    function proposeOutcomes(Outcome outcome, bytes32[] calldata ids) external returns (uint32 number);

    /// Books what was proposed; never the proposer's.
    function approveOutcomes(uint32 number, Outcome outcome, bytes32[] calldata ids) external;

    function file(uint32 number) external view returns (File memory);

    function fileCount() external view returns (uint32);

    function outcomesCount() external view returns (uint32);

    /// What the president approves: keccak256 over file, document, payments, count and total.
    function contentHash(uint32 file) external view returns (bytes32);

    function payment(bytes32 id) external view returns (Payment memory);

    function sumsOf(uint24 account) external view returns (Sums memory);

    /// Σ executed, whatever came back later.
    function redeemed() external view returns (uint256);

    /// Σ credited anew.
    function reversed() external view returns (uint256);
}
