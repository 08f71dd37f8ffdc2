/** The register over HTTP: who gets what, and that after an erasure nothing says who it was. */

import assert from "node:assert/strict";
import { z } from "zod";
import type { Role } from "../../../api/http/caller.ts";
import { openApiOf } from "../../../api/http/openapi.ts";
import { keepPayments } from "../../../api/register/payees.ts";
import { Authenticator } from "../../support/authenticator.ts";
import { ANNA, ANNA_NAMES, occasion } from "../../support/register.ts";
import {
  type Answer,
  type Browser,
  invited,
  type Member,
  ORIGIN,
  type RegisterApi,
  redeem,
  registerApi,
} from "../../support/registerApi.ts";

const personShape = z.object({ person: z.int() });
const listShape = z.object({ items: z.array(z.looseObject({ person: z.int() })), next: z.string().optional() });
const consentShape = z.looseObject({ consent: z.int(), revokedAt: z.string().optional() });
const accessesShape = z.object({
  items: z.array(z.object({ who: z.string(), reason: z.string(), request: z.string(), fields: z.array(z.string()) })),
  next: z.string().optional(),
});
const PAYMENT = {
  account: 7,
  endToEndId: "CER-1-7",
  amount: 12_340_000n,
  executedOn: "2026-05-04",
  name: "Anna Bianchi",
  iban: "IT60X0542811101000000123456",
};

describe("the register over HTTP", () => {
  let api: RegisterApi;
  let secretary: Browser;
  let anna: Member;
  beforeEach(async () => {
    api = await registerApi();
    secretary = await api.officer("secretary");
    const { person } = await secretary.post("/communities/1/persons", ANNA, personShape);
    const [browser, authenticator] = [api.browser(), new Authenticator(ORIGIN)];
    const redeemed = await redeem(browser, await invited(secretary, 1, person, 7), authenticator);
    assert.equal(redeemed.status, 200);
    anna = { person, browser, authenticator };
  });
  afterEach(() => api.end());

  it("lets the secretary keep persons, page by page", async () => {
    for (const account of [8, 9, 10]) {
      await secretary.post("/communities/1/persons", { name: `P${account}`, accounts: [{ account }] }, personShape);
    }
    const first = await secretary.get("/communities/1/persons?limit=3", listShape);
    assert.equal(first.items.length, 3);
    const rest = await secretary.get(`/communities/1/persons?limit=3&cursor=${first.next}`, listShape);
    assert.deepEqual([rest.items.length, rest.next], [1, undefined]);
    const answer = await secretary.ask("GET", `/communities/1/persons/${anna.person}`);
    for (const name of ANNA_NAMES) assert(answer.text.includes(name), name);
    assert.equal(answer.headers.get("Cache-Control"), "no-store");
    const changed = { name: "Anna Verdi", accounts: [{ account: 7 }] };
    assert.equal((await secretary.ask("PUT", `/communities/1/persons/${anna.person}`, changed)).status, 204);
    const after = await secretary.ask("GET", `/communities/1/persons/${anna.person}`);
    assert(after.text.includes("Anna Verdi") && !after.text.includes("Bianchi"));
  });

  it("refuses accounts that the chain does not know, and a second bank account of one account", async () => {
    const path = "/communities/1/persons";
    const unknown = await secretary.ask("POST", path, { name: "X", accounts: [{ account: 21 }] });
    assert.equal(unknown.status, 422);
    assert.match(unknown.text, /body\.accounts\.0\.account/);
    const taken = { name: "X", accounts: [{ account: 7, iban: "DE89370400440532013000" }] };
    assert.equal((await secretary.ask("POST", path, taken)).status, 409);
    assert.equal((await secretary.ask("POST", path, { name: "X", accounts: [] })).status, 400);
  });

  it("lets a person see and change what is their own", async () => {
    const { browser } = anna;
    const contact = { email: "nuova@example.org" };
    assert.equal((await browser.ask("PUT", "/me/contact", contact)).status, 204);
    const record = await browser.get("/me/record", z.looseObject({ email: z.string(), phone: z.string().optional() }));
    assert.deepEqual([record.email, record.phone], ["nuova@example.org", undefined]);
    // Where the money goes is not for whoever holds the phone to change.
    assert.equal((await browser.ask("PUT", "/me/contact", { ...contact, iban: "DE89370400440532013000" })).status, 400);

    const wanted = { community: 1, kind: "newsletter", version: "2026-01" };
    const { consent } = await browser.post("/me/consents", wanted, consentShape);
    assert.equal((await browser.ask("POST", "/me/consents", { ...wanted, community: 2 })).status, 404);
    const revoked = await browser.ask("DELETE", `/me/consents/${consent}`);
    assert(consentShape.parse(revoked.body).revokedAt !== undefined);
    const { consents } = await browser.get("/me/consents", z.object({ consents: z.array(consentShape) }));
    assert.deepEqual(
      consents.map((each) => each.consent),
      [consent],
    );

    const whole = await browser.ask("GET", "/me/export");
    assert.match(whole.headers.get("Content-Disposition") ?? "", /attachment/);
    for (const name of ["Anna Bianchi", "nuova@example.org", "newsletter", "exportOwnRecord"]) {
      assert(whole.text.includes(name), name);
    }
    // Moments as everywhere: whole seconds.
    assert.match(whole.text, /"createdAt":"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"/);
    assert.doesNotMatch(whole.text, /:\d\d\.\d+Z"/);
  });

  it("shows a person who looked, and the overseers too, without a name", async () => {
    const treasurer = await api.officer("treasurer");
    const payees = await treasurer.ask("GET", "/communities/1/payees", undefined, { "X-Request-Id": "payees-1" });
    assert(payees.text.includes("IT60X0542811101000000123456"));
    const { items: accesses } = await anna.browser.get("/me/accesses", accessesShape);
    assert.match(accesses[0]?.who ?? "", /^0x[0-9a-fA-F]{40} \(treasurer\)$/);
    assert.deepEqual(accesses[0]?.fields, ["name", "iban"]);
    assert.deepEqual([accesses[0]?.reason, accesses[0]?.request], ["listPayees", "payees-1"]);
    const auditor = await api.officer("auditor");
    const seen = await auditor.ask("GET", "/communities/1/accesses?limit=1");
    assert.deepEqual(
      accessesShape.parse(seen.body).items.map(({ request }) => request),
      ["payees-1"],
    );
    for (const name of ANNA_NAMES) assert(!seen.text.includes(name));
    const { next } = accessesShape.parse(seen.body);
    const older = await auditor.get(`/communities/1/accesses?limit=1&cursor=${next}`, accessesShape);
    assert.equal(older.items[0]?.reason, "invite");
  });

  it("shows a community nothing of another, not even that a person belongs to it", async () => {
    const other = await api.officer("secretary", 2);
    const path = `/communities/1/persons/${anna.person}`;
    const there = `/communities/2/persons/${anna.person}`;
    for (const [method, suffix, body] of [
      ["GET", "", undefined],
      ["PUT", "", { name: "X", accounts: [{ account: 1 }] }],
      ["DELETE", "", undefined],
      ["GET", "/export", undefined],
      ["POST", "/consents", { kind: "newsletter", version: "1" }],
      ["DELETE", "/consents/1", undefined],
      ["POST", "/invitation", { account: 7 }],
      ["DELETE", "/invitation", undefined],
    ] as const) {
      const mine = await other.ask(method, there + suffix, body);
      const none = await other.ask(method, `/communities/2/persons/999${suffix}`, body);
      assert.deepEqual([mine.status, none.status], [404, 404], `${method} ${suffix}`);
      assert.equal(withoutId(mine), withoutId(none));
      assert.equal((await other.ask(method, path + suffix, body)).status, 404);
    }
  });

  it("gives nothing of a person to anybody who may not, by any route", async () => {
    const bruno = await api.member(secretary, 1, 8, "Bruno Conti");
    const made = z.object({ secret: z.string() });
    const wanted = { label: "k", scopes: ["energy", "money", "statements", "proofs", "exports", "alarms"] };
    const { secret } = await secretary.post("/communities/1/keys", wanted, made);
    const consent = await anna.browser.post(
      "/me/consents",
      { community: 1, kind: "newsletter", version: "1" },
      consentShape,
    );
    const callers: [string, Browser, Record<string, string>][] = [
      ["nobody", api.browser(), {}],
      ["another member", bruno.browser, {}],
      ["a member elsewhere", (await api.member(await api.officer("secretary", 2), 2, 7, "Carla")).browser, {}],
      ["a machine", api.browser(), { Authorization: `Bearer ${secret}` }],
      ["a secretary elsewhere", await api.officer("secretary", 2), {}],
    ];
    for (const role of ["admin", "auditor", "treasurer", "president"] satisfies Role[]) {
      callers.push([role, await api.officer(role), {}]);
    }
    const document = openApiOf(api.routes);
    let count = 0;
    for (const [path, methods] of Object.entries(document.paths ?? {})) {
      for (const method of Object.keys(methods)) {
        const address = path
          .replace("/api/v1", "")
          .replace("{community}", "1")
          .replace("{account}", "7")
          .replace("{person}", String(anna.person))
          .replace("{consent}", String(consent.consent))
          .replace("{passkey}", "1")
          .replace("{session}", "00000000-0000-4000-8000-000000000000")
          .replace("{key}", "0123456789abcdef");
        // Ending one's own session would make the rest a test of nobody.
        if (method === "delete" && /^\/sessions?$/.test(address)) continue;
        for (const [who, browser, headers] of callers) {
          const body = method === "post" || method === "put" ? {} : undefined;
          const answer = await browser.ask(method.toUpperCase(), address, body, headers);
          assert(answer.status < 500, `${who} ${method} ${address}: ${answer.status}`);
          const mayKnow = /payees$/.test(address) && /treasurer|president/.test(who);
          for (const name of ANNA_NAMES) assert(mayKnow || !answer.text.includes(name), `${who} ${method} ${address}`);
          count++;
        }
      }
    }
    assert(count > 250, `${count} requests`);
    assert.equal((await anna.browser.ask("GET", "/me/record")).status, 200);
  });

  it("after an erasure says nowhere who it was: no route, no line of the log", async () => {
    const { browser } = anna;
    await browser.post("/me/consents", { community: 1, kind: "newsletter", version: "1" }, consentShape);
    keepPayments(api.register.store, 1, [PAYMENT], occasion());
    assert((await browser.ask("GET", "/me/export")).text.includes("CER-1-7"));
    const erased = await secretary.ask("DELETE", `/communities/1/persons/${anna.person}`);
    assert.deepEqual(erased.body, { isPartial: false, restrictedPayments: 1 });

    const officers = [secretary];
    for (const role of ["admin", "auditor", "treasurer", "president"] satisfies Role[])
      officers.push(await api.officer(role));
    const document = openApiOf(api.routes);
    let answered = 0;
    for (const [path, methods] of Object.entries(document.paths ?? {})) {
      if (!Object.keys(methods).includes("get")) continue;
      for (const asking of [...officers, browser, api.browser()]) {
        const address = path
          .replace("/api/v1", "")
          .replace("{community}", "1")
          .replace("{account}", "7")
          .replace("{person}", String(anna.person));
        const answer = await asking.ask("GET", address);
        if (answer.status === 200) answered++;
        for (const name of ANNA_NAMES) assert(!answer.text.includes(name), `${address}: ${name}`);
      }
    }
    assert(answered > 10, `${answered} answers`);
    const log = api.log.join("");
    assert(log.includes('"route":"/communities/{community}/persons/{person}"'));
    for (const name of ANNA_NAMES) assert(!log.includes(name), name);
  });
});

function withoutId({ text }: Answer): string {
  return text.replace(/urn:request:[\w-]+/, "");
}
