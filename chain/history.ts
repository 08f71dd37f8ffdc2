/** Reads everything a chain says about one community: events, calldata, code and state. */

import type { Address } from "viem";
import {
  ACCOUNT_KINDS,
  type AccountRecord,
  type ForeignCode,
  type History,
  type LedgerHistory,
} from "../settlement/history.ts";
import { communityAbi, energyLedgerAbi, ruleBookAbi } from "./abi.ts";
import { artifactOf, type ContractName, withoutImmutables } from "./artifacts.ts";
import type { CommunityAddresses } from "./deploy.ts";
import { type EventSource, events, placeOf } from "./events.ts";
import { type Progress, readLedger } from "./ledgerHistory.ts";
import type { ChainClient } from "./send.ts";
import { readPayeeChanges, readTokens } from "./tokenHistory.ts";
import { readAdjustments, readReceipts, readRuns, readTreasury, readWriteOffs } from "./treasuryHistory.ts";

/** Reads a community's history up to the newest block. */
export async function readHistory(
  client: ChainClient,
  at: CommunityAddresses,
  progress: Progress = () => undefined,
): Promise<History> {
  const accounts = await readAccounts(client, at);
  const ledgers: LedgerHistory[] = [];
  for (const [index, ledger] of at.ledgers.entries())
    ledgers.push(await readLedger(client, at, ledger, index, progress));
  const tokens = await readTokens(client, at, accounts);
  const receipts = await readReceipts(client, at);
  const runs = await readRuns(client, at);
  return {
    chainId: client.chain.id,
    foreignCode: await foreignCode(client, at),
    accounts,
    ledgers,
    ruleSets: await readRuleSets(client, at),
    receipts,
    adjustments: await readAdjustments(client, at),
    writeOffs: await readWriteOffs(client, at),
    runs,
    treasury: await readTreasury(client, at, accounts, ledgers, receipts),
    tokens,
  };
}

async function foreignCode(client: ChainClient, at: CommunityAddresses): Promise<ForeignCode[]> {
  const parts: [ContractName, Address][] = [
    ["CommunityRoles", at.roles],
    ["Community", at.community],
    ["RuleBook", at.ruleBook],
    ["ReceiptBook", at.receiptBook],
    ["Treasury", at.treasury],
    ["CreditToken", at.token],
    ["Redemptions", at.redemptions],
    ...at.ledgers.map((ledger): [ContractName, Address] => ["EnergyLedger", ledger]),
  ];
  for (const address of at.ledgers) {
    const rules = await client.readContract({ abi: energyLedgerAbi, address, functionName: "rosterRules" });
    parts.push(["RosterRules", rules]);
  }
  const foreign: ForeignCode[] = [];
  for (const [contract, address] of parts) {
    const artifact = artifactOf(contract);
    const code = await client.getCode({ address });
    const same =
      code !== undefined &&
      withoutImmutables(code, artifact) === withoutImmutables(artifact.deployedBytecode, artifact);
    if (!same) foreign.push({ contract, address });
  }
  return foreign;
}

/** All accounts, in the order of their numbers. */
export async function readAccounts(source: EventSource, at: CommunityAddresses): Promise<AccountRecord[]> {
  const logs = await events(source, communityAbi, at.community, "AccountEnrolled");
  const closings = await events(source, communityAbi, at.community, "AccountClosed");
  const closed = new Map(closings.map((log) => [log.args.number, placeOf(log)]));
  const changes = await readPayeeChanges(source, at);
  return logs.map((log) => ({
    place: placeOf(log),
    number: log.args.number,
    kind: ACCOUNT_KINDS[log.args.kind] ?? "none",
    social: log.args.social,
    closed: closed.get(log.args.number),
    firstPayee: log.args.payee,
    payee: changes.findLast(({ account }) => account === log.args.number)?.to ?? log.args.payee,
  }));
}

async function readRuleSets(client: ChainClient, at: CommunityAddresses): Promise<History["ruleSets"]> {
  const logs = await events(client, ruleBookAbi, at.ruleBook, "RuleSetAdopted");
  return Promise.all(
    logs.map(async (log) => ({
      place: placeOf(log),
      version: log.args.version,
      encoded: await client.readContract({
        abi: ruleBookAbi,
        address: at.ruleBook,
        functionName: "ruleSet",
        args: [log.args.version],
      }),
    })),
  );
}
