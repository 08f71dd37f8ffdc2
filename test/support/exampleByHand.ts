/**
 * The premium of the example community from its files by plain arithmetic in floating point, beside settlement/: what any of
 * its members would share and earn together.
 */

import { readFileSync } from "node:fs";

/** Wh of one hour by meter, and the zonal price, €/MWh. */
type PlainHour = { readonly price: number; readonly injected: number[]; readonly withdrawn: number[] };

/** Wh, and €. */
export type Earned = { readonly shared: number; readonly premium: number };

/**
 * kW of the plants in order of commissioning. The last is of DM 414/2023, in Lazio, F = 0.5; the others get 110 €/MWh.
 */
export const PLANT_KW: ReadonlyMap<string, number> = new Map([
  ["casa-conti", 6],
  ["municipio", 48],
  ["casa-serra", 4.5],
]);
const EXEMPT = ["municipio", "scuola", "parrocchia"];
const TARIFF_42BIS = 110;
const REDUCTION = 0.5;

export class ExampleByHand {
  readonly meters: readonly string[];
  readonly #hours: readonly PlainHour[];

  constructor(folder: string) {
    const lines = (name: string) =>
      readFileSync(`${folder}/${name}`, "utf8")
        .trim()
        .split("\n")
        .slice(1)
        .map((line) => line.split(","));
    const readings = lines("readings.csv");
    this.meters = [...new Set(readings.map(([meter = ""]) => meter))];
    const hours = new Map(
      lines("prices.csv").map(([hour = "", price]): [string, PlainHour] => {
        const none = () => this.meters.map(() => 0);
        return [hour, { price: Number(price), injected: none(), withdrawn: none() }];
      }),
    );
    for (const [meter = "", hour = "", injected, withdrawn] of readings) {
      const position = this.meters.indexOf(meter);
      const measured = hours.get(hour);
      if (measured === undefined) throw new Error(`no price for ${hour}`);
      measured.injected[position] = Number(injected);
      measured.withdrawn[position] = Number(withdrawn);
    }
    this.#hours = [...hours.values()];
  }

  /**
   * @param present by meter
   * @param times what a plant injects, so many times as much; rounded down to whole Wh
   */
  earned(present: readonly boolean[], times: Readonly<Record<string, number>> = {}): Earned {
    const plants = [...PLANT_KW.keys()].map((meter) => ({
      at: this.meters.indexOf(meter),
      factor: times[meter] ?? 1,
      meter,
    }));
    const exempt = this.meters.map((meter) => EXEMPT.includes(meter));
    let [shared, premium] = [0, 0];
    for (const hour of this.#hours) {
      const sum = (counts: (meter: number) => boolean) =>
        hour.withdrawn.reduce((total, energy, meter) => total + (present[meter] && counts(meter) ? energy : 0), 0);
      const withdrawn = sum(() => true);
      let left = withdrawn;
      for (const { at, factor, meter } of plants) {
        if (!present[at]) continue;
        const taken = Math.min(left, Math.floor((hour.injected[at] ?? 0) * factor + 1e-9));
        left -= taken;
        shared += taken;
        if (taken === 0) continue;
        const full = Math.min(120, 80 + Math.max(0, 180 - hour.price)) + 4;
        const reduced = full * (1 - REDUCTION * (1 - sum((other) => exempt[other] ?? false) / withdrawn));
        premium += (taken / 1e6) * (meter === "casa-serra" ? reduced : TARIFF_42BIS);
      }
    }
    return { shared, premium };
  }

  /** By meter: the Shapley values of what is shared and earned, by weighing every coalition. */
  shapley(): Earned[] {
    const n = this.meters.length;
    const worth = Array.from({ length: 2 ** n }, (_, mask) =>
      this.earned(this.meters.map((_, i) => ((mask >> i) & 1) === 1)),
    );
    const factorial = (k: number): number => (k < 2 ? 1 : k * factorial(k - 1));
    return this.meters.map((_, meter) => {
      let [shared, premium] = [0, 0];
      for (const [mask, before] of worth.entries()) {
        const after = worth[mask | (1 << meter)];
        if ((mask >> meter) & 1 || after === undefined) continue;
        const size = mask.toString(2).replaceAll("0", "").length;
        const orders = (factorial(size) * factorial(n - size - 1)) / factorial(n);
        shared += orders * (after.shared - before.shared);
        premium += orders * (after.premium - before.premium);
      }
      return { shared, premium };
    });
  }
}
