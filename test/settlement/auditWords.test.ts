/*
 * What an audit says of a difference: what the chain has and what was recomputed, in words where these are no numbers; and
 * differences that stand behind others, so that tampering.test.ts does not see them first.
 */

import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import { zeroAddress } from "viem";
import { audit } from "../../settlement/audit.ts";
import type { Difference } from "../../settlement/comparison.ts";
import type { History, WriteOffRecord } from "../../settlement/history.ts";
import { recompute } from "../../settlement/recompute.ts";
import type { RedemptionFileRecord } from "../../settlement/tokenHistory.ts";
import {
  first,
  onBatch,
  onCalldata,
  onInput,
  onLedger,
  onMonth,
  onRevision,
  onRule,
  onRuleSet,
  onRun,
  onTokens,
  onTreasury,
  type Tampering,
  zero,
} from "../support/tampering.ts";
import { adjusted } from "./histories/adjusted.ts";
import { corrected } from "./histories/corrected.ts";
import { redeemed } from "./histories/redeemed.ts";
import { settled } from "./histories/settled.ts";

const ORACLE = settled.ledgers[0]?.oracles[0]?.oracles[0] ?? zeroAddress;
const [TREASURER, PRESIDENT] = [settled.runs[0]?.proposed?.by, settled.runs[0]?.approved?.by];

const onWriteOff =
  (change: (writeOff: WriteOffRecord) => Partial<WriteOffRecord>): Tampering =>
  (given) => ({ ...given, writeOffs: first(given.writeOffs, change) });

async function differences(history: History): Promise<Difference[]> {
  return audit(history, recompute(history));
}

describe("an audit says", () => {
  const BATCH = "ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z";
  const TEN = "2026-03-31T10:00:00Z";
  const cases: readonly [string, History, Tampering, Difference][] = [
    [
      "whose code is foreign",
      settled,
      (given) => ({ ...given, foreignCode: [{ contract: "Treasury", address: "0x01" }] }),
      {
        place: "contract Treasury at 0x01",
        subject: "code",
        chain: "other code",
        recomputed: "what these sources compile to",
      },
    ],
    [
      "that a batch cannot be read",
      settled,
      onRevision(() => ({ input: undefined })),
      {
        place: BATCH,
        subject: "calldata",
        chain: "not a readable call of record",
        recomputed: "a batch of the roster in force",
      },
    ],
    [
      "that a correction cannot be read",
      corrected,
      onRevision(() => ({ input: undefined }), 1),
      {
        place: `${BATCH}, correction 1`,
        subject: "calldata",
        chain: "not a readable call of amend",
        recomputed: "a batch of the roster in force",
      },
    ],
    [
      "that calldata is of another hour",
      settled,
      onCalldata(({ firstHour }) => ({ firstHour: firstHour + 1 })),
      { place: BATCH, subject: "first hour in the calldata", chain: "493043", recomputed: "493042" },
    ],
    [
      "which digest a correction should have replaced",
      corrected,
      onCalldata(() => ({ replaces: zero }), 1),
      {
        place: `${BATCH}, correction 1`,
        subject: "replaced digest",
        chain: zero,
        recomputed: String(corrected.ledgers[0]?.batches[1]?.revisions[0]?.event.digest),
      },
    ],
    [
      "that a correction is of other hours",
      corrected,
      onCalldata(() => ({ hourCount: 11 }), 1),
      { place: `${BATCH}, correction 1`, subject: "hours as before", chain: "11", recomputed: "12" },
    ],
    [
      "that a correction is worth less",
      corrected,
      onCalldata(() => ({ grade: 1 }), 1),
      { place: `${BATCH}, correction 1`, subject: "grade", chain: "estimated", recomputed: "at least distributor" },
    ],
    [
      "who should have signed",
      settled,
      onInput(() => ({ signatures: [] })),
      { place: BATCH, subject: "signatures", chain: "signed by ", recomputed: `1 of the oracles ${ORACLE}` },
    ],
    [
      "that a signature is none, and all who should have signed",
      settled,
      (given) =>
        onLedger(({ oracles }) => ({
          oracles: oracles.map((set) => ({ ...set, quorum: 2, oracles: [zeroAddress, ...set.oracles] })),
        }))(onInput(({ signatures }) => ({ signatures: [...signatures, "0x00"] }))(given)),
      {
        place: BATCH,
        subject: "signatures",
        chain: `signed by ${ORACLE}, an invalid signature`,
        recomputed: `2 of the oracles ${zeroAddress}, ${ORACLE}`,
      },
    ],
    [
      "that there were no oracles yet",
      settled,
      onLedger(({ oracles, nextHour, batches }) => ({
        oracles: oracles.map((set) => ({ ...set, place: batches[1]?.revisions[0]?.place ?? set.place })),
        nextHour,
      })),
      { place: BATCH, subject: "signatures", chain: `signed by ${ORACLE}`, recomputed: "1 of the oracles " },
    ],
    [
      "that no roster was in force",
      settled,
      onLedger(({ rosters, batches }) => ({
        rosters: rosters.map((roster) => ({ ...roster, place: batches[1]?.revisions[0]?.place ?? roster.place })),
      })),
      { place: BATCH, subject: `roster version at ${TEN}`, chain: "1", recomputed: "undefined" },
    ],
    [
      "from which hour on another roster was in force",
      settled,
      onLedger(({ rosters }) => ({
        rosters: [...rosters, ...rosters.map((roster) => ({ ...roster, effectiveHour: roster.effectiveHour + 15 }))],
      })),
      { place: BATCH, subject: "roster version at 2026-03-31T13:00:00Z", chain: "1", recomputed: "2" },
    ],
    [
      "that nothing is known of a month",
      settled,
      onMonth(({ month }) => ({ month: month + 1 })),
      { place: "ledger AREA-0, month 2026-04", subject: "grade", chain: "distributor", recomputed: "undefined" },
    ],
    [
      "that a kind of account is unknown",
      settled,
      (given) => ({ ...given, accounts: [] }),
      { place: "rule set 1", subject: "kind of the fallback fund", chain: "undefined", recomputed: "fund" },
    ],
    [
      "that a rule of the excess pool has no key",
      adjusted,
      onRule(6, { key: 1 }),
      {
        place: "rule set 1",
        subject: "injection key of rule 7 on the excess pool",
        chain: "true",
        recomputed: "false",
      },
    ],

    [
      "that rules divide nothing",
      settled,
      onRuleSet(() => ({ rules: [] })),
      { place: "rule set 1", subject: "sum of shares of the ordinary pool", chain: "0", recomputed: "10000" },
    ],
    [
      "that a fund of the excess pool is unknown",
      adjusted,
      onRule(9, { fund: 99 }),
      { place: "rule set 1", subject: "whether the fund of rule 10 is social", chain: "undefined", recomputed: "true" },
    ],
    [
      "that something was settled of a month that no run covered",
      settled,
      onTreasury(({ settled: amounts }) => ({
        settled: first(amounts, ({ month }) => ({ month: month + 1, account: 1, amount: 7n })),
      })),
      {
        place: "treasury",
        subject: "settled for account 1, configuration 0, month 2026-04 (micro-euro)",
        chain: "7",
        recomputed: "0",
      },
    ],

    [
      "that a run was opened on an open month",
      settled,
      onLedger(({ nextHour }) => ({ nextHour: nextHour - 1 })),
      { place: "run 2", subject: "month 2026-03 of configuration 0", chain: "open", recomputed: "closed" },
    ],
    [
      "that provisional months were paid without a reason",
      settled,
      onRun(({ approved }) => ({ approved: approved && { ...approved, overrideReason: "" } })),
      {
        place: "run 2",
        subject: "reason to pay on provisional months",
        chain: "none",
        recomputed: "one given by who approved",
      },
    ],
    [
      "that one person proposed and approved a run",
      settled,
      onRun(({ approved, proposed }) => ({ approved: approved && proposed && { ...approved, by: proposed.by } })),
      {
        place: "run 2",
        subject: "approved by",
        chain: String(TREASURER),
        recomputed: "another person than who proposed it",
      },
    ],
    [
      "that nobody approved a run",
      settled,
      onRun(() => ({ approved: undefined })),
      { place: "run 2", subject: "approval", chain: "none", recomputed: "by the president" },
    ],

    [
      "that a member took over a debt",
      adjusted,
      onWriteOff(() => ({ fund: 1 })),
      { place: "write-offs", subject: "kind of who takes over write-off 1", chain: "member", recomputed: "fund" },
    ],
    [
      "that nobody that is known took over a debt",
      adjusted,
      onWriteOff(() => ({ fund: 99 })),
      { place: "write-offs", subject: "kind of who takes over write-off 1", chain: "undefined", recomputed: "fund" },
    ],
    [
      "that one person proposed and approved a write-off",
      adjusted,
      onWriteOff(({ approvedBy }) => ({ proposedBy: approvedBy })),
      {
        place: "write-offs",
        subject: "write-off 1 approved by",
        chain: String(adjusted.writeOffs[0]?.approvedBy),
        recomputed: "another person than who proposed it",
      },
    ],
    [
      "that nobody proposed a write-off",
      adjusted,
      onWriteOff(() => ({ proposedBy: undefined })),
      { place: "write-offs", subject: "proposal of write-off 1", chain: "none", recomputed: "by an officer" },
    ],

    [
      "that nobody proposed a change of payee",
      redeemed,
      onTokens(({ payeeChanges }) => ({ payeeChanges: first(payeeChanges, () => ({ proposedBy: undefined })) })),
      { place: "payees", subject: "proposal of change 1 of a payee", chain: "none", recomputed: "by an officer" },
    ],
    [
      "that nobody approved a change of payee",
      redeemed,
      onTokens(({ payeeChanges }) => ({ payeeChanges: first(payeeChanges, () => ({ approvedBy: undefined })) })),
      { place: "payees", subject: "approval of change 1 of a payee", chain: "none", recomputed: "by the president" },
    ],
    [
      "that one person proposed and approved outcomes",
      redeemed,
      onTokens(({ outcomes }) => ({
        outcomes: first(outcomes, ({ approved }) => ({ proposedBy: approved?.by ?? zeroAddress })),
      })),
      {
        place: "redemptions",
        subject: "outcomes 1 approved by",
        chain: String(PRESIDENT),
        recomputed: "another person than who proposed it",
      },
    ],
    [
      "that an end-to-end id was used twice",
      redeemed,
      onTokens(({ payments }) => ({ payments: [...payments, ...payments.slice(0, 1)] })),
      { place: "redemptions", subject: "end-to-end id A", chain: "used twice", recomputed: "used once" },
    ],
    [
      "how many payments a file should have",
      redeemed,
      onTokens(({ files }) => ({ files: first(files, ({ count }) => ({ count: count + 1 })) })),
      { place: "redemptions", subject: "payments of file 1", chain: "4", recomputed: "5" },
    ],
    [
      "that a payment was settled that is in no file",
      redeemed,
      onTokens(({ outcomes }) => ({ outcomes: first(outcomes, () => ({ endToEndIds: ["X"] })) })),
      { place: "redemptions", subject: "payment X", chain: "settled", recomputed: "in an approved file" },
    ],
    [
      "that a payment was settled whose file nobody approved",
      redeemed,
      onTokens(({ files }) => ({ files: first(files, () => ({ approved: undefined })) })),
      { place: "redemptions", subject: "payment A", chain: "settled", recomputed: "in an approved file" },
    ],
  ];

  for (const [what, history, tamper, expected] of cases) {
    it(what, async () => {
      const found = await differences(tamper(history));
      const isFound = found.some((difference) => isDeepStrictEqual(difference, expected));
      assert(isFound, JSON.stringify(found.slice(0, 9), null, 1));
    });
  }
});

describe("an audit says nothing", () => {
  const cases: readonly [string, History, Tampering, string][] = [
    [
      "of a file that is still open",
      redeemed,
      onTokens(({ files }) => ({
        files: [
          ...files,
          ...first(files, (): Partial<RedemptionFileRecord> => ({ number: 3, state: "open", count: 9 })).slice(0, 1),
        ],
      })),
      "redemptions",
    ],
    [
      "of the content of a file that was dropped",
      redeemed,
      onTokens(({ files }) => ({
        files: files.map((file) => (file.dropped ? { ...file, count: 9, total: 9n, contentHash: undefined } : file)),
      })),
      "redemptions",
    ],
    [
      "in a run, of an area that was added later",
      adjusted,
      (given) => ({
        ...given,
        ledgers: [...given.ledgers, ...first(given.ledgers, () => ({ area: "NEW" })).slice(0, 1)],
      }),
      "run 5",
    ],
    [
      "of a second oracle that did not have to sign",
      settled,
      onLedger(({ oracles }) => ({
        oracles: oracles.map((set) => ({ ...set, oracles: [zeroAddress, ...set.oracles] })),
      })),
      "ledger AREA-0",
    ],
    [
      "of oracles that were appointed afterwards",
      settled,
      onLedger(({ oracles }) => ({
        oracles: [
          ...oracles,
          ...oracles.map((set) => ({ ...set, oracles: [zeroAddress], place: { ...set.place, position: 1e12 } })),
        ],
      })),
      "ledger AREA-0",
    ],
    [
      "of a ledger without batches, whose next hour is any",
      settled,
      onLedger(() => ({ batches: [], months: [] })),
      "ledger AREA-0",
    ],
    [
      "of the stored digest of a batch of which nothing is known",
      settled,
      onBatch(() => ({ storedDigest: zero, revisions: [] })),
      "ledger AREA-0, batch of 2026-03-31 from 2026-03-31T10:00:00Z",
    ],
  ];
  for (const [what, history, tamper, place] of cases) {
    it(what, async () => {
      const found = await differences(tamper(history));
      assert.deepEqual(
        found.filter((difference) => difference.place === place),
        [],
      );
    });
  }

  it("of the same nobody who proposed and approved", async () => {
    const nobody = { proposedBy: undefined, approvedBy: undefined };
    const found = await differences(
      onTokens(({ payeeChanges }) => ({ payeeChanges: first(payeeChanges, () => nobody) }))(redeemed),
    );
    assert.deepEqual(
      found.map(({ subject }) => subject),
      ["proposal of change 1 of a payee", "approval of change 1 of a payee"],
    );
  });

  it("of ledgers that were not recomputed, but that they cannot be read", async () => {
    const found = await audit(settled, { ...recompute(settled), ledgers: [] });
    assert.deepEqual(
      found.slice(0, 2).map(({ subject }) => subject),
      ["calldata", "calldata"],
    );
    assert.deepEqual(
      found.find(({ subject }) => subject === "injected Wh"),
      {
        place: "ledger AREA-0, month 2026-03",
        subject: "injected Wh",
        chain: String(settled.ledgers[0]?.months[0]?.injected),
        recomputed: "undefined",
      },
    );
  });
});
