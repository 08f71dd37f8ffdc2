// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

struct Channel {
    uint24 number;
    uint24 account;
    uint8 class;
    uint8 exempt;
    uint32 weight;
}

struct Plant {
    uint16 number;
    uint16 row;
    /// Days since 1 January 1970.
    uint32 commissioned;
    uint32 powerW;
    /// See Regimes.
    uint8 regime;
    /// What the regime pays by, in its own layout.
    uint152 terms;
}

/// Terms of a CACER plant (rules.md, Premium).
struct CacerTerms {
    /// 10⁻⁴ €/MWh, as are the next two.
    uint256 base;
    uint256 cap;
    /// FC, which adds to the capped tariff.
    uint256 correction;
    /// F = numerator / denominator: by how much a capital grant reduces the premium.
    uint256 numerator;
    uint256 denominator;
}

/// A roster version in memory, as it stands in contract code: who is metered and which plants earn what.
///
/// ```
/// 2 bytes   injection channels (I), each the channel of one plant
/// 2 bytes   withdrawal channels (W)
/// 12 bytes  each channel, injection channels first, ascending channel number within each section:
///           number 3 | account 3 | class 1 | exempt 1 | weight 4
/// 32 bytes  each plant, in waterfall order: ascending commissioning day, ties by plant number:
///           number 2 | row of its channel 2 | commissioned 4 | power in W 4 | regime 1 | terms 19
/// 19 bytes  terms of regime 1 (art. 42-bis): tariff 4 | zero 15
///           of regime 2 (CACER): base 4 | cap 4 | correction 3 | reduction: numerator 4, denominator 4
///           of regime 3 (none): zero 19
/// ```
/// Tariffs are in 10⁻⁴ €/MWh. Where the configuration says so, plants of regime 3 stand behind all others.
/// The order of the channels is the order of the rows in a batch.
library Roster {
    uint256 internal constant HEADER_BYTES = 4;
    uint256 internal constant CHANNEL_BYTES = 12;
    uint256 internal constant PLANT_BYTES = 32;
    /// What contract code can hold beside its leading STOP (EIP-170).
    uint256 internal constant MAX_BYTES = 24_575;

    /// Reads a roster that `store` put into contract code; the first byte there is STOP.
    function load(address pointer) internal view returns (bytes memory roster) {
        uint256 size = pointer.code.length - 1;
        roster = new bytes(size);
        assembly ("memory-safe") {
            extcodecopy(pointer, add(roster, 32), 1, size)
        }
    }

    /// Puts at most MAX_BYTES into the code of a new contract that nobody can call. Zero address if the gas does not suffice.
    function store(bytes memory data) internal returns (address pointer) {
        // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN, then what becomes the code: STOP and the data.
        bytes memory creation = abi.encodePacked(hex"61", uint16(data.length + 1), hex"80600a5f395ff300", data);
        assembly ("memory-safe") {
            pointer := create(0, add(creation, 32), mload(creation))
        }
    }

    function injectionCount(bytes memory roster) internal pure returns (uint256) {
        return _word(roster, 0) >> 240;
    }

    function withdrawalCount(bytes memory roster) internal pure returns (uint256) {
        return _word(roster, 2) >> 240;
    }

    function channelCount(bytes memory roster) internal pure returns (uint256) {
        unchecked {
            return injectionCount(roster) + withdrawalCount(roster);
        }
    }

    function channelNumber(bytes memory roster, uint256 row) internal pure returns (uint256) {
        unchecked {
            return _word(roster, HEADER_BYTES + row * CHANNEL_BYTES) >> 232;
        }
    }

    /// Memory address of the word that begins with the channel of this row; the next row's is 12 bytes further.
    function channelWord(bytes memory roster, uint256 row) internal pure returns (uint256 location) {
        assembly ("memory-safe") {
            location := add(add(roster, 36), mul(row, 12))
        }
    }

    function channel(bytes memory roster, uint256 row) internal pure returns (Channel memory) {
        uint256 word = _word(roster, HEADER_BYTES + row * CHANNEL_BYTES);
        return
            Channel({
                number: uint24(word >> 232),
                account: uint24(word >> 208),
                class: uint8(word >> 200),
                exempt: uint8(word >> 192),
                weight: uint32(word >> 160)
            });
    }

    function plant(bytes memory roster, uint256 position) internal pure returns (Plant memory) {
        uint256 word = _plantWord(roster, position);
        return
            Plant({
                number: uint16(word >> 240),
                row: uint16(word >> 224),
                commissioned: uint32(word >> 192),
                powerW: uint32(word >> 160),
                regime: uint8(word >> 152),
                terms: uint152(word)
            });
    }

    /// What keys need of a channel, without a struct for each.
    function channelTerms(
        bytes memory roster,
        uint256 row
    ) internal pure returns (uint256 number, uint256 account, uint256 class, uint256 weight) {
        uint256 word;
        unchecked {
            word = _word(roster, HEADER_BYTES + row * CHANNEL_BYTES);
        }
        return (word >> 232, (word >> 208) & type(uint24).max, uint8(word >> 200), uint32(word >> 160));
    }

    /// What the tally needs of a plant, without a struct for each. `incentive` is regime 1 | terms 19.
    function plantTerms(
        bytes memory roster,
        uint256 position
    ) internal pure returns (uint256 number, uint256 row, uint160 incentive) {
        uint256 word = _plantWord(roster, position);
        return (word >> 240, (word >> 224) & type(uint16).max, uint160(word));
    }

    /// The fixed tariff of a plant of art. 42-bis, 10⁻⁴ €/MWh.
    function fixedTariff(uint152 terms) internal pure returns (uint256) {
        return terms >> 120;
    }

    /// Whether a capital grant reduces the premium of a CACER plant.
    function hasGrant(uint152 terms) internal pure returns (bool) {
        return uint32(terms >> 32) != 0;
    }

    function cacerTerms(uint152 terms) internal pure returns (CacerTerms memory) {
        return
            CacerTerms({
                base: terms >> 120,
                cap: uint32(terms >> 88),
                correction: uint24(terms >> 64),
                numerator: uint32(terms >> 32),
                denominator: uint32(terms)
            });
    }

    /// What a plant keeps for life: the number of its channel in the place of its own number and row, then all its terms.
    function plantForLife(bytes memory roster, uint256 position) internal pure returns (uint256 number, uint256 terms) {
        uint256 word = _plantWord(roster, position);
        uint256 row = (word >> 224) & type(uint16).max;
        return (word >> 240, (channelNumber(roster, row) << 224) | (word & type(uint224).max));
    }

    function _plantWord(bytes memory roster, uint256 position) private pure returns (uint256) {
        unchecked {
            return _word(roster, HEADER_BYTES + channelCount(roster) * CHANNEL_BYTES + position * PLANT_BYTES);
        }
    }

    function _word(bytes memory roster, uint256 offset) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := mload(add(add(roster, 32), offset))
        }
    }
}
