// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";
import {IRuleBook} from "../interfaces/IRuleBook.sol";
import {Calendar} from "./Calendar.sol";
import {MonthSums} from "./MonthSums.sol";
import {Channel, Roster} from "./Roster.sol";

/// The accounts whose keys are wanted: `first` and the `count − 1` after it.
struct AccountRange {
    uint256 first;
    uint256 count;
}

/// The keys by which rules divide a month's pool, from the ledger's sums and the rosters in force.
library Keys {
    using MonthSums for uint256[];
    using Roster for bytes;

    struct Work {
        IRuleBook.Rule[] rules;
        AccountRange range;
        uint256[] coincident;
        uint256[] attributed;
        /// By channel number and by plant number: its month's energy is counted once, however many rosters it is on.
        bool[] channelCounted;
        bool[] plantCounted;
        /// The roster at hand and the hours of the month in which it was in force.
        uint256 version;
        uint256 rosterHours;
        /// By rule and account of the range: one more than the version in which key Equal counted it last.
        uint256[][] counted;
        uint256[][] keys;
    }

    /// The key of each account of the range, by rule: Wh, or hours, or weight × hours. Zero for rules with key Fund.
    function ofMonth(IEnergyLedger ledger, uint16 month, IRuleBook.Rule[] memory rules, AccountRange memory range)
        internal
        view
        returns (uint256[][] memory)
    {
        Work memory work;
        work.rules = rules;
        work.range = range;
        (work.coincident, work.attributed) = ledger.monthSums(month);
        work.channelCounted = new bool[](work.coincident.length * MonthSums.PER_WORD);
        work.plantCounted = new bool[](work.attributed.length * MonthSums.PER_WORD);
        work.keys = _table(rules.length, range.count);
        work.counted = _table(rules.length, range.count);

        uint256 end = Calendar.endOf(month);
        for (uint16 version = ledger.rosterCount(); version != 0; --version) {
            (address pointer, uint256 effective) = ledger.rosterAt(version);
            if (effective >= end) continue;
            uint256 start = Calendar.startOf(month);
            uint256 begin = effective > start ? effective : start;
            work.version = version;
            work.rosterHours = end - begin;
            _addRoster(work, Roster.load(pointer));
            if (effective <= start) break;
            end = effective;
        }
        return work.keys;
    }

    /// A channel keeps its account for life, and a plant its channel: only those of the range need be remembered.
    function _addRoster(Work memory work, bytes memory roster) private pure {
        uint256 rows = roster.channelCount();
        uint256 injections = roster.injectionCount();
        uint256 first = work.range.first;
        uint256 end = first + work.range.count;
        for (uint256 row = 0; row < rows; ++row) {
            uint256 account = roster.channelAccount(row);
            if (account < first || account >= end) continue;
            Channel memory channel = roster.channel(row);
            _addChannel(work, channel, account - first, row < injections);
            work.channelCounted[channel.number] = true;
        }
        for (uint256 position = 0; position < injections; ++position) {
            (uint256 number, uint256 row,) = roster.plantTerms(position);
            uint256 account = roster.channelAccount(row);
            if (account < first || account >= end || work.plantCounted[number]) continue;
            work.plantCounted[number] = true;
            _addPlant(work, roster.channel(row), account - first, work.attributed.get(number));
        }
    }

    function _addChannel(Work memory work, Channel memory channel, uint256 index, bool injects) private pure {
        bool counted = work.channelCounted[channel.number];
        for (uint256 r = 0; r < work.rules.length; ++r) {
            IRuleBook.Rule memory rule = work.rules[r];
            if ((rule.classes >> channel.class) & 1 == 0) continue;
            if (rule.key == IRuleBook.Key.CoincidentInjection) {
                if (injects && !counted) work.keys[r][index] += work.coincident.get(channel.number);
            } else if (rule.key == IRuleBook.Key.CoincidentWithdrawal) {
                if (!injects && !counted) work.keys[r][index] += work.coincident.get(channel.number);
            } else if (rule.key == IRuleBook.Key.StaticWeight) {
                work.keys[r][index] += channel.weight * work.rosterHours;
            } else if (rule.key == IRuleBook.Key.Equal && work.counted[r][index] != work.version) {
                work.counted[r][index] = work.version;
                work.keys[r][index] += work.rosterHours;
            }
        }
    }

    function _addPlant(Work memory work, Channel memory channel, uint256 index, uint256 attributed) private pure {
        for (uint256 r = 0; r < work.rules.length; ++r) {
            IRuleBook.Rule memory rule = work.rules[r];
            if (rule.key != IRuleBook.Key.AttributedInjection) continue;
            if ((rule.classes >> channel.class) & 1 == 1) work.keys[r][index] += attributed;
        }
    }

    function _table(uint256 rows, uint256 columns) private pure returns (uint256[][] memory table) {
        table = new uint256[][](rows);
        for (uint256 r = 0; r < rows; ++r) {
            table[r] = new uint256[](columns);
        }
    }
}
