/*
 * Treasury.propose, approve, object, withdrawObjection, drop, pay
 *   each by anyone else than its role, or in another phase → refused
 *   approve: other content, the proposer, provisional without a reason → refused
 *   object: twice, without a reason, once payout has begun → refused; stops payout until withdrawn, or until dropped
 */

import assert from "node:assert/strict";
import { encodeAbiParameters, keccak256, parseEventLogs, zeroHash } from "viem";
import { treasuryAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { ROLE_IDS, receiptOf, rolesCalls, treasuryCalls } from "../support/communityCalls.ts";
import {
  adoptRoster,
  adoptRuleSet,
  batchOf,
  deployCommunity,
  enrol,
  FIRST_MONTH,
  OBJECTION_SECONDS,
  openStage,
  record,
  type Stage,
  smallRoster,
} from "../support/communityOnChain.ts";
import { assertRefused, itIsRestricted, send } from "../support/refusals.ts";
import {
  approveRun,
  book,
  closedMonthCommunity,
  computeRun,
  contentOf,
  LAST_DAY,
  ledgerAt,
  openRun,
  type Phase,
  phase,
  runOf,
  settle,
  threeRules,
} from "../support/runsOnChain.ts";

describe("Treasury", () => {
  let stage: Stage;
  let at: CommunityAddresses;
  const calls = () => treasuryCalls(at);

  before(async () => {
    stage = await openStage();
  });
  beforeEach(async () => {
    at = await closedMonthCommunity(stage, 5);
    await book(stage, at, receiptOf(FIRST_MONTH, 50_000_000n));
  });
  after(() => stage.chain.close());

  const names = ["propose", "pay", "approve", "object", "withdrawObjection"] as const;
  itIsRestricted(
    () => stage,
    [
      { allowed: "treasurer", call: () => calls().propose(1) },
      { allowed: "treasurer", call: () => calls().pay(1, 1n) },
      { allowed: "president", call: () => calls().approve(1, zeroHash, "") },
      { allowed: "auditor", call: () => calls().object(1, "no") },
      { allowed: "auditor", call: () => calls().withdrawObjection(1) },
    ],
    (index) => `${names[index]}`,
  );

  it("drop is the treasurer's and the president's only: NotTreasurerOrPresident", async () => {
    for (const role of ["creator", "council", "secretary", "auditor", "oracle", "stranger"] as const) {
      const run = send(stage, role, calls().drop(1));
      await assertRefused(run, "NotTreasurerOrPresident", [stage.people[role].address]);
    }
    for (const role of ["treasurer", "president"] as const) {
      const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      const receipt = await send(stage, role, calls().drop(run));
      const [event] = parseEventLogs({ abi: treasuryAbi, eventName: "RunDropped", logs: receipt.logs });
      assert.deepEqual(event?.args, { run, by: stage.people[role].address });
      assert.equal((await runOf(stage, at, run)).phase, phase("dropped"));
    }
  });

  describe("phases", () => {
    /** Takes a run to each phase, and says what each call is refused for there; undefined where it is not for the phase. */
    const steps: readonly [Phase, () => Promise<number>][] = [
      ["none", async () => 7],
      ["weigh", () => openRun(stage, at, FIRST_MONTH, FIRST_MONTH)],
      ["apportioned", () => computeRun(stage, at, FIRST_MONTH, FIRST_MONTH)],
      [
        "proposed",
        async () => {
          const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
          await send(stage, "treasurer", calls().propose(run));
          return run;
        },
      ],
      [
        "approved",
        async () => {
          const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
          await approveRun(stage, at, run);
          return run;
        },
      ],
      ["paid", () => settle(stage, at, FIRST_MONTH, FIRST_MONTH)],
      [
        "dropped",
        async () => {
          const run = await openRun(stage, at, FIRST_MONTH, FIRST_MONTH);
          await send(stage, "treasurer", calls().drop(run));
          return run;
        },
      ],
    ];
    const calledIn: Record<"propose" | "approve" | "object" | "pay", readonly Phase[]> = {
      propose: ["apportioned"],
      approve: ["proposed"],
      object: ["proposed", "approved"],
      pay: ["approved"],
    };
    for (const [name, reach] of steps) {
      it(`of a run that is ${name}: all else than its next steps is refused: WrongPhase`, async () => {
        const run = await reach();
        const attempts = {
          propose: () => send(stage, "treasurer", calls().propose(run)),
          approve: () => send(stage, "president", calls().approve(run, zeroHash, "")),
          object: () => send(stage, "auditor", calls().object(run, "no")),
          pay: () => send(stage, "treasurer", calls().pay(run, 1n)),
        };
        for (const action of ["propose", "approve", "object", "pay"] as const) {
          const expected = calledIn[action];
          if (expected.includes(name)) continue;
          const wanted = phase(expected.at(-1) ?? "none");
          await assertRefused(attempts[action](), "WrongPhase", [run, phase(name), wanted]);
        }
        if (name === "none" || name === "paid" || name === "dropped") {
          const dropped = send(stage, "treasurer", calls().drop(run));
          await assertRefused(dropped, "WrongPhase", [run, phase(name), phase("proposed")]);
        } else {
          await send(stage, "treasurer", calls().drop(run));
        }
      });
    }
  });

  describe("propose and approve", () => {
    it("say what was proposed and approved, and from when it can be paid", async () => {
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      const { treasurer, president } = stage.people;
      const { receiptsHash, attempt } = await runOf(stage, at, run);
      const contentHash = keccak256(
        encodeAbiParameters(
          [
            ..."4422".split("").map((bytes) => ({ type: `uint${8 * Number(bytes)}` })),
            { type: "bytes32" },
            { type: "uint64" },
            { type: "bool" },
          ],
          [run, attempt, FIRST_MONTH, FIRST_MONTH, receiptsHash, 50_000_000n, false],
        ),
      );
      const proposal = await send(stage, "treasurer", calls().propose(run));
      const [proposed] = parseEventLogs({ abi: treasuryAbi, eventName: "RunProposed", logs: proposal.logs });
      assert.deepEqual(proposed?.args, {
        run,
        contentHash,
        totalOwed: 50_000_000n,
        provisional: false,
        by: treasurer.address,
      });
      const now = stage.chain.time();
      const approval = await send(stage, "president", calls().approve(run, contentHash, "a note"));
      const [approved] = parseEventLogs({ abi: treasuryAbi, eventName: "RunApproved", logs: approval.logs });
      assert.deepEqual(approved?.args, {
        run,
        contentHash,
        payable_: 50_000_000n,
        payableFrom: now + OBJECTION_SECONDS,
        overrideReason: "a note",
        by: president.address,
      });
    });

    it("agree on the content: ContentDiffers", async () => {
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await send(stage, "treasurer", calls().propose(run));
      const content = await contentOf(stage, at, run);
      await assertRefused(send(stage, "president", calls().approve(run, zeroHash, "")), "ContentDiffers", [
        content,
        zeroHash,
      ]);
    });

    it("change with a receipt: what was seen of the run before cannot be approved", async () => {
      const before = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      const seen = await contentOf(stage, at, before);
      await send(stage, "treasurer", calls().drop(before));
      await book(stage, at, receiptOf(FIRST_MONTH, 10_000n));
      await book(stage, at, receiptOf(FIRST_MONTH, -10_000n));
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await send(stage, "treasurer", calls().propose(run));
      assert.equal((await runOf(stage, at, run)).totalOwed, 50_000_000n);
      const refused = send(stage, "president", calls().approve(run, seen, ""));
      await assertRefused(refused, "ContentDiffers", [await contentOf(stage, at, run), seen]);
    });

    it("are never the same person's, not even after a change of office: SamePerson", async () => {
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await send(stage, "treasurer", calls().propose(run));
      const { treasurer } = stage.people;
      await send(stage, "council", rolesCalls(at).revokeRole(ROLE_IDS.treasurer, treasurer.address));
      await send(stage, "council", rolesCalls(at).grantRole(ROLE_IDS.president, treasurer.address));
      const content = await contentOf(stage, at, run);
      await assertRefused(send(stage, "treasurer", calls().approve(run, content, "")), "SamePerson", [
        treasurer.address,
      ]);
    });

    it("take a reason when a month is provisional: OverrideReasonMissing", async () => {
      at = await deployCommunity(stage, [{ firstHour: LAST_DAY, firstMonth: FIRST_MONTH }]);
      const roster = smallRoster(2);
      await enrol(stage, at, 2);
      await adoptRoster(stage, ledgerAt(at, 0), LAST_DAY, roster);
      await adoptRuleSet(stage, at, threeRules(3));
      await record(stage, ledgerAt(at, 0), { ...batchOf(roster, LAST_DAY, 24), grade: "estimated" }, roster);
      const run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      const proposal = await send(stage, "treasurer", calls().propose(run));
      const [proposed] = parseEventLogs({ abi: treasuryAbi, eventName: "RunProposed", logs: proposal.logs });
      assert.equal(proposed?.args.provisional, true);
      const content = await contentOf(stage, at, run);
      await assertRefused(send(stage, "president", calls().approve(run, content, "")), "OverrideReasonMissing", [run]);
      await send(stage, "president", calls().approve(run, content, "the distributor is late"));
    });
  });

  describe("object", () => {
    let run: number;
    beforeEach(async () => {
      run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await approveRun(stage, at, run);
    });
    const object = (reason = "a row is wrong") => send(stage, "auditor", calls().object(run, reason));

    it("takes a reason: ReasonMissing", () => assertRefused(object(""), "ReasonMissing", []));

    it("stops payout until withdrawn: Objected, NotObjected", async () => {
      const { address: by } = stage.people.auditor;
      await assertRefused(send(stage, "auditor", calls().withdrawObjection(run)), "NotObjected", [run]);
      const [objected] = parseEventLogs({ abi: treasuryAbi, eventName: "RunObjected", logs: (await object()).logs });
      assert.deepEqual(objected?.args, { run, reason: "a row is wrong", by });
      await assertRefused(object(), "Objected", [run]);
      stage.chain.advanceTo((await runOf(stage, at, run)).payableFrom);
      await assertRefused(send(stage, "treasurer", calls().pay(run, 1n)), "Objected", [run]);
      const receipt = await send(stage, "auditor", calls().withdrawObjection(run));
      const [withdrawn] = parseEventLogs({ abi: treasuryAbi, eventName: "ObjectionWithdrawn", logs: receipt.logs });
      assert.deepEqual(withdrawn?.args, { run, by });
      await send(stage, "treasurer", calls().pay(run, 1n));
    });

    it("ends when the run is dropped", async () => {
      await object();
      await send(stage, "president", calls().drop(run));
      await assertRefused(send(stage, "auditor", calls().withdrawObjection(run)), "NotObjected", [run]);
    });

    it("can come before approval, and outlasts it", async () => {
      await send(stage, "treasurer", calls().drop(run));
      run = await computeRun(stage, at, FIRST_MONTH, FIRST_MONTH);
      await send(stage, "treasurer", calls().propose(run));
      await object();
      await send(stage, "president", calls().approve(run, await contentOf(stage, at, run), ""));
      stage.chain.advanceTo((await runOf(stage, at, run)).payableFrom);
      await assertRefused(send(stage, "treasurer", calls().pay(run, 1n)), "Objected", [run]);
    });

    it("comes too late once payout has begun, as dropping does: PayoutBegun", async () => {
      stage.chain.advanceTo((await runOf(stage, at, run)).payableFrom);
      await send(stage, "treasurer", calls().pay(run, 1n));
      await assertRefused(object(), "PayoutBegun", [run]);
      for (const role of ["treasurer", "president"] as const) {
        await assertRefused(send(stage, role, calls().drop(run)), "PayoutBegun", [run]);
      }
    });
  });
});
