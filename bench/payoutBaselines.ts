/** The same payments through the alternatives: claims against a Merkle root, and a loop of mints. */

import { SimpleMerkleTree } from "@openzeppelin/merkle-tree";
import { encodePacked, type Hex, isHex, keccak256 } from "viem";
import {
  deployMerkleDistributor,
  deployMintLoop,
  deployTestErc20,
  merkleDistributorAbi,
  mintLoopAbi,
  testErc20Abi,
} from "./baselineContracts.ts";
import { type Stage, walletOf } from "./community.ts";
import { type Spent, spentBy } from "./meter.ts";

/** Keeps a loop of mints below the gas of one transaction, new holders included. */
const MINTS_AT_ONCE = 400;

/** What holder number `index` + 1 gets the second time, in micro-euro; the first time it was one. */
function amountOf(index: number): bigint {
  return 12_000_000n + BigInt(index) * 31_337n;
}

/**
 * Uniswap's MerkleDistributor pays holders who have some of the token already.
 * @returns setUp the distributor for this one payment, deployed and filled; claims one transaction a holder
 */
export async function merkleClaims(
  stage: Stage,
  holders: number,
  show: (done: number, total: number) => void,
): Promise<{ setUp: Spent; claims: Spent }> {
  const { treasurer, stranger } = stage.people;
  const token = await deployTestErc20(treasurer);
  const balance = { abi: testErc20Abi, address: token, functionName: "setBalance" } as const;
  const wallets = Array.from({ length: holders }, (_, index) => walletOf(index + 1));
  for (const wallet of wallets) await treasurer.send({ ...balance, args: [wallet, 1n] });

  const leaves = wallets.map((wallet, index) => leafOf(index, wallet, amountOf(index)));
  const tree = SimpleMerkleTree.of(leaves);
  const total = wallets.reduce((sum, _, index) => sum + amountOf(index), 0n);
  let distributor = token;
  const setUp = await spentBy(stage.client, async () => {
    distributor = await deployMerkleDistributor(treasurer, token, hex(tree.root));
    await treasurer.send({ ...balance, args: [distributor, total] });
  });
  const claims = await spentBy(stage.client, async () => {
    for (const [index, wallet] of wallets.entries()) {
      const proof = tree.getProof(leafOf(index, wallet, amountOf(index))).map(hex);
      const args = [BigInt(index), wallet, amountOf(index), proof] as const;
      await stranger.send({ abi: merkleDistributorAbi, address: distributor, functionName: "claim", args });
      show(index + 1, holders);
    }
  });
  return { setUp, claims };
}

/** An owner mints to a list of holders who have some of the token already. */
export async function mintLoop(stage: Stage, holders: number): Promise<Spent> {
  const { treasurer } = stage.people;
  const token = await deployMintLoop(treasurer, treasurer.address);
  const mint = async (amount: (index: number) => bigint) => {
    for (let first = 0; first < holders; first += MINTS_AT_ONCE) {
      const indexes = Array.from({ length: Math.min(MINTS_AT_ONCE, holders - first) }, (_, i) => first + i);
      const args = [indexes.map((index) => walletOf(index + 1)), indexes.map(amount)] as const;
      await treasurer.send({ abi: mintLoopAbi, address: token, functionName: "mint", args });
    }
  };
  await mint(() => 1n);
  return spentBy(stage.client, () => mint(amountOf));
}

function leafOf(index: number, wallet: Hex, amount: bigint): Hex {
  return keccak256(encodePacked(["uint256", "address", "uint256"], [BigInt(index), wallet, amount]));
}

function hex(text: string): Hex {
  if (!isHex(text)) throw new TypeError(`not hexadecimal: ${text}`);
  return text;
}
