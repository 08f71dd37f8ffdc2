/** The audit of one ledger: batches, signatures, rosters and months. */

import { recoverAddress } from "viem";
import { Comparison, type Difference, union } from "./comparison.ts";
import { GRADES } from "./grade.ts";
import type { BatchRecord, LedgerHistory, MonthRecord, OracleRecord } from "./history.ts";
import { formatHour, formatMonth, marketDayOf, monthOf } from "./hours.ts";
import { PLANT_SETS } from "./premium.ts";
import type { RecomputedBatch, RecomputedLedger, RecomputedMonth } from "./recompute.ts";

export async function auditLedger(
  ledger: LedgerHistory,
  recomputed: RecomputedLedger | undefined,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let expectedHour = ledger.batches[0]?.firstHour ?? ledger.nextHour;
  for (const [index, record] of ledger.batches.entries()) {
    const place = `ledger ${ledger.area}, batch of ${marketDayOf(record.firstHour)} from ${formatHour(record.firstHour)}`;
    const compare = new Comparison(place);
    compare.same("first hour", record.firstHour, expectedHour);
    const batch = recomputed?.batches[index];
    if (record.input === undefined || batch === undefined) {
      compare.same("calldata", "not a readable call of record", "a batch of the roster in force");
    } else {
      compareBatch(compare, record, batch);
      await compareSignatures(compare, ledger, record, batch);
      compareRosterVersion(compare, ledger, record, batch);
    }
    expectedHour = record.firstHour + record.event.hourCount;
    differences.push(...compare.differences);
  }
  const next = new Comparison(`ledger ${ledger.area}`);
  next.same("next hour", ledger.nextHour, expectedHour);
  const months = ledger.months.flatMap((month) => auditMonth(ledger, month, recomputed?.months.get(month.month)));
  return [...differences, ...next.differences, ...months];
}

function compareBatch(compare: Comparison, { event, storedDigest }: BatchRecord, recomputed: RecomputedBatch): void {
  const { batch, tally } = recomputed;
  compare.same("row root", event.rowRoot, recomputed.rowRoot);
  compare.same("digest in the event", event.digest, recomputed.digest);
  compare.same("stored digest", storedDigest, recomputed.digest);
  compare.same("hours", event.hourCount, batch.hourCount);
  compare.same("month", formatMonth(event.month), formatMonth(monthOf(batch.firstHour)));
  compare.same("grade", GRADES[event.grade] ?? event.grade, batch.grade);
  compare.same("missing readings", event.missing, recomputed.missing);
  for (let hour = 0; hour < batch.hourCount; hour++) {
    const name = formatHour(batch.firstHour + hour);
    compare.same(`injected Wh at ${name}`, event.injected[hour], tally.injected[hour]);
    compare.same(`withdrawn Wh at ${name}`, event.withdrawn[hour], tally.withdrawn[hour]);
    compare.same(`shared Wh at ${name}`, event.shared[hour], tally.shared[hour]);
  }
  compare.same("accrued premium (10⁻¹⁰ €)", event.accrued, tally.accrued);
}

async function compareSignatures(
  compare: Comparison,
  ledger: LedgerHistory,
  record: BatchRecord,
  recomputed: RecomputedBatch,
): Promise<void> {
  const inForce: OracleRecord | undefined = ledger.oracles.findLast(
    ({ place }) => place.position < record.place.position,
  );
  const signers = await Promise.all(
    (record.input?.signatures ?? []).map((signature) =>
      recoverAddress({ hash: recomputed.digest, signature }).catch(() => "an invalid signature"),
    ),
  );
  const known = new Set(inForce?.oracles);
  const valid = new Set(signers.filter((signer) => [...known].some((oracle) => oracle === signer)));
  const quorum = inForce?.quorum ?? 1;
  if (valid.size < quorum) {
    compare.same("signatures", `signed by ${signers.join(", ")}`, `${quorum} of the oracles ${[...known].join(", ")}`);
  }
}

function compareRosterVersion(
  compare: Comparison,
  ledger: LedgerHistory,
  record: BatchRecord,
  { batch }: RecomputedBatch,
): void {
  const inForce = ledger.rosters.findLast(({ effectiveHour }) => effectiveHour <= record.firstHour);
  compare.same("roster version", batch.rosterVersion, inForce?.version);
}

function auditMonth(ledger: LedgerHistory, stored: MonthRecord, recomputed: RecomputedMonth | undefined): Difference[] {
  const compare = new Comparison(`ledger ${ledger.area}, month ${formatMonth(stored.month)}`);
  compare.same("injected Wh", stored.injected, recomputed?.injected);
  compare.same("withdrawn Wh", stored.withdrawn, recomputed?.withdrawn);
  compare.same("shared Wh", stored.shared, recomputed?.shared);
  compare.same("accrued premium (10⁻¹⁰ €)", stored.accrued, recomputed?.accrued);
  for (const set of PLANT_SETS) {
    const [there, here] = [stored.plantSets[set], recomputed?.plantSets[set]];
    const plants = set === "withGrant" ? "CACER plants with a grant" : "CACER plants without a grant";
    compare.same(`accrued premium of ${plants} (10⁻¹⁰ €)`, there.accrued, here?.accrued);
    compare.same(`injected Wh of ${plants}`, there.injected, here?.injected);
    compare.same(`attributed Wh of ${plants}`, there.attributed, here?.attributed);
  }
  compare.same("missing readings", stored.missing, recomputed?.missing);
  compare.same("hours without a price", stored.hoursWithoutPrice, recomputed?.hoursWithoutPrice);
  compare.same("hours recorded", stored.hoursRecorded, recomputed?.hours);
  compare.same("grade", GRADES[stored.grade], GRADES[recomputed?.grade ?? -1]);
  for (const channel of union(stored.coincident, recomputed?.channels)) {
    const expected = recomputed?.channels.get(channel)?.coincident ?? 0n;
    compare.same(`coincident Wh of channel ${channel}`, stored.coincident.get(channel) ?? 0n, expected);
  }
  for (const plant of union(stored.attributed, recomputed?.attributed)) {
    const expected = recomputed?.attributed.get(plant) ?? 0n;
    compare.same(`attributed Wh of plant ${plant}`, stored.attributed.get(plant) ?? 0n, expected);
  }
  return compare.differences;
}
