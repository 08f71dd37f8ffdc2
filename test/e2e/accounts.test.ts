/**
 * Accounts through the commands, as officers do it: a wallet linked, replaced, lost; an objection; a debt written off; a
 * member who left; wrong input; kill −9. The audit agrees after each.
 *
 * Most calls run in this process, by the same command line: each process of its own would take half a second to start.
 */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { mock } from "node:test";
import { Command } from "commander";
import { Wallet } from "ethers";
import { z } from "zod";
import { executePayee } from "../../chain/payees.ts";
import { openRun } from "../../chain/payout.ts";
import { proposeWriteOff } from "../../chain/writeOffs.ts";
import { addAccountCommands } from "../../scripts/accountCommands.ts";
import type { Bench } from "../../scripts/settleLine.ts";
import { openSettlement } from "../../scripts/settlementFolder.ts";
import { withBench } from "../../scripts/settlementResults.ts";
import { parseMonth } from "../../settlement/hours.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { condivisa, condivisaKilledAfter, settleArgs } from "../support/cli.ts";
import { SMALL_MONTH, writeSmallCommunity, writeSmallReadings, writeSmallReceipts } from "../support/smallCommunity.ts";

const NEW = new Wallet(`0x${"a1".repeat(32)}`);
const NEXT = new Wallet(`0x${"b2".repeat(32)}`);

const typedDataShape = z.object({
  types: z.record(z.string(), z.array(z.object({ name: z.string(), type: z.string() }))),
  primaryType: z.literal("LinkWallet"),
  domain: z.object({ name: z.string(), version: z.string(), chainId: z.number(), verifyingContract: z.string() }),
  message: z.object({ account: z.number(), from: z.string(), to: z.string(), change: z.number() }),
});
const overviewShape = z.object({
  transfersOn: z.boolean(),
  accounts: z.array(
    z.object({
      id: z.string(),
      closed: z.boolean(),
      wallet: z.string().optional(),
      pending: z.object({ number: z.number(), state: z.string() }).optional(),
    }),
  ),
});
const balancesShape = z.object({ accounts: z.array(z.object({ id: z.string(), owed: z.string() })) });

describe("accounts by command", function () {
  this.timeout(120_000);
  let folder: string;
  let files: string;
  let settled: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-accounts-"));
    files = join(folder, "files");
    settled = join(folder, "settled");
    writeSmallCommunity(files);
    byProcess(...settleArgs(files, settled));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const copyOf = (name: string): string => {
    const copy = join(folder, name);
    cpSync(settled, copy, { recursive: true });
    return copy;
  };

  /** What the command prints, as a process of its own. */
  function byProcess(...args: string[]): string {
    const { code, stdout, stderr } = condivisa(...args);
    assert.equal(code, 0, `${stdout}${stderr}`);
    return stdout;
  }

  /** What the command prints, called in this process. */
  async function told(...args: string[]): Promise<string> {
    const program = new Command().exitOverride();
    addAccountCommands(program);
    const log = mock.method(console, "log", () => undefined);
    try {
      await program.parseAsync(args, { from: "user" });
      return log.mock.calls.flatMap((call) => call.arguments.map(String)).join("\n");
    } finally {
      log.mock.restore();
    }
  }

  const refused = async (args: readonly string[], message: RegExp): Promise<void> => {
    await assert.rejects(told(...args), (error) => {
      assert(error instanceof InputError, String(error));
      assert.match(error.message, message);
      return true;
    });
  };
  const payee = (step: string, out: string, ...more: string[]) =>
    ["payee", step, out, "--account", "conti", "--quiet"].concat(more);
  const overviewOf = async (out: string) => overviewShape.parse(JSON.parse(await told("payee", out, "--json")));
  const accountIn = async (out: string, id: string) =>
    (await overviewOf(out)).accounts.find((account) => account.id === id);
  const statementOf = (out: string, id: string) => readFileSync(join(out, "statements", `${id}.txt`), "utf8");

  /** Signs what the command prints, with ethers: it knows nothing of how the command encodes. */
  async function signed(out: string, wallet: Wallet): Promise<string[]> {
    const printed = await told(...payee("change", out, "--wallet", wallet.address, "--typed-data"));
    const { domain, types, message } = typedDataShape.parse(JSON.parse(printed));
    const { EIP712Domain, ...own } = types;
    assert.deepEqual(
      EIP712Domain?.map(({ name }) => name),
      ["name", "version", "chainId", "verifyingContract"],
    );
    return ["--wallet", wallet.address, "--signature", await wallet.signTypedData(domain, own, message)];
  }

  describe("a wallet linked by two persons", () => {
    let out: string;
    before(async () => {
      out = copyOf("linked");
      const change = payee("change", out, ...(await signed(out, NEW)));
      assert.match(await told(...change), /^Cambio 1, Famiglia Conti \(conti\): senza portafoglio → 0x/);
      assert.match(await told(...change), /^Era già così/);
      await refused(payee("complete", out), /--account: «conti»: not approved by the second person yet\. Approve it/);
      assert.match(
        await told(...payee("approve", out, "--language", "en")),
        /objections until 2026-05-07 00:00 \+02:00/,
      );
      assert.equal((await accountIn(out, "conti"))?.wallet, undefined);
      assert.match(await told(...payee("complete", out)), /eseguito\n.*wallet: "0x.*"\nVerifica senza differenze/);
    });

    it("gets the whole balance, and register and statement say so", async () => {
      assert.deepEqual(await accountIn(out, "conti"), { id: "conti", closed: false, wallet: NEW.address });
      assert.match(readFileSync(join(out, "register.json"), "utf8"), new RegExp(`"wallet": "${NEW.address}"`));
      assert.match(statementOf(out, "conti"), new RegExp(`Saldo in token: 23,684210 \\(${NEW.address}\\)`));
      assert.match(byProcess("audit", out, "--quiet"), /Audit OK/);
      assert.match(await told("payee", out), /Trasferimenti: disattivati/);
    });

    it("is what the next settlement expects in the community file", async () => {
      const { code, stderr } = condivisa(...settleArgs(files, out));
      assert.equal(code, 2, stderr);
      const remedy = `wallet of conti: «none»: replaced by change 1\\. Write \`wallet: "${NEW.address}"\` for conti`;
      assert.match(stderr, new RegExp(remedy));
      const now = join(folder, "files-now");
      writeSmallCommunity(now, { conti: `wallet: "${NEW.address}"` });
      writeSmallReceipts(now, 100, 38);
      assert.match(byProcess(...settleArgs(now, out)), /Paid 38\.0+ €[\s\S]*Audit OK/);
      assert.match(statementOf(out, "conti"), new RegExp(`32,684210 \\(${NEW.address}\\)`));
    });

    it("is kept when it cannot be given to another account, nor proposed anew", async () => {
      const to = ["--wallet", NEW.address, "--signature", "0x00"];
      await refused(
        ["payee", "change", out, "--account", "bianchi", ...to],
        /--wallet: «0x.*»: is or was conti's\. An address/,
      );
      await refused(payee("change", out, ...to), /credit goes there already/);
    });

    it("is replaced once it is lost, first by none", async () => {
      await told(...payee("change", out, "--no-wallet"));
      await told(...payee("approve", out));
      assert.match(await told(...payee("complete", out)), /si toglie `wallet`/);
      assert(!readFileSync(join(out, "register.json"), "utf8").includes("wallet"));
      assert.doesNotMatch(statementOf(out, "conti"), /Saldo in token/);
      const change = payee("change", out, ...(await signed(out, NEXT)));
      assert.match(await told(...change), /^Cambio 3, /);
    });
  });

  it("stops at an objection until it is withdrawn, and a cancelled change is over", async () => {
    const out = copyOf("objected");
    await refused(payee("approve", out), /no change is pending\. Propose one/);
    await told(...payee("change", out, ...(await signed(out, NEW))));
    await told(...payee("approve", out));
    assert.match(
      await told(...payee("object", out, "--reason", "non richiesto")),
      /opposizione del revisore: non richiesto/,
    );
    assert.match(await told("payee", out), /Cambi in corso:\n.*\n.*\n.*opposizioni fino al.*\n.*non richiesto/);
    await refused(payee("complete", out), /stopped by an objection: non richiesto/);
    await refused(payee("change", out, "--no-wallet"), /change 1 is pending, to 0x.*cancel/);
    assert.doesNotMatch(await told(...payee("withdraw", out)), /non richiesto/);
    assert.match(await told(...payee("cancel", out)), /annullato/);
    assert.match(await told(...payee("cancel", out)), /^Era già così/);
    await refused(payee("complete", out), /no change is pending/);
    assert.equal((await accountIn(out, "conti"))?.pending, undefined);
  });

  it("is resumed after kill −9 at any step, with one change", async () => {
    const out = copyOf("killed");
    const steps = [payee("change", out, ...(await signed(out, NEW))), payee("approve", out), payee("complete", out)];
    for (const step of steps) {
      for (const milliseconds of [700, 1000]) await condivisaKilledAfter(milliseconds, ...step);
      byProcess(...step);
    }
    assert.deepEqual(await accountIn(out, "conti"), { id: "conti", closed: false, wallet: NEW.address });
    assert.match(readFileSync(join(out, "register.json"), "utf8"), new RegExp(NEW.address));
  });

  it("writes down what is on the chain already, if it was stopped just then", async () => {
    const out = copyOf("unwritten");
    const { at } = openSettlement(out);
    await told(...payee("change", out, ...(await signed(out, NEW))));
    await told(...payee("approve", out));
    await onChain(out, async ({ chain, officers }) => {
      chain.advanceTo(chain.time() + 72 * 3600);
      await executePayee(officers.secretary, at.community, 2);
    });
    assert.match(await told(...payee("complete", out)), /^Era già così[\s\S]*eseguito/);
    assert.match(readFileSync(join(out, "register.json"), "utf8"), new RegExp(NEW.address));
    assert.match(statementOf(out, "conti"), new RegExp(NEW.address));
  });

  it("refuses what cannot be a change, with place and remedy, and leaves the chain as it was", async () => {
    const signature = (await signed(settled, NEXT))[3] ?? "";
    await refused(
      payee("change", settled, "--wallet", NEW.address, "--signature", signature),
      /not 0x.*'s signature of this/,
    );
    await refused(payee("change", settled, "--wallet", NEW.address), /--signature: missing\. Have the wallet sign/);
    await refused(payee("change", settled), /--wallet: missing\. Name the new wallet/);
    await refused(
      payee("change", settled, "--wallet", "0x12", "--typed-data"),
      /--wallet: «0x12»: not a wallet's address/,
    );
    await refused(["payee", "approve", settled, "--account", "nobody"], /--account: «nobody»: no such member or fund/);
    assert(
      (await overviewOf(settled)).accounts.every(
        ({ pending, wallet }) => pending === undefined && wallet === undefined,
      ),
    );
  });

  it("ends with 2 for wrong input and wrong usage", () => {
    const wrong = condivisa("payee", "approve", settled, "--account", "nobody");
    assert.equal(wrong.code, 2);
    assert.match(wrong.stderr, /no such member or fund\. .*\ncondivisa: nothing was written/);
    assert.equal(condivisa("payee", "aprove", settled).code, 2);
    assert.equal(condivisa("write-off", settled, "--account", "conti", "--fund", "cassa", "--reason", " ").code, 2);
  });

  describe("a debt written off", () => {
    let out: string;
    const writeOff = (...more: string[]) => ["write-off", out, "--fund", "cassa", "--quiet"].concat(more);
    const ofConti = (...more: string[]) => writeOff("--account", "conti", "--reason", "trasferita", ...more);
    const owed = (id: string) =>
      balancesShape
        .parse(JSON.parse(readFileSync(join(out, "settlement.json"), "utf8")))
        .accounts.find((account) => account.id === id)?.owed;
    before(() => {
      out = copyOf("debt");
      const clawedBack = join(folder, "files-clawed-back");
      writeSmallCommunity(clawedBack);
      writeSmallReceipts(clawedBack, 100, -38);
      byProcess(...settleArgs(clawedBack, out));
      assert.equal(owed("conti"), "-9000000");
    });

    it("is a fund's from then on, by two persons, once", async () => {
      const part = ofConti("--amount", "2.50");
      const { treasury } = openSettlement(out).at;
      const another = { account: 2, fund: 4, amount: 1n, reason: "never approved" };
      await onChain(out, ({ officers }) => proposeWriteOff(officers.treasurer, treasury, another));
      await condivisaKilledAfter(800, ...part);
      byProcess(...part);
      assert.match(
        await told(...part),
        /^Era già così[\s\S]*Stralciati 2,500000 € del debito di Famiglia Conti \(conti\)/,
      );
      assert.deepEqual([owed("conti"), owed("cassa")], ["-6500000", "-6300000"]);
      await refused(
        ofConti("--amount", "1"),
        /--reason: «trasferita»: with this reason 2\.500000 € are written off already/,
      );
      const rest = writeOff("--account", "conti", "--reason", "il resto", "--language", "en");
      assert.match(
        await told(...rest),
        /Famiglia Conti \(conti\) +-6\.500000 +0\.000000\nCassa sociale.* -6\.3.* -12\.8/,
      );
      assert.match(
        statementOf(out, "conti"),
        /Debts written off:\n {2}debt taken over by a fund: 2\.500000 € — trasferita/,
      );
      assert.match(
        statementOf(out, "cassa"),
        /debt of another account, taken over by this fund: 6\.500000 € — il resto/,
      );
      assert.match(byProcess("audit", out, "--quiet"), /Audit OK/);
    });

    it("is refused beyond the debt, of who owes nothing, and to no fund", async () => {
      await refused(
        writeOff("--account", "bianchi", "--reason", "x", "--amount", "6.01"),
        /--amount: .*more than bianchi owes/,
      );
      await refused(ofConti("--fund", "comune"), /--fund: «comune»: not a fund/);
      await refused(writeOff("--account", "cassa", "--reason", "x"), /--fund: «cassa»: the debtor itself/);
      await refused(writeOff("--account", "conti", "--reason", "y"), /--account: «conti»: owes nothing/);
    });

    it("waits until a run is paid", async () => {
      const month = parseMonth(SMALL_MONTH) ?? 0;
      const { at } = openSettlement(out);
      await onChain(out, ({ officers }) => openRun(officers.treasurer, at.treasury, month, month));
      await refused(writeOff("--account", "bianchi", "--reason", "x"), /debt: run 3 is not finished\. Run `.*settle`/);
    });
  });

  it("closes the account of a member without meters, for good, and says in its statement that it is", async () => {
    const out = copyOf("closed");
    const close = ["close", out, "--account", "conti", "--quiet"];
    await refused(
      close,
      /--account: «conti»: has meters on the newest roster of AC001E00999: casa-conti\. Write `until`/,
    );
    await refused(["close", out, "--account", "accantonamento-anticipi"], /a reserve of the community/);
    const left = join(folder, "files-left");
    writeSmallCommunity(left, { conti: "until: 2026-04-30" });
    writeSmallReadings(left, 2);
    byProcess(...settleArgs(left, out));
    await condivisaKilledAfter(700, ...close);
    byProcess(...close);
    assert.match(
      await told(...close),
      /^Era già così[\s\S]*Famiglia Conti \(conti\): conto chiuso[\s\S]*Verifica senza differenze/,
    );
    assert.equal((await accountIn(out, "conti"))?.closed, true);
    assert.match(statementOf(out, "conti"), /^Conto 2: Famiglia Conti \(membro, chiuso\)$/m);
    writeSmallReceipts(left, 100, 38);
    assert.match(byProcess(...settleArgs(left, out)), /Paid 38\.0+ €[\s\S]*Audit OK/);
    assert.match(statementOf(out, "conti"), /Riparto 2 .*pagato: 9,000000 €/);
  });

  /** Does with the officers' keys what no command does. */
  function onChain(out: string, work: (bench: Bench) => Promise<void>): Promise<void> {
    return withBench(openSettlement(out).folder, () => undefined, work);
  }
});
