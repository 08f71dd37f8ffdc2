/** What went wrong, as RFC 9457 wants it told. */

import { z } from "zod";

/** What is wrong with one field of a request. */
export type FieldProblem = { readonly field: string; readonly problem: string; readonly remedy?: string };

const TITLES = {
  400: "Bad request",
  401: "Not signed in",
  403: "Not allowed",
  404: "Not found",
  405: "Method not allowed",
  406: "Not acceptable",
  409: "Conflict",
  410: "Gone",
  411: "Length required",
  413: "Too large",
  415: "Unsupported media type",
  422: "Cannot be done",
  429: "Too many requests",
  431: "Headers too large",
  500: "Internal error",
  503: "Not available now",
} as const;

export type ProblemStatus = keyof typeof TITLES;

/** An answer that is an error of the one who asks, or of the moment. Its text is told to whoever asks. */
export class Problem extends Error {
  override name = "Problem";
  readonly status: ProblemStatus;
  readonly fields: readonly FieldProblem[];
  readonly headers: Readonly<Record<string, string>>;

  constructor(
    status: ProblemStatus,
    detail: string,
    {
      fields = [],
      headers = {},
    }: { readonly fields?: readonly FieldProblem[]; readonly headers?: Readonly<Record<string, string>> } = {},
  ) {
    super(detail);
    this.status = status;
    this.fields = fields;
    this.headers = headers;
  }
}

/** The same for what is not there and for what one may not know of. */
export function notFound(): Problem {
  return new Problem(404, "There is nothing here, or nothing that you may see. Check the address");
}

export const problemSchema = z
  .object({
    type: z.literal("about:blank"),
    title: z.string(),
    status: z.int(),
    detail: z.string().meta({ description: "What went wrong, and what to do about it" }),
    instance: z.string().meta({ description: "The id of the request, for whoever looks into the log" }),
    errors: z.array(z.object({ field: z.string(), problem: z.string(), remedy: z.string().optional() })).optional(),
  })
  .meta({ id: "Problem", description: "RFC 9457" });

/** The body of an error's answer. */
export function problemBody({ status, message, fields }: Problem, requestId: string): z.infer<typeof problemSchema> {
  return {
    type: "about:blank",
    title: TITLES[status],
    status,
    detail: message,
    instance: `urn:request:${requestId}`,
    ...(fields.length === 0 ? {} : { errors: [...fields] }),
  };
}
