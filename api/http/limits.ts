/** How much one caller may ask. */

import type { Request, RequestHandler, Response } from "express";
import { ipKeyGenerator, rateLimit } from "express-rate-limit";
import type { Caller } from "./caller.ts";
import { Problem } from "./problem.ts";

const WINDOW = { windowMs: 60_000 };
/** Keys of one address that are good for nothing, in a minute. */
const MOST_GUESSES = 30;
/** Of one caller at the same time: a browser's pages share one. */
const MOST_STREAMS = 10;

/** By whom requests are counted: who is signed in by the session, machines by their key, all others by their address. */
export function callerKey(caller: Caller, request: Request): string {
  switch (caller.kind) {
    case "nobody":
      return `ip ${addressOf(request)}`;
    case "machine":
      return `key ${caller.key}`;
    default:
      return `session ${caller.session}`;
  }
}

/** @param limit requests of one caller in a minute */
export function perMinute(limit: number, whoOf: (request: Request) => string): RequestHandler {
  return rateLimit({
    ...WINDOW,
    limit,
    standardHeaders: "draft-7",
    legacyHeaders: false,
    keyGenerator: whoOf,
    handler: (_request, _response, next) => next(new Problem(429, "Too many requests: wait a minute")),
  });
}

/** Counts keys that are good for nothing. They are random and long; who tries many at least costs nothing. */
export class KeyGuesses {
  readonly #count = rateLimit({
    ...WINDOW,
    limit: MOST_GUESSES,
    standardHeaders: false,
    legacyHeaders: false,
    keyGenerator: addressOf,
    handler: (_request, _response, next) => next(),
  });

  /** @throws Problem what `identify` throws; 429 to an address from which too many bad keys came, whatever it sends then */
  async watch(request: Request, response: Response, identify: () => Caller): Promise<Caller> {
    if (request.headers.authorization === undefined) return identify();
    const before = await this.#count.getKey(addressOf(request));
    if (before !== undefined && before.totalHits >= MOST_GUESSES) throw tooManyGuesses(before.resetTime);
    try {
      return identify();
    } catch (error) {
      if (error instanceof Problem && error.status === 401) await this.#count(request, response, () => undefined);
      throw error;
    }
  }
}

function tooManyGuesses(reset: Date | undefined): Problem {
  const seconds = Math.max(1, Math.ceil(((reset?.getTime() ?? 0) - Date.now()) / 1000));
  const headers = { "Retry-After": String(seconds) };
  return new Problem(429, "Too many keys from this address were good for nothing: wait a minute", { headers });
}

/** Counts the streams that are open. */
export class OpenStreams {
  readonly #open = new Map<string, number>();

  /** @throws Problem 429 if the caller has too many already */
  async whileOpen(who: string, work: () => Promise<void>): Promise<void> {
    const open = this.#open.get(who) ?? 0;
    if (open >= MOST_STREAMS) throw new Problem(429, `Only ${MOST_STREAMS} streams may be open at once: close some`);
    this.#open.set(who, open + 1);
    try {
      await work();
    } finally {
      const left = (this.#open.get(who) ?? 1) - 1;
      if (left === 0) this.#open.delete(who);
      else this.#open.set(who, left);
    }
  }
}

/** IPv6 addresses by their network, since one caller has many. */
function addressOf({ ip = "" }: Request): string {
  return ipKeyGenerator(ip);
}
