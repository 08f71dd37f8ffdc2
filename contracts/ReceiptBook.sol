// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {IReceiptBook} from "./interfaces/IReceiptBook.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {Changes} from "./libraries/Changes.sol";
import {Excess} from "./libraries/Excess.sol";
import {Quads} from "./libraries/Quads.sol";

/// See IReceiptBook.
contract ReceiptBook is IReceiptBook, AccessManaged {
    using Changes for Changes.List;
    using Quads for uint256;
    using SafeCast for int256;

    int64 private constant MICRO_PER_CENT = 10_000;
    int256 private constant WHOLE = 10_000;
    uint16 private constant MONTHS = 12;

    /// @inheritdoc IReceiptBook
    ICommunity public immutable community;

    /// @inheritdoc IReceiptBook
    int256 public received;
    /// @inheritdoc IReceiptBook
    uint32 public receiptCount;
    /// @inheritdoc IReceiptBook
    bytes32 public receiptsHash;
    Changes.List private _changes;
    mapping(bytes32 receiptHash => bool) private _isBooked;
    mapping(uint16 configuration => mapping(uint16 month => Amounts)) private _amounts;
    mapping(uint16 configuration => mapping(uint16 month => mapping(uint256 word => uint256))) private _passedThrough;
    /// @inheritdoc IReceiptBook
    mapping(uint16 configuration => mapping(uint16 year => bool)) public isAdjusted;

    constructor(address authority, ICommunity community_) AccessManaged(authority) {
        community = community_;
    }

    /// @inheritdoc IReceiptBook
    function bookReceipt(Receipt calldata receipt) external restricted returns (uint32 number) {
        _checkReceipt(receipt);
        bytes32 receiptHash = keccak256(abi.encode(receipt));
        if (_isBooked[receiptHash]) revert ReceiptRepeated(receiptHash);

        _isBooked[receiptHash] = true;
        number = ++receiptCount;
        received += receipt.net;
        _add(receipt);
        _changes.note(receipt.configuration, receipt.month);
        receiptsHash = keccak256(abi.encode(receiptsHash, number, receiptHash));
        emit ReceiptBooked(number, receipt, receiptsHash);
    }

    /// @inheritdoc IReceiptBook
    function adjustYear(uint16 configuration, uint16 year, bytes32 documentHash) external restricted {
        uint16 january = year * MONTHS;
        IEnergyLedger ledger = community.ledgerOf(configuration);
        if (january + MONTHS <= ledger.firstMonth()) {
            revert MonthBeforeStart(january + MONTHS - 1, ledger.firstMonth());
        }
        if (!ledger.isClosed(january + MONTHS - 1)) revert YearOpen(configuration, year);
        if (isAdjusted[configuration][year]) revert YearAlreadyAdjusted(configuration, year);

        isAdjusted[configuration][year] = true;
        for (uint16 month = january; month < january + MONTHS; ++month) {
            _changes.note(configuration, month);
        }
        receiptsHash = keccak256(abi.encode(receiptsHash, configuration, year, documentHash));
        emit YearAdjusted(configuration, year, documentHash, receiptsHash);
    }

    /// @inheritdoc IReceiptBook
    function amountsOf(uint16 configuration, uint16 month) external view returns (Amounts memory) {
        return _amounts[configuration][month];
    }

    /// @inheritdoc IReceiptBook
    function passedThroughTo(
        uint16 configuration,
        uint16 month,
        uint256 firstWord,
        uint256 count
    ) external view returns (uint256[] memory words) {
        if (!_amounts[configuration][month].passesThrough) return words;
        words = new uint256[](count);
        for (uint256 i = 0; i < count; ++i) {
            words[i] = _passedThrough[configuration][month][firstWord + i];
        }
    }

    /// @inheritdoc IReceiptBook
    function poolsOf(
        uint16 configuration,
        uint16 month,
        uint16 throughMonth,
        uint16 holdBack,
        bool isYearly
    ) external view returns (Pools memory pools) {
        Amounts memory amounts = _amounts[configuration][month];
        uint16 december = (month / MONTHS) * MONTHS + MONTHS - 1;
        bool adjusted = isAdjusted[configuration][month / MONTHS];
        bool isPartial = !adjusted && throughMonth < december;
        (uint256 beyond, uint256 accrued) = excessOf(configuration, isPartial ? throughMonth : december);

        int256 excess = accrued == 0 ? int256(0) : (amounts.premium * int256(beyond)) / int256(accrued);
        int256 rest = amounts.premium - excess;
        int256 held;
        if (!adjusted) held = isYearly ? rest + amounts.shared : (rest * int256(uint256(holdBack))) / WHOLE;

        pools.ordinary = (rest + amounts.shared - held).toInt64();
        pools.heldAdvance = held.toInt64();
        if (adjusted) pools.excess = excess.toInt64();
        else pools.heldExcess = excess.toInt64();
    }

    /// @inheritdoc IReceiptBook
    function excessOf(uint16 configuration, uint16 throughMonth) public view returns (uint256 excess, uint256 accrued) {
        IEnergyLedger.PlantSet memory withoutGrant;
        IEnergyLedger.PlantSet memory withGrant;
        uint16 january = (throughMonth / MONTHS) * MONTHS;
        (accrued, withoutGrant, withGrant) = community.ledgerOf(configuration).premiumSums(january, throughMonth);
        excess = Excess.beyond(withoutGrant, Excess.WITHOUT_GRANT) + Excess.beyond(withGrant, Excess.WITH_GRANT);
    }

    /// @inheritdoc IReceiptBook
    function changeCount() external view returns (uint32) {
        return _changes.count;
    }

    /// @inheritdoc IReceiptBook
    function hasChanged(
        uint32 since,
        uint16 configurations,
        uint16 fromMonth,
        uint16 toMonth
    ) external view returns (bool) {
        return _changes.touches(since, configurations, fromMonth, toMonth);
    }

    function _add(Receipt calldata receipt) private {
        Amounts storage amounts = _amounts[receipt.configuration][receipt.month];
        if (receipt.kind == ReceiptKind.Premium) {
            amounts.premium = (int256(amounts.premium) + receipt.net).toInt80();
        } else if (receipt.account == 0) {
            amounts.shared = (int256(amounts.shared) + receipt.net).toInt80();
        } else {
            amounts.passesThrough = true;
            amounts.passedThrough = (int256(amounts.passedThrough) + receipt.net).toInt80();
            (uint256 word, uint256 lane) = Quads.placeOf(receipt.account);
            uint256 packed = _passedThrough[receipt.configuration][receipt.month][word];
            int64 sum = (int256(packed.get(lane)) + receipt.net).toInt64();
            _passedThrough[receipt.configuration][receipt.month][word] = packed.set(lane, sum);
        }
    }

    function _checkReceipt(Receipt calldata receipt) private view {
        uint16 firstMonth = community.ledgerOf(receipt.configuration).firstMonth();
        if (receipt.month < firstMonth) revert MonthBeforeStart(receipt.month, firstMonth);
        if (Calendar.startOf(receipt.month) * uint256(1 hours) > block.timestamp) revert MonthNotBegun(receipt.month);
        if (receipt.kind == ReceiptKind.None) revert ReceiptKindMissing();
        if (!_isAccountValid(receipt)) revert ReceiptAccountInvalid(receipt.kind, receipt.account);
        _checkCents(receipt.gross);
        _checkCents(receipt.fee);
        _checkCents(receipt.vat);
        int256 expected = int256(receipt.gross) - receipt.fee - receipt.vat;
        if (receipt.net != expected) revert NetDiffers(receipt.net, expected);
    }

    function _isAccountValid(Receipt calldata receipt) private view returns (bool) {
        bool passesThrough = receipt.kind == ReceiptKind.EnergySale || receipt.kind == ReceiptKind.Reserve;
        if (!passesThrough) return receipt.account == 0;
        if (receipt.account == 0 || receipt.account > community.accountCount()) return false;
        ICommunity.AccountKind kind = community.account(receipt.account).kind;
        if (receipt.kind == ReceiptKind.Reserve) return kind == ICommunity.AccountKind.Fund;
        return kind == ICommunity.AccountKind.Member || kind == ICommunity.AccountKind.Producer;
    }

    function _checkCents(int64 amount) private pure {
        if (amount % MICRO_PER_CENT != 0) revert NotWholeCents(amount);
    }
}
