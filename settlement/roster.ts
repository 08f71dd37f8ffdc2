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

type PlantBase = {
  readonly number: number;
  /** The number of its injection channel. */
  readonly channel: number;
  /** The day of commissioning, `2021-05-01`. */
  readonly commissioned: string;
  /** W. */
  readonly power: number;
};

/** A plant under art. 42-bis: a fixed tariff. */
export type FixedTariffPlant = PlantBase & {
  readonly regime: "42-bis";
  /** 10⁻⁴ €/MWh. */
  readonly tariff: number;
};

/** A plant under DM 414/2023: a tariff by the zonal price of the hour. Tariffs in 10⁻⁴ €/MWh. */
export type CacerPlant = PlantBase & {
  readonly regime: "CACER";
  readonly base: number;
  readonly cap: number;
  /** FC, which adds to the capped tariff. */
  readonly correction: number;
  /** F, by how much a capital grant reduces the premium; without a grant 0 / 1. */
  readonly reduction: { readonly numerator: number; readonly denominator: number };
};

/** A plant that is not incentivised: it takes part in the waterfall and earns no premium. */
export type UnpaidPlant = PlantBase & { readonly regime: "none" };

export type Plant = FixedTariffPlant | CacerPlant | UnpaidPlant;

export type Roster = {
  /** In ascending channel number; the order of a batch's injection rows. */
  readonly injection: readonly Channel[];
  /** In ascending channel number; the order of a batch's withdrawal rows. */
  readonly withdrawal: readonly Channel[];
  /** In waterfall order; see `waterfallOrder`. */
  readonly plants: readonly Plant[];
};

const REGIMES = { "42-bis": 1, CACER: 2, none: 3 } as const;
const CHANNEL_BYTES = 12;
const PLANT_BYTES = 32;
const TERMS_BYTES = 19;
const MILLISECONDS_PER_DAY = 86_400_000;

export class RosterEncodingError extends Error {
  override name = "RosterEncodingError";
}

/** All channels in row order: injection first. */
export function channelsOf(roster: Roster): Channel[] {
  return [...roster.injection, ...roster.withdrawal];
}

/**
 * Plants in the order in which the waterfall serves them (rules.md, Attribution to plants): ascending day of
 * commissioning, ties by plant number.
 * @param nonIncentivisedLast whether plants that earn no premium stand behind all others
 */
export function waterfallOrder(plants: readonly Plant[], nonIncentivisedLast = false): Plant[] {
  const section = (plant: Plant) => (nonIncentivisedLast && plant.regime === "none" ? 1 : 0);
  return plants.toSorted(
    (a, b) => section(a) - section(b) || daysOf(a.commissioned) - daysOf(b.commissioned) || a.number - b.number,
  );
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
    numberToBytes(REGIMES[plant.regime], { size: 1 }),
    encodeTerms(plant),
  ]);
}

function encodeTerms(plant: Plant): Uint8Array {
  const terms = new Uint8Array(TERMS_BYTES);
  const view = new DataView(terms.buffer);
  if (plant.regime === "42-bis") view.setUint32(0, plant.tariff);
  if (plant.regime === "CACER") {
    view.setUint32(0, plant.base);
    view.setUint32(4, plant.cap);
    terms.set(numberToBytes(plant.correction, { size: 3 }), 8);
    view.setUint32(11, plant.reduction.numerator);
    view.setUint32(15, plant.reduction.denominator);
  }
  return terms;
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
  const base = {
    number: view.getUint16(offset),
    channel: channel.number,
    commissioned: new Date(view.getUint32(offset + 4) * MILLISECONDS_PER_DAY).toISOString().slice(0, 10),
    power: view.getUint32(offset + 8),
  };
  const terms = offset + 13;
  const regime = view.getUint8(offset + 12);
  if (regime === REGIMES["42-bis"]) return { ...base, regime: "42-bis", tariff: view.getUint32(terms) };
  if (regime === REGIMES.none) return { ...base, regime: "none" };
  if (regime !== REGIMES.CACER) throw new RosterEncodingError(`regime ${regime}`);
  return {
    ...base,
    regime: "CACER",
    base: view.getUint32(terms),
    cap: view.getUint32(terms + 4),
    correction: view.getUint32(terms + 8) >>> 8,
    reduction: { numerator: view.getUint32(terms + 11), denominator: view.getUint32(terms + 15) },
  };
}

function daysOf(date: string): number {
  return Date.parse(`${date}T00:00:00Z`) / MILLISECONDS_PER_DAY;
}
