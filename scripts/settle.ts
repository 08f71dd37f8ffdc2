/** `condivisa settle`: from a file of readings to paid tokens, statements and an audit. */

import type { CommunityAddresses } from "../chain/deploy.ts";
import { readHistory } from "../chain/history.ts";
import { Journal, JournalError } from "../chain/journal.ts";
import { readCommunityFile } from "../oracle/communityFile.ts";
import { planCommunity } from "../oracle/communityPlan.ts";
import type { Gap } from "../oracle/dayBatches.ts";
import type { PriceGap } from "../oracle/pricesFile.ts";
import type { LeftOut } from "../oracle/readingsFile.ts";
import { sum } from "../settlement/amounts.ts";
import type { Grade } from "../settlement/grade.ts";
import type { RunRecord } from "../settlement/history.ts";
import { formatHour, formatMonth, secondsOf } from "../settlement/hours.ts";
import { recompute } from "../settlement/recompute.ts";
import type { Language } from "../settlement/terms.ts";
import type { AuditReport } from "./auditReport.ts";
import { readKeyring, readOrMakeKeyring } from "./keyring.ts";
import type { ShowProgress } from "./progress.ts";
import {
  type Earlier,
  type GradeChange,
  type MeterCorrections,
  type PriceCorrections,
  readSettleInputs,
  type SettleInputs,
} from "./settleInputs.ts";
import {
  type Bench,
  bookAdjustments,
  bookReceipts,
  correctReadings,
  deployCommunity,
  recordReadings,
  runToPayout,
  setUp,
} from "./settleLine.ts";
import {
  checkFolder,
  checkRegister,
  knownNumbers,
  makeFolder,
  readDeployment,
  readRegister,
  type SettlementFolder,
  settlementFolder,
  writeDeployment,
  writeRegister,
} from "./settlementFolder.ts";
import { benchOf, withChain, writeResults } from "./settlementResults.ts";
import type { Settlement } from "./settlementTable.ts";
import type { RosterChange } from "./settleRosters.ts";
import { HOURS_BEFORE } from "./settleRules.ts";
import { checkWallets } from "./wallets.ts";

export type SettleOptions = {
  readonly community: string;
  readonly readings: string;
  readonly receipts: string;
  /** Years whose adjustment by GSE is among the receipts: what was held of them is released. */
  readonly adjusted: readonly number[];
  /** Needed if a plant is paid by the zonal price. */
  readonly prices: string | undefined;
  readonly out: string;
  readonly grade: Grade;
  /** First market day of which a recorded day may get another roster; undefined: none may. */
  readonly backTo: string | undefined;
  /** Why the president approves months with missing or provisional readings; a default says how many are missing. */
  readonly override: string | undefined;
  readonly language: Language;
};

export type SettleResult = {
  readonly settlement: Settlement;
  readonly gaps: readonly Gap[];
  /** Of each meter of which the file said otherwise than the chain, the number of hours that were corrected. */
  readonly corrections: readonly MeterCorrections[];
  /** Likewise the prices of configurations whose plants need them. */
  readonly priceCorrections: readonly PriceCorrections[];
  readonly priceGaps: readonly PriceGap[];
  /** From when on recorded days got another roster. */
  readonly rosterChanges: readonly RosterChange[];
  /** How many recorded days got a higher grade. */
  readonly gradeChanges: readonly GradeChange[];
  /** What meters measured outside their dates. */
  readonly leftOut: readonly LeftOut[];
  readonly audit: AuditReport;
  /** The months of the run and what it paid, in micro-euro; undefined if there was nothing to divide. */
  readonly run: { readonly from: string; readonly to: string; readonly paid: bigint } | undefined;
  readonly statements: string;
};

/**
 * Settles into a folder, a new one or one in which an earlier settlement got so far.
 * @throws InputError if a file is wrong; nothing is written then
 * @throws AuditFailedError if the chain's numbers do not stand up to recomputation; nobody is paid then
 */
export async function settle(options: SettleOptions, show: ShowProgress): Promise<SettleResult> {
  const community = readCommunityFile(options.community);
  const folder = settlementFolder(options.out);
  checkFolder(folder);
  const deployment = readDeployment(folder);
  const now = Math.floor(Date.now() / 1000);

  if (deployment === undefined) {
    const plan = planCommunity(community, options.community);
    const inputs = readSettleInputs(options, plan, undefined, now);
    makeFolder(folder);
    Journal.beginAnew(folder.journal);
    const firstHour = Math.min(...inputs.ranges.map(({ first }) => first));
    return withChain(folder, secondsOf(firstHour - HOURS_BEFORE), async (chain) => {
      // The chain is this process's alone from here on; before, another one may have settled into the same folder.
      if (readDeployment(folder) !== undefined) {
        throw new JournalError(`${folder.path}: another process has just settled here; run the command again`);
      }
      const bench = benchOf(chain, readOrMakeKeyring(folder.keys), show);
      writeRegister(folder, plan);
      const at = await deployCommunity(bench, inputs);
      writeDeployment(folder, bench.client.chain.id, at);
      return settleOn(bench, at, inputs, options, folder);
    });
  }

  const register = readRegister(folder);
  Journal.checkHoldsChain(folder.journal);
  return withChain(folder, 0, async (chain) => {
    const bench = benchOf(chain, readKeyring(folder.keys), show);
    const history = await readHistory(bench.client, deployment, show);
    const earlier: Earlier = { history, recomputed: recompute(history) };
    const known = knownNumbers(register, history);
    const plan = planCommunity(community, options.community, known);
    checkRegister(folder, plan, known, options.community);
    checkWallets(options.community, plan, history);
    const inputs = readSettleInputs(options, plan, earlier, now);
    writeRegister(folder, plan, known);
    return settleOn(bench, deployment, inputs, options, folder);
  });
}

async function settleOn(
  bench: Bench,
  at: CommunityAddresses,
  inputs: SettleInputs,
  options: SettleOptions,
  folder: SettlementFolder,
): Promise<SettleResult> {
  await setUp(bench, at, inputs);
  await correctReadings(bench, at, inputs);
  await recordReadings(bench, at, inputs);
  await bookReceipts(bench, at, inputs.receipts);
  await bookAdjustments(bench, at, inputs.adjustments);
  const run = await runToPayout(bench, at, inputs, options.override);

  const history = await readHistory(bench.client, at, bench.show);
  const { settlement, report } = await writeResults(bench.client, history, folder, options.language);
  return {
    settlement,
    gaps: inputs.gaps,
    corrections: inputs.corrections,
    priceCorrections: inputs.priceCorrections,
    priceGaps: inputs.priceGaps,
    rosterChanges: inputs.rosterChanges,
    gradeChanges: inputs.gradeChanges,
    leftOut: inputs.leftOut,
    audit: report,
    run: run && { from: formatMonth(run.from), to: formatMonth(run.to), paid: paidBy(history.runs.at(-1)) },
    statements: folder.statements,
  };
}

function paidBy(run: RunRecord | undefined): bigint {
  return sum((run?.payouts ?? []).map(({ amount }) => amount));
}

/** What was recorded before and is now otherwise, each as a sentence. */
export function correctionTexts({
  rosterChanges,
  corrections,
  priceCorrections,
  gradeChanges,
}: SettleResult): string[] {
  return [
    ...rosterChanges.map(({ area, from }) => `meters and members of ${area}: all days since ${from}`),
    ...corrections.map(({ meter, hours }) => `meter ${meter}: ${hoursText(hours)}`),
    ...priceCorrections.map(({ area, hours }) => `prices of ${area}: ${hoursText(hours)}`),
    ...gradeChanges.map(({ area, days, grade }) => `grade of ${area}: ${days} days are now ${grade}`),
  ];
}

/** A gap as a sentence. */
export function gapText({ meter, direction, firstHour, hours }: Gap): string {
  return `meter ${meter}, ${direction}: ${hoursText(hours)} missing from ${formatHour(firstHour)}`;
}

export function priceGapText({ area, firstHour, hours }: PriceGap): string {
  return `configuration ${area}: ${hoursText(hours)} without a price from ${formatHour(firstHour)}`;
}

export function leftOutText({ meter, hours }: LeftOut): string {
  return `meter ${meter}: ${hoursText(hours)}`;
}

function hoursText(hours: number): string {
  return `${hours} ${hours === 1 ? "hour" : "hours"}`;
}
