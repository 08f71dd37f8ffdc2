// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "./ICommunity.sol";

/// What GSE paid, by month and configuration, and the pools that it makes.
///
/// All amounts are micro-euro (10⁻⁶ €); divisions round toward zero. The pools of a month add up to its receipts exactly.
interface IReceiptBook {
    enum ReceiptKind {
        None,
        /// The premium on shared energy: advances, adjustments and claw-backs.
        Premium,
        Valorisation,
        /// Energy that a plant sold: passed through to the plant's owner.
        EnergySale,
        /// What the community puts in from its own reserve, or takes out again: passed through to a fund.
        Reserve,
        Other
    }

    /// Money that came in or was taken back: amounts may be negative. Whole cents; net = gross − fee − VAT.
    struct Receipt {
        uint16 configuration;
        /// The month for which it was paid.
        uint16 month;
        ReceiptKind kind;
        /// Whom an energy sale (a member or producer) or a reserve (a fund) is passed through to; zero for other kinds.
        uint24 account;
        int64 gross;
        int64 fee;
        int64 vat;
        int64 net;
        bytes32 documentHash;
    }

    /// Σ net of a month's receipts.
    struct Amounts {
        int80 premium;
        /// Of kinds valorisation and other.
        int80 shared;
        /// Of kinds energy sale and reserve.
        int80 passedThrough;
        /// Whether there is any receipt of these kinds.
        bool passesThrough;
    }

    /// What a month's receipts are to be divided as; with what is passed through they add up to the receipts.
    struct Pools {
        int64 ordinary;
        /// Only for consumers that are not enterprises, and for social purposes (rules.md, Threshold).
        int64 excess;
        /// The excess, as long as the year is not adjusted.
        int64 heldExcess;
        /// The part of the advance that is held back until the year is adjusted.
        int64 heldAdvance;
    }

    event ReceiptBooked(uint32 indexed number, Receipt receipt, bytes32 receiptsHash);
    event YearAdjusted(uint16 indexed configuration, uint16 indexed year, bytes32 documentHash, bytes32 receiptsHash);

    error MonthBeforeStart(uint16 month, uint16 firstMonth);
    /// GSE pays for months that have begun: a later one is mistyped.
    error MonthNotBegun(uint16 month);
    error ReceiptKindMissing();
    /// An energy sale names the plant's owner, a reserve its fund, other kinds nobody.
    error ReceiptAccountInvalid(ReceiptKind kind, uint24 account);
    error NotWholeCents(int64 amount);
    error NetDiffers(int64 net, int256 expected);
    error ReceiptRepeated(bytes32 receiptHash);
    /// Some of the year's hours are not recorded yet.
    error YearOpen(uint16 configuration, uint16 year);
    error YearAlreadyAdjusted(uint16 configuration, uint16 year);

    /// Books what was paid for one month of one configuration. Restarts a live run that covers the month and has not yet
    /// finished apportioning. The treasurer's.
    function bookReceipt(Receipt calldata receipt) external returns (uint32 number);

    /// Says that GSE's adjustment of a year is booked: the next run releases what was held of its months. The
    /// treasurer's, once a year and configuration.
    function adjustYear(uint16 configuration, uint16 year, bytes32 documentHash) external;

    function community() external view returns (ICommunity);

    function isAdjusted(uint16 configuration, uint16 year) external view returns (bool);

    function amountsOf(uint16 configuration, uint16 month) external view returns (Amounts memory);

    /// What is passed through to the accounts of consecutive words, packed as Quads has it; empty if there is nothing to pass
    /// through in this month.
    function passedThroughTo(
        uint16 configuration,
        uint16 month,
        uint256 firstWord,
        uint256 count
    ) external view returns (uint256[] memory words);

    /// The pools of a month. Excess = premium · excess accrued / accrued, year to date (rules.md, Threshold); of what is left of
    /// an advance `holdBack` basis points are held until the year is adjusted, or all with a yearly calendar.
    /// @param throughMonth the last month that counts for the year to date
    function poolsOf(
        uint16 configuration,
        uint16 month,
        uint16 throughMonth,
        uint16 holdBack,
        bool isYearly
    ) external view returns (Pools memory);

    /// Premium of a configuration that goes beyond the thresholds, and all premium, accrued from January to `throughMonth`, in
    /// 10⁻¹⁰ €.
    function excessOf(
        uint16 configuration,
        uint16 throughMonth
    ) external view returns (uint256 excess, uint256 accrued);

    /// Σ net of all receipts.
    function received() external view returns (int256);

    function receiptCount() external view returns (uint32);

    /// Chained hash of all receipts and adjustments.
    function receiptsHash() external view returns (bytes32);

    /// Number of receipts and adjusted months so far.
    function changeCount() external view returns (uint32);

    /// Whether one of the changes after the first `since` is in one of the first `configurations` and in a month of this range
    /// (both inclusive).
    function hasChanged(
        uint32 since,
        uint16 configurations,
        uint16 fromMonth,
        uint16 toMonth
    ) external view returns (bool);
}
