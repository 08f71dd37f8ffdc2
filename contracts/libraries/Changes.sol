// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// A list of what changed in which month of which configuration, eight to a word, so that a run can ask whether anything it
/// has computed from changed meanwhile.
library Changes {
    uint256 private constant PER_WORD = 8;

    struct List {
        uint32 count;
        mapping(uint256 word => uint256) words;
    }

    function note(List storage list, uint16 configuration, uint16 month) internal {
        uint256 index = list.count;
        ++list.count;
        uint256 change = (uint256(configuration) << 16) | month;
        list.words[index / PER_WORD] |= change << (32 * (index % PER_WORD));
    }

    /// Whether a change after the first `since` is in one of the first `configurations` and in a month of the range.
    function touches(
        List storage list,
        uint32 since,
        uint16 configurations,
        uint16 fromMonth,
        uint16 toMonth
    ) internal view returns (bool) {
        uint256 count = list.count;
        for (uint256 index = since; index < count; ++index) {
            uint256 change = list.words[index / PER_WORD] >> (32 * (index % PER_WORD));
            uint16 month = uint16(change);
            if (uint16(change >> 16) < configurations && month >= fromMonth && month <= toMonth) return true;
        }
        return false;
    }
}
