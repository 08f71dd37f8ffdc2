// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {CacerTerms, Channel, Plant, Roster} from "../../contracts/libraries/Roster.sol";
import {PlainPremium} from "./support/PlainPremium.sol";
import {Rosters} from "./support/Rosters.sol";
import {isTrue, same} from "./support/Vm.sol";

/// Rosters as bytes, in contract code, and read field by field.
contract RosterTest {
    using Roster for bytes;

    function testFuzz_storedAsItWas(bytes memory blob) external {
        _checkRoundTrip(blob);
    }

    function test_storedAtEveryEdge() external {
        _checkRoundTrip("");
        _checkRoundTrip(hex"00");
        // Code must not begin with 0xEF: the leading STOP sees to it.
        _checkRoundTrip(hex"ef");
        bytes memory most = new bytes(Roster.MAX_BYTES);
        most[0] = 0x01;
        most[most.length - 1] = 0xff;
        _checkRoundTrip(most);
    }

    function testFuzz_fields(Channel[3] memory channels, Plant memory plant) external pure {
        Channel[] memory injection = new Channel[](1);
        Channel[] memory withdrawal = new Channel[](2);
        Plant[] memory plants = new Plant[](1);
        (injection[0], withdrawal[0], withdrawal[1], plants[0]) = (channels[0], channels[1], channels[2], plant);
        bytes memory blob = Rosters.encode(injection, withdrawal, plants);
        same("length", 4 + 3 * 12 + 32, blob.length);
        same("injections", 1, blob.injectionCount());
        same("withdrawals", 2, blob.withdrawalCount());
        same("channels", 3, blob.channelCount());
        for (uint256 row = 0; row < 3; ++row) {
            isTrue("channel", _hash(abi.encode(channels[row])) == _hash(abi.encode(blob.channel(row))));
            same("number", channels[row].number, blob.channelNumber(row));
        }
        isTrue("plant", _hash(abi.encode(plant)) == _hash(abi.encode(blob.plant(0))));
        (uint256 number, uint256 plantRow, uint160 incentive) = blob.plantTerms(0);
        same("plant number", plant.number, number);
        same("plant row", plant.row, plantRow);
        same("plant regime", plant.regime, incentive / 2 ** 152);
        same("plant terms", plant.terms, incentive % 2 ** 152);
    }

    function testFuzz_terms(uint32 base, uint32 cap, uint24 correction, uint32 n, uint32 d) external pure {
        CacerTerms memory terms = Roster.cacerTerms(PlainPremium.cacerTerms(base, cap, correction, n, d));
        same("base", base, terms.base);
        same("cap", cap, terms.cap);
        same("correction", correction, terms.correction);
        same("numerator", n, terms.numerator);
        same("denominator", d, terms.denominator);
        isTrue("grant", Roster.hasGrant(PlainPremium.cacerTerms(base, cap, correction, n, d)) == (n != 0));
        same("fixed tariff", base, Roster.fixedTariff(PlainPremium.fixedTerms(base)));
    }

    function test_countsUpToTwoBytes() external pure {
        same("injections", 65_535, Roster.injectionCount(hex"ffff0001"));
        same("withdrawals", 65_535, Roster.withdrawalCount(hex"0001ffff"));
        same("channels", 65_536, Roster.channelCount(hex"0001ffff"));
    }

    function _checkRoundTrip(bytes memory blob) private {
        address pointer = Roster.store(blob);
        isTrue("pointer", pointer != address(0));
        isTrue("content", _hash(blob) == _hash(Roster.load(pointer)));
        same("code length", blob.length + 1, pointer.code.length);
    }

    function _hash(bytes memory data) private pure returns (bytes32) {
        return keccak256(data);
    }
}
