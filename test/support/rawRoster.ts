/** Rosters as bytes of any kind, also of kinds that settlement/ would never write. */

import { concat, type Hex, toHex } from "viem";

export type RawChannel = {
  readonly number: number;
  readonly account: number;
  readonly class: number;
  readonly exempt: number;
  readonly weight: number;
};

export type RawPlant = {
  readonly number: number;
  readonly row: number;
  /** Days since 1970. */
  readonly commissioned: number;
  readonly power: number;
  readonly regime: number;
  /** The first 4 bytes of the terms: the tariff of art. 42-bis, the base of CACER. */
  readonly tariff: number;
  /** The other 15. */
  readonly rest: bigint;
};

export type RawRoster = {
  readonly injection: readonly RawChannel[];
  readonly withdrawal: readonly RawChannel[];
  readonly plants: readonly RawPlant[];
};

export function rawChannel(number: number, change: Partial<RawChannel> = {}): RawChannel {
  return { number, account: 1, class: 1, exempt: 0, weight: 1, ...change };
}

export function rawPlant(number: number, row: number, change: Partial<RawPlant> = {}): RawPlant {
  return { number, row, commissioned: 18_000, power: 20_000, regime: 1, tariff: 1_100_000, rest: 0n, ...change };
}

export type RawCacerTerms = {
  readonly base: number;
  readonly cap: number;
  readonly correction: number;
  readonly numerator: number;
  readonly denominator: number;
};

/** A CACER plant of 20 kW, by default in the South and without a grant. */
export function rawCacer(
  number: number,
  row: number,
  change: Partial<RawCacerTerms> & Partial<Omit<RawPlant, "tariff" | "rest">> = {},
): RawPlant {
  const { base = 800_000, cap = 1_200_000, correction = 0, numerator = 0, denominator = 1, ...plant } = change;
  const rest = (BigInt(cap) << 88n) | (BigInt(correction) << 64n) | (BigInt(numerator) << 32n) | BigInt(denominator);
  return rawPlant(number, row, { ...plant, regime: 2, tariff: base, rest });
}

export function encodeRaw({ injection, withdrawal, plants }: RawRoster): Hex {
  return concat([
    toHex(injection.length, { size: 2 }),
    toHex(withdrawal.length, { size: 2 }),
    ...[...injection, ...withdrawal].flatMap((channel) => [
      toHex(channel.number, { size: 3 }),
      toHex(channel.account, { size: 3 }),
      toHex(channel.class, { size: 1 }),
      toHex(channel.exempt, { size: 1 }),
      toHex(channel.weight, { size: 4 }),
    ]),
    ...plants.flatMap((plant) => [
      toHex(plant.number, { size: 2 }),
      toHex(plant.row, { size: 2 }),
      toHex(plant.commissioned, { size: 4 }),
      toHex(plant.power, { size: 4 }),
      toHex(plant.regime, { size: 1 }),
      toHex(plant.tariff, { size: 4 }),
      toHex(plant.rest, { size: 15 }),
    ]),
  ]);
}
