/** Who signed in, by what, and who was refused: numbers and wallets, no names. */

import { z } from "zod";
import type { RegisterStore } from "../register/store.ts";

export const SIGN_IN_EVENTS = [
  "passkey",
  "wallet",
  "invitation",
  "refused",
  "sign-out",
  "sign-out-everywhere",
  "passkey-added",
  "passkey-removed",
  "key-made",
  "key-revoked",
] as const;

export type SignIn = {
  readonly at: number;
  readonly event: (typeof SIGN_IN_EVENTS)[number];
  readonly person?: number | undefined;
  readonly wallet?: string | undefined;
  /** Why not. */
  readonly reason?: string | undefined;
  readonly request: string;
};

const signInRow = z
  .object({
    at: z.number(),
    event: z.enum(SIGN_IN_EVENTS),
    person: z.number().nullable(),
    wallet: z.string().nullable(),
    reason: z.string().nullable(),
    request: z.string(),
  })
  .transform(({ person, wallet, reason, ...row }): SignIn => {
    return { ...row, person: person ?? undefined, wallet: wallet ?? undefined, reason: reason ?? undefined };
  });

export function logSignIn(store: RegisterStore, { at, event, person, wallet, reason, request }: SignIn): void {
  store.run(
    "INSERT INTO sign_in (at, event, person, wallet, reason, request) VALUES (?, ?, ?, ?, ?, ?)",
    ...[at, event, person ?? null, wallet ?? null, reason ?? null, request],
  );
}

/** The newest first. */
export function signInsOf(
  store: RegisterStore,
  whose: { person: number } | { wallet: string },
  most: number,
): SignIn[] {
  const [column, value] = "person" in whose ? ["person", whose.person] : ["wallet", whose.wallet];
  return store.all(signInRow, `SELECT * FROM sign_in WHERE ${column} = ? ORDER BY id DESC LIMIT ?`, value, most);
}

/** Of everybody, the newest first: for the operator. */
export function allSignIns(store: RegisterStore, most: number): SignIn[] {
  return store.all(signInRow, "SELECT * FROM sign_in ORDER BY id DESC LIMIT ?", most);
}
