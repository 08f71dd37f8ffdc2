/** What the thread of documents is asked for, and what it gives. */

import type { GseTables } from "../../settlement/gseTables.ts";
import type { Month } from "../../settlement/hours.ts";
import type { Language } from "../../settlement/terms.ts";

/** Who stands behind the numbers, as far as the reader may know. */
export type NameTable = {
  readonly community: string;
  readonly accounts: readonly (readonly [account: number, name: string])[];
  readonly meters: readonly (readonly [configuration: number, channel: number, meter: string])[];
};

type OfStatement = {
  readonly community: number;
  readonly account: number;
  readonly from: Month;
  readonly to: Month;
};

type Printed = {
  readonly language: Language;
  readonly names: NameTable;
  /** Where a document can be verified, by its hash. */
  readonly verification: { readonly site: string; readonly secret: Uint8Array };
};

export type DocumentRequest =
  | (OfStatement & Printed & { readonly kind: "statement.pdf" })
  | (OfStatement & { readonly kind: "statement.csv"; readonly names: NameTable })
  | (OfStatement & { readonly kind: "statement.hash" })
  | ({
      readonly kind: "certificate.pdf";
      readonly community: number;
      readonly account: number;
      readonly year: number;
    } & Printed)
  | { readonly kind: "certificate.json"; readonly community: number; readonly account: number; readonly year: number }
  | ({
      readonly kind: "evidence.pdf";
      readonly community: number;
      readonly configuration: number;
      readonly year: number;
    } & Printed)
  | {
      readonly kind: "evidence.json";
      readonly community: number;
      readonly configuration: number;
      readonly year: number;
    }
  | { readonly kind: "ledger.csv"; readonly community: number; readonly names: NameTable }
  | RunPreviewRequest
  | ReconciliationRequest;

export type RunPreviewRequest = {
  readonly kind: "run-preview.json";
  readonly community: number;
  /** The number of a run, or the months of one that is planned. */
  readonly run: number | { readonly from: Month; readonly to: Month };
  /** Of the configurations that it covers. */
  readonly firstMonths: readonly Month[];
  /** Undefined: all accounts, without the reasons of their amounts. */
  readonly account: number | undefined;
};

export type ReconciliationRequest = {
  readonly kind: "reconciliation.json" | "reconciliation.csv";
  readonly community: number;
  /** Undefined: all years. */
  readonly year: number | undefined;
  readonly tables: GseTables;
  /** Micro-euro for each plant and month. */
  readonly tolerance: bigint;
};

/** Undefined: there is nothing of the kind. */
export type Rendered = string | Uint8Array | undefined;
