import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { isoCBOR } from "@simplewebauthn/server/helpers";
import { z } from "zod";
import { isWithoutCertificates } from "../../../api/signIn/attestation.ts";
import { allSignIns } from "../../../api/signIn/signInLog.ts";
import { inviteByAccount } from "../../../scripts/registerFile.ts";
import { Authenticator, type Wrong } from "../../support/authenticator.ts";
import { occasion } from "../../support/register.ts";
import {
  type Browser,
  invitationOptions,
  invited,
  type Member,
  ORIGIN,
  type RegisterApi,
  redeem,
  registerApi,
  signInWithPasskey,
} from "../../support/registerApi.ts";

const whoShape = z.object({ kind: z.string(), accounts: z.array(z.object({ community: z.int(), account: z.int() })) });
const passkeysShape = z.object({ passkeys: z.array(z.object({ passkey: z.int(), label: z.string().optional() })) });

describe("signing in with a passkey", () => {
  let api: RegisterApi;
  let secretary: Browser;
  let anna: Member;
  before(async () => {
    api = await registerApi();
  });
  after(() => api.end());
  beforeEach(async () => {
    secretary = await api.officer("secretary");
    anna = await api.member(secretary, 1, 7);
  });

  it("leads from an invitation to a session, and back in without typing a name", async () => {
    assert.deepEqual(await anna.browser.get("/session", whoShape), {
      kind: "person",
      accounts: [{ community: 1, account: 7 }],
    });
    // What a phone shows where one chooses names nobody.
    assert.equal(anna.authenticator.userName, "Conto 7");
    const other = api.browser();
    const signedIn = await signInWithPasskey(other, anna.authenticator);
    assert.equal(signedIn.status, 200, signedIn.text);
    const cookie = signedIn.headers.getSetCookie()[0] ?? "";
    assert.match(cookie, /^__Host-condivisa-session=[\w-]{43}; Path=\/; HttpOnly; Secure; SameSite=Strict$/);
    assert.equal(signedIn.headers.get("Cache-Control"), "no-store");
    await other.get("/session", whoShape);
  });

  const wrongs: Readonly<Record<string, Wrong>> = {
    "another site's origin": { origin: "https://cer.example.com" },
    "a passkey for another site": { rpId: "example.com" },
    "a challenge that was not given": { challenge: randomBytes(32).toString("base64url") },
    "a response of another kind": { type: "webauthn.create" },
    "a holder who was not asked": { isVerified: false },
    "a counter that does not go on": { counter: 1 },
    "another user's handle": { userHandle: randomBytes(32).toString("base64url") },
    "no user's handle": { userHandle: undefined },
    "a signature with one bit changed": {
      signature: (bytes) => Buffer.concat([bytes.subarray(0, -1), Buffer.of((bytes.at(-1) ?? 0) ^ 1)]),
    },
  };

  it("is refused, always in the same words, whatever is wrong", async () => {
    // The counter is past zero from here on.
    assert.equal((await signInWithPasskey(api.browser(), anna.authenticator)).status, 200);
    const answers: string[] = [];
    for (const [what, wrong] of Object.entries(wrongs)) {
      const browser = api.browser();
      const options = await browser.post("/sign-in/passkey/options", undefined, z.unknown());
      const response = anna.authenticator.get(options, wrong);
      const answer = await browser.ask("POST", "/sign-in/passkey", { response });
      assert.equal(answer.status, 422, what);
      assert.equal(browser.cookie, "", what);
      answers.push(withoutId(answer.text));
    }
    const stranger = new Authenticator(ORIGIN);
    const token = await invited(secretary, 1, anna.person, 7);
    stranger.create(await invitationOptions(api.browser(), token));
    answers.push(withoutId((await signInWithPasskey(api.browser(), stranger)).text));
    assert.equal(new Set(answers).size, 1, [...new Set(answers)].join("\n"));
    const [newest, before] = allSignIns(api.register.store, 2);
    assert.deepEqual([newest?.event, newest?.person, newest?.reason], ["refused", undefined, "no such passkey"]);
    assert.deepEqual([before?.event, before?.person], ["refused", anna.person]);
  });

  it("takes an answer once, and within five minutes", async () => {
    const browser = api.browser();
    const options = await browser.post("/sign-in/passkey/options", undefined, z.unknown());
    const response = anna.authenticator.get(options);
    const both = await Promise.all([1, 2].map(() => api.browser().ask("POST", "/sign-in/passkey", { response })));
    assert.deepEqual(both.map(({ status }) => status).toSorted(), [200, 422]);
    const late = await browser.post("/sign-in/passkey/options", undefined, z.unknown());
    api.pass(300);
    const answer = await browser.ask("POST", "/sign-in/passkey", { response: anna.authenticator.get(late) });
    assert.equal(answer.status, 422);
  });

  it("works with synced passkeys, which do not count", async () => {
    for (let time = 0; time < 2; time++) {
      const options = await anna.browser.post("/sign-in/passkey/options", undefined, z.unknown());
      const response = anna.authenticator.get(options, { counter: 0 });
      assert.equal((await anna.browser.ask("POST", "/sign-in/passkey", { response })).status, 200);
    }
  });

  it("has several passkeys a person; the last cannot be removed", async () => {
    const { browser } = anna;
    const phone = new Authenticator(ORIGIN);
    const options = await browser.post("/me/passkeys/options", undefined, z.unknown());
    const made = phone.create(options);
    const { passkey } = await browser.post(
      "/me/passkeys",
      { response: made, label: "telefono" },
      z.object({ passkey: z.int() }),
    );
    const again = await browser.ask("POST", "/me/passkeys", { response: made });
    assert.equal(again.status, 422);
    const both = await browser.get("/me/passkeys", passkeysShape);
    assert.deepEqual(
      both.passkeys.map(({ label }) => label),
      [undefined, "telefono"],
    );

    const onPhone = api.browser();
    assert.equal((await signInWithPasskey(onPhone, phone)).status, 200);
    assert.equal((await browser.ask("DELETE", `/me/passkeys/${passkey}`)).status, 204);
    assert.equal((await onPhone.ask("GET", "/session")).status, 401);
    assert.equal((await signInWithPasskey(api.browser(), phone)).status, 422);
    assert.equal((await browser.ask("DELETE", `/me/passkeys/${passkey}`)).status, 404);
    const last = both.passkeys[0]?.passkey ?? 0;
    assert.equal((await browser.ask("DELETE", `/me/passkeys/${last}`)).status, 409);
    // Nobody removes another's.
    const bruno = await api.member(secretary, 1, 8, "Bruno Conti");
    assert.equal((await bruno.browser.ask("DELETE", `/me/passkeys/${last}`)).status, 404);
  });

  it("is refused to make a passkey with another's challenge, site or without asking the holder", async () => {
    const bruno = await api.member(secretary, 1, 8, "Bruno Conti");
    const forAnna = await anna.browser.post("/me/passkeys/options", undefined, z.unknown());
    const stolen = await bruno.browser.ask("POST", "/me/passkeys", {
      response: new Authenticator(ORIGIN).create(forAnna),
    });
    assert.equal(stolen.status, 422);
    for (const wrong of [{ origin: "https://example.com" }, { rpId: "example.com" }, { isVerified: false }]) {
      const options = await anna.browser.post("/me/passkeys/options", undefined, z.unknown());
      const answer = await anna.browser.ask("POST", "/me/passkeys", {
        response: new Authenticator(ORIGIN).create(options, wrong),
      });
      assert.equal(answer.status, 422, JSON.stringify(wrong));
    }
  });

  it("is tried so often in a minute and no more", async () => {
    const browser = api.browser();
    const statuses = new Set<number>();
    for (let count = 0; count < 21; count++)
      statuses.add((await browser.ask("POST", "/sign-in/passkey/options")).status);
    assert.deepEqual([...statuses], [200, 429]);
    // Others are not kept out.
    assert.equal((await api.browser().ask("POST", "/sign-in/passkey/options")).status, 200);
  });
});

describe("what a device says of its maker", () => {
  const attestation = (format: string, statement: Map<string, number | Uint8Array | Uint8Array[]>) => {
    const entries: [string, string | Uint8Array | Map<string, number | Uint8Array | Uint8Array[]>][] = [
      ["fmt", format],
      ["attStmt", statement],
      ["authData", new Uint8Array(37)],
    ];
    return Buffer.from(isoCBOR.encode(new Map(entries))).toString("base64url");
  };

  it("is not followed to any address", () => {
    const certificate = Uint8Array.of(0x30, 0);
    const cases: readonly [string, string, boolean][] = [
      ["nothing", attestation("none", new Map()), true],
      ["the passkey signs for itself", attestation("packed", new Map([["alg", -7]])), true],
      ["a certificate", attestation("packed", new Map([["x5c", [certificate]]])), false],
      ["a TPM's", attestation("tpm", new Map([["x5c", [certificate]]])), false],
      ["a security key's", attestation("fido-u2f", new Map([["x5c", [certificate]]])), false],
      ["rubbish", "AAAA", false],
    ];
    for (const [what, object, expected] of cases) assert.equal(isWithoutCertificates(object), expected, what);
  });
});

describe("an invitation", () => {
  let api: RegisterApi;
  let secretary: Browser;
  before(async () => {
    api = await registerApi();
  });
  after(() => api.end());
  beforeEach(async () => {
    secretary = await api.officer("secretary");
  });

  const add = async (account: number) => {
    const input = { name: "Anna Bianchi", accounts: [{ account }] };
    return (await secretary.post("/communities/1/persons", input, z.object({ person: z.int() }))).person;
  };

  it("is good once, of any number who try at once", async () => {
    const person = await add(1);
    const token = await invited(secretary, 1, person, 1);
    const responses = await Promise.all(
      Array.from({ length: 5 }, async () =>
        new Authenticator(ORIGIN).create(await invitationOptions(api.browser(), token)),
      ),
    );
    const tries = await Promise.all(
      responses.map((response) => api.browser().ask("POST", "/sign-in/invitation", { token, response })),
    );
    assert.deepEqual(tries.map(({ status }) => status).toSorted(), [200, 410, 410, 410, 410]);
    assert.equal((await api.browser().ask("POST", "/sign-in/invitation/options", { token })).status, 410);
  });

  it("ends after seven days, by another one, by withdrawal, with the account and with the person", async () => {
    const person = await add(2);
    const path = `/communities/1/persons/${person}`;
    const gone: string[] = [];
    const late = await invited(secretary, 1, person, 2);
    api.pass(7 * 86_400);
    gone.push(late);
    secretary = await api.officer("secretary");
    gone.push(await invited(secretary, 1, person, 2));
    gone.push(await invited(secretary, 1, person, 2));
    assert.equal((await secretary.ask("DELETE", `${path}/invitation`)).status, 204);
    assert.equal((await secretary.ask("DELETE", `${path}/invitation`)).status, 404);
    gone.push(await invited(secretary, 1, person, 2));
    assert.equal((await secretary.ask("PUT", path, { name: "A", accounts: [{ account: 3 }] })).status, 204);
    gone.push(await invited(secretary, 1, person, 3));
    assert.equal((await secretary.ask("DELETE", path)).status, 200);
    gone.push("A".repeat(43));
    const answers = await Promise.all(
      gone.map((token) => api.browser().ask("POST", "/sign-in/invitation/options", { token })),
    );
    assert.deepEqual(
      answers.map(({ status }) => status),
      gone.map(() => 410),
    );
    // Whether there ever was such an invitation cannot be told.
    assert.equal(new Set(answers.map(({ text }) => withoutId(text))).size, 1);
  });

  it("is for an account of the person, in the secretary's own community", async () => {
    const person = await add(4);
    const invite = (browser: Browser, community: number, account: number) =>
      browser.ask("POST", `/communities/${community}/persons/${person}/invitation`, { account });
    assert.equal((await invite(secretary, 1, 5)).status, 422);
    assert.equal((await invite(await api.officer("secretary", 2), 2, 4)).status, 404);
    assert.equal((await invite(await api.officer("secretary", 2), 1, 4)).status, 404);
    assert.equal((await invite(await api.officer("treasurer"), 1, 4)).status, 403);
  });

  it("lets who lost every passkey in again", async () => {
    const anna = await api.member(secretary, 1, 6);
    const token = await invited(secretary, 1, anna.person, 6);
    const other = new Authenticator(ORIGIN);
    assert.equal((await redeem(api.browser(), token, other)).status, 200);
    assert.equal((await signInWithPasskey(api.browser(), other)).status, 200);
    const passkeys = await anna.browser.get("/me/passkeys", passkeysShape);
    assert.equal(passkeys.passkeys.length, 2);
  });

  it("of another community joins its accounts to those of who is signed in", async () => {
    const anna = await api.member(secretary, 1, 11);
    const foreign = await api.officer("secretary", 2);
    const iban = "IT60X0542811101000000123456";
    const input = { name: "A. Bianchi", email: "a@example.org", accounts: [{ account: 5, iban }] };
    const made = await foreign.post("/communities/2/persons", input, z.object({ person: z.int() }));
    const token = await invited(foreign, 2, made.person, 5);
    assert.equal((await api.browser().ask("POST", "/me/invitation", { token })).status, 401);
    // What the secretary has in hand before: an invitation, and a passkey made with one.
    const secretarys = new Authenticator(ORIGIN);
    await redeem(api.browser(), await invited(secretary, 1, anna.person, 11), secretarys);
    const inHand = await invited(secretary, 1, anna.person, 11);
    assert.equal((await anna.browser.ask("POST", "/me/invitation", { token })).status, 204);
    assert.equal((await anna.browser.ask("POST", "/me/invitation", { token })).status, 410);
    const record = await anna.browser.get(
      "/me/record",
      z.looseObject({ name: z.string(), email: z.string(), accounts: z.unknown() }),
    );
    assert.deepEqual([record.name, record.email], ["Anna Bianchi", "a@example.org"]);
    const accounts = z.array(z.looseObject({ community: z.int(), account: z.int(), iban: z.string().optional() }));
    assert.deepEqual(
      accounts.parse(record.accounts).map((each) => [each.community, each.account, each.iban]),
      [
        [1, 11, undefined],
        [2, 5, iban],
      ],
    );
    assert.equal((await foreign.ask("GET", `/communities/2/persons/${made.person}`)).status, 404);
    const seen = await foreign.ask("GET", `/communities/2/persons/${anna.person}`);
    assert.equal(seen.status, 200);
    assert(!seen.text.includes('"community":1'));
    // No secretary comes by an invitation to what the other community knows.
    for (const [browser, community, account] of [
      [secretary, 1, 11],
      [foreign, 2, 5],
    ] as const) {
      const path = `/communities/${community}/persons/${anna.person}/invitation`;
      assert.equal((await browser.ask("POST", path, { account })).status, 409);
    }
    assert.equal((await api.browser().ask("POST", "/sign-in/invitation/options", { token: inHand })).status, 410);
    assert.equal((await signInWithPasskey(api.browser(), secretarys)).status, 422);
    assert.equal((await signInWithPasskey(anna.browser, anna.authenticator)).status, 200);
    const { link } = inviteByAccount(
      api.register.store,
      { community: 2, account: 5, site: ORIGIN },
      { ...occasion("operator"), at: api.context.clock() },
    )[0] ?? { link: "" };
    assert.equal((await redeem(api.browser(), link.split("#")[1] ?? "", new Authenticator(ORIGIN))).status, 200);
    // Who has passkeys of their own is nobody's to take over.
    const bruno = await api.member(secretary, 1, 12, "Bruno Conti");
    const forBruno = await invited(secretary, 1, bruno.person, 12);
    assert.equal((await anna.browser.ask("POST", "/me/invitation", { token: forBruno })).status, 409);
    assert.equal((await redeem(api.browser(), forBruno, new Authenticator(ORIGIN))).status, 200);
  });

  it("is nowhere in the file but as a hash", async () => {
    const person = await add(7);
    const token = await invited(secretary, 1, person, 7);
    assert(!api.log.join("").includes(token));
    const rows = api.register.store.all(z.looseObject({}), "SELECT * FROM invitation");
    assert(rows.length > 0 && !JSON.stringify(rows).includes(token));
  });
});

function withoutId(text: string): string {
  return text.replace(/urn:request:[\w-]+/, "");
}
