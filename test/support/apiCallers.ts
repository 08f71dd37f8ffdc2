/** Everybody who may ask an API over two communities: nobody, persons, officers, machines. */

import assert from "node:assert/strict";
import type { PrivateKeyAccount } from "viem/accounts";
import { z } from "zod";
import { SCOPES } from "../../api/http/caller.ts";
import { ANNA, BRUNO } from "./apiCommunity.ts";
import { Authenticator } from "./authenticator.ts";
import { keyOf } from "./communityOnChain.ts";
import { Browser, invited, ORIGIN, redeem, signInWithPasskey, signInWithWallet } from "./registerApi.ts";

/** Somebody who asks, by what a request of theirs brings along. */
export type Asking = { readonly name: string; readonly headers: Readonly<Record<string, string>> };

/** Ids by which the register, the sessions and the keys know what is a person's. */
export type PersonIds = {
  readonly community: number;
  readonly account: number;
  readonly person: number;
  readonly consent: number;
  readonly passkey: number;
  readonly session: string;
  /** Of the account. */
  readonly key: string;
};

export type Enrolled = PersonIds & {
  readonly asking: Asking;
  /** Signs in once more. */
  readonly again: () => Promise<Asking>;
};

export type Callers = {
  readonly all: readonly Asking[];
  readonly anna: Enrolled;
  readonly bruno: Enrolled;
  /** A member of community 2. */
  readonly elsewhere: Enrolled;
  /** The key of the whole community. */
  readonly communityKey: string;
};

export const PERSONS = {
  anna: {
    name: "Anna Bianchi",
    email: "anna.bianchi@example.org",
    phone: "+39 055 9988776",
    address: "Via dei Mille 12, 50100 Firenze",
    taxCode: "BNCNNA80A41D612X",
    accounts: [{ account: ANNA, iban: "IT60 X054 2811 1010 0000 0123 456" }],
    meters: [{ account: ANNA, configuration: 0, channel: 1, name: "casa in collina", pod: "IT001E12345678" }],
  },
  bruno: {
    name: "Bruno Conti",
    email: "bruno.conti@example.net",
    phone: "+39 06 7654321",
    address: "Piazza del Popolo 3, 00187 Roma",
    taxCode: "CNTBRN75B02H501Z",
    accounts: [{ account: BRUNO, iban: "DE89 3704 0044 0532 0130 00" }],
    meters: [{ account: BRUNO, configuration: 0, channel: 2, name: "officina sul fiume", pod: "IT001E87654321" }],
  },
  elsewhere: { name: "Carla Neri", accounts: [{ account: ANNA }] },
} as const;

/** What says who they are, as it would stand in answers. */
export const NAMES = {
  anna: [
    ...["Anna Bianchi", "anna.bianchi", "055 9988776", "Via dei Mille", "BNCNNA80A41D612X"],
    ...["IT60X0542811101000000123456", "casa in collina", "IT001E12345678"],
  ],
  bruno: [
    ...["Bruno Conti", "bruno.conti", "06 7654321", "Piazza del Popolo", "CNTBRN75B02H501Z"],
    ...["DE89370400440532013000", "officina sul fiume", "IT001E87654321"],
  ],
} as const;

const personShape = z.object({ person: z.int() });
const keyShape = z.object({ key: z.object({ key: z.string() }), secret: z.string() });
const consentShape = z.object({ consent: z.int() });
const sessionsShape = z.object({ sessions: z.array(z.object({ session: z.string(), isThis: z.boolean() })) });
const passkeysShape = z.object({ passkeys: z.array(z.object({ passkey: z.int() })) });

/** @param url of an API over `richCommunity` as community 1 and one whose officers are `… elsewhere` as community 2 */
export async function enrolCallers(url: string): Promise<Callers> {
  const secretary = await officer(url, "secretary");
  const anna = await person(url, secretary.browser, "anna");
  const bruno = await person(url, secretary.browser, "bruno");
  const secretary2 = await officer(url, "secretary elsewhere");
  const elsewhere = await person(url, secretary2.browser, "elsewhere", 2);

  const officers = ["council", "treasurer", "president", "auditor", "treasurer elsewhere", "auditor elsewhere"];
  const all: Asking[] = [
    { name: "nobody", headers: {} },
    { ...anna.asking, name: "anna" },
    { ...bruno.asking, name: "bruno" },
    { ...elsewhere.asking, name: "member elsewhere" },
    secretary.asking,
    secretary2.asking,
  ];
  for (const name of officers) all.push((await officer(url, name)).asking);
  const annas = "/communities/1/accounts/1/keys";
  for (const scope of SCOPES) {
    all.push({ ...(await key(secretary.browser, "/communities/1/keys", [scope])), name: `key ${scope}` });
    all.push({ ...(await key(anna.browser, annas, [scope])), name: `key ${scope} of anna` });
  }
  all.push({ ...(await key(secretary2.browser, "/communities/2/keys", SCOPES)), name: "key elsewhere" });
  const community = await key(secretary.browser, "/communities/1/keys", SCOPES);
  return { all, anna, bruno, elsewhere, communityKey: community.id };
}

/** Signs in with the wallet of a name. */
export async function officer(url: string, name: string, account: PrivateKeyAccount = keyOf(name)) {
  const browser = new Browser(url);
  const signedIn = await signInWithWallet(browser, account);
  assert.equal(signedIn.status, 200, signedIn.text);
  return { browser, asking: { name, headers: { Cookie: browser.cookie } } };
}

async function person(url: string, secretary: Browser, who: keyof typeof PERSONS, community = 1) {
  const account = PERSONS[who].accounts[0].account;
  const enrolled = await enrol(url, secretary, community, account, PERSONS[who]);
  const { browser, authenticator } = enrolled;
  const given = { community, kind: "newsletter", version: "2026-01" };
  const { consent } = await browser.post("/me/consents", given, consentShape);
  const { passkeys } = await browser.get("/me/passkeys", passkeysShape);
  const { sessions } = await browser.get("/sessions", sessionsShape);
  const { id } = await key(browser, `/communities/${community}/accounts/${account}/keys`, SCOPES);
  const again = async () => {
    const another = new Browser(url);
    const signedIn = await signInWithPasskey(another, authenticator);
    assert.equal(signedIn.status, 200, signedIn.text);
    return { name: who, headers: { Cookie: another.cookie } };
  };
  const session = sessions.find(({ isThis }) => isThis)?.session ?? "";
  return { ...enrolled, community, account, consent, passkey: passkeys[0]?.passkey ?? 0, session, key: id, again };
}

async function enrol(url: string, secretary: Browser, community: number, account: number, input: { name: string }) {
  const { person: number } = await secretary.post(`/communities/${community}/persons`, input, personShape);
  const [browser, authenticator] = [new Browser(url), new Authenticator(ORIGIN)];
  const redeemed = await redeem(browser, await invited(secretary, community, number, account), authenticator);
  assert.equal(redeemed.status, 200, redeemed.text);
  return { person: number, browser, authenticator, asking: { name: input.name, headers: { Cookie: browser.cookie } } };
}

async function key(browser: Browser, path: string, scopes: readonly string[]) {
  const made = await browser.post(path, { label: scopes.join(" "), scopes }, keyShape);
  return { id: made.key.key, headers: { Authorization: `Bearer ${made.secret}` } };
}
