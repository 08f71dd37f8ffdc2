/** What every answer has, whatever it is about. */

import assert from "node:assert/strict";
import { z } from "zod";
import { problemSchema } from "../../api/http/problem.ts";
import { Connections, type Got } from "../support/httpAsk.ts";
import { type PlainServer, plainServer } from "../support/plainServer.ts";

const QUICK = "/api/v1/quick";
const ALLOWED = "https://pages.example.org";

describe("answers over HTTP", () => {
  let server: PlainServer;
  let connections: Connections;
  before(async () => {
    server = await plainServer();
    connections = new Connections(server.url);
  });
  after(async () => {
    server.release();
    connections.close();
    await server.close();
  });
  const ask = (method: string, path: string, headers: Record<string, string> = {}) =>
    connections.ask({ method, path, headers });

  it("have a version, and are not sent again to who has it", async () => {
    const first = await ask("GET", QUICK);
    assert.deepEqual([first.status, first.text, first.headers.etag], [200, "{}", '"1"']);
    for (const known of ['"1"', 'W/"1"', '"0", "1"', "*"]) {
      const again = await ask("GET", QUICK, { "If-None-Match": known });
      assert.deepEqual([again.status, again.text, again.headers.etag], [304, "", '"1"'], known);
    }
    assert.equal((await ask("GET", QUICK, { "If-None-Match": '"2"' })).status, 200);
    assert.equal((await ask("GET", QUICK, { "If-None-Match": '"1"', "Cache-Control": "no-cache" })).status, 200);
    assert.match(String(first.headers["vary"]), /Cookie.*Authorization/);
    assert.equal(first.headers["cache-control"], "no-cache");
  });

  it("to HEAD are the same without a body, also where there is a stream", async () => {
    const [whole, head] = [await ask("GET", QUICK), await ask("HEAD", QUICK)];
    assert.deepEqual([head.status, head.text], [200, ""]);
    for (const name of ["etag", "content-type", "cache-control", "vary"]) {
      assert.equal(head.headers[name], whole.headers[name], name);
    }
    const stream = await ask("HEAD", "/api/v1/stream");
    assert.deepEqual([stream.status, stream.headers["content-type"], stream.text], [200, "text/event-stream", ""]);
  });

  it("name the methods that there are", async () => {
    for (const [method, path, allow] of [
      ["POST", QUICK, "GET, HEAD"],
      ["PATCH", "/api/v1/body", "POST"],
      ["GET", "/api/v1/body", "POST"],
      ["OPTIONS", QUICK, "GET, HEAD"],
    ] as const) {
      const got = await ask(method, path);
      assert.deepEqual([got.status, got.headers["allow"]], [405, allow], `${method} ${path}`);
      isProblem(got);
    }
  });

  it("of unknown addresses are all the same, and problems as RFC 9457 has them", async () => {
    for (const path of ["/", "/api", "/api/v1", "/api/v1/none", "/api/v1/quick/none", "/%00", "/api/v1/%2e%2e/quick"]) {
      const got = await ask("GET", path);
      assert.equal(got.status, 404, path);
      isProblem(got);
    }
    for (const path of ["/api/v1/%ff", "/api/v1/quick/%"]) {
      const got = await ask("GET", path);
      assert([400, 404].includes(got.status), path);
      isProblem(got);
    }
  });

  it("name each field that is missing, unknown or wrong", async () => {
    const errorsOf = async (query: string, body: string) => {
      const headers = { "Content-Type": "application/json" };
      const got = await connections.ask({ method: "POST", path: `/api/v1/body${query}`, headers, body });
      assert.equal(got.status, 400);
      return isProblem(got).errors;
    };
    const remedy = "Remove it or mend its spelling";
    assert.deepEqual(await errorsOf("", "{}"), [{ field: "body.text", problem: "missing" }]);
    assert.deepEqual(await errorsOf("", '{"text":"","tex":1,"t":2}'), [
      { field: "body", problem: "unknown: tex, t", remedy },
    ]);
    assert.deepEqual(await errorsOf("?a=1", '{"text":""}'), [{ field: "query", problem: "unknown: a", remedy }]);
    assert.match((await errorsOf("", '{"text":1}'))?.[0]?.problem ?? "", /expected string/);
  });

  it("carry the request's id, which stands in the log too", async () => {
    const given = await ask("GET", QUICK, { "X-Request-Id": "a-request-of-mine" });
    assert.equal(given.headers["x-request-id"], "a-request-of-mine");
    assert(server.log.some((line) => line.includes('"request":"a-request-of-mine"') && line.includes('"status":200')));
    for (const wrong of ["", "x".repeat(65), 'a"b', "a b", "ä"]) {
      const made = String((await ask("GET", QUICK, { "X-Request-Id": wrong })).headers["x-request-id"]);
      assert.match(made, /^[0-9a-f]{8}-[0-9a-f-]{27}$/, wrong);
      assert(server.log.some((line) => line.includes(made)));
    }
    const problem = await ask("GET", "/api/v1/none", { "X-Request-Id": "another" });
    assert.equal(isProblem(problem).instance, "urn:request:another");
  });

  it("tell browsers to be careful, and nobody by what they are made", async () => {
    const { headers } = await ask("GET", QUICK);
    assert.match(String(headers["content-security-policy"]), /default-src 'self'.*frame-ancestors 'self'/);
    assert.equal(headers["x-content-type-options"], "nosniff");
    assert.equal(headers["referrer-policy"], "no-referrer");
    assert.match(String(headers["strict-transport-security"]), /max-age=\d{8}/);
    assert.equal(headers["cross-origin-resource-policy"], "same-origin");
    assert.equal(headers["x-powered-by"], undefined);
  });

  it("are for no page of another site, unless it is named", async () => {
    const preflight = { "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type" };
    const corsOf = ({ headers }: Got) => Object.keys(headers).filter((name) => name.startsWith("access-control"));
    for (const Origin of [ALLOWED, "https://evil.example", "null"]) {
      assert.deepEqual(corsOf(await ask("GET", QUICK, { Origin })), []);
      assert.deepEqual(corsOf(await ask("OPTIONS", QUICK, { Origin, ...preflight })), []);
    }
    const open = await plainServer({ origins: [ALLOWED] });
    const others = new Connections(open.url);
    try {
      const askOpen = (method: string, headers: Record<string, string>) =>
        others.ask({ method, path: method === "POST" ? "/api/v1/body" : QUICK, headers });
      const allowed = await askOpen("GET", { Origin: ALLOWED });
      assert.equal(allowed.headers["access-control-allow-origin"], ALLOWED);
      assert.equal(allowed.headers["access-control-allow-credentials"], "true");
      assert.match(String(allowed.headers["access-control-expose-headers"]), /ETag/);
      assert.match(String(allowed.headers["vary"]), /Origin/);
      assert.equal((await askOpen("OPTIONS", { Origin: ALLOWED, ...preflight })).status, 204);
      for (const Origin of ["https://evil.example", `${ALLOWED}.evil.example`, "null"]) {
        assert.equal((await askOpen("GET", { Origin })).headers["access-control-allow-origin"], undefined, Origin);
        assert.equal((await askOpen("POST", { Origin })).status, 403, Origin);
      }
      assert.equal((await askOpen("POST", { Origin: ALLOWED })).status, 400);
    } finally {
      others.close();
      await open.close();
    }
  });
});

function isProblem({ status, headers, text }: Got): z.infer<typeof problemSchema> {
  assert.match(String(headers["content-type"]), /^application\/problem\+json/);
  const problem = z.strictObject(problemSchema.shape).parse(JSON.parse(text));
  assert.equal(problem.status, status);
  return problem;
}
