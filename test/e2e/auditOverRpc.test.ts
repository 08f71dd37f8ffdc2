/** An auditor with no more than the addresses, the register and a node's JSON-RPC. */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { openEmbeddedChain } from "../../chain/embedded.ts";
import { serveChain } from "../../chain/server.ts";
import { condivisa, condivisaAsync, settleArgs } from "../support/cli.ts";

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
    const server = await serveChain(chain, 0);
    try {
      const { code, stdout } = await condivisaAsync("audit", auditors, "--rpc", server.url, "--quiet");
      assert.match(stdout, /Audit OK: 61 batches, 21945 readings/);
      assert.equal(code, 0);
    } finally {
      await server.close();
      await chain.close();
    }
  });

  it("says that it could not reach the node", async () => {
    const { code, stderr } = await condivisaAsync("audit", auditors, "--rpc", "http://127.0.0.1:9", "--quiet");
    assert.equal(code, 1);
    assert.match(stderr, /condivisa: reading the chain at http:\/\/127\.0\.0\.1:9: HTTP request failed/);
  });
});
