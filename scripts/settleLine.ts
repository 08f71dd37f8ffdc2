/**
 * The whole line of a settlement, from readings to paid tokens. Every step looks first at how far the chain is, so that
 * whatever stopped in between goes on where it was.
 */

import { communityAbi, energyLedgerAbi, ruleBookAbi } from "../chain/abi.ts";
import { type CommunityAddresses, createCommunity, deployFactory } from "../chain/deploy.ts";
import type { EmbeddedChain } from "../chain/embedded.ts";
import { readHistory } from "../chain/history.ts";
import { readMonthChanges } from "../chain/ledgerHistory.ts";
import {
  adjustYear,
  advanceRun,
  approveRun,
  bookReceipt,
  isLive,
  MAX_CELLS,
  newestRun,
  openRun,
  proposeRun,
  type Receipt,
  type RunState,
} from "../chain/payout.ts";
import type { ChainClient } from "../chain/send.ts";
import { adoptRoster, adoptRuleSet, enrol } from "../chain/setUp.ts";
import { readAdjustments, readReceipts, readRuns } from "../chain/treasuryHistory.ts";
import { correctionsOf } from "../oracle/corrections.ts";
import { batchesOf, seedFrom } from "../oracle/dayBatches.ts";
import { NO_PRICES } from "../oracle/pricesFile.ts";
import { amendBatch, recordBatch } from "../oracle/record.ts";
import { audit } from "../settlement/audit.ts";
import type { Difference } from "../settlement/comparison.ts";
import { GRADES } from "../settlement/grade.ts";
import type { History, Place } from "../settlement/history.ts";
import { type Month, monthOf, secondsOf } from "../settlement/hours.ts";
import { recompute } from "../settlement/recompute.ts";
import type { Keyring, Officers } from "./keyring.ts";
import type { ShowProgress } from "./progress.ts";
import { metersOf, type SettleInputs, type YearOfConfiguration } from "./settleInputs.ts";

/** What a settlement acts with. */
export type Bench = {
  readonly chain: EmbeddedChain;
  readonly client: ChainClient;
  readonly keyring: Keyring;
  readonly officers: Officers;
  readonly show: ShowProgress;
};

/** The audit found that the chain's numbers cannot be relied on; nobody is paid. */
export class AuditFailedError extends Error {
  override name = "AuditFailedError";
  readonly differences: readonly Difference[];

  constructor(differences: readonly Difference[]) {
    const [first] = differences;
    super(
      `the audit found ${differences.length} differences, the first at ${first?.place}: ` +
        `${first?.subject} is ${first?.chain} on the chain, ${first?.recomputed} recomputed; nothing was approved or paid`,
    );
    this.differences = differences;
  }
}

/** Deploys the community's contracts; its council, officers and oracle are the keyring's. */
export async function deployCommunity({ officers, show }: Bench, inputs: SettleInputs): Promise<CommunityAddresses> {
  show("deploying the contracts", 0, 1);
  const { creator, council, secretary, treasurer, president, auditor, oracle } = officers;
  const at = await createCommunity(
    creator,
    await deployFactory(creator),
    {
      officers: {
        secretary: secretary.address,
        treasurer: treasurer.address,
        president: president.address,
        auditor: auditor.address,
      },
      council: council.address,
      adminSeconds: inputs.plan.objectionSeconds,
      grantSeconds: inputs.plan.objectionSeconds,
      objectionSeconds: inputs.plan.objectionSeconds,
    },
    inputs.plan.configurations.map(({ area, nonIncentivisedLast }, index) => ({
      area,
      nonIncentivisedLast,
      firstHour: inputs.ranges[index]?.first ?? 0,
      firstMonth: inputs.firstMonths[index] ?? 0,
      oracles: [oracle.address],
      quorum: 1,
    })),
  );
  show("deploying the contracts", 1, 1);
  return at;
}

/** Enrols accounts and adopts rosters and rule sets that are not on the chain yet. */
export async function setUp({ client, officers }: Bench, at: CommunityAddresses, inputs: SettleInputs): Promise<void> {
  const { secretary, president } = officers;
  const enrolled = await client.readContract({
    abi: communityAbi,
    address: at.community,
    functionName: "accountCount",
  });
  await enrol(secretary, at.community, inputs.plan.accounts.slice(enrolled));

  for (const [index, ledger] of at.ledgers.entries()) {
    for (const { effectiveHour, roster } of inputs.rosters[index]?.toAdopt ?? []) {
      await adoptRoster(secretary, president, ledger, effectiveHour, roster);
    }
  }

  const adopted = await client.readContract({ abi: ruleBookAbi, address: at.ruleBook, functionName: "ruleSetCount" });
  for (const ruleSet of inputs.ruleSets.slice(adopted)) await adoptRuleSet(secretary, president, at.ruleBook, ruleSet);
}

/** Puts corrected batches in the place of those of which the readings or the rosters say otherwise. */
export async function correctReadings(
  { client, keyring, officers, show }: Bench,
  at: CommunityAddresses,
  inputs: SettleInputs,
): Promise<void> {
  for (const [index, ledger] of at.ledgers.entries()) {
    const recorded = inputs.recorded[index];
    if (recorded === undefined) continue;
    const seedOf = (hour: number, revision: number) => seedFrom(keyring.oracle, ledger, hour, revision);
    const { readings, grade, prices, plan } = inputs;
    const given = { readings, meters: metersOf(plan, index), grade, prices: prices[index] ?? NO_PRICES };
    const corrections = correctionsOf(recorded, given, seedOf);
    for (const [done, correction] of corrections.entries()) {
      await amendBatch(officers.oracle, ledger, client.chain.id, correction);
      show(`correcting days of ${inputs.plan.configurations[index]?.area}`, done + 1, corrections.length);
    }
  }
}

/** Signs and records all hours from the ledgers' next on. The chain's clock follows the readings. */
export async function recordReadings(
  { chain, client, keyring, officers, show }: Bench,
  at: CommunityAddresses,
  inputs: SettleInputs,
): Promise<void> {
  for (const [index, ledger] of at.ledgers.entries()) {
    const { area } = inputs.plan.configurations[index] ?? {};
    const { versions } = inputs.rosters[index] ?? { versions: [] };
    const range = inputs.ranges[index];
    if (range === undefined) continue;
    const nextHour = await client.readContract({ abi: energyLedgerAbi, address: ledger, functionName: "nextHour" });
    const seedOf = (hour: number, revision: number) => seedFrom(keyring.oracle, ledger, hour, revision);
    const meters = metersOf(inputs.plan, index);
    const left = { first: nextHour, end: range.end };
    const batches = batchesOf(inputs.readings, meters, versions, left, inputs.grade, seedOf, inputs.prices[index]);
    for (const [done, batch] of batches.entries()) {
      const roster = versions[batch.rosterVersion - 1]?.roster;
      if (roster === undefined) throw new Error(`no roster version ${batch.rosterVersion}`);
      chain.advanceTo(secondsOf(batch.firstHour + batch.hourCount));
      await recordBatch(officers.oracle, ledger, client.chain.id, roster, batch);
      show(`recording days of ${area}`, done + 1, batches.length);
    }
  }
}

/** Books the receipts that are not booked yet. */
export async function bookReceipts(
  { client, officers, show }: Bench,
  at: CommunityAddresses,
  receipts: readonly Receipt[],
): Promise<void> {
  const booked = new Set((await readReceipts(client, at)).map(receiptKey));
  const fresh = receipts.filter((receipt) => !booked.has(receiptKey(receipt)));
  for (const [done, receipt] of fresh.entries()) {
    await bookReceipt(officers.treasurer, at.receiptBook, receipt);
    show("booking receipts", done + 1, fresh.length);
  }
}

/** Books the adjustments of years that are not booked yet. */
export async function bookAdjustments(
  { client, officers }: Bench,
  at: CommunityAddresses,
  adjustments: readonly YearOfConfiguration[],
): Promise<void> {
  const booked = await readAdjustments(client, at);
  for (const { configuration, year } of adjustments) {
    const isBooked = booked.some((known) => known.configuration === configuration && known.year === year);
    if (!isBooked) await adjustYear(officers.treasurer, at.receiptBook, configuration, year);
  }
}

/**
 * Runs over all closed months until everything that can be paid is paid: the treasurer computes and proposes, an audit
 * recomputes, the president approves, and after the time for objections the treasurer pays.
 * @param override why to pay on months with missing or provisional readings; by default, how many are missing
 * @returns the months of the run; undefined if there is nothing new to divide, or no month is closed
 */
export async function runToPayout(
  bench: Bench,
  at: CommunityAddresses,
  inputs: SettleInputs,
  override: string | undefined,
): Promise<{ from: Month; to: Month } | undefined> {
  const { chain, client, officers, show } = bench;
  const { treasurer, president } = officers;
  let last: { from: Month; to: Month } | undefined;
  for (;;) {
    const run = await newestRun(client, at.treasury);
    if (run === undefined || !isLive(run)) {
      const months = await monthsToRun(bench, at, inputs);
      if (months === undefined) return last;
      await openRun(treasurer, at.treasury, months.from, months.to);
      last = months;
      continue;
    }
    last = { from: run.fromMonth, to: run.toMonth };
    const steps = run.cells * run.words;
    const done = run.cell * run.words + run.word;
    switch (run.phase) {
      case "weigh":
      case "apportion":
        show(run.phase === "weigh" ? "weighing keys" : "apportioning", done, steps);
        await advanceRun(treasurer, at.treasury, run, run.phase);
        break;
      case "apportioned":
        show("apportioning", steps, steps);
        await proposeRun(treasurer, at.treasury, run);
        break;
      case "proposed": {
        const history = await auditedHistory(bench, at);
        const reason = override ?? provisionalReason(history, run);
        await approveRun(client, president, at.treasury, run, run.provisional ? reason : "");
        break;
      }
      case "approved":
        show("paying", run.word, run.words);
        chain.advanceTo(run.payableFrom);
        await advanceRun(treasurer, at.treasury, run, "pay");
        break;
      default:
        throw new Error(`run ${run.number}: unexpected phase ${run.phase}`);
    }
  }
}

/**
 * All closed months, as far back as a run can reach, if there is a closed month, a receipt, a correction or a roster that no run
 * has seen.
 */
async function monthsToRun(
  { client }: Bench,
  at: CommunityAddresses,
  inputs: SettleInputs,
): Promise<{ from: Month; to: Month } | undefined> {
  const closed: Month[] = [];
  const changes: { readonly place: Place; readonly month: Month }[] = await readReceipts(client, at);
  for (const ledger of at.ledgers) {
    const nextHour = await client.readContract({ abi: energyLedgerAbi, address: ledger, functionName: "nextHour" });
    closed.push(monthOf(nextHour) - 1);
    changes.push(...(await readMonthChanges(client, ledger)));
  }
  const to = Math.min(...closed);
  const start = Math.min(...inputs.firstMonths);
  const from = Math.max(start, to - Math.floor(MAX_CELLS / at.ledgers.length) + 1);
  if (to < start) return undefined;
  const last = (await readRuns(client, at)).findLast(({ paid }) => paid !== undefined);
  const opened = last?.opened.position ?? 0;
  const adjustments = await readAdjustments(client, at);
  const isNew =
    changes.some(({ place, month }) => place.position > opened && month <= to) ||
    adjustments.some(({ place }) => place.position > opened);
  return last !== undefined && last.toMonth === to && !isNew ? undefined : { from, to };
}

/** Nothing is decided on a chain whose numbers do not stand up to recomputation. */
export async function auditedHistory({ client }: Bench, at: CommunityAddresses): Promise<History> {
  const history = await readHistory(client, at);
  const differences = await audit(history, recompute(history));
  if (differences.length > 0) throw new AuditFailedError(differences);
  return history;
}

function provisionalReason({ ledgers }: History, run: RunState): string {
  const months = ledgers
    .flatMap((ledger) => ledger.months)
    .filter(({ month }) => month >= run.fromMonth && month <= run.toMonth);
  const missing = months.reduce((total, month) => total + month.missing, 0);
  const unpriced = months.reduce((total, month) => total + month.hoursWithoutPrice, 0);
  const grade = GRADES[Math.min(...months.map((month) => month.grade))];
  const prices = unpriced === 0 ? "" : `${unpriced} hours have no zonal price; `;
  return `${missing} missing readings count as zero; ${prices}the lowest grade is ${grade}`;
}

function receiptKey(receipt: Receipt): string {
  const { configuration, month, kind, account, gross, fee, vat, net, documentHash } = receipt;
  return [configuration, month, kind, account, gross, fee, vat, net, documentHash].join("/");
}
