/** The API's register and sign-in behind a real server, browsers with cookies, and officers with wallets. */

import assert from "node:assert/strict";
import { Writable } from "node:stream";
import pino from "pino";
import { type Address, getAddress } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import type { Role } from "../../api/http/caller.ts";
import { listen } from "../../api/http/listen.ts";
import { makeHttpMetrics } from "../../api/http/metrics.ts";
import { problemSchema } from "../../api/http/problem.ts";
import type { Reply, Route } from "../../api/http/route.ts";
import { makeApp } from "../../api/http/server.ts";
import { addPages } from "../../api/pages/pages.ts";
import type { SignInContext } from "../../api/signIn/context.ts";
import { identify, recognise } from "../../api/signIn/identify.ts";
import { registerRoutes } from "../../api/signIn/routes.ts";
import { siteOf } from "../../api/signIn/site.ts";
import { Authenticator } from "./authenticator.ts";
import { NOW, type TestRegister, testRegister } from "./register.ts";

export const ORIGIN = "https://cer.example.org";
export const CHAIN_ID = 31_337;
/** Accounts 1 to 20 of communities 1 and 2. */
const MOST_ACCOUNT = 20;

export type RegisterApi = {
  readonly url: string;
  readonly register: TestRegister;
  readonly context: SignInContext;
  readonly routes: readonly Route[];
  /** Lines of the server's log. */
  readonly log: string[];
  readonly offices: Map<Address, { community: number; role: Role }[]>;
  /** Lets time pass. */
  readonly pass: (seconds: number) => void;
  readonly browser: () => Browser;
  readonly officer: (role: Role, community?: number) => Promise<Browser>;
  readonly member: (secretary: Browser, community: number, account: number, name?: string) => Promise<Member>;
  readonly end: () => Promise<void>;
};

export type Member = { readonly person: number; readonly browser: Browser; readonly authenticator: Authenticator };

/** @param port of http://localhost, where a real browser is to come; else the site is somewhere with TLS */
export async function registerApi(port?: number): Promise<RegisterApi> {
  const register = testRegister();
  let now = NOW;
  const offices: RegisterApi["offices"] = new Map();
  const context: SignInContext = {
    store: register.store,
    clock: () => now,
    officesOf: (wallet) => offices.get(wallet) ?? [],
    accountExists: (community, account) => community <= 2 && account <= MOST_ACCOUNT,
    site: siteOf(port === undefined ? ORIGIN : `http://localhost:${port}`, "Condivisa"),
    chainId: CHAIN_ID,
  };
  const log: string[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      log.push(chunk.toString());
      done();
    },
  });
  const routes = registerRoutes(context);
  const app = makeApp({
    routes,
    pages: addPages,
    identify: (request) => identify(context, request),
    recognise: (request) => recognise(context, request),
    log: pino({ level: "debug" }, stream),
    metrics: makeHttpMetrics(),
    perMinute: 10_000,
    origins: [],
    proxies: 1,
    end: new AbortController().signal,
    inspect: checkReply,
  });
  const listening = await listen(app, "127.0.0.1", port ?? 0, () => undefined);
  const browser = () => new Browser(listening.url);
  return {
    url: listening.url,
    register,
    context,
    routes,
    log,
    offices,
    pass: (seconds) => {
      now += seconds;
    },
    browser,
    async officer(role, community = 1) {
      const account = privateKeyToAccount(generatePrivateKey());
      offices.set(getAddress(account.address), [{ community, role }]);
      const made = browser();
      const signedIn = await signInWithWallet(made, account);
      assert.equal(signedIn.status, 200, signedIn.text);
      return made;
    },
    member: (secretary, community, account, name) => enrol(browser(), secretary, community, account, name),
    async end() {
      await listening.close();
      register.end();
    },
  };
}

/** What every answer must be: of the schema and the status that the OpenAPI file says. */
export function checkReply(route: Route, { status = route.status, type, body, stream }: Reply): void {
  assert.equal(status, route.status, route.operation);
  if (type === undefined) {
    assert.deepEqual([body, Object.keys(route.content)], [undefined, []], route.operation);
    return;
  }
  const schema = route.content[type];
  assert(schema !== undefined, `${route.operation} answers ${type}`);
  assert.equal(stream === undefined, body !== undefined, `${route.operation} answers a body and a stream`);
  if (!type.startsWith("application/json")) return;
  assert(typeof body === "string", `${route.operation} answers JSON that is no text`);
  const strict = schema instanceof z.ZodObject && schema.def.catchall === undefined ? schema.strict() : schema;
  const result = strict.safeParse(JSON.parse(body));
  assert(result.success, `${route.operation}: ${result.error?.message}`);
}

export type Answer = {
  readonly status: number;
  readonly text: string;
  readonly body: unknown;
  readonly headers: Headers;
};

let browsers = 0;

/** Keeps its cookie, says where it comes from, and has an address of its own. */
export class Browser {
  readonly #url: string;
  readonly #ip: string;
  cookie = "";

  constructor(url: string) {
    this.#url = url;
    browsers++;
    this.#ip = `10.${(browsers >> 16) & 255}.${(browsers >> 8) & 255}.${browsers & 255}`;
  }

  async ask(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
    const response = await fetch(`${this.#url}/api/v1${path}`, {
      method,
      headers: {
        "X-Forwarded-For": this.#ip,
        ...(this.cookie !== "" && { Cookie: this.cookie }),
        ...(body !== undefined && { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    for (const cookie of response.headers.getSetCookie()) this.cookie = cookie.split(";")[0] ?? "";
    const parsed: unknown = text === "" ? undefined : JSON.parse(text);
    if (response.status >= 400) problemSchema.parse(parsed);
    return { status: response.status, text, body: parsed, headers: response.headers };
  }

  /** Likewise, of an answer that must be this. */
  async get<T>(path: string, shape: z.ZodType<T>): Promise<T> {
    const answer = await this.ask("GET", path);
    assert.equal(answer.status, 200, `${path}: ${answer.text}`);
    return shape.parse(answer.body);
  }

  async post<T>(path: string, body: unknown, shape: z.ZodType<T>): Promise<T> {
    const answer = await this.ask("POST", path, body);
    assert(answer.status === 200 || answer.status === 201, `${path}: ${answer.status} ${answer.text}`);
    return shape.parse(answer.body);
  }
}

export async function signInWithWallet(browser: Browser, account: PrivateKeyAccount): Promise<Answer> {
  const shape = z.object({ message: z.string() });
  const { message } = await browser.post("/sign-in/wallet/message", { wallet: account.address }, shape);
  return browser.ask("POST", "/sign-in/wallet", { message, signature: await account.signMessage({ message }) });
}

const madeShape = z.object({ person: z.int() });
const linkShape = z.object({ link: z.string() });
const invitedShape = z.object({ options: z.unknown() });

/** The secret of the link that the secretary gets. */
export async function invited(secretary: Browser, community: number, person: number, account: number): Promise<string> {
  const path = `/communities/${community}/persons/${person}/invitation`;
  const { link } = await secretary.post(path, { account }, linkShape);
  return link.split("#")[1] ?? "";
}

/** What the page of an invitation gives to `navigator.credentials.create`. */
export async function invitationOptions(browser: Browser, token: string): Promise<unknown> {
  return (await browser.post("/sign-in/invitation/options", { token }, invitedShape)).options;
}

/** Redeems an invitation with a new passkey. */
export async function redeem(browser: Browser, token: string, authenticator: Authenticator): Promise<Answer> {
  const response = authenticator.create(await invitationOptions(browser, token));
  return browser.ask("POST", "/sign-in/invitation", { token, response });
}

/** Signs in with a passkey, without saying who. */
export async function signInWithPasskey(browser: Browser, authenticator: Authenticator): Promise<Answer> {
  const options = await browser.post("/sign-in/passkey/options", undefined, z.unknown());
  return browser.ask("POST", "/sign-in/passkey", { response: authenticator.get(options) });
}

async function enrol(
  browser: Browser,
  secretary: Browser,
  community: number,
  account: number,
  name = "Anna Bianchi",
): Promise<Member> {
  const input = { name, accounts: [{ account }] };
  const { person } = await secretary.post(`/communities/${community}/persons`, input, madeShape);
  const authenticator = new Authenticator(ORIGIN);
  const redeemed = await redeem(browser, await invited(secretary, community, person, account), authenticator);
  assert.equal(redeemed.status, 200, redeemed.text);
  return { person, browser, authenticator };
}
