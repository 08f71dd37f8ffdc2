/** Keeps pages of other sites from acting in the name of who is signed in. */

import type { IncomingMessage } from "node:http";
import { Problem } from "./problem.ts";

const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * A browser says where a request comes from, and a page cannot change what it says; what says nothing is no browser. Cookies are
 * `SameSite=Strict` besides.
 * @param origins sites that may, beside the own
 * @throws Problem 403 if another site's page asks for a change
 */
export function checkSameOrigin({ method, headers }: IncomingMessage, origins: readonly string[]): void {
  if (method === undefined || SAFE_METHODS.has(method) || headers.authorization !== undefined) return;
  const { origin, host } = headers;
  const from = headers["sec-fetch-site"];
  if (origin !== undefined && origins.includes(origin)) return;
  const isOther =
    origin === undefined ? from !== undefined && from !== "same-origin" && from !== "none" : !isOf(origin, host);
  if (isOther) throw new Problem(403, "A page of another site may not do this: use this site's own pages");
}

function isOf(origin: string, host: string | undefined): boolean {
  return URL.canParse(origin) && new URL(origin).host === host;
}
