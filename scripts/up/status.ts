/** How everything is that `up` runs: what the parts themselves answer. */

import { z } from "zod";
import type { Hour } from "../../settlement/hours.ts";
import { oracleStatus } from "../meters.ts";
import type { UpFolder } from "./folder.ts";
import type { PartState } from "./parts.ts";
import type { Ports } from "./ports.ts";

export type UpStatus = {
  readonly parts: readonly PartState[];
  /** The chain's newest block. */
  readonly block: number | undefined;
  /** The first hour that a ledger has not recorded yet. */
  readonly nextHour: Hour | undefined;
  readonly meters: { readonly heard: number; readonly lastHeard: number | undefined } | undefined;
  readonly alarms: readonly { readonly text: string; readonly remedy: string }[];
  /** The newest block that the API knows; undefined if it does not answer. */
  readonly index: { readonly block: number; readonly isReady: boolean } | undefined;
};

const PATIENCE_MILLISECONDS = 2000;
/** Alarms of which one begins and ends are the parts' own; these are said by whoever starts them. */
const OFTEN = 3;

const blockShape = z.object({ result: z.templateLiteral(["0x", z.string()]) });
const readyShape = z.object({ ready: z.boolean(), block: z.number() });

export async function statusOf(folder: UpFolder, ports: Ports, parts: readonly PartState[]): Promise<UpStatus> {
  const [block, nextHour, oracle, index] = await Promise.all([
    blockOf(ports.chain),
    nextHourOf(ports.oracle),
    oracleStatus(folder.oracle).catch(() => undefined),
    indexOf(ports.api),
  ]);
  const heard = oracle?.meters.filter(({ messages }) => messages > 0);
  return {
    parts,
    block,
    nextHour,
    meters: heard && {
      heard: heard.length,
      lastHeard: heard.length === 0 ? undefined : Math.max(...heard.map(({ lastReceived }) => lastReceived)),
    },
    alarms: [...parts.flatMap(partAlarms), ...(oracle?.alarms ?? [])],
    index,
  };
}

/** A part that does not stay up is not helped by starting it again. */
function partAlarms({ name, state, ended, lastWords = "nothing", log }: PartState) {
  if (state !== "waiting" || ended < OFTEN) return [];
  return [{ text: `${name} ended ${ended} times; it last said: ${lastWords}`, remedy: `See ${log}` }];
}

async function blockOf(port: number): Promise<number | undefined> {
  const body = { jsonrpc: "2.0", id: 1, method: "eth_blockNumber", params: [] };
  const answer = await json(`http://127.0.0.1:${port}`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(body),
  });
  const parsed = blockShape.safeParse(answer);
  return parsed.success ? Number(parsed.data.result) : undefined;
}

async function nextHourOf(port: number): Promise<Hour | undefined> {
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`, {
    signal: AbortSignal.timeout(PATIENCE_MILLISECONDS),
  })
    .then((response) => response.text())
    .catch(() => "");
  const hours = [...metrics.matchAll(/^condivisa_oracle_next_hour\{[^}]*\} (\d+)$/gm)].map(([, hour]) => Number(hour));
  return hours.length === 0 ? undefined : Math.min(...hours);
}

async function indexOf(port: number): Promise<UpStatus["index"]> {
  const parsed = readyShape.safeParse(await json(`http://127.0.0.1:${port}/ready`, {}));
  return parsed.success ? { block: parsed.data.block, isReady: parsed.data.ready } : undefined;
}

/** Undefined if nobody answers, or something else than JSON. */
async function json(url: string, init: RequestInit): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  return fetch(url, { ...init, signal })
    .then((response): Promise<unknown> => response.json())
    .catch(() => undefined);
}
