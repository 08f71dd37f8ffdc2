// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Lanes} from "./Lanes.sol";

/// Twenty-four hourly quantities of one channel or of a whole configuration, in Wh, as six words of four lanes.
/// Word 2j+p holds hours 8j+p, 8j+p+2, 8j+p+4 and 8j+p+6: the even (p = 0) and odd (p = 1) lanes of a row's word j.
struct Day {
    Lanes w0;
    Lanes w1;
    Lanes w2;
    Lanes w3;
    Lanes w4;
    Lanes w5;
}

/// Reads the rows of a batch: 96 bytes a row, 24 big-endian uint32 readings in Wh, hour 0 first.
library Rows {
    uint256 internal constant BYTES = 96;
    uint256 internal constant HOURS = 24;

    /// Coincident ratios are fractions of 2³⁰ (Q30).
    uint256 internal constant RATIO_BITS = 30;

    uint256 private constant LANE = type(uint64).max;
    uint256 private constant ODD = 0x00000000ffffffff_00000000ffffffff_00000000ffffffff_00000000ffffffff;

    /// How many rows the byte string holds; a trailing part of a row does not count.
    function count(bytes calldata rows) internal pure returns (uint256) {
        return rows.length / BYTES;
    }

    /// Sum over the rows, hour by hour, in Wh. Exact: 1,500 rows of 2³² − 1 Wh stay below 2⁴³.
    ///
    /// With `addCoincident` and `RowTree` the hot loop of the whole system, hence in assembly; per word it is
    /// `sum = sum + _even(word)` and `sum = sum + _odd(word)`.
    function sum(bytes calldata rows) internal pure returns (Day memory day) {
        assembly ("memory-safe") {
            let s0 := 0
            let s1 := 0
            let s2 := 0
            let s3 := 0
            let s4 := 0
            let s5 := 0
            let end := add(rows.offset, rows.length)
            for {
                let offset := rows.offset
            } lt(offset, end) {
                offset := add(offset, 96)
            } {
                let word := calldataload(offset)
                s0 := add(s0, and(shr(32, word), ODD))
                s1 := add(s1, and(word, ODD))
                word := calldataload(add(offset, 32))
                s2 := add(s2, and(shr(32, word), ODD))
                s3 := add(s3, and(word, ODD))
                word := calldataload(add(offset, 64))
                s4 := add(s4, and(shr(32, word), ODD))
                s5 := add(s5, and(word, ODD))
            }
            mstore(day, s0)
            mstore(add(day, 0x20), s1)
            mstore(add(day, 0x40), s2)
            mstore(add(day, 0x60), s3)
            mstore(add(day, 0x80), s4)
            mstore(add(day, 0xa0), s5)
        }
    }

    /// Hour by hour minimum: with what was injected and withdrawn, the shared energy (rules.md, Shared energy).
    function minimum(Day memory a, Day memory b) internal pure returns (Day memory) {
        return
            Day(
                a.w0.minimum(b.w0),
                a.w1.minimum(b.w1),
                a.w2.minimum(b.w2),
                a.w3.minimum(b.w3),
                a.w4.minimum(b.w4),
                a.w5.minimum(b.w5)
            );
    }

    /// Takes of `left` what one row has, as far as it goes, hour by hour; says how much that was, in Wh.
    function take(Day memory left, bytes calldata rows, uint256 index) internal pure returns (uint256 wattHours) {
        (uint256 a, uint256 b, uint256 c) = _load(rows, index);
        Lanes sum0 = _even(a).minimum(left.w0);
        left.w0 = left.w0 - sum0;
        Lanes taken = _odd(a).minimum(left.w1);
        left.w1 = left.w1 - taken;
        sum0 = sum0 + taken;
        taken = _even(b).minimum(left.w2);
        left.w2 = left.w2 - taken;
        sum0 = sum0 + taken;
        taken = _odd(b).minimum(left.w3);
        left.w3 = left.w3 - taken;
        sum0 = sum0 + taken;
        taken = _even(c).minimum(left.w4);
        left.w4 = left.w4 - taken;
        sum0 = sum0 + taken;
        taken = _odd(c).minimum(left.w5);
        left.w5 = left.w5 - taken;
        return (sum0 + taken).total();
    }

    /// ⌊part · 2³⁰ / whole⌋ of every hour, zero where the whole is zero; lanes in reverse order, as `coincident` needs them.
    /// No hour of `part` may exceed `whole`.
    function ratios(Day memory part, Day memory whole) internal pure returns (Day memory) {
        return
            Day(
                _reversedRatios(part.w0, whole.w0),
                _reversedRatios(part.w1, whole.w1),
                _reversedRatios(part.w2, whole.w2),
                _reversedRatios(part.w3, whole.w3),
                _reversedRatios(part.w4, whole.w4),
                _reversedRatios(part.w5, whole.w5)
            );
    }

    /// Adds ⌊Σₕ readingₕ · ratioₕ / 2³⁰⌋ of each row, in Wh and with one floor for the whole row, to the month sum of the
    /// row's channel. Per word it is `scaled += _even(word).dot(ratio) + _odd(word).dot(nextRatio)`.
    /// @param sums packed as MonthSums has them, long enough for every channel of the roster
    /// @param channelWord memory address of the first row's channel in the roster
    function addCoincident(
        bytes calldata rows,
        Day memory reversedRatios,
        uint256[] memory sums,
        uint256 channelWord
    ) internal pure {
        assembly ("memory-safe") {
            let end := add(rows.offset, rows.length)
            for {
                let offset := rows.offset
            } lt(offset, end) {
                offset := add(offset, 96)
            } {
                let word := calldataload(offset)
                let scaled := add(
                    shr(192, mul(and(shr(32, word), ODD), mload(reversedRatios))),
                    shr(192, mul(and(word, ODD), mload(add(reversedRatios, 0x20))))
                )
                word := calldataload(add(offset, 32))
                scaled := add(scaled, shr(192, mul(and(shr(32, word), ODD), mload(add(reversedRatios, 0x40)))))
                scaled := add(scaled, shr(192, mul(and(word, ODD), mload(add(reversedRatios, 0x60)))))
                word := calldataload(add(offset, 64))
                scaled := add(scaled, shr(192, mul(and(shr(32, word), ODD), mload(add(reversedRatios, 0x80)))))
                scaled := add(scaled, shr(192, mul(and(word, ODD), mload(add(reversedRatios, 0xa0)))))

                let channel := shr(232, mload(channelWord))
                let slot := add(sums, mul(32, add(1, div(channel, 6))))
                mstore(slot, add(mload(slot), shl(mul(42, mod(channel, 6)), shr(RATIO_BITS, scaled))))
                channelWord := add(channelWord, 12)
            }
        }
    }

    /// Σₕ of all hours, in Wh.
    function total(Day memory day) internal pure returns (uint256 wattHours) {
        return (day.w0 + day.w1 + day.w2 + day.w3 + day.w4 + day.w5).total();
    }

    /// The quantity of one hour (0–23), in Wh.
    function hour(Day memory day, uint256 index) internal pure returns (uint256) {
        uint256 place = (index / 8) * 2 + (index % 2);
        uint256 word;
        assembly ("memory-safe") {
            word := mload(add(day, mul(place, 32)))
        }
        return (word >> (192 - 64 * ((index % 8) / 2))) & LANE;
    }

    /// One reading, in Wh.
    function reading(bytes calldata rows, uint256 index, uint256 hourIndex) internal pure returns (uint256 wattHours) {
        assembly ("memory-safe") {
            wattHours := shr(224, calldataload(add(rows.offset, add(mul(index, 96), mul(hourIndex, 4)))))
        }
    }

    function _reversedRatios(Lanes part, Lanes whole) private pure returns (Lanes) {
        uint256 parts = Lanes.unwrap(part);
        uint256 wholes = Lanes.unwrap(whole);
        return
            Lanes.wrap(
                _ratio(parts >> 192, wholes >> 192) |
                    (_ratio((parts >> 128) & LANE, (wholes >> 128) & LANE) << 64) |
                    (_ratio((parts >> 64) & LANE, (wholes >> 64) & LANE) << 128) |
                    (_ratio(parts & LANE, wholes & LANE) << 192)
            );
    }

    /// DIV by zero is zero in the EVM, and that is what an hour without energy needs.
    function _ratio(uint256 part, uint256 whole) private pure returns (uint256 ratio) {
        assembly ("memory-safe") {
            ratio := div(shl(RATIO_BITS, part), whole)
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
