/** Runs, prepared: from opening to the last payout, by where the chain stands. */

import { z } from "zod";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import {
  advanceRunCall,
  approveRunCall,
  type ChunkedPhase,
  chunkWords,
  dropRunCall,
  objectToRunCall,
  openRunCall,
  proposeRunCall,
  type RunState,
  readRun,
  runContent,
  withdrawRunObjectionCall,
} from "../../chain/payout.ts";
import { formatMonth, type Month } from "../../settlement/hours.ts";
import { Problem } from "../http/problem.ts";
import type { ActionOf } from "./actions.ts";
import { firstMonthsOf, type TreasuryContext } from "./context.ts";
import { contradiction, euroWords, inOrder, type Planned, planned } from "./planned.ts";

export function planOpenRun({ treasury }: CommunityAddresses, { fromMonth, toMonth }: ActionOf<"open-run">): Planned[] {
  const [from, to] = [formatMonth(fromMonth), formatMonth(toMonth)];
  return [
    planned(
      openRunCall(treasury, fromMonth, toMonth),
      `Apre un riparto sui mesi da ${from} a ${to}`,
      `Open a run over the months from ${from} to ${to}`,
    ),
  ];
}

/** @throws Problem 409 if the run is not being computed */
export async function planContinueRun(
  context: TreasuryContext,
  { treasury, ledgers }: CommunityAddresses,
  { run: number }: ActionOf<"continue-run">,
): Promise<Planned[]> {
  const run = await existingRun(context, treasury, number);
  const { phase } = run;
  if (phase !== "weigh" && phase !== "apportion" && phase !== "apportioned") throw nothingToCompute(run);
  const firstMonths = await firstMonthsOf(context, ledgers);
  const [weighing, apportioning] = [chunksLeft(run, firstMonths, "weigh"), chunksLeft(run, firstMonths, "apportion")];
  const repeated = (count: number, chunked: ChunkedPhase, it: string, en: string) =>
    Array.from({ length: count }, (_, index) => {
      const step = count === 1 ? "" : ` (${index + 1}/${count})`;
      return planned(advanceRunCall(treasury, run, chunked), `${it}${step}`, `${en}${step}`);
    });
  const proposal = planned(
    proposeRunCall(treasury, number),
    `Propone il riparto ${number} al presidente`,
    `Propose run ${number} to the president`,
  );
  return inOrder([
    ...repeated(weighing, "weigh", `Pesa le chiavi del riparto ${number}`, `Weigh the keys of run ${number}`),
    ...repeated(apportioning, "apportion", `Ripartisce gli importi del riparto ${number}`, `Apportion run ${number}`),
    proposal,
  ]);
}

/** How many transactions a phase still takes. One goes never beyond a cell; a month before its configuration takes one. */
function chunksLeft(run: RunState, firstMonths: readonly Month[], phase: "weigh" | "apportion"): number {
  if (run.phase === "apportioned" || (run.phase === "apportion" && phase === "weigh")) return 0;
  const isCurrent = run.phase === phase;
  const months = run.toMonth - run.fromMonth + 1;
  const words = chunkWords(run, phase);
  let chunks = 0;
  for (let cell = isCurrent ? run.cell : 0; cell < run.cells; cell++) {
    const exists = run.fromMonth + (cell % months) >= (firstMonths[Math.floor(cell / months)] ?? 0);
    const done = isCurrent && cell === run.cell ? run.word : 0;
    chunks += exists ? Math.ceil((run.words - done) / words) : 1;
  }
  return chunks;
}

/**
 * @throws Problem 409 if what was seen is not what stands on the chain, 422 if what the chain computed is not what comes out here,
 * 503 if the index has not come so far
 */
export async function planApproveRun(
  context: TreasuryContext,
  community: number,
  { treasury, ledgers }: CommunityAddresses,
  { run: number, contentHash, overrideReason }: ActionOf<"approve-run">,
): Promise<Planned[]> {
  const run = await existingRun(context, treasury, number);
  if (run.phase !== "proposed") throw contradiction(`Run ${number} is ${run.phase}: only a proposed run is approved`);
  if ((await runContent(context.client, treasury, number)) !== contentHash) {
    throw contradiction(`Run ${number} is not what this hash stands for: look at its preview again`);
  }
  await checkRecomputed(context, community, run, ledgers);
  const total = euroWords(run.totalOwed);
  return [
    planned(
      approveRunCall(treasury, number, contentHash, overrideReason),
      `Approva il riparto ${number}: spettanti ${total.it}`,
      `Approve run ${number}: ${total.en} owed`,
    ),
  ];
}

/** @throws Problem 409 unless the run is approved; else as approving */
export async function planPayRun(
  context: TreasuryContext,
  community: number,
  { treasury, ledgers }: CommunityAddresses,
  { run: number }: ActionOf<"pay-run">,
): Promise<Planned[]> {
  const run = await existingRun(context, treasury, number);
  if (run.phase !== "approved") throw contradiction(`Run ${number} is ${run.phase}: only an approved run is paid`);
  await checkRecomputed(context, community, run, ledgers);
  const count = Math.ceil((run.words - run.word) / chunkWords(run, "pay"));
  return inOrder(
    Array.from({ length: count }, (_, index) => {
      const step = count === 1 ? "" : ` (${index + 1}/${count})`;
      const call = advanceRunCall(treasury, run, "pay");
      return planned(call, `Paga il riparto ${number}${step}`, `Pay run ${number}${step}`);
    }),
  );
}

export function planRunObjection(
  { treasury }: CommunityAddresses,
  { run, reason }: ActionOf<"object-to-run">,
): Planned[] {
  return [
    planned(
      objectToRunCall(treasury, run, reason),
      `Si oppone al riparto ${run}: ${reason}`,
      `Object to run ${run}: ${reason}`,
    ),
  ];
}

export function planWithdrawRunObjection({ treasury }: CommunityAddresses, run: number): Planned[] {
  return [
    planned(
      withdrawRunObjectionCall(treasury, run),
      `Ritira l'opposizione al riparto ${run}`,
      `Withdraw the objection to run ${run}`,
    ),
  ];
}

export function planDropRun({ treasury }: CommunityAddresses, run: number): Planned[] {
  return [planned(dropRunCall(treasury, run), `Abbandona il riparto ${run}`, `Give run ${run} up`)];
}

/** @throws Problem 404 */
export async function existingRun(
  { client }: TreasuryContext,
  treasury: CommunityAddresses["treasury"],
  number: number,
): Promise<RunState> {
  const run = await readRun(client, treasury, number);
  if (run.phase === "none") throw new Problem(404, `There is no run ${number}: GET …/runs lists them`);
  return run;
}

function nothingToCompute({ number, phase }: RunState): Problem {
  const next: Partial<Record<RunState["phase"], string>> = {
    proposed: "the president approves it next",
    approved: "it is paid next",
  };
  return contradiction(`Run ${number} is ${phase}, so nothing is left to compute: ${next[phase] ?? "open another"}`);
}

const checkedShape = z.object({
  isComputed: z.boolean(),
  totalOwed: z.string().transform(BigInt),
  differences: z.array(z.object({ place: z.string(), subject: z.string(), chain: z.string(), recomputed: z.string() })),
});

async function checkRecomputed(
  context: TreasuryContext,
  community: number,
  run: RunState,
  ledgers: CommunityAddresses["ledgers"],
): Promise<void> {
  const firstMonths = (await firstMonthsOf(context, ledgers)).slice(0, run.configurations);
  // No account has the number 0: the amounts of all are left out.
  const asked = { kind: "run-preview.json", community, run: run.number, firstMonths, account: 0 } as const;
  const rendered = await context.thread.render(asked);
  const checked = rendered === undefined ? undefined : checkedShape.parse(JSON.parse(String(rendered)));
  if (checked === undefined || !checked.isComputed) {
    const headers = { "Retry-After": "5" };
    throw new Problem(503, "The index has not come to this run's proposal yet: ask again in some seconds", { headers });
  }
  const batches = context.reader.findings(community).map(({ block, ...finding }) => {
    return { place: `batch of block ${block}`, ...finding };
  });
  const owed = { place: `run ${run.number}`, subject: "owed in all (micro-euro)" };
  const differences = [
    ...(checked.totalOwed === run.totalOwed
      ? []
      : [{ ...owed, chain: String(run.totalOwed), recomputed: String(checked.totalOwed) }]),
    ...checked.differences,
    ...batches,
  ];
  if (differences.length === 0) return;
  throw new Problem(
    422,
    `Run ${run.number} is not what these sources make of the same data: do not approve or pay it, have it audited`,
    {
      fields: differences.map(({ place, subject, chain, recomputed }) => ({
        field: place,
        problem: `${subject}: the chain says ${chain}, recomputed it is ${recomputed}`,
        remedy: "Drop the run, and have the cause found: ./condivisa audit",
      })),
    },
  );
}
