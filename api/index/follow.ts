/** Follows the chain: takes what is there, keeps it, and undoes what the chain itself has undone. */

import { type Address, getAddress } from "viem";
import type { BlockSource, Finality } from "../../chain/blocks.ts";
import { BlocksAhead } from "./blocksAhead.ts";
import type { IndexStore } from "./indexStore.ts";
import { readRosters } from "./ledgerSums.ts";
import { type Known, RowReader } from "./rowReader.ts";

export type FollowSettings = {
  readonly chainId: number;
  readonly factory: Address;
  readonly finality: Finality;
};

/** So many are kept at once while far behind the head: SQLite writes each page once for all of them. */
const KEPT_A_COMMIT = 1000;
/** With those that were passed over. */
const BLOCKS_A_COMMIT = 100_000;

export type Followed = { readonly head: number; readonly undone: number };

export class Follower {
  readonly #source: BlockSource;
  readonly #ahead: BlocksAhead;
  readonly #store: IndexStore;
  readonly #settings: FollowSettings;
  /** Undefined where it does not know what is kept: at first, and after whatever went another way than from block to block. */
  #reader: RowReader | undefined;

  constructor(source: BlockSource, store: IndexStore, settings: FollowSettings) {
    this.#source = source;
    this.#ahead = new BlocksAhead(source);
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
    let kept = 0;
    this.#reader ??= new RowReader(this.#source, this.#ahead, this.#settings, this.#known());
    try {
      for await (const stretch of this.#reader.upTo(head)) {
        for (const rows of stretch) this.#store.append(rows);
        const last = stretch.at(-1)?.header.number ?? committed;
        kept += stretch.length;
        if (kept >= KEPT_A_COMMIT || last - committed >= BLOCKS_A_COMMIT || last === head) {
          this.#store.commit();
          committed = last;
          kept = 0;
        }
        onKept({ head, undone: 0 });
        if (end.aborted) break;
      }
    } catch (error) {
      this.#reader = undefined;
      throw error;
    } finally {
      // A stretch that was read is whole, whatever became of the next one.
      this.#store.commit();
    }
  }

  #known(): Known {
    const contracts = this.#store.contracts();
    const ledgers = contracts.filter(({ kind }) => kind === "ledger");
    const rosters = new Map(ledgers.map(({ address }) => [address, readRosters(this.#store.database, address)]));
    return { head: this.#store.head(), contracts, rosters };
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
    this.#reader = undefined;
    return newest.number - stays;
  }
}
