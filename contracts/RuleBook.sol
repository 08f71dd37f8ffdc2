// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {IRuleBook} from "./interfaces/IRuleBook.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {Classes} from "./libraries/Classes.sol";
import {AccountRange, Keys} from "./libraries/Keys.sol";
import {Shares} from "./libraries/Shares.sol";

/// See IRuleBook.
contract RuleBook is IRuleBook, AccessManaged {
    uint256 public constant MAX_RULES = 12;
    uint256 private constant WHOLE = 10_000;
    /// 1,000 €: more is surely mistyped, and would keep everybody waiting.
    uint64 private constant MAX_MINIMUM_PAYMENT = 1_000_000_000;
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
        _checkRemainders(proposed.remainders);
        _checkPolicy(proposed.policy);
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
        version = _versionOf(month);
        return (version, _ruleSets[version]);
    }

    /// @inheritdoc IRuleBook
    function termsOf(uint16 month) external view returns (Terms memory) {
        uint16 version = _versionOf(month);
        RuleSet storage inForce = _ruleSets[version];
        return Terms(version, inForce.rules.length, inForce.remainders, inForce.policy);
    }

    /// @inheritdoc IRuleBook
    function weightsOf(
        IEnergyLedger ledger,
        uint16 month,
        AccountRange calldata accounts
    ) external view returns (uint256[] memory weights) {
        uint256[][] memory keys = Keys.ofMonth(ledger, month, _ruleSets[_versionOf(month)].rules, accounts);
        weights = new uint256[](keys.length);
        for (uint256 r = 0; r < keys.length; ++r) {
            uint256[] memory ofRule = keys[r];
            uint256 sum;
            for (uint256 i = 0; i < ofRule.length; ++i) {
                sum += ofRule[i];
            }
            weights[r] = sum;
        }
    }

    /// @inheritdoc IRuleBook
    function sharesOf(
        IEnergyLedger ledger,
        uint16 month,
        AccountRange calldata accounts,
        IReceiptBook.Pools calldata pools,
        uint256[] calldata totals
    ) external view returns (Given memory) {
        RuleSet memory inForce = _ruleSets[_versionOf(month)];
        uint256[][] memory keys = Keys.ofMonth(ledger, month, inForce.rules, accounts);
        return Shares.ofAccounts(inForce, pools, totals, keys, accounts);
    }

    function _versionOf(uint16 month) private view returns (uint16 version) {
        for (version = ruleSetCount; version != 0; --version) {
            if (_ruleSets[version].fromMonth <= month) return version;
        }
        revert NoRuleSetInForce(month);
    }

    function _checkRules(RuleSet calldata proposed) private view {
        uint256 count = proposed.rules.length;
        if (count == 0) revert NoRules();
        if (count > MAX_RULES) revert TooManyRules(count, MAX_RULES);
        uint256[2] memory sums;
        for (uint256 i = 0; i < count; ++i) {
            Rule calldata rule = proposed.rules[i];
            if (rule.share == 0) revert ShareZero(i);
            sums[uint256(rule.pool)] += rule.share;
            if (rule.key == Key.None) revert KeyMissing(i);
            if (rule.key == Key.Fund) {
                if (!_is(rule.fund, ICommunity.AccountKind.Fund)) revert FundInvalid(i, rule.fund);
                if (rule.classes != 0) revert ClassesInvalid(i, rule.classes);
            } else {
                if (rule.fund != 0) revert FundInvalid(i, rule.fund);
                if (rule.classes == 0 || rule.classes & ~Classes.ALL != 0) revert ClassesInvalid(i, rule.classes);
            }
            if (rule.pool == Pool.Excess) _checkExcessRule(rule, i);
        }
        if (sums[0] != WHOLE) revert SharesNotWhole(Pool.Ordinary, sums[0], WHOLE);
        if (sums[1] != WHOLE && sums[1] != 0) revert SharesNotWhole(Pool.Excess, sums[1], WHOLE);
    }

    /// The law's words: consumers that are not enterprises, or social purposes.
    function _checkExcessRule(Rule calldata rule, uint256 index) private view {
        if (rule.key == Key.Fund) {
            if (!community.account(rule.fund).social) revert FundNotSocial(rule.fund);
        } else if (rule.key == Key.AttributedInjection || rule.key == Key.CoincidentInjection) {
            revert ExcessKeyInvalid(index, rule.key);
        } else if ((rule.classes >> Classes.IMPRESA) & 1 == 1) {
            revert ExcessToEnterprises(index);
        }
    }

    function _checkRemainders(Remainders calldata to) private view {
        if (!_is(to.fallbackFund, ICommunity.AccountKind.Fund)) revert FallbackNotAFund(to.fallbackFund);
        if (!_is(to.excessFallbackFund, ICommunity.AccountKind.Fund)) revert FallbackNotAFund(to.excessFallbackFund);
        if (!community.account(to.excessFallbackFund).social) revert FundNotSocial(to.excessFallbackFund);
        bool areReserves =
            _is(to.excessReserve, ICommunity.AccountKind.Reserve) &&
                _is(to.advanceReserve, ICommunity.AccountKind.Reserve);
        if (!areReserves || to.excessReserve == to.advanceReserve) {
            revert ReservesInvalid(to.excessReserve, to.advanceReserve);
        }
    }

    function _checkPolicy(PayoutPolicy calldata policy) private pure {
        if (policy.holdBack > WHOLE) revert HoldBackTooLarge(policy.holdBack, WHOLE);
        if (policy.minimumPayment > MAX_MINIMUM_PAYMENT) {
            revert MinimumPaymentTooLarge(policy.minimumPayment, MAX_MINIMUM_PAYMENT);
        }
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

    function _is(uint24 number, ICommunity.AccountKind kind) private view returns (bool) {
        if (number == 0 || number > community.accountCount()) return false;
        return community.account(number).kind == kind;
    }
}
