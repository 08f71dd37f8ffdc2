// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Calendar} from "../../contracts/libraries/Calendar.sol";
import {same, sameAt} from "./support/Vm.sol";

/// The closed formula against a walk from month to month.
contract CalendarTest {
    uint256 private constant EPOCH_YEAR = 1970;
    uint256 private constant LAST_YEAR = 3000;

    /// January 1970 began at hour −1; what follows is the sum of the days, less an hour in March and one more in
    /// October.
    function test_everyMonthToTheYear3000() external pure {
        uint256 end = 31 * 24 - 1;
        for (uint256 month = EPOCH_YEAR * 12; month < LAST_YEAR * 12; ++month) {
            if (month != EPOCH_YEAR * 12) end += _hours(month / 12, month % 12);
            sameAt("end", month, end, Calendar.endOf(month));
            sameAt("next start", month, end, Calendar.startOf(month + 1));
        }
    }

    function test_monthsBeforeTheEpochBeginAtZero() external pure {
        for (uint256 month = 0; month <= EPOCH_YEAR * 12; ++month) {
            sameAt("start", month, 0, Calendar.startOf(month));
        }
    }

    /// From the time zone database: seconds at local midnight / 3600.
    function test_knownMonths() external pure {
        uint32[2][9] memory known = [
            [uint32(2000 * 12 + 2), 264_407],
            [uint32(2024 * 12), 473_351],
            [uint32(2024 * 12 + 2), 474_791],
            [uint32(2024 * 12 + 3), 475_534],
            [uint32(2026 * 12 + 2), 492_311],
            [uint32(2026 * 12 + 3), 493_054],
            [uint32(2026 * 12 + 9), 497_446],
            [uint32(2026 * 12 + 10), 498_191],
            [uint32(2100 * 12 + 2), 1_140_983]
        ];
        for (uint256 i = 0; i < known.length; ++i) {
            sameAt("start", i, known[i][1], Calendar.startOf(known[i][0]));
        }
    }

    function test_everyHourIsOfItsMonth() external pure {
        for (uint256 month = EPOCH_YEAR * 12; month < LAST_YEAR * 12; ++month) {
            sameAt("of its first hour", month, month, Calendar.monthOf(Calendar.startOf(month)));
            sameAt("of its last hour", month, month, Calendar.monthOf(Calendar.endOf(month) - 1));
        }
    }

    /// A month as a uint16 has it never overflows the hours.
    function testFuzz_monthsHaveWholeDays(uint16 month) external pure {
        if (month <= EPOCH_YEAR * 12) return;
        uint256 hoursInMonth = Calendar.endOf(month) - Calendar.startOf(month);
        same("hours", _hours(month / 12, month % 12), hoursInMonth);
    }

    function _hours(uint256 year, uint256 monthOfYear) private pure returns (uint256) {
        uint8[12] memory length = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        uint256 inDays = length[monthOfYear];
        if (monthOfYear == 1 && year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)) inDays = 29;
        if (monthOfYear == 2) return inDays * 24 - 1;
        if (monthOfYear == 9) return inDays * 24 + 1;
        return inDays * 24;
    }
}
