/** Collects what a file says about intervals of time, and everything that is wrong with it. */

import { InputError, type InputProblem } from "../../settlement/inputProblem.ts";

export type Span = {
  /** Seconds since the Unix epoch. */
  readonly start: number;
  readonly seconds: number;
};

/** Where something stands in a file. */
export type Place = Pick<InputProblem, "line" | "field" | "value">;

export type Report = (place: Place, problem: string, remedy: string) => void;

export type Collector<Item> = {
  readonly add: (item: Item, place: Place) => void;
  readonly report: Report;
  /**
   * By channel, each ascending, none overlapping another; an item that is there twice counts once.
   * Throws InputError if anything was reported, if items of a channel contradict each other, or if there are none.
   */
  readonly finish: () => Item[];
};

type Entry<Item> = { readonly item: Item; readonly place: Place };

/**
 * @param file for messages
 * @param channelOf items of one channel must not overlap
 * @param contentOf what two items for the same time must agree on
 */
export function collector<Item extends Span>(
  file: string,
  channelOf: (item: Item) => string,
  contentOf: (item: Item) => string,
): Collector<Item> {
  const problems: InputProblem[] = [];
  const entries: Entry<Item>[] = [];
  const report: Report = (place, problem, remedy) => problems.push({ file, ...place, problem, remedy });

  const withoutRepetitions = (channel: readonly Entry<Item>[]): Item[] => {
    const kept: Item[] = [];
    for (const { item, place } of channel.toSorted((a, b) => a.item.start - b.item.start)) {
      const previous = kept.at(-1);
      if (previous === undefined || previous.start + previous.seconds <= item.start) {
        kept.push(item);
        continue;
      }
      const isSameTime = previous.start === item.start && previous.seconds === item.seconds;
      if (isSameTime && contentOf(previous) === contentOf(item)) continue;
      const problem = isSameTime ? "a second, different value for this time" : "overlaps another interval";
      report(place, `${problem}, ${formatInstant(item.start)}`, "Keep the right one and take the other out");
    }
    return kept;
  };

  return {
    add: (item, place) => entries.push({ item, place }),
    report,
    finish: () => {
      if (problems.length === 0 && entries.length === 0) {
        report({}, "nothing to import in this file", "Check that it is a complete file of this format");
      }
      const channels = Map.groupBy(entries, ({ item }) => channelOf(item));
      const items = [...channels.values()].flatMap(withoutRepetitions);
      if (problems.length > 0) throw new InputError(problems);
      return items;
    },
  };
}

function formatInstant(seconds: number): string {
  return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
}
