/** The treasury: what waits for whom, what a run would pay, and transactions prepared for who holds the keys. */

import type { Address } from "viem";
import { z } from "zod";
import { MAX_CELLS } from "../../chain/payout.ts";
import { formatMonth } from "../../settlement/hours.ts";
import { type Caller, rolesIn } from "../http/caller.ts";
import { notFound, Problem } from "../http/problem.ts";
import { json, NO_BODY, NO_QUERY, type Reply, type Route, route } from "../http/route.ts";
import { apiJson } from "../json.ts";
import { NO_STORE, occasionOf } from "../register/context.ts";
import * as shape from "../schemas/treasury.ts";
import { actionShape, ROLES_OF, walletShape } from "../treasury/actions.ts";
import { keptOrder } from "../treasury/bankFiles.ts";
import { addressesIn, asking, firstMonthsOf, type TreasuryContext, trustedAddresses } from "../treasury/context.ts";
import { overviewOf } from "../treasury/overview.ts";
import { contradiction } from "../treasury/planned.ts";
import { plan, prepare } from "../treasury/prepare.ts";
import { existingRun } from "../treasury/runs.ts";
import { ofOfficers } from "./access.ts";
import { periodReversed } from "./accounts.ts";
import { accountParam, communityParam, monthQuery, numberParam, ofCommunity, yearParam } from "./request.ts";

const JSON_TYPE = "application/json";
const CSV = "text/csv; charset=utf-8";
const TAG = "Treasury";
const ofRun = z.strictObject({
  community: communityParam,
  run: numberParam.meta({ description: "Number of the run" }),
});
const onlyAccount = accountParam.optional().meta({ description: "Only this account, with the reasons of its amounts" });
/** Micro-euro for each plant and month: a cent. */
const TOLERANCE = 10_000n;

export function treasuryRoutes(context: TreasuryContext): Route[] {
  const { thread, tables } = context;
  const rendered = async (request: Parameters<typeof thread.render>[0], type: string): Promise<Reply> => {
    const body = await thread.render(request);
    if (body === undefined) throw notFound();
    return { type, body };
  };
  return [
    route({
      method: "get",
      path: "/communities/{community}/treasury",
      ...{
        operation: "getTreasury",
        tag: TAG,
        summary: "What waits for whom: the newest run, the newest file, outcomes",
      },
      access: ofOfficers("money"),
      params: ofCommunity,
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.overview },
      problems: [503],
      handle: async ({ params: { community } }) => {
        const at = addressesIn(context, community);
        return { type: JSON_TYPE, body: apiJson(await asking("the treasury", () => overviewOf(context, at))) };
      },
    }),
    route({
      method: "post",
      path: "/communities/{community}/treasury/transactions",
      ...{ operation: "prepareTransactions", tag: TAG },
      summary: "Unsigned transactions for an action, decoded, and whether the contract would accept them",
      description:
        "Nothing is signed or sent here. The treasurer prepares the treasurer's actions, the president approvals, the auditor objections.",
      access: ofOfficers(),
      params: ofCommunity,
      query: NO_QUERY,
      body: z.strictObject({
        action: actionShape,
        from: walletShape.optional().meta({ description: "Who is to send them, as a multisig; by default who asks" }),
      }),
      status: 200,
      content: { [JSON_TYPE]: shape.prepared },
      problems: [409, 410, 422, 503],
      handle: async (given) => {
        const { community } = given.params;
        const { action, from } = given.body;
        if (!rolesIn(given.caller, community).some((role) => ROLES_OF[action.kind].includes(role))) {
          const roles = ROLES_OF[action.kind].join(" or ");
          throw new Problem(403, `${action.kind} is for the ${roles}: sign in with the wallet of that office`);
        }
        const at = trustedAddresses(context, community);
        const occasion = occasionOf(context.register, given, "prepareTransactions", community);
        return asking(action.kind, async () => {
          const all = await plan(context, community, at, action, (hash) => {
            return keptOrder(context, community, hash, occasion);
          });
          return json(await prepare(context.client, at, from ?? walletOf(given.caller), all), NO_STORE);
        });
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/runs/{run}/preview",
      ...{ operation: "previewRun", tag: TAG },
      summary: "What a run that is not paid yet pays to whom and why, and what to look at before approving it",
      access: ofOfficers("money"),
      params: ofRun,
      query: z.strictObject({ account: onlyAccount }),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.runPreview },
      problems: [409, 503],
      handle: async ({ params: { community, run: number }, query: { account } }) => {
        const at = addressesIn(context, community);
        const firstMonths = await asking("the run", async () => {
          const run = await existingRun(context, at.treasury, Math.min(number, 0xffff_ffff));
          if (run.phase === "paid" || run.phase === "dropped") throw contradiction(`Run ${number} is ${run.phase}`);
          return (await firstMonthsOf(context, at.ledgers)).slice(0, run.configurations);
        });
        return rendered({ kind: "run-preview.json", community, run: number, firstMonths, account }, JSON_TYPE);
      },
    }),
    route({
      method: "get",
      path: "/communities/{community}/treasury/run-preview",
      ...{
        operation: "previewPlannedRun",
        tag: TAG,
        summary: "What a run over some months would pay, before it is opened",
      },
      access: ofOfficers("money"),
      params: ofCommunity,
      query: z.strictObject({ from: monthQuery, to: monthQuery, account: onlyAccount }),
      body: NO_BODY,
      status: 200,
      content: { [JSON_TYPE]: shape.runPreview },
      problems: [422, 503],
      handle: async ({ params: { community }, query: { from, to, account } }) => {
        if (to < from) throw periodReversed();
        const at = addressesIn(context, community);
        if ((to - from + 1) * at.ledgers.length > MAX_CELLS) {
          throw new Problem(422, `One run takes at most ${MAX_CELLS} months of configurations: ask for fewer months`);
        }
        const firstMonths = await asking("the run", () => firstMonthsOf(context, at.ledgers));
        const first = Math.min(...firstMonths);
        if (to < first) {
          const problem = `before ${formatMonth(first)}, the first month of the community`;
          throw new Problem(422, "No configuration has these months: see errors", {
            fields: [{ field: "query.to", problem }],
          });
        }
        return rendered({ kind: "run-preview.json", community, run: { from, to }, firstMonths, account }, JSON_TYPE);
      },
    }),
    ...(["json", "csv"] as const).map((format) =>
      route({
        method: "get",
        path: `/communities/{community}/reconciliation${format === "csv" ? ".csv" : ""}`,
        ...{ operation: format === "csv" ? "getReconciliationCsv" : "getReconciliation", tag: TAG },
        summary: "What GSE paid against what it should have paid, by month and kind",
        access: ofOfficers("exports"),
        params: ofCommunity,
        query: z.strictObject({ year: yearParam.optional() }),
        body: NO_BODY,
        status: 200,
        content: format === "csv" ? { [CSV]: CSV_FILE } : { [JSON_TYPE]: shape.reconciliation },
        problems: [503],
        handle: ({ params: { community }, query: { year } }) =>
          rendered(
            { kind: `reconciliation.${format}`, community, year, tables, tolerance: TOLERANCE },
            format === "csv" ? CSV : JSON_TYPE,
          ),
      }),
    ),
  ];
}

const CSV_FILE = z.string().meta({ override: { type: "string", format: "binary" } });

/** Only officers come here, and they have wallets. */
export function walletOf(caller: Caller): Address {
  if (caller.kind === "officer") return caller.wallet;
  throw new Problem(403, "This is for the wallets of officers: sign in with one");
}
