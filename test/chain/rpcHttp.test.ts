/** What is asked of a node over HTTP, and what comes of its answers. */

import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { text } from "node:stream/consumers";
import { setImmediate as turn } from "node:timers/promises";
import { z } from "zod";
import { RpcAnswerError } from "../../chain/rpcAnswer.ts";
import { RpcHttp, RpcHttpError } from "../../chain/rpcHttp.ts";

type Question = { readonly id: number; readonly method: string; readonly params: unknown };
type Answered = { readonly status?: number; readonly body: unknown };

const asked = z.array(z.object({ id: z.number(), method: z.string(), params: z.unknown() }));

describe("a node over HTTP", () => {
  let server: Server | undefined;
  let rpc: RpcHttp | undefined;
  let batches: number[];

  async function node(answer: (questions: Question[]) => Answered, doesAnswer = () => true): Promise<RpcHttp> {
    batches = [];
    const made = createServer(async (request, response) => {
      const questions = asked.parse(JSON.parse(await text(request)));
      batches.push(questions.length);
      if (!doesAnswer()) return;
      const { status = 200, body } = answer(questions);
      response.writeHead(status).end(typeof body === "string" ? body : JSON.stringify(body));
    });
    server = made;
    await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
    const at = made.address();
    assert(typeof at === "object" && at !== null);
    rpc = new RpcHttp(`http://127.0.0.1:${at.port}`);
    return rpc;
  }

  afterEach(async () => {
    rpc?.close();
    server?.closeAllConnections();
    await new Promise((resolve) => server?.close(resolve) ?? resolve(undefined));
    server = undefined;
  });

  const echo = (questions: Question[]) => ({ body: questions.map(({ id, method }) => ({ id, result: method })) });

  it("is asked in one go what is asked at once, in parts that nodes take", async () => {
    const to = await node(echo);
    const methods = Array.from({ length: 100 }, (_, index) => `m${index}`);
    assert.deepEqual(await Promise.all(methods.map((method) => to.request({ method }))), methods);
    assert.deepEqual(
      batches.toSorted((a, b) => a - b),
      [36, 64],
    );
  });

  it("is asked in one go what belongs together, whatever else is asked at once", async () => {
    const to = await node(echo);
    const group = (name: string, count: number) =>
      Array.from({ length: count }, (_, index) => ({ method: name + index }));
    const groups = [group("a", 40), group("b", 40), group("c", 3), group("d", 70), group("e", 1)];
    const answers = await Promise.all(groups.map((each) => to.requestAll(each)));
    assert.deepEqual(
      answers,
      groups.map((each) => each.map(({ method }) => method)),
    );
    // Of 70 no more than 64 can be.
    assert.deepEqual(
      batches.toSorted((a, b) => a - b),
      [7, 40, 43, 64],
    );
  });

  it("is not listened to for ever", async () => {
    const mebibyte = Buffer.alloc(2 ** 20, " ");
    const endless = createServer(async (_, response) => {
      while (!response.destroyed) if (!response.write(mebibyte)) await once(response, "drain").catch(() => undefined);
    });
    server = endless;
    await new Promise<void>((resolve) => endless.listen(0, "127.0.0.1", resolve));
    const at = endless.address();
    assert(typeof at === "object" && at !== null);
    rpc = new RpcHttp(`http://127.0.0.1:${at.port}`);
    await assert.rejects(rpc.request({ method: "m" }), (error) => {
      return error instanceof RpcHttpError && error.message.includes("more than 134217728 bytes");
    });
  });

  it("may answer in any order, and with errors, each to its question", async () => {
    const to = await node((questions) => ({
      body: questions
        .map(({ id, method }) =>
          method === "bad" ? { id, error: { code: -32000, message: "no", data: "0x12" } } : { id, result: method },
        )
        .toReversed(),
    }));
    const [good, bad] = await Promise.allSettled([to.request({ method: "good" }), to.request({ method: "bad" })]);
    assert.deepEqual(good, { status: "fulfilled", value: "good" });
    assert(bad?.status === "rejected" && bad.reason instanceof RpcAnswerError);
    assert.deepEqual([bad.reason.message, bad.reason.code, bad.reason.data], ["no", -32000, "0x12"]);
  });

  it("may refuse all with one error", async () => {
    const to = await node(() => ({ body: { id: null, error: { code: -32600, message: "too many" } } }));
    await assert.rejects(to.request({ method: "any" }), { name: "RpcAnswerError", message: "too many" });
  });

  it("is named with what it does if that is no answer", async () => {
    const cases: readonly [Answered, RegExp][] = [
      [{ body: "<html>" }, /no JSON-RPC: <html>/],
      [{ body: [] }, /left a question unanswered/],
      [{ status: 502, body: "" }, /status 502/],
    ];
    for (const [answered, message] of cases) {
      const to = await node(() => answered);
      await assert.rejects(to.request({ method: "any" }), (error: unknown) => {
        assert(error instanceof RpcHttpError);
        assert.match(error.message, message);
        assert.match(error.message, /^the node at http:\/\/127\.0\.0\.1:\d+ does not answer: /);
        return true;
      });
      to.close();
      server?.closeAllConnections();
      await new Promise((resolve) => server?.close(resolve));
    }
  });

  it("is asked again where it had closed the connection that was kept", async () => {
    const to = await node(echo);
    assert.equal(await to.request({ method: "one" }), "one");
    server?.closeAllConnections();
    assert.equal(await to.request({ method: "two" }), "two");
  });

  it("is asked nothing more once it was closed, though an answer is waited for", async () => {
    let silent = false;
    const to = await node(echo, () => !silent);
    assert.equal(await to.request({ method: "one" }), "one");
    silent = true;
    const waiting = to.request({ method: "two" });
    while (batches.length < 2) await turn();
    to.close();
    await assert.rejects(waiting, RpcHttpError);
    assert.equal(batches.length, 2);
  });

  it("that is not there is said not to answer", async () => {
    const to = new RpcHttp("http://127.0.0.1:1");
    await assert.rejects(to.request({ method: "any" }), RpcHttpError);
  });
});
