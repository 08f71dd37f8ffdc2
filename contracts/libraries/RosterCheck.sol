// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "../interfaces/ICommunity.sol";
import {Classes} from "./Classes.sol";
import {PlantCheck} from "./PlantCheck.sol";
import {Regimes} from "./Regimes.sol";
import {Channel, Plant, Roster} from "./Roster.sol";

/// The numbers that a ledger has given out so far; a number is never used for anything else again.
struct Numbered {
    uint24 channels;
    uint16 plants;
}

/// Refuses rosters that could not be tallied, or in which a channel is not what it was.
library RosterCheck {
    using Roster for bytes;

    /// The largest batch that fits into a transaction of 2²⁴ gas, with room for an amendment.
    uint256 internal constant MAX_ROWS = 1500;
    /// Numbers that a ledger gives out in its life: a run reads the month's sums of all of them in every chunk.
    uint256 internal constant MAX_CHANNELS = 12_000;

    error RosterEmpty();
    error RosterTooLong(uint256 rows, uint256 most);
    /// Rows and plants together take more bytes than contract code can hold.
    error RosterTooLarge(uint256 length, uint256 most);
    error RosterMalformed(uint256 length, uint256 expected);
    /// Within the injection and within the withdrawal section, channel numbers ascend.
    error ChannelsNotAscending(uint256 row, uint24 previous, uint24 number);
    error ChannelRepeated(uint24 number);
    /// A channel keeps its direction, account and class for life: close it and open another.
    error ChannelChanged(uint24 number);
    /// This number belonged to a channel that was closed.
    error ChannelReused(uint24 number);
    /// New channels take the next free numbers.
    error ChannelNumberSkipped(uint24 number, uint256 highest);
    /// The ledger has given out all its numbers: the community goes on with a new configuration.
    error ChannelsExhausted(uint256 channels, uint256 most);
    error AccountCannotMeter(uint24 channel, uint24 account);
    error ClassUnknown(uint24 channel, uint8 class);
    error ExemptFlagUnknown(uint24 channel, uint8 exempt);
    /// Plants stand in order of commissioning day, ties by plant number; where the configuration says so, those that are
    /// not incentivised behind all others.
    error PlantsNotInWaterfallOrder(uint256 position);
    error PlantRowInvalid(uint16 plant, uint16 row);
    error PlantNumberSkipped(uint16 plant, uint256 highest);
    /// A plant keeps its channel for life, and a channel its plant.
    error PlantChannelChanged(uint16 plant, uint24 channel);
    /// A plant keeps commissioning day, power, regime and terms for life: close its channel and open another.
    error PlantTermsChanged(uint16 plant);

    /// @param next the proposed version
    /// @param last the version before, empty if there is none
    /// @param nonIncentivisedLast whether plants that earn no premium stand behind all others in the waterfall
    /// @return the numbers given out once `next` is adopted
    function check(
        bytes memory next,
        bytes memory last,
        Numbered memory numbered,
        ICommunity community,
        bool nonIncentivisedLast
    ) internal view returns (Numbered memory) {
        _checkLength(next);
        uint256 newChannels = _checkChannels(next, last, numbered.channels, community);
        if (numbered.channels + newChannels > MAX_CHANNELS) {
            revert ChannelsExhausted(numbered.channels + newChannels, MAX_CHANNELS);
        }
        uint256 newPlants = _checkPlants(next, last, numbered, nonIncentivisedLast);
        return Numbered(uint24(numbered.channels + newChannels), uint16(numbered.plants + newPlants));
    }

    function _checkLength(bytes memory next) private pure {
        if (next.length < Roster.HEADER_BYTES) revert RosterMalformed(next.length, Roster.HEADER_BYTES);
        uint256 rows = next.channelCount();
        if (rows == 0) revert RosterEmpty();
        if (rows > MAX_ROWS) revert RosterTooLong(rows, MAX_ROWS);
        if (next.length > Roster.MAX_BYTES) revert RosterTooLarge(next.length, Roster.MAX_BYTES);
        uint256 expected =
            Roster.HEADER_BYTES + rows * Roster.CHANNEL_BYTES + next.injectionCount() * Roster.PLANT_BYTES;
        if (next.length != expected) revert RosterMalformed(next.length, expected);
    }

    /// Both versions are in ascending order within a section, so a channel of `next` is looked up in `last` by walking both.
    function _checkChannels(
        bytes memory next,
        bytes memory last,
        uint256 highest,
        ICommunity community
    ) private view returns (uint256 opened) {
        uint256 rows = next.channelCount();
        uint256 injections = next.injectionCount();
        uint256 lastInjections = last.length == 0 ? 0 : last.injectionCount();
        uint256 lastRows = last.length == 0 ? 0 : last.channelCount();
        bool[] memory seen = new bool[](rows);
        uint256 cursor;
        for (uint256 row = 0; row < rows; ++row) {
            Channel memory channel = next.channel(row);
            if (row != 0 && row != injections) {
                uint24 previous = uint24(next.channelNumber(row - 1));
                if (previous >= channel.number) revert ChannelsNotAscending(row, previous, channel.number);
            }
            if (row == injections) cursor = lastInjections;
            _checkChannel(channel, community);

            if (channel.number > highest) {
                uint256 index = channel.number - highest - 1;
                if (index >= rows) revert ChannelNumberSkipped(channel.number, highest);
                if (seen[index]) revert ChannelRepeated(channel.number);
                seen[index] = true;
                ++opened;
            } else {
                uint256 end = row < injections ? lastInjections : lastRows;
                while (cursor < end && last.channelNumber(cursor) < channel.number) ++cursor;
                if (cursor == end || last.channelNumber(cursor) != channel.number) revert ChannelReused(channel.number);
                Channel memory before = last.channel(cursor);
                if (before.account != channel.account || before.class != channel.class) {
                    revert ChannelChanged(channel.number);
                }
            }
        }
        // As many different numbers as there are new channels, all above the highest: none skipped if the first ones are
        // taken.
        for (uint256 i = 0; i < opened; ++i) {
            if (!seen[i]) revert ChannelNumberSkipped(uint24(highest + i + 1), highest);
        }
    }

    function _checkChannel(Channel memory channel, ICommunity community) private view {
        if (!community.canMeter(channel.account)) revert AccountCannotMeter(channel.number, channel.account);
        if (channel.class == 0 || channel.class > Classes.COUNT) revert ClassUnknown(channel.number, channel.class);
        if (channel.exempt > 1) revert ExemptFlagUnknown(channel.number, channel.exempt);
    }

    function _checkPlants(
        bytes memory next,
        bytes memory last,
        Numbered memory numbered,
        bool nonIncentivisedLast
    ) private pure returns (uint256 opened) {
        uint256 plants = next.injectionCount();
        bool[] memory rowTaken = new bool[](plants);
        bool[] memory numberTaken = new bool[](plants);
        uint256 previousOrder;
        for (uint256 position = 0; position < plants; ++position) {
            Plant memory plant = next.plant(position);
            // Plants are numbered from 1, so the order of the first is above zero.
            uint256 order = (uint256(plant.commissioned) << 16) | plant.number;
            if (nonIncentivisedLast && plant.regime == Regimes.NONE) order |= 1 << 48;
            if (order <= previousOrder) revert PlantsNotInWaterfallOrder(position);
            previousOrder = order;
            if (plant.row >= plants || rowTaken[plant.row]) revert PlantRowInvalid(plant.number, plant.row);
            rowTaken[plant.row] = true;
            PlantCheck.check(plant);

            uint24 channel = uint24(next.channelNumber(plant.row));
            bool newChannel = channel > numbered.channels;
            if (plant.number > numbered.plants) {
                uint256 index = plant.number - numbered.plants - 1;
                if (index >= plants || numberTaken[index]) revert PlantNumberSkipped(plant.number, numbered.plants);
                numberTaken[index] = true;
                ++opened;
                if (!newChannel) revert PlantChannelChanged(plant.number, channel);
            } else {
                (uint256 before, Plant memory known) = _plantOf(last, plant.number);
                if (newChannel || before != channel) revert PlantChannelChanged(plant.number, channel);
                if (_lifelong(known) != _lifelong(plant)) revert PlantTermsChanged(plant.number);
            }
        }
        for (uint256 i = 0; i < opened; ++i) {
            if (!numberTaken[i]) revert PlantNumberSkipped(uint16(numbered.plants + i + 1), numbered.plants);
        }
    }

    /// The plant and its channel; channel zero if it is not on the roster.
    function _plantOf(bytes memory roster, uint16 number) private pure returns (uint256 channel, Plant memory plant) {
        uint256 plants = roster.length == 0 ? 0 : roster.injectionCount();
        for (uint256 position = 0; position < plants; ++position) {
            plant = roster.plant(position);
            if (plant.number == number) return (roster.channelNumber(plant.row), plant);
        }
    }

    /// What of a plant no later version may change.
    function _lifelong(Plant memory plant) private pure returns (bytes32) {
        return keccak256(abi.encode(plant.commissioned, plant.powerW, plant.regime, plant.terms));
    }
}
