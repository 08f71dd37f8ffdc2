// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// Baseline: one transaction a reading, its signature checked, one packed slot. Nothing is tallied, no event is emitted, and
/// the only oracle is an immutable: what it costs at the very least.
contract OneReadingEach is EIP712 {
    struct Reading {
        uint24 channel;
        /// Whole hours since the Unix epoch, UTC.
        uint32 hour;
        uint32 wattHours;
    }

    struct Stored {
        uint32 wattHours;
        /// Seconds since the Unix epoch; zero if there is no reading.
        uint48 recordedAt;
    }

    bytes32 public constant READING_TYPE_HASH = keccak256("Reading(uint24 channel,uint32 hour,uint32 wattHours)");

    address public immutable oracle;
    mapping(uint24 channel => mapping(uint32 hour => Stored)) public readings;

    error NotOracle(address signer);
    error AlreadyRecorded(uint24 channel, uint32 hour);

    constructor(address oracle_) EIP712("Baseline", "1") {
        oracle = oracle_;
    }

    function record(Reading calldata reading, bytes calldata signature) external {
        bytes32 structHash = keccak256(abi.encode(READING_TYPE_HASH, reading.channel, reading.hour, reading.wattHours));
        address signer = ECDSA.recoverCalldata(_hashTypedDataV4(structHash), signature);
        if (signer != oracle) revert NotOracle(signer);
        Stored storage stored = readings[reading.channel][reading.hour];
        if (stored.recordedAt != 0) revert AlreadyRecorded(reading.channel, reading.hour);
        readings[reading.channel][reading.hour] = Stored(reading.wattHours, uint48(block.timestamp));
    }
}
