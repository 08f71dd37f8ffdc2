/** The bodies of requests: JSON, not large, and of a length that is told before. */

import express, { type Request, type RequestHandler } from "express";
import { Problem, type ProblemStatus } from "./problem.ts";

const MOST_BYTES = 65_536;
const TOO_LARGE = `The body is larger than ${MOST_BYTES} bytes`;

const PROBLEMS: Readonly<Record<string, string>> = {
  "entity.parse.failed": "The body is no JSON",
  "entity.too.large": TOO_LARGE,
  "encoding.unsupported": "The body is encoded in a way that is not known here: send it as it is",
  "charset.unsupported": "Send the body as UTF-8",
  "request.aborted": "The request ended before its body did",
  "request.size.invalid": "The body is not as long as its Content-Length says",
};

/** Reads the body of a request, or says what is wrong with it. */
export const READ_BODY: readonly RequestHandler[] = [
  (request, _response, next) => {
    checkHead(request);
    next();
  },
  express.json({ limit: MOST_BYTES }),
];

/**
 * The parser reads a body that is too large to its end before it says so, and whoever sends one need not come to an end.
 * @throws Problem 411 without a length, 413 if it is too large, 415 if it says to be no JSON
 */
function checkHead(request: Request): void {
  if (request.headers["transfer-encoding"] !== undefined) {
    throw new Problem(411, "Send the body in one piece, with its Content-Length");
  }
  const length = Number(request.headers["content-length"] ?? 0);
  if (length > MOST_BYTES) throw new Problem(413, TOO_LARGE);
  if (length > 0 && request.is("application/json") === false) {
    throw new Problem(415, "Send the body as application/json");
  }
}

/** What the parser found wrong; undefined if the error is none of its. */
export function bodyProblem(type: string | undefined, status: number | undefined): Problem | undefined {
  const text = type === undefined ? undefined : PROBLEMS[type];
  return text === undefined ? undefined : new Problem(bodyStatus(status), text);
}

function bodyStatus(status: number | undefined): ProblemStatus {
  return status === 413 || status === 415 ? status : 400;
}
