/** What must hold of every account's documents: their totals are the chain's. */

import assert from "node:assert/strict";
import { parse } from "csv-parse/sync";
import { z } from "zod";
import type { Names } from "../../api/documents/names.ts";
import { periodCsv } from "../../api/documents/periodCsv.ts";
import { periodPdf } from "../../api/documents/periodPdf.ts";
import { formatMicro, sum } from "../../settlement/amounts.ts";
import type { History } from "../../settlement/history.ts";
import type { PeriodStatement } from "../../settlement/periodStatement.ts";
import { pdfPages } from "./pdfText.ts";

/** Lines by column name. */
export function linesOf(csv: string): Record<string, string>[] {
  return z.array(z.record(z.string(), z.string())).parse(parse(csv, { columns: true }));
}

/** `-1.234560` as micro-euro; nothing as 0. */
export function micro(text: string | undefined): bigint {
  if (text === undefined || text === "") return 0n;
  assert.match(text, /^-?\d+\.\d{6}$/);
  return BigInt(text.replace(".", ""));
}

/** Micro-euro as an Italian document writes them. */
export function inItalian(amount: bigint): string {
  const [whole = "", decimals = ""] = formatMicro(amount).replace("-", "−").split(".");
  return `${whole.replaceAll(/\B(?=(\d{3})+$)/g, ".")},${decimals}`;
}

/** The statement from the first month to the last, as CSV and PDF, against the chain. */
export async function checkDocuments(history: History, whole: PeriodStatement, names: Names): Promise<void> {
  const { number } = whole.account;
  const standing = history.treasury.accounts.find((account) => account.number === number);
  const escrow = history.tokens.sums.find((account) => account.number === number)?.inEscrow;
  assert(standing);
  const expected = { owed_eur: standing.owed, credit_eur: standing.balance, ordered_eur: escrow };
  const lines = linesOf(periodCsv(whole, names));
  const of = (record: string) => lines.filter((line) => line["record"] === record);
  for (const column of ["owed_eur", "credit_eur", "ordered_eur"] as const) {
    const booked = sum([...of("opening"), ...of("booking")].map((line) => micro(line[column])));
    assert.equal(booked, expected[column], `${column} of account ${number}`);
    assert.deepEqual(
      of("closing").map((line) => micro(line[column])),
      [expected[column]],
    );
  }
  const paid = of("booking").filter(({ kind }) => kind === "payout");
  assert.equal(sum(paid.map((line) => micro(line["credit_eur"]))), standing.paid);
  const entitled = sum(
    of("booking")
      .filter(({ kind }) => kind === "entitlement")
      .map((line) => micro(line["owed_eur"])),
  );
  const amounts = (record: string) => sum(of(record).map((line) => micro(line["amount_eur"])));
  assert.equal(amounts("part") + amounts("remainder") - amounts("before"), entitled, "what explains it adds up to it");

  const pdf = await periodPdf(whole, names, {
    language: "it",
    asOf: { block: 1n, time: 1_700_000_000 },
    verification: { url: "https://example.org/v/1", hash: "0x1" },
  });
  const text = pdfPages(pdf).join("");
  const closing = [standing.owed, standing.balance, escrow ?? 0n].map(inItalian).join("");
  assert.match(text, new RegExp(`Saldo finale al \\d\\d/\\d\\d/\\d{4}${closing.replaceAll(".", "\\.")}`));
  assert(text.includes(`Pagato nel periodo € ${inItalian(standing.paid)}`), `paid to account ${number}`);
}
