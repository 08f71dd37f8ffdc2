/** Every route × every caller: who gets an answer, and what those who get none can find out. */

import assert from "node:assert/strict";
import { openApiOf } from "../../api/http/openapi.ts";
import { type Asking, type Callers, enrolCallers } from "../support/apiCallers.ts";
import { type ApiWorld, apiWorld } from "../support/apiWorld.ts";
import type { Got } from "../support/httpAsk.ts";
import {
  addressOf,
  hasPathParameter,
  type Operation,
  operationsOf,
  type PathValues,
} from "../support/openApiRequests.ts";
import { expectedStatus, WHO_MAY_CALL } from "../support/whoMayCall.ts";

/** What a request is about: by the parameters that an address has. */
type Target = { readonly name: string; readonly values: PathValues; readonly in: "path" | "account" | "community" };

describe("authorisation", () => {
  let world: ApiWorld;
  let callers: Callers;
  let operations: Operation[];
  before(async function () {
    this.timeout(120_000);
    world = await apiWorld();
    callers = await enrolCallers(world.api.url);
    operations = operationsOf(openApiOf(world.api.routes));
  });
  after(() => world.end());

  const valuesOf = (who: "anna" | "bruno" | "elsewhere"): PathValues => {
    const { community, account, person, consent, passkey, session, key } = callers[who];
    return {
      community,
      account,
      configuration: 0,
      channel: account,
      run: 1,
      year: 2026,
      person,
      consent,
      passkey,
      session,
      key,
    };
  };

  it("of every route is written down, and what the route itself states is the same", () => {
    const ruled = new Set(Object.keys(WHO_MAY_CALL));
    for (const operation of operations) {
      const { operationId } = operation;
      const rule = WHO_MAY_CALL[operationId];
      assert(rule !== undefined, `${operationId}: say in test/api/whoMayCall.ts who may call it`);
      assert.deepEqual(statedBy(operation), rule.split(" ").toSorted(), operationId);
      const isOwn = rule.split(" ").includes("own");
      assert(!isOwn || hasPathParameter(operation, "account"), `${operationId}: own, but of no account in its path`);
      ruled.delete(operationId);
    }
    assert.deepEqual([...ruled], [], "rules of routes that there are not");
  });

  it("holds for every route and every caller, for what is theirs, another's, and elsewhere", async function () {
    this.timeout(300_000);
    const targets: Target[] = [
      { name: "Anna's", values: valuesOf("anna"), in: "path" },
      { name: "Bruno's", values: valuesOf("bruno"), in: "account" },
      { name: "elsewhere", values: valuesOf("elsewhere"), in: "community" },
    ];
    const wrong: string[] = [];
    let count = 0;
    for (const operation of operations) {
      const asked = targets.filter(({ in: where }) => where === "path" || hasPathParameter(operation, where));
      for (const { name, values } of asked) {
        for (const caller of callers.all) {
          const expected = expectedStatus(operation, values, caller);
          const { status } = await probe(world, operation, values, caller);
          count++;
          if (status !== expected) {
            wrong.push(`${caller.name} ${operation.operationId} ${name}: ${status} instead of ${expected}`);
          }
        }
      }
    }
    assert.deepEqual(wrong, []);
    assert(count > 3000, `${count} requests`);
  });
});

/** `x-access` in the words of WHO_MAY_CALL. */
function statedBy({ "x-access": access }: Operation): string[] {
  if (access === "public") return ["anybody"];
  if (typeof access === "string") return [access];
  const member = { own: ["own"], community: ["members"], never: [] }[access.member];
  return [...member, ...access.officers, ...access.scopes.map((scope) => `key:${scope}`)].toSorted();
}

/**
 * Asks in a way that changes nothing. What would change something is asked with a parameter that no route knows: that is found out
 * after it was decided whether the caller may.
 */
async function probe(
  { connections }: ApiWorld,
  each: Operation,
  values: PathValues,
  { headers }: Asking,
): Promise<Got> {
  const address = addressOf(each, values);
  if (Object.values(each.responses).some(({ content }) => content?.["text/event-stream"] !== undefined)) {
    return connections.listen({ method: "GET", path: address, headers }, 5000, /the stream begins/);
  }
  if (each.method === "GET") return connections.ask({ method: "GET", path: address, headers });
  const path = `${address}${address.includes("?") ? "&" : "?"}unknown=1`;
  return connections.ask({ method: each.method, path, headers });
}
