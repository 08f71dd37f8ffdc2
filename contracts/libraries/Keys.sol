// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";
import {IRuleBook} from "../interfaces/IRuleBook.sol";
import {Calendar} from "./Calendar.sol";
import {MonthSums} from "./MonthSums.sol";
import {Roster} from "./Roster.sol";

/// The accounts whose keys are wanted: `first` and the `count − 1` after it.
struct AccountRange {
    uint256 first;
    uint256 count;
}

/// The keys by which rules divide a month's pool, from the ledger's sums and the rosters in force.
///
/// Energy is summed by channel number, account and class come from any version in force in the month. A channel that a later
/// version, reaching back, took off every roster of the month counts for nobody from then on, even while the batches that
/// metered it are not amended yet.
library Keys {
    using MonthSums for uint256[];
    using Roster for bytes;

    /// A roster version at hand, and what has been counted before it came to hand.
    struct Work {
        bytes roster;
        /// Hours of the month in which it was in force.
        uint256 rosterHours;
        AccountRange range;
        uint256[] coincident;
        uint256[] attributed;
        /// By channel number and by plant number: its month's energy is counted once, however many rosters it is on.
        bool[] channelCounted;
        bool[] plantCounted;
    }

    /// The key of each account of the range, by rule: Wh, or hours, or weight × hours. Zero for rules with key Fund.
    function ofMonth(
        IEnergyLedger ledger,
        uint16 month,
        IRuleBook.Rule[] memory rules,
        AccountRange memory range
    ) internal view returns (uint256[][] memory keys) {
        Work memory work;
        work.range = range;
        (work.coincident, work.attributed) = ledger.monthSums(month);
        work.channelCounted = new bool[](work.coincident.length * MonthSums.PER_WORD);
        work.plantCounted = new bool[](work.attributed.length * MonthSums.PER_WORD);
        keys = new uint256[][](rules.length);
        for (uint256 r = 0; r < rules.length; ++r) {
            keys[r] = new uint256[](range.count);
        }

        uint256 start = Calendar.startOf(month);
        uint256 end = Calendar.endOf(month);
        uint16 version = ledger.rosterCount();
        while (version != 0) {
            address pointer;
            uint256 effective;
            (pointer, effective, version) = ledger.rosterAt(version);
            if (effective >= end) continue;
            work.roster = Roster.load(pointer);
            work.rosterHours = end - (effective > start ? effective : start);
            for (uint256 r = 0; r < rules.length; ++r) {
                _addRule(work, rules[r], keys[r]);
            }
            if (effective <= start) break;
            _markCounted(work);
            end = effective;
        }
    }

    function _addRule(Work memory work, IRuleBook.Rule memory rule, uint256[] memory keys) private pure {
        uint256 rows = work.roster.channelCount();
        uint256 injections = work.roster.injectionCount();
        uint256 firstHead = rule.pool == IRuleBook.Pool.Excess ? injections : 0;
        if (rule.key == IRuleBook.Key.CoincidentInjection) {
            _addCoincident(work, rule.classes, keys, 0, injections);
        } else if (rule.key == IRuleBook.Key.CoincidentWithdrawal) {
            _addCoincident(work, rule.classes, keys, injections, rows);
        } else if (rule.key == IRuleBook.Key.AttributedInjection) {
            _addAttributed(work, rule.classes, keys);
        } else if (rule.key == IRuleBook.Key.StaticWeight) {
            _addWeights(work, rule.classes, keys, firstHead);
        } else if (rule.key == IRuleBook.Key.Equal) {
            _addHeads(work, rule.classes, keys, firstHead);
        }
    }

    function _addCoincident(
        Work memory work,
        uint256 classes,
        uint256[] memory keys,
        uint256 row,
        uint256 end
    ) private pure {
        uint256 first = work.range.first;
        bytes memory roster = work.roster;
        uint256[] memory coincident = work.coincident;
        bool[] memory counted = work.channelCounted;
        for (; row < end; ++row) {
            (uint256 number, uint256 account, uint256 class, ) = roster.channelTerms(row);
            if (!_serves(classes, class) || !_holds(first, keys.length, account) || counted[number]) continue;
            keys[account - first] += coincident.get(number);
        }
    }

    function _addAttributed(Work memory work, uint256 classes, uint256[] memory keys) private pure {
        uint256 first = work.range.first;
        bytes memory roster = work.roster;
        uint256 plants = roster.injectionCount();
        for (uint256 position = 0; position < plants; ++position) {
            (uint256 plant, uint256 row, ) = roster.plantTerms(position);
            (, uint256 account, uint256 class, ) = roster.channelTerms(row);
            if (!_serves(classes, class) || !_holds(first, keys.length, account) || work.plantCounted[plant]) continue;
            keys[account - first] += work.attributed.get(plant);
        }
    }

    /// @param row the first that counts: with the excess pool, the first withdrawal channel
    function _addWeights(Work memory work, uint256 classes, uint256[] memory keys, uint256 row) private pure {
        uint256 first = work.range.first;
        bytes memory roster = work.roster;
        uint256 rows = roster.channelCount();
        for (; row < rows; ++row) {
            (, uint256 account, uint256 class, uint256 weight) = roster.channelTerms(row);
            if (!_serves(classes, class) || !_holds(first, keys.length, account)) continue;
            keys[account - first] += weight * work.rosterHours;
        }
    }

    /// One a head, however many channels of the served classes an account has on this roster.
    /// @param row the first that counts: with the excess pool, the first withdrawal channel
    function _addHeads(Work memory work, uint256 classes, uint256[] memory keys, uint256 row) private pure {
        uint256 first = work.range.first;
        bytes memory roster = work.roster;
        uint256 rows = roster.channelCount();
        bool[] memory counted = new bool[](keys.length);
        for (; row < rows; ++row) {
            (, uint256 account, uint256 class, ) = roster.channelTerms(row);
            if (!_serves(classes, class) || !_holds(first, keys.length, account) || counted[account - first]) continue;
            counted[account - first] = true;
            keys[account - first] += work.rosterHours;
        }
    }

    /// Remembers the channels and plants of the roster before an earlier one comes to hand.
    function _markCounted(Work memory work) private pure {
        uint256 rows = work.roster.channelCount();
        for (uint256 row = 0; row < rows; ++row) {
            work.channelCounted[work.roster.channelNumber(row)] = true;
        }
        uint256 plants = work.roster.injectionCount();
        for (uint256 position = 0; position < plants; ++position) {
            (uint256 plant, , ) = work.roster.plantTerms(position);
            work.plantCounted[plant] = true;
        }
    }

    function _serves(uint256 classes, uint256 class) private pure returns (bool) {
        return (classes >> class) & 1 == 1;
    }

    /// Whether an account is one of the `count` from `first` on.
    function _holds(uint256 first, uint256 count, uint256 account) private pure returns (bool) {
        unchecked {
            // Below the first, the difference wraps around to beyond any count.
            return account - first < count;
        }
    }
}
