// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Deltas} from "../../contracts/libraries/Deltas.sol";

/// Four amounts and an attempt in one word, against four variables.
contract DeltasTest {
    int64 private constant MOST = type(int56).max;
    int64 private constant LEAST = type(int56).min;

    function testFuzz_keepsFourAmountsAndTheAttempt(
        int56[4] calldata amounts,
        uint32 attempt,
        uint256 before
    ) external pure {
        uint256 word = Deltas.during(before, attempt);
        for (uint256 lane = 0; lane < 4; ++lane) {
            word = Deltas.set(word, lane, amounts[lane]);
        }
        for (uint256 lane = 0; lane < 4; ++lane) {
            assert(Deltas.get(word, lane) == amounts[lane]);
        }
        assert(Deltas.attemptOf(word) == attempt);
        assert(Deltas.during(word, attempt) == word);
    }

    function testFuzz_setsOneLaneAlone(uint256 word, uint8 lane, int56 amount) external pure {
        uint256 changed = Deltas.set(word, lane % 4, amount);
        for (uint256 other = 0; other < 4; ++other) {
            if (other != lane % 4) assert(Deltas.get(changed, other) == Deltas.get(word, other));
        }
        assert(Deltas.attemptOf(changed) == Deltas.attemptOf(word));
    }

    function testFuzz_anotherAttemptCountsForNothing(uint256 word, uint32 attempt) external pure {
        if (Deltas.attemptOf(word) == attempt) return;
        uint256 other = Deltas.during(word, attempt);
        for (uint256 lane = 0; lane < 4; ++lane) {
            assert(Deltas.get(other, lane) == 0);
        }
    }

    function test_refusesWhatIsBeyond56Bits() external view {
        assert(Deltas.get(this.set(MOST), 3) == MOST);
        assert(Deltas.get(this.set(LEAST), 3) == LEAST);
        assert(_isRefused(MOST + 1));
        assert(_isRefused(LEAST - 1));
        assert(_isRefused(type(int64).max));
        assert(_isRefused(type(int64).min));
    }

    function set(int64 amount) external pure returns (uint256) {
        return Deltas.set(0, 3, amount);
    }

    function _isRefused(int64 amount) private view returns (bool) {
        try this.set(amount) {
            return false;
        } catch {
            return true;
        }
    }
}
