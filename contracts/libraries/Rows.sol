// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Lanes} from "./Lanes.sol";

/// Twenty-four hourly quantities of one channel or of a whole configuration, in Wh, as six words of four lanes.
/// Word 2j+p holds hours 8j+p, 8j+p+2, 8j+p+4 and 8j+p+6: the even (p = 0) and odd (p = 1) lanes of a row's word j.
struct Day {
    Lanes[6] words;
}

/// Reads the rows of a batch: 96 bytes a row, 24 big-endian uint32 readings in Wh, hour 0 first.
library Rows {
    uint256 internal constant BYTES = 96;
    uint256 internal constant HOURS = 24;

    /// Coincident ratios are fractions of 2³⁰ (Q30).
    uint256 internal constant RATIO_BITS = 30;

    uint256 private constant ODD = 0x00000000ffffffff_00000000ffffffff_00000000ffffffff_00000000ffffffff;

    /// How many rows the byte string holds; a trailing part of a row does not count.
    function count(bytes calldata rows) internal pure returns (uint256) {
        return rows.length / BYTES;
    }

    /// The readings of one row.
    function row(bytes calldata rows, uint256 index) internal pure returns (Day memory day) {
        (uint256 a, uint256 b, uint256 c) = _load(rows, index);
        day.words[0] = _even(a);
        day.words[1] = _odd(a);
        day.words[2] = _even(b);
        day.words[3] = _odd(b);
        day.words[4] = _even(c);
        day.words[5] = _odd(c);
    }

    /// Sum over the rows, hour by hour, in Wh. Exact: 1,500 rows of 2³² − 1 Wh stay below 2⁴³.
    function sum(bytes calldata rows) internal pure returns (Day memory result) {
        uint256 rowCount = count(rows);
        Lanes s0;
        Lanes s1;
        Lanes s2;
        Lanes s3;
        Lanes s4;
        Lanes s5;
        for (uint256 i = 0; i < rowCount; ++i) {
            (uint256 a, uint256 b, uint256 c) = _load(rows, i);
            s0 = s0 + _even(a);
            s1 = s1 + _odd(a);
            s2 = s2 + _even(b);
            s3 = s3 + _odd(b);
            s4 = s4 + _even(c);
            s5 = s5 + _odd(c);
        }
        result.words = [s0, s1, s2, s3, s4, s5];
    }

    /// Hour by hour minimum: with what was injected and withdrawn, the shared energy (rules.md, Shared energy).
    function minimum(Day memory a, Day memory b) internal pure returns (Day memory result) {
        for (uint256 k = 0; k < 6; ++k) {
            result.words[k] = a.words[k].minimum(b.words[k]);
        }
    }

    /// ⌊part · 2³⁰ / whole⌋ of every hour, zero where the whole is zero; lanes in reverse order, as `coincident` needs them.
    /// No hour of `part` may exceed `whole`.
    function ratios(Day memory part, Day memory whole) internal pure returns (Day memory reversed) {
        for (uint256 k = 0; k < 6; ++k) {
            uint256 parts = Lanes.unwrap(part.words[k]);
            uint256 wholes = Lanes.unwrap(whole.words[k]);
            uint256 packed;
            for (uint256 shift = 0; shift < 256; shift += 64) {
                uint256 divisor = (wholes >> shift) & type(uint64).max;
                if (divisor != 0) {
                    uint256 ratio = (((parts >> shift) & type(uint64).max) << RATIO_BITS) / divisor;
                    packed |= ratio << (192 - shift);
                }
            }
            reversed.words[k] = Lanes.wrap(packed);
        }
    }

    /// ⌊Σₕ readingₕ · ratioₕ / 2³⁰⌋ of one row, in Wh: one floor for the whole row.
    function coincident(bytes calldata rows, uint256 index, Day memory reversedRatios)
        internal
        pure
        returns (uint256)
    {
        (uint256 a, uint256 b, uint256 c) = _load(rows, index);
        Lanes[6] memory r = reversedRatios.words;
        unchecked {
            uint256 scaled = _even(a).dot(r[0]) + _odd(a).dot(r[1]) + _even(b).dot(r[2]) + _odd(b).dot(r[3])
                + _even(c).dot(r[4]) + _odd(c).dot(r[5]);
            return scaled >> RATIO_BITS;
        }
    }

    /// Σₕ of all hours, in Wh.
    function total(Day memory day) internal pure returns (uint256 wattHours) {
        for (uint256 k = 0; k < 6; ++k) {
            uint256 word = Lanes.unwrap(day.words[k]);
            wattHours += (word >> 192) + ((word >> 128) & type(uint64).max) + ((word >> 64) & type(uint64).max)
                + (word & type(uint64).max);
        }
    }

    /// The quantity of one hour (0–23), in Wh.
    function hour(Day memory day, uint256 index) internal pure returns (uint256) {
        uint256 word = Lanes.unwrap(day.words[(index / 8) * 2 + (index % 2)]);
        return (word >> (192 - 64 * ((index % 8) / 2))) & type(uint64).max;
    }

    /// One reading, in Wh.
    function reading(bytes calldata rows, uint256 index, uint256 hourIndex) internal pure returns (uint256 wattHours) {
        assembly ("memory-safe") {
            wattHours := shr(224, calldataload(add(rows.offset, add(mul(index, 96), mul(hourIndex, 4)))))
        }
    }

    function _load(bytes calldata rows, uint256 index) private pure returns (uint256 a, uint256 b, uint256 c) {
        assembly ("memory-safe") {
            let offset := add(rows.offset, mul(index, 96))
            a := calldataload(offset)
            b := calldataload(add(offset, 32))
            c := calldataload(add(offset, 64))
        }
    }

    /// Readings 0, 2, 4 and 6 of a row's word.
    function _even(uint256 word) private pure returns (Lanes) {
        return Lanes.wrap((word >> 32) & ODD);
    }

    /// Readings 1, 3, 5 and 7 of a row's word.
    function _odd(uint256 word) private pure returns (Lanes) {
        return Lanes.wrap(word & ODD);
    }
}
