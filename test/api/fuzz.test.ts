/** Requests of all kinds by everybody: nothing makes the API fail, and whatever it answers is what the OpenAPI file says. */

import assert from "node:assert/strict";
import { Ajv2020, type ValidateFunction } from "ajv/dist/2020.js";
import fc from "fast-check";
import { openApiOf } from "../../api/http/openapi.ts";
import { type Callers, enrolCallers } from "../support/apiCallers.ts";
import { type ApiWorld, apiWorld } from "../support/apiWorld.ts";
import type { Got } from "../support/httpAsk.ts";
import { operationsOf, type PathValues } from "../support/openApiRequests.ts";
import { registerSnapshot } from "../support/registerSnapshot.ts";
import { type FuzzRequest, requests } from "../support/requestArbitrary.ts";

const REQUESTS = Number(process.env["CONDIVISA_FUZZ_REQUESTS"] ?? 1500);
const SEED = Number(process.env["CONDIVISA_FUZZ_SEED"] ?? Math.floor(Math.random() * 2 ** 31));
/** After so many what was changed is put back, so that callers stay who they are. */
const ROUND = 250;
const AT_ONCE = 4;

describe("requests of all kinds", () => {
  let world: ApiWorld;
  let callers: Callers;
  before(async function () {
    this.timeout(120_000);
    const now = Math.floor(Date.now() / 1000);
    world = await apiWorld({ clock: () => now });
    callers = await enrolCallers(world.api.url);
  });
  after(() => world.end());

  it(`fail nothing, and are answered as the OpenAPI file says (${REQUESTS} of seed ${SEED})`, async function () {
    this.timeout(60_000 + REQUESTS * 100);
    const document = openApiOf(world.api.routes);
    const check = checkerOf(document);
    const known = [callers.anna, callers.bruno, callers.elsewhere].map(knownOf);
    const arbitrary = requests(document, operationsOf(document), callers.all, known);
    const putBack = registerSnapshot(world.data);
    const statuses = new Map<number, number>();
    for (let done = 0; done < REQUESTS; done += ROUND) {
      const round = fc.sample(arbitrary, { numRuns: Math.min(ROUND, REQUESTS - done), seed: SEED + done });
      const wrong: string[] = [];
      const next = round.values();
      const asking = Array.from({ length: AT_ONCE }, async () => {
        for (const request of next) {
          const got = await asked(world, request);
          statuses.set(got.status, (statuses.get(got.status) ?? 0) + 1);
          const problem = check(request, got);
          if (problem !== undefined) wrong.push(told(request, got, problem));
        }
      });
      await Promise.all(asking);
      assert.deepEqual(wrong, [], `seed ${SEED}, after ${done} requests:\n${failuresIn(world.log)}`);
      putBack();
    }
    console.log(
      `      ${[...statuses]
        .toSorted(([a], [b]) => a - b)
        .map((each) => each.join(": "))
        .join(", ")}`,
    );
    // Neither is everything refused, nor is everything right.
    for (const status of [200, 201, 204, 400, 401, 403, 404, 405, 415, 422]) {
      assert(REQUESTS < 1000 || statuses.has(status), `no answer of ${status}`);
    }
  });
});

function knownOf({ community, account, person, consent, passkey, session, key }: Callers["anna"]): PathValues {
  const of = { community, account, person, consent, passkey, session, key };
  return { ...of, configuration: 0, channel: account, run: 1, year: 2026 };
}

function asked({ connections }: ApiWorld, { ask }: FuzzRequest): Promise<Got> {
  const isStream = ask.method === "GET" && ask.path.includes("/stream");
  return isStream ? connections.listen(ask, 10_000, /up to date/) : connections.ask(ask);
}

/** @returns what is wrong with an answer */
function checkerOf(document: unknown): (request: FuzzRequest, got: Got) => string | undefined {
  const ajv = new Ajv2020({ strict: false, validateFormats: false, allErrors: true });
  ajv.addSchema({ $id: "api", ...Object(document) });
  const compiled = new Map<string, ValidateFunction>();
  const problemOf = (pointer: string, text: string): string | undefined => {
    const validate = compiled.get(pointer) ?? ajv.compile({ $ref: `api#${pointer}` });
    compiled.set(pointer, validate);
    return validate(JSON.parse(text)) ? undefined : ajv.errorsText(validate.errors);
  };
  const pointerTo = (...parts: string[]) =>
    parts.map((part) => `/${encodeURIComponent(part.replaceAll("~", "~0").replaceAll("/", "~1"))}`).join("");

  return ({ operation, ask }, { status, headers, text }) => {
    const type = headers["content-type"] ?? "";
    if (status >= 500) return "a failure";
    if (headers["x-request-id"] === undefined) return "no id";
    if (ask.method === "HEAD") return text === "" ? undefined : "a body to HEAD";
    if (status >= 400) {
      if (!type.startsWith("application/problem+json")) return `an error of type «${type}»`;
      const problem = problemOf(pointerTo("components", "schemas", "Problem"), text);
      if (problem !== undefined) return problem;
      if (!text.includes(`"status":${status},`) || !text.includes(`urn:request:${headers["x-request-id"]}"`)) {
        return "a problem of another request";
      }
    }
    if (ask.method !== operation.method) return status === 405 || status < 500 ? undefined : "neither refused nor done";
    const declared = operation.responses[String(status)];
    if (declared === undefined) return "a status that the file does not name";
    if (status >= 400) return undefined;
    if (declared.content === undefined) return text === "" ? undefined : "a body where the file names none";
    if (declared.content[type]?.schema === undefined) return `a type that the file does not name: «${type}»`;
    if (!type.startsWith("application/json")) return undefined;
    const at = pointerTo("paths", operation.path, operation.method.toLowerCase(), "responses", String(status));
    return problemOf(`${at}${pointerTo("content", type, "schema")}`, text);
  };
}

function told({ operation, caller, ask }: FuzzRequest, { status, text }: Got, problem: string): string {
  const shown = JSON.stringify({ ...ask, body: ask.body?.toString().slice(0, 500) });
  return `${operation.operationId} by ${caller}: ${problem}: ${status} ${text.slice(0, 300)}\n  to ${shown}`;
}

function failuresIn(log: readonly string[]): string {
  return log
    .filter((line) => line.includes('"failed"'))
    .slice(-5)
    .join("");
}
