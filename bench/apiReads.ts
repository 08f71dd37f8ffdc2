/**
 * Statements and balances over HTTP, for a thousand members with a year behind them: the API against a bare Express route that gives
 * the same bytes from memory. Both take turns under the same load, from another process of the same machine.
 */

import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, openSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { keccak256, toHex } from "viem";
import { privateKeyToAddress } from "viem/accounts";
import { z } from "zod";
import type { ShowProgress } from "../scripts/progress.ts";
import { table } from "../scripts/table.ts";
import { ANSWERS_FILE } from "./apiReadsServer.ts";
import { type LoadResult, load } from "./httpLoad.ts";
import { serveYears } from "./serveYears.ts";
import { yearsJournal } from "./years.ts";

const CACHE = join(import.meta.dirname, "../cache/bench");
const MEMBERS = 1000;
const YEAR = { communities: 1, members: MEMBERS, months: 12, monthsOfRun: 1 };
const CONNECTIONS = 32;
const ROUNDS = 3;
const ROUND_MILLISECONDS = 5000;
const WARM_UP_MILLISECONDS = 2000;

/** The addresses that are asked for: of every member half the time the statement of the year, half the time the balance. */
export const KINDS = ["statement", "balance"] as const;
type Kind = (typeof KINDS)[number];

const addressOf = (kind: Kind, account: number) =>
  `/api/v1/communities/1/accounts/${account}${kind === "statement" ? "/statement?from=2025-01&to=2025-12" : ""}`;

export type ApiReads = {
  /** Bytes of a statement, on average. */
  readonly statementBytes: number;
  readonly of: readonly { readonly kind: Kind; readonly api: LoadResult; readonly bare: LoadResult }[];
};

const urlShape = z.object({ url: z.string() });
const apiShape = urlShape.extend({ secret: z.string(), session: z.string() });

/** The chain is made once, which takes minutes, and kept in cache/. */
export async function benchApiReads(show: ShowProgress): Promise<ApiReads> {
  const journal = await yearsJournal(join(CACHE, `year-${MEMBERS}.sqlite`), YEAR, (done, total) =>
    show("days of the chain", done, total),
  );
  const data = join(CACHE, `year-${MEMBERS}-api`);
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data, { recursive: true });
  const chain = await serveYears(journal);
  const children: ChildProcess[] = [];
  const start = async (settings: object) => {
    const child = fork(join(import.meta.dirname, "apiReadsServer.ts"), {
      stdio: ["ignore", openSync(join(data, "log.jsonl"), "w"), "inherit", "ipc"],
    });
    children.push(child);
    child.send(settings);
    const exited = once(child, "exit").then(([code]) => {
      throw new Error(`a server of the bench ended with ${code}: see ${data}/log.jsonl`);
    });
    const [answer]: unknown[] = await Promise.race([once(child, "message"), exited]);
    exited.catch(() => undefined);
    return answer;
  };
  try {
    const offices = { secretary: officer("secretary"), treasurer: officer("treasurer") };
    const given = { kind: "api", data, chain: chain.url, factory: chain.factory, ...offices };
    const api = apiShape.parse(await start(given));
    await untilReady(api.url, show);
    const credentials = [`Authorization: Bearer ${api.secret}`, `Cookie: condivisa-session=${api.session}`] as const;
    const { statementBytes } = await keepAnswers(api.url, api.secret, data);
    const bare = urlShape.parse(await start({ kind: "bare", data }));
    return { statementBytes, of: await compare(api.url, bare.url, credentials, show) };
  } finally {
    for (const child of children) child.kill();
    chain.stop();
  }
}

async function compare(
  api: string,
  bare: string,
  credentials: readonly string[],
  show: ShowProgress,
): Promise<ApiReads["of"]> {
  const of: { kind: Kind; api: LoadResult; bare: LoadResult }[] = [];
  for (const kind of KINDS) {
    const run = (url: string, milliseconds: number) => {
      const request = (connection: number) => {
        const account = 1 + Math.floor(Math.random() * MEMBERS);
        const credential = credentials[connection % credentials.length];
        return `GET ${addressOf(kind, account)} HTTP/1.1\r\nHost: localhost\r\n${credential}\r\n\r\n`;
      };
      return load({ url, connections: CONNECTIONS, milliseconds, request });
    };
    await run(api, WARM_UP_MILLISECONDS);
    await run(bare, WARM_UP_MILLISECONDS);
    const rounds: { api: LoadResult; bare: LoadResult }[] = [];
    for (let round = 0; round < ROUNDS; round++) {
      rounds.push({ api: await run(api, ROUND_MILLISECONDS), bare: await run(bare, ROUND_MILLISECONDS) });
      show(`rounds of ${kind}`, round + 1, ROUNDS);
    }
    of.push({ kind, api: middle(rounds.map((each) => each.api)), bare: middle(rounds.map((each) => each.bare)) });
  }
  return of;
}

/** Of three rounds the one in the middle, by its throughput: what else the machine does falls out. */
function middle(results: readonly LoadResult[]): LoadResult {
  const [found] = results.toSorted((a, b) => a.perSecond - b.perSecond).slice(Math.floor(results.length / 2));
  if (found === undefined) throw new RangeError("no round was run");
  return found;
}

export function renderApiReads({ statementBytes, of }: ApiReads): string {
  const rows = of.flatMap(({ kind, api, bare }) => [
    rowOf(`${kind}, a bare route`, bare, bare),
    rowOf(`${kind}, the API`, api, bare),
  ]);
  return [
    `Reads for ${MEMBERS} members with a year, ${CONNECTIONS} connections; a statement of the year has ${statementBytes} bytes`,
    table(["", " Requests/s", " Part", " p50 ms", " p99 ms", " × bare"], rows),
  ].join("\n");
}

function rowOf(name: string, { perSecond, p50, p99 }: LoadResult, bare: LoadResult): string[] {
  const part = (perSecond / bare.perSecond).toFixed(2);
  return [name, String(Math.round(perSecond)), part, p50.toFixed(1), p99.toFixed(1), (p99 / bare.p99).toFixed(2)];
}

function officer(role: string): string {
  return privateKeyToAddress(keccak256(toHex(`bench key of ${role}`)));
}

const readyShape = z.object({ ready: z.boolean(), block: z.int(), head: z.int() });

async function untilReady(url: string, show: ShowProgress): Promise<void> {
  for (;;) {
    const { ready, block, head } = readyShape.parse(await (await fetch(`${url}/ready`)).json());
    if (ready && block === head) return;
    if (head > 0) show("blocks indexed", Math.max(0, block), head);
    await sleep(500);
  }
}

/** What the API says is what the bare route gives. */
async function keepAnswers(url: string, secret: string, data: string): Promise<{ statementBytes: number }> {
  const headers = { Authorization: `Bearer ${secret}` };
  const answers: Record<string, string> = {};
  let statementBytes = 0;
  for (let account = 1; account <= MEMBERS; account++) {
    for (const kind of KINDS) {
      const address = addressOf(kind, account);
      const response = await fetch(`${url}${address}`, { headers });
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${address}: ${response.status} ${text}`);
      answers[address] = text;
      if (kind === "statement") statementBytes += Buffer.byteLength(text);
    }
  }
  writeFileSync(join(data, ANSWERS_FILE), JSON.stringify(answers));
  return { statementBytes: Math.round(statementBytes / MEMBERS) };
}
