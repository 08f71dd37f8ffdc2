/** The audit of one ledger: batches and their corrections, signatures, rosters and months. */

import { recoverAddress, zeroHash } from "viem";
import { encodeBatch } from "./batch.ts";
import { Comparison, type Difference, union } from "./comparison.ts";
import { GRADES } from "./grade.ts";
import type { BatchInput, BatchRecord, BatchRevision, LedgerHistory, MonthRecord } from "./history.ts";
import { formatHour, formatMonth, type Hour, marketDayOf } from "./hours.ts";
import { versionAt } from "./keys.ts";
import { PLANT_SETS } from "./premium.ts";
import type { RecomputedBatch, RecomputedLedger, RecomputedMonth } from "./recomputeLedger.ts";

export async function auditLedger(
  ledger: LedgerHistory,
  recomputed: RecomputedLedger | undefined,
): Promise<Difference[]> {
  const differences: Difference[] = [];
  let expectedHour = ledger.batches[0]?.firstHour ?? ledger.nextHour;
  for (const [index, record] of ledger.batches.entries()) {
    differences.push(...(await auditBatch(ledger, record, expectedHour, recomputed, recomputed?.batches[index] ?? [])));
    expectedHour = record.firstHour + (record.revisions[0]?.event.hourCount ?? 0);
  }
  const next = new Comparison(`ledger ${ledger.area}`);
  next.same("next hour", ledger.nextHour, expectedHour);
  const months = ledger.months.flatMap((month) => auditMonth(ledger, month, recomputed?.months.get(month.month)));
  return [...differences, ...next.differences, ...months];
}

/** A batch with all its corrections. */
async function auditBatch(
  ledger: LedgerHistory,
  { firstHour, revisions, storedDigest }: BatchRecord,
  expectedHour: Hour,
  recomputed: RecomputedLedger | undefined,
  batches: readonly (RecomputedBatch | undefined)[],
): Promise<Difference[]> {
  const place = `ledger ${ledger.area}, batch of ${marketDayOf(firstHour)} from ${formatHour(firstHour)}`;
  const hours = new Comparison(place);
  hours.same("first hour", firstHour, expectedHour);
  const differences = [...hours.differences];
  for (const [number, revision] of revisions.entries()) {
    const compare = new Comparison(number === 0 ? place : `${place}, correction ${number}`);
    const batch = batches[number];
    if (revision.input === undefined || recomputed === undefined || batch === undefined) {
      const expected = "a batch of the roster in force";
      compare.same("calldata", `not a readable call of ${number === 0 ? "record" : "amend"}`, expected);
    } else {
      compareBatch(compare, firstHour, revision, batch);
      compareSuccession(compare, revision, batch, number, batches[number - 1]);
      await compareSignatures(compare, ledger, revision.input, batch);
      compareRosterVersion(compare, recomputed, batch);
    }
    differences.push(...compare.differences);
  }
  const newest = batches.at(-1);
  const chain = new Comparison(place);
  if (newest !== undefined) chain.same("stored digest", storedDigest, newest.digest);
  return [...differences, ...chain.differences];
}

function compareBatch(
  compare: Comparison,
  firstHour: Hour,
  { event }: BatchRevision,
  { batch, tally, rowRoot, digest, missing, month }: RecomputedBatch,
): void {
  compare.same("row root", event.rowRoot, rowRoot);
  compare.same("digest in the event", event.digest, digest);
  compare.same("first hour in the calldata", batch.firstHour, firstHour);
  compare.same("hours", event.hourCount, batch.hourCount);
  compare.same("month", formatMonth(event.month), formatMonth(month));
  compare.same("grade", GRADES[event.grade] ?? event.grade, batch.grade);
  compare.same("missing readings", event.missing, missing);
  for (let hour = 0; hour < batch.hourCount; hour++) {
    const name = formatHour(batch.firstHour + hour);
    compare.same(`injected Wh at ${name}`, event.injected[hour], tally.injected[hour]);
    compare.same(`withdrawn Wh at ${name}`, event.withdrawn[hour], tally.withdrawn[hour]);
    compare.same(`shared Wh at ${name}`, event.shared[hour], tally.shared[hour]);
  }
  compare.same("accrued premium (10⁻¹⁰ €)", event.accrued, tally.accrued);
}

/** Whether a correction follows upon what stood before it, and gave just that as evidence. */
function compareSuccession(
  compare: Comparison,
  { event, input }: BatchRevision,
  { batch }: RecomputedBatch,
  number: number,
  before: RecomputedBatch | undefined,
): void {
  compare.same("revision", batch.revision, number);
  compare.same("revision in the event", event.revision, number);
  const replaced = before?.digest ?? zeroHash;
  compare.same("replaced digest", batch.replaces, replaced);
  compare.same("replaced digest in the event", event.replaced, replaced);
  if (before === undefined) return;
  compare.same("hours as before", batch.hourCount, before.batch.hourCount);
  if (GRADES.indexOf(batch.grade) < GRADES.indexOf(before.batch.grade)) {
    compare.same("grade", batch.grade, `at least ${before.batch.grade}`);
  }
  const recorded = encodeBatch(before.batch);
  for (const field of BATCH_FIELDS) {
    compare.same(`replaced content: ${field}`, input?.replaced?.[field], recorded[field]);
  }
}

const BATCH_FIELDS = [
  "firstHour",
  "hourCount",
  "rosterVersion",
  "grade",
  "revision",
  "replaces",
  "seed",
  "injected",
  "withdrawn",
  "missing",
  "priceMask",
  "prices",
] as const;

async function compareSignatures(
  compare: Comparison,
  ledger: LedgerHistory,
  { signatures }: BatchInput,
  { digest, position }: RecomputedBatch,
): Promise<void> {
  const inForce = ledger.oracles.findLast(({ place }) => place.position < position);
  const signers = await Promise.all(
    signatures.map((signature) => recoverAddress({ hash: digest, signature }).catch(() => "an invalid signature")),
  );
  const known = new Set(inForce?.oracles);
  const valid = new Set(signers.filter((signer) => [...known].some((oracle) => oracle === signer)));
  const quorum = inForce?.quorum ?? 1;
  if (valid.size < quorum) {
    compare.same("signatures", `signed by ${signers.join(", ")}`, `${quorum} of the oracles ${[...known].join(", ")}`);
  }
}

/** The version in force at all hours of the batch when it was recorded or corrected. */
function compareRosterVersion(
  compare: Comparison,
  { versions }: RecomputedLedger,
  { batch, position }: RecomputedBatch,
): void {
  const adopted = versions.filter((version) => version.position < position);
  for (let hour = 0; hour < batch.hourCount; hour++) {
    const inForce = versionAt(batch.firstHour + hour, adopted);
    const number = inForce === undefined ? undefined : versions.indexOf(inForce) + 1;
    compare.same(`roster version at ${formatHour(batch.firstHour + hour)}`, batch.rosterVersion, number);
  }
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
