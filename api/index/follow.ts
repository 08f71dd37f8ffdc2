/** Follows the chain: takes what is there, checks it, keeps it, and undoes what the chain itself has undone. */

import type { Address } from "viem";
import { artifactOf, withoutImmutables } from "../../chain/artifacts.ts";
import { type Block, type BlockSource, type Finality, InconsistentBlocksError } from "../../chain/blocks.ts";
import { type AdoptedRoster, adoptedRoster } from "../../settlement/recomputeLedger.ts";
import { type AdoptedPointer, contractsMade, keptBatch, positionOf, sortLogs } from "./applyBlock.ts";
import { batchFindings } from "./batchFindings.ts";
import { ARTIFACTS, type Contract } from "./contracts.ts";
import { type BlockRows, type Finding, IndexError, type IndexStore, type KeptRoster } from "./indexStore.ts";
import { readRosters } from "./ledgerSums.ts";

export type FollowSettings = {
  readonly chainId: number;
  readonly factory: Address;
  readonly finality: Finality;
};

/** So many blocks are asked for and kept at once. */
const BLOCKS_AT_ONCE = 50;

export type Followed = { readonly head: number; readonly communities: ReadonlySet<number>; readonly undone: number };

export class Follower {
  readonly #source: BlockSource;
  readonly #store: IndexStore;
  readonly #settings: FollowSettings;
  readonly #versions = new Map<Address, AdoptedRoster[]>();

  constructor(source: BlockSource, store: IndexStore, settings: FollowSettings) {
    this.#source = source;
    this.#store = store;
    this.#settings = settings;
  }

  /**
   * Catches up with the chain.
   * @param onKept told how far the chain is, and after every stretch of blocks
   * @param end stops between two stretches
   */
  async catchUp(onKept: (followed: Followed) => void, end: AbortSignal): Promise<void> {
    const { number: head } = await this.#source.head(this.#settings.finality);
    const undone = await this.#undoWhatIsGone(head);
    onKept({ head, communities: new Set(), undone });
    let next = (this.#store.head()?.number ?? -1) + 1;
    let coming = this.#ask(next, head);
    while (!end.aborted) {
      const blocks = await coming;
      const first = blocks[0];
      if (first === undefined) return;
      const before = this.#store.head();
      if (before !== undefined && first.parentHash !== before.hash) {
        throw new InconsistentBlocksError(`block ${first.number} does not follow the one that is kept`);
      }
      next = first.number + blocks.length;
      // While these are worked on, the node gets the next ones ready.
      coming = this.#ask(next, head);
      coming.catch(() => undefined);
      const rows = await this.#keep(blocks);
      onKept({ head, communities: communitiesIn(rows), undone: 0 });
    }
  }

  async #keep(blocks: readonly Block[]): Promise<BlockRows[]> {
    try {
      const rows = await this.#rowsOf(blocks);
      this.#store.append(rows);
      return rows;
    } catch (error) {
      this.#versions.clear();
      throw error;
    }
  }

  async #ask(first: number, head: number): Promise<Block[]> {
    return first > head ? [] : this.#source.blocks(first, Math.min(head, first + BLOCKS_AT_ONCE - 1));
  }

  /** @returns how many blocks were undone */
  async #undoWhatIsGone(head: number): Promise<number> {
    const kept = this.#store.head();
    if (kept === undefined) return 0;
    let number = kept.number;
    for (; number >= 0; number--) {
      const hash = this.#store.hashOf(number);
      // A node that is behind another does not have the newest blocks yet: nothing has been undone for that.
      if (hash === undefined)
        throw new IndexError(
          `the chain went back further than block ${number}, which is all that is kept. Make the index anew: \`./condivisa index --rebuild\``,
        );
      const header = await this.#source.header(number);
      if (header === undefined && number > head) continue;
      if (header?.hash === hash) break;
    }
    const isBehind = number === Math.min(head, kept.number);
    if (isBehind) return 0;
    this.#store.undoFrom(number + 1);
    this.#versions.clear();
    return kept.number - number;
  }

  async #rowsOf(blocks: readonly Block[]): Promise<BlockRows[]> {
    const rows: BlockRows[] = [];
    const fresh = new Map<Address, Contract>();
    const contractAt = (address: Address) => fresh.get(address) ?? this.#store.contractAt(address);
    for (const block of blocks) {
      const made = contractsMade(block, this.#settings.factory, (community) => {
        const already = [...fresh.values()].filter((each) => each.kind === "ledger" && each.community === community);
        return this.#store.ledgersOf(community) + already.length;
      });
      for (const contract of made) fresh.set(contract.address, contract);
      const contracts = await Promise.all(
        made.map(async (contract) => ({ ...contract, isForeign: await this.#isForeign(contract) })),
      );
      const { events, rosters, batches } = sortLogs(block, contractAt);
      const blobs = await Promise.all(rosters.map((roster) => this.#withBlob(roster)));
      const findings: (Finding & { position: number; community: number })[] = [];
      const kept = batches.flatMap((log) => {
        const contract = contractAt(log.address);
        if (contract === undefined) return [];
        // A roster adopted in the same block counts for the batches that come after it.
        const adopted = blobs.filter((roster) => roster.contract === contract && roster.position < positionOf(log));
        const versions = [
          ...this.#versionsOf(contract.address),
          ...adopted.map((roster) => adoptedRoster(roster, roster.position)),
        ];
        const batch = keptBatch(log, block, contract, versions, this.#settings.chainId);
        if (batch === undefined) return [];
        const { position } = batch;
        findings.push(...batchFindings(batch).map((each) => ({ ...each, position, community: contract.community })));
        return [batch];
      });
      for (const roster of blobs)
        this.#versionsOf(roster.contract.address).push(adoptedRoster(roster, roster.position));
      rows.push({ block, contracts, events, rosters: blobs, batches: kept, findings });
    }
    return rows;
  }

  async #isForeign({ address, kind }: Contract): Promise<boolean> {
    const artifact = artifactOf(ARTIFACTS[kind]);
    const code = await this.#source.code(address);
    return withoutImmutables(code, artifact) !== withoutImmutables(artifact.deployedBytecode, artifact);
  }

  async #withBlob(roster: AdoptedPointer): Promise<KeptRoster> {
    const code = await this.#source.code(roster.pointer);
    return { ...roster, blob: `0x${code.slice(4)}` };
  }

  #versionsOf(ledger: Address): AdoptedRoster[] {
    const known = this.#versions.get(ledger);
    if (known !== undefined) return known;
    const versions = readRosters(this.#store.database, ledger);
    this.#versions.set(ledger, versions);
    return versions;
  }
}

function communitiesIn(rows: readonly BlockRows[]): Set<number> {
  return new Set(
    rows.flatMap(({ contracts, events, batches }) => [
      ...contracts.map(({ community }) => community),
      ...events.map(({ contract }) => contract.community),
      ...batches.map(({ contract }) => contract.community),
    ]),
  );
}
