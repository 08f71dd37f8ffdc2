// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Four signed 64-bit amounts in micro-euro to a word, the first in the least significant bits: ±9 million million euro.
library Quads {
    uint256 internal constant PER_WORD = 4;

    function get(uint256 word, uint256 lane) internal pure returns (int64) {
        return int64(uint64(word >> (64 * lane)));
    }

    function set(uint256 word, uint256 lane, int64 amount) internal pure returns (uint256) {
        uint256 mask = uint256(type(uint64).max) << (64 * lane);
        return (word & ~mask) | (uint256(uint64(amount)) << (64 * lane));
    }

    /// The word and the lane in which an account's amount stands; accounts are numbered from 1.
    function placeOf(uint24 account) internal pure returns (uint256 word, uint256 lane) {
        uint256 index = uint256(account) - 1;
        return (index / PER_WORD, index % PER_WORD);
    }

    /// How many words hold this many amounts.
    function words(uint256 amounts) internal pure returns (uint256) {
        return (amounts + PER_WORD - 1) / PER_WORD;
    }
}
