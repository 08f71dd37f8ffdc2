/** A reconciliation for a terminal: a table by month, totals of the year, and a sentence for each difference. */

import { formatDecimal, formatEuro, formatKwh } from "../settlement/amounts.ts";
import type { Balance } from "../settlement/reconciliation.ts";
import type { NamedEvidence, NamedFinding, NamedReconciliation } from "./reconcile.ts";
import type { ReconciliationWords } from "./reconciliationWords.ts";
import { table } from "./table.ts";

const METERS_NAMED = 3;

export function reconciliationText(year: NamedReconciliation, words: ReconciliationWords): string {
  const standing = words.standing[year.isAdjusted ? "adjusted" : year.isDue ? "due" : "running"];
  const parts = [
    `${words.configuration} ${year.area}, ${words.year} ${year.year}: ${standing}`,
    monthTable(year, words),
    totals(year, words),
  ];
  if (year.unknown.length > 0) {
    const what = year.unknown.map((unknown) => `  ${words.unknown(unknown)}`);
    parts.push([`${capitalised(words.notKnown)}:`, ...what, `  ${words.remedy}`].join("\n"));
  }
  const sentences = year.findings.map((finding) => `  ${findingText(finding, year.year, words)}`);
  parts.push(
    sentences.length === 0 ? `${words.differences}: ${words.none}` : [`${words.differences}:`, ...sentences].join("\n"),
  );
  return parts.join("\n\n");
}

/** One difference as a sentence, with what may explain it. */
export function findingText(finding: NamedFinding, year: number, words: ReconciliationWords): string {
  const amount = euro(finding.difference < 0n ? -finding.difference : finding.difference, words);
  const compare = finding.difference < 0n ? words.less : words.more;
  const said = [compare(`${amount} €`, words.subjects[finding.subject])];
  if (finding.energy !== undefined && finding.energy !== 0n) {
    const energy = finding.energy < 0n ? -finding.energy : finding.energy;
    said[0] += `, ${words.energy(`${formatDecimal(energy, 3, 0)} kWh`)}`;
  }
  if (finding.evidence !== undefined) said.push(...evidenceText(finding.evidence, words));
  return `${finding.month === undefined ? String(year) : monthName(finding.month, words)}: ${said.join("; ")}`;
}

function evidenceText(evidence: NamedEvidence, words: ReconciliationWords): string[] {
  const named = evidence.missing.slice(0, METERS_NAMED).map(({ meter, hours }) => words.missing(meter, hours));
  const others = evidence.missing.slice(METERS_NAMED);
  if (others.length > 0) {
    named.push(
      words.otherMeters(
        others.length,
        others.reduce((total, { hours }) => total + hours, 0),
      ),
    );
  }
  const { lowGrade, withoutPrice, corrected } = evidence;
  if (lowGrade !== undefined) named.push(words.lowGrade(lowGrade.grade, lowGrade.hours));
  if (withoutPrice > 0) named.push(words.withoutPrice(withoutPrice));
  if (corrected > 0) named.push(words.corrected(corrected));
  return named.length === 0 ? [words.noEvidence] : named;
}

function monthTable({ months }: NamedReconciliation, words: ReconciliationWords): string {
  return table(
    [words.month, ` ${words.shared}`, ` ${words.accrued}`, ` ${words.dueThen}`, ` ${words.advance}`].concat([
      ` ${words.premium}`,
      ` ${words.valorisationDue}`,
      ` ${words.valorisation}`,
      words.state,
    ]),
    months.map((month) => [
      month.month,
      formatKwh(month.shared).replace(".", words.decimalMark),
      amountOf(month.premium.expected, words),
      amountOf(month.advance.expected, words),
      amountOf(month.advance.received, words),
      amountOf(month.premium.received, words),
      amountOf(month.valorisation.expected, words),
      amountOf(month.valorisation.received, words),
      words.states[month.advanceState],
    ]),
  );
}

function totals(year: NamedReconciliation, words: ReconciliationWords): string {
  const line = (subject: NamedFinding["subject"], { expected, received, difference }: Balance) =>
    words.totals(
      words.subjects[subject],
      amountOf(expected, words, " €"),
      amountOf(received, words, " €"),
      amountOf(difference, words, " €"),
    );
  return [line("premium", year.premium), line("valorisation", year.valorisation), line("fees", year.fees)].join("\n");
}

function amountOf(micro: bigint | undefined, words: ReconciliationWords, unit = ""): string {
  return micro === undefined ? words.notKnown : `${euro(micro, words)}${unit}`;
}

function euro(micro: bigint, { decimalMark }: ReconciliationWords): string {
  return formatEuro(micro).replace(".", decimalMark);
}

/** `2026-03` as `marzo 2026`. */
function monthName(month: string, { locale }: ReconciliationWords): string {
  const format = new Intl.DateTimeFormat(locale, { month: "long", year: "numeric", timeZone: "UTC" });
  return format.format(new Date(`${month}-01T00:00:00Z`));
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
