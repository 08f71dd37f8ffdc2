// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Day, Rows} from "../../contracts/libraries/Rows.sol";
import {Channel, Plant, Roster} from "../../contracts/libraries/Roster.sol";
import {Readings} from "./support/Readings.sol";
import {Rosters} from "./support/Rosters.sol";
import {isTrue, same, sameAt} from "./support/Vm.sol";

/// Rows and days against plain loops over hours.
contract RowsTest {
    using Readings for bytes;
    using Rows for Day;
    using Rows for bytes;

    uint256 private constant HOURS = 24;
    uint256 private constant MAX_ROWS = 1500;
    uint256 private constant MAX_READING = type(uint32).max;

    function testFuzz_sum(uint256 seed, uint8 rows) external view {
        _checkSum(Readings.random(seed, rows % 9, HOURS));
    }

    function test_sumOfNoRowsOfOneAndOfTheMost() external view {
        _checkSum("");
        _checkSum(Readings.full(type(uint32).max, 1));
        _checkSum(Readings.random(1, 1, 1));
        Day memory day = this.sum(Readings.full(type(uint32).max, MAX_ROWS));
        for (uint256 h = 0; h < HOURS; ++h) {
            sameAt("full hour", h, MAX_ROWS * MAX_READING, day.hour(h));
        }
        same("full day", HOURS * MAX_ROWS * MAX_READING, day.total());
    }

    function testFuzz_minimum(uint256 seed, uint8 close) external pure {
        uint256[24] memory a = _hours(seed, type(uint64).max >> 1);
        uint256[24] memory b = _hours(uint256(keccak256(abi.encode(seed))), type(uint64).max >> 1);
        uint256[24] memory expected;
        for (uint256 h = 0; h < HOURS; ++h) {
            if (h % 8 == close % 8) b[h] = a[h];
            expected[h] = Readings.lesser(a[h], b[h]);
        }
        isTrue("minimum", Readings.equal(Readings.pack(expected), Readings.pack(a).minimum(Readings.pack(b))));
    }

    function testFuzz_ratios(uint256 seed) external pure {
        uint256[24] memory whole = _hours(seed, MAX_ROWS * MAX_READING);
        uint256[24] memory part = _hours(uint256(keccak256(abi.encode(seed))), MAX_ROWS * MAX_READING);
        _checkRatios(part, whole);
    }

    function test_ratiosOfEmptyAndOfWholeHours() external pure {
        uint256[24] memory part;
        uint256[24] memory whole;
        _checkRatios(part, whole);
        for (uint256 h = 0; h < HOURS; ++h) {
            whole[h] = h % 3 == 0 ? 0 : MAX_ROWS * MAX_READING;
            part[h] = h % 3 == 1 ? whole[h] : 0;
        }
        _checkRatios(part, whole);
    }

    function testFuzz_take(uint256 seed, uint8 index) external view {
        bytes memory rows = Readings.random(seed, 4, HOURS);
        _checkTake(_hours(uint256(keccak256(abi.encode(seed))), 2 * MAX_READING), rows, index % 4);
    }

    function test_takeFromNothingAndOfEverything() external view {
        uint256[24] memory left;
        _checkTake(left, Readings.full(type(uint32).max, 1), 0);
        for (uint256 h = 0; h < HOURS; ++h) {
            left[h] = MAX_ROWS * MAX_READING;
        }
        _checkTake(left, Readings.full(type(uint32).max, 2), 1);
        _checkTake(left, Readings.full(0, 1), 0);
    }

    function testFuzz_dot(uint256 seed) external pure {
        uint256[24] memory a = _hours(seed, MAX_READING);
        uint256[24] memory b = _hours(uint256(keccak256(abi.encode(seed))), 2 ** 30);
        uint256 expected;
        for (uint256 h = 0; h < HOURS; ++h) {
            expected += a[h] * b[h];
        }
        same("dot", expected, Readings.pack(a).dot(Readings.packReversed(b)));
    }

    function testFuzz_sumExempt(uint256 seed, uint8 rows) external view {
        uint256 count = rows % 9;
        bytes memory readings = Readings.random(seed, count, HOURS);
        Channel[] memory channels = Rosters.numbered(count, 1, 1);
        uint256[24] memory expected;
        for (uint256 row = 0; row < count; ++row) {
            channels[row].exempt = uint8((seed / 2 ** row) % 2);
            for (uint256 h = 0; h < HOURS; ++h) {
                if (channels[row].exempt == 1) expected[h] += readings.get(row, h);
            }
        }
        bytes memory roster = Rosters.encode(new Channel[](0), channels, new Plant[](0));
        isTrue("exempt", Readings.equal(Readings.pack(expected), this.sumExempt(readings, roster)));
    }

    function testFuzz_coincident(uint256 seed, uint8 rows, uint16 highest) external view {
        uint256 length = 1 + (rows % 7);
        uint24[] memory channels = new uint24[](length);
        uint24 next = highest % 40;
        for (uint256 i = 0; i < length; ++i) {
            channels[i] = next;
            next += 1 + uint24(uint256(keccak256(abi.encode(seed, "gap", i))) % 9);
        }
        uint256[24] memory ratios = _hours(uint256(keccak256(abi.encode(seed))), 2 ** 30);
        _checkCoincident(Readings.random(seed, length, HOURS), ratios, channels, 1 + (seed % 2 ** 40));
    }

    function test_coincidentOfTheLargestReadings() external view {
        uint256[24] memory ratios;
        for (uint256 h = 0; h < HOURS; ++h) {
            ratios[h] = 2 ** 30;
        }
        uint24[] memory channels = new uint24[](13);
        for (uint24 i = 0; i < 13; ++i) {
            channels[i] = i;
        }
        bytes memory rows = Readings.full(type(uint32).max, 13);
        _checkCoincident(rows, ratios, channels, 0);
        // As much beside it as a month can have before its last day.
        _checkCoincident(rows, ratios, channels, 721 * MAX_READING);
        ratios[5] = 2 ** 30 - 1;
        _checkCoincident(rows, ratios, channels, 0);
    }

    function test_coincidentHasOneFloorARow() external view {
        uint256[24] memory ratios;
        for (uint256 h = 0; h < HOURS; ++h) {
            ratios[h] = 2 ** 29;
        }
        // 24 half watt-hours are 12, not 0.
        uint256[] memory sums = new uint256[](1);
        sums = this.coincident(Readings.full(1, 1), Readings.packReversed(ratios), sums, _channels(new uint24[](1)));
        same("sum", 12, sums[0]);
    }

    function testFuzz_readings(uint256 seed, uint256 value) external view {
        bytes memory rows = Readings.random(seed, 3, HOURS);
        uint256[24] memory values = _hours(value, type(uint64).max / HOURS);
        Day memory day = Readings.pack(values);
        uint256 total;
        for (uint256 h = 0; h < HOURS; ++h) {
            sameAt("hour", h, values[h], day.hour(h));
            total += values[h];
            sameAt("reading", h, rows.get(seed % 3, h), this.reading(rows, seed % 3, h));
        }
        same("total", total, day.total());
        same("count", 3, this.count(bytes.concat(rows, new bytes(seed % 96))));
    }

    // The library reads calldata: these put the rows there.

    function sum(bytes calldata rows) external pure returns (Day memory) {
        return rows.sum();
    }

    function take(
        Day memory left,
        bytes calldata rows,
        uint256 index
    ) external pure returns (Day memory, Day memory taken, uint256 attributed, uint256 injected) {
        (attributed, injected) = left.take(rows, index, taken);
        return (left, taken, attributed, injected);
    }

    function sumExempt(bytes calldata rows, bytes memory roster) external pure returns (Day memory) {
        return rows.sumExempt(Roster.channelWord(roster, 0));
    }

    function coincident(
        bytes calldata rows,
        Day memory ratios,
        uint256[] memory sums,
        bytes memory roster
    ) external pure returns (uint256[] memory) {
        rows.addCoincident(ratios, sums, Roster.channelWord(roster, 0));
        return sums;
    }

    function reading(bytes calldata rows, uint256 index, uint256 hourIndex) external pure returns (uint256) {
        return rows.reading(index, hourIndex);
    }

    function count(bytes calldata rows) external pure returns (uint256) {
        return rows.count();
    }

    function _checkSum(bytes memory rows) private view {
        isTrue("sum", Readings.equal(Readings.pack(rows.sums()), this.sum(rows)));
    }

    function _checkRatios(uint256[24] memory part, uint256[24] memory whole) private pure {
        uint256[24] memory expected;
        for (uint256 h = 0; h < HOURS; ++h) {
            if (part[h] > whole[h]) part[h] = whole[h];
            expected[h] = whole[h] == 0 ? 0 : (part[h] * 2 ** 30) / whole[h];
        }
        Day memory actual = Readings.pack(part).ratios(Readings.pack(whole));
        isTrue("ratios", Readings.equal(Readings.packReversed(expected), actual));
    }

    function _checkTake(uint256[24] memory left, bytes memory rows, uint256 index) private view {
        (Day memory actual, Day memory taken, uint256 attributed, uint256 injected) = this.take(
            Readings.pack(left),
            rows,
            index
        );
        uint256[24] memory parts;
        uint256 expected;
        uint256 inAll;
        for (uint256 h = 0; h < HOURS; ++h) {
            parts[h] = Readings.lesser(left[h], rows.get(index, h));
            left[h] -= parts[h];
            expected += parts[h];
            inAll += rows.get(index, h);
        }
        same("taken in all", expected, attributed);
        isTrue("taken", Readings.equal(Readings.pack(parts), taken));
        isTrue("left", Readings.equal(Readings.pack(left), actual));
        same("injected", inAll, injected);
    }

    /// @param before what every channel had already
    function _checkCoincident(
        bytes memory rows,
        uint256[24] memory ratios,
        uint24[] memory channels,
        uint256 before
    ) private view {
        uint256 highest = channels[channels.length - 1];
        uint256[] memory sums = new uint256[](highest / 6 + 1);
        for (uint256 i = 0; i < sums.length * 6; ++i) {
            sums[i / 6] += before * 2 ** (42 * (i % 6));
        }
        uint256[] memory actual = this.coincident(rows, Readings.packReversed(ratios), sums, _channels(channels));
        uint256 row;
        for (uint256 channel = 0; channel < actual.length * 6; ++channel) {
            uint256 expected = before;
            if (row < channels.length && channels[row] == channel) {
                uint256 scaled;
                for (uint256 h = 0; h < HOURS; ++h) {
                    scaled += rows.get(row, h) * ratios[h];
                }
                expected += scaled / 2 ** 30;
                ++row;
            }
            sameAt("channel", channel, expected, (actual[channel / 6] / 2 ** (42 * (channel % 6))) % 2 ** 42);
        }
    }

    /// As much of a roster as `addCoincident` reads.
    function _channels(uint24[] memory numbers) private pure returns (bytes memory roster) {
        roster = hex"00000000";
        for (uint256 i = 0; i < numbers.length; ++i) {
            roster = bytes.concat(roster, bytes3(numbers[i]), hex"ffffffffffffffffff");
        }
    }

    /// Hourly values up to `most`, some of them zero or `most` itself.
    function _hours(uint256 seed, uint256 most) private pure returns (uint256[24] memory values) {
        for (uint256 h = 0; h < HOURS; ++h) {
            uint256 noise = uint256(keccak256(abi.encode("hour", seed, h)));
            uint256 kind = noise % 8;
            values[h] =
                kind == 0
                    ? 0
                    : kind == 1
                        ? most
                        : (noise >> 8) % (most + 1);
        }
    }
}
