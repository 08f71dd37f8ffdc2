// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {IEnergyLedger} from "../interfaces/IEnergyLedger.sol";
import {Day, Rows} from "./Rows.sol";

/// What a batch must look like whatever it says: nothing outside its hours, nothing where it claims to know nothing.
/// And its EIP-712 type, small enough for any wallet or remote signer to show.
library BatchForm {
    using Rows for Day;
    using Rows for bytes;

    bytes32 private constant DOMAIN_TYPE_HASH = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 internal constant TYPE_HASH = keccak256(
        "Batch(uint32 firstHour,uint8 hourCount,uint16 rosterVersion,uint8 grade,uint16 revision,bytes32 replaces,bytes32 rowRoot,bytes32 missingHash,uint24 priceMask,bytes32[3] prices)"
    );

    uint256 private constant ALL_HOURS = 0xffffff;
    uint256 private constant MASK_BYTES = 3;
    /// 32 masks fill three words.
    uint256 private constant MASKS_AT_ONCE = 32;

    /// What oracles sign: the EIP-712 digest for this chain and the ledger that asks.
    function digest(IEnergyLedger.Batch calldata batch, bytes32 rowRoot) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPE_HASH, keccak256("Condivisa"), keccak256("1"), block.chainid, address(this))
        );
        return MessageHashUtils.toTypedDataHash(domain, structHash(batch, rowRoot));
    }

    /// The EIP-712 struct hash.
    function structHash(IEnergyLedger.Batch calldata batch, bytes32 rowRoot) internal pure returns (bytes32) {
        return
            keccak256(
                abi.encode(
                    TYPE_HASH,
                    batch.firstHour,
                    batch.hourCount,
                    batch.rosterVersion,
                    batch.grade,
                    batch.revision,
                    batch.replaces,
                    rowRoot,
                    keccak256(batch.missing),
                    batch.priceMask,
                    keccak256(abi.encode(batch.prices))
                )
            );
    }

    /// Reverts unless the row and mask strings have exactly one entry a channel.
    function checkLengths(
        IEnergyLedger.Batch calldata batch,
        uint256 injectionRows,
        uint256 withdrawalRows
    ) internal pure {
        if (
            batch.injected.length != injectionRows * Rows.BYTES ||
            batch.withdrawn.length != withdrawalRows * Rows.BYTES ||
            batch.missing.length != (injectionRows + withdrawalRows) * MASK_BYTES
        ) {
            revert IEnergyLedger.WrongLength(
                batch.injected.length,
                batch.withdrawn.length,
                batch.missing.length,
                injectionRows,
                withdrawalRows
            );
        }
    }

    /// Reverts if a reading or price stands outside the batch's hours. Readings cannot be negative, so a lane is empty in
    /// all rows exactly if it is empty in their sum.
    function checkUnusedLanes(
        IEnergyLedger.Batch calldata batch,
        Day memory injected,
        Day memory withdrawn
    ) internal pure {
        for (uint256 h = batch.hourCount; h < Rows.HOURS; ++h) {
            if (injected.hour(h) != 0 || withdrawn.hour(h) != 0 || _price(batch, h) != 0) {
                revert IEnergyLedger.UnusedLaneNotZero(h);
            }
        }
    }

    /// Reverts if a mask marks an hour outside the batch, or if a marked reading or price is not zero.
    /// @return missing number of marked readings
    function checkMasks(IEnergyLedger.Batch calldata batch) internal pure returns (uint32 missing) {
        uint256 unused = ALL_HOURS >> batch.hourCount;
        if (batch.priceMask & unused != 0) revert IEnergyLedger.UnusedMaskBitSet(type(uint256).max, batch.priceMask);
        _checkMarkedPrices(batch);
        bytes calldata masks = batch.missing;
        bytes calldata injected = batch.injected;
        bytes calldata withdrawn = batch.withdrawn;
        uint256 injectionRows = injected.count();
        uint256 rows = masks.length / MASK_BYTES;
        for (uint256 row = 0; row < rows; ++row) {
            if (row % MASKS_AT_ONCE == 0 && _nextMasksEmpty(masks, row)) {
                row += MASKS_AT_ONCE - 1;
                continue;
            }
            uint256 mask = _mask(masks, row);
            if (mask == 0) continue;
            if (mask & unused != 0) revert IEnergyLedger.UnusedMaskBitSet(row, uint24(mask));
            missing +=
                row < injectionRows
                    ? _checkMarked(injected, row, row, mask)
                    : _checkMarked(withdrawn, row - injectionRows, row, mask);
        }
    }

    function _checkMarkedPrices(IEnergyLedger.Batch calldata batch) private pure {
        if (batch.priceMask == 0 || batch.prices[0] | batch.prices[1] | batch.prices[2] == 0) return;
        for (uint256 h = 0; h < Rows.HOURS; ++h) {
            if (_isMarked(batch.priceMask, h) && _price(batch, h) != 0) revert IEnergyLedger.MissingPriceNotZero(h);
        }
    }

    /// Whether the masks of the next 32 rows are all empty, as they mostly are. Where fewer rows are left this also reads
    /// what follows them, and may then say no: they are looked at one by one.
    function _nextMasksEmpty(bytes calldata masks, uint256 row) private pure returns (bool empty) {
        assembly ("memory-safe") {
            let offset := add(masks.offset, mul(row, 3))
            empty := iszero(or(calldataload(offset), or(calldataload(add(offset, 32)), calldataload(add(offset, 64)))))
        }
    }

    function _checkMarked(
        bytes calldata rows,
        uint256 index,
        uint256 row,
        uint256 mask
    ) private pure returns (uint32 marked) {
        for (uint256 h = 0; h < Rows.HOURS; ++h) {
            if (!_isMarked(mask, h)) continue;
            uint256 wattHours = rows.reading(index, h);
            if (wattHours != 0) revert IEnergyLedger.MissingReadingNotZero(row, h, wattHours);
            ++marked;
        }
    }

    function _isMarked(uint256 mask, uint256 hourIndex) private pure returns (bool) {
        return (mask >> (23 - hourIndex)) & 1 == 1;
    }

    function _mask(bytes calldata masks, uint256 row) private pure returns (uint256 mask) {
        assembly ("memory-safe") {
            mask := shr(232, calldataload(add(masks.offset, mul(row, 3))))
        }
    }

    /// 10⁻⁴ €/MWh, as its 32 bits.
    function _price(IEnergyLedger.Batch calldata batch, uint256 hourIndex) private pure returns (uint256) {
        return (uint256(batch.prices[hourIndex / 8]) >> (224 - 32 * (hourIndex % 8))) & type(uint32).max;
    }
}
