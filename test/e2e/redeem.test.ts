/** Redemption through the command, as a treasurer does it: file, confirmation, returns, audit; wrong files; kill −9. */

import assert from "node:assert/strict";
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { condivisaHere, condivisaKilledAfter, settleArgs } from "../support/cli.ts";

const EXAMPLE = "examples/magliano";
const OWN = "IT60X0542811101000000123456";
const ACCOUNTS = [
  "id,iban,holder",
  "famiglia-conti,IT60 X054 2811 1010 0000 0123 456,Niccolò Conti",
  "famiglia-bianchi,DE89370400440532013000,Anna Bianchi-Müller",
  "comune,IT60X0542811101000000123456,Comune di Magliano",
];
const statusShape = z.object({
  payments: z.array(z.object({ id: z.string(), endToEndId: z.string(), amount: z.string(), state: z.string() })),
  redeemed: z.string(),
  reversed: z.string(),
  inEscrow: z.string(),
});

describe("condivisa redeem", function () {
  this.timeout(180_000);
  let folder: string;
  let settled: string;
  let ibans: string;
  before(async () => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-redeem-"));
    settled = join(folder, "settled");
    ibans = join(folder, "ibans.csv");
    writeFileSync(ibans, `${ACCOUNTS.join("\n")}\n`);
    const { code, stderr } = await condivisaHere(...settleArgs(EXAMPLE, settled));
    assert.equal(code, 0, stderr);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const copyOf = (name: string): string => {
    const copy = join(folder, name);
    cpSync(settled, copy, { recursive: true });
    return copy;
  };
  const redeemArgs = (out: string, ...more: string[]) =>
    ["redeem", out, "--quiet", "--iban-file", ibans, "--debtor-iban", OWN].concat(more);
  const done = async (...args: string[]): Promise<string> => {
    const { code, stdout, stderr } = await condivisaHere(...args);
    assert.equal(code, 0, `${stdout}${stderr}`);
    return stdout;
  };
  const statusOf = async (out: string) =>
    statusShape.parse(JSON.parse(await done("redeem", out, "--status", "--json", "--quiet")));
  const idOf = async (out: string, account: string): Promise<string> => {
    const payment = (await statusOf(out)).payments.findLast(({ id }) => id === account);
    assert(payment, account);
    return payment.endToEndId;
  };
  const confirm = (out: string, ...lines: string[]) => {
    const file = join(folder, "outcomes.csv");
    writeFileSync(file, ["id,outcome", ...lines, ""].join("\n"));
    return condivisaHere("redeem", out, "--quiet", "--confirm", file);
  };

  it("goes from balances to the bank's file, to confirmation, to a return, and the audit agrees at each step", async () => {
    const out = copyOf("whole");
    const said = await done(...redeemArgs(out, "--format", "cbi", "--debtor-cuc", "1234567A"));
    assert.match(said, /3 payments, 312,80 €, proposed and approved/);
    const xml = readFileSync(join(out, "redemptions", "1.xml"), "utf8");
    assert.match(xml, /<CtrlSum>312.80<\/CtrlSum>/);
    assert.match(xml, /<Nm>Niccolo Conti<\/Nm>/);
    assert.equal(statSync(join(out, "redemptions", "1.xml")).mode & 0o077, 0);
    assert.equal(statSync(join(out, "redemptions", "1.json")).mode & 0o077, 0);
    assert.match(readFileSync(join(out, "statements", "famiglia-conti.txt"), "utf8"), /in attesa della banca/);

    const conti = await idOf(out, "famiglia-conti");
    const bianchi = await idOf(out, "famiglia-bianchi");
    const comune = await idOf(out, "comune");
    assert.match((await confirm(out, `${conti},executed`, `${bianchi},returned`)).stdout, /Executed: 1; returned: 1/);
    assert.match((await confirm(out, `${conti},executed`, `${bianchi},returned`)).stdout, /booked before: 2/);
    assert.match((await confirm(out, `${conti},returned`, `${comune},executed`)).stdout, /Executed: 1; returned: 1/);
    const status = await statusOf(out);
    assert.deepEqual(status.payments.map(({ id, state }) => `${id} ${state}`).toSorted(), [
      "comune executed",
      "famiglia-bianchi refused",
      "famiglia-conti reversed",
    ]);
    assert.deepEqual([status.redeemed, status.reversed, status.inEscrow], ["304120000", "59730000", "0"]);
    const statement = readFileSync(join(out, "statements", "famiglia-conti.txt"), "utf8");
    assert.match(statement, /59,730000 € — eseguito e poi restituito dalla banca/);
    assert.match(await done("audit", out, "--quiet"), /Audit OK/);

    const again = await done(...redeemArgs(out, "--format", "list", "--account", "famiglia-conti"));
    assert.match(again, /File 2:\n1 payments, 59,73 €/);
    assert.match(readFileSync(join(out, "redemptions", "2.csv"), "utf8"), /;59\.73;Niccolo Conti;IT60/);
    assert.match(readFileSync(join(out, "redemptions", "2.txt"), "utf8"), /IT60 X054 2811 1010 0000 0123 456/);
    assert.match(await done("audit", out, "--quiet"), /Audit OK/);
  });

  it("gives the same file when it is run again, another place for it included, and never a second payment", async () => {
    const out = copyOf("again");
    await done(...redeemArgs(out));
    const file = readFileSync(join(out, "redemptions", "1.xml"), "utf8");
    const elsewhere = join(folder, "for-the-bank.xml");
    assert.match(await done(...redeemArgs(out, "--out", elsewhere, "--format", "list")), /was begun before/);
    assert.equal(readFileSync(elsewhere, "utf8"), file);
    assert.equal(readFileSync(join(out, "redemptions", "1.xml"), "utf8"), file);
    assert.equal((await statusOf(out)).payments.length, 3);
    assert.match((await confirm(out, `${await idOf(out, "comune")},executed`)).stdout, /Executed: 1/);
    assert.match(await done(...redeemArgs(out)), /Nothing to redeem/);
  });

  it("leaves smaller balances than the minimum, and accounts that are not named", async () => {
    const out = copyOf("some");
    await done(...redeemArgs(out, "--minimum", "60.04"));
    assert.deepEqual(
      (await statusOf(out)).payments.map(({ id }) => id),
      ["comune"],
    );
    await done(...redeemArgs(out, "--account", "famiglia-bianchi"));
    assert.deepEqual(
      (await statusOf(out)).payments.map(({ id }) => id),
      ["comune", "famiglia-bianchi"],
    );
  });

  it("is resumed after kill −9 anywhere: one file, one payment each, booked once", async () => {
    const out = copyOf("killed");
    for (const milliseconds of [700, 900, 1100, 1300, 1500]) {
      await condivisaKilledAfter(milliseconds, ...redeemArgs(out));
    }
    await done(...redeemArgs(out));
    const { payments } = await statusOf(out);
    assert.deepEqual(
      payments.map(({ id, amount, state }) => [id, amount, state]),
      [
        ["comune", "244390000", "escrowed"],
        ["famiglia-conti", "59730000", "escrowed"],
        ["famiglia-bianchi", "8680000", "escrowed"],
      ],
    );
    assert.match(readFileSync(join(out, "redemptions", "1.xml"), "utf8"), /<\/Document>\n$/);
    const file = join(folder, "all-executed.csv");
    const lines = payments.map(({ endToEndId }) => `${endToEndId},executed`);
    writeFileSync(file, ["id,outcome", ...lines, ""].join("\n"));
    for (const milliseconds of [900, 1200, 1500]) {
      await condivisaKilledAfter(milliseconds, "redeem", out, "--quiet", "--confirm", file);
    }
    await done("redeem", out, "--quiet", "--confirm", file);
    const { redeemed, inEscrow } = await statusOf(out);
    assert.deepEqual([redeemed, inEscrow], ["312800000", "0"]);
  });

  it("asks for the order of a file that is at the bank, if it is lost", async () => {
    const out = copyOf("lost");
    await done(...redeemArgs(out));
    rmSync(join(out, "redemptions"), { recursive: true });
    const { code, stderr } = await condivisaHere(...redeemArgs(out));
    assert.equal(code, 2);
    assert.match(stderr, /redemptions\/1\.json: no such file\. Put back a copy/);
  });

  it("refuses wrong files and options with place and remedy, and keeps nothing", async () => {
    const file = join(folder, "wrong-ibans.csv");
    writeFileSync(file, "id,iban,holder\nnobody,IT61X0542811101000000123456,\n");
    const { code, stderr } = await condivisaHere(
      "redeem",
      settled,
      "--quiet",
      "--iban-file",
      file,
      "--debtor-iban",
      OWN,
    );
    assert.equal(code, 2, stderr);
    assert.match(stderr, /wrong-ibans.csv:2: id: «nobody»: no such member or fund\. Write an id/);
    assert.match(stderr, /:2: iban: «IT61X0542811101000000123456»: not an IBAN/);
    assert.match(stderr, /:2: holder: «»: empty/);
    const cbi = await condivisaHere(...redeemArgs(settled, "--format", "cbi"));
    assert.equal(cbi.code, 2, cbi.stderr);
    assert.match(cbi.stderr, /cuc: «»: missing\. Ask your bank/);
    assert.equal((await condivisaHere(...redeemArgs(settled, "--minimum", "ten"))).code, 2);
    assert.equal((await condivisaHere("redeem", settled, "--quiet")).code, 2);
    assert(!existsSync(join(settled, "redemptions")));
  });

  it("refuses outcomes of unknown payments, unknown outcomes, and executing what was refused, and books nothing", async () => {
    const out = copyOf("outcomes");
    await done(...redeemArgs(out));
    const comune = await idOf(out, "comune");
    const unknown = await confirm(out, `${comune},executed`, "CER-x,executed");
    assert.equal(unknown.code, 2);
    assert.match(unknown.stderr, /outcomes\.csv:3: id: «CER-x»: no such payment/);
    assert.match((await confirm(out, `${comune},lost`)).stderr, /outcomes\.csv:2: outcome: «lost»: unknown outcome/);
    assert.equal((await statusOf(out)).redeemed, "0");
    assert.equal((await confirm(out, `${comune},returned`)).code, 0);
    assert.match((await confirm(out, `${comune},executed`)).stderr, /booked as not executed before/);
  });
});
