// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

/// What the live run would add to four accounts, and the attempt that computed it, in one word: signed 56-bit amounts in
/// micro-euro (±36 thousand million euro), the first in the least significant bits, and above them a 32-bit attempt. The word
/// of an earlier attempt counts for nothing and is written over.
library Deltas {
    using SafeCast for int256;

    uint256 private constant LANE_BITS = 56;
    uint256 private constant ATTEMPT_AT = 224;

    /// The word as it counts in an attempt: as stored if that attempt wrote it, else without amounts.
    function during(uint256 word, uint32 attempt) internal pure returns (uint256) {
        return attemptOf(word) == attempt ? word : uint256(attempt) << ATTEMPT_AT;
    }

    function attemptOf(uint256 word) internal pure returns (uint32) {
        return uint32(word >> ATTEMPT_AT);
    }

    function get(uint256 word, uint256 lane) internal pure returns (int64) {
        return int56(uint56(word >> (LANE_BITS * lane)));
    }

    /// Reverts if the amount is beyond 56 bits.
    function set(uint256 word, uint256 lane, int64 amount) internal pure returns (uint256) {
        uint256 mask = uint256(type(uint56).max) << (LANE_BITS * lane);
        return (word & ~mask) | (uint256(uint56(int256(amount).toInt56())) << (LANE_BITS * lane));
    }
}
