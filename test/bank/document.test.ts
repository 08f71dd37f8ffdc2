/*
 * Documents for the bank: exact ones of each format; orders that a bank would refuse, by field; documents that break a rule
 * of their scheme, each found; any names and amounts.
 */

import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import fc from "fast-check";
import { CBI_BODY_RULES, CBI_RULES } from "../../bank/cbiRules.ts";
import { bankDocument, FORMATS, type Format, PaymentOrderError } from "../../bank/document.ts";
import { listText } from "../../bank/list.ts";
import type { Debtor, OrderedPayment, PaymentOrder } from "../../bank/order.ts";
import { PAIN001_RULES } from "../../bank/pain001Rules.ts";
import { documentProblems } from "../../bank/schemeRules.ts";
import { asSepaText } from "../../bank/text.ts";
import { formatEuro } from "../../settlement/amounts.ts";

const IBAN = "IT60X0542811101000000123456";
const PAYMENTS: readonly OrderedPayment[] = [
  { endToEndId: "CER-1a2b3c4d-1-7", amount: 60_030_000n, name: "Niccolo Conti", iban: IBAN, remittance: "conto 7" },
  {
    endToEndId: "CER-1a2b3c4d-1-9",
    amount: 10_000n,
    name: "Anna D'Angelo",
    iban: "DE89370400440532013000",
    remittance: "conto 9",
  },
];
const DEBTOR: Debtor = { name: "CER Magliano", iban: IBAN, bic: "BLOPIT22", cuc: "1234567A" };
const ORDER: PaymentOrder = {
  messageId: "CER-1a2b3c4d-1",
  createdAt: "2026-05-05T10:00:00Z",
  executionDate: "2026-05-06",
  debtor: DEBTOR,
  payments: PAYMENTS,
};
const debtor = (change: Partial<Debtor>): PaymentOrder => ({ ...ORDER, debtor: { ...DEBTOR, ...change } });
const first = (change: Partial<OrderedPayment>): PaymentOrder => ({
  ...ORDER,
  payments: PAYMENTS.map((payment, i) => (i === 0 ? { ...payment, ...change } : payment)),
});

describe("documents for the bank", () => {
  for (const [name, document] of [
    ...FORMATS.map((format): [string, () => string] => [`${format}.txt`, () => bankDocument(ORDER, format)]),
    ["list-to-read.txt", () => listText(ORDER)] as const,
  ]) {
    it(`are exactly as in test/bank/documents/${name}`, () => {
      const file = `${import.meta.dirname}/documents/${name}`;
      if (process.env["UPDATE_SNAPSHOTS"] === "1") writeFileSync(file, `${document()}\n`);
      assert.equal(`${document()}\n`, readFileSync(file, "utf8"));
    });
  }

  it("say that the bank is not known where no BIC is given", () => {
    const document = bankDocument({ ...ORDER, debtor: { name: "CER", iban: IBAN } }, "sepa");
    assert.match(document, /<DbtrAgt>\s*<FinInstnId>\s*<Othr>\s*<Id>NOTPROVIDED<\/Id>/);
    assert.doesNotMatch(document, /OrgId/);
  });

  const refused: readonly [string, PaymentOrder, Format, string][] = [
    ["no payments", { ...ORDER, payments: [] }, "sepa", "payments"],
    ["a day that is a Sunday", { ...ORDER, executionDate: "2026-05-03" }, "sepa", "executionDate"],
    ["a day that is none", { ...ORDER, executionDate: "2026-02-30" }, "sepa", "executionDate"],
    ["an instant without a zone", { ...ORDER, createdAt: "2026-05-05T10:00:00" }, "sepa", "createdAt"],
    ["a message id of 36 characters", { ...ORDER, messageId: "M".repeat(36) }, "sepa", "messageId"],
    ["a message id with a slash in front", { ...ORDER, messageId: "/M" }, "sepa", "messageId"],
    ["no name of the debtor", debtor({ name: "" }), "sepa", "debtor.name"],
    ["a debtor's name of 71 characters", debtor({ name: "N".repeat(71) }), "sepa", "debtor.name"],
    ["a debtor's IBAN with a wrong digit", debtor({ iban: "IT61X0542811101000000123456" }), "sepa", "debtor.iban"],
    ["a debtor's BIC that is none", debtor({ bic: "BLOPIT2" }), "sepa", "debtor.bic"],
    ["a CUC of seven characters", debtor({ cuc: "1234567" }), "cbi", "debtor.cuc"],
    ["CBI without a CUC", debtor({ cuc: undefined }), "cbi", "debtor.cuc"],
    ["the body of CBI without a CUC", debtor({ cuc: undefined }), "cbi-body", "debtor.cuc"],
    ["CBI from a German account", debtor({ iban: "DE89370400440532013000" }), "cbi", "debtor.iban"],
    ["an amount of zero", first({ amount: 0n }), "sepa", "amount"],
    ["a negative amount", first({ amount: -10_000n }), "sepa", "amount"],
    ["half a cent", first({ amount: 5_000n }), "list", "amount"],
    ["a billion euro", first({ amount: 1_000_000_000_000_000n }), "sepa", "amount"],
    ["an empty name", first({ name: "" }), "sepa", "name"],
    ["a name of 71 characters", first({ name: "N".repeat(71) }), "sepa", "name"],
    ["a name with an accent", first({ name: "Niccolò" }), "sepa", "name"],
    ["a name in Cyrillic", first({ name: "Жанна" }), "sepa", "name"],
    ["a name with a tag in it", first({ name: "a</Nm>" }), "sepa", "name"],
    ["an IBAN with blanks", first({ iban: "IT60 X054 2811 1010 0000 0123 456" }), "sepa", "iban"],
    ["an IBAN outside SEPA", first({ iban: "BR1800360305000010009795493C1" }), "sepa", "iban"],
    ["an empty IBAN", first({ iban: "" }), "list", "iban"],
    ["an id of 36 characters", first({ endToEndId: "E".repeat(36) }), "sepa", "endToEndId"],
    ["an empty id", first({ endToEndId: "" }), "sepa", "endToEndId"],
    ["the same id twice", first({ endToEndId: "CER-1a2b3c4d-1-9" }), "sepa", "endToEndId"],
    ["a remittance of 141 characters", first({ remittance: "r".repeat(141) }), "sepa", "remittance"],
    ["a remittance with two slashes", first({ remittance: "a//b" }), "sepa", "remittance"],
    ["a semicolon, which would part a list's columns", first({ remittance: "a;b" }), "list", "remittance"],
  ];
  for (const [what, order, format, field] of refused) {
    it(`refuse ${what}`, () => {
      assert.throws(
        () => bankDocument(order, format),
        (error: unknown) =>
          error instanceof PaymentOrderError && error.problems.length === 1 && error.problems[0]?.field === field,
      );
    });
  }

  it("tell everything that is wrong at once, and where", () => {
    const order = { ...first({ amount: 0n, iban: "" }), executionDate: "2026-05-03" };
    assert.throws(() => bankDocument(order, "sepa"), {
      message: [
        "order: executionDate: «2026-05-03»: not a business day",
        "payment 1: amount: «0»: not more than zero",
        "payment 1: iban: «»: not an IBAN: a character is missing, too many or mistyped",
      ].join("\n"),
    });
  });

  const RULES = { sepa: PAIN001_RULES, cbi: CBI_RULES, "cbi-body": CBI_BODY_RULES } as const;
  const broken: readonly [string, RegExp, string, string][] = [
    ["another namespace", /xmlns(:PMRQ)?="urn:[^"]*(pain|CBIP)/, 'xmlns$1="urn:other', "@xmlns"],
    ["a count", /NbOfTxs>2</, "NbOfTxs>3<", "NbOfTxs"],
    ["a control sum", /CtrlSum>60.04</, "CtrlSum>60.05<", "CtrlSum"],
    ["an amount", /EUR">60.03</, 'EUR">60.02<', "InstdAmt"],
    ["an amount with three decimals", /EUR">60.03</, 'EUR">60.030<', "InstdAmt"],
    ["another currency", /Ccy="EUR"/, 'Ccy="USD"', "InstdAmt@Ccy"],
    ["an attribute too many", /Ccy="EUR"/, 'Ccy="EUR" x="1"', "InstdAmt@x"],
    ["another charge bearer", /SLEV/, "SHAR", "ChrgBr"],
    ["another method", />TRF</, ">CHK<", "PmtMtd"],
    ["a date with a time", />2026-05-06</, ">2026-05-06T00:00:00<", "Dt"],
    ["an id twice", /EndToEndId>CER-1a2b3c4d-1-9/, "EndToEndId>CER-1a2b3c4d-1-7", "EndToEndId"],
    ["no name", /<(PMRQ:)?Cdtr>\s*<(PMRQ:)?Nm>[^<]*<\/(PMRQ:)?Nm>/, "<$1Cdtr>", "Nm"],
    ["an element that is not of the format", /<(PMRQ:)?ChrgBr>/, "<$1Purp>x</$1Purp><$1ChrgBr>", "Purp"],
    ["a tag that does not close", /<\/(PMRQ:)?GrpHdr>/, "", "document"],
    ["no declaration", /<\?xml[^>]*\?>/, "", "document"],
  ];
  for (const format of ["sepa", "cbi", "cbi-body"] as const) {
    describe(`in the format ${format}`, () => {
      const document = bankDocument(ORDER, format);
      it("keep the scheme's rules", () => assert.deepEqual(documentProblems(document, RULES[format], ORDER), []));
      for (const [what, pattern, replacement, field] of broken) {
        it(`are found to break them by ${what}`, () => {
          const altered = document.replace(pattern, replacement);
          assert.notEqual(altered, document);
          const problems = documentProblems(altered, RULES[format], ORDER);
          assert(
            problems.some((problem) => problem.field.includes(field)),
            JSON.stringify(problems),
          );
        });
      }
    });
  }

  it("hold any names and amounts that the scheme allows, with their sum", () => {
    const payment = fc.record({
      name: fc.string({ unit: "binary", minLength: 1, maxLength: 90 }).map((text) => asSepaText(`N${text}`, 70)),
      cents: fc.bigInt({ min: 1n, max: 99_999_999_999n }),
    });
    fc.assert(
      fc.property(fc.array(payment, { minLength: 1, maxLength: 8 }), fc.constantFrom(...FORMATS), (given, format) => {
        const payments = given.map(({ name, cents }, i) => ({
          endToEndId: `E-${i}`,
          amount: cents * 10_000n,
          name,
          iban: IBAN,
          remittance: asSepaText(`conto ${name}`, 140),
        }));
        const document = bankDocument({ ...ORDER, payments }, format);
        const amounts = payments.map(({ amount }) => formatEuro(amount));
        for (const amount of amounts) assert(document.includes(amount));
        const names = document.replaceAll("&apos;", "'");
        for (const { name } of payments) assert(names.includes(name));
      }),
    );
  });
});
