// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {Hashes} from "@openzeppelin/contracts/utils/cryptography/Hashes.sol";
import {Roster} from "./Roster.sol";

/// The Merkle tree over the rows of a batch, in the shape of OpenZeppelin's SimpleMerkleTree with leaves left in row
/// order (injection rows first), so that `MerkleProof.verify` accepts its proofs.
///
/// A leaf is keccak256(channel ‖ salt ‖ row ‖ mask): 3 + 32 + 96 + 3 bytes, with salt = keccak256(seed ‖ channel), 32 + 3
/// bytes. The seed is random and secret from all but the holders of the batch: without the salt, a sibling in a proof
/// would let its reader guess a neighbour's row, an empty house first of all.
library RowTree {
    using Roster for bytes;

    function root(
        bytes memory roster,
        bytes32 seed,
        bytes calldata injected,
        bytes calldata withdrawn,
        bytes calldata masks
    ) internal pure returns (bytes32) {
        uint256 injectionRows = injected.length / 96;
        uint256 rows = injectionRows + withdrawn.length / 96;
        bytes32[] memory nodes = new bytes32[](2 * rows - 1);
        for (uint256 i = 0; i < rows; ++i) {
            nodes[i] = i < injectionRows
                ? _leaf(seed, roster.channelNumber(i), injected, i, masks, i)
                : _leaf(seed, roster.channelNumber(i), withdrawn, i - injectionRows, masks, i);
        }
        return _fold(nodes, rows);
    }

    /// Node i of SimpleMerkleTree is the hash of nodes 2i+1 and 2i+2 and its leaves stand last, in reverse: read from the
    /// end, that is a queue in which the two oldest nodes become a new one until one is left.
    function _fold(bytes32[] memory nodes, uint256 leaves) private pure returns (bytes32) {
        unchecked {
            uint256 oldest;
            for (uint256 next = leaves; next < nodes.length; ++next) {
                nodes[next] = Hashes.commutativeKeccak256(nodes[oldest], nodes[oldest + 1]);
                oldest += 2;
            }
            return nodes[nodes.length - 1];
        }
    }

    /// Hashes in the free memory beyond the pointer, which the next leaf overwrites.
    function _leaf(
        bytes32 seed,
        uint256 channel,
        bytes calldata rows,
        uint256 index,
        bytes calldata masks,
        uint256 maskIndex
    ) private pure returns (bytes32 leaf) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, seed)
            mstore(add(free, 32), shl(232, channel))
            let salt := keccak256(free, 35)
            mstore(free, shl(232, channel))
            mstore(add(free, 3), salt)
            calldatacopy(add(free, 35), add(rows.offset, mul(index, 96)), 96)
            calldatacopy(add(free, 131), add(masks.offset, mul(maskIndex, 3)), 3)
            leaf := keccak256(free, 134)
        }
    }
}
