/** Erasure as the GDPR asks for it (art. 17), and the end of what is kept for a time only. */

import { z } from "zod";
import { logAccess, type Occasion } from "./accessLog.ts";
import { KEPT_YEARS } from "./payees.ts";
import type { RegisterStore } from "./store.ts";

const SECONDS_PER_DAY = 86_400;
const SIGN_IN_DAYS = 365;
const ACCESS_DAYS = 5 * 365;

export type Erasure = {
  /** The person belonged to other communities too: what those know stays. */
  readonly isPartial: boolean;
  /** Kept for ten years, and shown by no route. */
  readonly restrictedPayments: number;
};

const countRow = z.object({ count: z.number() });

/**
 * Removes a person from a community: accounts, IBANs, meters, invitations, keys made for the accounts. With the last community
 * goes everything else: name and contact, passkeys, sessions. What remains is a number with dates, the consents' kinds and dates,
 * the log of accesses, and restricted payment records.
 * @param community undefined: from all
 */
export function erasePerson(
  store: RegisterStore,
  person: number,
  community: number | undefined,
  occasion: Occasion,
): Erasure {
  const erasure = store.transaction((): Erasure => {
    logAccess(store, occasion, person, ["erasure"]);
    const only = "WHERE person = ?1 AND (?2 IS NULL OR community = ?2)";
    const of = [person, community ?? null] as const;
    for (const table of ["membership", "meter", "invitation"]) store.run(`DELETE FROM ${table} ${only}`, ...of);
    store.run(`DELETE FROM api_key ${only}`, ...of);
    store.run(
      `UPDATE consent SET revoked_at = ?3, revoked_by = 'erasure' ${only} AND revoked_at IS NULL`,
      ...[...of, occasion.at],
    );
    const restricted = store.run(
      `UPDATE payment_record SET restricted_at = ?3 ${only} AND restricted_at IS NULL`,
      ...[...of, occasion.at],
    );
    const { count } = store.one(countRow, "SELECT count(*) AS count FROM membership WHERE person = ?", person);
    if (count === 0) eraseRest(store, person, occasion.at);
    return { isPartial: count > 0, restrictedPayments: restricted };
  });
  store.forgetDeleted();
  return erasure;
}

function eraseRest(store: RegisterStore, person: number, now: number): void {
  store.run("DELETE FROM session WHERE person = ?", person);
  store.run("DELETE FROM passkey WHERE person = ?", person);
  eraseContact(store, person, now);
}

/** Leaves of a person the number and the dates. */
export function eraseContact(store: RegisterStore, person: number, now: number): void {
  store.run(
    `UPDATE person SET name = NULL, email = NULL, phone = NULL, address = NULL, tax_code = NULL, handle = randomblob(32),
     erased_at = ? WHERE id = ? AND erased_at IS NULL`,
    ...[now, person],
  );
}

export type Purged = { readonly payments: number; readonly accesses: number; readonly signIns: number };

/** Deletes what has been kept for long enough: payments after ten years, accesses after five, sign-ins after one. */
export function purge(store: RegisterStore, now: number): Purged {
  const before = (days: number) => now - days * SECONDS_PER_DAY;
  const purged = store.transaction((): Purged => {
    store.run("DELETE FROM challenge WHERE ends_at <= ?", now);
    store.run("DELETE FROM invitation WHERE coalesce(used_at, ends_at) <= ?", before(SIGN_IN_DAYS));
    store.run("DELETE FROM payment_order WHERE made_at < ?", before(KEPT_YEARS * 366));
    return {
      payments: store.run("DELETE FROM payment_record WHERE executed_on < ?", lastDayNotKept(now)),
      accesses: store.run("DELETE FROM access WHERE at < ?", before(ACCESS_DAYS)),
      signIns: store.run("DELETE FROM sign_in WHERE at < ?", before(SIGN_IN_DAYS)),
    };
  });
  store.forgetDeleted();
  return purged;
}

/** The same day ten years ago, as an ISO day. */
function lastDayNotKept(now: number): string {
  const day = new Date(now * 1000).toISOString().slice(0, 10);
  return `${String(Number(day.slice(0, 4)) - KEPT_YEARS)}${day.slice(4)}`;
}
