/* What a batch adds to its month, as the index writes it: read as it was, and not at all if some of it is missing. */

import assert from "node:assert/strict";
import fc from "fast-check";
import { z } from "zod";
import { fromSumsText, toSumsText } from "../../../api/index/batchSums.ts";

const whole = fc.bigInt({ min: -(2n ** 100n), max: 2n ** 100n });
const energy = fc.bigInt({ min: 0n, max: 2n ** 37n - 1n });
const count = fc.integer({ min: 0, max: 0xffff });
const PLAIN = { noNullPrototype: true } as const;
const plantSums = fc.record({ accrued: whole, injected: energy, attributed: energy }, PLAIN);
const channel = fc.record({ energy, coincident: energy, missing: count }, PLAIN);
const sums = fc.record(
  {
    hours: count,
    injected: energy,
    withdrawn: energy,
    shared: energy,
    accrued: whole,
    missing: count,
    hoursWithoutPrice: count,
    grade: count,
    plantSets: fc.record({ withoutGrant: plantSums, withGrant: plantSums }, PLAIN),
    channels: fc.array(fc.tuple(count, channel)).map((pairs) => new Map(pairs)),
    attributed: fc.array(fc.tuple(count, energy)).map((pairs) => new Map(pairs)),
  },
  PLAIN,
);
const lists = z.record(z.string(), z.array(z.unknown()));

describe("the sums of a batch as text", () => {
  it("are read as they were written", () => {
    fc.assert(fc.property(sums, (each) => assert.deepEqual(fromSumsText(toSumsText(each)), each)));
  });

  it("are refused if a list of them is shorter", () => {
    fc.assert(
      fc.property(sums, fc.nat(), (each, at) => {
        const written = lists.parse(JSON.parse(toSumsText(each)));
        const full = Object.keys(written).filter((name) => written[name]?.length !== 0);
        const name = full[at % full.length] ?? "";
        const cut = JSON.stringify({ ...written, [name]: written[name]?.slice(1) });
        assert.throws(() => fromSumsText(cut), z.ZodError);
      }),
    );
  });
});
