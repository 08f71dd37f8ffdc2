/** Everything that is kept of one community, as a settlement goes by it. */

import type { DatabaseSync } from "node:sqlite";
import { type Address, hexToString } from "viem";
import { z } from "zod";
import { communityAbi, creditTokenAbi, ruleBookAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { events, type KeptLogs, placeOf } from "../../chain/events.ts";
import { readAccounts } from "../../chain/history.ts";
import { readTokenEvents } from "../../chain/tokenHistory.ts";
import { readAdjustments, readReceipts, readRuns, readWriteOffs } from "../../chain/treasuryHistory.ts";
import { sum } from "../../settlement/amounts.ts";
import type { RuleSetRecord, SettledHistory } from "../../settlement/history.ts";
import { keptLogsOf } from "./keptLogs.ts";

const monthRow = z.object({ month: z.number() });
const nextRow = z.object({ next: z.number() });

export async function readSettledHistory(
  database: DatabaseSync,
  community: number,
  at: CommunityAddresses,
  chainId: number,
): Promise<SettledHistory> {
  const source = keptLogsOf(database);
  const accounts = await readAccounts(source, at);
  const receipts = await readReceipts(source, at);
  const runs = await readRuns(source, at);
  const writeOffs = await readWriteOffs(source, at);
  const balances = await tokenBalances(source, at.token);
  const payouts = runs.flatMap((run) => run.payouts);
  return {
    chainId,
    accounts,
    ledgers: await readLedgers(database, source, community, at),
    ruleSets: await readRuleSets(source, at),
    receipts,
    adjustments: await readAdjustments(source, at),
    writeOffs,
    runs,
    treasury: {
      received: sum(receipts.map(({ net }) => net)),
      paid: sum(payouts.map(({ amount }) => amount)),
      supply: sum(balances.values()),
      accounts: accounts.map(({ number, payee }) => ({
        number,
        owed: owedTo(number, payouts, writeOffs),
        paid: sum(payouts.filter(({ account }) => account === number).map(({ amount }) => amount)),
        balance: balances.get(payee) ?? 0n,
      })),
    },
    tokens: await readTokenEvents(source, at),
  };
}

async function readLedgers(
  database: DatabaseSync,
  source: KeptLogs,
  community: number,
  at: CommunityAddresses,
): Promise<SettledHistory["ledgers"]> {
  const added = await events(source, communityAbi, at.community, "ConfigurationAdded");
  const months = database.prepare(
    "SELECT DISTINCT month FROM batch WHERE community = ? AND configuration = ? ORDER BY month",
  );
  const next = database.prepare(
    `SELECT first_hour + hour_count AS next FROM batch WHERE community = ? AND configuration = ?
     ORDER BY first_hour DESC LIMIT 1`,
  );
  return at.ledgers.map((address, configuration) => ({
    address,
    area: hexToString(added.find((log) => log.args.configuration === configuration)?.args.area ?? "0x", { size: 32 }),
    nextHour: nextRow.optional().parse(next.get(community, configuration))?.next ?? 0,
    months: months.all(community, configuration).map((row) => monthRow.parse(row)),
  }));
}

/** The rules that were adopted, as they were proposed. */
async function readRuleSets(source: KeptLogs, { ruleBook }: CommunityAddresses): Promise<RuleSetRecord[]> {
  const proposed = await events(source, ruleBookAbi, ruleBook, "RuleSetProposed");
  const adopted = await events(source, ruleBookAbi, ruleBook, "RuleSetAdopted");
  return adopted.flatMap((log) => {
    const { version, ruleSetHash } = log.args;
    const proposal = proposed.findLast(({ args }) => args.version === version && args.ruleSetHash === ruleSetHash);
    return proposal === undefined ? [] : [{ place: placeOf(log), version, encoded: proposal.args.ruleSet }];
  });
}

/** By holder. Micro-euro. */
async function tokenBalances(source: KeptLogs, token: Address): Promise<Map<Address, bigint>> {
  const balances = new Map<Address, bigint>();
  const add = (holder: Address, amount: bigint) => balances.set(holder, (balances.get(holder) ?? 0n) + amount);
  for (const { args } of await events(source, creditTokenAbi, token, "Transfer")) {
    add(args.from, -args.value);
    add(args.to, args.value);
  }
  // What was minted and burned has no holder.
  balances.delete("0x0000000000000000000000000000000000000000");
  return balances;
}

/** What the last payout left, and what was written off after it. */
function owedTo(
  account: number,
  payouts: SettledHistory["runs"][number]["payouts"],
  writeOffs: SettledHistory["writeOffs"],
): bigint {
  const last = payouts.findLast((payout) => payout.account === account);
  const since = writeOffs.filter(({ place }) => place.position > (last?.place.position ?? -1));
  const taken = since.map(({ account: debtor, fund, amount }) => {
    return (debtor === account ? amount : 0n) - (fund === account ? amount : 0n);
  });
  return (last?.owed ?? 0n) + sum(taken);
}
