/** The alternatives that Condivisa is measured against: their code, and transactions to them. */

import { readFileSync } from "node:fs";
import { type Address, concat, encodeAbiParameters, type Hex, isHex, parseAbi } from "viem";
import { z } from "zod";
import type { Sender } from "../chain/send.ts";

/** The shapes of bench/contracts and of @uniswap/merkle-distributor, as far as they are called. */
export const oneReadingEachAbi = parseAbi([
  "struct Reading { uint24 channel; uint32 hour; uint32 wattHours; }",
  "function record(Reading reading, bytes signature)",
]);
export const structBatchAbi = parseAbi([
  "struct Reading { uint24 channel; uint32 hour; uint32 wattHours; }",
  "function record(Reading[] batch, bytes signature)",
]);
export const mintLoopAbi = parseAbi(["function mint(address[] holders, uint256[] amounts)"]);
export const merkleDistributorAbi = parseAbi([
  "function claim(uint256 index, address account, uint256 amount, bytes32[] merkleProof)",
]);
export const testErc20Abi = parseAbi(["function setBalance(address to, uint256 amount)"]);

const compiled = z.object({
  bytecode: z
    .string()
    .transform((code) => (code.startsWith("0x") ? code : `0x${code}`))
    .pipe(z.custom<Hex>((code) => isHex(code), "not hexadecimal")),
});

export function deployOneReadingEach(sender: Sender, oracle: Address): Promise<Address> {
  return sender.deploy("OneReadingEach", withOwner(ours("OneReadingEach"), oracle));
}

export function deployStructBatch(sender: Sender, oracle: Address): Promise<Address> {
  return sender.deploy("StructBatch", withOwner(ours("StructBatch"), oracle));
}

export function deployMintLoop(sender: Sender, owner: Address): Promise<Address> {
  return sender.deploy("MintLoop", withOwner(ours("MintLoop"), owner));
}

/** The token that comes with the distributor. */
export function deployTestErc20(sender: Sender): Promise<Address> {
  const types = [{ type: "string" }, { type: "string" }, { type: "uint256" }] as const;
  return sender.deploy(
    "TestERC20",
    concat([uniswaps("TestERC20"), encodeAbiParameters(types, ["Bench", "BENCH", 0n])]),
  );
}

export function deployMerkleDistributor(sender: Sender, token: Address, root: Hex): Promise<Address> {
  const types = [{ type: "address" }, { type: "bytes32" }] as const;
  const code = concat([uniswaps("MerkleDistributor"), encodeAbiParameters(types, [token, root])]);
  return sender.deploy("MerkleDistributor", code);
}

function withOwner(code: Hex, owner: Address): Hex {
  return concat([code, encodeAbiParameters([{ type: "address" }], [owner])]);
}

function ours(name: string): Hex {
  return codeIn(`${import.meta.dirname}/../artifacts/bench/contracts/${name}.sol/${name}.json`);
}

function uniswaps(name: string): Hex {
  return codeIn(`${import.meta.dirname}/../node_modules/@uniswap/merkle-distributor/build/${name}.json`);
}

function codeIn(file: string): Hex {
  return compiled.parse(JSON.parse(readFileSync(file, "utf8"))).bytecode;
}
