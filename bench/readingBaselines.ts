/** The readings of a batch through the alternatives: one transaction each, and arrays of structs. */

import { encodeAbiParameters, keccak256 } from "viem";
import type { Batch } from "../settlement/batch.ts";
import { channelsOf, type Roster } from "../settlement/roster.ts";
import { deployOneReadingEach, deployStructBatch, oneReadingEachAbi, structBatchAbi } from "./baselineContracts.ts";
import type { Stage } from "./community.ts";
import { type Spent, spentBy } from "./meter.ts";

/** A reading each takes long: of more than these, so many are sent, spread evenly. */
const MOST_SENT_ALONE = 480;
/** Keeps an array of structs below the gas of one transaction. */
const STRUCTS_AT_ONCE = 560;

const DOMAIN = { name: "Baseline", version: "1" } as const;
const READING = [
  { name: "channel", type: "uint24" },
  { name: "hour", type: "uint32" },
  { name: "wattHours", type: "uint32" },
] as const;
const READINGS = [{ type: "tuple[]", components: READING }] as const;

type Reading = { readonly channel: number; readonly hour: number; readonly wattHours: number };

/** Sends the readings of a batch, or an even selection of them, one transaction each. */
export async function oneTransactionEach(stage: Stage, batch: Batch, roster: Roster): Promise<Spent> {
  const { oracle } = stage.people;
  const contract = await deployOneReadingEach(oracle, oracle.address);
  return spentBy(stage.client, async () => {
    for (const reading of selectionOf(readingsOf(batch, roster))) {
      const signature = await oracle.account.signTypedData({
        domain: { ...DOMAIN, chainId: stage.client.chain.id, verifyingContract: contract },
        types: { Reading: READING },
        primaryType: "Reading",
        message: reading,
      });
      const args = [reading, signature] as const;
      await oracle.send({ abi: oneReadingEachAbi, address: contract, functionName: "record", args });
    }
  });
}

/** Sends all readings of a batch as arrays of structs, as many transactions as that takes. */
export async function arraysOfStructs(stage: Stage, batch: Batch, roster: Roster): Promise<Spent> {
  const { oracle } = stage.people;
  const contract = await deployStructBatch(oracle, oracle.address);
  const readings = readingsOf(batch, roster);
  return spentBy(stage.client, async () => {
    for (let first = 0; first < readings.length; first += STRUCTS_AT_ONCE) {
      const chunk = readings.slice(first, first + STRUCTS_AT_ONCE);
      const signature = await oracle.account.signTypedData({
        domain: { ...DOMAIN, chainId: stage.client.chain.id, verifyingContract: contract },
        types: { Readings: [{ name: "readingsHash", type: "bytes32" }] },
        primaryType: "Readings",
        message: { readingsHash: keccak256(encodeAbiParameters(READINGS, [chunk])) },
      });
      const args = [chunk, signature] as const;
      await oracle.send({ abi: structBatchAbi, address: contract, functionName: "record", args });
    }
  });
}

function readingsOf(batch: Batch, roster: Roster): Reading[] {
  const rows = [...batch.injected, ...batch.withdrawn];
  return channelsOf(roster).flatMap(({ number }, row) =>
    (rows[row] ?? []).map((wattHours, hour) => ({ channel: number, hour: batch.firstHour + hour, wattHours })),
  );
}

/** Every nth reading. With n prime to 24, the selection has every hour of the day in it. */
function selectionOf(readings: readonly Reading[]): Reading[] {
  let step = Math.ceil(readings.length / MOST_SENT_ALONE);
  while (step % 2 === 0 || step % 3 === 0) step++;
  return readings.filter((_, index) => index % step === 0);
}
