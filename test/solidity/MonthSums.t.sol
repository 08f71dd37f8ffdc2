// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {MonthSums} from "../../contracts/libraries/MonthSums.sol";
import {Quads} from "../../contracts/libraries/Quads.sol";
import {same, sameAt} from "./support/Vm.sol";

/// Six sums or four amounts to a word, against one array entry each.
contract MonthSumsTest {
    using MonthSums for uint256[];
    using MonthSums for mapping(uint256 => uint256);
    using Quads for uint256;

    /// The longest month, every hour at 2³² − 1 Wh.
    uint256 private constant FULL_MONTH = 745 * uint256(type(uint32).max);
    uint256 private constant HIGHEST = 19;

    mapping(uint256 word => uint256) private _stored;

    function testFuzz_sums(uint8[12] memory numbers, uint40[12] memory amounts) external {
        uint256[] memory expected = new uint256[](HIGHEST + 1);
        uint256[] memory batch = MonthSums.blank(HIGHEST);
        for (uint256 i = 0; i < numbers.length; ++i) {
            uint256 number = numbers[i] % (HIGHEST + 1);
            // Twelve of them stay below a full month.
            uint256 wattHours = amounts[i] % (FULL_MONTH / 24);
            batch.add(number, wattHours);
            expected[number] += wattHours;
            _check("batch", expected, batch);
        }
        batch.addTo(_stored);
        _check("stored", expected, _stored.load(HIGHEST));
        batch.addTo(_stored);
        for (uint256 number = 0; number <= HIGHEST; ++number) {
            expected[number] *= 2;
        }
        _check("stored twice", expected, _stored.load(HIGHEST));
    }

    /// A batch on top of another, then another in its place: more here, less there.
    function testFuzz_replaced(
        uint40[HIGHEST + 1] memory others,
        uint40[HIGHEST + 1] memory recorded,
        uint40[HIGHEST + 1] memory corrected
    ) external {
        uint256[] memory first = MonthSums.blank(HIGHEST);
        uint256[] memory before = MonthSums.blank(HIGHEST);
        uint256[] memory afterwards = MonthSums.blank(HIGHEST);
        uint256[] memory expected = new uint256[](HIGHEST + 1);
        for (uint256 number = 0; number <= HIGHEST; ++number) {
            first.add(number, others[number]);
            before.add(number, recorded[number]);
            // A third of the lanes stay as they were.
            uint256 wattHours = number % 3 == 0 ? recorded[number] : corrected[number];
            afterwards.add(number, wattHours);
            expected[number] = others[number] + wattHours;
        }
        first.addTo(_stored);
        before.addTo(_stored);
        afterwards.replaceIn(before, _stored);
        _check("replaced", expected, _stored.load(HIGHEST));
    }

    function test_replacedByNothing() external {
        uint256[] memory batch = MonthSums.blank(HIGHEST);
        for (uint256 number = 0; number <= HIGHEST; ++number) {
            batch.add(number, FULL_MONTH);
        }
        batch.addTo(_stored);
        MonthSums.blank(HIGHEST).replaceIn(batch, _stored);
        _check("replaced by nothing", new uint256[](HIGHEST + 1), _stored.load(HIGHEST));
    }

    function test_fullMonthsSideBySide() external {
        uint256[] memory expected = new uint256[](HIGHEST + 1);
        uint256[] memory day = MonthSums.blank(HIGHEST);
        for (uint256 number = 0; number <= HIGHEST; ++number) {
            day.add(number, FULL_MONTH / 5);
            expected[number] = FULL_MONTH;
        }
        for (uint256 i = 0; i < 5; ++i) {
            day.addTo(_stored);
        }
        _check("full month", expected, _stored.load(HIGHEST));
    }

    function test_topValueBesideEmptyOnes() external pure {
        for (uint256 number = 0; number <= HIGHEST; ++number) {
            uint256[] memory expected = new uint256[](HIGHEST + 1);
            uint256[] memory sums = MonthSums.blank(HIGHEST);
            expected[number] = 2 ** 42 - 1;
            sums.add(number, 2 ** 42 - 1);
            _check("top", expected, sums);
        }
    }

    function test_lengths() external view {
        same("none", 1, MonthSums.blank(0).length);
        same("one word", 1, MonthSums.blank(5).length);
        same("two words", 2, MonthSums.blank(6).length);
        same("loaded", 251, _stored.load(1500).length);
    }

    function testFuzz_quads(int64[4] memory amounts, int64 other, uint8 lane) external pure {
        _checkQuads(amounts, other, lane % 4);
    }

    function test_quadsOfExtremes() external pure {
        (int64 least, int64 most) = (type(int64).min, type(int64).max);
        for (uint8 lane = 0; lane < 4; ++lane) {
            _checkQuads([least, most, int64(-1), 0], most, lane);
            _checkQuads([int64(-1), -1, -1, -1], 0, lane);
            _checkQuads([int64(0), 0, 0, 0], least, lane);
        }
    }

    function test_quadWords() external pure {
        uint8[9] memory words = [0, 1, 1, 1, 1, 2, 2, 2, 2];
        for (uint256 amounts = 0; amounts < words.length; ++amounts) {
            sameAt("words", amounts, words[amounts], Quads.words(amounts));
        }
    }

    function test_quadPlaces() external pure {
        uint8[2][9] memory places = [[0, 0], [0, 1], [0, 2], [0, 3], [1, 0], [1, 1], [1, 2], [1, 3], [2, 0]];
        for (uint24 account = 1; account <= places.length; ++account) {
            (uint256 word, uint256 lane) = Quads.placeOf(account);
            sameAt("word of account", account, places[account - 1][0], word);
            sameAt("lane of account", account, places[account - 1][1], lane);
        }
        (uint256 lastWord, uint256 lastLane) = Quads.placeOf(type(uint24).max);
        same("word of the last account", 4_194_303, lastWord);
        same("lane of the last account", 2, lastLane);
    }

    function _checkQuads(int64[4] memory amounts, int64 other, uint8 lane) private pure {
        uint256 word;
        for (uint256 i = 0; i < 4; ++i) {
            word = word.set(i, amounts[i]);
        }
        word = word.set(lane, other);
        amounts[lane] = other;
        for (uint256 i = 0; i < 4; ++i) {
            sameAt("amount", i, uint64(amounts[i]), uint64(word.get(i)));
        }
    }

    function _check(string memory what, uint256[] memory expected, uint256[] memory sums) private pure {
        same("length", HIGHEST / 6 + 1, sums.length);
        for (uint256 number = 0; number < expected.length; ++number) {
            sameAt(what, number, expected[number], sums.get(number));
        }
    }
}
