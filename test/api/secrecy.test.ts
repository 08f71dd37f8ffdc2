/** That nobody learns by any way what is another's: not what it is, nor that it is there. */

import assert from "node:assert/strict";
import { openApiOf } from "../../api/http/openapi.ts";
import { type Asking, type Callers, enrolCallers, NAMES } from "../support/apiCallers.ts";
import { canariesOf, namesAccount } from "../support/apiCanaries.ts";
import { ANNA, BRUNO } from "../support/apiCommunity.ts";
import { type ApiWorld, apiWorld } from "../support/apiWorld.ts";
import type { Got } from "../support/httpAsk.ts";
import {
  addressOf,
  hasPathParameter,
  type Operation,
  operationsOf,
  type PathValues,
} from "../support/openApiRequests.ts";
import { watchStatements } from "../support/statementsRun.ts";
import { expectedStatus } from "../support/whoMayCall.ts";

/** Ids of nothing, of the form that those of something have. */
const NONE: PathValues = {
  community: 4_000_000,
  account: 9_999_999,
  configuration: 60_000,
  channel: 9_999_999,
  run: 9_999_999,
  year: 2199,
  documentHash: `0x${"ff".repeat(32)}`,
  person: 9_999_999,
  consent: 9_999_999,
  passkey: 9_999_999,
  session: "00000000-0000-4000-8000-000000000000",
  key: "0123456789abcdef",
};
/** They name nobody, and with them Anna's session would be over. */
/** What is read to know who asks, and since when that is known. */
const OF_WHO_ASKS =
  /FROM (session|api_key) WHERE hash|FROM membership WHERE person|FROM office WHERE wallet|FROM block ORDER BY number DESC LIMIT 1|pragma_data_version/;
const SIGN_OUT = new Set(["signOut", "signOutEverywhere"]);

describe("what is another's", () => {
  let world: ApiWorld;
  let callers: Callers;
  let operations: Operation[];
  let canaries: readonly string[];
  before(async function () {
    this.timeout(120_000);
    world = await apiWorld();
    callers = await enrolCallers(world.api.url);
    operations = operationsOf(openApiOf(world.api.routes)).filter(({ operationId }) => !SIGN_OUT.has(operationId));
    const { secrets } = world.community;
    canaries = [...new Set([...secrets, ...canariesOf(world.data, 1, BRUNO, ANNA), ...NAMES.bruno])];
  });
  after(() => world.end());

  const callerOf = (name: string): Asking => {
    const found = callers.all.find((caller) => caller.name === name);
    assert(found !== undefined, `nobody is called ${name}`);
    return found;
  };
  const valuesOf = ({ community, account, person, consent, passkey, session, key }: Callers["anna"]): PathValues => {
    return {
      community,
      account,
      configuration: 0,
      channel: account,
      run: 1,
      documentHash: `0x${"00".repeat(32)}`,
      year: 2026,
      person,
      consent,
      passkey,
      session,
      key,
    };
  };
  const ask = (operation: Operation, values: PathValues, { headers }: Asking, more: Partial<Question> = {}) => {
    return question(world, operation, { ...more, values, headers: { ...headers, ...more.headers } });
  };

  it("is there to be found: its owner and the officers are told", async () => {
    const told: string[] = [];
    for (const caller of [callers.bruno.asking, ...["secretary", "treasurer", "auditor"].map(callerOf)]) {
      for (const operation of operations.filter(({ method }) => method === "GET")) {
        for (const channel of [BRUNO, 5]) {
          const got = await ask(operation, { ...valuesOf(callers.bruno), channel }, caller);
          if (got.status === 200) told.push(got.text);
        }
      }
    }
    const all = told.join("\n");
    assert.deepEqual(
      canaries.filter((canary) => !all.includes(canary)),
      [],
    );
    assert(canaries.length > 60, `${canaries.length} canaries`);
  });

  it("shows in no answer to a member or to the keys of an account, by whatever route, id, filter, method or header", async function () {
    this.timeout(120_000);
    const askers = [callers.anna.asking, ...callers.all.filter(({ name }) => name.endsWith("of anna"))];
    const [own, others] = [valuesOf(callers.anna), valuesOf(callers.bruno)];
    const before = await everythingOf(callers.bruno.asking);
    const found: string[] = [];
    let count = 0;
    const look = (what: string, { status, raw, text }: Got) => {
      count++;
      const all = `${raw.join("\n")}\n${text}`;
      for (const canary of canaries) if (all.includes(canary)) found.push(`${what}: ${canary}`);
      if (isJson(text) && namesAccount(JSON.parse(text), BRUNO)) found.push(`${what}: account ${BRUNO}`);
      assert(status < 500, `${what}: ${status}`);
    };
    for (const operation of operations) {
      const targets = [own, others, { ...others, channel: 5 }].concat(
        Object.keys(own).map((name) => ({ ...own, [name]: others[name] ?? 0 })),
      );
      const distinct = new Map(targets.map((values) => [addressOf(operation, values), values]));
      for (const [address, values] of distinct) {
        const isOwn = address === addressOf(operation, own);
        // What would change something of her own is not tried: that it changes nothing of his is.
        const methods = isOwn && operation.method !== "GET" ? [] : [operation.method];
        for (const asker of askers) {
          const what = `${asker.name} ${operation.operationId} ${address}`;
          for (const method of new Set([...methods, "HEAD", "OPTIONS"])) {
            look(`${method} ${what}`, await ask(operation, values, asker, { method }));
          }
          if (operation.method !== "GET") continue;
          for (const more of variationsOf(operation)) look(what, await ask(operation, values, asker, more));
        }
      }
    }
    assert.deepEqual(found, []);
    assert(count > 1500, `${count} answers`);
    assert.equal(await everythingOf(callers.bruno.asking), before);
  });

  it("cannot be told from what is not there", async function () {
    this.timeout(120_000);
    const own = valuesOf(callers.anna);
    const bruno = valuesOf(callers.bruno);
    const elsewhere = valuesOf(callers.elsewhere);
    const annas = callers.all.filter(({ name }) => name.endsWith("of anna"));
    const foreign = ["secretary", "treasurer", "auditor"].map((office) => callerOf(`${office} elsewhere`));
    const cases: { callers: readonly Asking[]; own: PathValues; others: PathValues }[] = [
      { callers: [callers.anna.asking, ...annas], own, others: bruno },
      { callers: [callers.anna.asking, ...annas], own, others: elsewhere },
      { callers: [...foreign, callerOf("key elsewhere")], own: elsewhere, others: bruno },
      { callers: [callerOf("nobody")], own: NONE, others: bruno },
    ];
    let count = 0;
    for (const { callers: asking, own: mine, others } of cases) {
      for (const operation of operations) {
        const names = Object.keys(mine).filter(
          (name) =>
            hasPathParameter(operation, name) &&
            others[name] !== mine[name] &&
            !["run", "year", "documentHash"].includes(name),
        );
        for (const caller of asking) {
          for (const name of names) {
            // What is the own community's is for its officers to tell apart.
            const isOwnAccount = name === "account" && mine === elsewhere;
            if (isOwnAccount) continue;
            const more = { headers: { "If-None-Match": "*" } };
            const there = await ask(operation, { ...mine, [name]: others[name] ?? 0 }, caller, more);
            const not = await ask(operation, { ...mine, [name]: NONE[name] ?? 0 }, caller, more);
            assert.deepEqual(comparable(there), comparable(not), `${caller.name} ${operation.operationId} {${name}}`);
            assert(there.status >= 400, `${caller.name} ${operation.operationId} {${name}}: ${there.status}`);
            count++;
          }
        }
      }
    }
    assert(count > 500, `${count} pairs`);
  });

  it("is not even looked up for who may not see it", async function () {
    this.timeout(120_000);
    const watch = watchStatements();
    try {
      const values = valuesOf(callers.bruno);
      let count = 0;
      for (const caller of callers.all) {
        watch.take();
        for (const operation of operations) {
          if (expectedStatus(operation, values, caller) <= 400) continue;
          const { status } = await ask(operation, values, caller, { query: "unknown=1" });
          assert([401, 403, 404].includes(status), `${caller.name} ${operation.operationId}: ${status}`);
          const others = watch.take().filter((sql) => !OF_WHO_ASKS.test(sql));
          assert.deepEqual(others, [], `${caller.name} ${operation.operationId}`);
          count++;
        }
      }
      assert(count > 400, `${count} refusals`);
    } finally {
      watch.end();
    }
  });

  it("has a name for those alone who keep the register or pay", async function () {
    this.timeout(60_000);
    const withNames: Readonly<Record<string, readonly string[]>> = {
      secretary: ["listPersons", "readPerson", "exportPerson"],
      treasurer: ["listPayees"],
      president: ["listPayees"],
    };
    const names = [...NAMES.anna, ...NAMES.bruno];
    const officers = callers.all.filter(({ name }) => !["anna", "bruno"].includes(name));
    for (const caller of officers) {
      const naming = new Set<string>();
      for (const operation of operations.filter(({ method }) => method === "GET")) {
        const { raw, text } = await ask(operation, valuesOf(callers.bruno), caller, { query: "" });
        if (names.some((name) => `${raw.join("\n")}${text}`.includes(name))) naming.add(operation.operationId);
      }
      assert.deepEqual([...naming].toSorted(), (withNames[caller.name] ?? []).toSorted(), caller.name);
    }
  });

  it("stands in no line of the log, nor does a secret", () => {
    const log = world.log.join("").replaceAll(/"(time|milliseconds)":[\d.e-]+/g, "");
    assert(log.includes('"route":"/communities/{community}/accounts/{account}/statement"'));
    const secrets = callers.all.flatMap(({ headers }) => Object.values(headers)).map((value) => value.slice(-20));
    for (const word of [...canaries, ...NAMES.anna, ...secrets.filter((secret) => secret !== "")]) {
      assert(!log.includes(word), word);
    }
  });

  async function everythingOf(asking: Asking): Promise<string> {
    const own = ["sessions", "me/consents", "me/passkeys", "me/record", `communities/1/accounts/${BRUNO}/keys`];
    const texts: string[] = [];
    for (const path of own) {
      const got = await world.connections.ask({ method: "GET", path: `/api/v1/${path}`, headers: asking.headers });
      assert.equal(got.status, 200, path);
      texts.push(got.text.replaceAll(/"seenAt":"[^"]*"/g, ""));
    }
    return texts.join("\n");
  }
});

type Question = {
  readonly values: PathValues;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: string;
  /** More of it. */
  readonly query: string;
};

function question(
  { connections }: ApiWorld,
  operation: Operation,
  { values, headers, method = operation.method, query = "" }: Partial<Question> & Pick<Question, "values">,
): Promise<Got> {
  const address = addressOf(operation, values);
  const path = query === "" ? address : `${address}${address.includes("?") ? "&" : "?"}${query}`;
  const asked = { method, path, ...(headers && { headers }) };
  const streams = method === "GET" && operation.operationId.startsWith("stream");
  return streams ? connections.listen(asked, 2000, /up to date|"status"/) : connections.ask(asked);
}

/** Filters, pages and conditions that a route takes. */
function variationsOf({ parameters, operationId }: Operation): Partial<Question>[] {
  const has = (name: string) => parameters.some((each) => each.in === "query" && each.name === name);
  return [
    ...(has("cursor") ? [{ query: "cursor=1&limit=500" }, { query: "limit=1" }] : []),
    ...(operationId.startsWith("stream") ? [{ headers: { "Last-Event-ID": "1" } }] : []),
    { query: `account=${BRUNO}` },
    { headers: { "If-None-Match": "*" } },
  ];
}

function isJson(text: string): boolean {
  return text.startsWith("{") || text.startsWith("[");
}

/** All of an answer but what is the request's own. */
function comparable({ status, raw, text }: Got) {
  const own = new Set(["x-request-id", "date", "ratelimit"]);
  const headers = raw.flatMap((name, index) =>
    index % 2 === 0 && !own.has(name.toLowerCase()) ? [`${name}: ${raw[index + 1]}`] : [],
  );
  return { status, headers, text: text.replace(/urn:request:[\w-]+/, "") };
}
