// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "../interfaces/ICommunity.sol";
import {Classes} from "./Classes.sol";
import {Numbered} from "./NumberRegister.sol";
import {PlantCheck} from "./PlantCheck.sol";
import {Regimes} from "./Regimes.sol";
import {Channel, Plant, Roster} from "./Roster.sol";

/// Refuses rosters that could not be tallied. Whether known numbers stand for what they have stood for is the register's to
/// say: see NumberRegister.
library RosterCheck {
    using Roster for bytes;

    /// The largest batch that fits into a transaction of 2²⁴ gas, with room for an amendment.
    uint256 internal constant MAX_ROWS = 1500;
    /// Numbers that a ledger gives out in its life: a run reads the month's sums of all of them in every chunk.
    uint256 internal constant MAX_CHANNELS = 12_000;

    /// The numbers that a roster gives out, beyond the highest so far.
    struct NewNumbers {
        uint256 highest;
        uint256 count;
        bool[] taken;
    }

    error RosterEmpty();
    error RosterTooLong(uint256 rows, uint256 most);
    /// Rows and plants together take more bytes than contract code can hold.
    error RosterTooLarge(uint256 length, uint256 most);
    error RosterMalformed(uint256 length, uint256 expected);
    /// Within the injection and within the withdrawal section, channel numbers ascend.
    error ChannelsNotAscending(uint256 row, uint24 previous, uint24 number);
    error ChannelRepeated(uint24 number);
    /// New channels take the next free numbers.
    error ChannelNumberSkipped(uint24 number, uint256 highest);
    /// The ledger has given out all its numbers: the community goes on with a new configuration.
    error ChannelsExhausted(uint256 channels, uint256 most);
    /// A new channel is of a member or producer whose account is open.
    error AccountCannotMeter(uint24 channel, uint24 account);
    error ClassUnknown(uint24 channel, uint8 class);
    error ExemptFlagUnknown(uint24 channel, uint8 exempt);
    /// Plants stand in order of commissioning day, ties by plant number; where the configuration says so, those that are
    /// not incentivised behind all others.
    error PlantsNotInWaterfallOrder(uint256 position);
    error PlantRowInvalid(uint16 plant, uint16 row);
    error PlantNumberSkipped(uint16 plant, uint256 highest);
    /// A new plant comes with a new channel.
    error PlantChannelNotNew(uint16 plant, uint24 channel);

    /// @param nonIncentivisedLast whether plants that earn no premium stand behind all others in the waterfall
    /// @return the numbers given out once `next` is adopted
    function check(
        bytes memory next,
        Numbered memory numbered,
        ICommunity community,
        bool nonIncentivisedLast
    ) internal view returns (Numbered memory) {
        _checkLength(next);
        uint256 channels = _checkChannels(next, numbered.channels, community);
        if (channels > MAX_CHANNELS) revert ChannelsExhausted(channels, MAX_CHANNELS);
        uint256 plants = _checkPlants(next, numbered, nonIncentivisedLast);
        return Numbered(uint24(channels), uint16(plants));
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

    /// @return the highest number once `next` is adopted
    function _checkChannels(bytes memory next, uint256 highest, ICommunity community) private view returns (uint256) {
        uint256 rows = next.channelCount();
        uint256 injections = next.injectionCount();
        NewNumbers memory opened = NewNumbers(highest, 0, new bool[](rows));
        for (uint256 row = 0; row < rows; ++row) {
            Channel memory channel = next.channel(row);
            if (row != 0 && row != injections) {
                uint24 previous = uint24(next.channelNumber(row - 1));
                if (previous >= channel.number) revert ChannelsNotAscending(row, previous, channel.number);
            }
            if (channel.exempt > 1) revert ExemptFlagUnknown(channel.number, channel.exempt);
            if (channel.number > highest) _checkNewChannel(channel, opened, community);
        }
        uint256 skipped = _firstSkipped(opened);
        if (skipped != 0) revert ChannelNumberSkipped(uint24(skipped), highest);
        return highest + opened.count;
    }

    function _checkNewChannel(Channel memory channel, NewNumbers memory opened, ICommunity community) private view {
        if (!community.canMeter(channel.account)) revert AccountCannotMeter(channel.number, channel.account);
        if (channel.class == 0 || channel.class > Classes.COUNT) revert ClassUnknown(channel.number, channel.class);
        if (!_isWithin(opened, channel.number)) revert ChannelNumberSkipped(channel.number, opened.highest);
        if (!_take(opened, channel.number)) revert ChannelRepeated(channel.number);
    }

    /// @return the highest number once `next` is adopted
    function _checkPlants(
        bytes memory next,
        Numbered memory numbered,
        bool nonIncentivisedLast
    ) private pure returns (uint256) {
        uint256 plants = next.injectionCount();
        bool[] memory rowTaken = new bool[](plants);
        NewNumbers memory opened = NewNumbers(numbered.plants, 0, new bool[](plants));
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
            if (plant.number > numbered.plants) {
                _checkNewPlant(plant, uint24(next.channelNumber(plant.row)), opened, numbered.channels);
            }
        }
        uint256 skipped = _firstSkipped(opened);
        if (skipped != 0) revert PlantNumberSkipped(uint16(skipped), numbered.plants);
        return numbered.plants + opened.count;
    }

    function _checkNewPlant(
        Plant memory plant,
        uint24 channel,
        NewNumbers memory opened,
        uint256 highestChannel
    ) private pure {
        if (!_isWithin(opened, plant.number) || !_take(opened, plant.number)) {
            revert PlantNumberSkipped(plant.number, opened.highest);
        }
        if (channel <= highestChannel) revert PlantChannelNotNew(plant.number, channel);
    }

    /// Whether a new number can be one of the next, as many as there are rows.
    function _isWithin(NewNumbers memory opened, uint256 number) private pure returns (bool) {
        return number - opened.highest <= opened.taken.length;
    }

    /// Says whether the new number was still free.
    function _take(NewNumbers memory opened, uint256 number) private pure returns (bool) {
        uint256 index = number - opened.highest - 1;
        if (opened.taken[index]) return false;
        opened.taken[index] = true;
        ++opened.count;
        return true;
    }

    /// As many different numbers as were taken, all above the highest: none is skipped if the first ones are taken.
    function _firstSkipped(NewNumbers memory opened) private pure returns (uint256 number) {
        for (uint256 i = 0; i < opened.count; ++i) {
            if (!opened.taken[i]) return opened.highest + i + 1;
        }
    }
}
