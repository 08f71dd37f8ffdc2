/** `condivisa split-adjustment`: a yearly adjustment given as one amount, as lines of the receipts file. */

import { readHistory } from "../chain/history.ts";
import { formatDecimal, parseDecimal } from "../settlement/amounts.ts";
import type { History } from "../settlement/history.ts";
import { formatMonth, type Month, startOfMonth } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { yearOf } from "../settlement/monthExpected.ts";
import { type Recomputed, recompute } from "../settlement/recompute.ts";
import { splitByLargestRemainder } from "../settlement/splitAdjustment.ts";
import { withChainOf } from "./folderChain.ts";
import type { ShowProgress } from "./progress.ts";
import { openSettlement } from "./settlementFolder.ts";

export type SplitOptions = {
  /** The folder that a settlement wrote. */
  readonly folder: string;
  readonly rpc: string | undefined;
  readonly year: number;
  /** Net, in euro and cents; negative where GSE takes money back. */
  readonly amount: string;
  /** Names GSE's document; the same on every line. */
  readonly document: string;
  /** Undefined: the only configuration. */
  readonly area: string | undefined;
};

/** A document's name stands in a CSV field without quotes. */
const PLAIN = /^[^\s,;"][^,;"\r\n]*$/;

/** @throws InputError if the folder is no settlement's, an option is wrong, or the year is not over or accrued nothing */
export async function splitAdjustment(options: SplitOptions, show: ShowProgress): Promise<string> {
  const { folder, register, at } = openSettlement(options.folder);
  const { configurations } = register;
  const wrong = (field: string, value: string, problem: string, remedy: string) =>
    new InputError([{ file: options.folder, field, value, problem, remedy }]);

  const areas = configurations.map(({ area }) => area);
  const configuration = options.area === undefined && areas.length === 1 ? 0 : areas.indexOf(options.area ?? "");
  if (configuration === -1) {
    const problem = options.area === undefined ? "missing: there are several configurations" : "unknown area";
    throw wrong("--area", options.area ?? "", problem, `Use one of ${areas.join(", ")}`);
  }
  const cents = parseDecimal(options.amount, 2);
  if (cents === undefined) {
    throw wrong("--amount", options.amount, "not an amount in euro and cents", "Write it as 1234.56 or -1234.56");
  }
  if (!PLAIN.test(options.document)) {
    throw wrong("--document", options.document, "empty, or with a comma, semicolon or quote", "Use another name");
  }

  const history = await withChainOf(folder, options.rpc, (client) => readHistory(client, at, show));
  const months = monthsOfYear(history, recompute(history), configuration, options.year);
  if ((history.ledgers[configuration]?.nextHour ?? 0) < startOfMonth((options.year + 1) * 12)) {
    throw wrong("--year", String(options.year), "not over: its last hour is not recorded", "Settle its readings first");
  }
  if (months.every(({ accrued }) => accrued === 0n)) {
    const remedy = "Book the adjustment by month, as GSE details it";
    throw wrong("--year", String(options.year), "no premium was accrued in it", remedy);
  }
  const parts = splitByLargestRemainder(
    cents,
    months.map(({ accrued }) => accrued),
  );
  const area = areas[configuration] ?? "";
  const lines = months.flatMap(({ month }, index) => {
    const part = parts[index] ?? 0n;
    return part === 0n ? [] : [`${formatMonth(month)},premium,${formatDecimal(part, 2)},${options.document},${area}`];
  });
  return ["month,kind,net_eur,document,area", ...lines].join("\n");
}

/** The year's months with readings, and 10⁻¹⁰ € accrued in each. */
function monthsOfYear(
  history: History,
  { ledgers }: Recomputed,
  configuration: number,
  year: number,
): { month: Month; accrued: bigint }[] {
  const computed = ledgers[configuration]?.months;
  return (history.ledgers[configuration]?.months ?? [])
    .filter(({ month }) => yearOf(month) === year)
    .map(({ month }) => ({ month, accrued: computed?.get(month)?.accrued ?? 0n }))
    .toSorted((a, b) => a.month - b.month);
}
