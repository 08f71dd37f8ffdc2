// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {Classes} from "./libraries/Classes.sol";

/// See IRuleBook.
contract RuleBook is IRuleBook, AccessManaged {
    uint256 public constant MAX_RULES = 12;
    uint256 private constant WHOLE = 10_000;
    uint256 private constant MAX_AHEAD = 5 * 365 days;

    ICommunity public immutable community;

    /// @inheritdoc IRuleBook
    uint16 public ruleSetCount;
    mapping(uint16 version => RuleSet) private _ruleSets;
    RuleSet private _proposal;
    address private _proposer;

    constructor(address authority, ICommunity community_) AccessManaged(authority) {
        community = community_;
    }

    /// @inheritdoc IRuleBook
    function propose(RuleSet calldata proposed) external restricted {
        _checkRules(proposed);
        _checkTime(proposed.fromMonth);
        _proposal = proposed;
        _proposer = msg.sender;
        emit RuleSetProposed(ruleSetCount + 1, proposed, keccak256(abi.encode(proposed)), msg.sender);
    }

    /// @inheritdoc IRuleBook
    function adopt(uint16 version, bytes32 ruleSetHash) external restricted {
        RuleSet memory proposed = _proposal;
        if (version != ruleSetCount + 1 || proposed.rules.length == 0 || keccak256(abi.encode(proposed)) != ruleSetHash)
            revert RuleSetNotProposed(version, ruleSetHash);
        if (msg.sender == _proposer) revert SamePerson(msg.sender);
        _checkTime(proposed.fromMonth);

        ruleSetCount = version;
        _ruleSets[version] = proposed;
        delete _proposal;
        delete _proposer;
        emit RuleSetAdopted(version, proposed.fromMonth, ruleSetHash, msg.sender);
    }

    /// @inheritdoc IRuleBook
    function ruleSet(uint16 version) external view returns (RuleSet memory) {
        return _ruleSets[version];
    }

    /// @inheritdoc IRuleBook
    function ruleSetOf(uint16 month) external view returns (uint16 version, RuleSet memory) {
        for (version = ruleSetCount; version != 0; --version) {
            if (_ruleSets[version].fromMonth <= month) return (version, _ruleSets[version]);
        }
        revert NoRuleSetInForce(month);
    }

    function _checkRules(RuleSet calldata proposed) private view {
        uint256 count = proposed.rules.length;
        if (count == 0) revert NoRules();
        if (count > MAX_RULES) revert TooManyRules(count, MAX_RULES);
        if (!_isFund(proposed.fallbackFund)) revert FallbackNotAFund(proposed.fallbackFund);
        uint256 sum;
        for (uint256 i = 0; i < count; ++i) {
            Rule calldata rule = proposed.rules[i];
            if (rule.share == 0) revert ShareZero(i);
            sum += rule.share;
            if (rule.key == Key.None) revert KeyMissing(i);
            if (rule.key == Key.Fund) {
                if (!_isFund(rule.fund)) revert FundInvalid(i, rule.fund);
                if (rule.classes != 0) revert ClassesInvalid(i, rule.classes);
            } else {
                if (rule.fund != 0) revert FundInvalid(i, rule.fund);
                if (rule.classes == 0 || rule.classes & ~Classes.ALL != 0) revert ClassesInvalid(i, rule.classes);
            }
        }
        if (sum != WHOLE) revert SharesNotWhole(sum, WHOLE);
    }

    function _checkTime(uint16 fromMonth) private view {
        uint256 latestHour = (block.timestamp + MAX_AHEAD) / 1 hours;
        if (Calendar.startOf(fromMonth) > latestHour) revert RuleSetTooLate(fromMonth, latestHour);
        if (ruleSetCount == 0) return;
        uint16 earliest = _ruleSets[ruleSetCount].fromMonth + 1;
        uint16 coming = Calendar.monthOf(block.timestamp / 1 hours) + 1;
        if (earliest < coming) earliest = coming;
        if (fromMonth < earliest) revert RuleSetTooEarly(fromMonth, earliest);
    }

    function _isFund(uint24 number) private view returns (bool) {
        if (number == 0 || number > community.accountCount()) return false;
        return community.account(number).kind == ICommunity.AccountKind.Fund;
    }
}
