/** A batch of hourly readings, and its rows as bytes. */

import { bytesToHex, concatBytes, type Hex, zeroHash } from "viem";
import { GRADES, type Grade } from "./grade.ts";
import { bytesOf } from "./hex.ts";
import type { Hour } from "./hours.ts";

export const LANES = 24;
const ROW_BYTES = 96;
const MASK_BYTES = 3;

/** Wh of the 24 lanes of a channel; lanes beyond the batch's hours are zero. */
export type Row = readonly number[];

export type Batch = {
  readonly firstHour: Hour;
  /** 1–24. */
  readonly hourCount: number;
  readonly rosterVersion: number;
  readonly grade: Grade;
  /** 0 when first recorded, one more at each correction. */
  readonly revision: number;
  /** The digest of the batch that a correction supersedes; zero for the first. */
  readonly replaces: Hex;
  /** 32 random bytes that salt the leaves of the row tree. */
  readonly seed: Hex;
  /** One row a channel, in roster order. */
  readonly injected: readonly Row[];
  readonly withdrawn: readonly Row[];
  /** Per channel, injection first: 24 bits, hour 0 the top one, set where the reading is missing. */
  readonly missing: readonly number[];
  /** 24 bits, hour 0 the top one, set where the hour has no price. */
  readonly priceMask: number;
  /** 24 zonal prices in 10⁻⁴ €/MWh. */
  readonly prices: readonly number[];
};

/** A batch as `EnergyLedger.record` takes it; its rows and masks in bytes where many are read. */
export type EncodedBatch<TBytes extends Hex | Uint8Array = Hex> = {
  readonly firstHour: number;
  readonly hourCount: number;
  readonly rosterVersion: number;
  readonly grade: number;
  readonly revision: number;
  readonly replaces: Hex;
  readonly seed: Hex;
  readonly injected: TBytes;
  readonly withdrawn: TBytes;
  readonly missing: TBytes;
  readonly priceMask: number;
  readonly prices: readonly [TBytes, TBytes, TBytes];
};

/** No hour has a price: what a batch states where no plant's tariff depends on it. */
export function withoutPrices(hourCount: number): { priceMask: number; prices: number[] } {
  return { priceMask: maskOfHours(hourCount), prices: new Array(LANES).fill(0) };
}

export const FIRST_REVISION = { revision: 0, replaces: zeroHash } as const;

/** The bit of an hour (0–23) in a mask. */
export function maskBit(hourIndex: number): number {
  return 1 << (LANES - 1 - hourIndex);
}

/** A mask in which the first `hourCount` hours are set. */
export function maskOfHours(hourCount: number): number {
  return 0xffffff & ~(0xffffff >> hourCount);
}

export function encodeBatch(batch: Batch): EncodedBatch {
  return {
    firstHour: batch.firstHour,
    hourCount: batch.hourCount,
    rosterVersion: batch.rosterVersion,
    grade: GRADES.indexOf(batch.grade),
    revision: batch.revision,
    replaces: batch.replaces,
    seed: batch.seed,
    injected: encodeRows(batch.injected),
    withdrawn: encodeRows(batch.withdrawn),
    missing: bytesToHex(maskBytes(batch.missing)),
    priceMask: batch.priceMask,
    prices: encodePrices(batch.prices),
  };
}

/** Reads what `encodeBatch` wrote. Throws RangeError on an unknown grade or a part of a row. */
export function decodeBatch(encoded: EncodedBatch<Hex | Uint8Array>): Batch {
  const grade = GRADES[encoded.grade];
  if (grade === undefined) throw new RangeError(`grade ${encoded.grade}`);
  const masks = viewOf(encoded.missing);
  return {
    firstHour: encoded.firstHour,
    hourCount: encoded.hourCount,
    rosterVersion: encoded.rosterVersion,
    grade,
    revision: encoded.revision,
    replaces: encoded.replaces,
    seed: encoded.seed,
    injected: decodeRows(encoded.injected),
    withdrawn: decodeRows(encoded.withdrawn),
    missing: Array.from({ length: masks.byteLength / 3 }, (_, i) => {
      return (masks.getUint16(i * 3) << 8) | masks.getUint8(i * 3 + 2);
    }),
    priceMask: encoded.priceMask,
    prices: encoded.prices.flatMap((word) => {
      const view = viewOf(word);
      return Array.from({ length: 8 }, (_, i) => view.getInt32(i * 4));
    }),
  };
}

/** Wh of one row as its 96 bytes: 24 big-endian uint32, hour 0 first. */
export function encodeRow(row: Row): Uint8Array {
  const bytes = new Uint8Array(ROW_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [hour, wattHours] of row.entries()) view.setUint32(hour * 4, wattHours);
  return bytes;
}

/** Three bytes a mask. */
export function maskBytes(masks: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(MASK_BYTES * masks.length);
  for (const [index, mask] of masks.entries()) putThreeBytes(bytes, MASK_BYTES * index, mask);
  return bytes;
}

/** 24 bits, big-endian. */
export function putThreeBytes(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 16;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value;
}

/** Number of readings that are missing. */
export function missingCount({ missing }: Pick<Batch, "missing">): number {
  let count = 0;
  for (const mask of missing) for (let bits = mask; bits !== 0; bits &= bits - 1) count++;
  return count;
}

function encodeRows(rows: readonly Row[]): Hex {
  return bytesToHex(concatBytes(rows.map(encodeRow)));
}

function decodeRows(rows: Hex | Uint8Array): number[][] {
  const view = viewOf(rows);
  if (view.byteLength % ROW_BYTES !== 0) throw new RangeError(`${view.byteLength} bytes are not whole rows`);
  const decoded: number[][] = [];
  for (let start = 0; start < view.byteLength; start += ROW_BYTES) {
    const row: number[] = [];
    for (let hour = 0; hour < LANES; hour++) row.push(view.getUint32(start + hour * 4));
    decoded.push(row);
  }
  return decoded;
}

/** The 24 prices as big-endian int32. */
export function priceBytes(prices: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(ROW_BYTES);
  const view = new DataView(bytes.buffer);
  for (const [hour, price] of prices.entries()) view.setInt32(hour * 4, price);
  return bytes;
}

/** Three words of eight prices. */
export function encodePrices(prices: readonly number[]): readonly [Hex, Hex, Hex] {
  const bytes = priceBytes(prices);
  return [bytesToHex(bytes.subarray(0, 32)), bytesToHex(bytes.subarray(32, 64)), bytesToHex(bytes.subarray(64))];
}

function viewOf(encoded: Hex | Uint8Array): DataView {
  const { buffer, byteOffset, byteLength } = typeof encoded === "string" ? bytesOf(encoded) : encoded;
  return new DataView(buffer, byteOffset, byteLength);
}
