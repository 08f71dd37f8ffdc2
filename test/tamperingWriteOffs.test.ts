/*
 * A written-off debt in the books: the audit agrees, the statements of debtor and fund tell it; and if any one fact of it is
 * another, the first difference says where.
 */

import assert from "node:assert/strict";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { readHistory } from "../chain/history.ts";
import { approveWriteOff, proposeWriteOff, type WriteOff } from "../chain/writeOffs.ts";
import { audit } from "../settlement/audit.ts";
import type { History, WriteOffRecord } from "../settlement/history.ts";
import { recompute } from "../settlement/recompute.ts";
import { statementOf } from "../settlement/statement.ts";
import { receiptOf } from "./support/communityCalls.ts";
import { FIRST_MONTH, openStage, type Stage } from "./support/communityOnChain.ts";
import { balanceOf, book, closedMonthCommunity, settle } from "./support/runsOnChain.ts";
import type { Tampering } from "./support/tampering.ts";

const MEMBERS = 3;
const FUND = MEMBERS + 1;

describe("a debt written off", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  let history: History;
  let written: WriteOff;

  before(async () => {
    stage = await openStage();
    at = await closedMonthCommunity(stage, MEMBERS);
    await book(stage, at, receiptOf(FIRST_MONTH, 80_000_000n));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    await book(stage, at, receiptOf(FIRST_MONTH, -30_000_000n, { document: "claw-back" }));
    await settle(stage, at, FIRST_MONTH, FIRST_MONTH);
    const { owed } = await balanceOf(stage, at, 2);
    written = { account: 2, fund: FUND, amount: 1n - owed, reason: "moved abroad" };
    const { treasurer, president } = stage.people;
    await assert.rejects(proposeWriteOff(treasurer, at.treasury, written), /WriteOffBeyondDebt/);
    written = { ...written, amount: -owed };
    await proposeWriteOff(treasurer, at.treasury, { ...written, reason: "another" });
    await proposeWriteOff(treasurer, at.treasury, written);
    await approveWriteOff(president, at.treasury, written);
    history = await readHistory(stage.client, at);
  });
  after(() => stage.chain.close());

  it("is read with who proposed and who approved it, and the audit finds everything in order", async () => {
    const { treasurer, president } = stage.people;
    const [read] = history.writeOffs;
    assert(read);
    const { place, ...facts } = read;
    assert.deepEqual(facts, { ...written, proposedBy: treasurer.address, approvedBy: president.address });
    assert(place.block > 0n);
    assert.deepEqual(await audit(history, recompute(history)), []);
  });

  it("stands in the statements of the debtor and of the fund, and in nobody else's", () => {
    const recomputed = recompute(history);
    const { block, transaction } = history.writeOffs[0]?.place ?? {};
    const { amount, reason } = written;
    const entry = (role: "debtor" | "fund") => ({ role, amount, reason, block, transaction });
    const told = history.accounts.map((account) => statementOf(history, recomputed, account).writeOffs);
    assert.deepEqual(told.slice(0, FUND), [[], [entry("debtor")], [], [entry("fund")]]);
    const debtor = history.accounts.find(({ number }) => number === written.account);
    assert(debtor);
    const { entitled, paid, owed } = statementOf(history, recomputed, debtor);
    assert.deepEqual([owed, entitled - paid + amount], [0n, 0n]);
  });

  const onWriteOff =
    (change: (given: WriteOffRecord) => Partial<WriteOffRecord>): Tampering =>
    (given) => ({ ...given, writeOffs: given.writeOffs.map((each) => ({ ...each, ...change(each) })) });
  const WRITE_OFFS = /^write-offs$/;
  const TREASURY = /^treasury$/;
  const cases: readonly [string, Tampering, RegExp, RegExp][] = [
    ["one person", onWriteOff(({ proposedBy = "0x" }) => ({ approvedBy: proposedBy })), WRITE_OFFS, /approved by/],
    ["no proposal", onWriteOff(() => ({ proposedBy: undefined })), WRITE_OFFS, /^proposal of write-off 1$/],
    ["no fund", onWriteOff(() => ({ fund: 1 })), WRITE_OFFS, /^kind of who takes over write-off 1$/],
    ["another amount", onWriteOff(({ amount }) => ({ amount: amount - 1n })), TREASURY, /^owed to account 2 /],
    ["another debtor", onWriteOff(() => ({ account: 3 })), TREASURY, /^owed to account 2 /],
    ["none", (given) => ({ ...given, writeOffs: [] }), TREASURY, /^owed to account 2 /],
  ];
  for (const [what, tamper, place, subject] of cases) {
    it(`is found out with ${what}`, async () => {
      const tampered = tamper(history);
      const [difference] = await audit(tampered, recompute(tampered));
      assert(difference, "no difference");
      assert.match(difference.place, place);
      assert.match(difference.subject, subject);
    });
  }
});
