/** Deploys the factory, and communities through it. */

import {
  type Address,
  concat,
  encodeAbiParameters,
  type Hex,
  parseEventLogs,
  size,
  slice,
  stringToHex,
  toHex,
} from "viem";
import { communityFactoryAbi } from "./abi.ts";
import { artifactOf, type ContractName } from "./artifacts.ts";
import type { Sender } from "./send.ts";

/** The parts of a community, in the order of `CommunityFactory.Part`. */
const PARTS = [
  "CommunityRoles",
  "Community",
  "RuleBook",
  "ReceiptBook",
  "Treasury",
  "Redemptions",
  "EnergyLedger",
] as const satisfies ContractName[];

/** What a data contract holds beside its leading STOP (EIP-170: 24,576 bytes). */
const PIECE_BYTES = 24_575;

export type Officers = {
  readonly secretary: Address;
  readonly treasurer: Address;
  readonly president: Address;
  readonly auditor: Address;
};

export type CommunitySetup = {
  readonly officers: Officers;
  /** Becomes the admin. */
  readonly council: Address;
  readonly adminSeconds: number;
  readonly grantSeconds: number;
  readonly objectionSeconds: number;
};

export type ConfigurationSetup = {
  /** Primary-substation area. */
  readonly area: string;
  readonly firstHour: number;
  readonly firstMonth: number;
  readonly oracles: readonly Address[];
  readonly quorum: number;
};

/** Where a community's contracts are. */
export type CommunityAddresses = {
  readonly roles: Address;
  readonly community: Address;
  readonly ruleBook: Address;
  readonly receiptBook: Address;
  readonly treasury: Address;
  readonly token: Address;
  readonly redemptions: Address;
  /** By configuration. */
  readonly ledgers: readonly Address[];
};

/** Puts the creation code of the parts into data contracts and deploys the factory that reads them. */
export async function deployFactory(sender: Sender): Promise<Address> {
  const pointers: Address[][] = [];
  for (const part of PARTS) {
    const pieces: Address[] = [];
    for (const piece of piecesOf(artifactOf(part).bytecode)) {
      pieces.push(await sender.deploy(`creation code of ${part}`, dataContract(piece)));
    }
    pointers.push(pieces);
  }
  const constructorArguments = encodeAbiParameters([{ type: "address[][7]" }], [tupleOfSeven(pointers)]);
  return sender.deploy("CommunityFactory", concat([artifactOf("CommunityFactory").bytecode, constructorArguments]));
}

/** Deploys a whole community and hands it over to its council: a series of transactions of the creator. */
export async function createCommunity(
  creator: Sender,
  factory: Address,
  setup: CommunitySetup,
  configurations: readonly ConfigurationSetup[],
): Promise<CommunityAddresses> {
  const call = { abi: communityFactoryAbi, address: factory } as const;
  const created = await creator.send({ ...call, functionName: "create", args: [setup] });
  const [event] = parseEventLogs({ abi: communityFactoryAbi, eventName: "CommunityCreated", logs: created.logs });
  if (event === undefined) throw new Error("creating the community: the factory did not say where it is");
  const { number, deployment } = event.args;
  const treasuryCall = { ...call, functionName: "addTreasury", args: [number] } as const;
  const completed = await creator.send(treasuryCall);
  const [added] = parseEventLogs({ abi: communityFactoryAbi, eventName: "TreasuryAdded", logs: completed.logs });
  if (added === undefined) throw new Error("adding the treasury: the factory did not say where it is");

  const ledgers: Address[] = [];
  for (const configuration of configurations) {
    const args = [number, { ...configuration, area: stringToHex(configuration.area, { size: 32 }) }] as const;
    const added = await creator.send({ ...call, functionName: "addLedger", args });
    const [ledger] = parseEventLogs({ abi: communityFactoryAbi, eventName: "LedgerAdded", logs: added.logs });
    if (ledger === undefined) throw new Error("adding a ledger: the factory did not say where it is");
    ledgers.push(ledger.args.ledger);
  }
  await creator.send({ ...call, functionName: "handOver", args: [number] });
  const { roles, community, ruleBook, receiptBook } = deployment;
  const { treasury, token, redemptions } = added.args;
  return { roles, community, ruleBook, receiptBook, treasury, token, redemptions, ledgers };
}

/** Creation code of a contract whose code is a STOP and the data. */
export function dataContract(data: Hex): Hex {
  // PUSH2 size, DUP1, PUSH1 10, PUSH0, CODECOPY, PUSH0, RETURN
  return concat(["0x61", toHex(size(data) + 1, { size: 2 }), "0x80600a5f395ff3", "0x00", data]);
}

function piecesOf(code: Hex): Hex[] {
  const count = Math.ceil(size(code) / PIECE_BYTES);
  return Array.from({ length: count }, (_, i) =>
    slice(code, i * PIECE_BYTES, Math.min((i + 1) * PIECE_BYTES, size(code))),
  );
}

function tupleOfSeven(
  lists: Address[][],
): [Address[], Address[], Address[], Address[], Address[], Address[], Address[]] {
  const [a, b, c, d, e, f, g, ...rest] = lists;
  if (!a || !b || !c || !d || !e || !f || !g || rest.length > 0) {
    throw new RangeError(`${lists.length} parts, not seven`);
  }
  return [a, b, c, d, e, f, g];
}
