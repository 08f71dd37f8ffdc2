/**
 * Day-ahead prices as GME publishes them: `…MGPPrezzi.xml` by hour (`Prezzi`, `Ora` from 1 to 23, 24 or 25) and, for days
 * from October 2025, `…MGPPrezzi15.xml` by quarter-hour (`Prezzi15`, `Periodo` from 1 to 92, 96 or 100). `Ora` and `Periodo`
 * count the day's intervals one after the other, so clock changes need no rule. €/MWh, decimal comma. Read so by evcc
 * (`tariff/pun.go`) and pun_sensor, which get these files every day.
 */

import { z } from "zod";
import type { Place } from "./collector.ts";
import { parseXml } from "./documents.ts";
import { localDays } from "./localDay.ts";
import { parseRounded } from "./quantity.ts";
import { checkedPrice, priceCollector, type ZonalPrice } from "./zonalPrice.ts";

/** The zones of the Italian market; files also carry the PUN, virtual zones and those of its neighbours. */
export const ITALIAN_ZONES = ["NORD", "CNOR", "CSUD", "SUD", "CALA", "SICI", "SARD"] as const;

const DECIMALS = 4;
const REMEDY = "Download the day's file of MGP prices from GME again";

const recordShape = z.record(z.string(), z.unknown());
const documentShape = z.object({
  NewDataSet: z.object({ Prezzi: z.array(recordShape).default([]), Prezzi15: z.array(recordShape).default([]) }),
});

type Granularity = { readonly element: string; readonly number: string; readonly seconds: number };

const HOURLY: Granularity = { element: "Prezzi", number: "Ora", seconds: 3600 };
const QUARTER_HOURLY: Granularity = { element: "Prezzi15", number: "Periodo", seconds: 900 };

/**
 * Prices are rounded half away from zero to 10⁻⁴ €/MWh. A day must be complete, or its numbers would say nothing certain.
 * Throws InputError with everything that is wrong.
 */
export function parseGmeXml(text: string, file: string): ZonalPrice[] {
  const { NewDataSet } = parseXml(text, file, ["Prezzi", "Prezzi15"], documentShape, REMEDY);
  const found = priceCollector(file);
  const days = localDays();
  const numbersOfDay = new Map<string, { readonly of: number; readonly numbers: Set<number>; readonly place: Place }>();

  const addRecord = (record: z.infer<typeof recordShape>, index: number, { element, number, seconds }: Granularity) => {
    const textOf = (name: string) => (typeof record[name] === "string" ? record[name].trim() : "");
    const at = (name: string) => ({ field: `${element}[${index + 1}].${name}`, value: textOf(name) });
    if (textOf("Mercato") !== "MGP") found.report(at("Mercato"), "not the day-ahead market MGP", REMEDY);
    if (record["Granularity"] !== undefined && textOf("Granularity") !== `PT${seconds / 60}`) {
      found.report(at("Granularity"), `not PT${seconds / 60}`, REMEDY);
    }
    const [year = 0, month = 0, date = 0] = /^(\d{4})(\d\d)(\d\d)$/.exec(textOf("Data"))?.slice(1).map(Number) ?? [];
    const day = days(year, month, date);
    if (day === undefined) {
      found.report(at("Data"), "not a date from 2000 to 2099 as 20261231", REMEDY);
      return;
    }
    const intervals = (day.hours * 3600) / seconds;
    const position = /^\d{1,3}$/.test(textOf(number)) ? Number(textOf(number)) : 0;
    if (position < 1 || position > intervals) {
      found.report(at(number), `not a number from 1 to ${intervals}`, REMEDY);
      return;
    }
    const key = `${element} ${textOf("Data")}`;
    const known = numbersOfDay.get(key) ?? { of: intervals, numbers: new Set(), place: at("Data") };
    numbersOfDay.set(key, known);
    known.numbers.add(position);
    for (const zone of ITALIAN_ZONES) {
      // A zone that the market does not have (yet) is not there, or empty.
      if (record[zone] === undefined || record[zone] === "") continue;
      const price = checkedPrice(parsePrice(textOf(zone)), at(zone), found.report);
      if (price !== undefined)
        found.add({ zone, start: day.start + (position - 1) * seconds, seconds, price }, at(zone));
    }
  };
  for (const [index, record] of NewDataSet.Prezzi.entries()) addRecord(record, index, HOURLY);
  for (const [index, record] of NewDataSet.Prezzi15.entries()) addRecord(record, index, QUARTER_HOURLY);
  for (const { of, numbers, place } of numbersOfDay.values()) {
    if (numbers.size !== of) found.report(place, `${numbers.size} of the day's ${of} intervals`, REMEDY);
  }
  return found.finish();
}

/** `1.234,56` or `1234,56`. Without decimals a point could be either, and is refused. */
function parsePrice(text: string): bigint | undefined {
  const isGrouped = /^-?\d{1,3}(\.\d{3})+,\d+$/.test(text);
  return parseRounded(isGrouped ? text.replaceAll(".", "") : text, DECIMALS, ",");
}
