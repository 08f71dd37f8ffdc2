/** What a run would pay, as JSON. */

import type { RunRecord } from "../../settlement/history.ts";
import { formatHour } from "../../settlement/hours.ts";
import { type PreviewedHistory, type PreviewedMonth, plannedRun, previewRun } from "../../settlement/runPreview.ts";
import type { KeptCommunity } from "../index/derive.ts";
import { apiJson } from "../json.ts";
import type { RunPreviewRequest } from "./request.ts";

/** Undefined if there is no such run. */
export function runPreviewJson(request: RunPreviewRequest, { history, recomputed }: KeptCommunity): string | undefined {
  const { run: asked, firstMonths, account } = request;
  const run: RunRecord | undefined =
    typeof asked === "number"
      ? history.runs.find(({ number }) => number === asked)
      : plannedRun(history.runs.length + 1, asked.from, asked.to);
  if (run === undefined) return undefined;
  const ledgers = firstMonths.flatMap((firstMonth, configuration) => {
    const ledger = history.ledgers[configuration];
    return ledger === undefined ? [] : [{ ...ledger, firstMonth }];
  });
  const covered: PreviewedHistory = { ...history, ledgers };
  const { accounts, rosterChanges, ...preview } = previewRun(covered, recomputed, run);
  return apiJson({
    run: typeof asked === "number" ? asked : undefined,
    ...preview,
    rosterChanges: rosterChanges.map(({ effectiveHour, ...change }) => ({
      ...change,
      from: formatHour(effectiveHour),
    })),
    accounts: accounts
      .filter((each) => account === undefined || each.account === account)
      .map(({ months, ...each }) => ({
        ...each,
        months: months.map(({ parts, remainders, ...month }) => ({
          ...month,
          ...(account !== undefined && { parts: parts.map(toldPart), remainders }),
        })),
      })),
  });
}

/** Rules are counted from 1, as statements do. */
function toldPart({ rule, key, total, amount }: PreviewedMonth["parts"][number]) {
  return { rule: rule + 1, ownKey: key, totalKey: total, amount };
}
