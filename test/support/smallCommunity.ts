/** The files of a community that is settled in a second: three members, one plant, one day that closes its month. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatHour, hoursOfMarketDay } from "../../settlement/hours.ts";

/** The last day of the month, and the one after it. */
const DAYS = ["2026-04-30", "2026-05-01"] as const;
export const SMALL_MONTH = "2026-04";

/** Energy of each hour, Wh: injected and withdrawn. */
const METERS = [
  ["municipio", 3000, 400],
  ["casa-conti", "", 900],
  ["casa-bianchi", "", 600],
] as const;

/**
 * Writes community.yaml, readings.csv and receipts.csv, with readings of one day, which closes the month.
 * @param further by the id of a member, more fields of its entry
 */
export function writeSmallCommunity(folder: string, further: Readonly<Record<string, string>> = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "community.yaml"), communityText(further));
  writeSmallReadings(folder, 1);
  writeSmallReceipts(folder, 100);
}

export function writeSmallReadings(folder: string, days: 1 | 2): void {
  const hours = DAYS.slice(0, days).flatMap((day) => {
    const { firstHour, hourCount } = hoursOfMarketDay(day);
    return Array.from({ length: hourCount }, (_, i) => formatHour(firstHour + i));
  });
  const lines = METERS.flatMap(([meter, injected, withdrawn]) =>
    hours.map((hour) => `${meter},${hour},${injected},${withdrawn}`),
  );
  writeFileSync(join(folder, "readings.csv"), ["meter_id,utc_hour,injected_wh,withdrawn_wh", ...lines, ""].join("\n"));
}

/** @param amounts whole euro of GSE's payments for the month, negative where it takes money back */
export function writeSmallReceipts(folder: string, ...amounts: readonly number[]): void {
  const lines = amounts.map((amount, i) => `${SMALL_MONTH},premium,${amount}.00,payment ${i + 1}`);
  writeFileSync(join(folder, "receipts.csv"), ["month,kind,net_eur,document", ...lines, ""].join("\n"));
}

function communityText(further: Readonly<Record<string, string>>): string {
  const more = (id: string) => (further[id] === undefined ? "" : `, ${further[id]}`);
  return `name: CER Prova
configurations:
  - { area: AC001E00999, start: ${DAYS[0]} }
members:
  - { id: comune, name: Comune, class: ente_territoriale${more("comune")}, meters: [{ id: municipio, plant: { commissioned: 2021-04-12, power_kw: 20 } }] }
  - { id: conti, name: Famiglia Conti, class: persona_fisica${more("conti")}, meters: [{ id: casa-conti }] }
  - { id: bianchi, name: Famiglia Bianchi, class: persona_fisica${more("bianchi")}, meters: [{ id: casa-bianchi }] }
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
