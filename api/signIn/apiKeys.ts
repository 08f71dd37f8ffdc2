/**
 * Keys of machines: scopes of one community, or of one account. Shown once; good until they end, are revoked, or who made them may no
 * longer make them.
 */

import { randomBytes } from "node:crypto";
import { type Address, getAddress } from "viem";
import { z } from "zod";
import { type Role, SCOPES, type Scope } from "../http/caller.ts";
import type { RegisterContext } from "../register/context.ts";
import { RecalledQuery } from "../register/recalledQuery.ts";
import type { RegisterStore } from "../register/store.ts";
import { hashOf, newToken } from "./tokens.ts";

/** Who may make keys that are good for a whole community. */
export const KEY_MAKERS: readonly Role[] = ["admin", "secretary"];
export const MOST_KEY_DAYS = 366;
const SECONDS_PER_DAY = 86_400;
const USED_SECONDS = 3600;
const PREFIX = "condivisa_";

export type Maker = { readonly person: number } | { readonly wallet: Address };

export type ApiKey = {
  /** Names it in lists; no secret. */
  readonly id: string;
  readonly community: number;
  readonly account: number | undefined;
  readonly scopes: readonly Scope[];
  /** What it is for. No personal data belongs here. */
  readonly label: string;
  readonly maker: Maker;
  readonly madeAt: number;
  readonly endsAt: number;
  readonly usedAt: number | undefined;
  readonly revokedAt: number | undefined;
};

const scopes = z.array(z.enum(SCOPES));
const keyRow = z
  .object({
    id: z.string(),
    community: z.number(),
    account: z.number().nullable(),
    scopes: z.string().transform((text) => scopes.parse(text.split(","))),
    label: z.string(),
    person: z.number().nullable(),
    wallet: z.string().nullable(),
    made_at: z.number(),
    ends_at: z.number(),
    used_at: z.number().nullable(),
    revoked_at: z.number().nullable(),
  })
  .transform(
    (row): ApiKey => ({
      id: row.id,
      community: row.community,
      account: row.account ?? undefined,
      scopes: row.scopes,
      label: row.label,
      maker: row.person === null ? { wallet: getAddress(row.wallet ?? "") } : { person: row.person },
      madeAt: row.made_at,
      endsAt: row.ends_at,
      usedAt: row.used_at ?? undefined,
      revokedAt: row.revoked_at ?? undefined,
    }),
  );

const ofHash = new RecalledQuery(keyRow, "SELECT * FROM api_key WHERE hash = ?");

export type KeyWanted = {
  readonly community: number;
  readonly account: number | undefined;
  readonly scopes: readonly Scope[];
  readonly label: string;
  readonly days: number;
};

/** @returns the key, and the secret that is kept nowhere */
export function makeKey(
  store: RegisterStore,
  wanted: KeyWanted,
  maker: Maker,
  now: number,
): { key: ApiKey; secret: string } {
  const secret = `${PREFIX}${newToken()}`;
  const { community, account, scopes, label, days } = wanted;
  const [person, wallet] = "person" in maker ? [maker.person, null] : [null, maker.wallet];
  const key = store.one(
    keyRow,
    `INSERT INTO api_key (id, hash, community, account, scopes, label, person, wallet, made_at, ends_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) RETURNING *`,
    ...[
      randomBytes(8).toString("hex"),
      hashOf(secret),
      community,
      account ?? null,
      [...new Set(scopes)].join(","),
      label,
    ],
    ...[person, wallet, now, now + days * SECONDS_PER_DAY],
  );
  return { key, secret };
}

/** Those of a community, or only those of one account; the newest first. */
export function keysOf(store: RegisterStore, community: number, account?: number): ApiKey[] {
  const sql = `SELECT * FROM api_key WHERE community = ?1 AND (?2 IS NULL OR account = ?2) ORDER BY made_at DESC, id`;
  return store.all(keyRow, sql, community, account ?? null);
}

/** @returns whether there is such a key */
export function revokeKey(
  store: RegisterStore,
  { id, community, account }: { readonly id: string; readonly community: number; readonly account: number | undefined },
  now: number,
): boolean {
  const sql = `UPDATE api_key SET revoked_at = coalesce(revoked_at, ?1)
               WHERE id = ?2 AND community = ?3 AND (?4 IS NULL OR account = ?4)`;
  return store.run(sql, now, id, community, account ?? null) > 0;
}

/** The key of a secret, if it is good. */
export function findKey(
  { store, officesOf }: Pick<RegisterContext, "store" | "officesOf">,
  secret: string,
  now: number,
): ApiKey | undefined {
  if (!secret.startsWith(PREFIX)) return undefined;
  const hash = hashOf(secret);
  const [key] = ofHash.rows(store, hash.toString("latin1"), hash);
  if (key === undefined || key.revokedAt !== undefined || key.endsAt <= now) return undefined;
  if (!isStillMaker(store, officesOf, key)) return undefined;
  if (key.usedAt === undefined || now >= key.usedAt + USED_SECONDS) {
    store.run("UPDATE api_key SET used_at = ? WHERE id = ?", now, key.id);
  }
  return key;
}

const memberships = new RecalledQuery(
  z.object({ id: z.number() }),
  "SELECT id FROM membership WHERE person = ? AND community = ? AND account = ?",
);

/** A key is worth no more than who made it: it ends with the office, or with the account. */
function isStillMaker(store: RegisterStore, officesOf: RegisterContext["officesOf"], key: ApiKey): boolean {
  const { maker, community, account } = key;
  if ("wallet" in maker) {
    return officesOf(maker.wallet).some((office) => office.community === community && KEY_MAKERS.includes(office.role));
  }
  if (account === undefined) return false;
  const membership = [maker.person, community, account];
  return memberships.rows(store, membership.join(" "), ...membership).length > 0;
}
