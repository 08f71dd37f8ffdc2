/** Callers that are slow, greedy or many keep nobody else from being answered, and the server's memory within bounds. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { Connections } from "../support/httpAsk.ts";
import { GOOD_KEY, type PlainOptions, type PlainServer, plainServer } from "../support/plainServer.ts";
import { type RawConnection, rawConnection } from "../support/rawConnection.ts";

const QUICK = "/api/v1/quick";
const BODY = "/api/v1/body";
/** Bounds how long others wait: far more than an answer takes, far less than the slow ones are let. */
const SERVED_MILLISECONDS = 5000;
const MEGABYTE = 1_048_576;
const PATIENCE = { headersTimeout: 1500, requestTimeout: 2500, connectionsCheckingInterval: 100 };
const JSON_HEADERS = { "Content-Type": "application/json" };

describe("the server", () => {
  let server: PlainServer;
  let connections: Connections;
  const begin = async (options: PlainOptions = {}) => {
    server = await plainServer(options);
    connections = new Connections(server.url);
  };
  afterEach(async () => {
    server.release();
    connections.close();
    await server.close();
  });

  const otherIsServed = async () => {
    const signal = AbortSignal.timeout(SERVED_MILLISECONDS);
    const response = await fetch(`${server.url}${QUICK}`, { signal });
    assert.equal(response.status, 200);
    await response.text();
  };
  const many = (count: number) => Promise.all(Array.from({ length: count }, () => rawConnection(server.url)));
  const post = (body: string | Uint8Array, headers: Record<string, string> = JSON_HEADERS) =>
    connections.ask({ method: "POST", path: BODY, headers, body });

  it("turns away who sends headers slowly, and serves others meanwhile", async function () {
    this.timeout(30_000);
    await begin({ patience: PATIENCE });
    const slow = await many(100);
    await drip(slow, `GET ${QUICK} HTTP/1.1\r\nHost: localhost\r\nX-Slow: `, otherIsServed);
    for (const { received } of slow) assert.match(received(), /^(HTTP\/1\.1 408 |$)/);
  });

  it("turns away who sends a body slowly, and serves others meanwhile", async function () {
    this.timeout(30_000);
    await begin({ patience: PATIENCE });
    const slow = await many(100);
    const head = `POST ${BODY} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 60000\r\n\r\n{`;
    await drip(slow, head, otherIsServed);
    for (const { received } of slow) assert.match(received(), /^(HTTP\/1\.1 4\d\d |$)/);
  });

  it("reads no more of a body than it takes", async function () {
    this.timeout(30_000);
    await begin();
    assert.equal((await post(JSON.stringify({ text: "x".repeat(60_000) }))).status, 200);
    assert.equal((await post(JSON.stringify({ text: "x".repeat(66_000) }))).status, 413);
    const before = process.memoryUsage().rss;
    const announced = await rawConnection(server.url);
    announced.socket.write(
      `POST ${BODY} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${1e12}\r\n\r\n`,
    );
    const endless = await rawConnection(server.url);
    endless.socket.write(
      `POST ${BODY} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`,
    );
    const sent = await pourInto(endless, `10000\r\n${"x".repeat(65_536)}\r\n`, 500);
    assert.match(await announced.until("413"), /^HTTP\/1\.1 413 /);
    assert.match(endless.received(), /^(HTTP\/1\.1 411 |$)/);
    assert(sent < 500, "it went on reading");
    await Promise.all([announced.closed, endless.closed]);
    await otherIsServed();
    const grown = (process.memoryUsage().rss - before) / MEGABYTE;
    assert(grown < 300, `${grown} MB`);
  });

  it("takes no deep, damaged or packed bodies for more than they are", async () => {
    await begin();
    for (const body of ["[".repeat(60_000), `${"[".repeat(30_000)}${"]".repeat(30_000)}`, '{"text":'.repeat(7000)]) {
      assert.equal((await post(body)).status, 400);
    }
    assert.equal((await post(`{"text":${"[".repeat(29_000)}${"]".repeat(29_000)}}`)).status, 400);
    assert.equal((await post('{"__proto__":{"text":"x"}}')).status, 400);
    const packed = { ...JSON_HEADERS, "Content-Encoding": "gzip" };
    const bomb = gzipSync(`{"text":"${"0".repeat(50 * MEGABYTE)}"}`);
    assert(bomb.length < 65_536);
    const before = process.memoryUsage().rss;
    for (let i = 0; i < 20; i++) assert.equal((await post(bomb, packed)).status, 413);
    const grown = (process.memoryUsage().rss - before) / MEGABYTE;
    assert(grown < 300, `${grown} MB`);
    assert.equal((await post(gzipSync('{"text":"x"}'), packed)).status, 200);
    assert.equal((await post(gzipSync('{"text":"x"}').subarray(0, 20), packed)).status, 400);
    assert.equal((await post("{}", { ...JSON_HEADERS, "Content-Encoding": "rot13" })).status, 415);
  });

  it("takes no more headers than it needs", async () => {
    await begin();
    const large = await rawConnection(server.url);
    large.socket.write(`GET ${QUICK} HTTP/1.1\r\nHost: localhost\r\nX-Large: ${"x".repeat(20_000)}\r\n\r\n`);
    assert.match(await large.until("\r\n\r\n"), /^HTTP\/1\.1 431 /);
    await large.closed;
    const endless = await rawConnection(server.url);
    endless.socket.write(`GET ${QUICK} HTTP/1.1\r\nHost: localhost\r\n`);
    assert((await pourInto(endless, "X-More: x\r\n".repeat(100), 100)) < 100, "it went on reading");
    const nonsense = await rawConnection(server.url);
    nonsense.socket.write("\u0016\u0003\u0001 no HTTP at all\r\n\r\n");
    assert.match(await nonsense.until("\r\n\r\n"), /^HTTP\/1\.1 400 /);
    await otherIsServed();
  });

  it("answers on a thousand connections, and on one all requests that were sent at once, in their order", async function () {
    this.timeout(60_000);
    await begin();
    const idle = await many(1000);
    await otherIsServed();
    const [one] = idle;
    assert(one !== undefined);
    const paths = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? "/api/v1/none" : QUICK));
    const sent = paths.map((path, i) => {
      const close = i === paths.length - 1 ? "Connection: close\r\n" : "";
      return `GET ${path} HTTP/1.1\r\nHost: localhost\r\n${close}X-Request-Id: number-${i}\r\n\r\n`;
    });
    one.socket.write(sent.join(""));
    await one.closed;
    const ids = [...one.received().matchAll(/HTTP\/1\.1 (\d+) [\s\S]*?X-Request-Id: (number-\d+)/g)];
    assert.deepEqual(
      ids.map(([, status, id]) => [status, id]),
      paths.map((path, i) => [path === QUICK ? "200" : "404", `number-${i}`]),
    );
    for (const { socket } of idle) socket.destroy();
  });

  it("keeps nothing for who opens a stream and does not read it", async function () {
    this.timeout(60_000);
    await begin();
    const before = process.memoryUsage().rss;
    const deaf = await many(30);
    for (const [index, { socket }] of deaf.entries()) {
      socket.pause();
      socket.write(`GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.1.${index % 3}.1\r\n\r\n`);
    }
    let told = -1;
    while (told !== server.told() || told < 30) {
      told = server.told();
      await otherIsServed();
      await sleep(300);
    }
    const grown = (process.memoryUsage().rss - before) / MEGABYTE;
    assert(grown < 400, `${grown} MB`);
    for (const { socket } of deaf) socket.destroy();
  });

  it("lets one caller have ten streams at once", async () => {
    await begin();
    const open = await many(11);
    const request = "GET /api/v1/stream HTTP/1.1\r\nHost: localhost\r\nX-Forwarded-For: 10.1.1.1\r\n\r\n";
    for (const { socket, until } of open.slice(0, 10)) {
      socket.write(request);
      assert.match(await until("\r\n\r\n"), /^HTTP\/1\.1 200 /);
      socket.pause();
    }
    const [, last] = [open[0], open[10]];
    assert(last !== undefined);
    last.socket.write(request);
    assert.match(await last.until("\r\n\r\n"), /^HTTP\/1\.1 429 /);
    for (const { socket } of open) socket.destroy();
  });

  it("counts requests by caller, and says when more may come", async () => {
    await begin({ perMinute: 5 });
    const ask = (ip: string, more: Record<string, string> = {}) =>
      connections.ask({ method: "GET", path: QUICK, headers: { "X-Forwarded-For": ip, ...more } });
    for (let left = 4; left >= 0; left--) {
      const { status, headers } = await ask("10.0.0.1");
      assert.equal(status, 200);
      assert.match(String(headers["ratelimit"]), new RegExp(`remaining=${left}`));
    }
    const over = await ask("10.0.0.1");
    assert.equal(over.status, 429);
    const seconds = Number(over.headers["retry-after"]);
    assert(seconds > 0 && seconds <= 60, String(over.headers["retry-after"]));
    assert.match(over.text, /"status":429/);
    // A key has requests of its own, wherever they come from; so has every other address, but not each of a network of IPv6.
    for (let i = 0; i < 5; i++) assert.equal((await ask("10.0.0.1", { Authorization: GOOD_KEY })).status, 200);
    assert.equal((await ask("10.0.0.9", { Authorization: GOOD_KEY })).status, 429);
    assert.equal((await ask("10.0.0.2")).status, 200);
    for (let i = 0; i < 5; i++) assert.equal((await ask(`2001:db8::${i}`)).status, 200);
    assert.equal((await ask("2001:db8::99")).status, 429);
  });

  it("lets nobody try keys without end", async () => {
    await begin();
    const ask = (ip: string, key: string) =>
      connections.ask({ method: "GET", path: "/api/v1/own", headers: { "X-Forwarded-For": ip, Authorization: key } });
    for (let i = 0; i < 30; i++) assert.equal((await ask("10.0.0.1", `Bearer guess-${i}`)).status, 401);
    const over = await ask("10.0.0.1", "Bearer guess-31");
    assert.equal(over.status, 429);
    assert(Number(over.headers["retry-after"]) > 0);
    // Not even a good one tells that it is good.
    assert.equal((await ask("10.0.0.1", GOOD_KEY)).status, 429);
    assert.equal((await ask("10.0.0.2", GOOD_KEY)).status, 200);
  });

  it("lets answers that it has begun end, and ends streams, when it stops", async () => {
    await begin();
    const slow = connections.ask({ method: "GET", path: "/api/v1/slow" });
    const stream = connections.listen({ method: "GET", path: "/api/v1/stream" }, 10_000);
    while (server.told() === 0) await sleep(10);
    await otherIsServed();
    const closing = server.close();
    assert.equal((await stream).status, 200);
    await assert.rejects(fetch(`${server.url}${QUICK}`));
    server.release();
    assert.equal((await slow).status, 200);
    await closing;
  });
});

/** Sends a byte at a time on every connection until they are all closed. */
async function drip(slow: readonly RawConnection[], head: string, meanwhile: () => Promise<void>): Promise<void> {
  let isOver = false;
  const over = Promise.all(slow.map(({ closed }) => closed)).then(() => {
    isOver = true;
  });
  for (const { socket } of slow) socket.write(head);
  while (!isOver) {
    for (const { socket } of slow) if (socket.writable) socket.write("x");
    await meanwhile();
    await sleep(100);
  }
  await over;
}

/** Sends something again and again, as fast as it is taken, until the connection is closed. @returns how often it was taken */
async function pourInto({ socket, closed }: RawConnection, text: string, most: number): Promise<number> {
  const isClosed = closed.then(() => "closed" as const);
  for (let sent = 0; sent < most; sent++) {
    if (!socket.writable) return sent;
    if (socket.write(text)) await new Promise((resolve) => setImmediate(resolve));
    else if ((await Promise.race([once(socket, "drain").catch(() => "closed"), isClosed])) === "closed") return sent;
  }
  return most;
}
