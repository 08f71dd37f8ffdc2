/*
 * The audit of a settled community finds nothing; if any one fact of its code, readings, rosters or months is another, its
 * first difference says where.
 */

import assert from "node:assert/strict";
import { audit } from "../../settlement/audit.ts";
import { maskBit } from "../../settlement/batch.ts";
import { recompute } from "../../settlement/recompute.ts";
import { MEMBERS } from "../support/settledHistory.ts";
import { overwrite, withMask, withPrice, withReading } from "../support/submissions.ts";
import {
  more,
  onBatch,
  onBlob,
  onCalldata,
  onEvent,
  onInput,
  onLedger,
  onMonth,
  onRevision,
  type Tampering,
  zero,
} from "../support/tampering.ts";
import { settled } from "./histories/settled.ts";

describe("a tampered history", () => {
  const BATCH = /^ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z$/;
  const MONTH = /^ledger AREA-0, month 2026-03$/;
  const LEDGER = /^ledger AREA-0$/;
  const RUN_1 = /^run 1$/;

  const cases: readonly [string, Tampering, RegExp, RegExp][] = [
    [
      "foreign code",
      (given) => ({ ...given, foreignCode: [{ contract: "Treasury", address: "0x01" }] }),
      /^contract Treasury at 0x01$/,
      /^code$/,
    ],

    [
      "a reading in calldata",
      onCalldata(({ withdrawn }) => ({ withdrawn: withReading(withdrawn, 1, 2, 5) })),
      BATCH,
      /^row root$/,
    ],
    [
      "a mask in calldata",
      onCalldata(({ missing }) => ({ missing: withMask(missing, 0, maskBit(1)) })),
      BATCH,
      /^row root$/,
    ],
    ["the seed in calldata", onCalldata(() => ({ seed: zero })), BATCH, /^row root$/],
    [
      "a price in calldata",
      onCalldata(({ prices }) => ({ prices: withPrice(prices, 1, 9) })),
      BATCH,
      /^digest in the event$/,
    ],
    ["the grade in calldata", onCalldata(() => ({ grade: 3 })), BATCH, /^digest in the event$/],
    ["the hours in calldata", onCalldata(() => ({ hourCount: 11 })), BATCH, /^digest in the event$/],
    ["rows cut from calldata", onCalldata(() => ({ withdrawn: "0x" })), BATCH, /^calldata$/],
    ["part of a row in calldata", onCalldata(() => ({ withdrawn: "0x00" })), BATCH, /^calldata$/],
    ["calldata of another call", onRevision(() => ({ input: undefined })), BATCH, /^calldata$/],
    [
      "a signature",
      onInput(({ signatures }) => ({ signatures: signatures.map((s) => overwrite(s, 5, "0x55")) })),
      BATCH,
      /^signatures$/,
    ],
    ["no signature", onInput(() => ({ signatures: [] })), BATCH, /^signatures$/],
    [
      "the same signature twice for a quorum of two",
      onLedger(({ oracles, batches }) => ({
        oracles: oracles.map((set) => ({ ...set, quorum: 2 })),
        batches: batches.slice(1).map((batch) => ({
          ...batch,
          revisions: batch.revisions.map((revision) => ({
            ...revision,
            input: revision.input && {
              ...revision.input,
              signatures: [...revision.input.signatures, ...revision.input.signatures],
            },
          })),
        })),
      })),
      BATCH,
      /^signatures$/,
    ],
    [
      "other oracles",
      onLedger(({ oracles }) => ({
        oracles: oracles.map((set) => ({ ...set, oracles: ["0x0000000000000000000000000000000000000001"] })),
      })),
      /batch of/,
      /^signatures$/,
    ],
    ["the chain id", (given) => ({ ...given, chainId: 1 }), /batch of/, /^digest in the event$/],
    [
      "the ledger's address",
      onLedger(() => ({ address: "0x0000000000000000000000000000000000000001" })),
      /batch of/,
      /^digest in the event$/,
    ],
    ["an event's row root", onEvent(() => ({ rowRoot: zero })), BATCH, /^row root$/],
    ["an event's digest", onEvent(() => ({ digest: zero })), BATCH, /^digest in the event$/],
    ["the stored digest", onBatch(() => ({ storedDigest: zero })), BATCH, /^stored digest$/],
    ["an event's hours", onEvent(() => ({ hourCount: 13 })), BATCH, /^hours$/],
    ["an event's month", onEvent(({ month }) => ({ month: month + 1 })), BATCH, /^month$/],
    ["an event's grade", onEvent(() => ({ grade: 3 })), BATCH, /^grade$/],
    ["an event's missing readings", onEvent(() => ({ missing: 0 })), BATCH, /^missing readings$/],
    [
      "an event's injected energy",
      onEvent(({ injected }) => ({ injected: more(injected) })),
      BATCH,
      /^injected Wh at 2026-03-31T14:00:00Z$/,
    ],
    [
      "an event's withdrawn energy",
      onEvent(({ withdrawn }) => ({ withdrawn: more(withdrawn) })),
      BATCH,
      /^withdrawn Wh at 2026-03-31T14:00:00Z$/,
    ],
    [
      "an event's shared energy",
      onEvent(({ shared }) => ({ shared: more(shared) })),
      BATCH,
      /^shared Wh at 2026-03-31T14:00:00Z$/,
    ],
    ["an event's accrual", onEvent(({ accrued }) => ({ accrued: accrued + 1n })), BATCH, /^accrued premium/],
    [
      "a batch twice",
      onLedger(({ batches }) => ({ batches: [...batches, ...batches.slice(1)] })),
      BATCH,
      /^first hour$/,
    ],
    ["the last batch left out", onLedger(({ batches }) => ({ batches: batches.slice(0, 1) })), LEDGER, /^next hour$/],
    ["the first batch left out", onLedger(({ batches }) => ({ batches: batches.slice(1) })), MONTH, /^injected Wh$/],
    ["the next hour", onLedger(({ nextHour }) => ({ nextHour: nextHour + 1 })), LEDGER, /^next hour$/],

    // Bytes of the blob: 4 of header, then 12 a channel (account at 3, class at 6, weight at 8), then the plant.
    ["a channel's number", onBlob(4 + 12 * 2 + 2, "0x09"), /batch of/, /^row root$/],
    ["a channel's account", onBlob(4 + 12 * 2 + 5, "0x01"), RUN_1, /^entitlement of account 1/],
    ["a channel's class", onBlob(4 + 12 * 2 + 6, "0x02"), RUN_1, /^(entitlement|key total)/],
    ["a channel's weight", onBlob(4 + 12 * 2 + 11, "0x63"), RUN_1, /^key total of rule 4 \(static-weight\)/],
    ["a plant's tariff", onBlob(4 + 12 * MEMBERS + 16, "0x01"), /batch of/, /^accrued premium/],
    [
      "a roster's hour",
      onLedger(({ rosters }) => ({
        rosters: rosters.map((roster) => ({ ...roster, effectiveHour: roster.effectiveHour + 1 })),
      })),
      /batch of/,
      /^roster version at /,
    ],

    ["a month's injected energy", onMonth(({ injected }) => ({ injected: injected + 1n })), MONTH, /^injected Wh$/],
    [
      "a month's withdrawn energy",
      onMonth(({ withdrawn }) => ({ withdrawn: withdrawn + 1n })),
      MONTH,
      /^withdrawn Wh$/,
    ],
    ["a month's shared energy", onMonth(({ shared }) => ({ shared: shared - 1n })), MONTH, /^shared Wh$/],
    ["a month's accrual", onMonth(({ accrued }) => ({ accrued: accrued - 1n })), MONTH, /^accrued premium/],
    ["a month's missing readings", onMonth(() => ({ missing: 0 })), MONTH, /^missing readings$/],
    ["a month's hours", onMonth(() => ({ hoursRecorded: 25 })), MONTH, /^hours recorded$/],
    ["a month's grade", onMonth(() => ({ grade: 3 })), MONTH, /^grade$/],
    [
      "a channel's month sum",
      onMonth(({ coincident }) => ({ coincident: new Map([...coincident, [3, 1n]]) })),
      MONTH,
      /^coincident Wh of channel 3$/,
    ],
    [
      "a month sum of no channel",
      onMonth(({ coincident }) => ({ coincident: new Map([...coincident, [77, 1n]]) })),
      MONTH,
      /^coincident Wh of channel 77$/,
    ],
    ["a plant's month sum", onMonth(() => ({ attributed: new Map() })), MONTH, /^attributed Wh of plant 1$/],
  ];

  it("nothing tampered with: nothing found", async () => {
    assert.deepEqual(await audit(settled, recompute(settled)), []);
    assert.equal(settled.runs.length, 2);
  });

  for (const [what, tamper, place, subject] of cases) {
    it(`${what}: found, and its place named`, async () => {
      const tampered = tamper(settled);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference was found");
      assert.match(difference.place, place, JSON.stringify(difference));
      assert.match(difference.subject, subject, JSON.stringify(difference));
      assert.notEqual(difference.chain, difference.recomputed);
    });
  }
});
