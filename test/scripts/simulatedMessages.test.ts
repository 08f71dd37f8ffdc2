/** Simulated meters: what they say, with each fault, read as the oracle reads it. */

import assert from "node:assert/strict";
import { condivisaAdapter } from "../../oracle/adapters/condivisa.ts";
import { hoursOfRegister } from "../../oracle/hours/registers.ts";
import { listenersOf, readMessages } from "../../oracle/messages.ts";
import {
  type Faults,
  type MeteredHour,
  parseSilence,
  type Sent,
  type Speech,
  simulatedMessages,
} from "../../scripts/simulatedMessages.ts";

const FIRST = 500_000;
const HOURS = 200;
const NO_FAULTS = { lost: 0, duplicates: 0, late: 0, garbled: 0, silent: [], resets: 0, swaps: 0, seed: 1 };
const RULES = { rollsOverAt: undefined, mostPower: 100_000, longestGap: 1800 };

const READINGS: readonly MeteredHour[] = Array.from({ length: HOURS }, (_, index) => [
  { meter: "roof", hour: FIRST + index, injected: 1000 + index, withdrawn: 7 },
  { meter: "home", hour: FIRST + index, injected: undefined, withdrawn: 300 + (index % 24) },
]).flat();

const said = (faults: Partial<Faults> = {}, speech: Speech = "intervals") =>
  simulatedMessages(READINGS, speech, { ...NO_FAULTS, ...faults });

/** As the oracle reads them, the day after. */
function read(messages: readonly Sent[]) {
  const listeners = listenersOf(new Map(["roof", "home"].map((id) => [id, condivisaAdapter(`condivisa/${id}`)])));
  const receivedAt = (FIRST + HOURS + 24) * 3600;
  const { received, dead } = readMessages(
    messages.map(({ topic, payload }) => ({ topic, payload: new TextEncoder().encode(payload), receivedAt })),
    listeners,
  );
  const of = (meter: string, direction: string) =>
    received
      .filter((each) => each.meter === meter)
      .flatMap(({ measurements }) => measurements)
      .filter((each) => each.direction === direction);
  const hoursOf = (meter: string, direction: string) => {
    const registers = of(meter, direction).flatMap((each) => (each.kind === "register" ? [each] : []));
    return hoursOfRegister(registers, RULES);
  };
  return { received, dead, of, hoursOf };
}

describe("simulated meters", () => {
  it("say the energy of each hour, in order", () => {
    const messages = said();
    assert.deepEqual(
      messages.map(({ hour }) => hour),
      READINGS.map(({ hour }) => hour),
    );
    const { of, dead } = read(messages);
    assert.equal(dead.length, 0);
    assert.deepEqual(
      of("roof", "injected").map(({ milliWattHours }) => milliWattHours),
      Array.from({ length: HOURS }, (_, index) => 1000 * (1000 + index)),
    );
    assert.equal(of("home", "injected").length, 0);
  });

  it("as registers say the same hours", () => {
    const { hoursOf } = read(said({}, "registers"));
    const expected = READINGS.filter(({ meter }) => meter === "home").map(({ hour, withdrawn }) => [hour, withdrawn]);
    assert.deepEqual([...hoursOf("home", "withdrawn").hours], expected);
    assert.deepEqual(hoursOf("home", "withdrawn").findings, []);
    assert.equal(hoursOf("roof", "injected").hours.get(FIRST + 17), 1017);
  });

  it("as registers leave an hour that nobody measured, and the next, unknown", () => {
    const gap = READINGS.filter(({ hour }) => hour !== FIRST + 50);
    const { hoursOf } = read(simulatedMessages(gap, "registers", NO_FAULTS));
    const unknown = READINGS.filter(
      ({ meter, hour }) => meter === "home" && !hoursOf("home", "withdrawn").hours.has(hour),
    );
    assert.deepEqual(
      unknown.map(({ hour }) => hour - FIRST),
      [50, 51],
    );
  });

  it("are reset and replaced as often as asked, which costs the hour in which it happens", () => {
    const { hoursOf } = read(said({ resets: 3, swaps: 2, seed: 5 }, "registers"));
    const [roof, home] = [hoursOf("roof", "injected"), hoursOf("home", "withdrawn")];
    const kinds = [...roof.findings, ...home.findings].map(({ kind }) => kind).toSorted();
    assert.deepEqual(kinds, ["reset", "reset", "reset", "swap", "swap"]);
    assert.equal(roof.hours.size + home.hours.size, 2 * HOURS - 5);
  });

  it("lose messages, send some twice and some late, the same ones for the same seed", () => {
    const faults = { lost: 10, duplicates: 20, late: 30, seed: 3 };
    const messages = said(faults);
    assert.deepEqual(messages, said(faults));
    assert.notDeepEqual(messages, said({ ...faults, seed: 4 }));
    const distinct = new Set(messages.map(({ payload }) => payload));
    const lost = 2 * HOURS - distinct.size;
    const twice = messages.length - distinct.size;
    // Of 400 messages 40 are expected, and of 360 that are left 72: within five standard deviations.
    assert(lost > 10 && lost < 70, `${lost} lost`);
    assert(twice > 34 && twice < 110, `${twice} sent twice`);
    const sentAt = messages.map(({ hour }) => hour);
    assert.deepEqual(
      sentAt,
      sentAt.toSorted((a, b) => a - b),
    );
    const delays = messages.map(({ hour, payload }) => hour - Number(/"from":(\d+)/.exec(payload)?.[1]) / 3600);
    assert.deepEqual([...new Set(delays)].toSorted(), [0, 1, 2, 3, 4, 5, 6]);
  });

  it("send beside the true messages some that cannot be read, every one of them with a reason", () => {
    for (const speech of ["intervals", "registers"] as const) {
      const messages = said({ garbled: 25 }, speech);
      const extra = messages.length - said({}, speech).length;
      const { dead, received } = read(messages);
      assert(extra > 50, `${extra} garbled`);
      assert.equal(dead.length, extra);
      assert.equal(received.length, messages.length - extra);
      assert(new Set(dead.map(({ remedy }) => remedy)).size >= 3);
      assert(dead.every(({ reason }) => reason !== ""));
    }
  });

  it("are silent when told to, for some hours or for good; registers count on meanwhile", () => {
    const silent = [{ meter: "home", from: FIRST + 10, end: FIRST + 20 }];
    const hours = said({ silent })
      .filter(({ meter }) => meter === "home")
      .map(({ hour }) => hour - FIRST);
    assert.equal(hours.length, HOURS - 10);
    assert(hours.includes(9) && !hours.includes(10) && !hours.includes(19) && hours.includes(20));
    const last = said({ silent: [{ meter: "home", from: FIRST + 10, end: undefined }] }).filter(
      ({ meter }) => meter === "home",
    );
    assert.equal(last.length, 10);
    const shown = (messages: Sent[]) => messages.findLast(({ meter }) => meter === "home")?.payload;
    assert.equal(shown(said({ silent }, "registers")), shown(said({}, "registers")));
  });

  it("are told so by meter and hours", () => {
    assert.deepEqual(parseSilence("home@2027-01-15T08:00:00Z.."), { meter: "home", from: FIRST, end: undefined });
    assert.deepEqual(parseSilence("a@b@2027-01-15T08:00:00Z..2027-01-15T09:00:00Z"), {
      meter: "a@b",
      from: FIRST,
      end: FIRST + 1,
    });
    for (const wrong of [
      "home",
      "home@",
      "home@2027-01-15T08:00:00Z",
      "home@2027-01-15T08:30:00Z..",
      "home@2027-01-15T08:00:00Z..2027-01-15T08:00:00Z",
      "@2027-01-15T08:00:00Z..",
    ]) {
      assert.equal(parseSilence(wrong), undefined, wrong);
    }
  });
});
