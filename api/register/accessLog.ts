/** Who looked at whose data: written down, durably, before anything is shown. The log itself holds numbers and names of fields only. */

import { z } from "zod";
import { type Caller, rolesIn } from "../http/caller.ts";
import type { RegisterStore } from "./store.ts";

/** On what occasion personal data is touched. */
export type Occasion = {
  /** A wallet with its roles, `person N`, or `operator`. */
  readonly who: string;
  /** In the name of which community; undefined: the person's own, or the operator's. */
  readonly community: number | undefined;
  /** The route, or the command and the reason that was given. */
  readonly reason: string;
  /** Id of the request, as the server's log has it; of a command, its name. */
  readonly request: string;
  readonly at: number;
};

export type Access = {
  readonly id: number;
  readonly at: number;
  readonly who: string;
  readonly person: number;
  readonly community: number | undefined;
  readonly fields: readonly string[];
  readonly reason: string;
  readonly request: string;
};

const accessRow = z
  .object({
    id: z.number(),
    at: z.number(),
    who: z.string(),
    person: z.number(),
    community: z.number().nullable(),
    fields: z.string(),
    reason: z.string(),
    request: z.string(),
  })
  .transform(
    ({ fields, community, ...row }): Access => ({
      ...row,
      community: community ?? undefined,
      fields: fields.split(","),
    }),
  );

/** How a caller is written into the log. */
export function whoIs(caller: Caller, community: number | undefined): string {
  switch (caller.kind) {
    case "nobody":
      return "nobody";
    case "member":
      return `person ${caller.person}`;
    case "machine":
      return `key ${caller.key}`;
    case "officer": {
      const roles = community === undefined ? [] : rolesIn(caller, community);
      return roles.length === 0 ? caller.wallet : `${caller.wallet} (${roles.join(", ")})`;
    }
  }
}

/** To be called within the transaction that reads or changes the data. */
export function logAccess(store: RegisterStore, occasion: Occasion, person: number, fields: readonly string[]): void {
  const { at, who, community, reason, request } = occasion;
  store.run(
    "INSERT INTO access (at, who, person, community, fields, reason, request) VALUES (?, ?, ?, ?, ?, ?, ?)",
    ...[at, who, person, community ?? null, fields.join(","), reason, request],
  );
}

/** A person's own, the newest first. @param community only what was done in its name */
export function accessesTo(store: RegisterStore, person: number, page: Page, community?: number): Access[] {
  return store.all(
    accessRow,
    "SELECT * FROM access WHERE person = ? AND id < ? AND (?3 IS NULL OR community = ?3) ORDER BY id DESC LIMIT ?4",
    ...[person, page.before, community ?? null, page.limit],
  );
}

/** All of a community, the newest first. */
export function accessesIn(store: RegisterStore, community: number, { before, limit }: Page): Access[] {
  const sql = "SELECT * FROM access WHERE community = ? AND id < ? ORDER BY id DESC LIMIT ?";
  return store.all(accessRow, sql, community, before, limit);
}

/** Of a list, the newest first: those numbered below `before`, so many. */
export type Page = { readonly before: number; readonly limit: number };

export const WHOLE: Page = { before: Number.MAX_SAFE_INTEGER, limit: Number.MAX_SAFE_INTEGER };
