/*
 * Redemptions
 *   each function by anyone else than its role → refused
 *   open: no payments → refused
 *   add: none, more than the file was opened for, a wrong amount, an id that is missing or was ever used, more than the
 *     account has, a total other than declared, another state → refused, and nothing is taken
 *   approve: other content, the proposer, while objected, another state → refused
 *   drop: approved, another file's payment, twice → refused; else the escrow goes back, in as many calls as one likes
 *   outcomes: none, unknown, unapproved file, while objected, a state that does not fit, the proposer → refused
 *     executed → burnt, once; returned in escrow → given back, once; returned after that → credited anew, once
 *   supply = paid − redeemed + reversed; escrow = Σ open payments; a closed account redeems
 */

import assert from "node:assert/strict";
import { encodeAbiParameters, keccak256, parseEventLogs, zeroHash } from "viem";
import { communityAbi, creditTokenAbi, redemptionsAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { idOf } from "../../chain/redemption.ts";
import {
  communityCalls,
  EXECUTED,
  RETURNED,
  ROLE_IDS,
  redemptionCalls,
  rolesCalls,
} from "../support/communityCalls.ts";
import { openStage, type Stage } from "../support/communityOnChain.ts";
import {
  approvedFile,
  DOCUMENT,
  fileContent,
  paidCommunity,
  proposedFile,
  settleOutcomes,
  stateOf,
  totalsOf,
  transferOf,
} from "../support/redemptionsOnChain.ts";
import { assertRefused, itIsRestricted, send } from "../support/refusals.ts";

const PAID = 50_000_000n;
const EURO = 1_000_000n;

describe("Redemptions", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const calls = () => redemptionCalls(at);

  before(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    at = await paidCommunity(stage);
  });
  after(() => stage.chain.close());

  const tokensOf = async (account: number) => {
    const payee = await stage.client.readContract({
      abi: communityAbi,
      address: at.community,
      functionName: "payeeOf",
      args: [account],
    });
    return stage.client.readContract({
      abi: creditTokenAbi,
      address: at.token,
      functionName: "balanceOf",
      args: [payee],
    });
  };
  const sumsOf = (account: number) =>
    stage.client.readContract({
      abi: redemptionsAbi,
      address: at.redemptions,
      functionName: "sumsOf",
      args: [account],
    });
  const fileOf = (number: number) =>
    stage.client.readContract({ abi: redemptionsAbi, address: at.redemptions, functionName: "file", args: [number] });

  const names = ["open", "add", "proposeOutcomes", "approve", "approveOutcomes", "object", "withdrawObjection"].concat([
    "pause",
    "unpause",
  ]);
  itIsRestricted(
    () => stage,
    [
      { allowed: "treasurer", call: () => calls().open(DOCUMENT, 1, EURO) },
      { allowed: "treasurer", call: () => calls().add(1, []) },
      { allowed: "treasurer", call: () => calls().proposeOutcomes(EXECUTED, []) },
      { allowed: "president", call: () => calls().approve(1, zeroHash) },
      { allowed: "president", call: () => calls().approveOutcomes(1, EXECUTED, []) },
      { allowed: "auditor", call: () => calls().object(1, "no") },
      { allowed: "auditor", call: () => calls().withdrawObjection(1) },
      { allowed: "auditor", call: () => calls().pause() },
      { allowed: "president", call: () => calls().unpause() },
    ],
    (index) => `${names[index]}`,
  );

  it("refuses a file without payments, and adding none: FileEmpty, PaymentsMissing", async () => {
    await assertRefused(send(stage, "treasurer", calls().open(DOCUMENT, 0, 0n)), "FileEmpty", []);
    await send(stage, "treasurer", calls().open(DOCUMENT, 1, EURO));
    await assertRefused(send(stage, "treasurer", calls().add(1, [])), "PaymentsMissing", []);
    await assertRefused(send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [])), "PaymentsMissing", []);
  });

  for (const amount of [0n, 1n, 9_999n, 10_001n, 999_999_999_990_001n, 1_000_000_000_000_000n]) {
    it(`refuses ${amount} micro-euro as an amount: AmountInvalid`, async () => {
      await send(stage, "treasurer", calls().open(DOCUMENT, 1, amount));
      const added = send(stage, "treasurer", calls().add(1, [transferOf(1, amount, "A")]));
      await assertRefused(added, "AmountInvalid", [amount]);
    });
  }

  it("refuses an id that is missing, used in the same call, or used in a file that was dropped: IdMissing, IdUsed", async () => {
    const file = await proposedFile(stage, at, [transferOf(1, EURO, "A")]);
    await send(stage, "president", calls().drop(file, [idOf("A")]));
    await send(stage, "treasurer", calls().open(DOCUMENT, 2, 2n * EURO));
    const adding = (ids: readonly [string, string]) =>
      send(stage, "treasurer", calls().add(2, [transferOf(1, EURO, ids[0]), transferOf(2, EURO, ids[1])]));
    await assertRefused(adding(["B", ""]), "IdMissing", []);
    await assertRefused(adding(["B", "B"]), "IdUsed", [idOf("B")]);
    await assertRefused(adding(["A", "B"]), "IdUsed", [idOf("A")]);
    await adding(["B", "C"]);
  });

  it("refuses more payments or another total than the file was opened for: TooManyPayments, TotalDiffers", async () => {
    await send(stage, "treasurer", calls().open(DOCUMENT, 2, 2n * EURO));
    const [a, b, c] = [transferOf(1, EURO, "A"), transferOf(2, EURO, "B"), transferOf(3, EURO, "C")];
    await assertRefused(send(stage, "treasurer", calls().add(1, [a, b, c])), "TooManyPayments", [1, 3n, 2n]);
    await send(stage, "treasurer", calls().add(1, [a]));
    await assertRefused(send(stage, "treasurer", calls().add(1, [b, c])), "TooManyPayments", [1, 2n, 1n]);
    const dearer = transferOf(2, EURO + 10_000n, "B");
    await assertRefused(send(stage, "treasurer", calls().add(1, [dearer])), "TotalDiffers", [
      2n * EURO,
      2n * EURO + 10_000n,
    ]);
    assert.equal((await fileOf(1)).state, 1);
    await send(stage, "treasurer", calls().add(1, [b]));
    assert.equal((await fileOf(1)).state, 2);
  });

  it("refuses more than an account has, and an account that is not there", async () => {
    const has = await tokensOf(2);
    const amount = has - (has % 10_000n) + 10_000n;
    await send(stage, "treasurer", calls().open(DOCUMENT, 1, amount));
    const payee = await stage.client.readContract({
      abi: communityAbi,
      address: at.community,
      functionName: "payeeOf",
      args: [2],
    });
    const added = send(stage, "treasurer", calls().add(1, [transferOf(2, amount, "A")]));
    await assertRefused(added, "ERC20InsufficientBalance", [payee, has, amount]);
    const unknown = send(stage, "treasurer", calls().add(1, [transferOf(99, amount, "A")]));
    await assertRefused(unknown, "AccountUnknown", [99]);
    assert.equal((await totalsOf(stage, at)).escrow, 0n);
  });

  it("takes tokens into escrow, and says which payments stand in which file", async () => {
    const before = await tokensOf(1);
    await send(stage, "treasurer", calls().open(DOCUMENT, 1, EURO));
    const added = await send(stage, "treasurer", calls().add(1, [transferOf(1, EURO, "A")]));
    const [payment] = parseEventLogs({ abi: redemptionsAbi, eventName: "PaymentProposed", logs: added.logs });
    assert.deepEqual(payment?.args, { file: 1, account: 1, amount: EURO, id: idOf("A") });
    const [proposed] = parseEventLogs({ abi: redemptionsAbi, eventName: "FileProposed", logs: added.logs });
    const paymentsHash = keccak256(
      encodeAbiParameters(
        [{ type: "bytes32" }, { type: "uint24" }, { type: "uint64" }, { type: "bytes32" }],
        [zeroHash, 1, EURO, idOf("A")],
      ),
    );
    const content = keccak256(
      encodeAbiParameters(
        [{ type: "uint32" }, { type: "bytes32" }, { type: "bytes32" }, { type: "uint32" }, { type: "uint64" }],
        [1, DOCUMENT, paymentsHash, 1, EURO],
      ),
    );
    assert.deepEqual(proposed?.args, { file: 1, contentHash: content, by: stage.people.treasurer.address });
    assert.equal(await tokensOf(1), before - EURO);
    assert.deepEqual(await sumsOf(1), { inEscrow: EURO, redeemed: 0n, reversed: 0n });
    assert.deepEqual(await totalsOf(stage, at), { supply: PAID, escrow: EURO, redeemed: 0n, reversed: 0n });
  });

  it("is approved by its very content, by another person, once: ContentDiffers, SamePerson, FileInOtherState", async () => {
    const file = await proposedFile(stage, at, [transferOf(1, EURO, "A")]);
    const content = await fileContent(stage, at, file);
    const approval = () => send(stage, "president", calls().approve(file, content));
    await assertRefused(send(stage, "president", calls().approve(file, DOCUMENT)), "ContentDiffers", [
      content,
      DOCUMENT,
    ]);
    await approval();
    await assertRefused(approval(), "FileInOtherState", [file, 3]);
    await assertRefused(send(stage, "president", calls().approve(7, content)), "FileInOtherState", [7, 0]);
    const more = send(stage, "treasurer", calls().add(file, [transferOf(1, EURO, "B")]));
    await assertRefused(more, "FileInOtherState", [file, 3]);
  });

  it("is never approved or settled by who proposed, though the roles have changed hands: SamePerson", async () => {
    const { treasurer } = stage.people;
    const executed = await approvedFile(stage, at, [transferOf(1, EURO, "A")]);
    const file = await proposedFile(stage, at, [transferOf(1, EURO, "B")]);
    await send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    assert.equal(executed, 1);
    await send(stage, "council", rolesCalls(at).revokeRole(ROLE_IDS.treasurer, treasurer.address));
    await send(stage, "council", rolesCalls(at).grantRole(ROLE_IDS.president, treasurer.address));
    const approval = send(stage, "treasurer", calls().approve(file, await fileContent(stage, at, file)));
    await assertRefused(approval, "SamePerson", [treasurer.address]);
    const booking = send(stage, "treasurer", calls().approveOutcomes(1, EXECUTED, [idOf("A")]));
    await assertRefused(booking, "SamePerson", [treasurer.address]);
  });

  it("waits while the auditor objects, who must say why: Objected, NotObjected, ReasonMissing", async () => {
    const file = await proposedFile(stage, at, [transferOf(1, EURO, "A")]);
    const content = await fileContent(stage, at, file);
    await assertRefused(send(stage, "auditor", calls().withdrawObjection(file)), "NotObjected", [file]);
    await assertRefused(send(stage, "auditor", calls().object(file, "")), "ReasonMissing", []);
    await assertRefused(send(stage, "auditor", calls().object(9, "why?")), "FileInOtherState", [9, 0]);
    await send(stage, "auditor", calls().object(file, "why?"));
    await assertRefused(send(stage, "auditor", calls().object(file, "again")), "Objected", [file]);
    await assertRefused(send(stage, "president", calls().approve(file, content)), "Objected", [file]);
    await send(stage, "auditor", calls().withdrawObjection(file));
    await send(stage, "president", calls().approve(file, content));
    await send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    await send(stage, "auditor", calls().object(file, "not at the bank"));
    const booking = () => send(stage, "president", calls().approveOutcomes(1, EXECUTED, [idOf("A")]));
    await assertRefused(booking(), "Objected", [file]);
    await send(stage, "auditor", calls().withdrawObjection(file));
    await booking();
  });

  it("is dropped by treasurer or president before approval, in parts, and gives everything back", async () => {
    const before = await tokensOf(1);
    const ids = ["A", "B", "C"];
    const file = await proposedFile(
      stage,
      at,
      ids.map((id) => transferOf(1, EURO, id)),
    );
    const other = await proposedFile(stage, at, [transferOf(2, EURO, "D")]);
    const drop = (by: "treasurer" | "president" | "auditor", ...which: string[]) =>
      send(stage, by, calls().drop(file, which.map(idOf)));
    await assertRefused(drop("auditor", "A"), "NotTreasurerOrPresident", [stage.people.auditor.address]);
    await assertRefused(drop("treasurer", "D"), "PaymentOfAnotherFile", [idOf("D"), other]);
    await drop("treasurer", "A");
    const content = await fileContent(stage, at, file);
    await assertRefused(send(stage, "president", calls().approve(file, content)), "FileInOtherState", [file, 4]);
    await assertRefused(send(stage, "auditor", calls().object(file, "why?")), "FileInOtherState", [file, 4]);
    await assertRefused(drop("president", "A"), "PaymentInOtherState", [idOf("A"), 2]);
    assert.equal(await tokensOf(1), before - 2n * EURO);
    await drop("president", "B", "C");
    assert.equal(await tokensOf(1), before);
    assert.deepEqual(await totalsOf(stage, at), { supply: PAID, escrow: EURO, redeemed: 0n, reversed: 0n });
    assert.equal((await fileOf(file)).inEscrow, 0);
    const gone = send(stage, "treasurer", calls().proposeOutcomes(RETURNED, [idOf("A")]));
    await assertRefused(gone, "PaymentInOtherState", [idOf("A"), 2]);
  });

  it("is not dropped once approved: FileInOtherState", async () => {
    const file = await approvedFile(stage, at, [transferOf(1, EURO, "A")]);
    await assertRefused(send(stage, "president", calls().drop(file, [idOf("A")])), "FileInOtherState", [file, 3]);
    await assertRefused(send(stage, "president", calls().drop(8, [])), "FileInOtherState", [8, 0]);
  });

  it("takes outcomes of approved files only, as they were proposed, once: FileInOtherState, OutcomesUnknown", async () => {
    const file = await proposedFile(stage, at, [transferOf(1, EURO, "A"), transferOf(2, EURO, "B")]);
    const early = send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    await assertRefused(early, "FileInOtherState", [file, 2]);
    const unknown = send(stage, "treasurer", calls().proposeOutcomes(RETURNED, [idOf("Z")]));
    await assertRefused(unknown, "PaymentInOtherState", [idOf("Z"), 0]);
    await send(stage, "president", calls().approve(file, await fileContent(stage, at, file)));
    await send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    const approve = (outcome: number, ...ids: string[]) =>
      send(stage, "president", calls().approveOutcomes(1, outcome, ids.map(idOf)));
    await assertRefused(approve(RETURNED, "A"), "OutcomesUnknown", [1]);
    await assertRefused(approve(EXECUTED, "B"), "OutcomesUnknown", [1]);
    await approve(EXECUTED, "A");
    await assertRefused(approve(EXECUTED, "A"), "OutcomesUnknown", [1]);
  });

  it("burns what was executed once, though it was proposed twice: PaymentInOtherState", async () => {
    await approvedFile(stage, at, [transferOf(1, EURO, "A"), transferOf(2, 2n * EURO, "B")]);
    await send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A"), idOf("B")]));
    await send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    const first = await send(stage, "president", calls().approveOutcomes(1, EXECUTED, [idOf("A"), idOf("B")]));
    const settled = parseEventLogs({ abi: redemptionsAbi, eventName: "PaymentSettled", logs: first.logs });
    assert.deepEqual(
      settled.map(({ args }) => args),
      [
        { file: 1, account: 1, amount: EURO, id: idOf("A"), state: 3 },
        { file: 1, account: 2, amount: 2n * EURO, id: idOf("B"), state: 3 },
      ],
    );
    const second = send(stage, "president", calls().approveOutcomes(2, EXECUTED, [idOf("A")]));
    await assertRefused(second, "PaymentInOtherState", [idOf("A"), 3]);
    const again = send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    await assertRefused(again, "PaymentInOtherState", [idOf("A"), 3]);
    assert.deepEqual(await totalsOf(stage, at), {
      supply: PAID - 3n * EURO,
      escrow: 0n,
      redeemed: 3n * EURO,
      reversed: 0n,
    });
  });

  it("refuses the same id twice in one list, and keeps nothing of it", async () => {
    await approvedFile(stage, at, [transferOf(1, EURO, "A"), transferOf(1, EURO, "B")]);
    for (const [number, outcome] of [EXECUTED, RETURNED].entries()) {
      const ids = [idOf("A"), idOf("A")];
      await send(stage, "treasurer", calls().proposeOutcomes(outcome, ids));
      const twice = send(stage, "president", calls().approveOutcomes(number + 1, outcome, ids));
      await assertRefused(twice, "PaymentInOtherState", [idOf("A"), outcome === EXECUTED ? 3 : 4]);
    }
    assert.equal((await totalsOf(stage, at)).escrow, 2n * EURO);
  });

  it("gives back what the bank refused and credits anew what came back, each once, and counts them apart", async () => {
    const before = await tokensOf(1);
    const [refused, reversed] = [idOf("A"), idOf("B")];
    await approvedFile(stage, at, [transferOf(1, EURO, "A"), transferOf(1, 2n * EURO, "B")]);
    await settleOutcomes(stage, at, EXECUTED, [reversed]);
    await settleOutcomes(stage, at, RETURNED, [refused, reversed]);
    assert.equal(await stateOf(stage, at, refused), "refused");
    assert.equal(await stateOf(stage, at, reversed), "reversed");
    assert.equal(await tokensOf(1), before);
    assert.deepEqual(await sumsOf(1), { inEscrow: 0n, redeemed: 2n * EURO, reversed: 2n * EURO });
    const totals = await totalsOf(stage, at);
    assert.deepEqual(totals, { supply: PAID, escrow: 0n, redeemed: 2n * EURO, reversed: 2n * EURO });
    for (const [id, state] of [
      [refused, 4],
      [reversed, 5],
    ] as const) {
      const again = send(stage, "treasurer", calls().proposeOutcomes(RETURNED, [id]));
      await assertRefused(again, "PaymentInOtherState", [id, state]);
    }
  });

  it("lets a closed account redeem", async () => {
    await send(stage, "secretary", communityCalls(at).closeAccount(3));
    await approvedFile(stage, at, [transferOf(3, EURO, "A")]);
    await settleOutcomes(stage, at, EXECUTED, [idOf("A")]);
    assert.equal((await totalsOf(stage, at)).redeemed, EURO);
  });

  it("stops while paused, but for dropping: IsPaused", async () => {
    await approvedFile(stage, at, [transferOf(1, EURO, "A")]);
    const file = await proposedFile(stage, at, [transferOf(1, EURO, "B")]);
    await send(stage, "treasurer", calls().open(DOCUMENT, 1, EURO));
    await send(stage, "treasurer", calls().proposeOutcomes(EXECUTED, [idOf("A")]));
    const until = stage.chain.time() + 7 * 86_400;
    await send(stage, "auditor", calls().pause());
    const content = await fileContent(stage, at, file);
    await assertRefused(send(stage, "treasurer", calls().open(DOCUMENT, 1, EURO)), "IsPaused", [until]);
    await assertRefused(send(stage, "treasurer", calls().add(3, [transferOf(1, EURO, "C")])), "IsPaused", [until]);
    await assertRefused(send(stage, "president", calls().approve(file, content)), "IsPaused", [until]);
    const booking = send(stage, "president", calls().approveOutcomes(1, EXECUTED, [idOf("A")]));
    await assertRefused(booking, "IsPaused", [until]);
    await send(stage, "treasurer", calls().drop(file, [idOf("B")]));
    await send(stage, "president", calls().unpause());
  });
});
