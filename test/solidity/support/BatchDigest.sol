// SPDX-License-Identifier: EUPL-1.2
pragma solidity 0.8.37;

import {IEnergyLedger} from "../../../contracts/interfaces/IEnergyLedger.sol";

/// The EIP-712 digest of a batch, as an oracle computes it, written apart from the contracts' libraries.
library BatchDigest {
    bytes32 private constant DOMAIN_TYPE = keccak256(
        "EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"
    );
    bytes32 private constant BATCH_TYPE = keccak256(
        "Batch(uint32 firstHour,uint8 hourCount,uint16 rosterVersion,uint8 grade,uint16 revision,bytes32 replaces,bytes32 rowRoot,bytes32 missingHash,uint24 priceMask,bytes32[3] prices)"
    );

    /// @param channels their numbers, in row order
    function digest(
        IEnergyLedger.Batch memory batch,
        uint24[] memory channels,
        address ledger
    ) internal view returns (bytes32) {
        bytes32 domain = keccak256(
            abi.encode(DOMAIN_TYPE, keccak256("Condivisa"), keccak256("1"), block.chainid, ledger)
        );
        bytes memory head = abi.encode(
            BATCH_TYPE,
            batch.firstHour,
            batch.hourCount,
            batch.rosterVersion,
            batch.grade,
            batch.revision,
            batch.replaces
        );
        bytes memory tail = abi.encode(
            rowRoot(batch, channels),
            keccak256(batch.missing),
            batch.priceMask,
            keccak256(abi.encode(batch.prices))
        );
        return keccak256(abi.encodePacked(hex"1901", domain, keccak256(bytes.concat(head, tail))));
    }

    function rowRoot(IEnergyLedger.Batch memory batch, uint24[] memory channels) internal pure returns (bytes32) {
        bytes memory rows = bytes.concat(batch.injected, batch.withdrawn);
        uint256 count = channels.length;
        bytes32[] memory tree = new bytes32[](2 * count - 1);
        for (uint256 row = 0; row < count; ++row) {
            bytes32 salt = keccak256(abi.encodePacked(batch.seed, channels[row]));
            bytes memory leaf = abi.encodePacked(channels[row], salt, _part(rows, 96 * row, 96));
            tree[tree.length - 1 - row] = keccak256(bytes.concat(leaf, _part(batch.missing, 3 * row, 3)));
        }
        for (uint256 node = count - 1; node > 0; --node) {
            (bytes32 a, bytes32 b) = (tree[2 * node - 1], tree[2 * node]);
            tree[node - 1] = a < b ? keccak256(abi.encode(a, b)) : keccak256(abi.encode(b, a));
        }
        return tree[0];
    }

    function _part(bytes memory data, uint256 from, uint256 length) private pure returns (bytes memory part) {
        part = new bytes(length);
        for (uint256 i = 0; i < length; ++i) {
            part[i] = data[from + i];
        }
    }
}
