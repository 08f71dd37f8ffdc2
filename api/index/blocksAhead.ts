/** Asks a node for blocks before they are needed, so that it gets them ready while those before are worked on. */

import type { BlockSource, Stretch } from "../../chain/blocks.ts";
import { HEADERS } from "./indexStore.ts";

/** So many blocks are asked for at once, if the node can hand over so many. */
const BLOCKS_AT_ONCE = 50;
/** Questions go out and answers come in only between two stretches: with three of them the node has one to get ready all the time. */
const STRETCHES_AHEAD = 3;
/** In how many blocks Besu searches for logs at once, as it comes. */
const WIDEST = 5000;

type Asked = { readonly end: number; readonly coming: Promise<Stretch | undefined> };

/**
 * A network makes a block every few seconds, tens of millions a year, and nearly all are empty. Whatever is too old to be undone is
 * asked for by its logs: the blocks between are never looked at.
 */
export class BlocksAhead {
  readonly #source: BlockSource;
  #atOnce = BLOCKS_AT_ONCE;
  /** Of a stretch of old blocks. */
  #width = BLOCKS_AT_ONCE;

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /** Stretches in order, one after the other, up to the head or to where the node has no more. */
  async *upTo(head: number, first: number): AsyncGenerator<Stretch> {
    let asked: Asked[] = [];
    let next = first;
    for (;;) {
      for (let from = asked.at(-1)?.end ?? next; asked.length < STRETCHES_AHEAD && from <= head; ) {
        const newer = this.#ask(from, head);
        asked.push(newer);
        from = newer.end;
      }
      const [oldest, ...later] = asked;
      const stretch = await oldest?.coming;
      const last = stretch?.blocks.at(-1);
      if (stretch === undefined || last === undefined) return;
      next = last.number + 1;
      // What comes behind a gap is asked for again.
      asked = next === oldest?.end ? later : [];
      yield stretch;
    }
  }

  #ask(first: number, head: number): Asked {
    const newest = Math.max(0, head - HEADERS);
    return first < newest
      ? this.#askOld(first, Math.min(newest, first + this.#width))
      : this.#askNew(first, Math.min(head + 1, first + this.#atOnce));
  }

  #askNew(first: number, end: number): Asked {
    const coming = this.#source.blocks(first, end - 1);
    const count = end - first;
    coming.then(
      () => {
        this.#atOnce = Math.min(BLOCKS_AT_ONCE, Math.max(this.#atOnce, count * 2));
      },
      () => {
        // It may have been too much for the node, or for its limits.
        this.#atOnce = halfOf(count);
      },
    );
    return { end, coming };
  }

  #askOld(first: number, end: number): Asked {
    const coming = this.#source.loggedBlocks(first, end - 1, 2 * BLOCKS_AT_ONCE);
    const count = end - first;
    coming.then(
      (stretch) => {
        const logged = stretch?.blocks.length ?? 0;
        if (logged > BLOCKS_AT_ONCE) this.#width = halfOf(count);
        else if (logged <= BLOCKS_AT_ONCE / 2) this.#width = Math.min(WIDEST, Math.max(this.#width, count * 2));
      },
      () => {
        this.#width = halfOf(count);
      },
    );
    return { end, coming };
  }
}

function halfOf(count: number): number {
  return Math.max(1, Math.floor(count / 2));
}
