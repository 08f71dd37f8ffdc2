import assert from "node:assert/strict";
import { z } from "zod";
import {
  type Browser,
  type Member,
  type RegisterApi,
  registerApi,
  signInWithPasskey,
} from "../../support/registerApi.ts";

const sessionsShape = z.object({ sessions: z.array(z.object({ session: z.string(), isThis: z.boolean() })) });
const keyShape = z.object({ key: z.object({ key: z.string() }), secret: z.string() });
const keysShape = z.object({ keys: z.array(z.looseObject({ key: z.string(), label: z.string() })) });

describe("sessions", () => {
  let api: RegisterApi;
  let secretary: Browser;
  let anna: Member;
  beforeEach(async () => {
    api = await registerApi();
    secretary = await api.officer("secretary");
    anna = await api.member(secretary, 1, 7);
  });
  afterEach(() => api.end());

  const isIn = async ({ cookie }: { cookie: string }) => {
    const browser = api.browser();
    browser.cookie = cookie;
    return (await browser.ask("GET", "/session")).status === 200;
  };

  it("change with every sign-in: the one before is over", async () => {
    const before = anna.browser.cookie;
    assert.equal((await signInWithPasskey(anna.browser, anna.authenticator)).status, 200);
    assert.notEqual(anna.browser.cookie, before);
    assert.equal(await isIn({ cookie: before }), false);
    assert.equal(await isIn(anna.browser), true);
  });

  it("end by signing out, and the cookie goes", async () => {
    const { cookie } = anna.browser;
    const out = await anna.browser.ask("DELETE", "/session");
    assert.equal(out.status, 204);
    assert.match(out.headers.getSetCookie()[0] ?? "", /^__Host-condivisa-session=; Max-Age=0; Path=\//);
    assert.equal(await isIn({ cookie }), false);
  });

  it("are listed, and end one by one or everywhere; nobody ends another's", async () => {
    const [phone, school] = [api.browser(), api.browser()];
    await signInWithPasskey(phone, anna.authenticator);
    await signInWithPasskey(school, anna.authenticator);
    const { sessions } = await phone.get("/sessions", sessionsShape);
    assert.equal(sessions.length, 3);
    const own = sessions.find(({ isThis }) => isThis)?.session ?? "";
    const bruno = await api.member(secretary, 1, 8, "Bruno Conti");
    for (const browser of [bruno.browser, secretary]) {
      assert.equal((await browser.ask("DELETE", `/sessions/${own}`)).status, 404);
    }
    assert.equal((await anna.browser.ask("DELETE", `/sessions/${own}`)).status, 204);
    assert.equal(await isIn(phone), false);
    assert.equal((await school.ask("DELETE", "/sessions")).status, 204);
    assert.equal(await isIn(anna.browser), false);
    assert.equal(await isIn(bruno.browser), true);
    assert.equal(await isIn(secretary), true);
    assert.equal((await secretary.get("/sessions", sessionsShape)).sessions.length, 1);
  });

  it("end after half an hour without a request, officers' after a quarter, all by themselves", async () => {
    api.pass(14 * 60);
    assert.equal(await isIn(secretary), true);
    api.pass(14 * 60);
    assert.equal(await isIn(secretary), true);
    assert.equal(await isIn(anna.browser), true);
    api.pass(15 * 60);
    assert.equal(await isIn(secretary), false);
    assert.equal(await isIn(anna.browser), true);
    for (let hours = 0; hours < 12; hours += 0.25) {
      api.pass(15 * 60);
      await isIn(anna.browser);
    }
    assert.equal(await isIn(anna.browser), false);
  });

  it("of who no longer belongs show nothing", async () => {
    const path = `/communities/1/persons/${anna.person}`;
    assert.equal((await secretary.ask("DELETE", path)).status, 200);
    assert.equal(await isIn(anna.browser), false);
    assert.equal((await signInWithPasskey(api.browser(), anna.authenticator)).status, 422);
  });

  it("that are over hinder nobody from signing in again", async () => {
    api.pass(86_400);
    assert.equal((await anna.browser.ask("GET", "/me/record")).status, 401);
    assert.equal((await signInWithPasskey(anna.browser, anna.authenticator)).status, 200);
  });

  it("are of no use to another site's page", async () => {
    const evil = { Origin: "https://evil.example", "Sec-Fetch-Site": "cross-site" };
    for (const headers of [evil, { "Sec-Fetch-Site": "same-site" }, { Origin: "null" }]) {
      assert.equal((await anna.browser.ask("DELETE", "/session", undefined, headers)).status, 403);
      assert.equal((await anna.browser.ask("PUT", "/me/contact", {}, headers)).status, 403);
    }
    // Nor with a header that only a machine would send: the cookie does not count beside it.
    const both = { ...evil, Authorization: "Bearer condivisa_x" };
    assert.equal((await anna.browser.ask("DELETE", "/session", undefined, both)).status, 401);
    assert.equal(await isIn(anna.browser), true);
  });

  it("leave word of sign-ins, for who signed in", async () => {
    await anna.browser.ask("DELETE", "/session");
    await signInWithPasskey(anna.browser, anna.authenticator);
    const shape = z.object({ signIns: z.array(z.object({ event: z.string() })) });
    const { signIns } = await anna.browser.get("/sign-ins", shape);
    assert.deepEqual(
      signIns.map(({ event }) => event),
      ["passkey", "sign-out", "invitation"],
    );
    const officers = await secretary.get("/sign-ins", shape);
    assert.deepEqual(
      officers.signIns.map(({ event }) => event),
      ["wallet"],
    );
  });
});

describe("keys of machines", () => {
  let api: RegisterApi;
  let secretary: Browser;
  let anna: Member;
  beforeEach(async () => {
    api = await registerApi();
    secretary = await api.officer("secretary");
    anna = await api.member(secretary, 1, 7);
  });
  afterEach(() => api.end());

  const own = "/communities/1/accounts/7/keys";
  const whole = "/communities/1/keys";
  /** 403: who asks is known, and may not. */
  const statusWith = async (secret: string) =>
    (await api.browser().ask("GET", "/session", undefined, { Authorization: `Bearer ${secret}` })).status;

  it("are shown once, and kept as a hash", async () => {
    const made = await anna.browser.post(own, { label: "Home Assistant", scopes: ["energy"] }, keyShape);
    assert.match(made.secret, /^condivisa_[\w-]{43}$/);
    assert.equal(await statusWith(made.secret), 403);
    const listed = await anna.browser.ask("GET", own);
    assert(!listed.text.includes(made.secret));
    const rows = JSON.stringify(api.register.store.all(z.looseObject({}), "SELECT * FROM api_key"));
    assert(!rows.includes(made.secret.slice(10)));
    assert(!api.log.join("").includes(made.secret.slice(10)));
  });

  it("end by their time, by revocation, with the account and with the office", async () => {
    const make = (browser: Browser, path: string, days = 366) =>
      browser.post(path, { label: "k", scopes: ["money"], days }, keyShape);
    const short = await make(anna.browser, own, 1);
    const revoked = await make(anna.browser, own);
    const byAccount = await make(anna.browser, own);
    const byOffice = await make(secretary, whole);
    const president = await api.officer("president");
    assert.equal((await anna.browser.ask("DELETE", `${own}/${revoked.key.key}`)).status, 204);
    assert.equal(await statusWith(revoked.secret), 401);
    assert.equal(await statusWith(byAccount.secret), 403);
    assert.equal(await statusWith(byOffice.secret), 403);
    assert.equal((await president.get(whole, keysShape)).keys.length, 4);

    const path = `/communities/1/persons/${anna.person}`;
    assert.equal((await secretary.ask("PUT", path, { name: "A", accounts: [{ account: 9 }] })).status, 204);
    assert.equal(await statusWith(byAccount.secret), 401);
    assert.equal((await secretary.ask("PUT", path, { name: "A", accounts: [{ account: 7 }] })).status, 204);
    assert.equal(await statusWith(short.secret), 403);
    api.pass(86_400);
    assert.equal(await statusWith(short.secret), 401);

    for (const [wallet, offices] of api.offices) {
      if (offices.some(({ role }) => role === "secretary")) api.offices.set(wallet, []);
    }
    assert.equal(await statusWith(byOffice.secret), 401);
  });

  it("are made by who may: the member for the own account, secretary and admin for all", async () => {
    const body = { label: "k", scopes: ["energy"] };
    const bruno = await api.member(secretary, 1, 8, "Bruno Conti");
    const made = await anna.browser.post(own, body, keyShape);
    const one = `${own}/${made.key.key}`;
    assert.equal((await bruno.browser.ask("POST", own, body)).status, 404);
    assert.equal((await bruno.browser.ask("GET", own)).status, 404);
    assert.equal((await bruno.browser.ask("DELETE", one)).status, 404);
    assert.equal((await bruno.browser.ask("DELETE", `/communities/1/accounts/8/keys/${made.key.key}`)).status, 404);
    assert.equal((await anna.browser.ask("POST", whole, body)).status, 403);
    assert.equal((await secretary.ask("POST", own, body)).status, 403);
    for (const [role, status] of [
      ["admin", 201],
      ["treasurer", 403],
      ["auditor", 403],
      ["president", 403],
    ] as const) {
      assert.equal((await (await api.officer(role)).ask("POST", whole, body)).status, status, role);
    }
    const machine = { Authorization: `Bearer ${made.secret}` };
    assert.equal((await api.browser().ask("POST", own, body, machine)).status, 403);
    const foreign = await api.officer("secretary", 2);
    assert.equal((await foreign.ask("DELETE", `/communities/2/keys/${made.key.key}`)).status, 404);
    for (const wrong of [{ scopes: [] }, { days: 367 }, { days: 0 }, { scopes: ["all"] }, { label: "" }]) {
      assert.equal((await anna.browser.ask("POST", own, { ...body, ...wrong })).status, 400, JSON.stringify(wrong));
    }
  });

  it("are refused in the same words when unknown, malformed or of another kind", async () => {
    const texts = new Set<string>();
    for (const value of [
      `Bearer condivisa_${"a".repeat(43)}`,
      "Bearer x",
      "Bearer",
      "Basic YTpi",
      "bearer condivisa_",
    ]) {
      const answer = await api.browser().ask("GET", "/session", undefined, { Authorization: value });
      assert.equal(answer.status, 401, value);
      texts.add(answer.text.replace(/urn:request:[\w-]+/, ""));
    }
    assert.equal(texts.size, 1);
  });
});
