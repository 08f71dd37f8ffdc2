/** `condivisa doctor`: whether an oracle can do its work, and what to do if not. */

import { accessSync, constants, existsSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { Address } from "viem";
import { energyLedgerAbi } from "../chain/abi.ts";
import { remoteClient } from "../chain/client.ts";
import { explain } from "../chain/errors.ts";
import type { ChainClient } from "../chain/send.ts";
import { connectOnce } from "../oracle/mqttConnection.ts";
import { readOracleFile } from "../oracle/oracleFile.ts";
import { LEAST_FREE_BYTES } from "../oracle/watch.ts";
import { formatHour } from "../settlement/hours.ts";
import { mqttOptions, signerOf } from "./oracle.ts";
import { openSettlement } from "./settlementFolder.ts";

export type Finding = {
  readonly what: string;
  readonly isWell: boolean;
  readonly detail: string;
  /** Empty if all is well. */
  readonly remedy: string;
};

const MOST_CLOCK_SECONDS = 60;
const CONNECT_SECONDS = 5;

/** Checks everything, whatever fails. Throws InputError if the oracle's file itself is wrong. */
export async function examine(path: string): Promise<Finding[]> {
  const file = readOracleFile(path);
  const beside = (name: string) => resolve(dirname(path), name);
  const { register, at } = openSettlement(beside(file.settlement));
  const findings: Finding[] = [];
  const check = async (what: string, remedy: string, examineIt: () => Promise<string> | string) => {
    try {
      findings.push({ what, isWell: true, detail: await examineIt(), remedy: "" });
    } catch (error) {
      const detail = error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
      findings.push({ what, isWell: false, detail, remedy });
    }
  };

  await check("file", "", () => `${register.meters.length} meters of ${register.community}`);
  let address: Address | undefined;
  await check("key", "Name a keystore and its passphrase, or start the remote signer", async () => {
    address = (await signerOf(file, beside)).address;
    return address;
  });
  let chain: { readonly client: ChainClient; readonly time: number } | undefined;
  await check("chain", "Start it: `./condivisa chain DIR`, or mend `chain`", async () => {
    try {
      const client = await remoteClient(file.chain);
      const { number, timestamp } = await client.getBlock();
      chain = { client, time: Number(timestamp) };
      return `block ${number} at ${file.chain}`;
    } catch (error) {
      throw explain(`the chain at ${file.chain}`, error);
    }
  });
  // What cannot be looked at without the chain or the key is not looked at: their findings say what to do first.
  if (chain !== undefined) {
    const { client, time } = chain;
    await check("clock", "Set this machine's clock, or that of the chain's node, by NTP", () => clockFinding(time));
    for (const [index, ledger] of address === undefined ? [] : at.ledgers.entries()) {
      const area = register.configurations[index]?.area ?? "";
      const remedy = "Let the council make the key an oracle, and adopt a roster";
      await check(`ledger of ${area}`, remedy, () => ledgerFinding(client, ledger, address));
    }
  }
  await check("broker", "Start it, or mend url, password and certificate", async () => {
    const options = mqttOptions(file, beside);
    const client = await connectOnce(options, CONNECT_SECONDS);
    await client.endAsync();
    return options.url;
  });
  await check("data", "Make room, or name another folder in `data`", () => {
    const data = beside(file.data);
    const folder = existsSync(data) ? data : dirname(data);
    accessSync(folder, constants.W_OK);
    const { bavail, bsize } = statfsSync(folder);
    if (bavail * bsize < LEAST_FREE_BYTES) throw new Error(`only ${Math.floor((bavail * bsize) / 1e6)} MB are free`);
    return `${Math.floor((bavail * bsize) / 1e9)} GB free at ${data}`;
  });
  return findings;
}

/** @param time of the newest block, seconds since the Unix epoch */
function clockFinding(time: number): string {
  const ahead = time - Math.floor(Date.now() / 1000);
  if (ahead > MOST_CLOCK_SECONDS) throw new Error(`the chain's newest block is ${ahead} s in the future`);
  return "not behind the chain";
}

async function ledgerFinding(client: ChainClient, ledger: Address, signer: Address | undefined): Promise<string> {
  const call = { abi: energyLedgerAbi, address: ledger } as const;
  const [signers, quorum] = await client.readContract({ ...call, functionName: "oracles" });
  if (signer === undefined || !signers.includes(signer)) throw new Error(`${signer} is not one of its oracles`);
  const rosters = await client.readContract({ ...call, functionName: "rosterCount" });
  if (rosters === 0) throw new Error("it has no roster");
  const next = await client.readContract({ ...call, functionName: "nextHour" });
  return `one of ${signers.length} oracles, quorum ${quorum}; next hour ${formatHour(next)}`;
}

export function findingText({ what, isWell, detail, remedy }: Finding): string {
  return isWell ? `  ok    ${what}: ${detail}` : `  WRONG ${what}: ${detail}${remedy === "" ? "" : `. ${remedy}`}`;
}
