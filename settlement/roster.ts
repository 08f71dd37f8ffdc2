/** Who is metered and which plants earn what: one version of a ledger's roster. */

import { bytesToHex, concatBytes, type Hex, hexToBytes, numberToBytes } from "viem";

/** Classes of members, by the words of the law; the position is the class's number on the chain. */
export const CLASSES = [
  "persona_fisica",
  "impresa",
  "ente_territoriale",
  "ente_ricerca",
  "ente_religioso",
  "terzo_settore",
  "ente_ambientale",
] as const;
export type MemberClass = (typeof CLASSES)[number];

/** One direction of one meter. */
export type Channel = {
  readonly number: number;
  readonly account: number;
  readonly class: MemberClass;
  /** The reduction for capital grants does not apply to energy shared with it (rules.md, Premium). */
  readonly exempt: boolean;
  /** For rules with a static key. */
  readonly weight: number;
};

export type Plant = {
  readonly number: number;
  /** The number of its injection channel. */
  readonly channel: number;
  /** The day of commissioning, `2021-05-01`. */
  readonly commissioned: string;
  /** W. */
  readonly power: number;
  readonly regime: "42-bis";
  /** 10⁻⁴ €/MWh. */
  readonly tariff: number;
};

export type Roster = {
  /** In ascending channel number; the order of a batch's injection rows. */
  readonly injection: readonly Channel[];
  /** In ascending channel number; the order of a batch's withdrawal rows. */
  readonly withdrawal: readonly Channel[];
  /** In waterfall order: ascending day of commissioning, ties by plant number. */
  readonly plants: readonly Plant[];
};

const REGIME_42BIS = 1;
const CHANNEL_BYTES = 12;
const PLANT_BYTES = 32;
const MILLISECONDS_PER_DAY = 86_400_000;

export class RosterEncodingError extends Error {
  override name = "RosterEncodingError";
}

/** All channels in row order: injection first. */
export function channelsOf(roster: Roster): Channel[] {
  return [...roster.injection, ...roster.withdrawal];
}

/** Plants in the order in which the waterfall serves them (rules.md, Attribution to plants). */
export function waterfallOrder(plants: readonly Plant[]): Plant[] {
  return plants.toSorted((a, b) => daysOf(a.commissioned) - daysOf(b.commissioned) || a.number - b.number);
}

/** The roster as the ledger takes it; the layout stands at contracts/libraries/Roster.sol. */
export function encodeRoster(roster: Roster): Hex {
  const rowOf = new Map(roster.injection.map((channel, row) => [channel.number, row]));
  return bytesToHex(
    concatBytes([
      numberToBytes(roster.injection.length, { size: 2 }),
      numberToBytes(roster.withdrawal.length, { size: 2 }),
      ...channelsOf(roster).map(encodeChannel),
      ...roster.plants.map((plant) => {
        const row = rowOf.get(plant.channel);
        if (row === undefined) throw new RosterEncodingError(`plant ${plant.number}: no channel ${plant.channel}`);
        return encodePlant(plant, row);
      }),
    ]),
  );
}

/** Reads what `encodeRoster` wrote. Throws RosterEncodingError if it is not that. */
export function decodeRoster(blob: Hex): Roster {
  const bytes = hexToBytes(blob);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 4) throw new RosterEncodingError("shorter than its header");
  const injections = view.getUint16(0);
  const rows = injections + view.getUint16(2);
  const plantsAt = 4 + rows * CHANNEL_BYTES;
  if (bytes.length !== plantsAt + injections * PLANT_BYTES) throw new RosterEncodingError(`${bytes.length} bytes long`);

  const channels = Array.from({ length: rows }, (_, row) => decodeChannel(view, 4 + row * CHANNEL_BYTES));
  const injection = channels.slice(0, injections);
  const plants = Array.from({ length: injections }, (_, position) =>
    decodePlant(view, plantsAt + position * PLANT_BYTES, injection),
  );
  return { injection, withdrawal: channels.slice(injections), plants };
}

function encodeChannel(channel: Channel): Uint8Array {
  return concatBytes([
    numberToBytes(channel.number, { size: 3 }),
    numberToBytes(channel.account, { size: 3 }),
    numberToBytes(CLASSES.indexOf(channel.class) + 1, { size: 1 }),
    numberToBytes(channel.exempt ? 1 : 0, { size: 1 }),
    numberToBytes(channel.weight, { size: 4 }),
  ]);
}

function encodePlant(plant: Plant, row: number): Uint8Array {
  return concatBytes([
    numberToBytes(plant.number, { size: 2 }),
    numberToBytes(row, { size: 2 }),
    numberToBytes(daysOf(plant.commissioned), { size: 4 }),
    numberToBytes(plant.power, { size: 4 }),
    numberToBytes(REGIME_42BIS, { size: 1 }),
    numberToBytes(plant.tariff, { size: 4 }),
    new Uint8Array(15),
  ]);
}

function decodeChannel(view: DataView, offset: number): Channel {
  const memberClass = CLASSES[view.getUint8(offset + 6) - 1];
  if (memberClass === undefined) throw new RosterEncodingError(`class ${view.getUint8(offset + 6)}`);
  return {
    number: view.getUint32(offset) >>> 8,
    account: view.getUint32(offset + 2) & 0xffffff,
    class: memberClass,
    exempt: view.getUint8(offset + 7) === 1,
    weight: view.getUint32(offset + 8),
  };
}

function decodePlant(view: DataView, offset: number, injection: readonly Channel[]): Plant {
  const channel = injection[view.getUint16(offset + 2)];
  if (channel === undefined) throw new RosterEncodingError(`plant of row ${view.getUint16(offset + 2)}`);
  if (view.getUint8(offset + 12) !== REGIME_42BIS)
    throw new RosterEncodingError(`regime ${view.getUint8(offset + 12)}`);
  return {
    number: view.getUint16(offset),
    channel: channel.number,
    commissioned: new Date(view.getUint32(offset + 4) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10),
    power: view.getUint32(offset + 8),
    regime: "42-bis",
    tariff: view.getUint32(offset + 13),
  };
}

function daysOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MILLISECONDS_PER_DAY;
}
