/** What an audit finds, and how it compares. */

export type Difference = {
  /** Where, in words: `ledger AREA, day 2026-03-01, hour 2026-03-01T08:00:00Z`. */
  readonly place: string;
  readonly subject: string;
  readonly chain: string;
  readonly recomputed: string;
};

/** Collects differences at one place. */
export class Comparison {
  readonly differences: Difference[] = [];
  readonly #place: string;

  constructor(place: string) {
    this.#place = place;
  }

  same(subject: string, chain: unknown, recomputed: unknown): void {
    if (String(chain) === String(recomputed)) return;
    this.differences.push({
      place: this.#place,
      subject,
      chain: String(chain),
      recomputed: String(recomputed),
    });
  }
}

export function union(...maps: (ReadonlyMap<number, unknown> | undefined)[]): number[] {
  return [...new Set(maps.flatMap((map) => [...(map?.keys() ?? [])]))].toSorted((a, b) => a - b);
}
