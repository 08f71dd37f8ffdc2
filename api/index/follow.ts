/** Follows the chain: takes what is there, checks it, keeps it, and undoes what the chain itself has undone. */

import { type Address, getAddress, type Hex } from "viem";
import { type Artifact, artifactOf, withoutImmutables } from "../../chain/artifacts.ts";
import { type Block, type BlockSource, type Finality, InconsistentBlocksError } from "../../chain/blocks.ts";
import { type AdoptedRoster, adoptedRoster } from "../../settlement/recomputeLedger.ts";
import { type AdoptedPointer, contractsMade, keptBatch, positionOf, sortLogs } from "./applyBlock.ts";
import { batchFindings } from "./batchFindings.ts";
import { ARTIFACTS, type Contract, type ContractKind } from "./contracts.ts";
import type { BlockRows, Finding, IndexStore, KeptRoster } from "./indexStore.ts";
import { readRosters } from "./ledgerSums.ts";

export type FollowSettings = {
  readonly chainId: number;
  readonly factory: Address;
  readonly finality: Finality;
};

/** So many blocks are asked for and kept at once, if the node can hand over so many. */
const BLOCKS_AT_ONCE = 50;

export type Followed = { readonly head: number; readonly communities: ReadonlySet<number>; readonly undone: number };

export class Follower {
  readonly #source: BlockSource;
  readonly #store: IndexStore;
  readonly #settings: FollowSettings;
  readonly #versions = new Map<Address, AdoptedRoster[]>();
  readonly #compiled = new Map<ContractKind, Artifact>();
  #atOnce = BLOCKS_AT_ONCE;

  constructor(source: BlockSource, store: IndexStore, settings: FollowSettings) {
    this.#source = source;
    this.#store = store;
    // As the logs have it.
    this.#settings = { ...settings, factory: getAddress(settings.factory) };
  }

  /**
   * Catches up with the chain.
   * @param onKept told how far the chain is, and after every stretch of blocks
   * @param end stops between two stretches
   * @throws InconsistentBlocksError if the chain changed meanwhile, or the node is several nodes of which some are behind: try again
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
    if (first > head) return [];
    try {
      const blocks = await this.#source.blocks(first, Math.min(head, first + this.#atOnce - 1));
      this.#atOnce = Math.min(BLOCKS_AT_ONCE, this.#atOnce * 2);
      return blocks;
    } catch (error) {
      // It may have been too much for the node, or for its limits.
      this.#atOnce = Math.max(1, Math.floor(this.#atOnce / 2));
      throw error;
    }
  }

  /**
   * Goes back to the newest block that the chain still has. Where a node has none of that number it is behind, and nothing is
   * undone for that.
   * @returns how many blocks were undone
   */
  async #undoWhatIsGone(head: number): Promise<number> {
    const newest = this.#store.head();
    if (newest === undefined) return 0;
    let isGone = false;
    let kept = this.#store.headerUpTo(Math.min(head, newest.number));
    for (; kept !== undefined; kept = this.#store.headerUpTo(kept.number - 1)) {
      const header = await this.#source.header(kept.number);
      if (header?.hash === kept.hash) break;
      if (header !== undefined) isGone = true;
    }
    if (!isGone) return 0;
    const stays = kept?.number ?? -1;
    this.#store.undoFrom(stays + 1);
    this.#versions.clear();
    return newest.number - stays;
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
    if (rows.some(({ contracts, rosters }) => contracts.length + rosters.length > 0)) await this.#checkStands(blocks);
    return rows;
  }

  /** Code is read as it is now: another branch may have other code at the same address. */
  async #checkStands(blocks: readonly Block[]): Promise<void> {
    const last = blocks.at(-1);
    if (last === undefined || (await this.#source.header(last.number))?.hash === last.hash) return;
    throw new InconsistentBlocksError(`block ${last.number} is another one after its contracts were looked at`);
  }

  async #isForeign({ address, kind }: Contract): Promise<boolean> {
    const artifact = this.#compiled.get(kind) ?? artifactOf(ARTIFACTS[kind]);
    this.#compiled.set(kind, artifact);
    const code = await this.#codeAt(address);
    return withoutImmutables(code, artifact) !== withoutImmutables(artifact.deployedBytecode, artifact);
  }

  async #withBlob(roster: AdoptedPointer): Promise<KeptRoster> {
    const code = await this.#codeAt(roster.pointer);
    return { ...roster, blob: `0x${code.slice(4)}` };
  }

  /** Of a contract that a block made. */
  async #codeAt(address: Address): Promise<Hex> {
    const code = await this.#source.code(address);
    if (code === "0x") throw new InconsistentBlocksError(`the node does not have the contract at ${address} yet`);
    return code;
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
