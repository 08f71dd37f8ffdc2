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
  readonly tariff: number;
  readonly reserved: bigint;
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
  return { number, row, commissioned: 18_000, power: 20_000, regime: 1, tariff: 1_100_000, reserved: 0n, ...change };
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
      toHex(plant.reserved, { size: 15 }),
    ]),
  ]);
}
