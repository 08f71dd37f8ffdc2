// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {ICommunity} from "../../../contracts/interfaces/ICommunity.sol";
import {IEnergyLedger} from "../../../contracts/interfaces/IEnergyLedger.sol";
import {Channel, Plant} from "../../../contracts/libraries/Roster.sol";
import {Rosters} from "../support/Rosters.sol";
import {vm} from "../support/Vm.sol";
import {Stage} from "./Stage.sol";

/// The secretary enrols accounts and proposes rosters, the president adopts them.
abstract contract RosterActions is Stage {
    uint256 private constant MOST_ACCOUNTS = 16;

    /// A channel that was ever on a roster, and the plant that it belongs to if it injects.
    struct Known {
        Channel channel;
        bool injects;
        uint16 plant;
    }

    /// What the tally needs of a plant, in waterfall order.
    struct Terms {
        uint256 row;
        uint256 tariff;
    }

    struct Draft {
        address pointer;
        address proposer;
        uint32 effectiveHour;
        Known[] opened;
        uint24[] channels;
        Terms[] plants;
        uint16 injections;
    }

    Known[][2] internal _known;
    uint16[2] internal _plantCount;
    Draft[2] private _drafts;
    uint32[][2] internal _effectiveHours;
    mapping(uint256 configuration => mapping(uint16 version => uint24[])) private _channels;
    mapping(uint256 configuration => mapping(uint16 version => Terms[])) private _plants;
    mapping(uint256 configuration => mapping(uint16 version => uint16)) private _injections;

    function enrol(uint256 seed) external action {
        if (community.accountCount() >= MOST_ACCOUNTS) return;
        ICommunity.Enrolment[] memory list = new ICommunity.Enrolment[](1 + (seed % 2));
        for (uint256 i = 0; i < list.length; ++i) {
            list[i] = _enrolment(ICommunity.AccountKind(1 + _random(seed, i == 0 ? "kind" : "other kind", 5)));
        }
        _as(SECRETARY, address(community), abi.encodeCall(ICommunity.enrol, (list)), 0);
    }

    /// The first seven stay open, so that there is always somebody to meter, a fund to pay and reserves.
    function closeAccount(uint24 number) external action {
        uint24 count = community.accountCount();
        if (count <= 7) return;
        number = 8 + (number % (count - 7));
        bytes4 expected = community.account(number).closed ? ICommunity.AccountAlreadyClosed.selector : bytes4(0);
        _as(SECRETARY, address(community), abi.encodeCall(ICommunity.closeAccount, (number)), expected);
    }

    function proposeRoster(uint256 seed) external action {
        _proposeRoster(seed % CONFIGURATIONS, seed, 1 + _random(seed, "delay", 60));
        if (_random(seed, "adopt", 2) == 0) _adoptRoster(seed % CONFIGURATIONS);
    }

    function adoptRoster(uint256 seed) external action {
        _adoptRoster(seed % CONFIGURATIONS);
    }

    function channelsOf(uint256 configuration) external view returns (Known[] memory) {
        return _known[configuration];
    }

    /// Four members, a fund and a producer; each ledger's first roster, in force from its first hour.
    function _setUpRosters() internal {
        ICommunity.Enrolment[] memory list = new ICommunity.Enrolment[](8);
        for (uint256 i = 0; i < 4; ++i) {
            list[i] = _enrolment(ICommunity.AccountKind.Member);
        }
        list[4] = _enrolment(ICommunity.AccountKind.Fund);
        list[4].social = true;
        list[5] = _enrolment(ICommunity.AccountKind.Reserve);
        list[6] = _enrolment(ICommunity.AccountKind.Reserve);
        list[7] = _enrolment(ICommunity.AccountKind.Producer);
        _as(SECRETARY, address(community), abi.encodeCall(ICommunity.enrol, (list)), 0);
        for (uint256 c = 0; c < CONFIGURATIONS; ++c) {
            _proposeRoster(c, 16 * (c + 1), 0);
            _adoptRoster(c);
        }
    }

    function _versionAt(uint256 c, uint32 hour) internal view returns (uint16 version) {
        version = uint16(_effectiveHours[c].length);
        while (_effectiveHours[c][version - 1] > hour) --version;
    }

    function _rowsOf(uint256 c, uint16 version) internal view returns (uint256 injections, uint256 withdrawals) {
        injections = _injections[c][version];
        withdrawals = _channels[c][version].length - injections;
    }

    function _channelsOf(uint256 c, uint16 version) internal view returns (uint24[] memory) {
        return _channels[c][version];
    }

    function _plantsOf(uint256 c, uint16 version) internal view returns (Terms[] memory) {
        return _plants[c][version];
    }

    function _enrolment(ICommunity.AccountKind kind) private pure returns (ICommunity.Enrolment memory) {
        return ICommunity.Enrolment(kind, false, address(0));
    }

    function _earliest(uint256 c) private view returns (uint32 earliest) {
        earliest = ledgers[c].nextHour();
        uint256 count = _effectiveHours[c].length;
        if (count != 0 && _effectiveHours[c][count - 1] >= earliest) earliest = _effectiveHours[c][count - 1] + 1;
    }

    function _adoptRoster(uint256 c) private {
        Draft memory draft = _drafts[c];
        uint16 version = ledgers[c].rosterCount() + 1;
        bytes4 expected;
        if (draft.pointer == address(0)) expected = IEnergyLedger.RosterNotProposed.selector;
        else if (draft.proposer == PRESIDENT) expected = IEnergyLedger.SamePerson.selector;
        else if (draft.effectiveHour < _earliest(c)) expected = IEnergyLedger.RosterTooEarly.selector;
        bytes memory data = abi.encodeCall(IEnergyLedger.adoptRoster, (version, draft.pointer));
        if (!_as(PRESIDENT, address(ledgers[c]), data, expected)) return;
        _effectiveHours[c].push(draft.effectiveHour);
        _channels[c][version] = draft.channels;
        _injections[c][version] = draft.injections;
        for (uint256 i = 0; i < draft.plants.length; ++i) {
            _plants[c][version].push(draft.plants[i]);
        }
        for (uint256 i = 0; i < draft.opened.length; ++i) {
            _known[c].push(draft.opened[i]);
            if (draft.opened[i].injects) ++_plantCount[c];
        }
        delete _drafts[c];
    }

    /// Of the last roster's channels most go on, some close, and up to two open.
    function _proposeRoster(uint256 c, uint256 seed, uint256 delay) private {
        Known[] memory injection = _choose(c, seed, true);
        Known[] memory withdrawal = _choose(c, seed, false);
        Draft storage draft = _drafts[c];
        delete _drafts[c];
        draft.effectiveHour = _earliest(c) + uint32(delay);
        draft.proposer = _random(seed, "proposer", 8) == 0 && delay != 0 ? PRESIDENT : SECRETARY;
        draft.injections = uint16(injection.length);
        uint24 known = uint24(_known[c].length);
        for (uint256 i = 0; i < injection.length + withdrawal.length; ++i) {
            Known memory one = i < injection.length ? injection[i] : withdrawal[i - injection.length];
            draft.channels.push(one.channel.number);
            if (one.channel.number > known) draft.opened.push(one);
        }
        Plant[] memory plants = _inOrder(injection, seed);
        for (uint256 i = 0; i < plants.length; ++i) {
            draft.plants.push(Terms(plants[i].row, plants[i].tariff));
        }
        bytes memory blob = Rosters.encode(_channelList(injection), _channelList(withdrawal), plants);
        draft.pointer = vm.computeCreateAddress(address(ledgers[c]), vm.getNonce(address(ledgers[c])));
        bytes memory data = abi.encodeCall(IEnergyLedger.proposeRoster, (draft.effectiveHour, blob));
        _as(draft.proposer, address(ledgers[c]), data, 0);
    }

    /// New channels take the next numbers, the injecting one first.
    function _choose(uint256 c, uint256 seed, bool injects) private view returns (Known[] memory chosen) {
        uint256 known = _known[c].length;
        Known[] memory list = new Known[](4);
        uint256 count;
        uint16 last = uint16(_effectiveHours[c].length);
        uint24[] memory before = _channels[c][last];
        for (uint256 i = 0; i < before.length; ++i) {
            Known memory one = _known[c][before[i] - 1];
            bool closes = _random(seed, string(abi.encode("closes", i)), 4) == 0;
            if (one.injects != injects || closes || count == 3 || !community.canMeter(one.channel.account)) continue;
            one.channel.weight = uint32(_random(seed, string(abi.encode("weight", i)), 100));
            list[count++] = one;
        }
        bool opensInjection = seed % 3 == 1 || known == 0;
        if (injects ? opensInjection : seed % 3 != 1 || count == 0 || known == 0) {
            uint24 number = uint24(known + 1 + (!injects && opensInjection ? 1 : 0));
            list[count++] = _opened(c, seed, number, injects);
        }
        chosen = new Known[](count);
        for (uint256 i = 0; i < count; ++i) {
            chosen[i] = list[i];
        }
    }

    function _opened(uint256 c, uint256 seed, uint24 number, bool injects) private view returns (Known memory one) {
        uint24 account = 1 + uint24(_random(seed, injects ? "owner" : "consumer", community.accountCount()));
        if (!community.canMeter(account)) account = 1 + uint24(seed % 4);
        uint8 class = 1 + uint8(_random(seed, "class", 7));
        one.channel = Channel(number, account, class, uint8(seed % 2), uint32(_random(seed, "weight", 100)));
        one.injects = injects;
        if (injects) one.plant = _plantCount[c] + 1;
    }

    /// Waterfall order: by commissioning day, here falling with the plant's number, so that it is not the order of
    /// rows.
    function _inOrder(Known[] memory injection, uint256 seed) private pure returns (Plant[] memory plants) {
        plants = new Plant[](injection.length);
        for (uint256 i = 0; i < injection.length; ++i) {
            uint256 row = injection.length - 1 - i;
            uint32 tariff = 1 + uint32(_random(seed, string(abi.encode("tariff", i)), 2_000_000));
            plants[i] = Plant(injection[row].plant, uint16(row), 20_000 - injection[row].plant, 1, 1, tariff, 0);
        }
    }

    function _channelList(Known[] memory list) private pure returns (Channel[] memory channels) {
        channels = new Channel[](list.length);
        for (uint256 i = 0; i < list.length; ++i) {
            channels[i] = list[i].channel;
        }
    }
}
