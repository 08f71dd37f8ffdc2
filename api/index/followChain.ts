/** Keeps an index up with its chain until it is told to stop: catches up, works out, waits for the next block. */

import { setTimeout as sleep } from "node:timers/promises";
import { type BlockSource, InconsistentBlocksError } from "../../chain/blocks.ts";
import { derive, outdatedCommunities } from "./derive.ts";
import { type Followed, Follower, type FollowSettings } from "./follow.ts";
import { IndexError, type IndexStore } from "./indexStore.ts";

/** How far an index is. */
export type IndexState = {
  /** The newest block that is kept; −1 before the first. */
  readonly block: number;
  /** The chain's, when it was last asked. */
  readonly head: number;
  /** Undefined while the chain answers. */
  readonly problem: string | undefined;
};

export type FollowEvents = {
  readonly onState: (state: IndexState) => void;
  /** Something of these is worked out anew. */
  readonly onChanged: (communities: readonly number[]) => void;
  readonly onUndone: (blocks: number) => void;
};

function inWords(error: unknown): string {
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}

const POLLING_MILLISECONDS = 1000;
const RETRY_MILLISECONDS = 2000;
/** That a node's answers do not fit together passes; if it goes on so long, somebody should know. */
const INCONSISTENT_AT_MOST = 5;

/** Works out anew whatever the kept blocks have changed. Returns the communities. */
export async function workOut(store: IndexStore, chainId: number): Promise<readonly number[]> {
  const communities = outdatedCommunities(store.database);
  for (const community of communities) await derive(store, community, chainId);
  return communities;
}

/**
 * Catches up with the chain as it is, once, and works out what that changed.
 * @throws InconsistentBlocksError if the node goes on saying what does not fit together
 */
export async function catchUpOnce(
  source: BlockSource,
  store: IndexStore,
  settings: FollowSettings,
  onKept: (followed: Followed) => void,
): Promise<void> {
  const follower = new Follower(source, store, settings);
  for (let tries = 1; ; tries++) {
    try {
      await follower.catchUp(onKept, new AbortController().signal);
      break;
    } catch (error) {
      if (!(error instanceof InconsistentBlocksError) || tries === INCONSISTENT_AT_MOST) throw error;
      await sleep(RETRY_MILLISECONDS);
    }
  }
  await workOut(store, settings.chainId);
}

/** @throws IndexError if the index cannot go on from what it has */
export async function followChain(
  source: BlockSource,
  store: IndexStore,
  settings: FollowSettings,
  events: FollowEvents,
  end: AbortSignal,
): Promise<void> {
  const follower = new Follower(source, store, settings);
  const state = (head: number, problem?: string) =>
    events.onState({ block: store.head()?.number ?? -1, head, problem });
  let head = -1;
  let inconsistent = 0;
  let wake = () => {};
  source.watch(() => wake());
  end.addEventListener("abort", () => wake());
  try {
    while (!end.aborted) {
      const woken = new Promise<void>((resolve) => {
        wake = resolve;
      });
      let pause = POLLING_MILLISECONDS;
      try {
        await follower.catchUp((followed) => {
          head = followed.head;
          if (followed.undone > 0) {
            events.onUndone(followed.undone);
          }
          state(head);
        }, end);
        const changed = await workOut(store, settings.chainId);
        if (changed.length > 0) events.onChanged(changed);
        inconsistent = 0;
        state(head);
      } catch (error) {
        if (error instanceof IndexError) throw error;
        pause = RETRY_MILLISECONDS;
        inconsistent = error instanceof InconsistentBlocksError ? inconsistent + 1 : 0;
        const problem = inWords(error);
        state(head, inconsistent > 0 && inconsistent <= INCONSISTENT_AT_MOST ? undefined : problem);
      }
      await Promise.race([woken, sleep(pause, undefined, { signal: end }).catch(() => undefined)]);
    }
  } finally {
    source.close();
  }
}
