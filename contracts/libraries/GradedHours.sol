// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";

/// Hours of a month by the grade of their batch, 16 bits each, grade 0 in the least significant bits: a correction takes
/// its hours from one grade to another, and the lowest grade that is left is the month's.
type GradedHours is uint64;

using {plus, minus, total, lowest} for GradedHours global;

uint256 constant GRADE_BITS = 16;

function plus(GradedHours graded, IEnergyLedger.Grade grade, uint8 count) pure returns (GradedHours) {
    return GradedHours.wrap(GradedHours.unwrap(graded) + (uint64(count) << uint64(GRADE_BITS * uint256(grade))));
}

/// At least `count` hours must be of this grade.
function minus(GradedHours graded, IEnergyLedger.Grade grade, uint8 count) pure returns (GradedHours) {
    return GradedHours.wrap(GradedHours.unwrap(graded) - (uint64(count) << uint64(GRADE_BITS * uint256(grade))));
}

function total(GradedHours graded) pure returns (uint16 sum) {
    for (uint64 rest = GradedHours.unwrap(graded); rest != 0; rest >>= GRADE_BITS) {
        sum += uint16(rest);
    }
}

/// The lowest grade of any hour; Indicative if there is none.
function lowest(GradedHours graded) pure returns (IEnergyLedger.Grade) {
    uint256 grade;
    uint64 rest = GradedHours.unwrap(graded);
    while (rest != 0 && uint16(rest) == 0) {
        rest >>= GRADE_BITS;
        ++grade;
    }
    return IEnergyLedger.Grade(grade);
}
