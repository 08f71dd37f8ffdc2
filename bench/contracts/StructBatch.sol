// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// Baseline: an array of readings a transaction, one signature for all, one packed slot a reading and one event a batch.
/// Nothing is tallied.
contract StructBatch is EIP712 {
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

    /// The readings are signed as one hash of their ABI encoding: hashing each on its own would only cost more.
    bytes32 public constant BATCH_TYPE_HASH = keccak256("Readings(bytes32 readingsHash)");

    address public immutable oracle;
    mapping(uint24 channel => mapping(uint32 hour => Stored)) public readings;

    event Recorded(uint256 count, bytes32 readingsHash);

    error NotOracle(address signer);
    error AlreadyRecorded(uint24 channel, uint32 hour);

    constructor(address oracle_) EIP712("Baseline", "1") {
        oracle = oracle_;
    }

    function record(Reading[] calldata batch, bytes calldata signature) external {
        bytes32 readingsHash = keccak256(abi.encode(batch));
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(BATCH_TYPE_HASH, readingsHash)));
        address signer = ECDSA.recoverCalldata(digest, signature);
        if (signer != oracle) revert NotOracle(signer);
        for (uint256 i = 0; i < batch.length; ++i) {
            Reading calldata reading = batch[i];
            Stored storage stored = readings[reading.channel][reading.hour];
            if (stored.recordedAt != 0) revert AlreadyRecorded(reading.channel, reading.hour);
            readings[reading.channel][reading.hour] = Stored(reading.wattHours, uint48(block.timestamp));
        }
        emit Recorded(batch.length, readingsHash);
    }
}
