// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Roster} from "./Roster.sol";

/// How many numbers a ledger has given out: channels and plants are numbered from 1, without gaps.
struct Numbered {
    uint24 channels;
    uint16 plants;
}

/// What the numbers of a ledger stand for, for good, whichever roster versions they are on: of a channel its direction,
/// account and class, seven to a word of 33 bits each; of a plant its channel and all its terms, a word each.
library NumberRegister {
    using Roster for bytes;

    uint256 private constant PER_WORD = 7;
    uint256 private constant LANE_BITS = 33;
    uint256 private constant LANE = (1 << LANE_BITS) - 1;

    struct Register {
        mapping(uint256 word => uint256) channels;
        mapping(uint256 number => uint256) plants;
    }

    /// A channel keeps its direction, account and class for life: close it and open another.
    error ChannelChanged(uint24 number);
    /// A plant keeps its channel and its terms for life: close both and open others.
    error PlantChanged(uint16 plant);

    /// Reverts unless every channel and plant with a known number is the one that bears it.
    function check(Register storage register, bytes memory roster, Numbered memory known) internal view {
        uint256 rows = roster.channelCount();
        for (uint256 row = 0; row < rows; ++row) {
            (uint256 number, uint256 lane) = _channel(roster, row);
            if (number > known.channels) continue;
            uint256 bearer = (register.channels[number / PER_WORD] >> (LANE_BITS * (number % PER_WORD))) & LANE;
            if (bearer != lane) revert ChannelChanged(uint24(number));
        }
        uint256 plants = roster.injectionCount();
        for (uint256 position = 0; position < plants; ++position) {
            (uint256 number, uint256 terms) = roster.plantForLife(position);
            if (number <= known.plants && register.plants[number] != terms) revert PlantChanged(uint16(number));
        }
    }

    /// Enters the channels and plants of a roster that have new numbers.
    /// @param before the numbers given out so far
    function enter(Register storage register, bytes memory roster, Numbered memory before) internal {
        uint256 rows = roster.channelCount();
        for (uint256 row = 0; row < rows; ++row) {
            (uint256 number, uint256 lane) = _channel(roster, row);
            if (number <= before.channels) continue;
            register.channels[number / PER_WORD] |= lane << (LANE_BITS * (number % PER_WORD));
        }
        uint256 plants = roster.injectionCount();
        for (uint256 position = 0; position < plants; ++position) {
            (uint256 number, uint256 terms) = roster.plantForLife(position);
            if (number > before.plants) register.plants[number] = terms;
        }
    }

    function _channel(bytes memory roster, uint256 row) private pure returns (uint256 number, uint256 lane) {
        uint256 account;
        uint256 class;
        (number, account, class, ) = roster.channelTerms(row);
        uint256 injects = row < roster.injectionCount() ? 1 : 0;
        lane = (injects << 32) | (account << 8) | class;
    }
}
