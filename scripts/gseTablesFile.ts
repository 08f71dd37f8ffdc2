/** GSE's and ARERA's tables by year: those known here, and what the treasurer's own file adds or replaces. */

import { join } from "node:path";
import { z } from "zod";
import { readText } from "../oracle/textFile.ts";
import { type FieldProblem, parseYaml } from "../oracle/yamlFile.ts";
import { type AdvanceTerms, ZONES } from "../settlement/advance.ts";
import { parseDecimal } from "../settlement/amounts.ts";
import type { FeeTerms } from "../settlement/gseFee.ts";
import { CONFIGURATION_KINDS, type GseTables, type LossTerms, VOLTAGES } from "../settlement/gseTables.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { UnitRates } from "../settlement/valorisation.ts";

const KNOWN = join(import.meta.dirname, "gseTables.yaml");
/** A number, zero or more, with at most so many decimals, as an integer of 10⁻ᵖˡᵃᶜᵉˢ. */
function decimal(places: number, example: string) {
  return z
    .number(`not a number: write it as ${example}`)
    .refine((value) => value >= 0, `below zero: write it as ${example}`)
    .refine(
      (value) => value < 0 || parseDecimal(String(value), places) !== undefined,
      `more than ${places} decimals: write it as ${example}`,
    )
    .transform((value) => parseDecimal(String(value), places) ?? 0n);
}

const year = z.int("not a year: write it as 2026").min(2020, "before 2020: mend the year").max(2100, "mend the year");
const source = z.string().min(1, "empty: say where the figures are from");
const tariff = decimal(4, "10.57");
const percent = decimal(2, "2.6");
/** Micro-euro from euro and cents. */
const euro = decimal(2, "15.50").transform((cents) => cents * 10_000n);
const hours = z
  .int("not a whole number of hours")
  .min(1, "below one")
  .max(8760, "more than a year has")
  .transform(BigInt);

const unitRates = z
  .strictObject({ year, trase_eur_mwh: tariff, btau_eur_mwh: tariff, source })
  .transform(
    (row): UnitRates => ({ year: row.year, trase: row.trase_eur_mwh, btau: row.btau_eur_mwh, source: row.source }),
  );

const losses = z
  .strictObject({ from: year, medium_percent: percent, low_percent: percent, source })
  .transform(
    (row): LossTerms => ({ fromYear: row.from, medium: row.medium_percent, low: row.low_percent, source: row.source }),
  );

const advances = z
  .strictObject({
    from: year,
    hours: z.strictObject({ north: hours, centre: hours, south: hours }),
    share_percent: percent,
    uplift_eur_mwh: tariff,
    minimum_eur: euro,
    source,
  })
  .transform(
    (row): AdvanceTerms => ({
      fromYear: row.from,
      hours: row.hours,
      share: row.share_percent,
      uplift: row.uplift_eur_mwh,
      minimumPayment: row.minimum_eur,
      source: row.source,
    }),
  );

const band = z.strictObject({ up_to_kw: decimal(3, "20").optional(), eur: euro, eur_kw_above: euro.optional() });
const fees = z
  .strictObject({
    from: year,
    vat_percent: percent,
    bands: z
      .array(band)
      .min(1, "no bands: write at least one")
      .refine(
        (bands) => bands.every(({ up_to_kw: upTo }, index) => (upTo === undefined) === (index === bands.length - 1)),
        "the last band, and only that, has no up_to_kw: it takes all larger plants",
      )
      .refine(
        (bands) =>
          bands.every(({ up_to_kw: upTo }, index) => upTo === undefined || upTo > (bands[index - 1]?.up_to_kw ?? 0n)),
        "bands out of order: sort them by up_to_kw",
      ),
    source,
  })
  .transform(
    (row): FeeTerms => ({
      fromYear: row.from,
      vat: row.vat_percent,
      bands: row.bands.map(({ up_to_kw: upTo, eur, eur_kw_above: perKilowatt }) => ({
        upTo: upTo === undefined ? undefined : Number(upTo),
        fixed: eur,
        perKilowatt: perKilowatt ?? 0n,
      })),
      source: row.source,
    }),
  );

const configuration = z
  .strictObject({
    area: z.string().min(1),
    kind: z.enum(CONFIGURATION_KINDS, "unknown kind: use community or collective").optional(),
    voltage: z.enum(VOLTAGES, "unknown voltage: use low or medium").default("low"),
    zone: z.enum(ZONES, "unknown zone: use north, centre or south").optional(),
    hours: hours.optional(),
  })
  .transform(({ area, kind, voltage, zone, hours: own }) => ({ area, kind, voltage, zone, hours: own }));

const shape = z.strictObject({
  unit_rates: z.array(unitRates).default([]),
  losses: z.array(losses).default([]),
  advances: z.array(advances).default([]),
  fees: z.array(fees).default([]),
  configurations: z.array(configuration).default([]),
});
type Content = z.output<typeof shape>;

/**
 * The known tables, with the treasurer's rows in place of those of the same year.
 * @param areas of the community; undefined: of several, whose areas are not known here
 * @throws InputError with everything that is wrong in the file
 */
export function readGseTables(file: string | undefined, areas: readonly string[] | undefined): GseTables {
  const known = contentOf(KNOWN);
  const own = file === undefined ? shape.parse({}) : contentOf(file);
  const foreign = own.configurations.filter(({ area }) => areas !== undefined && !areas.includes(area));
  if (file !== undefined && foreign.length > 0) {
    throw new InputError(
      foreign.map(({ area }) => ({
        file,
        field: "configurations",
        value: area,
        problem: "unknown area",
        remedy: `Use one of ${areas?.join(", ")}`,
      })),
    );
  }
  return {
    unitRates: replaced(known.unit_rates, own.unit_rates, (row) => row.year),
    losses: replaced(known.losses, own.losses, (row) => row.fromYear),
    advances: replaced(known.advances, own.advances, (row) => row.fromYear),
    fees: replaced(known.fees, own.fees, (row) => row.fromYear),
    configurations: own.configurations,
  };
}

function contentOf(file: string): Content {
  return parseYaml(readText(file), file, format);
}

const format = {
  shape,
  crossChecks,
  documentation: "docs/reconciliation.md",
  sample: "docs/reconciliation.md shows one",
};

function crossChecks(content: Content): FieldProblem[] {
  const repeated = (table: string, keys: readonly (number | string)[]): FieldProblem[] =>
    keys.flatMap((key, index): FieldProblem[] =>
      keys.indexOf(key) === index ? [] : [[[table, index], `a second row for ${key}: Keep one`]],
    );
  return [
    ...repeated(
      "unit_rates",
      content.unit_rates.map((row) => row.year),
    ),
    ...repeated(
      "losses",
      content.losses.map((row) => row.fromYear),
    ),
    ...repeated(
      "advances",
      content.advances.map((row) => row.fromYear),
    ),
    ...repeated(
      "fees",
      content.fees.map((row) => row.fromYear),
    ),
    ...repeated(
      "configurations",
      content.configurations.map(({ area }) => area),
    ),
  ];
}

function replaced<Row>(known: readonly Row[], own: readonly Row[], yearOf: (row: Row) => number): Row[] {
  const years = new Set(own.map(yearOf));
  return [...known.filter((row) => !years.has(yearOf(row))), ...own];
}
