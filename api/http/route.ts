/** What a route is: who may call it, what it takes and gives, and how it answers. The server and the OpenAPI file are made of these. */

import { z } from "zod";
import type { Access } from "./access.ts";
import type { Caller } from "./caller.ts";
import { type FieldProblem, Problem } from "./problem.ts";

export type Method = "get" | "post" | "put" | "delete";

/** An answer. `version` names the state of what is shown: the same version is the same answer, and need not be sent twice. */
export type Reply = {
  readonly status?: 200 | 201 | 202 | 204;
  readonly type?: string;
  readonly body?: string | Uint8Array;
  readonly version?: string;
  readonly headers?: Readonly<Record<string, string | readonly string[]>>;
  /**
   * Instead of a body: goes on until `end`, when the caller leaves, may no longer know, or the server stops. `write` is done when the
   * caller has room for more: who waits for it keeps nothing for callers who do not read.
   */
  readonly stream?: (write: (text: string) => Promise<void>, end: AbortSignal) => Promise<void>;
};

/** What a request brings, parsed. */
export type Given<P, Q, B> = {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  readonly caller: Caller;
  readonly requestId: string;
  /** Lower-case names. */
  readonly header: (name: string) => string | undefined;
  readonly ip: string;
};

/** What an answer of 200 looks like, by media type. */
export type Content = Readonly<Record<string, z.ZodType>>;

export type RouteInfo = {
  readonly method: Method;
  /** With parameters in braces, as OpenAPI writes them. */
  readonly path: string;
  readonly operation: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  readonly access: Access;
  readonly params: z.ZodObject;
  readonly query: z.ZodObject;
  readonly body: z.ZodType;
  readonly status: 200 | 201 | 202 | 204;
  readonly content: Content;
  /** Beside those that every route has. */
  readonly problems?: readonly (409 | 410 | 422 | 503)[];
  /** Requests of one caller in a minute; by default the server's. */
  readonly perMinute?: number;
};

/** What came in, not looked at yet. */
export type RawRequest = Omit<Given<unknown, unknown, unknown>, "caller">;

export type Route = RouteInfo & {
  /**
   * Parses, asks `authorise` and answers.
   * @throws Problem 400 that names every wrong field
   */
  readonly answer: (
    raw: RawRequest,
    caller: Caller,
    authorise: (caller: Caller, access: Access, params: Readonly<Record<string, unknown>>) => void,
  ) => Promise<Reply>;
};

export const NO_PARAMS = z.strictObject({});
export const NO_QUERY = z.strictObject({});
export const NO_BODY = z.undefined();

/** A route from what it takes, what it gives and how it answers. */
export function route<P extends z.ZodObject, Q extends z.ZodObject, B extends z.ZodType>(
  definition: Omit<RouteInfo, "params" | "query" | "body"> & {
    readonly params: P;
    readonly query: Q;
    readonly body: B;
    readonly handle: (given: Given<z.infer<P>, z.infer<Q>, z.infer<B>>) => Reply | Promise<Reply>;
  },
): Route {
  const { handle, ...info } = definition;
  return {
    ...info,
    async answer(raw, caller, authorise) {
      const params = parsed("path", info.params, raw.params);
      authorise(caller, info.access, params);
      const query = parsed("query", info.query, raw.query);
      const body = parsed("body", info.body, raw.body);
      return handle({ ...raw, params, query, body, caller });
    },
  };
}

function parsed<S extends z.ZodType>(place: string, shape: S, value: unknown): z.infer<S> {
  const result = shape.safeParse(value, { error: ({ code, input }) => wording(code, input) });
  if (result.success) return result.data;
  const fields = result.error.issues.map((issue): FieldProblem => {
    const field = [place, ...issue.path.map(String)].join(".");
    if (issue.code !== "unrecognized_keys") return { field, problem: issue.message };
    return { field, problem: `unknown: ${issue.keys.join(", ")}`, remedy: "Remove it or mend its spelling" };
  });
  throw new Problem(400, `The ${place} of the request is not what this address takes: see errors`, { fields });
}

/** Instead of zod's own words, where those do not help. */
function wording(code: string | undefined, input: unknown): string | undefined {
  return code === "invalid_type" && input === undefined ? "missing" : undefined;
}

/** JSON with bigints as decimal strings. */
export function json(value: unknown, more: Omit<Reply, "type" | "body"> = {}): Reply {
  const body = JSON.stringify(value, (_, part: unknown) => (typeof part === "bigint" ? part.toString() : part));
  return { ...more, type: "application/json", body };
}
