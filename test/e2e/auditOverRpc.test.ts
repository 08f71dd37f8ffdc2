/** An auditor with no more than the addresses, the register and a node's JSON-RPC. */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { openEmbeddedChain } from "../../chain/embedded.ts";
import { condivisa, condivisaAsync, settleArgs } from "../support/cli.ts";

const requestShape = z.object({ id: z.number(), method: z.string(), params: z.array(z.unknown()).optional() });

describe("an audit over JSON-RPC", function () {
  this.timeout(60_000);

  let folder: string;
  let out: string;
  let auditors: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-rpc-"));
    out = join(folder, "out");
    assert.equal(condivisa(...settleArgs("examples/magliano", out)).code, 0);
    auditors = join(folder, "auditor");
    for (const file of ["deployment.json", "register.json"]) cpSync(join(out, file), join(auditors, file));
  });
  after(() => rmSync(folder, { recursive: true }));

  it("needs nothing of the operator's database", async () => {
    const chain = await openEmbeddedChain({ journal: join(out, "chain.sqlite"), genesisTime: 0 });
    const server = createServer(async (request, response) => {
      const { id, method, params } = requestShape.parse(await json(request));
      const result = await chain.request({ method, params }).then(
        (value) => ({ result: value }),
        (error: unknown) => ({ error: { code: -32000, message: String(error) } }),
      );
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, ...result }));
    });
    try {
      const { code, stdout } = await condivisaAsync("audit", auditors, "--rpc", await listening(server), "--quiet");
      assert.match(stdout, /Audit OK: 61 batches, 21945 readings/);
      assert.equal(code, 0);
    } finally {
      server.close();
      await chain.close();
    }
  });

  it("says that it could not reach the node", async () => {
    const { code, stderr } = await condivisaAsync("audit", auditors, "--rpc", "http://127.0.0.1:9", "--quiet");
    assert.equal(code, 1);
    assert.match(stderr, /condivisa: reading the chain at http:\/\/127\.0\.0\.1:9: HTTP request failed/);
  });
});

function listening(server: Server): Promise<string> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      assert(typeof address === "object" && address !== null);
      resolve(`http://127.0.0.1:${address.port}`);
    });
  });
}
