/** `condivisa index`: of the example, over JSON-RPC, against the table that settle wrote. */

import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { INDEX_FILE, openIndexDatabase } from "../../api/index/indexStore.ts";
import { IndexReader } from "../../api/index/reader.ts";
import { type EmbeddedChain, openEmbeddedChain } from "../../chain/embedded.ts";
import { type ChainServer, serveChain } from "../../chain/server.ts";
import { condivisa, condivisaAsync, settleArgs } from "../support/cli.ts";
import { rowsOf } from "../support/indexes.ts";

const amounts = { entitled: z.string(), paid: z.string(), owed: z.string() };
const tableShape = z.object({ accounts: z.array(z.object({ number: z.number(), ...amounts })) });
const accountShape = z.object({ owed: z.string(), totals: z.object({ entitled: z.string(), paid: z.string() }) });

describe("condivisa index", function () {
  this.timeout(120_000);

  let folder: string;
  let out: string;
  let data: string;
  let chain: EmbeddedChain;
  let server: ChainServer;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-index-"));
    out = join(folder, "out");
    data = join(folder, "data");
    assert.equal(condivisa(...settleArgs("examples/magliano", out)).code, 0);
    chain = await openEmbeddedChain({ journal: join(out, "chain.sqlite"), genesisTime: 0 });
    server = await serveChain(chain, 0);
  });
  after(async () => {
    await server.close();
    await chain.close();
    rmSync(folder, { recursive: true });
  });
  const head = async () => Number(await chain.request({ method: "eth_blockNumber" }));
  const index = (...args: string[]) => condivisaAsync("index", ...args, "--rpc", server.url, "--data", data, "--quiet");

  it("has the example as the treasurer's table has it", async () => {
    const { code, stdout, stderr } = await index(out);
    assert.equal(code, 0, stderr);
    assert.equal(stdout, `${join(data, INDEX_FILE)}: 1 communities up to block ${await head()}.\n`);
    const table = tableShape.parse(JSON.parse(readFileSync(join(out, "settlement.json"), "utf8")));
    const database = openIndexDatabase(join(data, INDEX_FILE));
    const reader = new IndexReader(database);
    const accounts = reader.accounts(1, { after: 0, limit: 1000 }).map(({ number, content }) => {
      const { owed, totals } = accountShape.parse(JSON.parse(content));
      return { number, entitled: totals.entitled, paid: totals.paid, owed };
    });
    database.close();
    assert.deepEqual(
      accounts,
      table.accounts.map(({ number, entitled, paid, owed }) => ({ number, entitled, paid, owed })),
    );
  });

  it("makes it anew, the same", async () => {
    const rows = () => {
      const database = new DatabaseSync(join(data, INDEX_FILE), { readOnly: true });
      try {
        return rowsOf(database);
      } finally {
        database.close();
      }
    };
    const before = rows();
    const { code, stdout } = await index(out, "--rebuild", "--json");
    assert.equal(code, 0);
    const communities = [{ number: 1, findings: 0, foreign: 0 }];
    assert.deepEqual(JSON.parse(stdout), { file: join(data, INDEX_FILE), block: await head(), undone: 0, communities });
    assert.deepEqual(rows(), before);
  });

  it("refuses an index of another factory, and says how it is made anew", async () => {
    const { code, stderr } = await index("--factory", `0x${"00".repeat(19)}01`);
    assert.equal(code, 1);
    assert.match(stderr, /condivisa: .*index\.sqlite: of chain and factory .*Make it anew: .*--rebuild/);
  });

  it("says what is missing or wrong of the factory", async () => {
    for (const [args, message] of [
      [[], /neither a folder nor a factory/],
      [["--factory", "0x12"], /not an address/],
    ] as const) {
      const { code, stderr } = await index(...args);
      assert.equal(code, 2);
      assert.match(stderr, message);
    }
  });
});
