// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../../contracts/interfaces/IEnergyLedger.sol";
import {Calendar} from "../../contracts/libraries/Calendar.sol";
import {Channel, Plant} from "../../contracts/libraries/Roster.sol";
import {BatchDigest} from "./support/BatchDigest.sol";
import {Batches} from "./support/Batches.sol";
import {PlainPremium} from "./support/PlainPremium.sol";
import {Rosters} from "./support/Rosters.sol";
import {isTrue, vm} from "./support/Vm.sol";

/// Who may do everything and meter for everybody.
contract Everybody {
    function canCall(address, address, bytes4) external pure returns (bool immediate, uint32 delay) {
        return (true, 0);
    }

    function canMeter(uint24) external pure returns (bool) {
        return true;
    }
}

/// Whole ledgers: to record and to correct comes to the same as to record what is correct.
contract AmendmentsTest {
    using Batches for IEnergyLedger.Batch;
    using PlainPremium for Plant;

    uint16 private constant MONTH = 2026 * 12 + 2;
    uint256 private constant ORACLE_KEY = 11;
    uint256 private constant PLANTS = 4;
    uint256 private constant CONSUMERS = 5;

    Everybody private immutable _everybody = new Everybody();
    bytes private _ledgerCode = vm.getCode("contracts/EnergyLedger.sol:EnergyLedger");
    address private _rules;

    constructor() {
        _rules = _create(vm.getCode("contracts/RosterRules.sol:RosterRules"));
    }

    /// Of two batches the one is amended, several times; the other stays, so that there are sums to leave alone.
    function testFuzz_amendedIsAsIfRecorded(uint256 seed, uint8 revisions) external {
        IEnergyLedger ledger = _ledger(seed);
        IEnergyLedger.Batch memory other = _batch(seed, "other", 0);
        IEnergyLedger.Batch memory batch = _batch(seed, "first", 24);
        _record(ledger, other);
        _record(ledger, batch);
        for (uint256 i = 0; i < 1 + (revisions % 3); ++i) {
            IEnergyLedger.Batch memory next = _batch(seed, string(abi.encode("revision", i)), 24);
            if (next.grade < batch.grade) next.grade = batch.grade;
            batch = _amend(ledger, batch, next);
        }

        IEnergyLedger fresh = _ledger(seed);
        _record(fresh, other);
        (batch.revision, batch.replaces) = (0, 0);
        _record(fresh, batch);
        isTrue("sums as if recorded", _sums(ledger) == _sums(fresh));
    }

    function testFuzz_amendedBackIsAsBefore(uint256 seed) external {
        IEnergyLedger ledger = _ledger(seed);
        IEnergyLedger.Batch memory batch = _batch(seed, "first", 0);
        IEnergyLedger.Batch memory changed = _batch(seed, "changed", 0);
        (batch.grade, changed.grade) = (IEnergyLedger.Grade.Estimated, IEnergyLedger.Grade.Estimated);
        _record(ledger, batch);
        bytes32 before = _sums(ledger);
        changed = _amend(ledger, batch, changed);
        _amend(ledger, changed, batch);
        isTrue("sums as before", _sums(ledger) == before);
    }

    function _sums(IEnergyLedger ledger) private view returns (bytes32) {
        (uint256[] memory coincident, uint256[] memory attributed) = ledger.monthSums(MONTH);
        (uint256 accrued, IEnergyLedger.PlantSet memory without, IEnergyLedger.PlantSet memory with) = ledger
            .premiumSums(MONTH, MONTH);
        return
            keccak256(
                abi.encode(ledger.monthState(MONTH), coincident, attributed, accrued, without, with, ledger.nextHour())
            );
    }

    function _batch(
        uint256 seed,
        string memory name,
        uint32 hour
    ) private pure returns (IEnergyLedger.Batch memory batch) {
        uint256 lot = uint256(keccak256(abi.encode(seed, name)));
        batch = Batches.random(lot, 24, PLANTS, CONSUMERS);
        batch.randomisePrices(lot);
        batch.firstHour = Calendar.startOf(MONTH) + hour;
        batch.rosterVersion = 1;
        batch.grade = IEnergyLedger.Grade(lot % 4);
        for (uint256 i = 0; i < (lot >> 8) % 4; ++i) {
            uint256 row = (lot >> (16 + 8 * i)) % (PLANTS + CONSUMERS);
            batch.putReading(row, i, 0);
            batch.mark(row, i);
        }
    }

    function _record(IEnergyLedger ledger, IEnergyLedger.Batch memory batch) private {
        vm.warp((uint256(batch.firstHour) + 24) * 1 hours);
        ledger.record(batch, _signed(ledger, batch));
    }

    function _amend(
        IEnergyLedger ledger,
        IEnergyLedger.Batch memory old,
        IEnergyLedger.Batch memory changed
    ) private returns (IEnergyLedger.Batch memory corrected) {
        corrected = abi.decode(abi.encode(changed), (IEnergyLedger.Batch));
        corrected.revision = old.revision + 1;
        corrected.replaces = _digest(ledger, old);
        ledger.amend(old, corrected, _signed(ledger, corrected));
    }

    function _signed(
        IEnergyLedger ledger,
        IEnergyLedger.Batch memory batch
    ) private view returns (bytes[] memory signatures) {
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ORACLE_KEY, _digest(ledger, batch));
        signatures = new bytes[](1);
        signatures[0] = abi.encodePacked(r, s, v);
    }

    function _digest(IEnergyLedger ledger, IEnergyLedger.Batch memory batch) private view returns (bytes32) {
        uint24[] memory channels = new uint24[](PLANTS + CONSUMERS);
        for (uint256 i = 0; i < channels.length; ++i) {
            channels[i] = uint24(i + 1);
        }
        return BatchDigest.digest(batch, channels, address(ledger));
    }

    function _ledger(uint256 seed) private returns (IEnergyLedger ledger) {
        address[] memory oracles = new address[](1);
        oracles[0] = vm.addr(ORACLE_KEY);
        uint32 first = Calendar.startOf(MONTH);
        bytes memory arguments = abi.encode(_everybody, _everybody, _rules, first, MONTH, oracles, 1, false);
        ledger = IEnergyLedger(_create(bytes.concat(_ledgerCode, arguments)));
        Channel[] memory injection = Rosters.numbered(PLANTS, 1, 1);
        Channel[] memory withdrawal = Rosters.numbered(CONSUMERS, uint24(PLANTS + 1), 1);
        for (uint256 i = 0; i < CONSUMERS; ++i) {
            withdrawal[i].exempt = uint8((seed >> i) % 2);
        }
        Plant[] memory plants = new Plant[](PLANTS);
        for (uint256 i = 0; i < PLANTS; ++i) {
            (plants[i].number, plants[i].row) = (uint16(i + 1), uint16(i));
            plants[i].randomise(uint256(keccak256(abi.encode(seed, i))));
            plants[i].commissioned = 20_000;
        }
        ledger.proposeRoster(first, Rosters.encode(injection, withdrawal, plants));
        address pointer = vm.computeCreateAddress(address(ledger), 1);
        vm.prank(address(1));
        ledger.adoptRoster(1, pointer);
    }

    function _create(bytes memory code) private returns (address created) {
        assembly ("memory-safe") {
            created := create(0, add(code, 32), mload(code))
        }
        require(created != address(0), "not created");
    }
}
