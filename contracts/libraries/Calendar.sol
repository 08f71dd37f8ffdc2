// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

/// Months of the Europe/Rome calendar, numbered year · 12 + (month − 1), and the hours at which they begin.
library Calendar {
    uint256 private constant HOURS_PER_DAY = 24;
    /// January 1970, which began an hour before the Unix epoch.
    uint256 private constant EPOCH_MONTH = 1970 * 12;

    /// First hour (whole hours since the Unix epoch, UTC) of a local calendar month.
    ///
    /// Clocks change on the last Sundays of March and October, so at the first of a month local time is two hours
    /// ahead of UTC from April to October and one hour ahead from November to March. Months up to January 1970 begin at
    /// hour 0.
    function startOf(uint256 month) internal pure returns (uint32) {
        if (month <= EPOCH_MONTH) return 0;
        uint256 monthOfYear = month % 12;
        uint256 ahead = monthOfYear >= 3 && monthOfYear <= 9 ? 2 : 1;
        return uint32(_daysBefore(month) * HOURS_PER_DAY - ahead);
    }

    /// First hour after the month.
    function endOf(uint256 month) internal pure returns (uint32) {
        return startOf(month + 1);
    }

    /// The month of an hour.
    function monthOf(uint256 hour) internal pure returns (uint16 month) {
        // By months of equal length, 200 in 146,097 hours: never later than one month after the hour's own.
        month = uint16(EPOCH_MONTH + (hour * 200) / 146_097 - 1);
        while (endOf(month) <= hour) ++month;
    }

    /// Days from 1 January 1970 to the first of the month: the year is taken to begin in March, so that the leap day is
    /// its last, and months then have the lengths that (153 · m + 2) / 5 adds up.
    function _daysBefore(uint256 month) private pure returns (uint256) {
        uint256 sinceMarch = month - 2;
        uint256 year = sinceMarch / 12;
        uint256 monthOfYear = sinceMarch % 12;
        return 365 * year + year / 4 - year / 100 + year / 400 + (153 * monthOfYear + 2) / 5 - 719_468;
    }
}
