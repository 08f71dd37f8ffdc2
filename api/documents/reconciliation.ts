/** What GSE paid against what it should have paid, from what the index keeps. */

import { formatMicro } from "../../settlement/amounts.ts";
import { decodeBatch } from "../../settlement/batch.ts";
import { formatMonth } from "../../settlement/hours.ts";
import type { ComparedBatch } from "../../settlement/monthExpected.ts";
import { type Balance, type Reconciliation, reconcile } from "../../settlement/reconciliation.ts";
import type { KeptCommunity } from "../index/derive.ts";
import type { IndexReader } from "../index/reader.ts";
import { type CsvRow, csvOf, textCell } from "./csv.ts";
import type { ReconciliationRequest } from "./request.ts";

export type BatchesOf = (configuration: number) => readonly (readonly (ComparedBatch | undefined)[])[];

const ALL_HOURS = { firstHour: 0, hourCount: 0xffff_ffff };

/** What stands of a configuration's batches; undefined where it cannot be read. */
export function comparedBatches(
  reader: IndexReader,
  community: number,
  configuration: number,
): (ComparedBatch | undefined)[][] {
  return reader.standing(community, configuration, ALL_HOURS).map(({ revisions }) =>
    revisions.map(({ input, event }): ComparedBatch | undefined => {
      if (input === undefined) return undefined;
      const { firstHour, hourCount, grade, priceMask, prices } = decodeBatch(input.batch);
      return {
        batch: { firstHour, hourCount, grade, revision: event.revision, priceMask, prices },
        tally: { shared: event.shared },
      };
    }),
  );
}

export function reconciliationOf(
  { year, tables, tolerance }: ReconciliationRequest,
  { history, recomputed }: KeptCommunity,
  batchesOf: BatchesOf,
): Reconciliation[] {
  const ledgers = recomputed.ledgers.map(({ versions, months }, configuration) => {
    return { versions, months, batches: batchesOf(configuration) };
  });
  const years = reconcile(history, ledgers, tables, tolerance);
  return years.filter((each) => year === undefined || each.year === year);
}

const COLUMNS = [
  "configuration",
  "area",
  "period",
  "kind",
  "expected_eur",
  "received_eur",
  "difference_eur",
  "state",
] as const;

/** One line for each month and kind, then those of the year. What is not known stays empty. */
export function reconciliationCsv(years: readonly Reconciliation[]): string {
  const rows = years.flatMap(
    ({ configuration, area, year, isAdjusted, isDue, months, premium, valorisation, fees }) => {
      const row = (
        period: string,
        kind: string,
        balance: Balance,
        state: string,
      ): CsvRow<(typeof COLUMNS)[number]> => ({
        ...{ configuration, area: textCell(area), period, kind, state },
        received_eur: formatMicro(balance.received),
        ...(balance.expected !== undefined && { expected_eur: formatMicro(balance.expected) }),
        ...(balance.difference !== undefined && { difference_eur: formatMicro(balance.difference) }),
      });
      const standing = isAdjusted ? "adjusted" : isDue ? "due" : "running";
      return [
        ...months.flatMap((each) => {
          const month = formatMonth(each.month);
          return [
            row(month, "advance", each.advance, each.advanceState),
            row(month, "premium", each.premium, standing),
            row(month, "valorisation", each.valorisation, standing),
          ];
        }),
        row(String(year), "premium", premium, standing),
        row(String(year), "valorisation", valorisation, standing),
        row(String(year), "fees", fees, standing),
      ];
    },
  );
  return csvOf(COLUMNS, rows);
}
