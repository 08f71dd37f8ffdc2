/** An auditor with no more than the addresses, the register and a node's JSON-RPC. */

import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { z } from "zod";
import { openEmbeddedChain } from "../../chain/embedded.ts";
import { condivisa, settleArgs } from "../support/cli.ts";

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
      const { code, stdout } = await audited(auditors, await listening(server));
      assert.match(stdout, /Audit OK: 61 batches, 21945 readings/);
      assert.equal(code, 0);
    } finally {
      server.close();
      await chain.close();
    }
  });

  it("says that it could not reach the node", async () => {
    const { code, stderr } = await audited(auditors, "http://127.0.0.1:9");
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

/** Not with spawnSync: the node answers from this very process. */
function audited(folder: string, url: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const child = spawn("./condivisa", ["audit", folder, "--rpc", url, "--quiet"]);
    let stdout = "";
    let stderr = "";
    child.stdout.on("data", (text: Buffer) => {
      stdout += text.toString();
    });
    child.stderr.on("data", (text: Buffer) => {
      stderr += text.toString();
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}
