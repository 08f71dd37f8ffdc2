/** Zonal prices as `zone,utc_hour,price_eur_mwh`, with a decimal point. */

import { parseDecimal } from "../../settlement/amounts.ts";
import { parseHour, secondsOf } from "../../settlement/hours.ts";
import { parseCsv } from "../csvFile.ts";
import { EARLIEST_HOUR } from "../readingsFile.ts";
import { checkedPrice, priceCollector, type ZonalPrice } from "./zonalPrice.ts";

const COLUMNS = ["zone", "utc_hour", "price_eur_mwh"] as const;
const DECIMALS = 4;
/** 2100: a later hour is mistyped. */
const END_HOUR = 1_139_568;

/** Throws InputError with everything that is wrong. */
export function parsePricesCsv(text: string, file: string): ZonalPrice[] {
  const found = priceCollector(file);
  for (const { line, fields } of parseCsv(text, file, COLUMNS)) {
    const at = (field: (typeof COLUMNS)[number]) => ({ line, field, value: fields.get(field) });
    const zone = fields.get("zone") ?? "";
    if (zone === "") found.report(at("zone"), "no zone", "Write the zone as CSUD");
    const hour = parseHour(fields.get("utc_hour") ?? "");
    const remedy = "Write it as 2026-03-01T08:00:00Z";
    if (hour === undefined) found.report(at("utc_hour"), "not the start of an hour in UTC", remedy);
    else if (hour < EARLIEST_HOUR || hour >= END_HOUR) {
      found.report(at("utc_hour"), "not of the years 2000 to 2099", "Mend the year");
    }
    const place = at("price_eur_mwh");
    const price = checkedPrice(parseDecimal(place.value ?? "", DECIMALS), place, found.report);
    if (hour === undefined || price === undefined) continue;
    found.add({ zone, start: secondsOf(hour), seconds: 3600, price }, place);
  }
  return found.finish();
}
