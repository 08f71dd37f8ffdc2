/** Who signs batches: an encrypted keystore, read by another library too, and a signer elsewhere. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { Wallet } from "ethers";
import { recoverTypedDataAddress } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { keystoreSigner, PASSPHRASE_VARIABLE, remoteSigner, writeKeystore } from "../../oracle/signers.ts";
import { batchTypedData } from "../../settlement/batchDigest.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { batchOf, FIRST_HOUR, smallRoster } from "../support/communityOnChain.ts";

const ROSTER = smallRoster(3);
const TYPED = batchTypedData(batchOf(ROSTER, FIRST_HOUR, 24), ROSTER, {
  chainId: 7,
  ledger: "0x1111111111111111111111111111111111111111",
});

describe("signers of batches", function () {
  this.timeout(30_000);
  const key = generatePrivateKey();
  const { address } = privateKeyToAccount(key);
  let folder: string;
  let keystore: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-signers-"));
    keystore = join(folder, "key.json");
    writeFileSync(keystore, await writeKeystore(key, "a passphrase"));
    writeFileSync(join(folder, "passphrase"), "a passphrase\n");
    writeFileSync(join(folder, "wrong"), "another\n");
  });
  after(() => rmSync(folder, { recursive: true }));

  it("open a keystore with its passphrase from a file or the environment, and sign", async () => {
    const signer = await keystoreSigner(keystore, join(folder, "passphrase"));
    const signature = await signer.sign(TYPED);
    assert.equal(await recoverTypedDataAddress({ ...TYPED, signature }), address);
    process.env[PASSPHRASE_VARIABLE] = "a passphrase";
    try {
      assert.equal((await keystoreSigner(keystore, undefined)).address, address);
    } finally {
      delete process.env[PASSPHRASE_VARIABLE];
    }
  });

  it("write a keystore that other wallets open", async () => {
    const wallet = await Wallet.fromEncryptedJson(await writeKeystore(key, "another passphrase"), "another passphrase");
    assert.equal(wallet.address, address);
  });

  it("say what is wrong with a keystore or its passphrase", async () => {
    writeFileSync(join(folder, "other.json"), '{"version":3}');
    for (const [file, passphrase, message] of [
      [keystore, "wrong", /key\.json: the passphrase does not open it/],
      [join(folder, "other.json"), "passphrase", /other\.json: not a keystore\. Name a keystore of version 3/],
      [join(folder, "none.json"), "passphrase", /none\.json: no such file\. Make one with `\.\/condivisa oracle-key`/],
      [keystore, "no-file", /no-file: no such file/],
    ] as const) {
      await assert.rejects(
        keystoreSigner(file, join(folder, passphrase)),
        (error) => error instanceof InputError && message.test(error.message),
      );
    }
    await assert.rejects(keystoreSigner(keystore, undefined), /no passphrase\. Name a file in `passphrase_file`/);
  });

  it("ask a signer elsewhere by eth_signTypedData_v4, which sees what it signs", async () => {
    const requestShape = z.object({ id: z.number(), method: z.string(), params: z.tuple([z.string(), z.string()]) });
    const typedShape = z.object({
      domain: z.record(z.string(), z.unknown()),
      types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
      message: z.record(z.string(), z.unknown()),
    });
    const asked: string[] = [];
    const server = createServer(async (request, response) => {
      const { id, method, params } = requestShape.parse(await json(request));
      asked.push(method);
      const { domain, types, message } = typedShape.parse(JSON.parse(params[1]));
      const { EIP712Domain: _, ...own } = types;
      const result = await new Wallet(key).signTypedData(domain, own, message);
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, result }));
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const bound = server.address();
      assert(typeof bound === "object" && bound !== null);
      const signature = await remoteSigner(`http://127.0.0.1:${bound.port}`, address).sign(TYPED);
      assert.equal(await recoverTypedDataAddress({ ...TYPED, signature }), address);
      assert.deepEqual(asked, ["eth_signTypedData_v4"]);
    } finally {
      server.close();
    }
  });
});
