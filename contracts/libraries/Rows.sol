// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Lanes, LANE_TOPS} from "./Lanes.sol";

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
    using Rows for Day;

    uint256 internal constant BYTES = 96;
    uint256 internal constant HOURS = 24;
    /// Of a Day.
    uint256 internal constant WORDS = 6;

    /// Coincident ratios are fractions of 2³⁰ (Q30).
    uint256 internal constant RATIO_BITS = 30;

    uint256 private constant LANE = 0xffffffffffffffff;
    uint256 private constant TOPS = LANE_TOPS;
    uint256 private constant ODD = 0x00000000ffffffff_00000000ffffffff_00000000ffffffff_00000000ffffffff;

    /// How many rows the byte string holds; a trailing part of a row does not count.
    function count(bytes calldata rows) internal pure returns (uint256) {
        return rows.length / BYTES;
    }

    /// Sum over the rows, hour by hour, in Wh. Exact: 1,500 rows of 2³² − 1 Wh stay below 2⁴³.
    ///
    /// With `addCoincident`, `take` and `RowTree` the hot loop of the whole system, hence in assembly; per word it is
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

    /// Sum over the rows whose channel is flagged exempt, hour by hour, in Wh.
    /// @param channelWord memory address of the first row's channel in the roster
    function sumExempt(bytes calldata rows, uint256 channelWord) internal pure returns (Day memory day) {
        assembly ("memory-safe") {
            let end := add(rows.offset, rows.length)
            for {
                let offset := rows.offset
            } lt(offset, end) {
                offset := add(offset, 96)
                channelWord := add(channelWord, 12)
            } {
                if byte(7, mload(channelWord)) {
                    let word := calldataload(offset)
                    mstore(day, add(mload(day), and(shr(32, word), ODD)))
                    mstore(add(day, 0x20), add(mload(add(day, 0x20)), and(word, ODD)))
                    word := calldataload(add(offset, 32))
                    mstore(add(day, 0x40), add(mload(add(day, 0x40)), and(shr(32, word), ODD)))
                    mstore(add(day, 0x60), add(mload(add(day, 0x60)), and(word, ODD)))
                    word := calldataload(add(offset, 64))
                    mstore(add(day, 0x80), add(mload(add(day, 0x80)), and(shr(32, word), ODD)))
                    mstore(add(day, 0xa0), add(mload(add(day, 0xa0)), and(word, ODD)))
                }
            }
        }
    }

    /// Hour by hour minimum: with what was injected and withdrawn, the shared energy (rules.md, Shared energy).
    function minimum(Day memory a, Day memory b) internal pure returns (Day memory least) {
        unchecked {
            for (uint256 i = 0; i < WORDS; ++i) {
                least.setWordAt(i, a.wordAt(i).minimum(b.wordAt(i)));
            }
        }
    }

    /// Takes of `left` what one row has, as far as it goes, hour by hour, and puts it into `taken`. Per word it is
    /// `part = _lanes(row).minimum(left)`, `left = left - part`, `taken = part`.
    /// @return attributed what was taken in all, Wh
    /// @return injected all that the row has, Wh
    function take(
        Day memory left,
        bytes calldata rows,
        uint256 index,
        Day memory taken
    ) internal pure returns (uint256 attributed, uint256 injected) {
        Lanes parts;
        Lanes all;
        assembly ("memory-safe") {
            let offset := add(rows.offset, mul(index, 96))
            for {
                let end := add(offset, 96)
            } lt(offset, end) {
                offset := add(offset, 32)
                left := add(left, 64)
                taken := add(taken, 64)
            } {
                let word := calldataload(offset)
                let lanes := and(shr(32, word), ODD)
                all := add(all, lanes)
                let available := mload(left)
                let fits := shr(63, and(sub(or(lanes, TOPS), available), TOPS))
                lanes := xor(lanes, and(xor(lanes, available), mul(fits, LANE)))
                parts := add(parts, lanes)
                mstore(taken, lanes)
                mstore(left, sub(available, lanes))

                lanes := and(word, ODD)
                all := add(all, lanes)
                available := mload(add(left, 32))
                fits := shr(63, and(sub(or(lanes, TOPS), available), TOPS))
                lanes := xor(lanes, and(xor(lanes, available), mul(fits, LANE)))
                parts := add(parts, lanes)
                mstore(add(taken, 32), lanes)
                mstore(add(left, 32), sub(available, lanes))
            }
        }
        return (parts.total(), all.total());
    }

    /// Σₕ aₕ · bₕ, where the lanes of `reversed` stand in reverse order; see `Lanes.dot` for the limits of each word.
    function dot(Day memory a, Day memory reversed) internal pure returns (uint256) {
        unchecked {
            return
                a.w0.dot(reversed.w0) +
                a.w1.dot(reversed.w1) +
                a.w2.dot(reversed.w2) +
                a.w3.dot(reversed.w3) +
                a.w4.dot(reversed.w4) +
                a.w5.dot(reversed.w5);
        }
    }

    /// ⌊part · 2³⁰ / whole⌋ of every hour, zero where the whole is zero; lanes in reverse order, as `coincident` needs them.
    /// No hour of `part` may exceed `whole`.
    function ratios(Day memory part, Day memory whole) internal pure returns (Day memory reversed) {
        unchecked {
            for (uint256 i = 0; i < WORDS; ++i) {
                reversed.setWordAt(i, _reversedRatios(part.wordAt(i), whole.wordAt(i)));
            }
        }
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

    /// Word w0 (0) to w5 (5).
    function wordAt(Day memory day, uint256 index) internal pure returns (Lanes lanes) {
        assembly ("memory-safe") {
            lanes := mload(add(day, mul(index, 32)))
        }
    }

    function setWordAt(Day memory day, uint256 index, Lanes lanes) internal pure {
        assembly ("memory-safe") {
            mstore(add(day, mul(index, 32)), lanes)
        }
    }

    /// The quantity of one hour (0–23), in Wh.
    function hour(Day memory day, uint256 index) internal pure returns (uint256) {
        unchecked {
            Lanes lanes = wordAt(day, (index / 8) * 2 + (index % 2));
            return (Lanes.unwrap(lanes) >> (192 - 64 * ((index % 8) / 2))) & LANE;
        }
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
}
