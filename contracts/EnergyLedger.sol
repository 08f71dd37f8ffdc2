// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ExpiringPause} from "./ExpiringPause.sol";
import {RosterRules} from "./RosterRules.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {BatchForm} from "./libraries/BatchForm.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {MonthSums} from "./libraries/MonthSums.sol";
import {PlantSets, PlantSetSums} from "./libraries/PlantSets.sol";
import {Roster} from "./libraries/Roster.sol";
import {Numbered} from "./libraries/RosterCheck.sol";
import {Rows} from "./libraries/Rows.sol";
import {RowTree} from "./libraries/RowTree.sol";
import {Tallied, Tally} from "./libraries/Tally.sol";

/// See IEnergyLedger.
contract EnergyLedger is IEnergyLedger, ExpiringPause, EIP712 {
    using Roster for bytes;
    using Rows for *;
    using MonthSums for uint256[];
    using MonthSums for mapping(uint256 => uint256);
    using PlantSetSums for PlantSets;

    /// Rows of all roster versions that begin within a month: four versions of 1,500 rows, a hundred of 60.
    uint256 public constant MAX_ROWS_A_MONTH = 6000;
    uint32 private constant LONGEST_MONTH = 745;

    struct Head {
        uint32 nextHour;
        /// The month of `nextHour`, and its end.
        uint16 month;
        uint32 monthEnd;
        uint16 rosterCount;
        uint8 quorum;
        /// Highest numbers on any adopted roster.
        uint24 channels;
        uint16 plants;
    }

    struct RosterVersion {
        address pointer;
        uint32 effectiveHour;
    }

    struct RosterProposal {
        address pointer;
        uint32 effectiveHour;
        uint24 channels;
        uint16 plants;
        address proposer;
    }

    /// @inheritdoc IEnergyLedger
    ICommunity public immutable community;
    /// @inheritdoc IEnergyLedger
    RosterRules public immutable rosterRules;
    /// @inheritdoc IEnergyLedger
    uint16 public immutable firstMonth;
    /// @inheritdoc IEnergyLedger
    bool public immutable nonIncentivisedLast;

    Head private _head;
    RosterProposal private _proposal;
    address[] private _oracles;
    mapping(address signer => bool) private _isOracle;
    mapping(uint16 version => RosterVersion) private _rosters;
    mapping(uint32 firstHour => bytes32) private _digests;
    mapping(uint16 month => MonthState) private _months;
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
    ) AccessManaged(authority) EIP712("Condivisa", "1") {
        if (firstHour < Calendar.startOf(month) || firstHour >= Calendar.endOf(month)) {
            revert FirstHourOutsideMonth(firstHour, month);
        }
        community = community_;
        rosterRules = rosterRules_;
        firstMonth = month;
        nonIncentivisedLast = nonIncentivisedLast_;
        _head.nextHour = firstHour;
        _head.month = month;
        _head.monthEnd = Calendar.endOf(month);
        _setOracles(oracleSigners, quorum);
    }

    /// @inheritdoc IEnergyLedger
    function record(Batch calldata batch, bytes[] calldata signatures) external whenNotPaused {
        Head memory head = _head;
        bytes memory roster = _checkPlace(batch, head);
        BatchForm.checkLengths(batch, roster.injectionCount(), roster.withdrawalCount());

        Tallied memory tally = Tally.batch(roster, batch, head.channels, head.plants);
        BatchForm.checkUnusedLanes(batch, tally.injected, tally.withdrawn);
        uint32 missing = BatchForm.checkMasks(batch);

        bytes32 rowRoot = RowTree.root(roster, batch.seed, batch.injected, batch.withdrawn, batch.missing);
        bytes32 digest = _hashTypedDataV4(BatchForm.structHash(batch, rowRoot));
        _checkSignatures(digest, signatures, head.quorum);

        _advance(head, batch.hourCount);
        _digests[batch.firstHour] = digest;
        _addToMonth(head.month, batch, tally, missing);
        tally.coincident.addTo(_coincident[head.month]);
        tally.attributed.addTo(_attributed[head.month]);

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
    function proposeRoster(uint32 effectiveHour, bytes calldata blob) external restricted {
        Head memory head = _head;
        _checkRosterTime(head, effectiveHour);
        bytes memory last = head.rosterCount == 0 ? bytes("") : Roster.load(_rosters[head.rosterCount].pointer);
        Numbered memory numbered = rosterRules.check(
            blob,
            last,
            Numbered(head.channels, head.plants),
            community,
            nonIncentivisedLast
        );

        _checkRosterDensity(head, effectiveHour, Roster.channelCount(blob));

        address pointer = Roster.store(blob);
        if (pointer == address(0)) revert RosterDeploymentFailed(blob.length);
        _proposal = RosterProposal(pointer, effectiveHour, numbered.channels, numbered.plants, msg.sender);
        emit RosterProposed(head.rosterCount + 1, effectiveHour, pointer, msg.sender);
    }

    /// @inheritdoc IEnergyLedger
    function adoptRoster(uint16 version, address pointer) external restricted {
        Head memory head = _head;
        RosterProposal memory proposal = _proposal;
        if (version != head.rosterCount + 1 || pointer == address(0) || pointer != proposal.pointer) {
            revert RosterNotProposed(version);
        }
        if (msg.sender == proposal.proposer) revert SamePerson(msg.sender);
        _checkRosterTime(head, proposal.effectiveHour);

        _rosters[version] = RosterVersion(pointer, proposal.effectiveHour);
        _head.rosterCount = version;
        _head.channels = proposal.channels;
        _head.plants = proposal.plants;
        delete _proposal;
        emit RosterAdopted(version, proposal.effectiveHour, pointer, msg.sender);
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
        MonthState storage state = _months[month];
        return state.grade < Grade.Distributor || state.missing != 0 || state.hoursWithoutPrice != 0;
    }

    /// @inheritdoc IEnergyLedger
    function monthState(uint16 month) external view returns (MonthState memory) {
        return _months[month];
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
    function changeCount() external view returns (uint32) {}

    /// @inheritdoc IEnergyLedger
    function hasChanged(uint32 since, uint16 fromMonth, uint16 toMonth) external view returns (bool) {}

    /// @inheritdoc IEnergyLedger
    function digestOf(uint32 firstHour) external view returns (bytes32) {
        return _digests[firstHour];
    }

    /// @inheritdoc IEnergyLedger
    function rosterCount() external view returns (uint16) {
        return _head.rosterCount;
    }

    /// @inheritdoc IEnergyLedger
    function rosterAt(uint16 version) external view returns (address pointer, uint32 effectiveHour) {
        return (_rosters[version].pointer, _rosters[version].effectiveHour);
    }

    /// @inheritdoc IEnergyLedger
    function oracles() external view returns (address[] memory signers, uint8 quorum) {
        return (_oracles, _head.quorum);
    }

    /// Whether this batch may come now: hours, month, roster version and revision.
    /// @return roster the version in force
    function _checkPlace(Batch calldata batch, Head memory head) private view returns (bytes memory roster) {
        if (batch.firstHour != head.nextHour) revert NotNextHour(head.nextHour, batch.firstHour);
        uint256 end = uint256(batch.firstHour) + batch.hourCount;
        if (end * 1 hours > block.timestamp) revert LastHourNotEnded(end * 1 hours, block.timestamp);
        if (batch.hourCount == 0 || batch.hourCount > Rows.HOURS) revert HourCountOutOfRange(batch.hourCount);
        if (end > head.monthEnd) revert StraddlesMonth(batch.firstHour, batch.hourCount, head.monthEnd);

        uint16 version = batch.rosterVersion;
        RosterVersion memory inForce = _rosters[version];
        bool isLast = version == head.rosterCount;
        if (
            version == 0 ||
            version > head.rosterCount ||
            inForce.effectiveHour > batch.firstHour ||
            (!isLast && _rosters[version + 1].effectiveHour < end)
        ) revert RosterNotInForce(version, batch.firstHour, batch.hourCount);
        if (batch.revision != 0 || batch.replaces != 0) revert NotFirstRevision(batch.revision, batch.replaces);
        return Roster.load(inForce.pointer);
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

    function _addToMonth(uint16 number, Batch calldata batch, Tallied memory tally, uint32 missing) private {
        MonthState memory month = _months[number];
        if (month.hoursRecorded == 0 || batch.grade < month.grade) month.grade = batch.grade;
        month.accrued += uint128(tally.accrued);
        month.missing += missing;
        month.hoursRecorded += batch.hourCount;
        month.hoursWithoutPrice += uint16(tally.hoursWithoutPrice);
        month.injected += uint64(tally.injected.total());
        month.withdrawn += uint64(tally.withdrawn.total());
        month.shared += uint64(tally.shared.total());
        _months[number] = month;
        _plantSets[number].add(tally.withoutGrant, tally.withGrant);
    }

    /// A version is never retroactive: it begins after what is recorded, and after the version before it.
    function _checkRosterTime(Head memory head, uint32 effectiveHour) private view {
        uint32 earliest = head.nextHour;
        if (head.rosterCount != 0 && _rosters[head.rosterCount].effectiveHour >= earliest) {
            earliest = _rosters[head.rosterCount].effectiveHour + 1;
        }
        if (effectiveHour < earliest) revert RosterTooEarly(effectiveHour, earliest);
    }

    /// Every chunk of a run walks through all versions of a month, so they must not be too many for their size.
    function _checkRosterDensity(Head memory head, uint32 effectiveHour, uint256 rows) private view {
        uint16 most = uint16(MAX_ROWS_A_MONTH / rows);
        if (head.rosterCount < most) return;
        uint32 earliest = _rosters[head.rosterCount - most + 1].effectiveHour + LONGEST_MONTH;
        if (effectiveHour < earliest) revert RostersTooClose(effectiveHour, earliest);
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
