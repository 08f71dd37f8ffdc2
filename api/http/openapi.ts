/** The OpenAPI 3.1 file, from the same schemas that validate. */

import { z } from "zod";
import { createDocument, type ZodOpenApiPathsObject } from "zod-openapi";
import { problemSchema } from "./problem.ts";
import type { Route } from "./route.ts";
import { LOCAL_SESSION_COOKIE, SESSION_COOKIE } from "./sessionCookie.ts";

export const API_PREFIX = "/api/v1";

const SECURITY = [{ session: [] }, { key: [] }];

export function openApiOf(routes: readonly Route[]) {
  const paths: ZodOpenApiPathsObject = {};
  for (const each of routes) {
    const path = `${API_PREFIX}${each.path}`;
    paths[path] = { ...paths[path], [each.method]: operationOf(each) };
  }
  return createDocument({
    openapi: "3.1.1",
    info: {
      title: "Condivisa",
      version: "1",
      description:
        "Readings, accruals, statements and proofs of renewable energy communities, as the chain says them. Amounts are micro-euro, " +
        "energies Wh, months of Italy's calendar (2026-01), hours and moments in UTC (2026-03-31T22:00:00Z); integers that may pass 2⁵³ are decimal strings.",
      license: { name: "EUPL-1.2", identifier: "EUPL-1.2" },
    },
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
    paths,
    components: {
      securitySchemes: {
        session: {
          type: "apiKey",
          in: "cookie",
          name: SESSION_COOKIE,
          description: `Of who signed in; \`${LOCAL_SESSION_COOKIE}\` on http://localhost`,
        },
        key: { type: "http", scheme: "bearer", description: "A machine's key" },
      },
    },
  });
}

function operationOf(each: Route) {
  const { params, query, body, access, content, status } = each;
  const problem = (description: string) => ({
    description,
    content: { "application/problem+json": { schema: problemSchema } },
  });
  const takesBody = !(body instanceof z.ZodUndefined);
  const extra = [...(takesBody ? ([411, 413, 415] as const) : []), ...(each.problems ?? [])].map((code) => {
    return [String(code), problem(PROBLEMS[code])];
  });
  const isOpen = access === "public";
  return {
    operationId: each.operation,
    summary: each.summary,
    ...(each.description && { description: each.description }),
    tags: [each.tag],
    security: isOpen ? [] : SECURITY,
    "x-access": access,
    requestParams: { path: params, query },
    ...(takesBody && { requestBody: { required: true, content: { "application/json": { schema: body } } } }),
    responses: {
      [String(status)]: {
        description: "Done",
        ...(Object.keys(content).length > 0 && {
          content: Object.fromEntries(Object.entries(content).map(([type, schema]) => [type, { schema }])),
        }),
      },
      ...(each.method === "get" && { "304": { description: "Not changed since the version of If-None-Match" } }),
      "400": problem("Not what this address takes"),
      "401": problem(isOpen ? "The key that was sent is not good" : "Not signed in"),
      ...((!isOpen || each.method !== "get") && { "403": problem("Not allowed") }),
      "404": problem("Not there, or not for you"),
      "429": problem("Too many requests"),
      ...Object.fromEntries(extra),
    },
  };
}

const PROBLEMS = {
  409: "Contradicts what is there",
  410: "Was there, and is over",
  411: "The body has no Content-Length",
  413: "The body is too large",
  415: "The body is not JSON in UTF-8",
  422: "Well formed, but cannot be done",
  503: "Not now: try again later",
} as const;
