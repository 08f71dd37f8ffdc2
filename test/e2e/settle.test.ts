/** The whole line through the command, as a treasurer runs it: the example, real readings, wrong files, kill −9, next month. */

import assert from "node:assert/strict";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { z } from "zod";
import { generateMagliano } from "../../examples/generate/magliano.ts";
import { condivisa, condivisaAsync, condivisaHere, condivisaKilledAfter, moneyOf, settleArgs } from "../support/cli.ts";

const EXAMPLE = "examples/magliano";
const micro = z.string().transform(BigInt);
const settlementShape = z.object({
  months: z.array(
    z.object({ month: z.string(), state: z.string(), missing: z.number(), received: micro, shared: micro }),
  ),
  accounts: z.array(z.object({ id: z.string(), entitled: micro, paid: micro, owed: micro })),
  totals: z.object({ received: micro, entitled: micro, paid: micro, owed: micro }),
});
const auditShape = z.object({
  ok: z.boolean(),
  checked: z.object({ readings: z.number(), corrections: z.number(), payouts: z.number(), runs: z.number() }),
  differences: z.array(z.unknown()),
});

describe("condivisa settle", function () {
  this.timeout(120_000);
  let folder: string;
  let out: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-e2e-"));
    out = join(folder, "example");
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const settlementOf = (path: string) =>
    settlementShape.parse(JSON.parse(readFileSync(join(path, "settlement.json"), "utf8")));
  const auditOf = (path: string) => auditShape.parse(JSON.parse(readFileSync(join(path, "audit.json"), "utf8")));

  it("settles the example: everything received is paid, to the micro-euro", () => {
    const { code, stdout, stderr } = condivisa(...settleArgs(EXAMPLE, out));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /Audit OK/);
    assert.match(stdout, /meter ferramenta, withdrawn: 5 hours missing from 2026-03-18T08:00:00Z/);
    const { totals, months, accounts } = settlementOf(out);
    assert.equal(totals.received, 779_860_000n);
    assert.equal(totals.paid, totals.received);
    assert.equal(totals.entitled, totals.received);
    assert.equal(totals.owed, 0n);
    assert.deepEqual(
      months.map(({ state }) => state),
      ["provisional", "closed"],
    );
    assert.equal(accounts.find(({ id }) => id === "gestione")?.paid, 77_986_000n);
    assert.equal(auditOf(out).checked.readings, 21_945);
  });

  it("writes a statement for everyone, in words and as JSON, and keeps the keys to the owner", () => {
    const files = readdirSync(join(out, "statements"));
    assert.equal(files.length, 32);
    const text = readFileSync(join(out, "statements", "famiglia-conti.txt"), "utf8");
    assert.match(text, /Regola 3: 378,310000 € × 40,00% × 571775 \/ 3154643 \(energia attribuita, Wh\) = 27,427281 €/);
    assert.match(text, /Pagato: 59,736419 €/);
    assert(!text.includes("Saldo in token"), "a household without a wallet hears nothing of tokens");
    assert(!text.includes("Bianchi"));
    assert.equal(statSync(join(out, "keys.json")).mode & 0o077, 0);
  });

  it("audits it from the chain alone, and against the distributor's file", async () => {
    const same = condivisa("audit", out, "--readings", `${EXAMPLE}/readings.csv`, "--quiet");
    assert.equal(same.code, 0, same.stderr);
    assert.match(same.stdout, /OK: every recorded hour is as in the file/);

    const altered = join(folder, "altered.csv");
    const text = readFileSync(`${EXAMPLE}/readings.csv`, "utf8");
    writeFileSync(altered, text.replace(/^(casa-neri,2026-04-05T10:00:00Z,),\d+$/m, "$1,7"));
    const differs = await condivisaHere("audit", out, "--readings", altered, "--quiet");
    assert.equal(differs.code, 3);
    assert.match(
      differs.stdout,
      /meter casa-neri, withdrawn at 2026-04-05T10:00:00Z: \d+ Wh on the chain, 7 Wh in the file/,
    );
  });

  it("pays nobody twice when it is run again", () => {
    const before = moneyOf(out);
    const again = condivisa(...settleArgs(EXAMPLE, out));
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /Nothing new to divide/);
    assert.equal(moneyOf(out), before);
    assert.equal(auditOf(out).checked.runs, 1);
  });

  it("is resumed after kill −9 anywhere, with the same result", async () => {
    const killed = join(folder, "killed");
    for (const milliseconds of [900, 1300, 1700, 2000, 2400, 2800]) {
      await condivisaKilledAfter(milliseconds, ...settleArgs(EXAMPLE, killed));
    }
    const { code, stderr } = await condivisaHere(...settleArgs(EXAMPLE, killed));
    assert.equal(code, 0, stderr);
    assert.equal(moneyOf(killed), moneyOf(out));
  });

  it("goes on with the next month where the last settlement ended", async () => {
    const files = join(folder, "monthly");
    cpSync(EXAMPLE, files, { recursive: true });
    const [header = "", ...lines] = readFileSync(join(files, "readings.csv"), "utf8").split("\n");
    const march = lines.filter((line) => (line.split(",")[1] ?? "") < "2026-03-31T22");
    writeFileSync(join(files, "readings.csv"), [header, ...march, ""].join("\n"));
    const receipts = readFileSync(join(files, "receipts.csv"), "utf8").split("\n");
    writeFileSync(join(files, "receipts.csv"), [...receipts.slice(0, 3), ""].join("\n"));

    const monthly = join(folder, "monthly-out");
    assert.equal((await condivisaHere(...settleArgs(files, monthly))).code, 0);
    assert.equal(settlementOf(monthly).totals.paid, 378_310_000n);

    const second = await condivisaHere(...settleArgs(EXAMPLE, monthly));
    assert.equal(second.code, 0, second.stderr);
    assert.deepEqual(settlementOf(monthly), settlementOf(out));
    assert.equal(auditOf(monthly).checked.runs, 2);
  });

  describe("corrections", () => {
    let files: string;
    let late: string;
    before(() => {
      files = join(folder, "corrected");
      cpSync(EXAMPLE, files, { recursive: true });
      const readings = readFileSync(join(files, "readings.csv"), "utf8");
      // A reading that was another, and one that was missing.
      const corrected = readings
        .replace(/^(forno,2026-03-05T10:00:00Z,),\d+$/m, "$1,90000")
        .replace(/^(forno,2026-04-05T10:00:00Z,),\d+$/m, "$1,12")
        .replace(/^ferramenta,2026-03-18T07:00:00Z,.*$/m, "$&\nferramenta,2026-03-18T08:00:00Z,,444");
      assert.notEqual(corrected, readings);
      writeFileSync(join(files, "readings.csv"), corrected);
      const prices = readFileSync(join(files, "prices.csv"), "utf8");
      writeFileSync(join(files, "prices.csv"), prices.replace(/^(2026-04-07T10:00:00Z,).*$/m, "$1-1.5"));
      late = join(folder, "late");
      cpSync(out, late, { recursive: true });
    });

    it("are amendments, and the next run books what they change", async () => {
      const { code, stdout, stderr } = await condivisaHere(...settleArgs(files, late));
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /Corrected, of what was recorded before:\n {2}meter forno: 2 hours\n {2}meter ferramenta: 1 hour\n {2}prices of AC001E00123: 1 hour\n/,
      );
      assert.match(stdout, /Audit OK: \d+ batches with 4 corrections/);
      const { checked } = auditOf(late);
      assert.deepEqual([checked.runs, checked.corrections, checked.readings], [2, 4, 21_945]);
      const [before, after] = [settlementOf(out), settlementOf(late)];
      assert.equal(after.months[0]?.missing, (before.months[0]?.missing ?? 0) - 1);
      assert.equal(after.totals.entitled, after.totals.received);
      assert.notDeepEqual(after.accounts, before.accounts);
      const same = await condivisaHere("audit", late, "--readings", join(files, "readings.csv"), "--quiet");
      assert.equal(same.code, 0, same.stdout);
    });

    it("give what a settlement with these readings from the start would have given", async () => {
      const fresh = join(folder, "corrected-from-the-start");
      assert.equal((await condivisaHere(...settleArgs(files, fresh))).code, 0);
      const [corrected, whole] = [settlementOf(late), settlementOf(fresh)];
      assert.deepEqual(corrected.months, whole.months);
      const entitled = ({ accounts }: typeof whole) => accounts.map(({ id, entitled: micros }) => [id, micros]);
      assert.deepEqual(entitled(corrected), entitled(whole));
    });

    it("come once: the same file again corrects and divides nothing", async () => {
      const before = moneyOf(late);
      const again = await condivisaHere(...settleArgs(files, late));
      assert.equal(again.code, 0, again.stderr);
      assert.doesNotMatch(again.stdout, /Corrected/);
      assert.match(again.stdout, /Nothing new to divide/);
      assert.equal(moneyOf(late), before);
    });

    it("leave what the file leaves out as it was recorded", async () => {
      const few = join(folder, "few");
      cpSync(files, few, { recursive: true });
      const [header = ""] = readFileSync(join(files, "readings.csv"), "utf8").split("\n");
      writeFileSync(join(few, "readings.csv"), `${header}\nforno,2026-03-05T10:00:00Z,,90000\n`);
      const [corrected, other] = [join(folder, "few-out"), settlementOf(out)];
      cpSync(out, corrected, { recursive: true });
      assert.equal((await condivisaHere(...settleArgs(few, corrected))).code, 0);
      const { months } = settlementOf(corrected);
      assert.equal(months[0]?.missing, other.months[0]?.missing);
      assert.deepEqual(months[1], other.months[1]);
    });

    it("are resumed after kill −9 anywhere, with the same result", async () => {
      const killed = join(folder, "killed-correcting");
      cpSync(out, killed, { recursive: true });
      for (const milliseconds of [1200, 1500, 1800, 2100, 2500]) {
        await condivisaKilledAfter(milliseconds, ...settleArgs(files, killed));
      }
      const { code, stderr } = await condivisaHere(...settleArgs(files, killed));
      assert.equal(code, 0, stderr);
      assert.equal(moneyOf(killed), moneyOf(late));
      assert.deepEqual([auditOf(killed).checked.runs, auditOf(killed).checked.corrections], [2, 4]);
    });

    it("raise the grade of recorded days if the file has all their readings", async () => {
      const graded = join(folder, "graded");
      const estimated = await condivisaHere(...settleArgs(EXAMPLE, graded), "--grade", "estimated");
      assert.equal(estimated.code, 0, estimated.stderr);
      assert.deepEqual(
        settlementOf(graded).months.map(({ state }) => state),
        ["provisional", "provisional"],
      );
      const { code, stdout, stderr } = await condivisaHere(...settleArgs(EXAMPLE, graded));
      assert.equal(code, 0, stderr);
      assert.match(
        stdout,
        /Corrected, of what was recorded before:\n {2}grade of AC001E00123: 61 days are now distributor\n/,
      );
      assert.deepEqual(settlementOf(graded), settlementOf(out));
    });

    it("are refused if they are worth less than what they correct; nothing is written", async () => {
      const before = moneyOf(out);
      const worse = await condivisaHere(...settleArgs(files, out), "--grade", "estimated");
      assert.equal(worse.code, 2);
      assert.match(
        worse.stderr,
        /--grade: «estimated»: these readings correct those of 2026-03-05, which were recorded as distributor\. Take/,
      );
      assert.equal(moneyOf(out), before);
    });
  });

  it("tells hours without a price, in which CACER plants earn nothing, and does without prices where none is", async () => {
    const files = join(folder, "unpriced");
    cpSync(EXAMPLE, files, { recursive: true });
    const prices = readFileSync(join(files, "prices.csv"), "utf8").split("\n");
    writeFileSync(join(files, "prices.csv"), prices.filter((line) => !/^2026-04-1[01]T0[0-3]/.test(line)).join("\n"));
    const { code, stdout, stderr } = await condivisaHere(...settleArgs(files, join(files, "out")));
    assert.equal(code, 0, stderr);
    assert.match(stdout, /configuration AC001E00123: 4 hours without a price from 2026-04-10T00:00:00Z/);
    assert.match(stdout, /provvisorio; ore senza prezzo zonale: 8/);

    rmSync(join(files, "prices.csv"));
    const missing = await condivisaHere(...settleArgs(files, join(files, "other")));
    assert.equal(missing.code, 2);
    assert.match(missing.stderr, /--prices: missing: CACER plants of AC001E00123 are paid by the zonal price/);

    const community = readFileSync(join(files, "community.yaml"), "utf8");
    writeFileSync(
      join(files, "community.yaml"),
      community.replace(/2024-09-20(.*), regime: CACER.*grant_percent: 40/, "2023-09-20$1"),
    );
    assert.equal((await condivisaHere(...settleArgs(files, join(files, "other")))).code, 0);
  });

  it("refuses another community in the same folder", async () => {
    const files = join(folder, "changed");
    cpSync(EXAMPLE, files, { recursive: true });
    const before = moneyOf(out);
    const community = readFileSync(join(files, "community.yaml"), "utf8");
    for (const [from, to, message] of [
      ["area: AC001E00123", "area: AC2", /configurations: not those with which .* was begun/],
      [
        "name: Fondo di gestione }",
        "name: Fondo di gestione, social: true }",
        /members or funds: not those with which/,
      ],
      [
        "name: Famiglia Neri, class",
        'name: Famiglia Neri, wallet: "0x000000000000000000000000000000000000dEaD", class',
        /wallet of famiglia-neri: .*payee change/,
      ],
    ] as const) {
      assert(community.includes(from), from);
      writeFileSync(join(files, "community.yaml"), community.replace(from, to));
      const other = await condivisaHere(...settleArgs(files, out));
      assert.equal(other.code, 2);
      assert.match(other.stderr, message);
    }
    assert.equal(moneyOf(out), before);
  });

  it("leaves nothing behind when a file is wrong", async () => {
    for (const [file, from, to, message] of [
      ["readings.csv", "municipio,", "municipia,", /readings\.csv:2: meter_id: «municipia»: unknown meter\. Add/],
      [
        "receipts.csv",
        "344.97",
        "344.971",
        /receipts\.csv:2: net_eur: «344\.971»: not an amount in euro and cents\. Write/,
      ],
      [
        "community.yaml",
        "share: 1000",
        "share: 999",
        /community\.yaml:\d+: rules\[0\]\.split: shares add up to 9999\. They must/,
      ],
      [
        "community.yaml",
        "IT001E00010001",
        "X",
        /community\.yaml:\d+: members\[0\]\.meters\[0\]\.pod: «X»: not a POD\. IT/,
      ],
      ["community.yaml", "document: regolamento.md", "document: ./", /document: «\.\/»: no such file/],
      [
        "community.yaml",
        "rules:\n",
        "rules:\n  - { fallback: sociale, split: [{ share: 10000, key: equal }] }\n",
        /rules\[1\]/,
      ],
      [
        "readings.csv",
        "2026-03-01T00:00:00Z",
        "2014-03-01T00:00:00Z",
        /before the start of the configuration|no reading of any meter/,
      ],
      ["community.yaml", "document: regolamento.md", "document: none.md", /document: «none\.md»: no such file/],
      ["community.yaml", "  - document", "  - from: 2026-05\n    document", /no rules for 2026-03, the first month/],
      [
        "prices.csv",
        "2026-02-28T23:00:00Z,",
        "2026-02-28T23:00:00Z,x",
        /prices\.csv:2: price_eur_mwh: «x[\d.]+»: not a price in €\/MWh/,
      ],
    ] as const) {
      const files = mkdtempSync(join(folder, "wrong-"));
      cpSync(EXAMPLE, files, { recursive: true });
      const text = readFileSync(join(files, file), "utf8");
      assert(text.includes(from));
      writeFileSync(join(files, file), text.replace(from, to));
      const { code, stderr } = await condivisaHere(...settleArgs(files, join(files, "out")));
      assert.equal(code, 2, stderr);
      assert.match(stderr, message);
      assert(!existsSync(join(files, "out")));
    }
  });

  it("never begins anew over a chain with readings, whatever file beside it is lost", async () => {
    for (const [lost, message] of [
      ["deployment.json", /chain\.sqlite: holds a chain on which readings are recorded; it is not begun anew/],
      ["chain.sqlite", /chain\.sqlite: the chain is missing; put the file back/],
      ["keys.json", /keys\.json: no such file; put it back/],
    ] as const) {
      const copy = join(folder, `without-${lost}`);
      cpSync(out, copy, { recursive: true });
      rmSync(join(copy, lost));
      const { code, stderr } = await condivisaHere(...settleArgs(EXAMPLE, copy));
      assert.equal(code, 1, stderr);
      assert.match(stderr, message);
      cpSync(join(out, lost), join(copy, lost));
      assert.equal((await condivisaHere("audit", copy, "--quiet")).code, 0);
    }
  });

  it("lets one of two that begin in the same folder win, and the other say so", async () => {
    const shared = join(folder, "shared");
    const ended = await Promise.all([
      condivisaAsync(...settleArgs(EXAMPLE, shared)),
      condivisaAsync(...settleArgs(EXAMPLE, shared)),
    ]);
    const codes = ended.map(({ code }) => code).toSorted();
    assert(codes[0] === 0, JSON.stringify(ended));
    for (const { code, stderr } of ended)
      if (code !== 0) assert.match(stderr, /in use by another process|another process/);
    assert.equal(condivisa(...settleArgs(EXAMPLE, shared)).code, 0);
    assert.equal(moneyOf(shared), moneyOf(out));
    assert.equal(auditOf(shared).checked.runs, 1);
  });

  it("refuses a folder that holds something else", async () => {
    const occupied = join(folder, "occupied");
    mkdirSync(occupied);
    writeFileSync(join(occupied, "thesis.txt"), "");
    const { code, stderr } = await condivisaHere(...settleArgs(EXAMPLE, occupied));
    assert.equal(code, 2);
    assert.match(stderr, /«thesis\.txt»: the folder holds something that is not a settlement's/);
    assert.deepEqual(readdirSync(occupied), ["thesis.txt"]);
  });
});

describe("condivisa", () => {
  it("explains itself", () => {
    const { code, stdout } = condivisa("--help");
    assert.equal(code, 0);
    for (const command of ["init", "settle", "audit", "demo", "bench", "test", "check"])
      assert.match(stdout, new RegExp(command));
  });

  it("ends with 2 and a hint when it is called wrongly", () => {
    for (const args of [["settle"], ["pay"], ["settle", "--grade", "good"], ["audit"], ["bench", "speed"]]) {
      const { code, stderr } = condivisa(...args);
      assert.equal(code, 2, args.join(" "));
      assert.match(stderr, /--help/);
    }
  });

  it("writes files to start from, once", () => {
    const folder = mkdtempSync(join(tmpdir(), "condivisa-init-"));
    const dir = join(folder, "mine");
    assert.equal(condivisa("init", dir).code, 0);
    assert.deepEqual(readdirSync(dir).toSorted(), [
      "community.yaml",
      "prices.csv",
      "readings.csv",
      "receipts.csv",
      "regolamento.md",
      "scenarios.yaml",
    ]);
    const again = condivisa("init", dir);
    assert.equal(again.code, 2);
    assert.match(again.stderr, /not empty\. Name a new folder/);
    rmSync(folder, { recursive: true });
  });
});

describe("the example community", () => {
  it("is what its seeded generator makes", () => {
    const { readings, prices, receipts } = generateMagliano(EXAMPLE);
    assert(
      readings === readFileSync(`${EXAMPLE}/readings.csv`, "utf8"),
      "readings.csv differs: node examples/generate/magliano.ts",
    );
    assert.equal(prices, readFileSync(`${EXAMPLE}/prices.csv`, "utf8"));
    assert.equal(receipts, readFileSync(`${EXAMPLE}/receipts.csv`, "utf8"));
  });
});
