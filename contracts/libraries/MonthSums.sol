// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Sums of a month in Wh, six to a word of 42 bits each, addressed by channel or plant number: number n stands in
/// word n / 6, lane n % 6, the first lane in the least significant bits.
///
/// 42 bits hold any month: the longest has 745 hours of at most 2³² − 1 Wh, below 2⁴². So a lane never spills over,
/// and a thousand channels take 167 storage slots.
library MonthSums {
    uint256 internal constant PER_WORD = 6;
    uint256 private constant LANE_BITS = 42;
    uint256 private constant LANE = (1 << LANE_BITS) - 1;

    /// Empty sums for the numbers 0 to `highest`.
    function blank(uint256 highest) internal pure returns (uint256[] memory) {
        return new uint256[](highest / PER_WORD + 1);
    }

    function add(uint256[] memory words, uint256 number, uint256 wattHours) internal pure {
        unchecked {
            words[number / PER_WORD] += wattHours << (LANE_BITS * (number % PER_WORD));
        }
    }

    function get(uint256[] memory words, uint256 number) internal pure returns (uint256 wattHours) {
        return (words[number / PER_WORD] >> (LANE_BITS * (number % PER_WORD))) & LANE;
    }

    /// Adds a batch's sums to the month's, one storage write for six channels; words without energy are left alone.
    function addTo(uint256[] memory words, mapping(uint256 word => uint256) storage stored) internal {
        unchecked {
            for (uint256 i = 0; i < words.length; ++i) {
                if (words[i] != 0) stored[i] += words[i];
            }
        }
    }

    /// Puts a corrected batch's sums in the place of those it was recorded with. Within the sum of a word the borrow of a lane
    /// may pass through its neighbour; what is left in each lane is a sum of readings again, so in the end none is missing.
    /// @param before as many words as `words`
    function replaceIn(
        uint256[] memory words,
        uint256[] memory before,
        mapping(uint256 word => uint256) storage stored
    ) internal {
        unchecked {
            for (uint256 i = 0; i < words.length; ++i) {
                if (words[i] != before[i]) stored[i] += words[i] - before[i];
            }
        }
    }

    /// The month's sums for the numbers 0 to `highest`.
    function load(
        mapping(uint256 word => uint256) storage stored,
        uint256 highest
    ) internal view returns (uint256[] memory words) {
        words = blank(highest);
        for (uint256 i = 0; i < words.length; ++i) {
            words[i] = stored[i];
        }
    }
}
