/*
 * Random communities, through the contracts and through settlement/: every number is the same.
 *   corrections and rosters that reach back come before, during and after runs
 *   the audit of the chain's history finds no difference
 *   month sums are the tallies' sums, settled amounts the divisions, payouts the bookings, from the inputs directly
 *   Σ entitlements = Σ receipts, Σ payouts = token supply
 *   members, rows and receipts in another order → every member the same amount
 *
 * CONDIVISA_RANDOM_RUNS communities (10 by default) from seed CONDIVISA_SEED (any by default; the title says which).
 */

import assert from "node:assert/strict";
import fc from "fast-check";
import { parseEventLogs } from "viem";
import { creditTokenAbi, energyLedgerAbi, receiptBookAbi, treasuryAbi } from "../chain/abi.ts";
import { readHistory } from "../chain/history.ts";
import { sum } from "../settlement/amounts.ts";
import { audit } from "../settlement/audit.ts";
import { recompute } from "../settlement/recompute.ts";
import { cellKey } from "../settlement/run.ts";
import { openStage, type Stage } from "./support/communityOnChain.ts";
import { noise, type World, worlds } from "./support/randomWorld.ts";
import { balanceOf } from "./support/runsOnChain.ts";
import { emptyModel, goThrough, type Model } from "./support/worldMoney.ts";
import { type Built, build, monthsOf, type Order } from "./support/worldOnChain.ts";

const RUNS = Number(process.env["CONDIVISA_RANDOM_RUNS"] ?? 10);
const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);

describe(`${RUNS} random communities from seed ${SEED}`, () => {
  let stage: Stage;
  before(async () => {
    stage = await openStage();
  });
  after(() => stage.chain.close());

  async function live(world: World, order?: Order): Promise<{ built: Built; model: Model }> {
    const built = await build(stage, world, order);
    const model = emptyModel();
    for (const run of world.runs) await goThrough(stage, built, model, run, order);
    return { built, model };
  }

  it("come to the same on the chain and in settlement/", async function () {
    this.timeout(RUNS * 20_000);
    await fc.assert(
      fc.asyncProperty(worlds(2), async (world) => {
        const { built, model } = await live(world);
        const history = await readHistory(stage.client, built.at);
        assert.deepEqual(await audit(history, recompute(history)), []);
        await compareSums(built);
        await compareMoney(built, model);
      }),
      { seed: SEED, numRuns: RUNS, endOnFailure: true },
    );
  });

  it("give every member the same in whatever order members, rows and receipts come", async function () {
    this.timeout(RUNS * 20_000);
    const permutable = worlds(1).map((world) => ({
      ...world,
      // What a new roster version has goes by channel numbers, which are other ones in another order.
      runs: world.runs.map((run) => ({
        ...run,
        // Whether the year is over must not depend on when the one or the other community lived.
        adjusts: run.adjusts && world.endsInDecember,
        changesBefore: run.changesBefore.filter(({ kind }) => kind !== "roster"),
        changeWithin: run.changeWithin?.change.kind === "roster" ? null : run.changeWithin,
        changesAfterApportioning: run.changesAfterApportioning.filter(({ kind }) => kind !== "roster"),
      })),
      // Plants of one day take turns by number, so they must not be of one day to be told apart.
      configurations: world.configurations.map((configuration) => ({
        ...configuration,
        injection: configuration.injection.map((plant, i) => ({ ...plant, commissioned: `2021-06-0${i + 1}` })),
      })),
    }));
    await fc.assert(
      fc.asyncProperty(permutable, fc.nat(), async (world, shuffle) => {
        const order: Order = (kind, length) =>
          Array.from({ length }, (_, index) => index).toSorted(
            (a, b) => noise(shuffle, kind.length, a) - noise(shuffle, kind.length, b) || a - b,
          );
        const amounts = async ({ built }: { built: Built }) => {
          const numbers = [...built.accountOf, ...built.accounts.slice(world.members)];
          const balances = await Promise.all(numbers.map((account) => balanceOf(stage, built.at, account)));
          return balances.map(({ owed, paid }) => ({ owed, paid }));
        };
        assert.deepEqual(await amounts(await live(world, order)), await amounts(await live(world)));
      }),
      { seed: SEED, numRuns: Math.ceil(RUNS / 2), endOnFailure: true },
    );
  });

  /** What the ledgers keep of each month against the sum of its batches' tallies. */
  async function compareSums(built: Built): Promise<void> {
    for (const configuration of built.configurations) {
      const { ledger } = configuration;
      for (const [month, sums] of monthsOf(configuration)) {
        const view = { abi: energyLedgerAbi, address: ledger } as const;
        const state = await stage.client.readContract({ ...view, functionName: "monthState", args: [month] });
        assert.equal(state.hoursWithoutPrice, sums.hoursWithoutPrice, `hours without a price in month ${month}`);
        const [accrued, withoutGrant, withGrant] = await stage.client.readContract({
          ...view,
          functionName: "premiumSums",
          args: [month, month],
        });
        assert.deepEqual({ accrued, withoutGrant, withGrant }, { accrued: sums.accrued, ...sums.plantSets });
        const [coincident, attributed] = await stage.client.readContract({
          abi: energyLedgerAbi,
          address: ledger,
          functionName: "monthSums",
          args: [month],
        });
        for (const [words, expected] of [
          [coincident, sums.coincident],
          [attributed, sums.attributed],
        ] as const) {
          for (let number = 0; number < words.length * 6; number++) {
            const word = words[Math.floor(number / 6)] ?? 0n;
            const stored = (word >> BigInt(42 * (number % 6))) & (2n ** 42n - 1n);
            assert.equal(stored, expected.get(number) ?? 0n, `month ${month}, number ${number}`);
          }
        }
      }
    }
  }

  async function compareMoney({ at, accounts }: Built, model: Model): Promise<void> {
    const treasury = { abi: treasuryAbi, address: at.treasury } as const;
    for (const account of accounts) {
      const { owed, paid } = await balanceOf(stage, at, account);
      assert.equal(owed, model.books.owed.get(account) ?? 0n, `owed to ${account}`);
      assert.equal(paid, model.books.paid.get(account) ?? 0n, `paid to ${account}`);
    }
    for (const [cell, expected] of model.books.settled) {
      const [configuration = 0, month = 0] = cell.split("/").map(Number);
      assert.equal(cellKey({ configuration, month }), cell);
      const settled = await Promise.all(
        accounts.map((account) =>
          stage.client.readContract({ ...treasury, functionName: "settledOf", args: [configuration, month, account] }),
        ),
      );
      assert.deepEqual(
        settled,
        accounts.map((account) => expected.get(account) ?? 0n),
        cell,
      );
    }
    const logs = parseEventLogs({
      abi: treasuryAbi,
      eventName: "Payout",
      logs: await stage.client.getLogs({ address: at.treasury, fromBlock: "earliest", toBlock: "latest" }),
    });
    const payouts = logs.map(({ args }) => args);
    const expected = [...model.payouts].flatMap(([run, of]) => of.map((payout) => ({ run, ...payout })));
    assert.deepEqual(payouts, expected);
    const paid = sum(payouts.map(({ amount }) => amount));
    const supply = await stage.client.readContract({
      abi: creditTokenAbi,
      address: at.token,
      functionName: "totalSupply",
    });
    assert.deepEqual([paid, supply], [model.paid, model.paid]);
    assert.equal(
      await stage.client.readContract({
        abi: receiptBookAbi,
        address: at.receiptBook,
        functionName: "received",
      }),
      model.received,
    );
  }
});
