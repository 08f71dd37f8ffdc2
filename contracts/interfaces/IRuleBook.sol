// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccountRange} from "../libraries/Keys.sol";
import {IEnergyLedger} from "./IEnergyLedger.sol";
import {IReceiptBook} from "./IReceiptBook.sol";

/// The community's *regolamento* as far as it decides who gets what: rule sets, each in force for whole months.
interface IRuleBook {
    /// By what a rule divides its part of the pool among the accounts of the classes it serves.
    enum Key {
        None,
        /// Energy of an account's plants in the waterfall, Wh.
        AttributedInjection,
        /// Coincident energy of its injection channels, Wh.
        CoincidentInjection,
        /// Coincident energy of its withdrawal channels, Wh.
        CoincidentWithdrawal,
        /// One a head: the hours of the month in which the account was on the roster.
        Equal,
        /// Weight of each channel × the hours of the month in which it was on the roster.
        StaticWeight,
        /// All to one named fund.
        Fund
    }

    /// What a rule divides.
    enum Pool {
        Ordinary,
        /// The premium beyond the threshold (rules.md, Threshold): only for consumers that are not enterprises and for social
        /// purposes. Here equal and static-weight keys count withdrawal channels alone.
        Excess
    }

    struct Rule {
        Pool pool;
        /// Part of the pool in basis points.
        uint16 share;
        Key key;
        /// The classes it serves, class c as bit c; zero with key Fund.
        uint16 classes;
        /// The fund's account number with key Fund, else zero.
        uint24 fund;
    }

    /// When and how much is paid of what an account is entitled to.
    struct PayoutPolicy {
        /// Basis points of each month's premium that are held until the year is adjusted.
        uint16 holdBack;
        /// Everything is held until the year is adjusted: payment once a year instead of every month.
        bool isYearly;
        /// Micro-euro: smaller payouts wait until they have grown to this, except those of closed accounts.
        uint64 minimumPayment;
    }

    /// The accounts that get what no rule gives to anyone.
    struct Remainders {
        /// The fund that gets what rules of the ordinary pool without an eligible key would have paid, and its rounding dust.
        uint24 fallbackFund;
        /// Likewise of the excess pool, or all of it if no rule divides it; a social fund.
        uint24 excessFallbackFund;
        /// The account of kind Reserve that keeps the excess until the year is adjusted.
        uint24 excessReserve;
        /// The one that keeps what is held back of advances until the year is adjusted.
        uint24 advanceReserve;
    }

    struct RuleSet {
        /// The first month in force.
        uint16 fromMonth;
        Remainders remainders;
        PayoutPolicy policy;
        /// Of the document that the members adopted.
        bytes32 documentHash;
        /// Shares of the ordinary pool add up to 10,000; those of the excess pool too, if there are any.
        Rule[] rules;
    }

    /// What a run needs of a rule set beside its rules.
    struct Terms {
        uint16 version;
        uint256 ruleCount;
        Remainders remainders;
        PayoutPolicy policy;
    }

    /// What a rule set gives a range of accounts of one month's pools, in micro-euro.
    struct Given {
        /// By account, with what is held if it is a reserve.
        int256[] amounts;
        /// What the rules of each pool give them together.
        int256 ordinary;
        int256 excess;
    }

    event RuleSetProposed(uint16 indexed version, RuleSet ruleSet, bytes32 ruleSetHash, address proposer);
    event RuleSetAdopted(uint16 indexed version, uint16 fromMonth, bytes32 ruleSetHash, address adopter);

    error NoRules();
    error TooManyRules(uint256 given, uint256 most);
    error SharesNotWhole(Pool pool, uint256 sum, uint256 expected);
    error ShareZero(uint256 rule);
    error KeyMissing(uint256 rule);
    error ClassesInvalid(uint256 rule, uint16 classes);
    error FundInvalid(uint256 rule, uint24 fund);
    error FallbackNotAFund(uint24 account);
    /// The excess goes to withdrawal-side keys only.
    error ExcessKeyInvalid(uint256 rule, Key key);
    /// No part of the excess goes to enterprises.
    error ExcessToEnterprises(uint256 rule);
    error FundNotSocial(uint24 account);
    /// Not two different accounts of kind Reserve.
    error ReservesInvalid(uint24 excessReserve, uint24 advanceReserve);
    error HoldBackTooLarge(uint16 holdBack, uint256 most);
    error MinimumPaymentTooLarge(uint64 minimumPayment, uint64 most);
    /// A rule set begins after the one before it and, unless it is the first, with a month that has not begun.
    error RuleSetTooEarly(uint16 fromMonth, uint16 earliest);
    /// More than five years ahead: surely mistyped, and it would bar all rule sets before it.
    error RuleSetTooLate(uint16 fromMonth, uint256 latestHour);
    error RuleSetNotProposed(uint16 version, bytes32 ruleSetHash);
    error NoRuleSetInForce(uint16 month);
    error SamePerson(address person);

    /// Proposes the next rule set; replaces a proposal that was not adopted.
    function propose(RuleSet calldata ruleSet) external;

    /// Puts the proposed rule set in force. The hash, keccak256(abi.encode(ruleSet)), names the very proposal that the
    /// second person has seen.
    function adopt(uint16 version, bytes32 ruleSetHash) external;

    /// Number of adopted rule sets; they are numbered from 1.
    function ruleSetCount() external view returns (uint16);

    function ruleSet(uint16 version) external view returns (RuleSet memory);

    /// The terms in force in a month. Reverts if no rule set is.
    function termsOf(uint16 month) external view returns (Terms memory);

    /// Of each rule in force in a month, Σ keys over a range of accounts: Wh, or hours, or weight × hours.
    function weightsOf(
        IEnergyLedger ledger,
        uint16 month,
        AccountRange calldata accounts
    ) external view returns (uint256[] memory weights);

    /// What the rules in force in a month give a range of accounts: pool · share · key / total, each rounded toward zero.
    /// @param totals of each rule, Σ keys over all accounts
    function sharesOf(
        IEnergyLedger ledger,
        uint16 month,
        AccountRange calldata accounts,
        IReceiptBook.Pools calldata pools,
        uint256[] calldata totals
    ) external view returns (Given memory);

    /// The rule set in force in a month, and its number. Reverts if there is none.
    function ruleSetOf(uint16 month) external view returns (uint16 version, RuleSet memory);
}
