// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IReceiptBook} from "../interfaces/IReceiptBook.sol";
import {IRuleBook} from "../interfaces/IRuleBook.sol";
import {AccountRange} from "./Keys.sol";

/// Divides a month's pools among accounts by the rules and their keys.
library Shares {
    int256 private constant WHOLE = 10_000;

    /// Of each account of the range, Σ over the rules of pool · share · key / (10,000 · total), each rounded toward zero, and
    /// what is held if it is a reserve.
    /// @param totals of each rule, Σ keys over all accounts
    /// @param keys by rule and account, as `Keys.ofMonth` has them
    function ofAccounts(
        IRuleBook.RuleSet memory ruleSet,
        IReceiptBook.Pools memory pools,
        uint256[] memory totals,
        uint256[][] memory keys,
        AccountRange memory range
    ) internal pure returns (IRuleBook.Given memory given) {
        given.amounts = new int256[](range.count);
        for (uint256 r = 0; r < keys.length; ++r) {
            IRuleBook.Rule memory rule = ruleSet.rules[r];
            bool isExcess = rule.pool == IRuleBook.Pool.Excess;
            int256 pool = isExcess ? pools.excess : pools.ordinary;
            int256 part = pool * int256(uint256(rule.share));
            int256 sum =
                rule.key == IRuleBook.Key.Fund
                    ? _addTo(given.amounts, range.first, rule.fund, part / WHOLE)
                    : _addShares(given.amounts, part, keys[r], WHOLE * int256(totals[r]));
            if (isExcess) given.excess += sum;
            else given.ordinary += sum;
        }
        _addTo(given.amounts, range.first, ruleSet.remainders.excessReserve, pools.heldExcess);
        _addTo(given.amounts, range.first, ruleSet.remainders.advanceReserve, pools.heldAdvance);
    }

    /// Adds to one account if it is within the range; says how much was added.
    function _addTo(
        int256[] memory amounts,
        uint256 first,
        uint256 account,
        int256 amount
    ) private pure returns (int256) {
        if (account < first || account >= first + amounts.length) return 0;
        amounts[account - first] += amount;
        return amount;
    }

    function _addShares(
        int256[] memory amounts,
        int256 part,
        uint256[] memory keys,
        int256 divisor
    ) private pure returns (int256 sum) {
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] == 0) continue;
            int256 share = (part * int256(keys[i])) / divisor;
            amounts[i] += share;
            sum += share;
        }
    }
}
