// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "../../contracts/interfaces/ICommunity.sol";
import {ICreditToken} from "../../contracts/interfaces/ICreditToken.sol";
import {IEnergyLedger} from "../../contracts/interfaces/IEnergyLedger.sol";
import {IReceiptBook} from "../../contracts/interfaces/IReceiptBook.sol";
import {ITreasury} from "../../contracts/interfaces/ITreasury.sol";
import {MonthSums} from "../../contracts/libraries/MonthSums.sol";
import {EnergyActions} from "./invariants/EnergyActions.sol";
import {LoneActions} from "./invariants/LoneActions.sol";
import {RosterActions} from "./invariants/RosterActions.sol";
import {isTrue, report, same, sameAt} from "./support/Vm.sol";

/// A community, all who act in it, and what must come of it: the target of the invariants.
contract CommunityHandler is LoneActions {
    constructor() {
        _deployAll();
        _setUpRosters();
        _setUpRules();
        _setUpMoney();
    }
}

/// What must hold whatever the people of a community do, in which order ever: in words in README.md beside this file.
/// One campaign checks the money after every action, and the energy of all months, which only grows, at its end.
contract CommunityInvariantsTest {
    using MonthSums for uint256[];

    uint256 private constant CONFIGURATIONS = 2;

    CommunityHandler private _handler;
    ITreasury private _treasury;
    IReceiptBook private _receiptBook;
    ICommunity private _community;
    ICreditToken private _token;
    uint16 private _firstMonth;

    function setUp() external {
        _handler = new CommunityHandler();
        _treasury = _handler.treasury();
        _receiptBook = _handler.receiptBook();
        _community = _handler.community();
        _token = _handler.token();
        _firstMonth = _handler.FIRST_MONTH();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// "All the rest" of a phase is a number of words far beyond what there is.
    function test_allTheRestInOneCall() external {
        _handler.recordMonth(1);
        for (uint256 seed = 0; _treasury.runCount() == 0; ++seed) {
            _handler.openRun(seed);
        }
        for (uint256 phase = 0; phase < 2; ++phase) {
            _handler.weighOrApportion(0, 1);
            _handler.weighOrApportion(0, 3);
            _handler.weighOrApportion(0, 3);
        }
        same("apportioned", uint256(ITreasury.Phase.Apportioned), uint256(_treasury.run(1).phase));
    }

    function invariant_money() external view {
        uint32 number = _treasury.runCount();
        ITreasury.Run memory run = _treasury.run(number);
        _checkRuns(number, run);
        _checkAccounts(run);
        _checkReceipts();
        if (!_isPaying(run)) _checkSettled();
        for (uint256 c = 0; c < CONFIGURATIONS; ++c) {
            _checkHours(c);
        }
    }

    function afterInvariant() external {
        report("community", _handler.calls(), _handler.moved());
        for (uint256 c = 0; c < CONFIGURATIONS; ++c) {
            _checkDigests(c);
            uint16 last = _handler.monthOf(c);
            for (uint16 month = _firstMonth; month <= last; ++month) {
                _checkEnergy(c, month);
            }
        }
        // A campaign in which next to nothing happens proves nothing.
        isTrue("a twentieth of the actions moved something", 20 * _handler.moved() >= _handler.calls());
        isTrue("most actions did or tried something", 2 * _handler.idle() <= _handler.calls());
    }

    /// One live run at a time, paid by two different persons, and only after the objection period.
    function _checkRuns(uint32 number, ITreasury.Run memory run) private view {
        for (uint32 older = 1; older < number; ++older) {
            ITreasury.Run memory before = _treasury.run(older);
            isTrue("one live run", before.phase >= ITreasury.Phase.Paid);
            _checkApproval(before);
        }
        _checkApproval(run);
        uint256 owed = _owedNow();
        if (run.phase == ITreasury.Phase.Weigh) same("what was owed before", owed, run.totalOwed);
        if (run.phase >= ITreasury.Phase.Apportioned && run.phase <= ITreasury.Phase.Approved && !_isPaying(run)) {
            same("total owed", _owedOnce(run), run.totalOwed);
        }
        if (run.phase == ITreasury.Phase.Approved) {
            int256 unspent = _handler.receivedAtApproval() - int256(_handler.paidAtApproval());
            isTrue("payable within owed", run.payable_ <= run.totalOwed);
            isTrue("payable within unspent", run.payable_ == 0 || int256(uint256(run.payable_)) <= unspent);
        }
        if (run.phase == ITreasury.Phase.Approved || run.phase == ITreasury.Phase.Paid) {
            uint256 spent = _treasury.paid() - _handler.paidAtApproval();
            isTrue("paid within payable", spent <= run.payable_);
            // Each account loses less than one micro-euro to rounding; the rest waits.
            bool isPaid = run.phase == ITreasury.Phase.Paid;
            if (isPaid) isTrue("payable is paid or waits", spent + owed + run.accounts >= run.payable_);
        }
    }

    function _checkApproval(ITreasury.Run memory run) private view {
        if (run.phase != ITreasury.Phase.Paid) return;
        isTrue("proposed by the treasurer", run.proposer == address(0x7e5));
        isTrue("approved by the president", run.approver == address(0x93e5));
        isTrue("paid after the objection period", _handler.clock() >= run.payableFrom);
        isTrue("not objected", !run.objected);
    }

    /// Every account: what runs settled is what it was paid and what it is owed; its tokens are what it was paid.
    function _checkAccounts(ITreasury.Run memory run) private view {
        uint24 count = _community.accountCount();
        uint256 paid;
        for (uint24 a = 1; a <= count; ++a) {
            ITreasury.Balance memory balance = _treasury.balanceOf(a);
            int256 settled;
            for (uint16 c = 0; c < CONFIGURATIONS; ++c) {
                uint16 last = _handler.monthOf(c);
                for (uint16 month = _firstMonth; month <= last; ++month) {
                    settled += _treasury.settledOf(c, month, a);
                }
            }
            int256 owedAndPaid = int256(balance.owed) + int256(uint256(balance.paid));
            isTrue("settled = owed + paid", settled + _handler.writtenOff(a) == owedAndPaid);
            bool isReserve = _community.account(a).kind == ICommunity.AccountKind.Reserve;
            if (isReserve) same("a reserve is not paid", 0, balance.paid);
            sameAt("tokens", a, balance.paid, _token.balanceOf(_community.payeeOf(a)));
            if (a > run.accounts) isTrue("new accounts have nothing", balance.paid == 0 && balance.owed == 0);
            paid += balance.paid;
        }
        same("paid", paid, _treasury.paid());
        same("supply", paid, _token.totalSupply());
        same("a stranger's tokens", 0, _token.balanceOf(address(0xbad)));
    }

    function _checkReceipts() private view {
        isTrue("received", _handler.booked() == _receiptBook.received());
        int256 pools;
        for (uint16 c = 0; c < CONFIGURATIONS; ++c) {
            uint16 last = _handler.monthOf(c) + 2;
            for (uint16 month = _firstMonth; month <= last; ++month) {
                IReceiptBook.Amounts memory amounts = _receiptBook.amountsOf(c, month);
                int256 sum = int256(amounts.premium) + amounts.shared + amounts.passedThrough;
                isTrue("receipts of the month", _handler.bookedIn(c, month) == sum);
                pools += sum;
                _checkPools(c, month, amounts);
            }
        }
        isTrue("receipts of all months", pools == _receiptBook.received());
    }

    /// Whatever is held or released, the pools are the month's receipts that rules divide.
    function _checkPools(uint16 c, uint16 month, IReceiptBook.Amounts memory amounts) private view {
        uint16 through = month > _handler.monthOf(c) ? month : _handler.monthOf(c);
        for (uint16 holdBack = 0; holdBack <= 10_000; holdBack += 5000) {
            IReceiptBook.Pools memory pools = _receiptBook.poolsOf(c, month, through, holdBack, holdBack == 5000);
            int256 sum = int256(pools.ordinary) + pools.excess + pools.heldExcess + pools.heldAdvance;
            isTrue("pools of the month", sum == int256(amounts.premium) + amounts.shared);
            bool released = _handler.isAdjusted(c) && month / 12 == _firstMonth / 12;
            if (released) isTrue("nothing held", pools.heldExcess == 0 && pools.heldAdvance == 0);
            else isTrue("the excess is held", pools.excess == 0);
        }
    }

    /// The entitlements of a settled month add up to its receipts, as they were when its run computed them.
    function _checkSettled() private view {
        uint24 count = _community.accountCount();
        for (uint16 c = 0; c < CONFIGURATIONS; ++c) {
            uint16 last = _handler.monthOf(c);
            for (uint16 month = _firstMonth; month <= last; ++month) {
                int256 settled;
                for (uint24 a = 1; a <= count; ++a) {
                    settled += _treasury.settledOf(c, month, a);
                }
                isTrue("entitlements = receipts", settled == _handler.settledPool(c, month));
            }
        }
    }

    /// The next hour moves by what was recorded, and by nothing else.
    function _checkHours(uint256 c) private view {
        IEnergyLedger ledger = _handler.ledgers(c);
        uint16 last = _handler.monthOf(c);
        uint256 hoursRecorded;
        for (uint16 month = _firstMonth; month <= last; ++month) {
            hoursRecorded += ledger.monthState(month).hoursRecorded;
            isTrue("closed once its last hour is recorded", ledger.isClosed(month) == (month < last));
        }
        same("next hour", _handler.firstHourOf(c) + hoursRecorded, ledger.nextHour());
        uint256 ended = _handler.clock() / 1 hours;
        if (hoursRecorded != 0) isTrue("no hour before its end", ledger.nextHour() <= ended);
    }

    function _checkDigests(uint256 c) private view {
        IEnergyLedger ledger = _handler.ledgers(c);
        uint32[] memory recorded = _handler.firstHoursOf(c);
        uint256 next;
        for (uint32 hour = _handler.firstHourOf(c); hour < ledger.nextHour(); ++hour) {
            bytes32 expected;
            if (next < recorded.length && recorded[next] == hour) {
                expected = _handler.digestOf(c, hour);
                ++next;
            }
            isTrue("digest as signed last", ledger.digestOf(hour) == expected);
        }
        same("batches", recorded.length, next);
    }

    function _checkEnergy(uint256 c, uint16 month) private view {
        IEnergyLedger ledger = _handler.ledgers(c);
        IEnergyLedger.MonthState memory state = ledger.monthState(month);
        EnergyActions.Metered memory metered = _handler.meteredIn(c, month);
        same("injected", metered.injected, state.injected);
        same("withdrawn", metered.withdrawn, state.withdrawn);
        same("shared", metered.shared, state.shared);
        same("accrued", metered.accrued, state.accrued);
        same("missing", metered.missing, state.missing);
        (uint256 hoursRecorded, uint256 lowestGrade) = _graded(metered);
        same("hours", hoursRecorded, state.hoursRecorded);
        same("grade", lowestGrade, uint256(state.grade));
        isTrue("shared within both sides", state.shared <= state.injected && state.shared <= state.withdrawn);
        same("hours without a price", metered.hoursWithoutPrice, state.hoursWithoutPrice);
        bool isProvisional = lowestGrade < 2 || metered.missing != 0 || metered.hoursWithoutPrice != 0;
        isTrue("provisional", ledger.isProvisional(month) == isProvisional);
        _checkChannels(c, month, state.shared);
        _checkPlantSets(ledger, month, metered);
    }

    function _checkPlantSets(IEnergyLedger ledger, uint16 month, EnergyActions.Metered memory metered) private view {
        (uint256 accrued, IEnergyLedger.PlantSet memory withoutGrant, IEnergyLedger.PlantSet memory withGrant) = ledger
            .premiumSums(month, month);
        same("accrued, as sum", metered.accrued, accrued);
        _checkPlantSet(metered.sets[0], withoutGrant);
        _checkPlantSet(metered.sets[1], withGrant);
        isTrue("sets within all", uint256(withoutGrant.accrued) + withGrant.accrued <= accrued);
    }

    function _checkPlantSet(uint256[3] memory metered, IEnergyLedger.PlantSet memory set) private pure {
        same("accrued of a set", metered[0], set.accrued);
        same("injected of a set", metered[1], set.injected);
        same("attributed of a set", metered[2], set.attributed);
        isTrue("attributed within injected of a set", set.attributed <= set.injected);
    }

    function _graded(EnergyActions.Metered memory metered) private pure returns (uint256 inAll, uint256 lowest) {
        for (uint256 grade = 4; grade > 0; --grade) {
            inAll += metered.hoursOfGrade[grade - 1];
            if (metered.hoursOfGrade[grade - 1] != 0) lowest = grade - 1;
        }
    }

    function _checkChannels(uint256 c, uint16 month, uint256 shared) private view {
        (uint256[] memory coincident, uint256[] memory attributed) = _handler.ledgers(c).monthSums(month);
        RosterActions.Known[] memory channels = _handler.channelsOf(c);
        uint256[2] memory sides;
        uint256 byPlants;
        for (uint256 i = 0; i < channels.length; ++i) {
            RosterActions.Known memory known = channels[i];
            uint256 metered = _handler.meteredOf(c, month, known.channel.number);
            uint256 wattHours = coincident.get(known.channel.number);
            isTrue("coincident within metered", wattHours <= metered);
            sides[known.injects ? 0 : 1] += wattHours;
            if (!known.injects) continue;
            isTrue("attributed within injected", attributed.get(known.plant) <= metered);
            byPlants += attributed.get(known.plant);
        }
        isTrue("coincident injection within shared", sides[0] <= shared);
        isTrue("coincident withdrawal within shared", sides[1] <= shared);
        same("attributed = shared", shared, byPlants);
    }

    function _isPaying(ITreasury.Run memory run) private pure returns (bool) {
        return run.phase == ITreasury.Phase.Approved && run.word != 0;
    }

    function _owedNow() private view returns (uint256 sum) {
        uint24 count = _community.accountCount();
        for (uint24 a = 1; a <= count; ++a) {
            int64 owed = _treasury.balanceOf(a).owed;
            if (owed > 0) sum += uint64(owed);
        }
    }

    /// What will be owed once the run is booked.
    function _owedOnce(ITreasury.Run memory run) private view returns (uint256 sum) {
        uint24 count = _community.accountCount();
        for (uint24 a = 1; a <= count; ++a) {
            ITreasury.Balance memory balance = _treasury.balanceOf(a);
            int64 owed = balance.owed + (balance.deltaAttempt == run.attempt ? balance.delta : int64(0));
            if (owed > 0) sum += uint64(owed);
        }
    }
}
