// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Roster} from "./Roster.sol";
import {Rows} from "./Rows.sol";

/// The Merkle tree over the rows of a batch, in the shape of OpenZeppelin's SimpleMerkleTree with leaves left in row
/// order (injection rows first), so that `MerkleProof.verify` accepts its proofs.
///
/// A leaf is keccak256(channel ‖ salt ‖ row ‖ mask): 3 + 32 + 96 + 3 bytes, with salt = keccak256(seed ‖ channel), 32 + 3
/// bytes. The seed is random and secret from all but the holders of the batch: without the salt, a sibling in a proof
/// would let its reader guess a neighbour's row, an empty house first of all.
library RowTree {
    using Roster for bytes;
    using Rows for bytes;

    function root(
        bytes memory roster,
        bytes32 seed,
        bytes calldata injected,
        bytes calldata withdrawn,
        bytes calldata masks
    ) internal pure returns (bytes32) {
        uint256 injectionRows = injected.count();
        uint256 rows = injectionRows + withdrawn.count();
        bytes32[] memory nodes = new bytes32[](2 * rows - 1);
        _setLeaves(nodes, 0, seed, roster.channelWord(0), injected, masks);
        _setLeaves(nodes, injectionRows, seed, roster.channelWord(injectionRows), withdrawn, masks);
        return _fold(nodes, rows);
    }

    /// Node i of SimpleMerkleTree is the hash of nodes 2i+1 and 2i+2 and its leaves stand last, in reverse: read from the
    /// end, that is a queue in which the two oldest nodes become a new one until one is left. The lesser of the two is
    /// hashed first, as in OpenZeppelin's `Hashes.commutativeKeccak256`.
    function _fold(bytes32[] memory nodes, uint256 leaves) private pure returns (bytes32 top) {
        assembly ("memory-safe") {
            let oldest := add(nodes, 32)
            let end := add(oldest, mul(mload(nodes), 32))
            for {
                let next := add(oldest, mul(leaves, 32))
            } lt(next, end) {
                next := add(next, 32)
            } {
                let a := mload(oldest)
                let b := mload(add(oldest, 32))
                let swap := gt(a, b)
                mstore(mul(32, swap), a)
                mstore(mul(32, iszero(swap)), b)
                mstore(next, keccak256(0, 64))
                oldest := add(oldest, 64)
            }
            top := mload(sub(end, 32))
        }
    }

    /// Sets the leaves of one side's rows, from node `first` on. A word of the roster begins with a channel's number, and only
    /// that part of it is hashed. Salt and leaf are hashed in free memory beyond the pointer.
    function _setLeaves(
        bytes32[] memory nodes,
        uint256 first,
        bytes32 seed,
        uint256 channelWord,
        bytes calldata rows,
        bytes calldata masks
    ) private pure {
        assembly ("memory-safe") {
            let salted := mload(0x40)
            let leaf := add(salted, 64)
            let node := add(add(nodes, 32), mul(first, 32))
            let mask := add(masks.offset, mul(first, 3))
            let end := add(rows.offset, rows.length)
            mstore(salted, seed)
            for {
                let row := rows.offset
            } lt(row, end) {
                row := add(row, 96)
            } {
                let channel := mload(channelWord)
                mstore(add(salted, 32), channel)
                mstore(leaf, channel)
                mstore(add(leaf, 3), keccak256(salted, 35))
                calldatacopy(add(leaf, 35), row, 96)
                calldatacopy(add(leaf, 131), mask, 3)
                mstore(node, keccak256(leaf, 134))
                channelWord := add(channelWord, 12)
                mask := add(mask, 3)
                node := add(node, 32)
            }
        }
    }
}
