/** The files of a community that is settled in a second: three members, one plant, one day that closes its month. */

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatHour, hoursOfMarketDay } from "../../settlement/hours.ts";

const DAY = "2026-04-30";
export const SMALL_MONTH = "2026-04";

/** Energy of each hour, Wh: injected and withdrawn. */
const METERS = [
  ["municipio", 3000, 400],
  ["casa-conti", "", 900],
  ["casa-bianchi", "", 600],
] as const;

/**
 * Writes community.yaml, readings.csv and receipts.csv.
 * @param wallets by account id
 */
export function writeSmallCommunity(folder: string, wallets: Readonly<Record<string, string>> = {}): void {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "community.yaml"), communityText(wallets));
  const { firstHour, hourCount } = hoursOfMarketDay(DAY);
  const hours = Array.from({ length: hourCount }, (_, i) => formatHour(firstHour + i));
  const lines = METERS.flatMap(([meter, injected, withdrawn]) =>
    hours.map((hour) => `${meter},${hour},${injected},${withdrawn}`),
  );
  writeFileSync(join(folder, "readings.csv"), ["meter_id,utc_hour,injected_wh,withdrawn_wh", ...lines, ""].join("\n"));
  writeSmallReceipts(folder, 100);
}

/** @param amounts whole euro of GSE's payments for the month, negative where it takes money back */
export function writeSmallReceipts(folder: string, ...amounts: readonly number[]): void {
  const lines = amounts.map((amount, i) => `${SMALL_MONTH},premium,${amount}.00,payment ${i + 1}`);
  writeFileSync(join(folder, "receipts.csv"), ["month,kind,net_eur,document", ...lines, ""].join("\n"));
}

function communityText(wallets: Readonly<Record<string, string>>): string {
  const wallet = (id: string) => (wallets[id] === undefined ? "" : `, wallet: "${wallets[id]}"`);
  return `name: CER Prova
configurations:
  - { area: AC001E00999, start: ${DAY} }
members:
  - { id: comune, name: Comune, class: ente_territoriale${wallet("comune")}, meters: [{ id: municipio, plant: { commissioned: 2021-04-12, power_kw: 20 } }] }
  - { id: conti, name: Famiglia Conti, class: persona_fisica${wallet("conti")}, meters: [{ id: casa-conti }] }
  - { id: bianchi, name: Famiglia Bianchi, class: persona_fisica${wallet("bianchi")}, meters: [{ id: casa-bianchi }] }
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
