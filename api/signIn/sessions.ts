/** Who is signed in: short, ended on one side and known on the other at once. */

import { randomUUID } from "node:crypto";
import { type Address, getAddress } from "viem";
import { z } from "zod";
import { RecalledQuery } from "../register/recalledQuery.ts";
import type { RegisterStore } from "../register/store.ts";
import { hashOf, newToken } from "./tokens.ts";

/** Seconds without a request, and altogether. Officers see what is others', so theirs are the shorter. */
export const SESSION_LIMITS = {
  person: { idle: 30 * 60, most: 12 * 3600 },
  wallet: { idle: 15 * 60, most: 8 * 3600 },
} as const;
/** That it was used is written down so often at most. */
const SEEN_SECONDS = 60;

export type Holder =
  | { readonly kind: "person"; readonly person: number; readonly passkey: number }
  | { readonly kind: "wallet"; readonly wallet: Address };

export type Session = {
  /** Names it in lists; no secret. */
  readonly id: string;
  readonly holder: Holder;
  readonly begunAt: number;
  readonly seenAt: number;
};

const sessionRow = z
  .object({
    id: z.string(),
    person: z.number().nullable(),
    wallet: z.string().nullable(),
    passkey: z.number().nullable(),
    begun_at: z.number(),
    seen_at: z.number(),
  })
  .transform(({ id, person, wallet, passkey, begun_at: begunAt, seen_at: seenAt }): Session => {
    const holder: Holder =
      person === null
        ? { kind: "wallet", wallet: getAddress(wallet ?? "") }
        : { kind: "person", person, passkey: passkey ?? 0 };
    return { id, holder, begunAt, seenAt };
  });

const ofHash = new RecalledQuery(sessionRow, "SELECT * FROM session WHERE hash = ?");

/** Whether a session is good at a moment. */
export function isAlive({ holder, begunAt, seenAt }: Session, now: number): boolean {
  const { idle, most } = SESSION_LIMITS[holder.kind];
  return now < seenAt + idle && now < begunAt + most;
}

/** @param before the session that asks for another: it ends @returns the secret */
export function beginSession(store: RegisterStore, holder: Holder, before: string | undefined, now: number): string {
  const token = newToken();
  const isPerson = holder.kind === "person";
  store.transaction(() => {
    if (before !== undefined) endSession(store, before);
    forgetOld(store, now);
    store.run(
      "INSERT INTO session (hash, id, person, wallet, passkey, begun_at, seen_at) VALUES (?, ?, ?, ?, ?, ?, ?)",
      ...[hashOf(token), randomUUID(), isPerson ? holder.person : null, isPerson ? null : holder.wallet],
      ...[isPerson ? holder.passkey : null, now, now],
    );
  });
  return token;
}

/** The session of a secret, if it is good. */
export function findSession(store: RegisterStore, token: string, now: number): Session | undefined {
  const hash = hashOf(token);
  const [session] = ofHash.rows(store, hash.toString("latin1"), hash);
  return session !== undefined && isAlive(session, now) ? session : undefined;
}

/** Its holder is active at this moment. */
export function noteActive(store: RegisterStore, { id, seenAt }: Session, now: number): void {
  if (now >= seenAt + SEEN_SECONDS) store.run("UPDATE session SET seen_at = ? WHERE id = ?", now, id);
}

export function endSession(store: RegisterStore, id: string): void {
  store.run("DELETE FROM session WHERE id = ?", id);
}

/** All good sessions of a person or wallet, the newest first. */
export function sessionsOf(store: RegisterStore, holder: Holder, now: number): Session[] {
  const sql = "SELECT * FROM session WHERE person IS ? AND wallet IS ? ORDER BY begun_at DESC, id";
  return store.all(sessionRow, sql, ...whose(holder)).filter((session) => isAlive(session, now));
}

/** @returns whether there was one */
export function endSessionOf(store: RegisterStore, holder: Holder, id: string): boolean {
  return store.run("DELETE FROM session WHERE person IS ? AND wallet IS ? AND id = ?", ...whose(holder), id) > 0;
}

export function endSessionsOf(store: RegisterStore, holder: Holder): void {
  store.run("DELETE FROM session WHERE person IS ? AND wallet IS ?", ...whose(holder));
}

function whose(holder: Holder): [number | null, string | null] {
  return holder.kind === "person" ? [holder.person, null] : [null, holder.wallet];
}

function forgetOld(store: RegisterStore, now: number): void {
  const { person, wallet } = SESSION_LIMITS;
  store.run("DELETE FROM session WHERE begun_at <= ?", now - Math.max(person.most, wallet.most));
}
