/*
 * The audit of a community in which a batch was corrected twice, after it was settled, finds nothing: its runs are recomputed
 * from the readings as they stood then. If any one fact of a correction is another, its first difference says where.
 */

import assert from "node:assert/strict";
import { audit } from "../../settlement/audit.ts";
import { recompute } from "../../settlement/recompute.ts";
import { withReading } from "../support/submissions.ts";
import { more, onBatch, onCalldata, onEvent, onInput, onRevision, type Tampering, zero } from "../support/tampering.ts";
import { corrected } from "./histories/corrected.ts";

describe("a tampered history of corrections", () => {
  const BATCH = /^ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z$/;
  const FIRST = /^ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z, correction 1$/;
  const SECOND = /^ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z, correction 2$/;

  const cases: readonly [string, Tampering, RegExp, RegExp][] = [
    [
      "a reading",
      onCalldata(({ withdrawn }) => ({ withdrawn: withReading(withdrawn, 1, 2, 5) }), 1),
      FIRST,
      /^row root$/,
    ],
    ["the revision", onCalldata(() => ({ revision: 7 }), 1), FIRST, /^digest in the event$/],
    ["what it replaces", onCalldata(() => ({ replaces: zero }), 2), SECOND, /^digest in the event$/],
    [
      "a reading of the evidence",
      onInput(({ replaced }) => {
        assert(replaced);
        return { replaced: { ...replaced, withdrawn: withReading(replaced.withdrawn, 1, 2, 5) } };
      }, 2),
      SECOND,
      /^replaced content: withdrawn$/,
    ],
    ["no evidence", onInput(() => ({ replaced: undefined }), 1), FIRST, /^replaced content: firstHour$/],
    ["the event's revision", onEvent(() => ({ revision: 2 }), 1), FIRST, /^revision in the event$/],
    ["the event's replaced digest", onEvent(() => ({ replaced: zero }), 2), SECOND, /^replaced digest in the event$/],
    [
      "the event's withdrawn energy",
      onEvent(({ withdrawn }) => ({ withdrawn: more(withdrawn) }), 1),
      FIRST,
      /^withdrawn Wh at 2026-03-31T14:00:00Z$/,
    ],
    ["calldata of another call", onRevision(() => ({ input: undefined }), 2), SECOND, /^calldata$/],
    ["no signature", onInput(() => ({ signatures: [] }), 2), SECOND, /^signatures$/],
    ["the stored digest", onBatch(() => ({ storedDigest: zero })), BATCH, /^stored digest$/],
    [
      "the last correction left out",
      onBatch(({ revisions }) => ({ revisions: revisions.slice(0, -1) })),
      BATCH,
      /^stored digest$/,
    ],
    [
      "the first correction left out",
      onBatch(({ revisions }) => ({ revisions: revisions.filter((_, i) => i !== 1) })),
      FIRST,
      /^revision$/,
    ],
  ];

  it("nothing tampered with: nothing found, and the runs stand as they were paid", async () => {
    assert.deepEqual(await audit(corrected, recompute(corrected)), []);
    assert.deepEqual(
      corrected.runs.map(({ paid }) => paid !== undefined),
      [true, true],
    );
  });

  for (const [what, tamper, place, subject] of cases) {
    it(`${what}: found, and its place named`, async () => {
      const tampered = tamper(corrected);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.match(difference.subject, subject, JSON.stringify(difference));
    });
  }
});
