/** A preview of a run before it is paid says what the chain then paid; what it warns of, and what it finds wrong. */

import assert from "node:assert/strict";
import type { History, RunRecord } from "../../settlement/history.ts";
import { recompute } from "../../settlement/recompute.ts";
import { plannedRun, previewRun } from "../../settlement/runPreview.ts";
import { adjusted } from "./histories/adjusted.ts";
import { corrected } from "./histories/corrected.ts";
import { redeemed } from "./histories/redeemed.ts";
import { settled } from "./histories/settled.ts";

const HISTORIES = { settled, corrected, adjusted, redeemed };

/** As the chain stood just before a run was paid, or when it was only computed. */
function before(history: History, run: RunRecord, more: Partial<RunRecord>): History {
  const unpaid = { ...run, payouts: [], paid: undefined, ...more };
  const runs = [...history.runs.filter(({ number }) => number < run.number), unpaid];
  const until = run.paid?.place.position ?? 0;
  const writeOffs = history.writeOffs.filter(({ place }) => place.position < until);
  return { ...history, runs, writeOffs };
}

function previewOf(history: History, run: RunRecord, more: Partial<RunRecord> = {}) {
  const then = before(history, run, more);
  const last = then.runs.at(-1);
  assert(last !== undefined);
  return previewRun(then, recompute(then), last);
}

describe("the preview of a run", () => {
  for (const [name, history] of Object.entries(HISTORIES)) {
    for (const run of history.runs.filter(({ paid }) => paid !== undefined)) {
      it(`says what run ${run.number} of the history ${name} paid`, () => {
        const { accounts, differences, isComputed } = previewOf(history, run);
        assert.deepEqual(
          accounts.map(({ account, delta, amount, owedAfter }) => ({ account, delta, amount, owed: owedAfter })),
          run.payouts.map(
            ({ place: _, run: __, ...payout }: RunRecord["payouts"][number] & { run?: number }) => payout,
          ),
        );
        assert.deepEqual([differences, isComputed], [[], true]);
      });
    }
  }

  const first = settled.runs[0];
  assert(first !== undefined);

  it("gives the reasons of every difference: parts and remainders add up to the entitlement", () => {
    for (const { months, delta } of previewOf(settled, first).accounts) {
      for (const { parts, remainders, entitlement } of months) {
        const given = [...parts, ...remainders].reduce((sum, { amount }) => sum + amount, 0n);
        assert.equal(given, entitlement);
      }
      const differences = months.reduce((sum, month) => sum + month.entitlement - month.settled, 0n);
      assert.equal(differences, delta);
    }
  });

  it("works out a run that nobody opened, over the same months and the same data, to the same amounts", () => {
    const opened = previewOf(settled, first);
    const nothing = { ...settled, runs: [], writeOffs: [] };
    const receipts = settled.receipts.filter(({ place }) => place.position < (first.approved?.place.position ?? 0));
    const history = { ...nothing, receipts };
    const planned = previewRun(history, recompute(history), plannedRun(1, first.fromMonth, first.toMonth));
    assert.equal(planned.isComputed, false);
    assert.deepEqual(
      planned.accounts.map(({ account, amount }) => [account, amount]),
      opened.accounts.map(({ account, amount }) => [account, amount]),
    );
  });

  it("counts a run whose cells are not all apportioned as not computed", () => {
    const more = { proposed: undefined, approved: undefined };
    assert.equal(previewOf(settled, first, { ...more, apportioned: first.apportioned.slice(1) }).isComputed, false);
    assert.equal(previewOf(settled, first, more).isComputed, true);
  });

  it("names what the chain computed otherwise than it comes out here", () => {
    const [weighed, ...rest] = first.weighed;
    assert(weighed !== undefined);
    const pools = { ...weighed.pools, ordinary: weighed.pools.ordinary + 1n };
    const { differences } = previewOf(settled, first, { weighed: [{ ...weighed, pools }, ...rest] });
    assert.equal(differences.length, 1);
    assert.match(differences[0]?.subject ?? "", /^ordinary pool/);
  });

  it("asks for a reason exactly where the chain asks for one", () => {
    for (const history of Object.values(HISTORIES)) {
      for (const run of history.runs.filter(({ paid }) => paid !== undefined)) {
        const { needsReason, cells } = previewOf(history, run);
        assert.equal(needsReason, run.proposed?.provisional);
        assert.equal(
          needsReason,
          cells.some(({ isProvisional }) => isProvisional),
        );
      }
    }
  });

  it("tells which channels came and went with the rosters adopted since the last run was opened", () => {
    const told = Object.values(HISTORIES).flatMap((history) =>
      history.runs
        .filter(({ paid }) => paid !== undefined)
        .flatMap((run) => {
          const opened = history.runs.findLast(({ number, paid }) => number < run.number && paid !== undefined)?.opened;
          const since = history.ledgers.flatMap(({ rosters }) =>
            rosters.filter(({ place }) => opened !== undefined && place.position > opened.position),
          );
          const { rosterChanges } = previewOf(history, run);
          assert.equal(rosterChanges.length, since.length);
          return rosterChanges;
        }),
    );
    for (const { joined, left } of told) assert(!joined.some((channel) => left.includes(channel)));
  });

  it("says what the last paid run did for each account", () => {
    const second = adjusted.runs.filter(({ paid }) => paid !== undefined)[1];
    assert(second !== undefined);
    const [earlier] = adjusted.runs.filter(({ paid }) => paid !== undefined);
    for (const { account, lastRun } of previewOf(adjusted, second).accounts) {
      const payout = earlier?.payouts.find((each) => each.account === account);
      assert.deepEqual(
        lastRun,
        payout && earlier && { run: earlier.number, delta: payout.delta, amount: payout.amount },
      );
    }
  });
});
