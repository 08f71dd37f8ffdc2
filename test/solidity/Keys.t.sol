// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../../contracts/interfaces/IEnergyLedger.sol";
import {IRuleBook} from "../../contracts/interfaces/IRuleBook.sol";
import {Calendar} from "../../contracts/libraries/Calendar.sol";
import {AccountRange, Keys} from "../../contracts/libraries/Keys.sol";
import {MonthSums} from "../../contracts/libraries/MonthSums.sol";
import {Channel, Plant, Roster} from "../../contracts/libraries/Roster.sol";
import {Rosters} from "./support/Rosters.sol";
import {sameAt} from "./support/Vm.sol";

/// As much of a ledger as keys are computed from: rosters and sums as they are put in.
contract LedgerOfRosters {
    uint16 public rosterCount;
    mapping(uint16 version => address) private _pointers;
    mapping(uint16 version => uint32) private _effectiveHours;
    uint256[] private _coincident;
    uint256[] private _attributed;

    function add(bytes memory roster, uint32 effectiveHour) external {
        _pointers[++rosterCount] = Roster.store(roster);
        _effectiveHours[rosterCount] = effectiveHour;
    }

    function setSums(uint256[] memory coincident, uint256[] memory attributed) external {
        (_coincident, _attributed) = (coincident, attributed);
    }

    function rosterAt(uint16 version) external view returns (address, uint32) {
        return (_pointers[version], _effectiveHours[version]);
    }

    function monthSums(uint16) external view returns (uint256[] memory, uint256[] memory) {
        return (_coincident, _attributed);
    }
}

/// The keys of a month against plain loops over channels and roster versions.
contract KeysTest {
    using MonthSums for uint256[];

    uint16 private constant MONTH = 2026 * 12 + 9;
    uint256 private constant CHANNELS = 8;
    /// Channels 1 to 3 inject, each for the plant whose number is 4 less its own.
    uint256 private constant PLANTS = 3;
    uint256 private constant VERSIONS = 3;

    /// What each version has: whether a channel is on it, with what weight, and the hours of the month it was in force.
    struct World {
        Channel[] channels;
        bool[][] isOn;
        uint32[][] weights;
        uint256[] hoursInForce;
        uint256[] coincident;
        uint256[] attributed;
    }

    function testFuzz_keys(uint256 seed, uint8 first, uint8 count) external {
        LedgerOfRosters ledger = new LedgerOfRosters();
        World memory world = _world(seed, ledger);
        IRuleBook.Rule[] memory rules = new IRuleBook.Rule[](9);
        for (uint256 r = 0; r < 9; ++r) {
            uint16 classes = uint16(seed >> (16 * r)) & 0xfe;
            // The excess pool has the keys coincident withdrawal, equal and static weight.
            IRuleBook.Pool pool = r < 6 ? IRuleBook.Pool.Ordinary : IRuleBook.Pool.Excess;
            rules[r] = IRuleBook.Rule(pool, 1, IRuleBook.Key(r < 6 ? 1 + r : r - 3), r == 5 ? 0 : classes, 0);
        }
        AccountRange memory range = AccountRange(1 + (first % 6), 1 + (count % 6));
        uint256[][] memory keys = Keys.ofMonth(IEnergyLedger(address(ledger)), MONTH, rules, range);
        for (uint256 r = 0; r < 9; ++r) {
            for (uint256 i = 0; i < range.count; ++i) {
                sameAt("key", 100 * r + range.first + i, _key(world, rules[r], range.first + i), keys[r][i]);
            }
        }
    }

    function _key(World memory world, IRuleBook.Rule memory rule, uint256 account) private pure returns (uint256 key) {
        bool[] memory counted = new bool[](VERSIONS);
        for (uint256 i = 0; i < CHANNELS; ++i) {
            Channel memory channel = world.channels[i];
            if (channel.account != account || (rule.classes / 2 ** channel.class) % 2 == 0) continue;
            bool injects = i < PLANTS;
            // The excess pool has consumers only.
            if (rule.pool == IRuleBook.Pool.Excess && injects) continue;
            bool metered;
            for (uint256 v = 0; v < VERSIONS; ++v) {
                if (!world.isOn[v][i] || world.hoursInForce[v] == 0) continue;
                metered = true;
                if (rule.key == IRuleBook.Key.StaticWeight) key += world.weights[v][i] * world.hoursInForce[v];
                if (rule.key == IRuleBook.Key.Equal && !counted[v]) key += world.hoursInForce[v];
                counted[v] = true;
            }
            if (!metered) continue;
            if (rule.key == IRuleBook.Key.AttributedInjection && injects) key += world.attributed[3 - i];
            if (rule.key == IRuleBook.Key.CoincidentInjection && injects) key += world.coincident[channel.number];
            if (rule.key == IRuleBook.Key.CoincidentWithdrawal && !injects) key += world.coincident[channel.number];
        }
    }

    function _world(uint256 seed, LedgerOfRosters ledger) private returns (World memory world) {
        world.channels = new Channel[](CHANNELS);
        world.isOn = new bool[][](VERSIONS);
        world.weights = new uint32[][](VERSIONS);
        world.hoursInForce = new uint256[](VERSIONS);
        world.coincident = new uint256[](CHANNELS + 1);
        world.attributed = new uint256[](PLANTS + 1);
        uint256[] memory coincident = MonthSums.blank(CHANNELS);
        uint256[] memory attributed = MonthSums.blank(PLANTS);
        for (uint256 n = 1; n <= CHANNELS; ++n) {
            uint256 lot = uint256(keccak256(abi.encode(seed, n)));
            world.channels[n - 1] = Channel(uint24(n), 1 + uint24(lot % 5), 1 + uint8((lot >> 8) % 7), 0, 0);
            world.coincident[n] = (lot >> 16) % 2 ** 42;
            coincident.add(n, world.coincident[n]);
            if (n > PLANTS) continue;
            world.attributed[n] = (lot >> 64) % 2 ** 42;
            attributed.add(n, world.attributed[n]);
        }
        ledger.setSums(coincident, attributed);
        uint32[] memory effective = _effectiveHours(seed);
        for (uint256 v = 0; v < VERSIONS; ++v) {
            world.hoursInForce[v] = _overlap(effective[v], effective[v + 1]);
            ledger.add(_roster(world, v, uint256(keccak256(abi.encode(seed, "version", v)))), effective[v]);
        }
    }

    /// Ascending, from before the month to after it; the last stands for ever.
    function _effectiveHours(uint256 seed) private pure returns (uint32[] memory hoursOf) {
        hoursOf = new uint32[](VERSIONS + 1);
        uint32 hour = Calendar.startOf(MONTH) - 400;
        for (uint256 v = 0; v < VERSIONS; ++v) {
            // Now and then at the very edges of the month.
            uint256 lot = uint256(keccak256(abi.encode(seed, "hour", v)));
            uint32 gap = uint32(1 + ((lot >> 8) % 600));
            if (lot % 5 == 0 && hour < Calendar.startOf(MONTH)) gap = Calendar.startOf(MONTH) - hour;
            if (lot % 5 == 1 && hour < Calendar.endOf(MONTH)) gap = Calendar.endOf(MONTH) - hour;
            hour += gap;
            hoursOf[v] = hour;
        }
        hoursOf[VERSIONS] = type(uint32).max;
    }

    function _overlap(uint256 from, uint256 to) private pure returns (uint256) {
        if (from < Calendar.startOf(MONTH)) from = Calendar.startOf(MONTH);
        if (to > Calendar.endOf(MONTH)) to = Calendar.endOf(MONTH);
        return from < to ? to - from : 0;
    }

    function _roster(World memory world, uint256 v, uint256 lot) private pure returns (bytes memory blob) {
        world.isOn[v] = new bool[](CHANNELS);
        world.weights[v] = new uint32[](CHANNELS);
        bytes memory plants;
        uint16[2] memory counts;
        for (uint256 i = 0; i < CHANNELS; ++i) {
            if ((lot >> i) % 2 == 0) continue;
            Channel memory channel = world.channels[i];
            channel.weight = uint32(lot >> (8 + 16 * i));
            (world.isOn[v][i], world.weights[v][i]) = (true, channel.weight);
            blob = abi.encodePacked(blob, channel.number, channel.account, channel.class, uint8(0), channel.weight);
            if (i < PLANTS) {
                plants = bytes.concat(Rosters.plant(Plant(uint16(3 - i), counts[0], 0, 0, 1, 1, 0)), plants);
            }
            ++counts[i < PLANTS ? 0 : 1];
        }
        return bytes.concat(abi.encodePacked(counts[0], counts[1]), blob, plants);
    }
}
