/** Asks a node for blocks before they are needed, so that it gets them ready while those before are worked on. */

import type { Block } from "../../chain/blockAnswers.ts";
import type { BlockSource } from "../../chain/blocks.ts";

/** So many blocks are asked for at once, if the node can hand over so many. */
const BLOCKS_AT_ONCE = 50;
/** Questions go out and answers come in only between two stretches: with three of them the node has one to get ready all the time. */
const STRETCHES_AHEAD = 3;

type Asked = { readonly end: number; readonly coming: Promise<Block[]> };

export class BlocksAhead {
  readonly #source: BlockSource;
  #atOnce = BLOCKS_AT_ONCE;

  constructor(source: BlockSource) {
    this.#source = source;
  }

  /** Blocks in order, stretch by stretch, up to the head or to where the node has no more. */
  async *upTo(head: number, first: number): AsyncGenerator<readonly Block[]> {
    let asked: Asked[] = [];
    let next = first;
    for (;;) {
      for (let from = asked.at(-1)?.end ?? next; asked.length < STRETCHES_AHEAD && from <= head; ) {
        const end = Math.min(head + 1, from + this.#atOnce);
        asked.push({ end, coming: this.#ask(from, end) });
        from = end;
      }
      const [stretch, ...later] = asked;
      const blocks = (await stretch?.coming) ?? [];
      if (blocks.length === 0) return;
      next += blocks.length;
      // What comes behind a gap is asked for again.
      asked = next === stretch?.end ? later : [];
      yield blocks;
    }
  }

  #ask(first: number, end: number): Promise<Block[]> {
    const coming = this.#source.blocks(first, end - 1);
    const count = end - first;
    coming.then(
      () => {
        this.#atOnce = Math.min(BLOCKS_AT_ONCE, Math.max(this.#atOnce, count * 2));
      },
      () => {
        // It may have been too much for the node, or for its limits.
        this.#atOnce = Math.max(1, Math.floor(count / 2));
      },
    );
    return coming;
  }
}
