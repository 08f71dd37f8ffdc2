// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {RosterRules} from "./RosterRules.sol";
import {RosterVersions} from "./RosterVersions.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {BatchForm} from "./libraries/BatchForm.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {GradedHours} from "./libraries/GradedHours.sol";
import {MonthChanges} from "./libraries/MonthChanges.sol";
import {MonthSums} from "./libraries/MonthSums.sol";
import {PlantSets, PlantSetSums} from "./libraries/PlantSets.sol";
import {Roster} from "./libraries/Roster.sol";
import {Rows} from "./libraries/Rows.sol";
import {RowTree} from "./libraries/RowTree.sol";
import {Tallied, Tally} from "./libraries/Tally.sol";

/// See IEnergyLedger.
contract EnergyLedger is RosterVersions {
    using Roster for bytes;
    using Rows for *;
    using MonthChanges for MonthChanges.List;
    using MonthSums for uint256[];
    using MonthSums for mapping(uint256 => uint256);
    using PlantSetSums for PlantSets;

    /// As MonthState, with its hours by grade.
    struct Month {
        uint128 accrued;
        uint32 missing;
        uint16 hoursWithoutPrice;
        GradedHours graded;
        uint64 injected;
        uint64 withdrawn;
        uint64 shared;
    }

    /// @inheritdoc IEnergyLedger
    uint16 public immutable firstMonth;

    address[] private _oracles;
    mapping(address signer => bool) private _isOracle;
    mapping(uint32 firstHour => bytes32) private _digests;
    mapping(uint16 month => Month) private _months;
    mapping(uint16 month => PlantSets) private _plantSets;
    mapping(uint16 month => mapping(uint256 word => uint256)) private _coincident;
    mapping(uint16 month => mapping(uint256 word => uint256)) private _attributed;

    constructor(
        address authority,
        ICommunity community_,
        RosterRules rosterRules_,
        uint32 firstHour,
        uint16 month,
        address[] memory oracleSigners,
        uint8 quorum,
        bool nonIncentivisedLast_
    ) AccessManaged(authority) RosterVersions(community_, rosterRules_, firstHour, nonIncentivisedLast_) {
        if (firstHour < Calendar.startOf(month) || firstHour >= Calendar.endOf(month)) {
            revert FirstHourOutsideMonth(firstHour, month);
        }
        firstMonth = month;
        _head.nextHour = firstHour;
        _head.month = month;
        _head.monthEnd = Calendar.endOf(month);
        _setOracles(oracleSigners, quorum);
    }

    /// @inheritdoc IEnergyLedger
    function record(Batch calldata batch, bytes[] calldata signatures) external whenNotPaused {
        Head memory head = _head;
        _checkPlace(batch, head);
        bytes memory roster = _rosterInForce(batch, head.rosterCount);
        if (batch.revision != 0 || batch.replaces != 0) revert NotFirstRevision(batch.revision, batch.replaces);
        (bytes32 rowRoot, bytes32 digest) = _digest(batch, roster);
        (Tallied memory tally, uint32 missing) = _tally(batch, roster, head);
        _checkSignatures(digest, signatures, head.quorum);

        _advance(head, batch.hourCount);
        _digests[batch.firstHour] = digest;
        Month memory month = _months[head.month];
        _add(month, batch, tally, missing);
        _months[head.month] = month;
        tally.coincident.addTo(_coincident[head.month]);
        tally.attributed.addTo(_attributed[head.month]);
        _plantSets[head.month].add(tally.withoutGrant, tally.withGrant);

        emit BatchRecorded(
            batch.firstHour,
            head.month,
            batch.hourCount,
            batch.grade,
            missing,
            uint128(tally.accrued),
            digest,
            rowRoot,
            tally.injected,
            tally.withdrawn,
            tally.shared
        );
    }

    /// @inheritdoc IEnergyLedger
    function amend(Batch calldata old, Batch calldata corrected, bytes[] calldata signatures) external whenNotPaused {
        Head memory head = _head;
        bytes memory roster = _rosterOf(old);
        bytes32 replaced = _checkRecorded(old, roster);
        _checkSuccession(old, corrected, replaced);
        (Tallied memory before, uint32 missingBefore) = _tally(old, roster, head);

        roster = _rosterInForce(corrected, head.rosterCount);
        (bytes32 rowRoot, bytes32 digest) = _digest(corrected, roster);
        (Tallied memory tally, uint32 missing) = _tally(corrected, roster, head);
        _checkSignatures(digest, signatures, head.quorum);

        uint16 number = Calendar.monthOf(corrected.firstHour);
        _digests[corrected.firstHour] = digest;
        Month memory month = _months[number];
        _subtract(month, old, before, missingBefore);
        _add(month, corrected, tally, missing);
        _months[number] = month;
        tally.coincident.replaceIn(before.coincident, _coincident[number]);
        tally.attributed.replaceIn(before.attributed, _attributed[number]);
        _plantSets[number].subtract(before.withoutGrant, before.withGrant);
        _plantSets[number].add(tally.withoutGrant, tally.withGrant);
        _changes.note(number);

        emit BatchAmended(
            corrected.firstHour,
            number,
            corrected.hourCount,
            corrected.revision,
            corrected.grade,
            missing,
            uint128(tally.accrued),
            digest,
            replaced,
            rowRoot,
            tally.injected,
            tally.withdrawn,
            tally.shared
        );
    }

    /// @inheritdoc IEnergyLedger
    function setOracles(address[] calldata signers, uint8 quorum) external restricted {
        _setOracles(signers, quorum);
    }

    /// @inheritdoc IEnergyLedger
    function nextHour() external view returns (uint32) {
        return _head.nextHour;
    }

    /// @inheritdoc IEnergyLedger
    function isClosed(uint16 month) external view returns (bool) {
        return _head.nextHour >= Calendar.endOf(month);
    }

    /// @inheritdoc IEnergyLedger
    function isProvisional(uint16 month) external view returns (bool) {
        Month storage kept = _months[month];
        return kept.graded.lowest() < Grade.Distributor || kept.missing != 0 || kept.hoursWithoutPrice != 0;
    }

    /// @inheritdoc IEnergyLedger
    function monthState(uint16 month) external view returns (MonthState memory) {
        Month memory kept = _months[month];
        return
            MonthState({
                accrued: kept.accrued,
                missing: kept.missing,
                hoursRecorded: kept.graded.total(),
                hoursWithoutPrice: kept.hoursWithoutPrice,
                grade: kept.graded.lowest(),
                injected: kept.injected,
                withdrawn: kept.withdrawn,
                shared: kept.shared
            });
    }

    /// @inheritdoc IEnergyLedger
    function monthSums(uint16 month) external view returns (uint256[] memory coincident, uint256[] memory attributed) {
        return (_coincident[month].load(_head.channels), _attributed[month].load(_head.plants));
    }

    /// @inheritdoc IEnergyLedger
    function premiumSums(
        uint16 fromMonth,
        uint16 toMonth
    ) external view returns (uint256 accrued, PlantSet memory withoutGrant, PlantSet memory withGrant) {
        for (uint16 month = fromMonth; month <= toMonth; ++month) {
            accrued += _months[month].accrued;
            _plantSets[month].addTo(withoutGrant, withGrant);
        }
    }

    /// @inheritdoc IEnergyLedger
    function digestOf(uint32 firstHour) external view returns (bytes32) {
        return _digests[firstHour];
    }

    /// @inheritdoc IEnergyLedger
    function oracles() external view returns (address[] memory signers, uint8 quorum) {
        return (_oracles, _head.quorum);
    }

    /// Whether this batch may come now.
    function _checkPlace(Batch calldata batch, Head memory head) private view {
        if (batch.firstHour != head.nextHour) revert NotNextHour(head.nextHour, batch.firstHour);
        uint256 end = uint256(batch.firstHour) + batch.hourCount;
        if (end * 1 hours > block.timestamp) revert LastHourNotEnded(end * 1 hours, block.timestamp);
        if (batch.hourCount == 0 || batch.hourCount > Rows.HOURS) revert HourCountOutOfRange(batch.hourCount);
        if (end > head.monthEnd) revert StraddlesMonth(batch.firstHour, batch.hourCount, head.monthEnd);
    }

    /// The roster version that a batch was recorded with, if there is such a one.
    function _rosterOf(Batch calldata old) private view returns (bytes memory) {
        address pointer = _rosters[old.rosterVersion].pointer;
        if (pointer == address(0)) revert NotRecorded(old.firstHour, _digests[old.firstHour], 0);
        return Roster.load(pointer);
    }

    /// Whether this is what stands recorded for its hours.
    function _checkRecorded(Batch calldata old, bytes memory roster) private view returns (bytes32 recorded) {
        (, bytes32 digest) = _digest(old, roster);
        recorded = _digests[old.firstHour];
        if (digest != recorded) revert NotRecorded(old.firstHour, recorded, digest);
    }

    /// Whether `corrected` says of itself that it follows upon `old`, and is not worth less.
    function _checkSuccession(Batch calldata old, Batch calldata corrected, bytes32 replaced) private pure {
        if (corrected.firstHour != old.firstHour || corrected.hourCount != old.hourCount) {
            revert NotTheSameHours(old.firstHour, old.hourCount, corrected.firstHour, corrected.hourCount);
        }
        uint256 revision = uint256(old.revision) + 1;
        if (corrected.revision != revision || corrected.replaces != replaced) {
            revert NotNextRevision(revision, replaced, corrected.revision, corrected.replaces);
        }
        if (corrected.grade < old.grade) revert GradeLowered(old.grade, corrected.grade);
    }

    /// What oracles sign of a batch of this roster.
    function _digest(Batch calldata batch, bytes memory roster) private view returns (bytes32 rowRoot, bytes32 digest) {
        BatchForm.checkLengths(batch, roster.injectionCount(), roster.withdrawalCount());
        rowRoot = RowTree.root(roster, batch.seed, batch.injected, batch.withdrawn, batch.missing);
        digest = BatchForm.digest(batch, rowRoot);
    }

    /// What a batch of this roster adds up to, and how many of its readings are missing.
    function _tally(
        Batch calldata batch,
        bytes memory roster,
        Head memory head
    ) private pure returns (Tallied memory tally, uint32 missing) {
        tally = Tally.batch(roster, batch, head.channels, head.plants);
        BatchForm.checkUnusedLanes(batch, tally.injected, tally.withdrawn);
        missing = BatchForm.checkMasks(batch);
    }

    function _checkSignatures(bytes32 digest, bytes[] calldata signatures, uint8 quorum) private view {
        if (signatures.length < quorum) revert TooFewSignatures(signatures.length, quorum);
        address previous;
        for (uint256 i = 0; i < signatures.length; ++i) {
            address signer = ECDSA.recoverCalldata(digest, signatures[i]);
            if (signer <= previous) revert SignersNotAscending(previous, signer);
            if (!_isOracle[signer]) revert NotAnOracle(signer);
            previous = signer;
        }
    }

    function _advance(Head memory head, uint8 hourCount) private {
        uint32 next = head.nextHour + hourCount;
        _head.nextHour = next;
        if (next == head.monthEnd) {
            _head.month = head.month + 1;
            _head.monthEnd = Calendar.endOf(head.month + 1);
        }
    }

    function _add(Month memory month, Batch calldata batch, Tallied memory tally, uint32 missing) private pure {
        month.accrued += uint128(tally.accrued);
        month.missing += missing;
        month.hoursWithoutPrice += uint16(tally.hoursWithoutPrice);
        month.graded = month.graded.plus(batch.grade, batch.hourCount);
        month.injected += uint64(tally.injected.total());
        month.withdrawn += uint64(tally.withdrawn.total());
        month.shared += uint64(tally.shared.total());
    }

    /// The reverse of `_add`.
    function _subtract(Month memory month, Batch calldata batch, Tallied memory tally, uint32 missing) private pure {
        month.accrued -= uint128(tally.accrued);
        month.missing -= missing;
        month.hoursWithoutPrice -= uint16(tally.hoursWithoutPrice);
        month.graded = month.graded.minus(batch.grade, batch.hourCount);
        month.injected -= uint64(tally.injected.total());
        month.withdrawn -= uint64(tally.withdrawn.total());
        month.shared -= uint64(tally.shared.total());
    }

    function _setOracles(address[] memory signers, uint8 quorum) private {
        uint256 count = signers.length;
        uint256 faulty = count == 0 ? 0 : (count - 1) / 3;
        uint256 lowest = (count + faulty) / 2 + 1;
        if (quorum < lowest || quorum > count) revert QuorumOutOfRange(quorum, lowest, count);
        for (uint256 i = 0; i < _oracles.length; ++i) {
            _isOracle[_oracles[i]] = false;
        }
        address previous;
        for (uint256 i = 0; i < count; ++i) {
            if (signers[i] <= previous) revert OraclesNotAscending(previous, signers[i]);
            previous = signers[i];
            _isOracle[previous] = true;
        }
        _oracles = signers;
        _head.quorum = quorum;
        emit OraclesSet(signers, quorum);
    }
}
