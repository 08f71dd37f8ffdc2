// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {ITreasury} from "./interfaces/ITreasury.sol";
import {Calendar} from "./libraries/Calendar.sol";

/// What GSE paid, by month and configuration: the half of the treasury that takes in.
abstract contract Receipts is ITreasury, AccessManaged {
    int64 private constant MICRO_PER_CENT = 10_000;

    ICommunity public immutable community;

    /// @inheritdoc ITreasury
    int256 public received;
    /// @inheritdoc ITreasury
    uint32 public receiptCount;
    bytes32 internal _receiptsHash;
    mapping(bytes32 receiptHash => bool) private _isBooked;
    mapping(uint16 configuration => mapping(uint16 month => int256)) private _pools;

    constructor(ICommunity community_) {
        community = community_;
    }

    /// @inheritdoc ITreasury
    function bookReceipt(Receipt calldata receipt) external restricted returns (uint32 number) {
        _checkReceipt(receipt);
        bytes32 receiptHash = keccak256(abi.encode(receipt));
        if (_isBooked[receiptHash]) revert ReceiptRepeated(receiptHash);

        _isBooked[receiptHash] = true;
        number = ++receiptCount;
        received += receipt.net;
        _pools[receipt.configuration][receipt.month] += receipt.net;
        _receiptsHash = keccak256(abi.encode(_receiptsHash, number, receiptHash));
        emit ReceiptBooked(number, receipt, _receiptsHash);
        _poolChanged(receipt.configuration, receipt.month);
    }

    /// @inheritdoc ITreasury
    function poolOf(uint16 configuration, uint16 month) public view returns (int256) {
        return _pools[configuration][month];
    }

    /// Called when a month's receipts have changed.
    function _poolChanged(uint16 configuration, uint16 month) internal virtual;

    function _checkReceipt(Receipt calldata receipt) private view {
        uint16 firstMonth = community.ledgerOf(receipt.configuration).firstMonth();
        if (receipt.month < firstMonth) revert MonthBeforeStart(receipt.month, firstMonth);
        if (Calendar.startOf(receipt.month) * uint256(1 hours) > block.timestamp) revert MonthNotBegun(receipt.month);
        if (receipt.kind == ReceiptKind.None) revert ReceiptKindMissing();
        _checkCents(receipt.gross);
        _checkCents(receipt.fee);
        _checkCents(receipt.vat);
        int256 expected = int256(receipt.gross) - receipt.fee - receipt.vat;
        if (receipt.net != expected) revert NetDiffers(receipt.net, expected);
    }

    function _checkCents(int64 amount) private pure {
        if (amount % MICRO_PER_CENT != 0) revert NotWholeCents(amount);
    }
}
