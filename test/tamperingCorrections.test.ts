/*
 * The audit of a community in which a batch was corrected twice, after it was settled, finds nothing: its runs are recomputed
 * from the readings as they stood then. If any one fact of a correction is another, its first difference says where.
 */

import assert from "node:assert/strict";
import { readHistory } from "../chain/history.ts";
import { audit } from "../settlement/audit.ts";
import { type Batch, decodeBatch } from "../settlement/batch.ts";
import type { History } from "../settlement/history.ts";
import { recompute } from "../settlement/recompute.ts";
import { amend, correctionOf, openStage, type Stage, smallRoster } from "./support/communityOnChain.ts";
import { MEMBERS, settledCommunity } from "./support/settledHistory.ts";
import { withReading } from "./support/submissions.ts";
import { more, onBatch, onCalldata, onEvent, onInput, onRevision, type Tampering, zero } from "./support/tampering.ts";

describe("a tampered history of corrections", () => {
  let stage: Stage;
  let history: History;

  before(async () => {
    stage = await openStage();
    const at = await settledCommunity(stage);
    const [ledger] = (await readHistory(stage.client, at)).ledgers;
    const input = ledger?.batches[1]?.revisions[0]?.input;
    assert(ledger && input);
    const roster = smallRoster(MEMBERS);
    let old: Batch = decodeBatch(input.batch);
    for (const wattHours of [70, 4000]) {
      const withdrawn = old.withdrawn.map((row, i) => (i === 2 ? [wattHours, ...row.slice(1)] : row));
      const corrected = correctionOf(old, roster, ledger.address, { withdrawn });
      await amend(stage, ledger.address, old, corrected, roster);
      old = corrected;
    }
    history = await readHistory(stage.client, at);
  });
  after(() => stage.chain.close());

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
    assert.deepEqual(await audit(history, recompute(history)), []);
    assert.deepEqual(
      history.runs.map(({ paid }) => paid !== undefined),
      [true, true],
    );
  });

  for (const [what, tamper, place, subject] of cases) {
    it(`${what}: found, and its place named`, async () => {
      const tampered = tamper(history);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.match(difference.subject, subject, JSON.stringify(difference));
    });
  }
});
