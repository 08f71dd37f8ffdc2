import assert from "node:assert/strict";
import fc from "fast-check";
import { addPerson } from "../../../api/register/persons.ts";
import { issueChallenge, takeChallenge } from "../../../api/signIn/challenges.ts";
import { findInvitation, invite, takeInvitation } from "../../../api/signIn/invitations.ts";
import { beginSession, findSession, isAlive, SESSION_LIMITS, type Session } from "../../../api/signIn/sessions.ts";
import { noSessionCookie, SiteError, sessionCookie, sessionTokenIn, siteOf } from "../../../api/signIn/site.ts";
import { BRUNO, NOW, occasion, type TestRegister, testRegister } from "../../support/register.ts";

/** What may happen to secrets that are good once. */
const step = fc.record({
  action: fc.constantFrom("issue", "take", "wait"),
  which: fc.nat(9),
  purpose: fc.constantFrom("a", "b"),
  seconds: fc.nat(200),
});

describe("secrets that are good once", () => {
  let register: TestRegister;
  before(() => {
    register = testRegister();
  });
  after(() => register.end());

  it("challenges are taken once, for their purpose, within five minutes, whatever the order of things", () => {
    const { store } = register;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        let now = NOW;
        const issued: { challenge: string; purpose: string; at: number; isTaken: boolean }[] = [];
        for (const { action, which, purpose, seconds } of steps) {
          if (action === "wait") now += seconds;
          else if (action === "issue") {
            issued.push({ challenge: issueChallenge(store, purpose, now), purpose, at: now, isTaken: false });
          } else {
            const one = issued[which];
            if (one === undefined) continue;
            const isRight = one.purpose === purpose;
            const isGood = isRight && !one.isTaken && now < one.at + 300;
            assert.equal(takeChallenge(store, purpose, one.challenge, now), isGood);
            if (isRight) one.isTaken = true;
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it("no more than ten thousand challenges are kept, the newest", function () {
    this.timeout(20_000);
    const { store } = register;
    const first = issueChallenge(store, "many", NOW);
    let last = "";
    store.transaction(() => {
      for (let count = 0; count < 10_000; count++) last = issueChallenge(store, "many", NOW);
    });
    assert(!takeChallenge(store, "many", first, NOW));
    assert(takeChallenge(store, "many", last, NOW));
  });

  it("an invitation is taken once, and only by its secret", () => {
    const { store } = register;
    const person = addPerson(store, 1, BRUNO, occasion());
    fc.assert(
      fc.property(fc.stringMatching(/^[\w-]{43}$/), fc.integer({ min: 1, max: 4 }), (guess, tries) => {
        const { token } = invite(store, { person, community: 1, account: 8 }, "0x", NOW);
        assert.equal(takeInvitation(store, guess, NOW), undefined);
        assert.equal(findInvitation(store, token, NOW)?.person, person);
        const taken = Array.from({ length: tries }, () => takeInvitation(store, token, NOW));
        assert.deepEqual(
          taken.map((each) => each?.person),
          [person, ...Array(tries - 1).fill(undefined)],
        );
      }),
      { numRuns: 20 },
    );
  });

  it("a session's secret stands in the file as a hash only", () => {
    const { store } = register;
    const token = beginSession(store, { kind: "wallet", wallet: `0x${"1".repeat(40)}` }, undefined, NOW);
    assert.match(token, /^[\w-]{43}$/);
    assert.equal(findSession(store, token, NOW)?.holder.kind, "wallet");
    assert.equal(findSession(store, `${token.slice(0, -1)}_`, NOW), undefined);
  });
});

describe("a session's time", () => {
  it("ends after so long without a request, and after so long at any rate", () => {
    for (const kind of ["person", "wallet"] as const) {
      const { idle, most } = SESSION_LIMITS[kind];
      const holder: Session["holder"] =
        kind === "person" ? { kind, person: 1, passkey: 1 } : { kind, wallet: `0x${"1".repeat(40)}` };
      const session = (begunAt: number, seenAt: number): Session => ({ id: "s", holder, begunAt, seenAt });
      const cases: readonly [Session, boolean][] = [
        [session(NOW, NOW), true],
        [session(NOW - idle + 1, NOW - idle + 1), true],
        [session(NOW - idle, NOW - idle), false],
        [session(NOW - most + 1, NOW), true],
        [session(NOW - most, NOW), false],
      ];
      for (const [each, expected] of cases) assert.equal(isAlive(each, NOW), expected, JSON.stringify(each));
    }
  });
});

describe("the site", () => {
  it("has TLS, or is this machine", () => {
    assert.equal(siteOf("https://cer.example.org:8443", "C").rpId, "cer.example.org");
    const wrong = ["http://cer.example.org", "https://cer.example.org/", "cer.example.org", "ftp://localhost", ""];
    for (const origin of wrong) assert.throws(() => siteOf(origin, "C"), SiteError, origin);
  });

  it("names its cookie after whether it has TLS", () => {
    const local = siteOf("http://localhost:3000", "C");
    assert.equal(sessionCookie(local, "t"), "condivisa-session=t; Path=/; HttpOnly; SameSite=Strict");
    const site = siteOf("https://cer.example.org", "C");
    assert.equal(
      noSessionCookie(site),
      "__Host-condivisa-session=; Max-Age=0; Path=/; HttpOnly; Secure; SameSite=Strict",
    );
    assert.equal(sessionTokenIn(site, "a=1; __Host-condivisa-session=t"), "t");
    // A cookie that another host of the domain can set is not taken.
    assert.equal(sessionTokenIn(site, "condivisa-session=t"), undefined);
    assert.equal(sessionTokenIn(site, undefined), undefined);
  });
});
