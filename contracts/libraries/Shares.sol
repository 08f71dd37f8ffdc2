// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {IRuleBook} from "../interfaces/IRuleBook.sol";
import {AccountRange} from "./Keys.sol";

/// What a month's receipts are divided by.
struct Pool {
    /// Micro-euro.
    int256 amount;
    uint24 fallbackFund;
    IRuleBook.Rule[] rules;
    /// Of each rule, Σ keys over all accounts.
    uint256[] totals;
}

/// Divides a month's pool among accounts by the rules and their keys.
library Shares {
    using SafeCast for int256;

    int256 private constant WHOLE = 10_000;

    /// Of each account of the range, Σ over the rules of pool · share · key / (10,000 · total), each rounded toward zero.
    /// @param keys by rule and account, as `Keys.ofMonth` has them
    function ofAccounts(
        Pool memory pool,
        uint256[][] memory keys,
        AccountRange memory range
    ) internal pure returns (int64[] memory entitlements) {
        int256[] memory sums = new int256[](range.count);
        for (uint256 r = 0; r < keys.length; ++r) {
            IRuleBook.Rule memory rule = pool.rules[r];
            int256 part = pool.amount * int256(uint256(rule.share));
            if (rule.key == IRuleBook.Key.Fund) {
                bool isWithin = rule.fund >= range.first && rule.fund < range.first + range.count;
                if (isWithin) sums[rule.fund - range.first] += part / WHOLE;
            } else {
                _addShares(sums, part, keys[r], WHOLE * int256(pool.totals[r]));
            }
        }
        entitlements = new int64[](range.count);
        for (uint256 i = 0; i < range.count; ++i) {
            entitlements[i] = sums[i].toInt64();
        }
    }

    function _addShares(int256[] memory sums, int256 part, uint256[] memory keys, int256 divisor) private pure {
        for (uint256 i = 0; i < keys.length; ++i) {
            if (keys[i] != 0) sums[i] += (part * int256(keys[i])) / divisor;
        }
    }
}
