/** `condivisa reconcile`: what GSE paid a settlement's community against what it should have paid. */

import { readHistory } from "../chain/history.ts";
import { formatMonth } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { Evidence } from "../settlement/monthEvidence.ts";
import { recompute } from "../settlement/recompute.ts";
import { type Reconciliation, reconcile } from "../settlement/reconciliation.ts";
import { withChainOf } from "./folderChain.ts";
import { readGseTables } from "./gseTablesFile.ts";
import type { ShowProgress } from "./progress.ts";
import { openSettlement, type Register } from "./settlementFolder.ts";

export type ReconcileOptions = {
  /** The folder that a settlement wrote. */
  readonly folder: string;
  /** A node to read the chain from, instead of the folder's own. */
  readonly rpc: string | undefined;
  /** Rates, advances and fees that are not known here, or are other than known. */
  readonly rates: string | undefined;
  /** Undefined: all years. */
  readonly year: number | undefined;
  /** Micro-euro for each plant and month. */
  readonly tolerance: bigint;
};

export type NamedEvidence = Omit<Evidence, "missing"> & {
  readonly missing: readonly { readonly meter: string; readonly hours: number }[];
};

type Months = Reconciliation["months"];
type Findings = Reconciliation["findings"];

/** A year with months as `2026-03` and meters by name. */
export type NamedReconciliation = Omit<Reconciliation, "months" | "findings"> & {
  readonly months: readonly (Omit<Months[number], "month" | "evidence"> & {
    readonly month: string;
    readonly evidence: NamedEvidence;
  })[];
  readonly findings: readonly NamedFinding[];
};

export type NamedFinding = Omit<Findings[number], "month" | "evidence"> & {
  readonly month: string | undefined;
  readonly evidence: NamedEvidence | undefined;
};

export type ReconcileResult = { readonly ok: boolean; readonly years: readonly NamedReconciliation[] };

/** @throws InputError if the folder is no settlement's, the file of rates is wrong, or nothing is known of the year */
export async function reconcileFolder(options: ReconcileOptions, show: ShowProgress): Promise<ReconcileResult> {
  const { folder, register, at } = openSettlement(options.folder);
  const areas = register.configurations.map(({ area }) => area);
  const tables = readGseTables(options.rates, areas);
  const history = await withChainOf(folder, options.rpc, (client) => readHistory(client, at, show));
  const all = reconcile(history, recompute(history).ledgers, tables, options.tolerance);
  const years = all.filter(({ year }) => options.year === undefined || year === options.year);
  if (options.year !== undefined && years.length === 0) {
    const known = [...new Set(all.map(({ year }) => year))].join(", ");
    const remedy = known === "" ? "Settle readings of that year first" : `Use one of ${known}`;
    const problem = "neither readings nor receipts of that year";
    throw new InputError([{ file: options.folder, field: "--year", value: String(options.year), problem, remedy }]);
  }
  return {
    ok: years.every(({ findings }) => findings.length === 0),
    years: years.map((year) => named(year, register)),
  };
}

function named(year: Reconciliation, register: Register): NamedReconciliation {
  return {
    ...year,
    months: year.months.map((month) => ({
      ...month,
      month: formatMonth(month.month),
      evidence: namedEvidence(month.evidence, register, year.configuration),
    })),
    findings: year.findings.map((finding) => ({
      ...finding,
      month: finding.month === undefined ? undefined : formatMonth(finding.month),
      evidence: finding.evidence && namedEvidence(finding.evidence, register, year.configuration),
    })),
  };
}

function namedEvidence(evidence: Evidence, register: Register, configuration: number): NamedEvidence {
  const meters = register.meters.filter((meter) => meter.configuration === configuration);
  return {
    ...evidence,
    missing: evidence.missing.map(({ channel, hours }) => {
      const meter = meters.find(({ injection, withdrawal }) => injection === channel || withdrawal === channel);
      return { meter: meter?.id ?? String(channel), hours };
    }),
  };
}
