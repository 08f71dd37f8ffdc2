/* The files and options of `condivisa redeem`: what each mistake is told as. */

import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { executionDay } from "../../scripts/redeem.ts";
import { type DebtorFlags, readBankAccounts, readDebtor, readOutcomes } from "../../scripts/redeemInputs.ts";
import type { Register } from "../../scripts/settlementFolder.ts";
import { InputError } from "../../settlement/inputProblem.ts";

const IBAN = "IT60X0542811101000000123456";
const REGISTER: Register = {
  community: "CER di prova",
  accounts: ["comune", "conti"].map((id, i) => ({ number: i + 1, id, name: id, kind: "member", social: false })),
  meters: [],
  configurations: [],
};

describe("the files of redeem", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-inputs-"));
  });
  after(() => rmSync(folder, { recursive: true }));

  const fileOf = (...lines: readonly string[]): string => {
    const file = join(folder, "file");
    writeFileSync(file, `${lines.join("\n")}\n`);
    return file;
  };
  const refuses = (read: () => unknown, message: RegExp) =>
    assert.throws(read, (error: unknown) => error instanceof InputError && message.test(error.message));

  it("reads bank accounts as people write them", () => {
    const file = fileOf("id,iban,holder", "conti,it60 x054 2811 1010 0000 0123 456,Niccolò  Conti");
    assert.deepEqual(readBankAccounts(file, REGISTER), [
      { number: 2, id: "conti", iban: IBAN, holder: "Niccolo Conti" },
    ]);
  });

  const wrongAccounts: readonly [string, string[], RegExp][] = [
    ["an unknown id", [`nobody,${IBAN},N`], /:2: id: «nobody»: no such member or fund/],
    ["no id", [`,${IBAN},N`], /:2: id: «»: no such member or fund/],
    [
      "a mistyped IBAN",
      ["comune,IT61X0542811101000000123456,N"],
      /:2: iban: «IT61X0542811101000000123456»: not an IBAN/,
    ],
    ["no IBAN", ["comune,,N"], /:2: iban: «»: not an IBAN/],
    ["an IBAN outside SEPA", ["comune,BR1800360305000010009795493C1,N"], /:2: iban: .*outside SEPA/],
    ["no holder", [`comune,${IBAN},`], /:2: holder: «»: empty/],
    ["a holder in Cyrillic", [`comune,${IBAN},Жанна`], /:2: holder: «Жанна»: has «Ж», which no bank takes/],
    ["a holder too long", [`comune,${IBAN},${"N".repeat(71)}`], /:2: holder: .*longer than 70 characters/],
    ["an id twice", [`comune,${IBAN},A`, `comune,${IBAN},B`], /:3: id: «comune»: same id as in line 2/],
  ];
  for (const [what, lines, message] of wrongAccounts) {
    it(`refuses ${what}`, () => refuses(() => readBankAccounts(fileOf("id,iban,holder", ...lines), REGISTER), message));
  }

  it("reads the debtor from a file and options, the name from the register", () => {
    const debtor = fileOf(`iban: ${IBAN}`, "bic: BLOPIT22", 'cuc: "1234567A"');
    const expected = { name: "CER di prova", iban: IBAN, bic: "BLOPIT22", cuc: "1234567A" };
    assert.deepEqual(readDebtor({ debtor }, REGISTER.community, "cbi"), expected);
    const named = readDebtor({ debtor, debtorName: "Comunità" }, REGISTER.community, "sepa");
    assert.equal(named.name, "Comunita");
  });

  const wrongDebtors: readonly [string, DebtorFlags, RegExp][] = [
    ["no IBAN", {}, /iban: «»: not an IBAN.*--debtor-iban/],
    ["a mistyped IBAN", { debtorIban: "IT61X0542811101000000123456" }, /iban: «IT61X.*»: not an IBAN/],
    ["a BIC that is none", { debtorIban: IBAN, debtorBic: "X", debtorCuc: "1234567A" }, /bic: «X»: not a BIC/],
    ["a CUC that is none", { debtorIban: IBAN, debtorCuc: "12" }, /cuc: «12»: not a CUC/],
    ["CBI without a CUC", { debtorIban: IBAN }, /cuc: «»: missing.*Codice Univoco CBI/],
    ["a name in Greek", { debtorIban: IBAN, debtorCuc: "1234567A", debtorName: "Ω" }, /name: .*has «Ω»/],
    ["a file that is not there", { debtor: "/no/such.yaml" }, /such.yaml: cannot be read/],
  ];
  for (const [what, flags, message] of wrongDebtors) {
    it(`refuses ${what}`, () => refuses(() => readDebtor(flags, REGISTER.community, "cbi"), message));
  }

  it("refuses what is not a debtor's", () => {
    refuses(() => readDebtor({ debtor: fileOf("ibam: x") }, "CER", "sepa"), /ibam/);
  });

  it("reads outcomes, and refuses unknown ones", () => {
    const file = fileOf("id,outcome", "A,executed", "B,returned");
    assert.deepEqual(readOutcomes(file), [
      { line: 2, endToEndId: "A", outcome: "executed" },
      { line: 3, endToEndId: "B", outcome: "returned" },
    ]);
    refuses(
      () => readOutcomes(fileOf("id,outcome", "A,lost")),
      /:2: outcome: «lost»: unknown outcome\. Write executed or/,
    );
  });

  const now = Date.parse("2026-04-02T15:00:00Z");
  it("asks for the next business day, or a given one from today on", () => {
    assert.equal(executionDay(undefined, now), "2026-04-07");
    assert.equal(executionDay("2026-04-02", now), "2026-04-02");
  });
  const wrongDays: readonly [string, RegExp][] = [
    ["2026-04-01", /in the past\. Write a business day as 2026-04-07/],
    ["2026-04-03", /banks are closed on this day/],
    ["2026-02-30", /not a day/],
    ["domani", /not a day/],
  ];
  for (const [day, message] of wrongDays) {
    it(`refuses ${day}`, () => refuses(() => executionDay(day, now), message));
  }
});
