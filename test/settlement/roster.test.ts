/*
 * A roster as bytes: 4 of header, 12 a channel, 32 a plant, as contracts/libraries/Roster.sol reads them; other bytes are
 * refused with what is wrong. The order in which plants are served.
 */

import assert from "node:assert/strict";
import type { Hex } from "viem";
import {
  type CacerPlant,
  type Channel,
  decodeRoster,
  encodeRoster,
  type Plant,
  type Roster,
  RosterEncodingError,
  waterfallOrder,
} from "../../settlement/roster.ts";
import { overwrite } from "../support/submissions.ts";

const CACER: CacerPlant = {
  number: 0x0102,
  channel: 1,
  commissioned: "1970-01-03",
  power: 0x01020304,
  regime: "CACER",
  base: 0x0a0b0c0d,
  cap: 0x0e0f1011,
  correction: 0x121314,
  reduction: { numerator: 0x15161718, denominator: 0x191a1b1c },
};
const INJECTION: Channel = { number: 1, account: 0x020304, class: "impresa", exempt: false, weight: 0x05060708 };
const WITHDRAWAL: Channel = { number: 0x0a0b0c, account: 5, class: "ente_ambientale", exempt: true, weight: 6 };
const ROSTER: Roster = { injection: [INJECTION], withdrawal: [WITHDRAWAL], plants: [CACER] };

const HEADER = "0001 0001";
const CHANNELS = "000001 020304 02 00 05060708  0a0b0c 000005 07 01 00000006";
const PLANT = "0102 0000 00000002 01020304";
const hex = (...parts: string[]): Hex => `0x${parts.join("").replaceAll(" ", "")}`;
const BLOB = hex(HEADER, CHANNELS, PLANT, "02 0a0b0c0d 0e0f1011 121314 15161718 191a1b1c");

describe("a roster as bytes", () => {
  const base = { number: 0x0102, channel: 1, commissioned: "1970-01-03", power: 0x01020304 };
  const plants: readonly [string, Plant, string][] = [
    ["under DM 414/2023", CACER, "02 0a0b0c0d 0e0f1011 121314 15161718 191a1b1c"],
    ["under art. 42-bis", { ...base, regime: "42-bis", tariff: 0x01020304 }, `01 01020304 ${"00".repeat(15)}`],
    ["without incentive", { ...base, regime: "none" }, `03 ${"00".repeat(19)}`],
  ];
  for (const [name, plant, terms] of plants) {
    it(`with a plant ${name}`, () => {
      const roster = { ...ROSTER, plants: [plant] };
      const blob = hex(HEADER, CHANNELS, PLANT, terms);
      assert.equal(encodeRoster(roster), blob);
      assert.deepEqual(decodeRoster(blob), roster);
    });
  }

  it("says of each plant which injection row is its", () => {
    const second = { ...INJECTION, number: 2 };
    const roster = { ...ROSTER, injection: [INJECTION, second], plants: [{ ...CACER, channel: 2 }, CACER] };
    assert.deepEqual(
      decodeRoster(encodeRoster(roster)).plants.map(({ channel }) => channel),
      [2, 1],
    );
  });

  it("without anybody", () => {
    const nobody = { injection: [], withdrawal: [], plants: [] };
    assert.equal(encodeRoster(nobody), "0x00000000");
    assert.deepEqual(decodeRoster("0x00000000"), nobody);
  });

  const CLASS_AT = 4 + 6;
  const PLANT_AT = 4 + 2 * 12;
  for (const [name, blob, message] of [
    ["no header", "0x000000", "shorter than its header"],
    ["a byte too many", `${BLOB}00`, "61 bytes long"],
    ["a plant too few", hex(HEADER, CHANNELS), "28 bytes long"],
    ["class 0", overwrite(BLOB, CLASS_AT, "0x00"), "class 0"],
    ["class 8", overwrite(BLOB, CLASS_AT, "0x08"), "class 8"],
    ["a plant of a withdrawal row", overwrite(BLOB, PLANT_AT + 2, "0x0001"), "plant of row 1"],
    ["regime 4", overwrite(BLOB, PLANT_AT + 12, "0x04"), "regime 4"],
  ] as const) {
    it(`refuses ${name}`, () => {
      assert.throws(() => decodeRoster(blob), new RosterEncodingError(message));
      assert.throws(() => decodeRoster(blob), { name: "RosterEncodingError" });
    });
  }

  it("refuses to write a plant whose channel does not inject", () => {
    const stray = { ...ROSTER, plants: [{ ...CACER, channel: 9 }] };
    assert.throws(() => encodeRoster(stray), new RosterEncodingError("plant 258: no channel 9"));
  });

  it("refuses numbers that do not fit", () => {
    for (const change of [{ number: 2 ** 24 }, { account: 2 ** 24 }, { weight: 2 ** 32 }]) {
      assert.throws(() => encodeRoster({ ...ROSTER, withdrawal: [{ ...WITHDRAWAL, ...change }] }));
    }
  });
});

describe("the order in which plants are served", () => {
  const plant = (number: number, commissioned: string, regime: "none" | "CACER" = "CACER"): Plant =>
    regime === "none"
      ? { number, channel: number, commissioned, power: 1, regime }
      : { ...CACER, number, channel: number, commissioned };
  const numbers = (plants: readonly Plant[]) => plants.map(({ number }) => number);
  const given = [
    plant(3, "2024-05-01"),
    plant(2, "2024-05-01"),
    plant(4, "2021-01-01"),
    plant(1, "2020-01-01", "none"),
    plant(5, "1960-01-01"),
    plant(6, "2024-05-01", "none"),
  ];

  it("is by day of commissioning, ties by number", () => {
    assert.deepEqual(numbers(waterfallOrder(given)), [5, 1, 4, 2, 3, 6]);
  });
  it("has those without incentive behind all others, where they stand so", () => {
    assert.deepEqual(numbers(waterfallOrder(given, true)), [5, 4, 2, 3, 1, 6]);
    assert.deepEqual(numbers(waterfallOrder(given, false)), numbers(waterfallOrder(given)));
  });
});
