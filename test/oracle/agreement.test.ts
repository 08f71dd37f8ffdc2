/** What an oracle stands behind, whose turn it is, and when enough have signed. */

import assert from "node:assert/strict";
import type { Address, Hex } from "viem";
import { contradict, disagreements } from "../../oracle/agreement.ts";
import { agreedOf, parseVote, proposerOf, type Voted, verifyVote } from "../../oracle/votes.ts";
import { type Batch, maskBit } from "../../settlement/batch.ts";
import { batchOf, FIRST_HOUR, smallRoster } from "../support/communityOnChain.ts";

const ROSTER = smallRoster(2);
const EXACT = { wattHours: 0, percent: 0 };

/** Two hours of two channels, each Wh the same but where a test says otherwise. */
function batch(change: { channel: number; lane: number; wattHours: number | undefined }[] = []): Batch {
  const rows = [1, 2].map((channel) =>
    Array.from({ length: 24 }, (_, lane) => {
      const changed = change.find((each) => each.channel === channel && each.lane === lane);
      return lane < 2 ? (changed === undefined ? 100 : (changed.wattHours ?? 0)) : 0;
    }),
  );
  const missing = [1, 2].map((channel) =>
    change
      .filter((each) => each.channel === channel && each.wattHours === undefined)
      .reduce((mask, { lane }) => mask | maskBit(lane), 0),
  );
  const [injected = [], withdrawn = []] = rows;
  return { ...batchOf(ROSTER, FIRST_HOUR, 2), injected: [injected], withdrawn: [withdrawn], missing };
}
const known = (channel: number, hour: number) => (channel === 2 && hour === FIRST_HOUR + 1 ? undefined : 100);

describe("what an oracle stands behind", () => {
  for (const [name, change, tolerance, expected] of [
    ["what it knows itself", [], EXACT, []],
    ["what it does not know", [{ channel: 2, lane: 1, wattHours: 7 }], EXACT, []],
    [
      "a reading within the tolerance in Wh",
      [{ channel: 1, lane: 0, wattHours: 103 }],
      { wattHours: 3, percent: 0 },
      [],
    ],
    [
      "a reading within the tolerance in percent",
      [{ channel: 1, lane: 0, wattHours: 95 }],
      { wattHours: 0, percent: 5 },
      [],
    ],
    [
      "not a reading beyond it",
      [{ channel: 1, lane: 0, wattHours: 104 }],
      { wattHours: 3, percent: 2 },
      [[1, 0, 100, 104]],
    ],
    [
      "not a reading that is missing there",
      [{ channel: 2, lane: 0, wattHours: undefined }],
      EXACT,
      [[2, 0, 100, undefined]],
    ],
  ] as const) {
    it(`is ${name}`, () => {
      const found = disagreements(batch([...change]), ROSTER, known, tolerance);
      assert.deepEqual(
        found.map(({ channel, hour, own, theirs }) => [channel, hour - FIRST_HOUR, own, theirs]),
        expected,
      );
    });
  }

  it("tells two batches that contradict each other from two that are near one truth", () => {
    const near = batch([{ channel: 1, lane: 0, wattHours: 106 }]);
    assert.equal(contradict(batch(), near, ROSTER, { wattHours: 3, percent: 0 }), false);
    assert.equal(contradict(batch(), near, ROSTER, { wattHours: 2, percent: 0 }), true);
  });
});

describe("votes", () => {
  const oracles: Address[] = ["0x0a", "0x0b", "0x0c"].map((start): Address => `0x${start.slice(2)}${"0".repeat(38)}`);
  const vote = (signer: number, digest: Hex): Voted => ({
    batch: batch(),
    signer: oracles[signer] ?? assert.fail(),
    digest,
    signature: `0x${signer}${signer}`,
  });

  it("are proposed by one after the other, day by day, and by the next after silence", () => {
    const turn = (day: number, attempt: number) =>
      oracles.indexOf(proposerOf(oracles, FIRST_HOUR + 24 * day, attempt) ?? "0x");
    const first = turn(0, 0);
    assert.deepEqual([turn(1, 0), turn(0, 1), turn(0, 3)], [(first + 1) % 3, (first + 1) % 3, first]);
  });

  it("count once each, on the same batch, and are put in the ledger's order", () => {
    assert.equal(agreedOf([vote(2, "0x01"), vote(2, "0x01")], 2), undefined);
    assert.equal(agreedOf([vote(2, "0x01"), vote(1, "0x02")], 2), undefined);
    const agreed = agreedOf([vote(2, "0x01"), vote(1, "0x02"), vote(0, "0x01")], 2);
    assert.deepEqual(agreed?.signatures, ["0x00", "0x22"]);
  });

  it("are read only if they are whole", () => {
    const bytes = (value: unknown) => new TextEncoder().encode(JSON.stringify(value));
    const signature = `0x${"1b".repeat(65)}`;
    assert.notEqual(parseVote(bytes({ batch: batch(), signature })), undefined);
    assert.equal(parseVote(bytes({ batch: { ...batch(), grade: "golden" }, signature })), undefined);
    assert.equal(parseVote(bytes({ batch: batch(), signature: "0x1b" })), undefined);
    assert.equal(parseVote(new TextEncoder().encode("{")), undefined);
  });

  it("with anything else in them are no votes, and make no oracle stumble", async () => {
    const signature = `0x${"1b".repeat(65)}`;
    const odd: unknown[] = [-1, 1.5, 25, 2 ** 32, 2 ** 53, 1e300, null, "", "0x", "0x00", [], [[]], [[1.5]], [-1], {}];
    const versions = [{ effectiveHour: FIRST_HOUR, roster: ROSTER }];
    const domain = { chainId: 1, ledger: oracles[0] ?? assert.fail() };
    for (const field of Object.keys(batch())) {
      for (const value of odd) {
        const text = JSON.stringify({ batch: { ...batch(), [field]: value }, signature });
        const vote = parseVote(new TextEncoder().encode(text));
        const voted = vote && (await verifyVote(vote, versions, oracles, domain));
        assert.equal(voted, undefined, text);
      }
    }
  });
});
