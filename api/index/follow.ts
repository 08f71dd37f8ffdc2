/** Follows the chain: takes what is there, checks it, keeps it, and undoes what the chain itself has undone. */

import { type Address, getAddress, type Hex } from "viem";
import { type Artifact, artifactOf, withoutImmutables } from "../../chain/artifacts.ts";
import type { Block } from "../../chain/blockAnswers.ts";
import { type BlockSource, type Finality, InconsistentBlocksError } from "../../chain/blocks.ts";
import { type AdoptedRoster, adoptedRoster } from "../../settlement/recomputeLedger.ts";
import { type AdoptedPointer, contractsMade, keptBatch, positionOf, sortLogs } from "./applyBlock.ts";
import { batchFindings } from "./batchFindings.ts";
import { BlocksAhead } from "./blocksAhead.ts";
import { BlocksThread } from "./blocksThread.ts";
import { ARTIFACTS, type Contract, type ContractKind } from "./contracts.ts";
import type { BlockRows, Finding, IndexStore, KeptRoster } from "./indexStore.ts";
import { readRosters } from "./ledgerSums.ts";

export type FollowSettings = {
  readonly chainId: number;
  readonly factory: Address;
  readonly finality: Finality;
};

/** So many are kept at once while far behind the head: SQLite writes each page once for all of them. */
const BLOCKS_A_COMMIT = 1000;
/** More blocks than these are read by a thread of their own: it takes a tenth of a second to start. */
const FAR_BEHIND = 1000;

export type Followed = { readonly head: number; readonly undone: number };

export class Follower {
  readonly #source: BlockSource;
  readonly #store: IndexStore;
  readonly #settings: FollowSettings;
  readonly #versions = new Map<Address, AdoptedRoster[]>();
  readonly #compiled = new Map<ContractKind, Artifact>();
  readonly #ahead = new BlocksAhead();

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
    onKept({ head, undone });
    let committed = this.#store.head()?.number ?? -1;
    const thread = head - committed > FAR_BEHIND ? new BlocksThread(this.#source.url) : undefined;
    try {
      for await (const blocks of this.#ahead.upTo(head, committed + 1, thread ?? this.#source)) {
        await this.#append(blocks);
        const last = blocks.at(-1)?.number ?? committed;
        if (last - committed >= BLOCKS_A_COMMIT || last === head) {
          this.#store.commit();
          committed = last;
        }
        onKept({ head, undone: 0 });
        if (end.aborted) return;
      }
    } finally {
      this.#store.commit();
      await thread?.close();
    }
  }

  async #append(blocks: readonly Block[]): Promise<void> {
    try {
      let before = this.#store.head()?.hash;
      let isToCheck = false;
      for (const block of blocks) {
        if (before !== undefined && block.parentHash !== before) {
          throw new InconsistentBlocksError(`block ${block.number} does not follow the one that is kept`);
        }
        before = block.hash;
        const rows = await this.#rowsOf(block);
        this.#store.append(rows);
        isToCheck ||= rows.contracts.length + rows.rosters.length > 0;
      }
      if (isToCheck) await this.#checkStands(blocks);
    } catch (error) {
      this.#store.rollback();
      this.#versions.clear();
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

  async #rowsOf(block: Block): Promise<BlockRows> {
    const ledgersOf = (community: number) => this.#store.ledgersOf(community);
    const made = contractsMade(block, this.#settings.factory, ledgersOf);
    const contractAt = (address: Address) =>
      made.find((contract) => contract.address === address) ?? this.#store.contractAt(address);
    const { events, rosters, batches } = sortLogs(block, contractAt);
    const contracts = await Promise.all(
      made.map(async (contract) => ({ ...contract, isForeign: await this.#isForeign(contract) })),
    );
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
    for (const roster of blobs) this.#versionsOf(roster.contract.address).push(adoptedRoster(roster, roster.position));
    return { block, contracts, events, rosters: blobs, batches: kept, findings };
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
