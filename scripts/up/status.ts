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
  readonly indexBlock: number | undefined;
};

const PATIENCE_MILLISECONDS = 2000;
/** Alarms of which one begins and ends are the parts' own; these are said by whoever starts them. */
const OFTEN = 3;

const blockShape = z.object({ result: z.templateLiteral(["0x", z.string()]) });

export async function statusOf(folder: UpFolder, ports: Ports, parts: readonly PartState[]): Promise<UpStatus> {
  const [block, nextHours, oracle, indexBlocks] = await Promise.all([
    blockOf(ports.chain),
    gauges(ports.oracle, "condivisa_oracle_next_hour"),
    oracleStatus(folder.oracle).catch(() => undefined),
    gauges(ports.metrics, "condivisa_api_index_block"),
  ]);
  const heard = oracle?.meters.filter(({ messages }) => messages > 0);
  return {
    parts,
    block,
    nextHour: nextHours.length === 0 ? undefined : Math.min(...nextHours),
    meters: heard && {
      heard: heard.length,
      lastHeard: heard.length === 0 ? undefined : Math.max(...heard.map(({ lastReceived }) => lastReceived)),
    },
    alarms: [...parts.flatMap(partAlarms), ...(oracle?.alarms ?? [])],
    indexBlock: indexBlocks[0],
  };
}

/** Whether the API says that it is ready. It logs that it was asked: not to be asked every second. */
export async function isApiReady({ api }: Ports): Promise<boolean> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  return fetch(`http://127.0.0.1:${api}/ready`, { signal }).then(
    ({ ok }) => ok,
    () => false,
  );
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

/** The values of a gauge, as Prometheus would read them; none if nobody answers. */
async function gauges(port: number, name: string): Promise<number[]> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  const metrics = await fetch(`http://127.0.0.1:${port}/metrics`, { signal })
    .then((response) => response.text())
    .catch(() => "");
  return [...metrics.matchAll(new RegExp(`^${name}(?:\\{[^}]*\\})? (-?\\d+)$`, "gm"))].map(([, value]) =>
    Number(value),
  );
}

/** Undefined if nobody answers, or something else than JSON. */
async function json(url: string, init: RequestInit): Promise<unknown> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  return fetch(url, { ...init, signal })
    .then((response): Promise<unknown> => response.json())
    .catch(() => undefined);
}
