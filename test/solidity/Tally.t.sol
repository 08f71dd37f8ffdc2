// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Channel, Plant} from "../../contracts/libraries/Roster.sol";
import {Tallied, Tally} from "../../contracts/libraries/Tally.sol";
import {Readings} from "./support/Readings.sol";
import {Rosters} from "./support/Rosters.sol";
import {isTrue, same, sameAt} from "./support/Vm.sol";

/// The whole tally against plain loops over hours and rows.
contract TallyTest {
    using Readings for bytes;

    uint256 private constant HOURS = 24;

    struct Case {
        bytes roster;
        bytes injected;
        bytes withdrawn;
        uint256 highestChannel;
        uint256 highestPlant;
        /// In waterfall order.
        Plant[] plants;
        Channel[] injection;
        Channel[] withdrawal;
    }

    function testFuzz_tally(uint256 seed, uint8 injections, uint8 withdrawals, uint8 hourCount) external view {
        (uint256 ins, uint256 outs) = (injections % 5, withdrawals % 7);
        if (ins + outs == 0) outs = 1;
        Case memory made = _case(seed, ins, outs);
        made.injected = Readings.random(seed, ins, 1 + (hourCount % 24));
        made.withdrawn = Readings.random(seed ^ 1, outs, 1 + (hourCount % 24));
        _check(made);
    }

    function test_nothing() external view {
        Case memory made = _case(1, 2, 3);
        made.injected = Readings.full(0, 2);
        made.withdrawn = Readings.full(0, 3);
        same("accrued", 0, _check(made));
    }

    function test_largestReadings() external view {
        Case memory made = _case(2, 3, 3);
        made.injected = Readings.full(type(uint32).max, 3);
        made.withdrawn = Readings.full(type(uint32).max, 3);
        _check(made);
    }

    function test_oneRow() external view {
        Case memory made = _case(3, 1, 0);
        made.injected = Readings.full(type(uint32).max, 1);
        same("accrued", 0, _check(made));
        made = _case(4, 0, 1);
        made.withdrawn = Readings.full(type(uint32).max, 1);
        same("accrued", 0, _check(made));
    }

    /// A third of the hours without injection, a third without withdrawal.
    function test_hoursOfOneSideOnly() external view {
        Case memory made = _case(5, 2, 2);
        made.injected = Readings.full(3_000_000_001, 2);
        made.withdrawn = Readings.full(1_000_000_007, 2);
        for (uint256 h = 0; h < HOURS; ++h) {
            for (uint256 row = 0; row < 2; ++row) {
                if (h % 3 == 0) Readings.put(made.injected, row, h, 0);
                if (h % 3 == 1) Readings.put(made.withdrawn, row, h, 0);
            }
        }
        isTrue("accrued", _check(made) != 0);
    }

    function test_mostRowsOfRandomReadings() external view {
        Case memory made = _case(6, 200, 1300);
        made.injected = Readings.random(6, 200, 24);
        made.withdrawn = Readings.random(7, 1300, 24);
        isTrue("accrued", _check(made) != 0);
    }

    function test_mostRowsOfTheLargestReadings() external view {
        Case memory made = _case(8, 200, 1300);
        made.injected = Readings.full(type(uint32).max, 200);
        made.withdrawn = Readings.full(type(uint32).max, 1300);
        isTrue("accrued", _check(made) != 0);
    }

    function tally(
        bytes memory roster,
        bytes calldata injected,
        bytes calldata withdrawn,
        uint256 highestChannel,
        uint256 highestPlant
    ) external pure returns (Tallied memory) {
        return Tally.batch(roster, injected, withdrawn, highestChannel, highestPlant);
    }

    /// @return accrued what the batch earns, in 10⁻¹⁰ €
    function _check(Case memory made) private view returns (uint256 accrued) {
        Tallied memory actual = this.tally(
            made.roster,
            made.injected,
            made.withdrawn,
            made.highestChannel,
            made.highestPlant
        );
        uint256[24] memory g = made.injected.sums();
        uint256[24] memory w = made.withdrawn.sums();
        uint256[24] memory s;
        uint256 shared;
        for (uint256 h = 0; h < HOURS; ++h) {
            s[h] = Readings.lesser(g[h], w[h]);
            shared += s[h];
        }
        isTrue("injected", Readings.equal(Readings.pack(g), actual.injected));
        isTrue("withdrawn", Readings.equal(Readings.pack(w), actual.withdrawn));
        isTrue("shared", Readings.equal(Readings.pack(s), actual.shared));

        uint256[] memory coincident = new uint256[](actual.coincident.length * 6);
        uint256 onOneSide = _addCoincident(coincident, made.injected, made.injection, s, g);
        isTrue("coincident injection within shared", onOneSide <= shared);
        onOneSide = _addCoincident(coincident, made.withdrawn, made.withdrawal, s, w);
        isTrue("coincident withdrawal within shared", onOneSide <= shared);
        _checkSums("coincident", coincident, actual.coincident);

        uint256[] memory attributed = new uint256[](actual.attributed.length * 6);
        accrued = _attribute(attributed, made, s);
        _checkSums("attributed", attributed, actual.attributed);
        same("accrued", accrued, actual.accrued);
        uint256 attributedInAll;
        for (uint256 i = 0; i < attributed.length; ++i) {
            attributedInAll += attributed[i];
        }
        same("all that is shared is attributed", shared, attributedInAll);
    }

    function _addCoincident(
        uint256[] memory coincident,
        bytes memory rows,
        Channel[] memory channels,
        uint256[24] memory s,
        uint256[24] memory whole
    ) private pure returns (uint256 sum) {
        for (uint256 row = 0; row < channels.length; ++row) {
            uint256 scaled;
            uint256 all;
            for (uint256 h = 0; h < HOURS; ++h) {
                if (whole[h] == 0) continue;
                scaled += rows.get(row, h) * ((s[h] * 2 ** 30) / whole[h]);
                all += rows.get(row, h);
            }
            coincident[channels[row].number] = scaled / 2 ** 30;
            isTrue("coincident within metered", scaled / 2 ** 30 <= all);
            sum += scaled / 2 ** 30;
        }
    }

    function _attribute(
        uint256[] memory attributed,
        Case memory made,
        uint256[24] memory s
    ) private pure returns (uint256 accrued) {
        for (uint256 h = 0; h < HOURS; ++h) {
            uint256 left = s[h];
            for (uint256 i = 0; i < made.plants.length; ++i) {
                uint256 part = Readings.lesser(left, made.injected.get(made.plants[i].row, h));
                left -= part;
                attributed[made.plants[i].number] += part;
                accrued += part * made.plants[i].tariff;
            }
            same("left over", 0, left);
        }
    }

    function _checkSums(string memory what, uint256[] memory expected, uint256[] memory packed) private pure {
        for (uint256 i = 0; i < expected.length; ++i) {
            sameAt(what, i, expected[i], (packed[i / 6] / 2 ** (42 * (i % 6))) % 2 ** 42);
        }
    }

    /// A roster with gaps in its numbers, whose waterfall order is not its row order.
    function _case(uint256 seed, uint256 injections, uint256 withdrawals) private pure returns (Case memory made) {
        made.injection = Rosters.numbered(injections, uint24(1 + (seed % 5)), uint24(1 + (seed % 3)));
        uint24 next = uint24(10 + (seed % 5) + injections * 3);
        made.withdrawal = Rosters.numbered(withdrawals, next, uint24(1 + ((seed >> 8) % 4)));
        made.plants = new Plant[](injections);
        uint256 turn = injections == 0 ? 0 : seed % injections;
        for (uint256 i = 0; i < injections; ++i) {
            uint32 tariff = i % 3 == 0 ? type(uint32).max : uint32(uint256(keccak256(abi.encode(seed, i))));
            made.plants[i] = Plant(
                uint16(1 + 2 * (injections - i)),
                uint16((i + turn) % injections),
                uint32(i),
                1,
                1,
                tariff,
                0
            );
        }
        made.roster = Rosters.encode(made.injection, made.withdrawal, made.plants);
        made.highestChannel = next + withdrawals * 4;
        made.highestPlant = 1 + 2 * injections;
    }
}
