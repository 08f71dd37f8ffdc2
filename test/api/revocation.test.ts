/** What is taken from somebody is gone with their next request, and for a stream that is open with the next word. */

import assert from "node:assert/strict";
import { SCOPES } from "../../api/http/caller.ts";
import { type Asking, type Callers, enrolCallers, officer } from "../support/apiCallers.ts";
import { type ApiWorld, apiWorld } from "../support/apiWorld.ts";
import { ROLE_IDS, rolesCalls } from "../support/communityCalls.ts";
import { keyOf } from "../support/communityOnChain.ts";
import { send } from "../support/refusals.ts";
import { Browser, signInWithWallet } from "../support/registerApi.ts";

const ACCOUNT = "/api/v1/communities/1/accounts/1";
const STREAM = "/api/v1/communities/1/stream";

describe("what is revoked", () => {
  let world: ApiWorld;
  let callers: Callers;
  before(async function () {
    this.timeout(120_000);
    world = await apiWorld();
    callers = await enrolCallers(world.api.url);
  });
  after(() => world.end());

  const statusOf = async (path: string, { headers }: Asking, method = "GET") =>
    (await world.connections.ask({ method, path, headers })).status;
  const streamOf = ({ headers }: Asking, until?: RegExp) =>
    world.connections.listen({ method: "GET", path: STREAM, headers }, 20_000, until);
  const nextDay = async () => {
    await world.community.recordNext(world.stage);
    await world.caughtUp();
  };

  it("is over at once: a session, where it was ended and elsewhere", async () => {
    const [phone, school] = [await callers.anna.again(), await callers.anna.again()];
    assert.equal(await statusOf(ACCOUNT, phone), 200);
    assert.equal(await statusOf("/api/v1/session", phone, "DELETE"), 204);
    assert.equal(await statusOf(ACCOUNT, phone), 401);
    assert.equal(await statusOf(ACCOUNT, school), 200);
    assert.equal(await statusOf("/api/v1/sessions", school, "DELETE"), 204);
    assert.deepEqual([await statusOf(ACCOUNT, school), await statusOf(ACCOUNT, callers.anna.asking)], [401, 401]);
  });

  it("is told nothing more by a stream that is open", async function () {
    this.timeout(60_000);
    const [leaving, staying] = [await callers.anna.again(), await callers.anna.again()];
    const left = streamOf(leaving);
    const stayed = streamOf(staying, /event: batch/);
    await world.connections.listen({ method: "GET", path: STREAM, headers: staying.headers }, 20_000, /up to date/);
    assert.equal(await statusOf("/api/v1/session", leaving, "DELETE"), 204);
    await nextDay();
    assert.match((await stayed).text, /event: batch/);
    const { status, text } = await left;
    assert.equal(status, 200);
    assert.doesNotMatch(text, /event: batch/);
  });

  it("is over with the office on the chain: sessions, streams, and the keys that the officer made", async function () {
    this.timeout(60_000);
    const calls = rolesCalls(world.community.at);
    const wallet = keyOf("a secretary for a while");
    await send(world.stage, "council", calls.grantRole(ROLE_IDS.secretary, wallet.address));
    await world.caughtUp();
    const { browser, asking } = await officer(world.api.url, "for a while", wallet);
    const made = await browser.ask("POST", "/communities/1/keys", { label: "all", scopes: SCOPES });
    const [, secret = ""] = /"secret":"([^"]+)"/.exec(made.text) ?? [];
    const machine = { name: "key", headers: { Authorization: `Bearer ${secret}` } };
    const persons = "/api/v1/communities/1/persons";
    assert.deepEqual([await statusOf(persons, asking), await statusOf(ACCOUNT, machine)], [200, 200]);
    const stream = streamOf(asking);
    await world.connections.listen({ method: "GET", path: STREAM, headers: asking.headers }, 20_000, /up to date/);

    await send(world.stage, "council", calls.revokeRole(ROLE_IDS.secretary, wallet.address));
    await world.caughtUp();
    assert.deepEqual([await statusOf(persons, asking), await statusOf(ACCOUNT, machine)], [401, 401]);
    assert.equal((await signInWithWallet(new Browser(world.api.url), wallet)).status, 422);
    assert.doesNotMatch((await stream).text, /RoleRevoked|event: batch/);
  });

  it("is over with a key that is revoked, and with an account that is another's", async () => {
    const again = await callers.bruno.again();
    const keys = "/api/v1/communities/1/accounts/2/keys";
    const key = callers.all.find(({ name }) => name === "key money") ?? again;
    assert.equal(await statusOf("/api/v1/communities/1/accounts/2", key), 200);
    const secretary = callers.all.find(({ name }) => name === "secretary") ?? again;
    const listed = await world.connections.ask({
      method: "GET",
      path: "/api/v1/communities/1/keys",
      headers: secretary.headers,
    });
    const [, id = ""] = /"key":"([0-9a-f]+)","scopes":\["money"\],"label":"money"/.exec(listed.text) ?? [];
    assert.equal(await statusOf(`/api/v1/communities/1/keys/${id}`, secretary, "DELETE"), 204);
    assert.equal(await statusOf("/api/v1/communities/1/accounts/2", key), 401);

    assert.equal(await statusOf(keys, again), 200);
    const erased = `/api/v1/communities/1/persons/${callers.bruno.person}`;
    assert.equal(await statusOf(erased, secretary, "DELETE"), 200);
    assert.equal(await statusOf(keys, again), 401);
  });

  it("ends by itself, though a stream is open all the time", async function () {
    this.timeout(60_000);
    const watching = callers.all.find(({ name }) => name === "auditor");
    assert(watching !== undefined);
    const stream = streamOf(watching);
    world.pass(15 * 60);
    await nextDayElsewhere();
    assert.doesNotMatch((await stream).text, /event: batch/);
    assert.equal(await statusOf(ACCOUNT, watching), 401);
  });

  /** Something that everybody who listens would be told of. */
  async function nextDayElsewhere(): Promise<void> {
    const calls = rolesCalls(world.community.at);
    await send(world.stage, "council", calls.grantRole(ROLE_IDS.auditor, keyOf("another auditor").address));
    await world.caughtUp();
  }
});
