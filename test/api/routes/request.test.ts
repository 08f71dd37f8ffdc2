/** Spans of time in queries. */

import assert from "node:assert/strict";
import { z } from "zod";
import { spanQuery } from "../../../api/routes/request.ts";
import { formatHour } from "../../../settlement/hours.ts";

const span = z.strictObject(spanQuery);

describe("a span of time in a query", () => {
  it("is of days in Italy, of hours in UTC, or of both", () => {
    for (const [from, to, first, end] of [
      ["2026-10-01", "2026-11-01", "2026-09-30T22:00:00Z", "2026-10-31T23:00:00Z"],
      ["2026-10-25", "2026-10-26", "2026-10-24T22:00:00Z", "2026-10-25T23:00:00Z"],
      ["2026-10-25", "2026-10-25T06:00:00Z", "2026-10-24T22:00:00Z", "2026-10-25T06:00:00Z"],
    ] as const) {
      const parsed = span.parse({ from, to });
      assert.deepEqual([formatHour(parsed.from), formatHour(parsed.to)], [first, end]);
    }
  });

  it("is refused with how to write it where there is no such day or hour", () => {
    for (const wrong of [
      "2026-02-30",
      "2026-13-01",
      "2026-3-1",
      "20260301",
      "2026-03",
      "2026-03-01T00:30:00Z",
      "",
      "+002026-03-01",
    ]) {
      const result = span.safeParse({ from: wrong, to: "2026-03-01" });
      assert.match(result.error?.issues[0]?.message ?? "", /write it as 2026-03-01 or 2026-03-01T00:00:00Z/, wrong);
    }
  });
});
