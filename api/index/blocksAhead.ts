/** Asks a node for blocks before they are needed, so that it gets them ready while those before are worked on. */

import type { BlockSource, Stretch } from "../../chain/blocks.ts";
import { BlocksAtOnce } from "./blocksAtOnce.ts";
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
  readonly #new = new BlocksAtOnce(BLOCKS_AT_ONCE, BLOCKS_AT_ONCE);
  readonly #old = new BlocksAtOnce(BLOCKS_AT_ONCE, WIDEST);
  /** Where most blocks log something, asking first which ones do makes it longer. */
  #isDense = false;

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
    const passesOver = first < newest && !this.#isDense;
    const [atOnce, end] = passesOver ? [this.#old, newest] : [this.#new, head + 1];
    const count = Math.min(end - first, atOnce.count);
    const last = first + count - 1;
    const coming = passesOver
      ? this.#source.loggedBlocks(first, last, 2 * BLOCKS_AT_ONCE)
      : this.#source.blocks(first, last);
    coming.then(
      (stretch) => {
        atOnce.answered();
        if (stretch !== undefined) this.#learn(first, stretch);
      },
      () => atOnce.refused(count),
    );
    return { end: last + 1, coming };
  }

  /** Of old blocks so many are asked for as log about as much as new ones that are asked for at once. */
  #learn(first: number, { blocks }: Stretch): void {
    const logged = blocks.filter(({ logs }) => logs.length > 0).length;
    const covered = (blocks.at(-1)?.number ?? first) - first + 1;
    this.#isDense = logged > covered / 2;
    if (logged > BLOCKS_AT_ONCE) this.#old.wishAtMost(covered / 2);
    else if (logged <= BLOCKS_AT_ONCE / 2) this.#old.wishAtLeast(covered * 2);
  }
}
