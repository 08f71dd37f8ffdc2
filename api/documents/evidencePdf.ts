/** GSE's evidence of a configuration's year as a PDF. */

import { ACCRUAL_PER_MICRO, formatDecimal, formatEuro, formatKwh, sum } from "../../settlement/amounts.ts";
import type { EvidenceAllocation, EvidenceMonth, ExcessEvidence } from "../../settlement/excessEvidence.ts";
import { formatMonth } from "../../settlement/hours.ts";
import { EVIDENCE_WORDS, type EvidenceWords } from "./certificateWords.ts";
import type { Names } from "./names.ts";
import { drawHead, verificationSection } from "./parts.ts";
import { amountCell, drawTable, euroText, grouped, type PdfColumn, type PdfRow } from "./pdfTable.ts";
import { COLOURS, closeSheet, heading, openSheet, type Sheet, write } from "./sheet.ts";
import { type DocumentOptions, type Telling, tellingIn } from "./telling.ts";

/** The same input gives the same bytes. It names nobody: members stand there by class. */
export async function evidencePdf(
  evidence: ExcessEvidence,
  names: Names,
  { language, asOf, verification }: DocumentOptions,
): Promise<Uint8Array> {
  const telling = tellingIn(language, names);
  const own = EVIDENCE_WORDS[language];
  const { area, year, adjusted } = evidence;
  const title = own.title(year);
  const sheet = openSheet({ title: `${title}, ${area}`, language, issued: asOf.time });
  drawHead(sheet, telling, title, undefined);
  write(sheet, "P", `${own.area} ${area}`, { size: 11, after: 2 });
  const state = adjusted === undefined ? own.notAdjusted : own.adjusted(adjusted.block);
  write(sheet, "P", state, { size: 9, colour: COLOURS.faint });
  excessSection(sheet, evidence, telling, own);
  thresholdSection(sheet, evidence, telling, own);
  allocationSection(sheet, evidence, telling, own);
  receiptsSection(sheet, evidence, telling, own);
  verificationSection(sheet, telling, own.notes, asOf, verification);
  return closeSheet(sheet, (page, pages) => `${names.community} · ${title} · ${telling.words.page(page, pages)}`);
}

const left = (title: string, part: number): PdfColumn => ({ title, part, align: "left" });
const right = (title: string, part: number): PdfColumn => ({ title, part, align: "right" });
const percent = (basisPoints: bigint, { words }: Telling) => `${grouped(formatDecimal(basisPoints, 2), words)}%`;

function excessSection(sheet: Sheet, { totals }: ExcessEvidence, { words }: Telling, own: EvidenceWords): void {
  const { excessTo, pools } = totals;
  heading(sheet, own.useOfExcess);
  const rows = [
    [own.toNonEnterprises, excessTo.nonEnterprises],
    [own.toSocialFunds, excessTo.socialFunds],
    [own.toOthers, excessTo.others],
    [own.held, pools.heldExcess],
  ] as const;
  drawTable(
    sheet,
    [left("", 75), right(own.amount, 25)],
    [
      ...rows.map(([what, amount]) => ({ cells: [what.replace(" €", ""), amountCell(amount, words)] })),
      { kind: "total", cells: [own.total, amountCell(pools.excess + pools.heldExcess, words)] },
    ],
  );
}

function thresholdSection(sheet: Sheet, { plantSets }: ExcessEvidence, telling: Telling, own: EvidenceWords): void {
  const { words } = telling;
  heading(sheet, own.threshold);
  drawTable(
    sheet,
    [
      left(own.plantSet, 32),
      right(own.injected, 16),
      right(own.attributed, 16),
      right(own.quota, 10),
      right(own.limit, 10),
      right(own.accrued, 17),
    ],
    plantSets.map(({ set, injected, attributed, quota, threshold, accrued }) => ({
      cells: [
        own.plantSets[set],
        grouped(formatKwh(injected), words),
        grouped(formatKwh(attributed), words),
        percent(quota, telling),
        percent(threshold, telling),
        amountCell(accrued / ACCRUAL_PER_MICRO, words),
      ],
    })),
  );
}

function allocationSection(sheet: Sheet, { allocations }: ExcessEvidence, telling: Telling, own: EvidenceWords): void {
  heading(sheet, own.where);
  const groups = Map.groupBy(allocations, ({ pool }) => pool ?? "beside");
  const rows = (["excess", "ordinary", "beside"] as const).flatMap((pool): PdfRow[] => {
    const of = groups.get(pool);
    if (of === undefined) return [];
    const total = sum(of.map(({ amount }) => amount));
    return [
      { kind: "group", cells: [own.pools[pool]] },
      ...of.map((allocation) => allocationRow(allocation, telling, own)),
      { kind: "total", cells: [own.total, "", "", amountCell(total, telling.words)] },
    ];
  });
  drawTable(sheet, [left(own.rule, 46), right(own.share, 10), left(own.beneficiary, 30), right(own.amount, 18)], rows);
}

function allocationRow(
  { rule, ruleSet, kind, key, share, beneficiary, amount }: EvidenceAllocation,
  telling: Telling,
  own: EvidenceWords,
): PdfRow {
  const { words } = telling;
  const given = kind === "rule" ? "" : words.remainders[kind];
  const text = rule === undefined || key === undefined ? given : `${own.ruleOf(rule, ruleSet)} ${words.keys[key]}`;
  return {
    cells: [
      text,
      share === undefined ? "" : percent(BigInt(share), telling),
      own.beneficiaries[beneficiary],
      amountCell(amount, words),
    ],
  };
}

function receiptsSection(sheet: Sheet, { months }: ExcessEvidence, telling: Telling, own: EvidenceWords): void {
  const { words } = telling;
  const amounts = ({ receipts, pools }: EvidenceMonth) => {
    const premium = sum(receipts.filter(({ kind }) => kind === "premium").map(({ net }) => net));
    const others = sum(receipts.map(({ net }) => net)) - premium;
    return [premium, others, pools.ordinary, pools.excess, pools.heldExcess + pools.heldAdvance];
  };
  const totals = months
    .map(amounts)
    .reduce((a, b) => a.map((amount, index) => amount + (b[index] ?? 0n)), [0n, 0n, 0n, 0n, 0n]);
  heading(sheet, own.received);
  drawTable(
    sheet,
    [
      left(own.month, 10),
      ...[own.premium, own.otherReceipts, own.ordinary, own.excess, own.held].map((title) => right(title, 18)),
    ],
    [
      ...months.map((month) => ({
        cells: [formatMonth(month.month), ...amounts(month).map((amount) => amountCell(amount, words))],
        note: month.receipts
          .map(({ kind, net, number, place }) =>
            words.receipt(words.receiptKinds[kind], euroText(formatEuro(net), words), number, place.block),
          )
          .join("; "),
      })),
      { kind: "total" as const, cells: [own.total, ...totals.map((amount) => amountCell(amount, words))] },
    ],
  );
}
