// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {RowTree} from "../../contracts/libraries/RowTree.sol";
import {Readings} from "./support/Readings.sol";
import {Rosters} from "./support/Rosters.sol";
import {isTrue} from "./support/Vm.sol";

/// The root against a tree built node by node, and every leaf's proof against OpenZeppelin's verifier.
contract RowTreeTest {
    function testFuzz_rootAndProofs(uint256 seed, uint8 injections, uint8 withdrawals) external view {
        injections %= 8;
        withdrawals %= 12;
        if (injections + withdrawals == 0) withdrawals = 1;
        _check(seed, injections, withdrawals, true);
    }

    function test_oneRow() external view {
        _check(1, 1, 0, true);
        _check(2, 0, 1, true);
    }

    function test_mostRows() external view {
        _check(3, 200, 1300, false);
    }

    /// A neighbour's row, mask, channel or seed all change the root.
    function testFuzz_rootSaysEverything(uint256 seed, uint8 what, uint16 place) external view {
        (bytes memory injected, bytes memory withdrawn, bytes memory masks, bytes memory roster) = _batch(seed, 3, 4);
        bytes32 before = this.root(roster, bytes32(seed), injected, withdrawn, masks);
        bytes32 salt = bytes32(seed);
        if (what % 5 == 0) injected[place % injected.length] ^= 0x01;
        else if (what % 5 == 1) withdrawn[place % withdrawn.length] ^= 0x80;
        else if (what % 5 == 2) masks[place % masks.length] ^= 0x10;
        else if (what % 5 == 3) roster[4 + 12 * uint256(place % 7) + (place % 3)] ^= 0x01;
        else salt ^= bytes32(uint256(1) << (place % 256));
        isTrue("root differs", before != this.root(roster, salt, injected, withdrawn, masks));
    }

    function root(
        bytes memory roster,
        bytes32 seed,
        bytes calldata injected,
        bytes calldata withdrawn,
        bytes calldata masks
    ) external pure returns (bytes32) {
        return RowTree.root(roster, seed, injected, withdrawn, masks);
    }

    function _check(uint256 seed, uint256 injections, uint256 withdrawals, bool proofs) private view {
        (bytes memory injected, bytes memory withdrawn, bytes memory masks, bytes memory roster) = _batch(
            seed,
            injections,
            withdrawals
        );
        uint256 rows = injections + withdrawals;
        bytes32[] memory tree = new bytes32[](2 * rows - 1);
        bytes memory all = bytes.concat(injected, withdrawn);
        for (uint256 row = 0; row < rows; ++row) {
            bytes memory number = _part(roster, 4 + 12 * row, 3);
            bytes32 salt = keccak256(bytes.concat(bytes32(seed), number));
            tree[tree.length - 1 - row] = keccak256(
                bytes.concat(number, salt, _part(all, 96 * row, 96), _part(masks, 3 * row, 3))
            );
        }
        for (uint256 node = rows - 1; node > 0; --node) {
            tree[node - 1] = _pair(tree[2 * node - 1], tree[2 * node]);
        }
        isTrue("root", this.root(roster, bytes32(seed), injected, withdrawn, masks) == tree[0]);
        for (uint256 row = 0; row < rows && proofs; ++row) {
            uint256 leaf = tree.length - 1 - row;
            isTrue("proof", MerkleProof.verify(_proof(tree, leaf), tree[0], tree[leaf]));
        }
    }

    function _proof(bytes32[] memory tree, uint256 node) private pure returns (bytes32[] memory proof) {
        uint256 depth;
        for (uint256 up = node; up > 0; up = (up - 1) / 2) {
            ++depth;
        }
        proof = new bytes32[](depth);
        for (uint256 i = 0; i < depth; ++i) {
            proof[i] = tree[node % 2 == 1 ? node + 1 : node - 1];
            node = (node - 1) / 2;
        }
    }

    function _pair(bytes32 a, bytes32 b) private pure returns (bytes32) {
        return a < b ? keccak256(bytes.concat(a, b)) : keccak256(bytes.concat(b, a));
    }

    function _batch(
        uint256 seed,
        uint256 injections,
        uint256 withdrawals
    ) private pure returns (bytes memory injected, bytes memory withdrawn, bytes memory masks, bytes memory roster) {
        injected = Readings.random(seed, injections, 24);
        withdrawn = Readings.random(seed ^ 1, withdrawals, 24);
        uint256 rows = injections + withdrawals;
        masks = _part(Readings.random(seed ^ 2, rows / 32 + 1, 24), 0, 3 * rows);
        roster = abi.encodePacked(
            uint16(injections),
            uint16(withdrawals),
            Rosters.channels(Rosters.numbered(injections, uint24(seed % 2 ** 20), 3)),
            Rosters.channels(Rosters.numbered(withdrawals, uint24(seed % 2 ** 20) + 1, 3))
        );
    }

    function _part(bytes memory data, uint256 from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = data[from + i];
        }
    }
}
