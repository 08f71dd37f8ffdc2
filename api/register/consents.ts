/** Consents: dated, revocable, and none is ever written over. */

import { z } from "zod";
import { logAccess, type Occasion } from "./accessLog.ts";
import type { RegisterStore } from "./store.ts";

export type Consent = {
  readonly id: number;
  readonly community: number;
  /** What for. */
  readonly kind: string;
  /** Of the text that was read. */
  readonly version: string;
  readonly givenAt: number;
  readonly givenBy: string;
  readonly revokedAt: number | undefined;
  readonly revokedBy: string | undefined;
};

const consentRow = z
  .object({
    id: z.number(),
    community: z.number(),
    kind: z.string(),
    version: z.string(),
    given_at: z.number(),
    given_by: z.string(),
    revoked_at: z.number().nullable(),
    revoked_by: z.string().nullable(),
  })
  .transform(
    (row): Consent => ({
      id: row.id,
      community: row.community,
      kind: row.kind,
      version: row.version,
      givenAt: row.given_at,
      givenBy: row.given_by,
      revokedAt: row.revoked_at ?? undefined,
      revokedBy: row.revoked_by ?? undefined,
    }),
  );

/** All that a person ever gave, in order. */
export function consentsOf(store: RegisterStore, person: number, community?: number): Consent[] {
  const sql = "SELECT * FROM consent WHERE person = ?1 AND (?2 IS NULL OR community = ?2) ORDER BY id";
  return store.all(consentRow, sql, person, community ?? null);
}

/** @returns the consent; the one that holds already, if it is to the same text */
export function giveConsent(
  store: RegisterStore,
  person: number,
  community: number,
  { kind, version }: Pick<Consent, "kind" | "version">,
  occasion: Occasion,
): Consent {
  return store.transaction(() => {
    logAccess(store, occasion, person, ["consents"]);
    const same = consentsOf(store, person, community).find(
      (consent) => consent.kind === kind && consent.version === version && consent.revokedAt === undefined,
    );
    if (same !== undefined) return same;
    return store.one(
      consentRow,
      "INSERT INTO consent (person, community, kind, version, given_at, given_by) VALUES (?, ?, ?, ?, ?, ?) RETURNING *",
      ...[person, community, kind, version, occasion.at, occasion.who],
    );
  });
}

/**
 * @param community in whose name: it reaches no other's
 * @returns the consent as it stands now; undefined if the person gave none of this number
 */
export function revokeConsent(
  store: RegisterStore,
  person: number,
  id: number,
  occasion: Occasion,
  community?: number,
): Consent | undefined {
  return store.transaction(() => {
    const consent = consentsOf(store, person, community).find((each) => each.id === id);
    if (consent === undefined || consent.revokedAt !== undefined) return consent;
    logAccess(store, occasion, person, ["consents"]);
    store.run("UPDATE consent SET revoked_at = ?, revoked_by = ? WHERE id = ?", occasion.at, occasion.who, id);
    return { ...consent, revokedAt: occasion.at, revokedBy: occasion.who };
  });
}
