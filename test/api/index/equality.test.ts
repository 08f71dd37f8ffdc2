/*
 * What an index says of communities of all kinds on one chain, against what is read and recomputed without it: the history that
 * an audit starts from, and the contracts' own answers.
 *
 * CONDIVISA_INDEX_RUNS random communities (2 by default) from seed CONDIVISA_SEED (any by default; the title says which).
 */

import assert from "node:assert/strict";
import { type Address, getAddress } from "viem";
import { itemsOf } from "../../../api/index/items.ts";
import { IndexReader } from "../../../api/index/reader.ts";
import { apiJson } from "../../../api/json.ts";
import { communityFactoryAbi, communityRolesAbi, creditTokenAbi, treasuryAbi } from "../../../chain/abi.ts";
import type { CommunityAddresses } from "../../../chain/deploy.ts";
import { factoryOf } from "../../../chain/factory.ts";
import { readHistory } from "../../../chain/history.ts";
import { type ChainServer, serveChain } from "../../../chain/server.ts";
import type { BatchRevision, History } from "../../../settlement/history.ts";
import { periodStatement } from "../../../settlement/periodStatement.ts";
import { type Recomputed, recompute } from "../../../settlement/recompute.ts";
import { openStage, type Stage } from "../../support/communityOnChain.ts";
import { communitiesOfAllKinds } from "../../support/indexedCommunities.ts";
import { newIndex, type TestIndex } from "../../support/indexes.ts";

const RUNS = Number(process.env["CONDIVISA_INDEX_RUNS"] ?? 2);
const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);

const ALL = { after: -1, limit: 1_000_000 };
const ALL_MONTHS = { fromMonth: 0, toMonth: 0xffff };

describe(`an index of communities of all kinds, ${RUNS} of them random from seed ${SEED}`, () => {
  let stage: Stage;
  let server: ChainServer;
  let index: TestIndex;
  let reader: IndexReader;
  let known: readonly Known[];

  before(async function () {
    this.timeout(60_000 + RUNS * 20_000);
    stage = await openStage();
    await communitiesOfAllKinds(stage, SEED, RUNS);
    server = await serveChain(stage.chain, 0);
    index = newIndex(stage.factory);
    await index.catchUp(server.url);
    reader = new IndexReader(index.store.database);
    const count = await stage.client.readContract({ ...factoryAt(stage), functionName: "communityCount" });
    known = await Promise.all(Array.from({ length: count }, (_, index) => knownOf(stage, reader, index + 1)));
  });
  after(async () => {
    index.close();
    await server.close();
    await stage.chain.close();
  });

  it("knows every community by the factory, with contracts whose code is what these sources compile", async () => {
    assert.deepEqual(
      reader.communities(),
      known.map(({ number }) => number),
    );
    for (const { number, at } of known) {
      const told = await stage.client.readContract({ ...factoryAt(stage), functionName: "deployment", args: [number] });
      const { creator, handedOver, ...contracts } = told;
      const { ledgers, ...own } = at;
      assert.deepEqual(own, contracts);
      assert.equal(ledgers.length, reader.configurations(number).length);
      assert.deepEqual(
        reader.contracts(number).filter(({ isForeign }) => isForeign),
        [],
      );
      assert.deepEqual(await factoryOf(stage.client, at.community), { factory: getAddress(stage.factory), number });
    }
  });

  it("finds nothing on which chain and recomputation differ", () => {
    for (const { number } of known) assert.deepEqual(reader.findings(number), []);
  });

  it("has every account as a recomputation from calldata has it: where it stands, its months, its bookings", () => {
    let bookings = 0;
    for (const { number, history, recomputed, timeOf } of known) {
      const accounts = reader.accounts(number, ALL);
      assert.equal(accounts.length, history.accounts.length);
      for (const [place, account] of history.accounts.entries()) {
        const statement = periodStatement(history, recomputed, account, ALL_MONTHS, timeOf);
        const { closing, totals, months } = statement;
        assert.equal(accounts[place]?.content, apiJson({ account, ...closing, totals }));
        assert.deepEqual(
          reader.accountMonths(number, account.number, ALL_MONTHS.fromMonth, ALL_MONTHS.toMonth),
          months.map(apiJson),
        );
        assert.deepEqual(
          reader.bookingsPage(number, account.number, ALL),
          statement.bookings.map((booking, position) => ({ number: position, content: apiJson(booking) })),
        );
        bookings += statement.bookings.length;
      }
    }
    assert(bookings > 50);
  });

  it("has every receipt, rule set, run, entitlement, payout, redemption, month and channel, and nothing else", () => {
    for (const { number, history, recomputed, timeOf } of known) {
      const expected = itemsOf({ history, recomputed, timeOf }).map(
        ({ kind, number: place, account, parent, content }) => ({
          kind,
          number: place,
          account: account ?? null,
          parent: parent ?? null,
          content: apiJson(content),
        }),
      );
      const select = "SELECT kind, number, account, parent, content FROM item WHERE community = ?";
      const rows = index.store.database.prepare(select).all(number);
      assert.deepEqual(byKey(rows.map((row) => ({ ...row }))), byKey(expected));
    }
  });

  it("has every batch and correction as it was brought, and every roster", () => {
    for (const { number, at, history } of known) {
      for (const [configuration, { address, batches, rosters }] of history.ledgers.entries()) {
        const revisions = batches.flatMap(({ firstHour, revisions: all }) =>
          all.map((each) => ({ firstHour, ...each })),
        );
        assert.deepEqual(
          reader.batches(number, configuration, ALL).map(toldOf),
          revisions.toSorted((a, b) => a.place.position - b.place.position).map(toldOf),
        );
        assert.deepEqual(
          reader.rosters(address).map(({ version, effectiveHour, blob }) => ({ version, effectiveHour, blob })),
          rosters.map(({ version, effectiveHour, blob }) => ({ version, effectiveHour, blob })),
        );
        assert.equal(at.ledgers[configuration], address);
      }
    }
  });

  it("agrees with the contracts: what is owed and paid, tokens, sums of months", async () => {
    for (const { number, at, history } of known) {
      for (const { number: account, payee } of history.accounts) {
        const call = { abi: treasuryAbi, address: at.treasury, functionName: "balanceOf", args: [account] } as const;
        const { owed, paid } = await stage.client.readContract(call);
        const token = { abi: creditTokenAbi, address: at.token, functionName: "balanceOf", args: [payee] } as const;
        const row = JSON.parse(reader.account(number, account) ?? "{}");
        assert.deepEqual(
          [row.owed, row.totals.paid, row.credit],
          [owed, paid, await stage.client.readContract(token)].map(String),
          `community ${number}, account ${account}`,
        );
      }
      for (const [configuration, { months }] of history.ledgers.entries()) {
        for (const { month, injected, withdrawn, shared, accrued, missing, hoursRecorded } of months) {
          const row = JSON.parse(reader.item(number, "month", configuration * 2 ** 24 + month) ?? "{}");
          assert.deepEqual(
            [row.injected, row.withdrawn, row.shared, row.accrued, row.missing, row.hours],
            [...[injected, withdrawn, shared, accrued].map(String), missing, hoursRecorded],
          );
        }
      }
    }
  });

  it("agrees with the contract of roles on who holds which office", async () => {
    const wallets = Object.values(stage.people).map(({ address }) => address);
    for (const wallet of [...wallets, stage.factory]) {
      const held = reader.officesOf(wallet);
      for (const { number, at } of known) {
        for (const [id, role] of ["admin", "secretary", "treasurer", "president", "auditor"].entries()) {
          const call = { abi: communityRolesAbi, address: at.roles, functionName: "hasRole" } as const;
          const [isMember] = await stage.client.readContract({ ...call, args: [BigInt(id), wallet] });
          assert.equal(
            held.some((each) => each.community === number && each.role === role),
            isMember,
            `${wallet} as ${role} of ${number}`,
          );
        }
      }
    }
  });
});

/** A community as it is known without the index. */
type Known = {
  readonly number: number;
  readonly at: CommunityAddresses;
  readonly history: History;
  readonly recomputed: Recomputed;
  readonly timeOf: (block: bigint) => number;
};

async function knownOf(stage: Stage, reader: IndexReader, number: number): Promise<Known> {
  const at = reader.addresses(number);
  assert(at);
  const history = await readHistory(stage.client, at);
  const times = new Map<bigint, number>();
  const head = await stage.client.getBlockNumber();
  for (let block = 0n; block <= head; block++) {
    times.set(block, Number((await stage.client.getBlock({ blockNumber: block })).timestamp));
  }
  return { number, at, history, recomputed: recompute(history), timeOf: (block) => times.get(block) ?? assert.fail() };
}

function factoryAt({ factory: address }: { readonly factory: Address }) {
  return { abi: communityFactoryAbi, address } as const;
}

/** A batch without what the index has no need of: signatures, and which revision it replaced. */
function toldOf({ firstHour, place, event, input }: BatchRevision & { readonly firstHour: number }) {
  const { replaced, injected, withdrawn, shared, ...rest } = event;
  const { replaces, ...batch } = input?.batch ?? assert.fail("a batch without calldata");
  const lanes = [injected, withdrawn, shared].map((energies) => energies.slice(0, event.hourCount));
  return { firstHour, place, ...rest, lanes, batch };
}

function byKey(items: readonly Record<string, unknown>[]): Map<string, unknown> {
  return new Map(items.map((item) => [`${item["kind"]} ${item["number"]}`, item]));
}
