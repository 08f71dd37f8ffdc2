// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Which months were changed after they had been recorded, in the order of the changes, sixteen to a word. Bits 0–14 of a
/// change are its month; bit 15 says that all later months may have changed too.
library MonthChanges {
    uint256 private constant PER_WORD = 16;
    uint256 private constant LANE_BITS = 16;
    uint16 private constant AND_LATER = 0x8000;

    struct List {
        uint32 count;
        mapping(uint256 word => uint256) words;
    }

    function note(List storage list, uint16 month) internal {
        _push(list, month);
    }

    /// Notes a change to the month and to all after it.
    function noteFrom(List storage list, uint16 month) internal {
        _push(list, month | AND_LATER);
    }

    /// Whether a change after the first `since` touched a month of the range, both ends included.
    function touches(List storage list, uint32 since, uint16 fromMonth, uint16 toMonth) internal view returns (bool) {
        uint256 count = list.count;
        uint256 word;
        for (uint256 index = since; index < count; ++index) {
            if (index == since || index % PER_WORD == 0) word = list.words[index / PER_WORD];
            uint16 change = uint16(word >> (LANE_BITS * (index % PER_WORD)));
            uint16 month = change & ~AND_LATER;
            if (month <= toMonth && (month >= fromMonth || change & AND_LATER != 0)) return true;
        }
        return false;
    }

    function _push(List storage list, uint16 change) private {
        uint256 index = list.count;
        ++list.count;
        list.words[index / PER_WORD] |= uint256(change) << (LANE_BITS * (index % PER_WORD));
    }
}
