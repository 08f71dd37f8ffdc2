/** What wallets and passkeys sign: random, for one purpose, good once and for minutes. */

import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { RegisterStore } from "../register/store.ts";
import { hashOf } from "./tokens.ts";

export const CHALLENGE_SECONDS = 300;
/** Beyond, the oldest go: who asks for many keeps nobody out, and fills no disk. */
const MOST_OPEN = 10_000;
const BYTES = 32;

/** @returns hexadecimal */
export function issueChallenge(store: RegisterStore, purpose: string, now: number): string {
  const challenge = randomBytes(BYTES).toString("hex");
  store.transaction(() => {
    store.run("DELETE FROM challenge WHERE ends_at <= ?", now);
    store.run(
      "DELETE FROM challenge WHERE rowid IN (SELECT rowid FROM challenge ORDER BY rowid DESC LIMIT -1 OFFSET ?)",
      MOST_OPEN - 1,
    );
    store.run("INSERT INTO challenge VALUES (?, ?, ?)", hashOf(challenge), purpose, now + CHALLENGE_SECONDS);
  });
  return challenge;
}

/** Whether it was given for this purpose, is still good, and was not taken before. It is taken with that. */
export function takeChallenge(store: RegisterStore, purpose: string, challenge: string, now: number): boolean {
  const taken = store.get(
    z.object({ ends_at: z.number() }),
    "DELETE FROM challenge WHERE hash = ? AND purpose = ? RETURNING ends_at",
    ...[hashOf(challenge), purpose],
  );
  return taken !== undefined && taken.ends_at > now;
}
