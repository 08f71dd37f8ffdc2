// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Day} from "../../../contracts/libraries/Rows.sol";

/// Rows of readings to test with, and what they say, read byte by byte.
library Readings {
    uint256 internal constant HOURS = 24;
    uint256 internal constant ROW_BYTES = 96;

    uint256 private constant TWELVE_BITS = 0x00000fff_00000fff_00000fff_00000fff_00000fff_00000fff_00000fff_00000fff;

    /// Rows in which every word of eight hours is, by lot, empty, full to 2³² − 1, of household size or random, so that
    /// edges meet each other in one batch. Hours from `hourCount` on are empty.
    function random(uint256 seed, uint256 rows, uint256 hourCount) internal pure returns (bytes memory made) {
        made = new bytes(rows * ROW_BYTES);
        for (uint256 i = 0; i < rows * 3; ++i) {
            uint256 noise = uint256(keccak256(abi.encode(seed, i)));
            uint256 kind = uint256(keccak256(abi.encode(noise))) % 6;
            uint256 word = noise;
            if (kind == 0) word = 0;
            else if (kind == 1) word = type(uint256).max;
            else if (kind != 2) word = noise & TWELVE_BITS;
            uint256 first = (i % 3) * 8;
            uint256 used = hourCount <= first ? 0 : hourCount - first;
            if (used < 8) word &= ~(type(uint256).max >> (32 * used));
            assembly ("memory-safe") {
                mstore(add(add(made, 32), mul(i, 32)), word)
            }
        }
    }

    /// Rows full of one reading.
    function full(uint32 wattHours, uint256 rows) internal pure returns (bytes memory made) {
        made = new bytes(rows * ROW_BYTES);
        for (uint256 i = 0; i < made.length; i += 4) {
            put(made, i / ROW_BYTES, (i % ROW_BYTES) / 4, wattHours);
        }
    }

    function put(bytes memory rows, uint256 row, uint256 hour, uint32 wattHours) internal pure {
        uint256 place = row * ROW_BYTES + hour * 4;
        rows[place] = bytes1(uint8(wattHours >> 24));
        rows[place + 1] = bytes1(uint8(wattHours >> 16));
        rows[place + 2] = bytes1(uint8(wattHours >> 8));
        rows[place + 3] = bytes1(uint8(wattHours));
    }

    function get(bytes memory rows, uint256 row, uint256 hour) internal pure returns (uint256) {
        uint256 place = row * ROW_BYTES + hour * 4;
        return
            uint256(uint8(rows[place])) * 2 ** 24 +
            uint256(uint8(rows[place + 1])) * 2 ** 16 +
            uint256(uint8(rows[place + 2])) * 2 ** 8 +
            uint256(uint8(rows[place + 3]));
    }

    /// Σ over the rows, by hour.
    function sums(bytes memory rows) internal pure returns (uint256[24] memory byHour) {
        for (uint256 row = 0; row < rows.length / ROW_BYTES; ++row) {
            for (uint256 h = 0; h < HOURS; ++h) {
                byHour[h] += get(rows, row, h);
            }
        }
    }

    /// The packed form of hourly values, laid out as Day documents it: word 2j+p has the hours 8j+p, 8j+p+2, 8j+p+4,
    /// 8j+p+6.
    function pack(uint256[24] memory byHour) internal pure returns (Day memory day) {
        uint256[6] memory words;
        for (uint256 j = 0; j < 3; ++j) {
            for (uint256 p = 0; p < 2; ++p) {
                for (uint256 k = 0; k < 4; ++k) {
                    words[2 * j + p] = words[2 * j + p] * 2 ** 64 + byHour[8 * j + p + 2 * k];
                }
            }
        }
        _store(day, words);
    }

    /// As `pack`, with the lanes of each word in reverse order.
    function packReversed(uint256[24] memory byHour) internal pure returns (Day memory day) {
        uint256[6] memory words;
        for (uint256 j = 0; j < 3; ++j) {
            for (uint256 p = 0; p < 2; ++p) {
                for (uint256 k = 4; k > 0; --k) {
                    words[2 * j + p] = words[2 * j + p] * 2 ** 64 + byHour[8 * j + p + 2 * (k - 1)];
                }
            }
        }
        _store(day, words);
    }

    function equal(Day memory a, Day memory b) internal pure returns (bool) {
        return keccak256(abi.encode(a)) == keccak256(abi.encode(b));
    }

    function lesser(uint256 a, uint256 b) internal pure returns (uint256) {
        return a < b ? a : b;
    }

    function _store(Day memory day, uint256[6] memory words) private pure {
        assembly ("memory-safe") {
            mcopy(day, words, 192)
        }
    }
}
