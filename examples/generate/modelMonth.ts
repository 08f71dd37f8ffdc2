/** Any month of a model community: what its meters read and what its zone paid, always the same for the same month. */

import type { CommunityFile } from "../../oracle/communityFile.ts";
import type { Prices } from "../../oracle/pricesFile.ts";
import type { Reading, Readings } from "../../oracle/readingsFile.ts";
import { endOfMonth, type Hour, type Month, startOfMonth } from "../../settlement/hours.ts";
import { seededRandom } from "../../settlement/random.ts";
import { usuallyBehind } from "./behindMeters.ts";
import { zonalPrices } from "./market.ts";
import { cloudsOf, meterReadings, modelHours } from "./meters.ts";

/** Seeds of neighbouring months lie apart, so that those of prices and readings do not meet. */
const SEEDS_PER_MONTH = 2;

export type ModelMonth = { readonly readings: Readings; readonly prices: Prices };

/** Every hour of the month, of every meter of the file, whatever its dates. Plants yield by the sun of that month. */
export function modelMonth({ members }: Pick<CommunityFile, "members">, month: Month): ModelMonth {
  const random = seededRandom(month * SEEDS_PER_MONTH);
  const [first, end] = [startOfMonth(month), endOfMonth(month)];
  const hours = modelHours({ first, end });
  const clouds = cloudsOf({ first, end }, random);
  const readings = members.flatMap(({ class: memberClass, meters }) =>
    meters.map((meter): [string, ReadonlyMap<Hour, Reading>] => {
      const power = (meter.plant?.power_kw ?? 0) * 1000;
      const read = meterReadings(usuallyBehind(meter, memberClass), power, hours, clouds, random);
      return [meter.id, meter.withdraws ? read : withoutWithdrawals(read)];
    }),
  );
  return {
    readings: new Map(readings),
    prices: zonalPrices(first, end, seededRandom(month * SEEDS_PER_MONTH + 1)),
  };
}

function withoutWithdrawals(read: ReadonlyMap<Hour, Reading>): Map<Hour, Reading> {
  return new Map([...read].map(([hour, { injected }]) => [hour, { injected, withdrawn: undefined }]));
}
