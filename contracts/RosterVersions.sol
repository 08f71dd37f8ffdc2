// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ExpiringPause} from "./ExpiringPause.sol";
import {RosterRules} from "./RosterRules.sol";
import {ICommunity} from "./interfaces/ICommunity.sol";
import {IEnergyLedger} from "./interfaces/IEnergyLedger.sol";
import {Calendar} from "./libraries/Calendar.sol";
import {MonthChanges} from "./libraries/MonthChanges.sol";
import {Numbered, NumberRegister} from "./libraries/NumberRegister.sol";
import {Roster} from "./libraries/Roster.sol";

/// The part of a ledger that knows who was metered when.
///
/// At any hour the version in force is the newest one whose effective hour has come. So a new version supersedes all others
/// from its effective hour on, also in the past; each remembers the one that is in force before it, and from the newest
/// back these are all versions in force, in the order of their hours. What is superseded is on no such path.
abstract contract RosterVersions is IEnergyLedger, ExpiringPause {
    using MonthChanges for MonthChanges.List;
    using NumberRegister for NumberRegister.Register;

    /// Rows of all roster versions in force within a month: every chunk of a run walks through them.
    uint256 public constant MAX_ROWS_A_MONTH = 6000;
    uint32 private constant LONGEST_MONTH = 745;

    struct Head {
        uint32 nextHour;
        /// The month of `nextHour`, and its end.
        uint16 month;
        uint32 monthEnd;
        uint16 rosterCount;
        uint8 quorum;
        /// Numbers given out.
        uint24 channels;
        uint16 plants;
    }

    struct RosterVersion {
        address pointer;
        uint32 effectiveHour;
        uint16 rows;
        /// The version in force in the hour before `effectiveHour`; zero if there is none.
        uint16 before;
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
    bool public immutable nonIncentivisedLast;
    uint32 private immutable _firstHour;

    Head internal _head;
    RosterProposal private _proposal;
    mapping(uint16 version => RosterVersion) internal _rosters;
    NumberRegister.Register private _register;
    MonthChanges.List internal _changes;

    constructor(ICommunity community_, RosterRules rosterRules_, uint32 firstHour, bool nonIncentivisedLast_) {
        community = community_;
        rosterRules = rosterRules_;
        nonIncentivisedLast = nonIncentivisedLast_;
        _firstHour = firstHour;
    }

    /// @inheritdoc IEnergyLedger
    function proposeRoster(uint32 effectiveHour, bytes calldata blob) external restricted {
        Head memory head = _head;
        if (effectiveHour < _firstHour) revert RosterTooEarly(effectiveHour, _firstHour);
        Numbered memory before = Numbered(head.channels, head.plants);
        Numbered memory numbered = rosterRules.check(blob, before, community, nonIncentivisedLast);
        _register.check(blob, before);
        _checkDensity(effectiveHour, Roster.channelCount(blob));

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
        uint32 effectiveHour = proposal.effectiveHour;

        bytes memory roster = Roster.load(pointer);
        uint16 rows = uint16(Roster.channelCount(roster));
        _rosters[version] = RosterVersion(pointer, effectiveHour, rows, _versionBefore(effectiveHour));
        _register.enter(roster, Numbered(head.channels, head.plants));
        _head.rosterCount = version;
        _head.channels = proposal.channels;
        _head.plants = proposal.plants;
        delete _proposal;
        if (effectiveHour < head.nextHour) _changes.noteFrom(Calendar.monthOf(effectiveHour));
        emit RosterAdopted(version, effectiveHour, pointer, msg.sender);
    }

    /// @inheritdoc IEnergyLedger
    function changeCount() external view returns (uint32) {
        return _changes.count;
    }

    /// @inheritdoc IEnergyLedger
    function hasChanged(uint32 since, uint16 fromMonth, uint16 toMonth) external view returns (bool) {
        return _changes.touches(since, fromMonth, toMonth);
    }

    /// @inheritdoc IEnergyLedger
    function rosterCount() external view returns (uint16) {
        return _head.rosterCount;
    }

    /// @inheritdoc IEnergyLedger
    function rosterAt(uint16 version) external view returns (address pointer, uint32 effectiveHour, uint16 before) {
        RosterVersion memory roster = _rosters[version];
        return (roster.pointer, roster.effectiveHour, roster.before);
    }

    /// The version that the batch names, if it is in force at all its hours.
    /// @param version the newest one
    function _rosterInForce(Batch calldata batch, uint16 version) internal view returns (bytes memory roster) {
        uint256 end = uint256(batch.firstHour) + batch.hourCount;
        RosterVersion memory inForce = _rosters[version];
        uint256 next = end;
        while (version != 0 && inForce.effectiveHour > batch.firstHour) {
            next = inForce.effectiveHour;
            version = inForce.before;
            inForce = _rosters[version];
        }
        if (version == 0 || version != batch.rosterVersion || next < end) {
            revert RosterNotInForce(batch.rosterVersion, batch.firstHour, batch.hourCount);
        }
        return Roster.load(inForce.pointer);
    }

    /// The version in force in the hour before; zero if there is none.
    function _versionBefore(uint32 hour) private view returns (uint16 version) {
        version = _head.rosterCount;
        while (version != 0 && _rosters[version].effectiveHour >= hour) version = _rosters[version].before;
    }

    /// Of the versions in force within a month, none can begin after the newest of them: so they all are in force within as
    /// many hours as the longest month has, up to the first of the newest.
    function _checkDensity(uint32 effectiveHour, uint256 rows) private view {
        for (uint16 version = _versionBefore(effectiveHour); version != 0; version = _rosters[version].before) {
            rows += _rosters[version].rows;
            if (rows > MAX_ROWS_A_MONTH) revert RostersTooClose(effectiveHour, rows, MAX_ROWS_A_MONTH);
            if (effectiveHour - _rosters[version].effectiveHour >= LONGEST_MONTH - 1) break;
        }
    }
}
