/** What kept the oracle from its work, as an alarm: all of it is tried again. */

import { ChainUnreachableError, ContractRefusedError, explain } from "../chain/errors.ts";
import type { AlarmKind, AlarmText } from "./alarms.ts";
import { SignerError } from "./signers.ts";

export const PROBLEMS = [
  "chain-refused",
  "chain-unreachable",
  "key-missing",
  "work-failed",
] as const satisfies readonly AlarmKind[];

const SQLITE_FULL = 13;
export const MAKE_ROOM = "Make room on the disk of the oracle's `data`";

/** @param subject the ledger, or what else was worked on */
export function problemOf(subject: string, error: unknown): AlarmText {
  const explained = explain(subject, error);
  const text = explained.message;
  if (explained instanceof SignerError) {
    const remedy = "Start the signer, and let it hold the oracle's key: batches wait for it, and nothing is lost";
    return { kind: "key-missing", subject, text, remedy };
  }
  if (explained instanceof ChainUnreachableError) {
    return { kind: "chain-unreachable", subject, text, remedy: "Check that the node runs; all is kept meanwhile" };
  }
  if (explained instanceof ContractRefusedError) {
    return { kind: "chain-refused", subject, text, remedy: "Check keys, roster and clock: ./condivisa doctor" };
  }
  return { kind: "work-failed", subject, text: text.split("\n")[0] ?? "", remedy: remedyOf(error) };
}

/** Of an error that nobody foresaw. */
export function remedyOf(error: unknown): string {
  const isFull = error instanceof Error && "errcode" in error && error.errcode === SQLITE_FULL;
  return isFull ? MAKE_ROOM : "It is tried again; if it stays, see the log, and ./condivisa doctor";
}

/** For the log. */
export function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
