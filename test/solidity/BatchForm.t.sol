// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../../contracts/interfaces/IEnergyLedger.sol";
import {BatchForm} from "../../contracts/libraries/BatchForm.sol";
import {Batches} from "./support/Batches.sol";
import {Readings} from "./support/Readings.sol";
import {isTrue, same, vm} from "./support/Vm.sol";

/// The form of a batch against plain loops that say which error comes first.
contract BatchFormTest {
    using Batches for IEnergyLedger.Batch;

    uint256 private constant HOURS = 24;

    /// Marks some readings and prices, then spoils some batches with one wrong reading, mask or price.
    function testFuzz_masks(uint256 seed, uint8 hourCount, uint8 rows, uint8 marks, uint8 spoiled) external view {
        uint8 hoursUsed = 1 + (hourCount % 24);
        uint256 rowCount = 1 + (rows % 70);
        IEnergyLedger.Batch memory batch = Batches.random(seed, hoursUsed, rowCount / 3, rowCount - rowCount / 3);
        for (uint256 i = 0; i < marks % 8; ++i) {
            uint256 lot = uint256(keccak256(abi.encode(seed, i)));
            (uint256 row, uint256 hour) = (lot % rowCount, (lot >> 64) % hoursUsed);
            batch.putReading(row, hour, 0);
            batch.mark(row, hour);
        }
        batch.priceMask = uint24(seed) & uint24(0xffffff << (24 - hoursUsed));
        for (uint256 h = 0; h < hoursUsed; ++h) {
            if ((batch.priceMask >> (23 - h)) & 1 == 0) batch.putPrice(h, int32(uint32(seed >> h)));
        }
        _spoil(batch, seed, rowCount, spoiled % 10);
        _checkMasks(batch);
        _checkUnusedLanes(batch);
    }

    function test_everythingMissing() external view {
        for (uint8 hoursUsed = 1; hoursUsed <= 24; ++hoursUsed) {
            IEnergyLedger.Batch memory batch = _empty(hoursUsed, 33);
            for (uint256 row = 0; row < 33; ++row) {
                for (uint256 h = 0; h < hoursUsed; ++h) {
                    batch.mark(row, h);
                }
            }
            batch.priceMask = uint24(0xffffff << (24 - hoursUsed));
            same("missing", uint256(33) * hoursUsed, this.checkMasks(batch));
            _checkMasks(batch);
            batch.mark(32, hoursUsed == 24 ? 23 : hoursUsed);
            _checkMasks(batch);
        }
    }

    /// Masks are passed over 32 at a time: the first and last of each such part must still be seen.
    function test_oneMarkAmongTheMostRows() external {
        uint16[8] memory places = [0, 31, 32, 63, 64, 1471, 1472, 1499];
        for (uint256 i = 0; i < places.length; ++i) {
            IEnergyLedger.Batch memory batch = _empty(24, 1500);
            batch.mark(places[i], i * 3);
            same("missing", 1, this.checkMasks(batch));
            batch.putReading(places[i], i * 3, type(uint32).max);
            vm.expectRevert(
                abi.encodeWithSelector(IEnergyLedger.MissingReadingNotZero.selector, places[i], i * 3, type(uint32).max)
            );
            this.checkMasks(batch);
        }
    }

    function test_unusedLanesOfFullRows() external view {
        for (uint8 hoursUsed = 1; hoursUsed <= 24; ++hoursUsed) {
            IEnergyLedger.Batch memory batch = Batches.random(1, hoursUsed, 0, 0);
            batch.injected = Readings.full(type(uint32).max, 2);
            batch.withdrawn = Readings.full(0, 1);
            batch.missing = new bytes(9);
            _checkUnusedLanes(batch);
        }
    }

    function testFuzz_lengths(
        uint16 injected,
        uint16 withdrawn,
        uint16 missing,
        uint8 injections,
        uint8 withdrawals
    ) external view {
        IEnergyLedger.Batch memory batch;
        batch.injected = new bytes(injected % 4 == 0 ? injected % 1000 : uint256(injections) * 96);
        batch.withdrawn = new bytes(withdrawn % 4 == 0 ? withdrawn % 1000 : uint256(withdrawals) * 96);
        batch.missing = new bytes(missing % 4 == 0 ? missing % 1000 : (uint256(injections) + withdrawals) * 3);
        bool fits =
            batch.injected.length == uint256(injections) * 96 &&
                batch.withdrawn.length == uint256(withdrawals) * 96 &&
                batch.missing.length == (uint256(injections) + withdrawals) * 3;
        bytes memory expected = abi.encodeWithSelector(
            IEnergyLedger.WrongLength.selector,
            batch.injected.length,
            batch.withdrawn.length,
            batch.missing.length,
            injections,
            withdrawals
        );
        try this.checkLengths(batch, injections, withdrawals) {
            isTrue("lengths accepted", fits);
        } catch (bytes memory refusal) {
            isTrue("lengths refused", !fits && keccak256(refusal) == keccak256(expected));
        }
    }

    /// Every field of the type is in the hash; the encoding is the one of EIP-712.
    function testFuzz_structHash(uint256 seed, bytes32 rowRoot, uint8 grade, bytes memory missing) external view {
        IEnergyLedger.Batch memory batch;
        batch.firstHour = uint32(seed);
        batch.hourCount = uint8(seed >> 32);
        batch.rosterVersion = uint16(seed >> 40);
        batch.grade = IEnergyLedger.Grade(grade % 4);
        batch.revision = uint16(seed >> 56);
        batch.replaces = keccak256(abi.encode(seed));
        batch.missing = missing;
        batch.priceMask = uint24(seed >> 72);
        batch.prices = [bytes32(seed), bytes32(~seed), rowRoot];
        bytes32 typeHash = keccak256(
            "Batch(uint32 firstHour,uint8 hourCount,uint16 rosterVersion,uint8 grade,uint16 revision,bytes32 replaces,bytes32 rowRoot,bytes32 missingHash,uint24 priceMask,bytes32[3] prices)"
        );
        bytes32 prices = keccak256(bytes.concat(batch.prices[0], batch.prices[1], batch.prices[2]));
        bytes memory head = bytes.concat(
            typeHash,
            bytes32(uint256(batch.firstHour)),
            bytes32(uint256(batch.hourCount)),
            bytes32(uint256(batch.rosterVersion)),
            bytes32(uint256(grade % 4)),
            bytes32(uint256(batch.revision)),
            batch.replaces
        );
        bytes memory tail = bytes.concat(rowRoot, keccak256(batch.missing), bytes32(uint256(batch.priceMask)), prices);
        isTrue("struct hash", this.structHash(batch, rowRoot) == keccak256(bytes.concat(head, tail)));
    }

    // The library reads calldata: these put the batch there.

    function checkMasks(IEnergyLedger.Batch calldata batch) external pure returns (uint32) {
        return BatchForm.checkMasks(batch);
    }

    function checkUnusedLanes(
        IEnergyLedger.Batch calldata batch,
        uint256[24] memory injected,
        uint256[24] memory withdrawn
    ) external pure {
        BatchForm.checkUnusedLanes(batch, Readings.pack(injected), Readings.pack(withdrawn));
    }

    function checkLengths(IEnergyLedger.Batch calldata batch, uint256 injections, uint256 withdrawals) external pure {
        BatchForm.checkLengths(batch, injections, withdrawals);
    }

    function structHash(IEnergyLedger.Batch calldata batch, bytes32 rowRoot) external pure returns (bytes32) {
        return BatchForm.structHash(batch, rowRoot);
    }

    function _spoil(IEnergyLedger.Batch memory batch, uint256 seed, uint256 rows, uint256 how) private pure {
        uint256 lot = uint256(keccak256(abi.encode(seed, "spoil")));
        (uint256 row, uint256 hour) = (lot % rows, (lot >> 64) % HOURS);
        if (how == 0) batch.mark(row, hour);
        else if (how == 1) batch.putReading(row, hour, 1);
        else if (how == 2) batch.putPrice(hour, -1);
        else if (how == 3) batch.priceMask |= uint24(1 << (23 - hour));
    }

    function _checkMasks(IEnergyLedger.Batch memory batch) private view {
        (bytes memory expected, uint256 missing) = _maskError(batch);
        try this.checkMasks(batch) returns (uint32 counted) {
            isTrue("masks refused", expected.length == 0);
            same("missing", missing, counted);
        } catch (bytes memory actual) {
            isTrue("mask error", keccak256(expected) == keccak256(actual));
        }
    }

    function _maskError(IEnergyLedger.Batch memory batch) private pure returns (bytes memory refusal, uint256 missing) {
        refusal = "";
        for (uint256 h = batch.hourCount; h < HOURS; ++h) {
            if ((batch.priceMask >> (23 - h)) & 1 == 1) {
                bytes4 selector = IEnergyLedger.UnusedMaskBitSet.selector;
                return (abi.encodeWithSelector(selector, type(uint256).max, batch.priceMask), 0);
            }
        }
        for (uint256 h = 0; h < batch.hourCount; ++h) {
            if ((batch.priceMask >> (23 - h)) & 1 == 1 && batch.price(h) != 0) {
                return (abi.encodeWithSelector(IEnergyLedger.MissingPriceNotZero.selector, h), 0);
            }
        }
        for (uint256 row = 0; row < batch.missing.length / 3; ++row) {
            for (uint256 h = batch.hourCount; h < HOURS; ++h) {
                if (!batch.isMissing(row, h)) continue;
                return (abi.encodeWithSelector(IEnergyLedger.UnusedMaskBitSet.selector, row, batch.mask(row)), 0);
            }
            for (uint256 h = 0; h < HOURS; ++h) {
                if (!batch.isMissing(row, h)) continue;
                uint256 read = batch.reading(row, h);
                if (read != 0) {
                    bytes4 selector = IEnergyLedger.MissingReadingNotZero.selector;
                    return (abi.encodeWithSelector(selector, row, h, read), 0);
                }
                ++missing;
            }
        }
    }

    function _checkUnusedLanes(IEnergyLedger.Batch memory batch) private view {
        uint256 rows = batch.missing.length / 3;
        uint256 firstWrong = HOURS;
        for (uint256 h = HOURS; h > batch.hourCount; --h) {
            bool isUsed = batch.price(h - 1) != 0;
            for (uint256 row = 0; row < rows; ++row) {
                if (batch.reading(row, h - 1) != 0) isUsed = true;
            }
            if (isUsed) firstWrong = h - 1;
        }
        uint256[24] memory injected = Readings.sums(batch.injected);
        uint256[24] memory withdrawn = Readings.sums(batch.withdrawn);
        try this.checkUnusedLanes(batch, injected, withdrawn) {
            same("lane refused", HOURS, firstWrong);
        } catch (bytes memory actual) {
            bytes memory expected = abi.encodeWithSelector(IEnergyLedger.UnusedLaneNotZero.selector, firstWrong);
            isTrue("lane error", keccak256(expected) == keccak256(actual));
        }
    }

    function _empty(uint8 hourCount, uint256 rows) private pure returns (IEnergyLedger.Batch memory batch) {
        batch.hourCount = hourCount;
        batch.injected = new bytes(96 * (rows / 2));
        batch.withdrawn = new bytes(96 * (rows - rows / 2));
        batch.missing = new bytes(3 * rows);
    }
}
