// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {RosterRules} from "../RosterRules.sol";
import {Day} from "../libraries/Rows.sol";
import {ICommunity} from "./ICommunity.sol";

/// Where the readings of one configuration (the members below one primary substation) become shared energy.
///
/// Oracles sign batches of hourly readings; anyone may bring a signed batch here. The ledger accepts hours without gap,
/// repetition or reordering, tallies them and keeps of each channel only the month's sums.
interface IEnergyLedger {
    /// How far readings can be trusted; a batch has the lowest grade of its data.
    enum Grade {
        Indicative,
        Estimated,
        Distributor,
        GseMatched
    }

    /// Consecutive hours of all channels.
    struct Batch {
        /// Whole hours since the Unix epoch, UTC.
        uint32 firstHour;
        /// 1–24.
        uint8 hourCount;
        /// The roster version in force at all these hours when the batch is recorded or amended: its channels, in its order,
        /// are the rows.
        uint16 rosterVersion;
        Grade grade;
        /// 0 when first recorded, then one more at each correction.
        uint16 revision;
        /// The digest that a correction supersedes; zero for the first.
        bytes32 replaces;
        /// Random; makes the leaves of the row root unguessable.
        bytes32 seed;
        /// One row an injection channel: 24 big-endian uint32 readings in Wh, hour 0 first, unused lanes zero.
        bytes injected;
        /// One row a withdrawal channel.
        bytes withdrawn;
        /// 3 bytes a channel, injection channels first: a set bit marks a missing reading, the top bit is hour 0.
        bytes missing;
        /// Hours without a price; the top bit is hour 0.
        uint24 priceMask;
        /// Zonal price of each hour in 10⁻⁴ €/MWh: 24 big-endian int32, hour 0 first.
        bytes32[3] prices;
    }

    /// What is kept of a month.
    struct MonthState {
        /// Premium earned by all plants, in 10⁻¹⁰ €.
        uint128 accrued;
        /// Readings (channel × hour) that were missing and counted as zero.
        uint32 missing;
        uint16 hoursRecorded;
        /// Hours without a zonal price while a CACER plant was on the roster: it accrued nothing in them.
        uint16 hoursWithoutPrice;
        /// The lowest grade of its batches as they stand now; an amendment can raise it.
        Grade grade;
        /// Wh.
        uint64 injected;
        uint64 withdrawn;
        uint64 shared;
    }

    /// Sums of the plants that count towards one threshold (rules.md, Threshold): those that earn the CACER premium and have no
    /// capital grant, or those that have one. Plants of art. 42-bis and plants without incentive are in neither: the
    /// threshold belongs to DM 414/2023.
    struct PlantSet {
        /// 10⁻¹⁰ €.
        uint128 accrued;
        /// Wh.
        uint64 injected;
        uint64 attributed;
    }

    /// A batch was accepted. Energies are in Wh by hour; see `Day` for the order of the lanes.
    event BatchRecorded(
        uint32 indexed firstHour,
        uint16 indexed month,
        uint8 hourCount,
        Grade grade,
        uint32 missing,
        uint128 accrued,
        bytes32 digest,
        bytes32 rowRoot,
        Day injected,
        Day withdrawn,
        Day shared
    );

    /// A batch was put in the place of `replaced`, the digest that stood for these hours until now. The energies are those of
    /// the corrected batch.
    event BatchAmended(
        uint32 indexed firstHour,
        uint16 indexed month,
        uint8 hourCount,
        uint16 revision,
        Grade grade,
        uint32 missing,
        uint128 accrued,
        bytes32 digest,
        bytes32 replaced,
        bytes32 rowRoot,
        Day injected,
        Day withdrawn,
        Day shared
    );

    /// A roster version waits for its second person; `pointer` is the contract whose code holds it.
    event RosterProposed(uint16 indexed version, uint32 effectiveHour, address pointer, address proposer);
    event RosterAdopted(uint16 indexed version, uint32 effectiveHour, address pointer, address adopter);
    event OraclesSet(address[] oracles, uint8 quorum);

    /// The batch does not begin where the last one ended: repeated, skipped or reordered.
    error NotNextHour(uint32 expected, uint32 given);
    /// The last hour of the batch ends at `endsAt`, in seconds since the Unix epoch.
    error LastHourNotEnded(uint256 endsAt, uint256 timeNow);
    error HourCountOutOfRange(uint8 hourCount);
    error StraddlesMonth(uint32 firstHour, uint8 hourCount, uint32 monthEnd);
    error RosterNotInForce(uint16 version, uint32 firstHour, uint8 hourCount);
    error NotFirstRevision(uint16 revision, bytes32 replaces);
    /// `given` is the digest of the old content as it was given, zero if its roster version does not exist; `recorded` the one
    /// that stands for these hours, zero if there is none.
    error NotRecorded(uint32 firstHour, bytes32 recorded, bytes32 given);
    error NotTheSameHours(uint32 firstHour, uint8 hourCount, uint32 correctedFirstHour, uint8 correctedHourCount);
    error NotNextRevision(uint256 expected, bytes32 expectedReplaces, uint16 revision, bytes32 replaces);
    /// A correction is worth at least what it corrects.
    error GradeLowered(Grade recorded, Grade corrected);
    error WrongLength(
        uint256 injected,
        uint256 withdrawn,
        uint256 missing,
        uint256 injectionRows,
        uint256 withdrawalRows
    );
    /// A reading, mask or price stands in an hour that the batch does not cover.
    error UnusedLaneNotZero(uint256 hourIndex);
    error UnusedMaskBitSet(uint256 row, uint24 mask);
    error MissingReadingNotZero(uint256 row, uint256 hourIndex, uint256 wattHours);
    error MissingPriceNotZero(uint256 hourIndex);
    error TooFewSignatures(uint256 given, uint8 quorum);
    error SignersNotAscending(address previous, address signer);
    error NotAnOracle(address signer);

    error OraclesNotAscending(address previous, address oracle);
    error QuorumOutOfRange(uint8 quorum, uint256 lowest, uint256 oracles);
    error FirstHourOutsideMonth(uint32 firstHour, uint16 month);

    /// Before the ledger's first hour.
    error RosterTooEarly(uint32 effectiveHour, uint32 earliest);
    /// With this version, those in force within a month would have so many rows that its runs would be dearer than a
    /// transaction may be.
    error RostersTooClose(uint32 effectiveHour, uint256 rows, uint256 most);
    error RosterNotProposed(uint16 version);
    error RosterDeploymentFailed(uint256 size);
    /// The proposer cannot be the second person.
    error SamePerson(address person);

    /// Records the next hours. Checks, in this order: not paused, next expected hour, last hour ended, hour count and
    /// month, roster version, revision and lengths, unused lanes and masked readings zero, signers and signatures. Then
    /// tallies, stores and emits. Needs no role: the signatures decide.
    /// @param signatures of the EIP-712 digest, 65 bytes each, in strictly ascending order of signer, at least `quorum`.
    function record(Batch calldata batch, bytes[] calldata signatures) external;

    /// Puts a corrected batch in the place of a recorded one, in an open or a past month, and applies the difference to the
    /// month's sums. Checks, in this order: not paused; `old` is what stands recorded: its roster version exists, its lengths
    /// are that roster's, its digest is the stored one; `corrected` has the same hours, the next revision and names the
    /// digest that it replaces, has no lower grade and the roster version in force at its hours now; its lengths; its unused
    /// lanes and masked readings zero; signers and signatures, those of the oracles of today. Needs no role: the signatures
    /// decide. The stored digest is then that of `corrected`, so that what was replaced can never be played back.
    /// @param old the whole content as it was signed: the ledger itself keeps only its digest
    function amend(Batch calldata old, Batch calldata corrected, bytes[] calldata signatures) external;

    /// Proposes the next roster version, in force from `effectiveHour` on; replaces a proposal that was not adopted. The
    /// layout of `blob` stands at the library Roster. Refuses what cannot be tallied, with the errors of
    /// RosterCheck and PlantCheck.
    ///
    /// At any hour the version in force is the newest one whose effective hour has come. One that reaches back, as far as the
    /// ledger's first hour, so supersedes all others from its effective hour on: those that are to follow it are adopted
    /// again after it. What was recorded keeps the version it was recorded with until it is amended.
    function proposeRoster(uint32 effectiveHour, bytes calldata blob) external;

    /// Puts the proposed version in force. `pointer` names the very proposal that the second person has seen.
    function adoptRoster(uint16 version, address pointer) external;

    /// Replaces the oracles. Quorum lies between ⌊(n+f)/2⌋+1, f = ⌊(n−1)/3⌋, and n, so that no two batches for one hour
    /// can both pass.
    /// @param oracles strictly ascending.
    function setOracles(address[] calldata oracles, uint8 quorum) external;

    /// The community whose members this ledger meters.
    function community() external view returns (ICommunity);

    /// What decides whether a roster can be tallied.
    function rosterRules() external view returns (RosterRules);

    /// The hour at which the next batch must begin.
    function nextHour() external view returns (uint32);

    /// The first month that this ledger covers, at least in part.
    function firstMonth() external view returns (uint16);

    /// Whether the month's last hour is recorded.
    function isClosed(uint16 month) external view returns (bool);

    /// Whether plants that earn no premium stand behind all others in the waterfall. Whether they do is disputed
    /// (rules.md, Attribution to plants); if not, they stand in order of commissioning like all others.
    function nonIncentivisedLast() external view returns (bool);

    /// Whether paying on this month needs the approver's override: data below grade distributor, readings missing, or
    /// prices missing that a CACER plant needs.
    function isProvisional(uint16 month) external view returns (bool);

    function monthState(uint16 month) external view returns (MonthState memory);

    /// Coincident energy by channel and attributed energy by plant, in Wh, packed as MonthSums has it.
    function monthSums(uint16 month) external view returns (uint256[] memory coincident, uint256[] memory attributed);

    /// What all plants accrued in these months (10⁻¹⁰ €), and the sums of the two sets to which a threshold applies.
    function premiumSums(
        uint16 fromMonth,
        uint16 toMonth
    ) external view returns (uint256 accrued, PlantSet memory withoutGrant, PlantSet memory withGrant);

    /// Number of changes so far to hours that had been recorded: amendments, and roster versions that reach back.
    function changeCount() external view returns (uint32);

    /// Whether one of the changes after the first `since` touched a month of this range (both inclusive).
    function hasChanged(uint32 since, uint16 fromMonth, uint16 toMonth) external view returns (bool);

    /// The EIP-712 digest of the batch that begins at this hour in its newest revision; zero if there is none.
    function digestOf(uint32 firstHour) external view returns (bytes32);

    /// Number of adopted roster versions; they are numbered from 1.
    function rosterCount() external view returns (uint16);

    /// Where a roster version stands, from which hour it is in force, and which one is in force in the hour before (zero if
    /// none is). From the newest version back along `before` are all versions in force, each until the next one's hour; those
    /// superseded altogether are not among them.
    function rosterAt(uint16 version) external view returns (address pointer, uint32 effectiveHour, uint16 before);

    function oracles() external view returns (address[] memory signers, uint8 quorum);
}
