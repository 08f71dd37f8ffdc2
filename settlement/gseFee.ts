/** What GSE charges for its work, for each plant and year (rules.md, Cash flow with GSE). */

import { MICRO_PER_CENT } from "./amounts.ts";

/** One line of the table of fees: plants up to a power. */
export type FeeBand = {
  /** W; undefined for the last band. */
  readonly upTo: number | undefined;
  /** Micro-euro a year. */
  readonly fixed: bigint;
  /** Micro-euro a year for each kW above the band before. */
  readonly perKilowatt: bigint;
};

export type FeeTerms = {
  readonly fromYear: number;
  /** In ascending power. */
  readonly bands: readonly FeeBand[];
  /** Basis points. */
  readonly vat: bigint;
  readonly source: string;
};

export type YearlyFee = { readonly fee: bigint; readonly vat: bigint };

const WATTS_PER_KILOWATT = 1000n;
const WHOLE = 10_000n;

/**
 * A plant's fee and VAT for a year, in micro-euro, each rounded half up to whole cents.
 * @param power W
 */
export function yearlyFeeToCents(power: number, { bands, vat }: FeeTerms): YearlyFee {
  const index = bands.findIndex(({ upTo }) => upTo === undefined || power <= upTo);
  const band = bands[index];
  if (band === undefined) return { fee: 0n, vat: 0n };
  const above = BigInt(power - (bands[index - 1]?.upTo ?? 0));
  const fee = toCents(band.fixed + (band.perKilowatt * above) / WATTS_PER_KILOWATT);
  return { fee, vat: toCents((fee * vat) / WHOLE) };
}

function toCents(micro: bigint): bigint {
  return ((micro + MICRO_PER_CENT / 2n) / MICRO_PER_CENT) * MICRO_PER_CENT;
}
