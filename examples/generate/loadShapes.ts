/** How much the meters of a small town use, by hour of the local day. */

/** W by local hour, 0 to 23, on a working day; the factor for Saturdays and Sundays. */
type Shape = { readonly watts: readonly number[]; readonly saturday: number; readonly sunday: number };

const SHAPES = {
  townHall: {
    watts: [
      900, 850, 850, 850, 850, 900, 1400, 3200, 6200, 7400, 7600, 7600, 7000, 6200, 6600, 6000, 4800, 3400, 2200, 1600,
    ].concat([1300, 1100, 1000, 950]),
    saturday: 0.35,
    sunday: 0.22,
  },
  school: {
    watts: [
      700, 700, 700, 700, 700, 800, 1600, 5200, 7800, 8400, 8600, 8400, 8200, 6400, 4200, 3600, 3000, 1800, 1000, 800,
    ].concat([750, 700, 700, 700]),
    saturday: 0.2,
    sunday: 0.14,
  },
  church: {
    watts: [
      150, 150, 150, 150, 150, 200, 700, 1100, 900, 500, 450, 450, 500, 400, 350, 350, 500, 1200, 1500, 900, 400, 250,
    ].concat([180, 150]),
    saturday: 1.1,
    sunday: 1.9,
  },
  bakery: {
    watts: [
      5200, 7800, 9400, 9800, 9200, 8400, 6200, 4200, 3600, 3200, 2800, 2600, 2400, 1800, 1400, 1500, 1900, 2200, 2000,
    ].concat([1300, 900, 900, 1400, 2800]),
    saturday: 1.1,
    sunday: 0.4,
  },
  bar: {
    watts: [
      700, 650, 650, 650, 700, 1400, 3200, 4200, 4000, 3600, 3400, 3800, 4200, 3900, 3200, 2900, 2900, 3300, 3800, 4000,
    ].concat([3600, 2600, 1500, 900]),
    saturday: 1.15,
    sunday: 0.9,
  },
  shop: {
    watts: [
      180, 180, 180, 180, 180, 180, 220, 500, 1500, 1900, 1900, 1900, 1500, 700, 700, 1600, 1900, 1900, 1700, 900, 300,
    ].concat([200, 180, 180]),
    saturday: 0.9,
    sunday: 0.12,
  },
  household: {
    watts: [
      210, 180, 170, 170, 170, 190, 320, 480, 420, 330, 310, 360, 520, 480, 330, 300, 320, 420, 620, 840, 860, 690, 460,
    ].concat([290]),
    saturday: 1.15,
    sunday: 1.2,
  },
} as const satisfies Record<string, Shape>;

export type Load = keyof typeof SHAPES;

const SATURDAY = 6;
const SUNDAY = 7;

/** Mean W in a local hour (0–23) of a day of the week (1 Monday – 7 Sunday). */
export function loadWatts(load: Load, localHour: number, dayOfWeek: number): number {
  const { watts, saturday, sunday }: Shape = SHAPES[load];
  const factor = dayOfWeek === SATURDAY ? saturday : dayOfWeek === SUNDAY ? sunday : 1;
  return (watts[localHour] ?? 0) * factor;
}
