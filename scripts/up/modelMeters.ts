/** What the registers of simulated meters show: always the same at the same moment, whenever it is asked. */

import { type ModelMonth, modelMonth } from "../../examples/generate/modelMonth.ts";
import type { CommunityFile } from "../../oracle/communityFile.ts";
import { DIRECTIONS, type Direction } from "../../oracle/measurement.ts";
import { type Hour, type Month, monthOf, secondsOf } from "../../settlement/hours.ts";

/** Wh, of every meter and direction, when the simulation begins. */
const FIRST_WATT_HOURS = 1_000_000;
const SECONDS_PER_HOUR = 3600;

/** Thousandths of a Wh, by direction. */
export type Registers = Readonly<Partial<Record<Direction, number>>>;

export class ModelMeters {
  readonly ids: readonly string[];
  readonly #community: CommunityFile;
  readonly #from: Hour;
  readonly #months = new Map<Month, ModelMonth>();
  /** By meter: the hour at whose start the registers showed this; it moves on with what is asked. */
  readonly #passed = new Map<string, { hour: Hour; wattHours: Partial<Record<Direction, number>> }>();

  /** @param from the first hour in which the registers count */
  constructor(community: CommunityFile, from: Hour) {
    this.#community = community;
    this.#from = from;
    this.ids = community.members.flatMap(({ meters }) => meters.map(({ id }) => id));
  }

  /**
   * What a meter's registers show, energy flowing evenly within each hour.
   * @param at seconds since the Unix epoch, not before the first hour
   */
  at(id: string, at: number): Registers {
    const hour = Math.floor(at / SECONDS_PER_HOUR);
    const shown = this.#atStartOf(id, hour);
    const reading = this.#month(monthOf(hour)).readings.get(id)?.get(hour);
    const part = (wattHours: number) => Math.floor((1000 * wattHours * (at - secondsOf(hour))) / SECONDS_PER_HOUR);
    return Object.fromEntries(
      Object.entries(shown).map(([direction, wattHours]) => {
        const inHour = (direction === "injected" ? reading?.injected : reading?.withdrawn) ?? 0;
        return [direction, 1000 * wattHours + part(inHour)];
      }),
    );
  }

  prices(month: Month): ModelMonth["prices"] {
    return this.#month(month).prices;
  }

  #atStartOf(id: string, hour: Hour): Partial<Record<Direction, number>> {
    const before = this.#passed.get(id);
    const state =
      before === undefined || before.hour > hour ? { hour: this.#from, wattHours: this.#first(id) } : before;
    for (; state.hour < hour; state.hour++) {
      const reading = this.#month(monthOf(state.hour)).readings.get(id)?.get(state.hour);
      for (const direction of DIRECTIONS) {
        const shown = state.wattHours[direction];
        if (shown !== undefined) state.wattHours[direction] = shown + (reading?.[direction] ?? 0);
      }
    }
    this.#passed.set(id, state);
    return state.wattHours;
  }

  #first(id: string): Partial<Record<Direction, number>> {
    const reading = this.#month(monthOf(this.#from)).readings.get(id)?.get(this.#from);
    return {
      ...(reading?.injected !== undefined && { injected: FIRST_WATT_HOURS }),
      ...(reading?.withdrawn !== undefined && { withdrawn: FIRST_WATT_HOURS }),
    };
  }

  /** Making a month takes a tenth of a second: it is kept while its hours are asked for. */
  #month(month: Month): ModelMonth {
    const kept = this.#months.get(month);
    if (kept !== undefined) return kept;
    this.#months.delete(month - 2);
    const made = modelMonth(this.#community, month);
    this.#months.set(month, made);
    return made;
  }
}
