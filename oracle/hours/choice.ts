/** Which of the sources that say something of an hour is believed. */

import type { Grade } from "../../settlement/grade.ts";
import type { Quality } from "../measurement.ts";

/** Who measured: the distributor, by its files; or a meter at home, by the energy of intervals or by its register. */
export const SOURCES = ["distributor", "intervals", "register"] as const;
export type Source = (typeof SOURCES)[number];

export type Candidate = { readonly wattHours: number; readonly source: Source; readonly quality: Quality };

/** An hour's energy with where it comes from. */
export type ChosenHour = Candidate & { readonly grade: Grade };

/** What is believed of an hour, and what is not because it exceeds the power that can flow. */
export type Choice = { readonly chosen: ChosenHour | undefined; readonly implausible: readonly Candidate[] };

/**
 * The distributor's figure before that of a meter at home, measured before estimated, intervals before what a register grew by. What
 * exceeds the power that can flow is left out.
 * @param mostPower W
 */
export function choiceOf(candidates: readonly Candidate[], mostPower: number): Choice {
  const { possible = [], implausible = [] } = Object.groupBy(candidates, ({ wattHours }) =>
    wattHours <= mostPower ? "possible" : "implausible",
  );
  const [best] = possible.toSorted((a, b) => rankOf(a) - rankOf(b));
  return { chosen: best && { ...best, grade: gradeOf(best) }, implausible };
}

function rankOf({ source, quality }: Candidate): number {
  return 2 * SOURCES.indexOf(source) + (quality === "measured" ? 0 : 1);
}

function gradeOf({ source, quality }: Candidate): Grade {
  if (source !== "distributor") return "indicative";
  return quality === "measured" ? "distributor" : "estimated";
}
