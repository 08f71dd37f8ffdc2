/** A small community of one's own for `up`: simulated in full, of which the last days are left to its live meters. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { readingsCsv } from "../../examples/generate/meters.ts";
import { modelMonth } from "../../examples/generate/modelMonth.ts";
import { readCommunityFile } from "../../oracle/communityFile.ts";
import {
  endOfMonth,
  type Hour,
  hoursOfMarketDay,
  type Month,
  marketDayOf,
  monthOf,
  monthsBetween,
} from "../../settlement/hours.ts";

/** Market days that are left to the meters, besides the present one. */
const LIVE_DAYS = 3;
/** Of the month that closes before them, so many days. */
const CLOSING_DAYS = 2;

export type UpCommunity = {
  /** The month that is closed by the readings of the file. */
  readonly month: Month;
  /** The first hour of the readings, and the first that is left to the meters. */
  readonly first: Hour;
  readonly end: Hour;
  /** Writes the readings from the first hour to before `end` into a file. */
  readonly writeReadings: (file: string, end: Hour) => void;
};

/** Writes community.yaml, readings.csv and receipts.csv. */
export function writeUpCommunity(folder: string, now: Hour): UpCommunity {
  mkdirSync(folder, { recursive: true });
  const end = daysBefore(now, LIVE_DAYS);
  const month = monthOf(end) - 1;
  const first = daysBefore(endOfMonth(month), CLOSING_DAYS);
  writeFileSync(join(folder, "community.yaml"), communityText(marketDayOf(first)));
  const community = readCommunityFile(join(folder, "community.yaml"));
  const writeReadings = (file: string, until: Hour) => {
    const all = new Map<string, Map<Hour, { injected: number | undefined; withdrawn: number | undefined }>>();
    for (const each of monthsBetween(first, until)) {
      for (const [meter, hours] of modelMonth(community, each).readings) {
        const kept = all.get(meter) ?? new Map();
        for (const [hour, reading] of hours) if (hour >= first && hour < until) kept.set(hour, reading);
        all.set(meter, kept);
      }
    }
    writeFileSync(file, readingsCsv(all));
  };
  writeReadings(join(folder, "readings.csv"), end);
  const closed = `${Math.floor(month / 12)}-${String((month % 12) + 1).padStart(2, "0")}`;
  writeFileSync(join(folder, "receipts.csv"), `month,kind,net_eur,document\n${closed},premium,10.00,anticipo\n`);
  return { month, first, end, writeReadings };
}

/** The first hour of the market day so many days before that of an hour. */
function daysBefore(hour: Hour, days: number): Hour {
  const day = Temporal.PlainDate.from(marketDayOf(hour)).subtract({ days });
  return hoursOfMarketDay(day.toString()).firstHour;
}

function communityText(start: string): string {
  return `name: CER Viva
configurations:
  - { area: AC001E00999, start: ${start} }
members:
  - { id: comune, name: Comune, class: ente_territoriale, meters: [{ id: municipio, pod: IT001E00010001, plant: { commissioned: 2021-04-12, power_kw: 20 } }] }
  - { id: conti, name: Famiglia Conti, class: persona_fisica, meters: [{ id: casa-conti, pod: IT001E00010002 }] }
  - { id: bianchi, name: Famiglia Bianchi, class: persona_fisica, meters: [{ id: casa-bianchi, pod: IT001E00010003 }] }
funds:
  - { id: cassa, name: Cassa sociale, social: true }
rules:
  - fallback: cassa
    split:
      - { share: 4000, key: attributed-injection }
      - { share: 5000, key: coincident-withdrawal }
      - { share: 1000, key: fund, fund: cassa }
`;
}
