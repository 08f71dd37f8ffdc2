// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "../../../contracts/interfaces/ICommunity.sol";
import {IRuleBook} from "../../../contracts/interfaces/IRuleBook.sol";
import {Calendar} from "../../../contracts/libraries/Calendar.sol";
import {Classes} from "../../../contracts/libraries/Classes.sol";
import {EnergyActions} from "./EnergyActions.sol";

/// The secretary proposes rule sets for months that have not begun, the president adopts them.
abstract contract RuleActions is EnergyActions {
    /// Enrolled at the beginning, before the two reserves.
    uint24 internal constant SOCIAL_FUND = 5;
    IRuleBook.RuleSet private _rulesDraft;
    address private _rulesProposer;

    function proposeRules(uint256 seed) external action {
        _proposeRules(seed, _earliestMonth() + uint16(_random(seed, "ahead", 2)));
    }

    function adoptRules() external action {
        _adoptRules();
    }

    /// The first rule set reaches back to the first month, which has begun.
    function _setUpRules() internal {
        _proposeRules(48, FIRST_MONTH);
        _adoptRules();
    }

    function _earliestMonth() private view returns (uint16 month) {
        uint16 count = ruleBook.ruleSetCount();
        if (count != 0) month = ruleBook.ruleSet(count).fromMonth + 1;
        while (Calendar.startOf(month) * 1 hours <= clock) ++month;
    }

    function _adoptRules() private {
        uint16 version = ruleBook.ruleSetCount() + 1;
        bytes4 expected;
        if (_rulesDraft.rules.length == 0) expected = IRuleBook.RuleSetNotProposed.selector;
        else if (_rulesProposer == PRESIDENT) expected = IRuleBook.SamePerson.selector;
        else if (version != 1 && _rulesDraft.fromMonth < _earliestMonth()) {
            expected = IRuleBook.RuleSetTooEarly.selector;
        }
        bytes memory data = abi.encodeCall(IRuleBook.adopt, (version, keccak256(abi.encode(_rulesDraft))));
        if (_as(PRESIDENT, address(ruleBook), data, expected)) delete _rulesDraft;
    }

    /// One to four rules with random keys, and shares that make up the whole.
    function _proposeRules(uint256 seed, uint16 fromMonth) private {
        delete _rulesDraft;
        _rulesDraft.fromMonth = fromMonth;
        _rulesDraft.remainders = IRuleBook.Remainders(_fund(seed, "fallback"), SOCIAL_FUND, 6, 7);
        _rulesDraft.policy = _policy(seed);
        _rulesDraft.documentHash = bytes32(seed);
        uint256 count = 1 + (seed % 4);
        uint16 left = 10_000;
        for (uint256 i = 0; i < count; ++i) {
            uint256 lot = uint256(keccak256(abi.encode(seed, i)));
            uint16 others = uint16(count - 1 - i);
            uint16 share = others == 0 ? left : 1 + uint16(lot % (left - others));
            left -= share;
            IRuleBook.Key key = IRuleBook.Key(1 + _random(lot, "key", 6));
            bool toFund = key == IRuleBook.Key.Fund;
            uint16 classes = uint16(_random(lot, "classes", 2) == 0 ? Classes.ALL : 2 << _random(lot, "class", 7));
            uint24 fund = toFund ? _fund(lot, "fund") : 0;
            _rulesDraft.rules.push(IRuleBook.Rule(IRuleBook.Pool.Ordinary, share, key, toFund ? 0 : classes, fund));
        }
        if (_random(seed, "excess", 3) != 0) _addExcessRules(seed);
        _rulesProposer = _random(seed, "proposer", 8) == 0 ? PRESIDENT : SECRETARY;
        _as(_rulesProposer, address(ruleBook), abi.encodeCall(IRuleBook.propose, (_rulesDraft)), 0);
    }

    /// Half by a withdrawal-side key, half to the social fund.
    function _addExcessRules(uint256 seed) private {
        IRuleBook.Key[3] memory keys = [
            IRuleBook.Key.CoincidentWithdrawal,
            IRuleBook.Key.Equal,
            IRuleBook.Key.StaticWeight
        ];
        uint16 classes = Classes.ALL & ~uint16(1 << Classes.IMPRESA);
        IRuleBook.Key key = keys[_random(seed, "excess key", 3)];
        _rulesDraft.rules.push(IRuleBook.Rule(IRuleBook.Pool.Excess, 5000, key, classes, 0));
        _rulesDraft.rules.push(IRuleBook.Rule(IRuleBook.Pool.Excess, 5000, IRuleBook.Key.Fund, 0, SOCIAL_FUND));
    }

    function _policy(uint256 seed) private pure returns (IRuleBook.PayoutPolicy memory) {
        uint16 holdBack = _random(seed, "holds", 2) == 0 ? 0 : uint16(_random(seed, "hold", 10_001));
        uint64 minimum = _random(seed, "has a minimum", 2) == 0 ? 0 : uint64(_random(seed, "minimum", 100_000_000));
        return IRuleBook.PayoutPolicy(holdBack, _random(seed, "yearly", 6) == 0, minimum);
    }

    function _fund(uint256 seed, string memory what) private view returns (uint24 fund) {
        uint24 count = community.accountCount();
        fund = 1 + uint24(_random(seed, what, count));
        while (community.account(fund).kind != ICommunity.AccountKind.Fund) fund = (fund % count) + 1;
    }
}
