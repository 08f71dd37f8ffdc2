/** The whole service: lists while more comes, versions, whether it is ready, what it measures. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zeroHash } from "viem";
import { z } from "zod";
import { type Verifiable, verificationUrl } from "../../api/documents/verification.ts";
import { startApi } from "../../api/service.ts";
import { parseMonth } from "../../settlement/hours.ts";
import { type Callers, enrolCallers } from "../support/apiCallers.ts";
import { type ApiWorld, apiWorld } from "../support/apiWorld.ts";
import type { Got } from "../support/httpAsk.ts";
import { pdfPages } from "../support/pdfText.ts";
import { ORIGIN } from "../support/registerApi.ts";

const BATCHES = "/api/v1/communities/1/configurations/0/batches";
const pageShape = z.object({
  items: z.array(z.looseObject({ position: z.int() })),
  next: z.string().optional(),
});

const moment = z.iso.datetime();
const communityShape = z.object({ configurations: z.array(z.object({ nextHour: moment })) });
const hoursShape = z.object({ batches: z.array(z.object({ hours: z.array(z.object({ hour: moment })) })) });
const channelsShape = z.object({ items: z.array(z.object({ fromHour: moment })) });
const MILLISECONDS_PER_HOUR = 3_600_000;

describe("the API as a service", () => {
  let world: ApiWorld;
  let callers: Callers;
  before(async function () {
    this.timeout(120_000);
    world = await apiWorld();
    callers = await enrolCallers(world.api.url);
  });
  after(() => world.end());

  const ask = (path: string, headers: Record<string, string> = {}): Promise<Got> =>
    world.connections.ask({ method: "GET", path, headers: { ...callers.anna.asking.headers, ...headers } });

  it("gives every item of a list once, page by page, though more come meanwhile", async function () {
    this.timeout(60_000);
    const seen: number[] = [];
    let next: string | undefined;
    for (let pages = 0; pages === 0 || next !== undefined; pages++) {
      const cursor = next === undefined ? "" : `&cursor=${next}`;
      const page = pageShape.parse(JSON.parse((await ask(`${BATCHES}?limit=1${cursor}`)).text));
      assert(page.items.length <= 1);
      seen.push(...page.items.map(({ position }) => position));
      next = page.next;
      if (pages === 1) {
        await world.community.recordNext(world.stage);
        await world.caughtUp();
      }
    }
    const all = pageShape.parse(JSON.parse((await ask(`${BATCHES}?limit=500`)).text)).items;
    assert.deepEqual(
      seen,
      all.map(({ position }) => position),
    );
    assert.equal(seen.length, 4);
    assert.deepEqual(
      seen,
      seen.toSorted((a, b) => a - b),
    );
  });

  it("names another version when something of the community has changed, and only then", async function () {
    this.timeout(60_000);
    const path = "/api/v1/communities/1/accounts/1";
    const elsewhere = { headers: callers.elsewhere.asking.headers, method: "GET", path: "/api/v1/communities/2/runs" };
    const [first, other] = [await ask(path), await world.connections.ask(elsewhere)];
    const known = { "If-None-Match": first.headers.etag ?? "" };
    assert.equal((await ask(path, known)).status, 304);
    await world.community.recordNext(world.stage);
    await world.caughtUp();
    const after = await ask(path, known);
    assert.equal(after.status, 200);
    assert.notEqual(after.headers.etag, first.headers.etag);
    assert.equal((await world.connections.ask(elsewhere)).headers.etag, other.headers.etag);
  });

  it("says from when the next hour is missing, and a channel is metered, as a moment", async () => {
    const community = "/api/v1/communities/1";
    const { configurations } = communityShape.parse(JSON.parse((await ask(community)).text));
    const path = `${community}/configurations/0/hours?from=2026-02-15&to=2026-04-15`;
    const { batches } = hoursShape.parse(JSON.parse((await ask(path)).text));
    const lastHour = Date.parse(batches.at(-1)?.hours.at(-1)?.hour ?? "");
    const [first] = configurations;
    assert.equal(Date.parse(first?.nextHour ?? ""), lastHour + MILLISECONDS_PER_HOUR);
    const { items } = channelsShape.parse(JSON.parse((await ask(`${community}/accounts/1/channels`)).text));
    assert(items.length > 0 && items.every(({ fromHour }) => Date.parse(fromHour) < lastHour));
  });

  it("names a statement's file by account and months, so that several lie side by side", async () => {
    const path = "/api/v1/communities/1/accounts/1/statement.csv";
    for (const [query, name] of [
      ["from=2026-03&to=2026-03", "statement-1-2026-03.csv"],
      ["from=2026-03&to=2026-05", "statement-1-2026-03-2026-05.csv"],
    ]) {
      const { headers } = await ask(`${path}?${query}`);
      assert.equal(headers["content-disposition"], `attachment; filename="${name}"`);
    }
  });

  it("verifies a document, and tells one that the chain has passed by from one that was never made", async function () {
    this.timeout(60_000);
    const statement = "/api/v1/communities/1/accounts/1/statement.pdf?from=2026-03&to=2026-12";
    const pdf = await fetch(`${world.api.url}${statement}`, { headers: callers.anna.asking.headers });
    const printed = pdfPages(await pdf.bytes()).join("");
    const of = (name: string) => new RegExp(`${name}=([\\w-]+)`).exec(printed)?.[1] ?? "";
    const period = { community: 1, account: 1, from: parseMonth("2026-03") ?? 0, to: parseMonth("2026-12") ?? 0 };
    const current = { ...period, hash: z.templateLiteral(["0x", z.string()]).parse(of("hash")) };
    const past = { ...period, hash: zeroHash };
    const secret = world.settings.verificationSecret;
    const answerTo = async (document: Verifiable, by: Uint8Array) => {
      const link = new URL(verificationUrl(ORIGIN, by, document));
      const { status, text } = await ask(`/api/v1/verification?${link.hash.slice(1)}`);
      assert.equal(status, 200, text);
      return JSON.parse(text);
    };
    assert(verificationUrl(ORIGIN, secret, current).endsWith(`tag=${of("tag").slice(0, 22)}`));
    assert.deepEqual(await answerTo(current, secret), { isVerified: true, wasMadeHere: true });
    assert.deepEqual(await answerTo(past, secret), { isVerified: false, wasMadeHere: true });
    for (const each of [current, past]) {
      assert.deepEqual(await answerTo(each, Buffer.from("another")), { isVerified: false, wasMadeHere: false });
    }
  });

  it("is ready once it has caught up, and measures what is asked", async () => {
    const ready = await ask("/ready");
    assert.equal(ready.status, 200);
    assert.match(ready.text, /"ready":true/);
    const metrics = await (await fetch(`${world.api.metricsUrl}/metrics`)).text();
    assert.match(metrics, /condivisa_api_chain_reachable 1/);
    assert.match(metrics, new RegExp(`condivisa_api_index_block ${world.api.state().block}\\n`));
    assert.match(
      metrics,
      /condivisa_api_request_seconds_count\{route="\/communities\/\{community\}\/accounts\/\{account\}",method="GET",status="304"\} \d/,
    );
    assert.equal((await fetch(`${world.api.metricsUrl}/other`)).status, 404);
    assert.equal((await fetch(`${world.api.url}/metrics`)).status, 404);
  });

  it("runs, and is not ready, as long as it has never seen the chain", async function () {
    this.timeout(30_000);
    const data = mkdtempSync(join(tmpdir(), "condivisa-api-"));
    const api = await startApi({ ...world.settings, data, chain: "http://127.0.0.1:9" });
    try {
      assert.equal((await fetch(`${api.url}/ready`)).status, 503);
      assert.equal((await fetch(`${api.url}/health`)).status, 200);
      assert.equal((await fetch(`${api.url}/api/v1/communities`)).status, 401);
    } finally {
      await api.stop();
      rmSync(data, { recursive: true, force: true });
    }
  });

  it("serves its own description, in which every address is there", async () => {
    const document = z
      .looseObject({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
      .parse(JSON.parse((await ask("/api/v1/openapi.json")).text));
    assert.match(document.openapi, /^3\.1/);
    assert.equal(Object.keys(document.paths).length, new Set(world.api.routes.map(({ path }) => path)).size);
    const page = await ask("/api/reference");
    assert.match(String(page.headers["content-type"]), /^text\/html/);
  });

  it("leads who opens its address in a browser to the sign-in", async () => {
    const { status, headers } = await ask("/");
    assert.deepEqual([status, headers["location"]], [302, "/accedi"]);
  });
});
