/** `condivisa bench gas`: Condivisa and the alternatives, measured in the same run on one embedded chain. */

import { table } from "../scripts/table.ts";
import { openStage } from "./community.ts";
import { gasOfPayouts, openPaidCommunity, PAYOUTS_BEGIN, type PayoutsGas } from "./gasOfPayouts.ts";
import {
  gasOfLargestBatch,
  gasOfReadings,
  LARGEST_ROWS,
  type LargestBatch,
  openReadingsLedger,
  type ReadingsGas,
} from "./gasOfReadings.ts";

export type GasReport = {
  readonly readings: readonly ReadingsGas[];
  readonly payouts: readonly PayoutsGas[];
  readonly largestBatch: LargestBatch;
};

export type GasOptions = {
  /** Rows of the batches to measure. */
  readonly rows?: readonly number[];
  /** Members of the communities whose payouts to measure. */
  readonly members?: readonly number[];
  readonly show: (what: string, done: number, total: number) => void;
};

const SIZES = [20, 200, 1000] as const;

export async function benchGas({ rows = SIZES, members = SIZES, show }: GasOptions): Promise<GasReport> {
  const stage = await openStage(PAYOUTS_BEGIN);
  try {
    const readings: ReadingsGas[] = [];
    for (const [done, count] of rows.entries()) {
      show("batches of readings", done, rows.length + 1);
      readings.push(await gasOfReadings(stage, count));
    }
    show("batches of readings", rows.length, rows.length + 1);
    const largestBatch = await gasOfLargestBatch(await openReadingsLedger(stage, LARGEST_ROWS));
    show("batches of readings", rows.length + 1, rows.length + 1);

    const payouts: PayoutsGas[] = [];
    for (const count of members) {
      const community = await openPaidCommunity(stage, count, (done, days) =>
        show(`two months of ${thousands(count)} members`, done, days),
      );
      payouts.push(
        await gasOfPayouts(stage, community, (done, claims) =>
          show(`payouts to ${thousands(count)} members`, done, claims),
        ),
      );
    }
    return { readings, payouts, largestBatch };
  } finally {
    await stage.chain.close();
  }
}

/** The report for people. */
export function renderGasReport({ readings, payouts, largestBatch }: GasReport): string {
  const { gas, cap } = largestBatch;
  return [
    "Gas per reading (one channel, one hour; daily batches, one signature, all in)",
    "",
    readingsTable(readings),
    "",
    "  Condivisa: plants under art. 42-bis; CACER: the same with plants paid by the zonal price, grants and exempt consumers",
    "  calldata: what the calldata of that batch costs at the very least (EIP-7623)",
    "  structs: the same readings as arrays of structs, one slot a reading, one signature a transaction",
    `  one each: the same readings, one signed transaction a reading${sampleNote(readings)}`,
    "  random: readings without a zero byte, which no meter sends",
    "  amended: every reading of the batch corrected, the old content given as evidence",
    "",
    `Largest batch: ${thousands(largestBatch.rows)} rows, the first of a month, random readings: ${thousands(gas)} gas, ` +
      `${((gas / cap) * 100).toFixed(0)}% of what a transaction may take (${thousands(cap)})`,
    "",
    "Gas per member of a run with its payout, from the second run on (each member was paid before)",
    "",
    payoutsTable(payouts),
    "",
    "  claim: Uniswap's MerkleDistributor, by a holder of the token, without who decided the amounts and why;",
    "    set-up: deploying and filling the distributor of each payment",
    "  mint loop: a plain ERC-20, minted to holders of the token, likewise",
    "",
    "Of that, by step",
    "",
    stepsTable(payouts),
  ].join("\n");
}

function readingsTable(readings: readonly ReadingsGas[]): string {
  return table(
    [" rows", " Condivisa", " CACER", " calldata", " structs", " one each", " first of month", " random", " amended"],
    readings.map((each) => [
      thousands(each.rows),
      each.gasPerReading.toFixed(1),
      each.cacer.toFixed(1),
      each.calldataFloor.toFixed(1),
      `${thousands(each.structBatch)} (×${each.structBatchRatio.toFixed(0)})`,
      `${thousands(each.onePerTransaction)} (×${each.onePerTransactionRatio.toFixed(0)})`,
      each.firstOfMonth.toFixed(1),
      each.randomReadings.toFixed(1),
      `${each.amended.toFixed(1)} (×${each.amendedRatio.toFixed(1)})`,
    ]),
  );
}

function payoutsTable(payouts: readonly PayoutsGas[]): string {
  return table(
    [" members", " Condivisa", " first run", " claim", " set-up", " mint loop", " transactions", " dearest"],
    payouts.map((each) => [
      thousands(each.members),
      thousands(each.gasPerMember),
      thousands(each.firstRun),
      `${thousands(each.merkleClaim)} (×${each.merkleClaimRatio.toFixed(1)})`,
      thousands(each.merkleSetUp),
      `${thousands(each.mintLoop)} (×${each.mintLoopRatio.toFixed(1)})`,
      thousands(each.transactions),
      thousands(each.largestTransaction),
    ]),
  );
}

function stepsTable(payouts: readonly PayoutsGas[]): string {
  return table(
    [" members", " open", " weigh", " apportion", " propose", " approve", " pay"],
    payouts.map(({ members, steps }) => [
      thousands(members),
      ...[steps.open, steps.weigh, steps.apportion, steps.propose, steps.approve, steps.pay].map(thousands),
    ]),
  );
}

function sampleNote(readings: readonly ReadingsGas[]): string {
  const sampled = readings.filter((each) => each.onePerTransactionSent < each.readings);
  if (sampled.length === 0) return "";
  const parts = sampled.map(
    (each) => `${thousands(each.onePerTransactionSent)} of the ${thousands(each.readings)} of ${each.rows} rows`,
  );
  return `;\n    sent and averaged: ${parts.join(", ")}`;
}

/** Whole gas with its thousands apart. */
function thousands(gas: number): string {
  return Math.round(gas).toLocaleString("en-US");
}
