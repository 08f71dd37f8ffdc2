// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ExpiringPause} from "../../../contracts/ExpiringPause.sol";
import {IEnergyLedger} from "../../../contracts/interfaces/IEnergyLedger.sol";
import {Calendar} from "../../../contracts/libraries/Calendar.sol";
import {Plant} from "../../../contracts/libraries/Roster.sol";
import {BatchDigest} from "../support/BatchDigest.sol";
import {Batches} from "../support/Batches.sol";
import {PlainPremium} from "../support/PlainPremium.sol";
import {Readings} from "../support/Readings.sol";
import {vm} from "../support/Vm.sol";
import {RosterActions} from "./RosterActions.sol";

/// Oracles record hours and correct them, and somebody tries to record and to correct what must be refused.
abstract contract EnergyActions is RosterActions {
    using Batches for IEnergyLedger.Batch;
    using PlainPremium for Plant;

    /// What a month must have, added up hour by hour.
    struct Metered {
        uint256 injected;
        uint256 withdrawn;
        uint256 shared;
        uint256 accrued;
        /// Of CACER plants without and with a grant: accrued, injected, attributed.
        uint256[3][2] sets;
        uint256 missing;
        uint256 hoursWithoutPrice;
        uint256[4] hoursOfGrade;
    }

    uint32[][2] internal _firstHours;
    /// What stands recorded, and what no longer does.
    mapping(uint256 configuration => mapping(uint32 firstHour => IEnergyLedger.Batch)) private _standing;
    IEnergyLedger.Batch[][2] private _replaced;
    mapping(uint256 configuration => mapping(uint32 firstHour => bytes32)) public digestOf;
    mapping(uint256 configuration => mapping(uint16 month => Metered)) internal _metered;
    mapping(uint256 configuration => mapping(uint16 month => mapping(uint256 channel => uint256))) public meteredOf;

    /// Up to ten batches of the configuration that is behind, each ended when it is recorded.
    function record(uint256 seed, uint8 batches) external action {
        _recordSome(_behind(), seed, 1 + (batches % 10));
    }

    /// All that is left of the month.
    function recordMonth(uint256 seed) external action {
        _recordSome(_behind(), seed, 31);
    }

    /// A batch that is good but for one thing, which its error must name.
    function recordWrong(uint256 seed) external action {
        uint256 c = seed % CONFIGURATIONS;
        IEnergyLedger.Batch memory batch = _nextBatch(c, seed);
        uint24[] memory channels = _channelsOf(c, batch.rosterVersion);
        bytes4 expected = _spoil(c, batch, seed);
        bytes32 digest = BatchDigest.digest(batch, channels, address(ledgers[c]));
        bytes[] memory signatures;
        if (expected == 0) (signatures, expected) = _signWrongly(c, digest, seed);
        else signatures = _sign(c, digest, seed);
        if (_isPaused(address(ledgers[c]))) expected = ExpiringPause.IsPaused.selector;
        _as(STRANGER, address(ledgers[c]), abi.encodeCall(IEnergyLedger.record, (batch, signatures)), expected);
    }

    /// Other readings for hours that are recorded, by the roster in force there now.
    function amend(uint256 seed) external action {
        uint256 c = seed % CONFIGURATIONS;
        IEnergyLedger.Batch memory old = _recorded(c, seed);
        IEnergyLedger.Batch memory batch = _correction(c, old, seed);
        bytes4 expected;
        if (_isPaused(address(ledgers[c]))) expected = ExpiringPause.IsPaused.selector;
        else if (_changeAfter(c, old.firstHour, old.firstHour + old.hourCount) < old.firstHour + old.hourCount) {
            expected = IEnergyLedger.RosterNotInForce.selector;
        }
        if (!_amend(c, old, batch, seed, expected)) return;
        uint16 month = Calendar.monthOf(old.firstHour);
        _takeOut(c, month, old);
        _meter(c, month, batch);
        _replaced[c].push(old);
        _standing[c][old.firstHour] = batch;
        digestOf[c][old.firstHour] = _digest(c, batch);
    }

    /// What was replaced comes again: as evidence, as the correction, or as the next hours; or a correction is worth less.
    function playBack(uint256 seed) external action {
        uint256 c = seed % CONFIGURATIONS;
        if (_replaced[c].length == 0) return;
        IEnergyLedger.Batch memory before = _replaced[c][_random(seed, "which", _replaced[c].length)];
        IEnergyLedger.Batch memory current = _standing[c][before.firstHour];
        bool isPaused = _isPaused(address(ledgers[c]));
        uint256 how = _random(seed, "how", 4);
        bytes4 expected = IEnergyLedger.NotRecorded.selector;
        if (how == 0) {
            expected = isPaused ? ExpiringPause.IsPaused.selector : expected;
            _amend(c, before, _correction(c, before, seed), seed, expected);
        } else if (how == 1) {
            expected = isPaused ? ExpiringPause.IsPaused.selector : IEnergyLedger.NotNextRevision.selector;
            _amend(c, current, before, seed, expected);
        } else if (how == 2) {
            bytes[] memory signatures = _sign(c, _digest(c, before), seed);
            expected = isPaused ? ExpiringPause.IsPaused.selector : IEnergyLedger.NotNextHour.selector;
            bytes memory data = abi.encodeCall(IEnergyLedger.record, (before, signatures));
            _as(STRANGER, address(ledgers[c]), data, expected);
        } else {
            IEnergyLedger.Batch memory worse = _correction(c, current, seed);
            worse.grade = IEnergyLedger.Grade.Indicative;
            expected = isPaused ? ExpiringPause.IsPaused.selector : IEnergyLedger.GradeLowered.selector;
            if (current.grade != worse.grade) _amend(c, current, worse, seed, expected);
        }
    }

    function meteredIn(uint256 configuration, uint16 month) external view returns (Metered memory) {
        return _metered[configuration][month];
    }

    function firstHoursOf(uint256 configuration) external view returns (uint32[] memory) {
        return _firstHours[configuration];
    }

    /// The month of the next hour of a configuration.
    function monthOf(uint256 configuration) public view returns (uint16 month) {
        uint32 next = ledgers[configuration].nextHour();
        month = FIRST_MONTH;
        while (Calendar.endOf(month) <= next) ++month;
    }

    function _behind() internal view returns (uint256) {
        return ledgers[0].nextHour() <= ledgers[1].nextHour() ? 0 : 1;
    }

    function _recordSome(uint256 c, uint256 seed, uint256 batches) internal {
        uint16 month = monthOf(c);
        uint32 end = Calendar.endOf(month);
        for (uint256 i = 0; i < batches && ledgers[c].nextHour() < end; ++i) {
            seed = uint256(keccak256(abi.encode(seed)));
            if (!_recordOne(c, month, seed)) return;
        }
    }

    function _recordOne(uint256 c, uint16 month, uint256 seed) private returns (bool done) {
        IEnergyLedger.Batch memory batch = _nextBatch(c, seed);
        bytes32 digest = BatchDigest.digest(batch, _channelsOf(c, batch.rosterVersion), address(ledgers[c]));
        bytes4 expected = _isPaused(address(ledgers[c])) ? ExpiringPause.IsPaused.selector : bytes4(0);
        bytes[] memory signatures = _sign(c, digest, seed);
        done = _as(STRANGER, address(ledgers[c]), abi.encodeCall(IEnergyLedger.record, (batch, signatures)), expected);
        if (!done) return false;
        _firstHours[c].push(batch.firstHour);
        _standing[c][batch.firstHour] = batch;
        digestOf[c][batch.firstHour] = digest;
        _meter(c, month, batch);
    }

    /// The next hours, as many as one month and one roster have of them; lets their time pass.
    function _nextBatch(uint256 c, uint256 seed) private returns (IEnergyLedger.Batch memory batch) {
        uint32 first = ledgers[c].nextHour();
        uint16 version = _versionAt(c, first);
        uint256 end = _changeAfter(c, first, Calendar.endOf(monthOf(c)));
        uint256 count = _random(seed, "count", 4) == 0 ? 1 + _random(seed, "hours", 24) : 24;
        if (first + count > end) count = end - first;
        batch = _randomBatch(c, version, first, uint8(count), seed);
        _passTimeTo((first + count) * 1 hours);
    }

    function _randomBatch(
        uint256 c,
        uint16 version,
        uint32 first,
        uint8 count,
        uint256 seed
    ) private view returns (IEnergyLedger.Batch memory batch) {
        (uint256 injections, uint256 withdrawals) = _rowsOf(c, version);
        batch = Batches.random(seed, count, injections, withdrawals);
        batch.randomisePrices(seed);
        batch.firstHour = first;
        batch.rosterVersion = version;
        batch.grade = IEnergyLedger.Grade(_random(seed, "grade", 8) == 0 ? 1 : 2 + (seed % 2));
        if (_random(seed, "missing", 4) == 0) {
            uint256 row = _random(seed, "row", injections + withdrawals);
            uint256 hour = _random(seed, "hour", count);
            batch.putReading(row, hour, 0);
            batch.mark(row, hour);
        }
    }

    function _recorded(uint256 c, uint256 seed) private view returns (IEnergyLedger.Batch memory) {
        return _standing[c][_firstHours[c][_random(seed, "batch", _firstHours[c].length)]];
    }

    function _correction(
        uint256 c,
        IEnergyLedger.Batch memory old,
        uint256 seed
    ) private view returns (IEnergyLedger.Batch memory batch) {
        batch = _randomBatch(c, _versionAt(c, old.firstHour), old.firstHour, old.hourCount, seed);
        if (batch.grade < old.grade) batch.grade = old.grade;
        batch.revision = old.revision + 1;
        batch.replaces = _digest(c, old);
    }

    function _amend(
        uint256 c,
        IEnergyLedger.Batch memory old,
        IEnergyLedger.Batch memory batch,
        uint256 seed,
        bytes4 expected
    ) private returns (bool) {
        bytes[] memory signatures = _sign(c, _digest(c, batch), seed);
        bytes memory data = abi.encodeCall(IEnergyLedger.amend, (old, batch, signatures));
        return _as(STRANGER, address(ledgers[c]), data, expected);
    }

    function _digest(uint256 c, IEnergyLedger.Batch memory batch) private view returns (bytes32) {
        return BatchDigest.digest(batch, _channelsOf(c, batch.rosterVersion), address(ledgers[c]));
    }

    /// Returns the error that the spoiled batch must meet, zero if it was left good.
    function _spoil(uint256 c, IEnergyLedger.Batch memory batch, uint256 seed) private view returns (bytes4) {
        uint256 how = _random(seed, "spoil", 11);
        if (how == 0 && _firstHours[c].length != 0) {
            batch.firstHour = _firstHours[c][seed % _firstHours[c].length];
            return IEnergyLedger.NotNextHour.selector;
        }
        if (how == 1) {
            batch.firstHour += 1 + uint32(_random(seed, "skip", 100));
            return IEnergyLedger.NotNextHour.selector;
        }
        if (how == 2 && clock / 1 hours < batch.firstHour + 240) {
            uint256 ended = clock / 1 hours - batch.firstHour;
            batch.hourCount = uint8(ended + 1 + _random(seed, "future", 9));
            return IEnergyLedger.LastHourNotEnded.selector;
        }
        if (how == 3) {
            batch.hourCount = 0;
            return IEnergyLedger.HourCountOutOfRange.selector;
        }
        if (how == 4) {
            batch.rosterVersion = seed % 2 == 0 ? 0 : batch.rosterVersion + 1;
            return IEnergyLedger.RosterNotInForce.selector;
        }
        if (how == 5) {
            batch.revision = 1;
            return IEnergyLedger.NotFirstRevision.selector;
        }
        if (how == 6) {
            batch.withdrawn = bytes.concat(batch.withdrawn, new bytes(96));
            return IEnergyLedger.WrongLength.selector;
        }
        if (how == 7 && batch.hourCount < 24) {
            batch.putReading(0, 23, 1);
            return IEnergyLedger.UnusedLaneNotZero.selector;
        }
        if (how == 8) {
            batch.missing[0] = 0x80;
            batch.putReading(0, 0, 1);
            return IEnergyLedger.MissingReadingNotZero.selector;
        }
        if (how == 9) {
            batch.priceMask |= 0x800000;
            batch.prices[0] |= bytes32(uint256(1) << 224);
            return IEnergyLedger.MissingPriceNotZero.selector;
        }
        return 0;
    }

    function _sign(uint256 c, bytes32 digest, uint256 seed) private view returns (bytes[] memory signatures) {
        uint256[] memory keys = _oracleKeysOf(c);
        uint256 count = _quorums[c] + _random(seed, "signers", keys.length - _quorums[c] + 1);
        signatures = new bytes[](count);
        for (uint256 i = 0; i < count; ++i) {
            signatures[i] = _signature(keys[keys.length - count + i], digest);
        }
    }

    /// Too few, the same one twice, or a stranger's.
    function _signWrongly(
        uint256 c,
        bytes32 digest,
        uint256 seed
    ) private view returns (bytes[] memory signatures, bytes4 expected) {
        signatures = _sign(c, digest, seed);
        uint256 how = _random(seed, "signature", 3);
        if (how == 0) return (new bytes[](_quorums[c] - 1), IEnergyLedger.TooFewSignatures.selector);
        uint256 last = signatures.length - 1;
        if (how == 1) {
            signatures[last] = _signature(_strangerKey, digest);
            return (signatures, IEnergyLedger.NotAnOracle.selector);
        }
        bytes[] memory twice = new bytes[](last + 2);
        for (uint256 i = 0; i <= last; ++i) {
            twice[i] = signatures[i];
        }
        twice[last + 1] = signatures[0];
        return (twice, IEnergyLedger.SignersNotAscending.selector);
    }

    function _signature(uint256 key, bytes32 digest) private pure returns (bytes memory) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// Adds a batch to what the month must have.
    function _meter(uint256 c, uint16 month, IEnergyLedger.Batch memory batch) private {
        Metered storage sum = _metered[c][month];
        Metered memory added = _measured(c, batch);
        sum.injected += added.injected;
        sum.withdrawn += added.withdrawn;
        sum.shared += added.shared;
        sum.accrued += added.accrued;
        sum.missing += added.missing;
        sum.hoursWithoutPrice += added.hoursWithoutPrice;
        for (uint256 i = 0; i < 3; ++i) {
            sum.sets[0][i] += added.sets[0][i];
            sum.sets[1][i] += added.sets[1][i];
        }
        sum.hoursOfGrade[uint256(batch.grade)] += batch.hourCount;
        uint24[] memory channels = _channelsOf(c, batch.rosterVersion);
        for (uint256 row = 0; row < channels.length; ++row) {
            meteredOf[c][month][channels[row]] += _ofRow(batch, row);
        }
    }

    /// Takes a batch that was replaced out of what the month must have.
    function _takeOut(uint256 c, uint16 month, IEnergyLedger.Batch memory batch) private {
        Metered storage sum = _metered[c][month];
        Metered memory taken = _measured(c, batch);
        sum.injected -= taken.injected;
        sum.withdrawn -= taken.withdrawn;
        sum.shared -= taken.shared;
        sum.accrued -= taken.accrued;
        sum.missing -= taken.missing;
        sum.hoursWithoutPrice -= taken.hoursWithoutPrice;
        for (uint256 i = 0; i < 3; ++i) {
            sum.sets[0][i] -= taken.sets[0][i];
            sum.sets[1][i] -= taken.sets[1][i];
        }
        sum.hoursOfGrade[uint256(batch.grade)] -= batch.hourCount;
        uint24[] memory channels = _channelsOf(c, batch.rosterVersion);
        for (uint256 row = 0; row < channels.length; ++row) {
            meteredOf[c][month][channels[row]] -= _ofRow(batch, row);
        }
    }

    function _ofRow(IEnergyLedger.Batch memory batch, uint256 row) private pure returns (uint256 wattHours) {
        for (uint256 h = 0; h < batch.hourCount; ++h) {
            wattHours += batch.reading(row, h);
        }
    }

    /// What a batch adds up to, hour by hour; its grade and channels aside.
    function _measured(uint256 c, IEnergyLedger.Batch memory batch) private view returns (Metered memory sum) {
        Plant[] memory plants = _plantsOf(c, batch.rosterVersion);
        uint256 injections = batch.injected.length / 96;
        for (uint256 h = 0; h < batch.hourCount; ++h) {
            uint256 injected;
            uint256 withdrawn;
            for (uint256 row = 0; row < batch.missing.length / 3; ++row) {
                if (row < injections) injected += batch.reading(row, h);
                else withdrawn += batch.reading(row, h);
                if (batch.isMissing(row, h)) ++sum.missing;
            }
            uint256 left = Readings.lesser(injected, withdrawn);
            sum.injected += injected;
            sum.withdrawn += withdrawn;
            sum.shared += left;
            _attribute(sum, plants, batch, h, _hour(c, batch, h), left);
        }
    }

    function _attribute(
        Metered memory sum,
        Plant[] memory plants,
        IEnergyLedger.Batch memory batch,
        uint256 h,
        PlainPremium.Hour memory hour,
        uint256 left
    ) private pure {
        bool needsPrice;
        for (uint256 i = 0; i < plants.length; ++i) {
            uint256 injected = batch.reading(plants[i].row, h);
            uint256 part = Readings.lesser(left, injected);
            left -= part;
            uint256 accrued = plants[i].accrued(part, hour);
            sum.accrued += accrued;
            if (!plants[i].isCacer()) continue;
            needsPrice = true;
            uint256[3] memory set = sum.sets[plants[i].hasGrant() ? 1 : 0];
            set[0] += accrued;
            set[1] += injected;
            set[2] += part;
        }
        if (needsPrice && !hour.hasPrice) ++sum.hoursWithoutPrice;
    }

    function _hour(
        uint256 c,
        IEnergyLedger.Batch memory batch,
        uint256 h
    ) private view returns (PlainPremium.Hour memory hour) {
        uint24[] memory channels = _channelsOf(c, batch.rosterVersion);
        hour.hasPrice = batch.hasPrice(h);
        hour.price = int32(batch.price(h));
        for (uint256 row = batch.injected.length / 96; row < channels.length; ++row) {
            uint256 wattHours = batch.reading(row, h);
            hour.withdrawn += wattHours;
            if (_known[c][channels[row] - 1].channel.exempt == 1) hour.exempt += wattHours;
        }
    }
}
