// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Lanes} from "../../contracts/libraries/Lanes.sol";
import {same, sameAt} from "./support/Vm.sol";

/// Packed lanes against four separate numbers, to the limits that each operation names.
contract LanesTest {
    uint64 private constant TOP = type(uint64).max;
    uint64 private constant MAX_READING = type(uint32).max;
    uint64 private constant ONE_Q30 = 2 ** 30;

    function testFuzz_sum(uint64[4] memory a, uint64[4] memory b) external pure {
        for (uint256 i = 0; i < 4; ++i) {
            if (b[i] > TOP - a[i]) b[i] = TOP - a[i];
        }
        _checkSum(a, b);
    }

    function testFuzz_difference(uint64[4] memory a, uint64[4] memory b) external pure {
        for (uint256 i = 0; i < 4; ++i) {
            if (b[i] > a[i]) (a[i], b[i]) = (b[i], a[i]);
        }
        _checkDifference(a, b);
    }

    function testFuzz_minimum(uint64[4] memory a, uint64[4] memory b) external pure {
        for (uint256 i = 0; i < 4; ++i) {
            a[i] >>= 1;
            b[i] >>= 1;
        }
        _checkMinimum(a, b);
    }

    /// Close values, in which a borrow that leaves its lane would show.
    function testFuzz_minimumOfNeighbours(uint64[4] memory a, uint8 which) external pure {
        uint64[4] memory b;
        for (uint256 i = 0; i < 4; ++i) {
            a[i] = (a[i] >> 1) | 1;
            b[i] = (which >> i) & 1 == 1 ? a[i] : a[i] - 1;
            if ((which >> (4 + i)) & 1 == 1) (a[i], b[i]) = (b[i], a[i]);
        }
        _checkMinimum(a, b);
    }

    function testFuzz_dot(uint32[4] memory a, uint64[4] memory b) external pure {
        for (uint256 i = 0; i < 4; ++i) {
            b[i] %= ONE_Q30 + 1;
        }
        _checkDot([uint64(a[0]), a[1], a[2], a[3]], b);
    }

    function testFuzz_total(uint64[4] memory a) external pure {
        for (uint256 i = 0; i < 4; ++i) {
            a[i] >>= 2;
        }
        _checkTotal(a);
    }

    function test_sumUpToTheTopOfALane() external pure {
        _checkSum([TOP, 0, TOP, 0], [0, TOP, 0, TOP]);
        _checkSum([TOP - 1, TOP - 1, TOP - 1, TOP - 1], [uint64(1), 1, 1, 1]);
        _checkSum([uint64(0), 0, 0, 0], [uint64(0), 0, 0, 0]);
    }

    function test_differenceOfEqualAndOfZero() external pure {
        _checkDifference([TOP, TOP, TOP, TOP], [TOP, TOP, TOP, TOP]);
        _checkDifference([TOP, 0, TOP, 0], [uint64(0), 0, 0, 0]);
    }

    function test_minimumUpToSixtyThreeBits() external pure {
        uint64 most = TOP >> 1;
        _checkMinimum([most, most, 0, 0], [most, 0, most, 0]);
        _checkMinimum([uint64(0), 0, 0, 0], [most, most, most, most]);
        _checkMinimum([uint64(1), 0, 1, 0], [uint64(0), 1, 0, 1]);
    }

    function test_dotOfTheLargestReadings() external pure {
        _checkDot([MAX_READING, MAX_READING, MAX_READING, MAX_READING], [ONE_Q30, ONE_Q30, ONE_Q30, ONE_Q30]);
        _checkDot([MAX_READING, 0, 0, 0], [ONE_Q30, ONE_Q30, ONE_Q30, ONE_Q30]);
        _checkDot([uint64(0), 0, 0, MAX_READING], [ONE_Q30, ONE_Q30, ONE_Q30, ONE_Q30]);
    }

    function test_totalUpToSixtyFourBits() external pure {
        _checkTotal([TOP, 0, 0, 0]);
        _checkTotal([uint64(0), 0, 0, TOP]);
        _checkTotal([TOP / 4, TOP / 4, TOP / 4, TOP / 4]);
    }

    function _checkSum(uint64[4] memory a, uint64[4] memory b) private pure {
        uint64[4] memory actual = _unpack(_pack(a) + _pack(b));
        for (uint256 i = 0; i < 4; ++i) {
            sameAt("sum", i, a[i] + b[i], actual[i]);
        }
    }

    function _checkDifference(uint64[4] memory a, uint64[4] memory b) private pure {
        uint64[4] memory actual = _unpack(_pack(a) - _pack(b));
        for (uint256 i = 0; i < 4; ++i) {
            sameAt("difference", i, a[i] - b[i], actual[i]);
        }
    }

    function _checkMinimum(uint64[4] memory a, uint64[4] memory b) private pure {
        uint64[4] memory actual = _unpack(_pack(a).minimum(_pack(b)));
        for (uint256 i = 0; i < 4; ++i) {
            sameAt("minimum", i, a[i] < b[i] ? a[i] : b[i], actual[i]);
        }
    }

    function _checkDot(uint64[4] memory a, uint64[4] memory b) private pure {
        uint256 expected;
        for (uint256 i = 0; i < 4; ++i) {
            expected += uint256(a[i]) * b[i];
        }
        same("dot", expected, _pack(a).dot(_pack([b[3], b[2], b[1], b[0]])));
    }

    function _checkTotal(uint64[4] memory a) private pure {
        same("total", uint256(a[0]) + a[1] + a[2] + a[3], _pack(a).total());
    }

    function _pack(uint64[4] memory lanes) private pure returns (Lanes) {
        return Lanes.wrap(uint256(bytes32(abi.encodePacked(lanes[0], lanes[1], lanes[2], lanes[3]))));
    }

    function _unpack(Lanes packed) private pure returns (uint64[4] memory lanes) {
        bytes32 word = bytes32(Lanes.unwrap(packed));
        for (uint256 i = 0; i < 32; ++i) {
            lanes[i / 8] = lanes[i / 8] * 256 + uint8(word[i]);
        }
    }
}
