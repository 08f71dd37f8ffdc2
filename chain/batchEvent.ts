/** What a ledger says of a batch in its event. */

import { type AbiEvent, getAbiItem, type Hex, toEventSelector, zeroHash } from "viem";
import { LANES } from "../settlement/batch.ts";
import type { BatchEvent } from "../settlement/history.ts";
import { energyLedgerAbi } from "./abi.ts";
import { AbiWords, WORD } from "./abiWords.ts";

const topicOf = (name: "BatchRecorded" | "BatchAmended") =>
  toEventSelector(getAbiItem({ abi: energyLedgerAbi, name }) satisfies AbiEvent);
const RECORDED = topicOf("BatchRecorded");
const AMENDED = topicOf("BatchAmended");

/** Whether a log of a ledger is of a batch. */
export function isBatchEvent(topic: Hex): boolean {
  return topic === RECORDED || topic === AMENDED;
}

/** Undefined if the log has not all that such an event has. */
export function decodeBatchEvent(
  topics: readonly Hex[],
  data: Uint8Array,
): { readonly firstHour: number; readonly event: BatchEvent } | undefined {
  const [topic, firstHour, month] = topics;
  if (topic === undefined || firstHour === undefined || month === undefined) return undefined;
  const words = new AbiWords(data);
  try {
    return {
      firstHour: Number(firstHour),
      event: { month: Number(month), ...(topic === RECORDED ? recorded(words) : amended(words)) },
    };
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

function recorded(words: AbiWords): Omit<BatchEvent, "month"> {
  return {
    hourCount: words.uint(0, 8),
    revision: 0,
    grade: words.uint(WORD, 8),
    missing: words.uint(2 * WORD, 32),
    accrued: words.uint128(3 * WORD),
    digest: words.word(4 * WORD),
    replaced: zeroHash,
    rowRoot: words.word(5 * WORD),
    ...energiesAt(words, 6 * WORD),
  };
}

function amended(words: AbiWords): Omit<BatchEvent, "month"> {
  return {
    hourCount: words.uint(0, 8),
    revision: words.uint(WORD, 16),
    grade: words.uint(2 * WORD, 8),
    missing: words.uint(3 * WORD, 32),
    accrued: words.uint128(4 * WORD),
    digest: words.word(5 * WORD),
    replaced: words.word(6 * WORD),
    rowRoot: words.word(7 * WORD),
    ...energiesAt(words, 8 * WORD),
  };
}

function energiesAt(words: AbiWords, start: number): Pick<BatchEvent, "injected" | "withdrawn" | "shared"> {
  return {
    injected: dayAt(words, start),
    withdrawn: dayAt(words, start + DAY_BYTES),
    shared: dayAt(words, start + 2 * DAY_BYTES),
  };
}

/** Hours of a Day: word 2j+p has hours 8j+p, 8j+p+2, 8j+p+4 and 8j+p+6, the first in the top bits. */
function dayAt(words: AbiWords, start: number): bigint[] {
  const hours: bigint[] = [];
  for (let hour = 0; hour < LANES; hour++) {
    const word = 2 * (hour >> 3) + (hour & 1);
    const lane = (hour & 7) >> 1;
    hours.push(words.uint64(start + word * WORD + lane * LANE_BYTES));
  }
  return hours;
}

const LANE_BYTES = 8;
const DAY_BYTES = LANES * LANE_BYTES;
