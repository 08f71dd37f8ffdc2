// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Four unsigned 64-bit lanes in one word, the first lane in the most significant bits.
///
/// The four values travel together through one ADD, SUB, MUL or comparison, which is what makes a tally of
/// thousands of readings affordable. No operation checks a lane for overflow: each says what its operands must keep to.
type Lanes is uint256;

using {addLanes as +, subLanes as -, minimum, dot, total} for Lanes global;

// The top bit of every lane.
uint256 constant LANE_TOPS = 0x8000000000000000_8000000000000000_8000000000000000_8000000000000000;

// One in every lane.
Lanes constant LANE_ONES = Lanes.wrap(0x0000000000000001_0000000000000001_0000000000000001_0000000000000001);

/// Lane-wise sum. Each lane of the result must stay below 2⁶⁴, or it spills into its left neighbour.
function addLanes(Lanes a, Lanes b) pure returns (Lanes) {
    unchecked {
        return Lanes.wrap(Lanes.unwrap(a) + Lanes.unwrap(b));
    }
}

/// Lane-wise difference. No lane of `b` may exceed the same lane of `a`.
function subLanes(Lanes a, Lanes b) pure returns (Lanes) {
    unchecked {
        return Lanes.wrap(Lanes.unwrap(a) - Lanes.unwrap(b));
    }
}

/// Lane-wise minimum. All lanes must be below 2⁶³: the top bit is lent to each lane so that a borrow stays inside it.
function minimum(Lanes a, Lanes b) pure returns (Lanes) {
    unchecked {
        uint256 x = Lanes.unwrap(a);
        uint256 y = Lanes.unwrap(b);
        uint256 notLess = (((x | LANE_TOPS) - y) & LANE_TOPS) >> 63;
        uint256 mask = notLess * type(uint64).max;
        return Lanes.wrap(x ^ ((x ^ y) & mask));
    }
}

/// Σᵢ aᵢ · bᵢ, where the lanes of `reversed` stand in reverse order: the sum then falls into the top lane of the
/// product. The sum, and so that of any lower lanes, must be below 2⁶⁴: it is if each aᵢ is below 2³² and each bᵢ at most
/// 2³⁰.
function dot(Lanes a, Lanes reversed) pure returns (uint256) {
    unchecked {
        return (Lanes.unwrap(a) * Lanes.unwrap(reversed)) >> 192;
    }
}

/// Σᵢ aᵢ, which must be below 2⁶⁴.
function total(Lanes a) pure returns (uint256) {
    return a.dot(LANE_ONES);
}
