// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Channel, Plant} from "../../../contracts/libraries/Roster.sol";

/// Writes rosters, field by field as the library Roster documents them.
library Rosters {
    function encode(
        Channel[] memory injection,
        Channel[] memory withdrawal,
        Plant[] memory plants
    ) internal pure returns (bytes memory blob) {
        blob = abi.encodePacked(uint16(injection.length), uint16(withdrawal.length), channels(injection));
        blob = bytes.concat(blob, channels(withdrawal));
        for (uint256 i = 0; i < plants.length; ++i) {
            blob = bytes.concat(blob, plant(plants[i]));
        }
    }

    function channels(Channel[] memory list) internal pure returns (bytes memory blob) {
        blob = new bytes(list.length * 12);
        for (uint256 i = 0; i < list.length; ++i) {
            Channel memory c = list[i];
            bytes memory one = abi.encodePacked(c.number, c.account, c.class, c.exempt, c.weight);
            for (uint256 j = 0; j < 12; ++j) {
                blob[12 * i + j] = one[j];
            }
        }
    }

    function plant(Plant memory p) internal pure returns (bytes memory) {
        return abi.encodePacked(p.number, p.row, p.commissioned, p.powerW, p.regime, p.terms);
    }

    /// Channels `first`, `first + step`, …, of account 1.
    function numbered(uint256 count, uint24 first, uint24 step) internal pure returns (Channel[] memory list) {
        list = new Channel[](count);
        for (uint256 i = 0; i < count; ++i) {
            list[i] = Channel(first + uint24(i) * step, 1, 1, 0, 1);
        }
    }
}
