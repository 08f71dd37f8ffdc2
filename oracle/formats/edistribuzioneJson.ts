/**
 * The load curve as e-Distribuzione's app gets it (`querydailyloadprofile`): a day with samples of kWh by number from 1, the
 * first of which begins at `initialSample`, in UTC. So clock changes need no rule. The curve does not name its POD.
 *
 * `energyType` A1 is energy withdrawn. A2 as energy injected is what other distributors write; here it has not been seen.
 */

import { z } from "zod";
import type { Direction } from "../measurement.ts";
import { fieldName } from "../yamlFile.ts";
import { parseJson } from "./documents.ts";
import { type IntervalCollector, type IntervalsFile, intervalCollector } from "./interval.ts";
import { localDays } from "./localDay.ts";
import { parseEnergy } from "./quantity.ts";

const DIRECTIONS: ReadonlyMap<string, Direction> = new Map([
  ["A1", "withdrawn"],
  ["A2", "injected"],
]);
/** The only kind of curve seen. Another might be production, which is not injection. */
const TIME_TYPE = "CONS";
/** Minutes. */
const FREQUENCIES = [5, 10, 15, 30, 60];

const textOrNumber = z.union([z.string(), z.number()]).transform(String);

const curveShape = z.object({
  readings: z.object({
    energyType: z.string(),
    sampleDate: z.string(),
    sampleValues: z.array(z.object({ id: textOrNumber, val: z.union([textOrNumber, z.null()]) })),
  }),
  sampleFrequency: z.number(),
  timeType: z.string(),
  initialSample: z.string(),
});

const responseShape = z.object({ data: z.array(curveShape) });

type Curve = z.infer<typeof curveShape>;

/** @param source POD. Throws InputError with everything that is wrong. */
export function parseEdistribuzioneJson(text: string, file: string, { source }: { source: string }): IntervalsFile {
  const { data } = parseJson(text, file, responseShape, "Save the answer of querydailyloadprofile as it comes");
  const found = intervalCollector(file);
  const days = localDays();
  for (const [index, curve] of data.entries()) {
    const report = (path: readonly PropertyKey[], value: string, problem: string, remedy: string) =>
      found.report({ field: fieldName(["data", index, ...path]), value }, problem, remedy);
    const { energyType, sampleDate } = curve.readings;
    const direction = DIRECTIONS.get(energyType);
    const [year = 0, month = 0, dayOfMonth = 0] = /^(\d{4})(\d\d)(\d\d)$/.exec(sampleDate)?.slice(1).map(Number) ?? [];
    const day = days(year, month, dayOfMonth);
    if (direction === undefined) {
      report(["readings", "energyType"], energyType, "not active energy", "Ask for the magnitude A1 or A2");
    } else if (curve.timeType !== TIME_TYPE) {
      report(
        ["timeType"],
        curve.timeType,
        `not ${TIME_TYPE}`,
        "Take this curve out: whether it is injected is unknown",
      );
    } else if (!FREQUENCIES.includes(curve.sampleFrequency)) {
      const value = String(curve.sampleFrequency);
      report(["sampleFrequency"], value, `not one of ${FREQUENCIES.join(", ")} minutes`, "Save the answer again");
    } else if (day === undefined) {
      report(
        ["readings", "sampleDate"],
        sampleDate,
        "not a date from 2000 to 2099 as 20261231",
        "Save the answer again",
      );
    } else if (secondsOf(curve.initialSample) !== day.start) {
      const problem = `not the beginning of ${sampleDate} in Italy`;
      report(["initialSample"], curve.initialSample, problem, "Save the answer again");
    } else addSamples(curve, index, { source, direction, ...day }, found);
  }
  return found.finish();
}

function addSamples(
  { readings, sampleFrequency }: Curve,
  index: number,
  day: { source: string; direction: Direction; start: number; hours: number },
  found: IntervalCollector,
): void {
  const seconds = sampleFrequency * 60;
  const most = (day.hours * 3600) / seconds;
  for (const [position, { id, val }] of readings.sampleValues.entries()) {
    const path = ["data", index, "readings", "sampleValues", position];
    const number = /^\d{1,3}$/.test(id) ? Number(id) : 0;
    if (number < 1) {
      found.report({ field: fieldName([...path, "id"]), value: id }, "not a number from 1", "Save the answer again");
      continue;
    }
    if (val === null || val === "") {
      found.addEmpty();
      continue;
    }
    const place = { field: fieldName([...path, "val"]), value: val };
    const energy = parseEnergy(val, "kWh", ".", seconds);
    if (typeof energy === "string") found.report(place, energy, "Write kWh as 0.139, or null if unknown");
    else if (number <= most) {
      const start = day.start + (number - 1) * seconds;
      const { source, direction } = day;
      found.add({ source, direction, start, seconds, milliWattHours: energy, quality: "measured" }, place);
    } else if (energy === 0) found.addPlaceholder();
    else found.report(place, `sample ${number} of a day that has ${most}`, "Save the answer again");
  }
}

/** Undefined unless it states its offset from UTC. */
function secondsOf(text: string): number | undefined {
  return /T.*(Z|[+-]\d\d:\d\d)$/.test(text) ? Date.parse(text) / 1000 : undefined;
}
