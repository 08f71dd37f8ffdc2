/** Where the routes of persons stand, and who may call them. */

import { z } from "zod";
import { numberParam } from "../http/numberParam.ts";
import { notFound } from "../http/problem.ts";
import type { Page } from "./accessLog.ts";
import type { RegisterContext } from "./context.ts";
import { belongsTo } from "./persons.ts";

export const TAG = "register";
export const SECRETARY = { member: "never", officers: ["secretary"], scopes: [] } as const;

const community = numberParam("Of the community");
export const inCommunity = z.strictObject({ community });
export const ofPerson = z.strictObject({ community, person: numberParam("Of the person, in this register") });

/** Cursors of lists are numbers of rows. */
export const pageQuery = z.strictObject({
  cursor: numberParam("The `next` of the page before").optional(),
  limit: numberParam("So many at most; 50 if not given, 200 if more")
    .transform((limit) => Math.min(limit, 200))
    .optional(),
});
export const USUAL_LIMIT = 50;

/** Of a list with the newest first. */
export function pageOf({ cursor, limit = USUAL_LIMIT }: z.infer<typeof pageQuery>): Page {
  return { before: cursor ?? Number.MAX_SAFE_INTEGER, limit };
}

/** A person of another community is as none. */
export function checkBelongs(
  { store }: RegisterContext,
  params: { readonly community: number; readonly person: number },
): void {
  if (!belongsTo(store, params.person, params.community)) throw notFound();
}
