// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

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

    struct Rule {
        /// Part of the pool in basis points.
        uint16 share;
        Key key;
        /// The classes it serves, class c as bit c; zero with key Fund.
        uint16 classes;
        /// The fund's account number with key Fund, else zero.
        uint24 fund;
    }

    struct RuleSet {
        /// The first month in force.
        uint16 fromMonth;
        /// Gets what rules without an eligible key would have paid, and the rounding dust.
        uint24 fallbackFund;
        /// Keccak-256 of the document that the members adopted.
        bytes32 documentHash;
        Rule[] rules;
    }

    event RuleSetProposed(uint16 indexed version, RuleSet ruleSet, bytes32 ruleSetHash, address proposer);
    event RuleSetAdopted(uint16 indexed version, uint16 fromMonth, bytes32 ruleSetHash, address adopter);

    error NoRules();
    error TooManyRules(uint256 given, uint256 most);
    error SharesNotWhole(uint256 sum, uint256 expected);
    error ShareZero(uint256 rule);
    error KeyMissing(uint256 rule);
    error ClassesInvalid(uint256 rule, uint16 classes);
    error FundInvalid(uint256 rule, uint24 fund);
    error FallbackNotAFund(uint24 account);
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

    /// The rule set in force in a month, and its number.
    function ruleSetOf(uint16 month) external view returns (uint16 version, RuleSet memory);
}
