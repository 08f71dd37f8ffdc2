/** Where the routes of persons stand, and who may call them. */

import { notFound } from "../http/problem.ts";
import { numberParam, ofCommunity, type PageQuery } from "../routes/request.ts";
import type { Page } from "./accessLog.ts";
import type { RegisterContext } from "./context.ts";
import { belongsTo } from "./persons.ts";

export const TAG = "register";
export const SECRETARY = { member: "never", officers: ["secretary"], scopes: [] } as const;

export const ofPerson = ofCommunity.extend({
  person: numberParam.meta({ description: "Number of the person, in this register" }),
});

const USUAL_ON_A_PAGE = 100;

/** Of a list with the newest first. */
export function newestFirst({ cursor, limit = USUAL_ON_A_PAGE }: PageQuery): Page {
  return { before: cursor ?? Number.MAX_SAFE_INTEGER, limit: limit + 1 };
}

/** A page of a list, which was read with one more than it shows. @param numberOf the cursor behind a row */
export function pageOfRows<Row, Shown>(
  rows: readonly Row[],
  { limit = USUAL_ON_A_PAGE }: PageQuery,
  numberOf: (row: Row) => number,
  show: (row: Row) => Shown,
): { readonly items: Shown[]; readonly next?: string } {
  const shown = rows.slice(0, limit);
  const last = rows.length > limit ? shown.at(-1) : undefined;
  return { items: shown.map(show), ...(last !== undefined && { next: String(numberOf(last)) }) };
}

/** A person of another community is as none. */
export function checkBelongs(
  { store }: RegisterContext,
  params: { readonly community: number; readonly person: number },
): void {
  if (!belongsTo(store, params.person, params.community)) throw notFound();
}
