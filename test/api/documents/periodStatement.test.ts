/*
 * A period's statement as CSV and PDF
 *   of every account of the recorded histories: totals are the chain's, and what explains a booking adds up to it
 *   the same bytes each time; tagged, with language and title; names only where they are given
 *   words in both languages: bookings, reasons, why something waits
 *   a long one: the header on each page, pages numbered
 *   text that a spreadsheet would take for a formula
 */

import assert from "node:assert/strict";
import { type Names, withoutNames } from "../../../api/documents/names.ts";
import { PERIOD_COLUMNS, periodCsv } from "../../../api/documents/periodCsv.ts";
import { periodPdf } from "../../../api/documents/periodPdf.ts";
import { sum } from "../../../settlement/amounts.ts";
import type { History } from "../../../settlement/history.ts";
import { parseMonth } from "../../../settlement/hours.ts";
import { type PeriodStatement, periodStatement } from "../../../settlement/periodStatement.ts";
import { recompute } from "../../../settlement/recompute.ts";
import { statementHash } from "../../../settlement/statementHash.ts";
import type { Language } from "../../../settlement/terms.ts";
import { adjusted } from "../../settlement/histories/adjusted.ts";
import { corrected } from "../../settlement/histories/corrected.ts";
import { redeemed } from "../../settlement/histories/redeemed.ts";
import { checkDocuments, linesOf, micro } from "../../support/documents.ts";
import { pdfPages } from "../../support/pdfText.ts";
import { monthsWithAny, spreadTimes } from "../../support/periods.ts";

const DECEMBER = parseMonth("2026-12") ?? 0;
const NAMES: Names = {
  community: "CER «Città & Ţară»",
  nameOf: (account) => `Ştefan N° ${account}`,
  meterOf: (configuration, channel) => `=meter ${configuration}/${channel}`,
};

function whole(history: History, number: number): PeriodStatement {
  const timeOf = spreadTimes(history, DECEMBER, 1000);
  const months = monthsWithAny(history, timeOf);
  const account = history.accounts.find((candidate) => candidate.number === number);
  assert(account);
  const period = { fromMonth: months[0] ?? 0, toMonth: months.at(-1) ?? 0 };
  return periodStatement(history, recompute(history), account, period, timeOf);
}

const pdfOf = (statement: PeriodStatement, language: Language = "it", names = NAMES) =>
  periodPdf(statement, names, {
    language,
    asOf: { block: 77n, time: 1_798_761_600 },
    verification: { url: "https://example.org/verify/0xabc", hash: "0xabc" },
  });

describe("a statement as CSV and PDF", () => {
  for (const [name, history] of Object.entries({ adjusted, corrected, redeemed })) {
    it(`has the chain's totals, for every account of «${name}»`, async function () {
      this.timeout(30_000);
      for (const { number } of history.accounts) await checkDocuments(history, whole(history, number), NAMES);
    });
  }
});

describe("a statement as CSV", () => {
  it("has the documented columns, and meters that are no formulas", () => {
    const csv = periodCsv(whole(adjusted, 2), NAMES);
    assert.equal(csv.split("\n")[0], PERIOD_COLUMNS.join(","));
    const meters = linesOf(csv).flatMap(({ record, meter = "" }) => (record === "channel" ? [meter] : []));
    assert.deepEqual(meters, ["'=meter 0/3", "'=meter 0/6", "'=meter 0/10", "'=meter 1/1"]);
  });

  it("explains the part of each run and month by itself", () => {
    const lines = linesOf(periodCsv(whole(adjusted, 2), NAMES));
    const of = (run: string, configuration: string, record: string) =>
      lines.filter(
        (line) => line["run"] === run && line["configuration"] === configuration && line["record"] === record,
      );
    const amount = (run: string, record: string) =>
      sum(of(run, "AREA-0", record).map((line) => micro(line["amount_eur"])));
    assert.equal(amount("3", "part") + amount("3", "remainder") - amount("3", "before"), 45_207_963n);
    assert.equal(of("3", "AREA-0", "before")[0]?.["note"], "receipts adjustment roster readings excess");
    const [part] = of("3", "AREA-0", "part");
    assert.deepEqual(
      [
        part?.["rule"],
        part?.["pool"],
        part?.["pool_eur"],
        part?.["share_percent"],
        part?.["own_key"],
        part?.["total_key"],
      ],
      ["2", "ordinary", "210.689313", "30.00", "15324", "54096"],
    );
    assert.deepEqual(
      of("3", "AREA-0", "receipt").map((line) => [line["kind"], line["amount_eur"], line["fee_eur"]]),
      [
        ["premium", "300.000000", "8.000000"],
        ["valorisation", "20.010000", "0.000000"],
        ["premium", "-30.000000", "0.000000"],
      ],
    );
  });
});

describe("a statement as PDF", () => {
  it("is the same bytes each time, tagged, with language and title", async () => {
    const statement = whole(adjusted, 2);
    const [first, second] = [await pdfOf(statement), await pdfOf(statement)];
    assert(Buffer.from(first).equals(Buffer.from(second)));
    const file = Buffer.from(first).toString("latin1");
    for (const part of [
      "/StructTreeRoot",
      "/Marked true",
      "/Lang (it-IT)",
      "/DisplayDocTitle true",
      "/S /TH",
      "/S /H1",
    ]) {
      assert(file.includes(part), part);
    }
    // What stands in the file's data about the document names nobody.
    assert.match(file, /<rdf:li xml:lang="x-default">Estratto conto 2, 2026-12<\/rdf:li>/);
  });

  it("names the member, and has every letter", async () => {
    const text = pdfPages(await pdfOf(whole(adjusted, 2))).join("");
    assert(text.includes("CER «Città & Ţară»"));
    assert(text.includes("Ştefan N° 2 · Conto 2 · membro"), text.slice(0, 200));
    assert(!text.includes("\ufffd"));
  });

  it("names nobody to whom names are not given", async () => {
    const text = pdfPages(await pdfOf(whole(adjusted, 2), "it", withoutNames("CER"))).join("");
    assert(text.includes("Conto 2 · membro"));
    assert(text.includes("canale 3, immissione"));
    assert(!text.includes("Ştefan"));
  });

  it("says why something waits, in both languages", async () => {
    const italian = pdfPages(await pdfOf(whole(adjusted, 2))).join("");
    assert(italian.includes("da pagare 0,816554\u00a0€ (i fondi non bastano per tutti: a"), italian);
    const owner = pdfPages(await pdfOf(whole(adjusted, 4), "en")).join("");
    assert(owner.includes("Debt taken over by a fund: the plant was sold"), owner);
    assert.match(owner, /owed 4\.175894\u00a0€ \(waits for what comes next: ?paid from 12\.000000\u00a0€\)/);
    assert.match(owner, /netted against what comes/);
  });

  it("tells a redemption step by step", async () => {
    const text = pdfPages(await pdfOf(whole(redeemed, 1), "en")).join("");
    for (const state of ["ordered, waiting for the bank", "executed", "file given up"]) {
      assert(text.includes(`: ${state}`), state);
    }
    assert(text.includes("Credit goes to 0x"));
  });

  it("has the table's header on each page, and says on each which it is", async () => {
    const statement = whole(redeemed, 1);
    const bookings = Array.from({ length: 30 }, () => statement.bookings).flat();
    const pages = pdfPages(await pdfOf({ ...statement, bookings }, "en"));
    assert(pages.length > 3);
    for (const [index, text] of pages.entries()) assert(text.includes(`page ${index + 1} of ${pages.length}`));
    assert(pages.slice(1, 3).every((text) => text.startsWith("DateBookingOwed €Credit €In transfer €")));
  });

  it("tells many corrected months in a line each, those in a row that only follow their year as one", async () => {
    const statement = whole(adjusted, 2);
    const bookings = statement.bookings.map((booking) => {
      if (booking.kind !== "entitlement" || booking.run !== 3) return booking;
      const [change] = booking.changes;
      assert(change);
      const follow = Array.from({ length: 6 }, (_, index) => ({
        ...change,
        month: DECEMBER - 11 + index,
        reasons: ["excess"] as const,
        before: 2_000_000n,
        delta: -1_000_000n,
      }));
      return { ...booking, changes: [...follow, { ...change, reasons: ["readings"] as const }] };
    });
    const text = pdfPages(await pdfOf({ ...statement, bookings })).join("");
    assert(text.includes("Mesi già riconosciuti, ricalcolati"));
    assert(text.includes("2026-01 – 2026-06quota eccedentaria dell'anno aggiornata12,0000006,000000−6,000000"), text);
    assert(text.includes("2026-12misure corrette37,81055383,01851645,207963"), text);
  });

  it("says so where nothing was booked", async () => {
    const { bookings, ...statement } = whole(redeemed, 5);
    assert(bookings.length > 0);
    const text = pdfPages(await pdfOf({ ...statement, bookings: [] })).join("");
    assert(text.includes("Nessun movimento nel periodo."));
  });
});

describe("the hash of a statement", () => {
  it("is another where an amount, the account or the community is", () => {
    const statement = whole(adjusted, 2);
    const hash = statementHash(adjusted, statement);
    assert.equal(statementHash(adjusted, whole(adjusted, 2)), hash);
    const others = [
      statementHash(adjusted, whole(adjusted, 1)),
      statementHash({ ...adjusted, chainId: 1 }, statement),
      statementHash(adjusted, { ...statement, closing: { ...statement.closing, owed: statement.closing.owed + 1n } }),
      statementHash(adjusted, { ...statement, bookings: statement.bookings.slice(1) }),
    ];
    assert.equal(new Set([hash, ...others]).size, 5);
  });

  it("stays where only what may change later does: energy, the wallet", () => {
    const statement = whole(adjusted, 2);
    const later = {
      ...statement,
      months: [],
      account: { ...statement.account, payee: adjusted.accounts[0]?.payee ?? "0x" },
    } as const;
    assert.equal(statementHash(adjusted, later), statementHash(adjusted, statement));
  });
});
