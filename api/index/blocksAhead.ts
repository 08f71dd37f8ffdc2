/** Asks a node for blocks before they are needed, so that it gets them ready while those before are worked on. */

import { type BlockSource, InconsistentBlocksError, type Stretch } from "../../chain/blocks.ts";
import { RpcAnswerError } from "../../chain/rpcAnswer.ts";
import { BlocksAtOnce } from "./blocksAtOnce.ts";
import { HEADERS } from "./indexStore.ts";

/** So many blocks are asked for at once, if the node can hand over so many. */
const BLOCKS_AT_ONCE = 50;
/** Questions go out and answers come in only between two stretches: with three of them the node has one to get ready all the time. */
const STRETCHES_AHEAD = 3;
/** In how many blocks Besu searches for logs at once, as it comes. */
const WIDEST = 5000;

type Asked = { readonly first: number; readonly count: number; readonly coming: Promise<Stretch | undefined> };

/**
 * A network makes a block every few seconds, tens of millions a year, and nearly all are empty. Whatever is too old to be undone is
 * asked for by its logs: the blocks between are never looked at.
 */
export class BlocksAhead {
  readonly #source: BlockSource;
  /** Of blocks that are all looked at. */
  readonly #whole = new BlocksAtOnce(BLOCKS_AT_ONCE, BLOCKS_AT_ONCE);
  /** Of blocks of which only those are looked at that logged something. */
  readonly #sparse = new BlocksAtOnce(BLOCKS_AT_ONCE, WIDEST);
  /** Where most blocks log something, asking first which ones do makes it longer. */
  #isDense = false;

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /**
   * Stretches in order, one after the other, up to the head or to where the node has no more. What the node refuses is asked for in
   * parts.
   */
  async *upTo(head: number, first: number): AsyncGenerator<Stretch> {
    let asked: Asked[] = [];
    let next = first;
    for (;;) {
      for (let from = endOf(asked.at(-1)) ?? next; asked.length < STRETCHES_AHEAD && from <= head; ) {
        const following = this.#ask(from, head);
        asked.push(following);
        from = following.first + following.count;
      }
      const [oldest, ...later] = asked;
      if (oldest === undefined) return;
      const stretch = await oldest.coming.catch((error: unknown): "too much" => {
        if (oldest.count > 1 && error instanceof RpcAnswerError) return "too much";
        throw error;
      });
      if (stretch === "too much") {
        asked = [];
        continue;
      }
      const last = stretch?.blocks.at(-1);
      if (stretch === undefined || last === undefined) return;
      next = last.number + 1;
      // What comes behind a gap is asked for again.
      asked = next === endOf(oldest) ? later : [];
      yield stretch;
    }
  }

  #ask(first: number, head: number): Asked {
    const endOfOld = Math.max(0, head - HEADERS);
    const passesOver = first < endOfOld && !this.#isDense;
    const [atOnce, end] = passesOver ? [this.#sparse, endOfOld] : [this.#whole, head + 1];
    const count = Math.min(end - first, atOnce.count);
    const last = first + count - 1;
    const coming = passesOver
      ? this.#source.loggedBlocks(first, last, 2 * BLOCKS_AT_ONCE)
      : this.#source.blocks(first, last);
    coming.then(
      (stretch) => {
        atOnce.answered(count);
        if (stretch !== undefined) this.#learn(first, stretch);
      },
      (error: unknown) => {
        if (!(error instanceof InconsistentBlocksError)) atOnce.refused(count);
      },
    );
    return { first, count, coming };
  }

  /** The next sparse ones are to be so wide that 25 to 50 of their blocks log something. */
  #learn(first: number, { blocks }: Stretch): void {
    const logged = blocks.filter(({ logs }) => logs.length > 0).length;
    const covered = (blocks.at(-1)?.number ?? first) - first + 1;
    this.#isDense = logged > covered / 2;
    if (logged > BLOCKS_AT_ONCE) this.#sparse.wishAtMost(covered / 2);
    else if (logged <= BLOCKS_AT_ONCE / 2) this.#sparse.wishAtLeast(covered * 2);
  }
}

function endOf(asked: Asked | undefined): number | undefined {
  return asked && asked.first + asked.count;
}
