/** Pages of other sites may not act in the name of who is signed in. */

import assert from "node:assert/strict";
import { IncomingMessage } from "node:http";
import { Socket } from "node:net";
import { Problem } from "../../api/http/problem.ts";
import { checkSameOrigin } from "../../api/http/sameOrigin.ts";

const HOST = "cer.example.org";

function passes(method: string, headers: Record<string, string>, origins: readonly string[] = []): boolean {
  const request = new IncomingMessage(new Socket());
  Object.assign(request, { method, headers: { host: HOST, ...headers } });
  try {
    checkSameOrigin(request, origins);
    return true;
  } catch (error) {
    assert(error instanceof Problem && error.status === 403);
    return false;
  }
}

describe("where a change is asked for from", () => {
  const cases: readonly [string, Record<string, string>, boolean][] = [
    ["the own page", { origin: `https://${HOST}`, "sec-fetch-site": "same-origin" }, true],
    ["another site's page", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }, false],
    ["another host of the domain", { origin: "https://www.example.org", "sec-fetch-site": "same-site" }, false],
    ["a page that hides where it is from", { origin: "null" }, false],
    ["a form of another site in an old browser", { origin: "https://evil.example" }, false],
    ["a navigation from another site without an origin", { "sec-fetch-site": "cross-site" }, false],
    ["an address typed in", { "sec-fetch-site": "none" }, true],
    ["what is no browser", {}, true],
    ["an origin that is none", { origin: "//" }, false],
    ["a machine with its own key", { origin: "https://evil.example", authorization: "Bearer key" }, true],
  ];
  for (const [who, headers, isAllowed] of cases) {
    it(`${who}: ${isAllowed ? "allowed" : "refused"}`, () => assert.equal(passes("POST", headers), isAllowed));
  }

  it("does not matter to who only reads", () => assert(passes("GET", { origin: "https://evil.example" })));

  it("may be a site that is named", () => {
    const origin = "https://app.example.net";
    assert(passes("POST", { origin }, [origin]));
    assert(!passes("POST", { origin: "https://app.example.com" }, [origin]));
  });
});
