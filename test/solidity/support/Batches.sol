// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../../../contracts/interfaces/IEnergyLedger.sol";
import {Readings} from "./Readings.sol";

/// Batches to test with, and what they say, read field by field.
library Batches {
    /// Random readings in `hourCount` hours, nothing missing, all prices zero.
    function random(
        uint256 seed,
        uint8 hourCount,
        uint256 injections,
        uint256 withdrawals
    ) internal pure returns (IEnergyLedger.Batch memory batch) {
        batch.hourCount = hourCount;
        batch.seed = bytes32(seed);
        batch.injected = Readings.random(seed, injections, hourCount);
        batch.withdrawn = Readings.random(seed ^ 1, withdrawals, hourCount);
        batch.missing = new bytes(3 * (injections + withdrawals));
    }

    function reading(IEnergyLedger.Batch memory batch, uint256 row, uint256 hour) internal pure returns (uint256) {
        uint256 injections = batch.injected.length / 96;
        return
            row < injections
                ? Readings.get(batch.injected, row, hour)
                : Readings.get(batch.withdrawn, row - injections, hour);
    }

    function putReading(IEnergyLedger.Batch memory batch, uint256 row, uint256 hour, uint32 wattHours) internal pure {
        uint256 injections = batch.injected.length / 96;
        if (row < injections) Readings.put(batch.injected, row, hour, wattHours);
        else Readings.put(batch.withdrawn, row - injections, hour, wattHours);
    }

    function isMissing(IEnergyLedger.Batch memory batch, uint256 row, uint256 hour) internal pure returns (bool) {
        return (uint8(batch.missing[3 * row + hour / 8]) / 2 ** (7 - (hour % 8))) % 2 == 1;
    }

    function mark(IEnergyLedger.Batch memory batch, uint256 row, uint256 hour) internal pure {
        batch.missing[3 * row + hour / 8] |= bytes1(uint8(2 ** (7 - (hour % 8))));
    }

    function mask(IEnergyLedger.Batch memory batch, uint256 row) internal pure returns (uint24) {
        return
            uint24(uint8(batch.missing[3 * row])) * 2 ** 16 +
            uint24(uint8(batch.missing[3 * row + 1])) * 2 ** 8 +
            uint8(batch.missing[3 * row + 2]);
    }

    /// Gives every hour a price or marks it as without one: mostly where tariffs change, at times far below zero.
    function randomisePrices(IEnergyLedger.Batch memory batch, uint256 seed) internal pure {
        for (uint256 hour = 0; hour < batch.hourCount; ++hour) {
            uint256 noise = uint256(keccak256(abi.encode(seed, "price", hour)));
            uint256 kind = (noise / 2 ** 64) % 8;
            if (kind == 0) {
                batch.priceMask |= uint24(2 ** (23 - hour));
                continue;
            }
            int32 value = int32(int256(noise % 1_000_000)) + 1_200_000;
            if (kind == 1) value = -int32(int256(noise % 5_000_000));
            if (kind == 2) value = int32(uint32(noise));
            putPrice(batch, hour, value);
        }
    }

    function hasPrice(IEnergyLedger.Batch memory batch, uint256 hour) internal pure returns (bool) {
        return (batch.priceMask / 2 ** (23 - hour)) % 2 == 0;
    }

    function price(IEnergyLedger.Batch memory batch, uint256 hour) internal pure returns (uint32 value) {
        for (uint256 i = 0; i < 4; ++i) {
            value = value * 256 + uint8(batch.prices[hour / 8][4 * (hour % 8) + i]);
        }
    }

    function putPrice(IEnergyLedger.Batch memory batch, uint256 hour, int32 value) internal pure {
        batch.prices[hour / 8] |= bytes32(uint256(uint32(value)) * 2 ** (32 * (7 - (hour % 8))));
    }
}
