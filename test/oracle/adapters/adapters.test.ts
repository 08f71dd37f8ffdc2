/** What meters send, message by message: what is read in it, and what is refused with a reason and a remedy. */

import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { z } from "zod";
import { type Adapter, MessageError } from "../../../oracle/adapters/adapter.ts";
import { condivisaAdapter } from "../../../oracle/adapters/condivisa.ts";
import { pointerAdapter } from "../../../oracle/adapters/pointer.ts";
import { shellyEmAdapter, shellyPro3EmAdapter, shellyProEmAdapter } from "../../../oracle/adapters/shelly.ts";
import { sinapsiAdapter } from "../../../oracle/adapters/sinapsi.ts";
import { milliWattHoursOf } from "../../../oracle/measurement.ts";

const NOW = 1_764_238_507;
const SHELLY = { prefix: "shellies/roof", channel: 1, reversed: false };
const DEVICES = join(import.meta.dirname, "../../../../shared/data/formats/devices");

const own = condivisaAdapter("condivisa/m1");
const alfa = sinapsiAdapter("alfa/DU1");
const pointed = pointerAdapter({
  topic: "esp/m2",
  pointers: { withdrawn: "/energy/in~1out/0", injected: "/energy/back" },
  unit: "kWh",
  time: "/when",
  device: "/id",
});

function read(adapter: Adapter, payload: string, topic = adapter.topics[0] ?? "") {
  return adapter.read({ topic, payload: new TextEncoder().encode(payload), receivedAt: NOW });
}

const register = (direction: string, at: number, milliWattHours: number, device = "") => ({
  kind: "register",
  direction,
  at,
  milliWattHours,
  device,
});

describe("messages of meters", () => {
  for (const [name, adapter, payload, expected] of [
    [
      "registers of both directions",
      own,
      '{"at":"2026-03-01T08:15:00Z","unit":"kWh","withdrawn":8123.456,"injected":"77.01","device":"E1","sequence":4}',
      [
        register("injected", 1_772_352_900, 77_010_000, "E1"),
        register("withdrawn", 1_772_352_900, 8_123_456_000, "E1"),
      ],
    ],
    [
      "a time with an offset",
      own,
      '{"at":"2026-03-01T09:15:00+01:00","unit":"Wh","withdrawn":1}',
      [register("withdrawn", 1_772_352_900, 1000)],
    ],
    [
      "a Unix time",
      own,
      '{"at":1772352900,"unit":"MWh","withdrawn":0.000000001}',
      [register("withdrawn", 1_772_352_900, 1)],
    ],
    [
      "an interval",
      own,
      '{"from":1772352900,"seconds":900,"unit":"Wh","injected":139.25,"quality":"estimated"}',
      [
        {
          kind: "interval",
          direction: "injected",
          start: 1_772_352_900,
          seconds: 900,
          milliWattHours: 139_250,
          quality: "estimated",
        },
      ],
    ],
    [
      "what is finer than a thousandth of a Wh, cut off",
      own,
      '{"at":1,"unit":"Wh","withdrawn":1.0009}',
      [register("withdrawn", 1, 1000)],
    ],
    [
      "a tiny number as JSON may write it",
      own,
      '{"at":1,"unit":"kWh","withdrawn":1e-6}',
      [register("withdrawn", 1, 1)],
    ],
    [
      "the registers of an Alfa, and none of its other values",
      alfa,
      '[{"du":"DU1","pod":"IT1","data":[{"ts":"1757506202","1-0:1.7.0.255_3,0_2":"59","1-0:1.8.0.255_3,0_2":"123456","1-0:2.8.0.255_3,0_2":"7"}]}]',
      [register("withdrawn", 1_757_506_202, 123_456_000, "DU1"), register("injected", 1_757_506_202, 7000, "DU1")],
    ],
    [
      "what pointers point at",
      pointed,
      '{"when":"2026-03-01T08:15:00.500Z","id":"x","energy":{"in/out":[12.5],"back":"0.001"}}',
      [register("injected", 1_772_352_900, 1000, "x"), register("withdrawn", 1_772_352_900, 12_500_000, "x")],
    ],
    [
      "a time in milliseconds",
      pointed,
      '{"when":1772352900999,"id":1,"energy":{"in/out":[0],"back":0}}',
      [register("injected", 1_772_352_900, 0, "1"), register("withdrawn", 1_772_352_900, 0, "1")],
    ],
  ] as const) {
    it(`are read: ${name}`, () => assert.deepEqual(read(adapter, payload), expected));
  }

  it("are read: Shelly EM, whose registers stand in topics of their own", () => {
    const adapter = shellyEmAdapter(SHELLY);
    assert.deepEqual(adapter.topics, ["shellies/roof/emeter/1/total", "shellies/roof/emeter/1/total_returned"]);
    assert.deepEqual(read(adapter, "6644.9"), [register("withdrawn", NOW, 6_644_900)]);
    assert.deepEqual(read(adapter, "2.5", adapter.topics[1]), [register("injected", NOW, 2500)]);
    const reversed = shellyEmAdapter({ ...SHELLY, reversed: true });
    assert.deepEqual(read(reversed, "2.5"), [register("injected", NOW, 2500)]);
  });

  it("are read: Shelly Pro EM and Pro 3EM", () => {
    const one = '{"id":1,"total_act_energy":6644.90,"total_act_ret_energy":2595.26}';
    const expected = [register("withdrawn", NOW, 6_644_900), register("injected", NOW, 2_595_260)];
    assert.deepEqual(read(shellyProEmAdapter(SHELLY), one), expected);
    assert.deepEqual(shellyProEmAdapter(SHELLY).topics, ["shellies/roof/status/em1data:1"]);
    const three = '{"id":0,"a_total_act_energy":1,"total_act":6644.90,"total_act_ret":2595.26}';
    assert.deepEqual(read(shellyPro3EmAdapter(SHELLY), three), expected);
  });

  it("are read as real devices sent them, where their messages are at hand", () => {
    if (!existsSync(DEVICES)) return console.log(`      no folder ${DEVICES}`);
    const status = z
      .record(z.string(), z.unknown())
      .parse(JSON.parse(readFileSync(join(DEVICES, "shelly_pro_em_status.json"), "utf8")));
    const sent = read(shellyProEmAdapter(SHELLY), JSON.stringify(status["em1data:1"]));
    assert.deepEqual(sent, [register("withdrawn", NOW, 6_644_900), register("injected", NOW, 2_595_260)]);
    assert.deepEqual(read(alfa, readFileSync(join(DEVICES, "sinapsi_alfa_chain2_mqtt.json"), "utf8")), []);
  });

  for (const [name, adapter, payload, reason, remedy] of [
    ["text", own, "on", /not JSON/, /adapter/],
    ["a list", own, "[]", /payload: /, /docs/],
    ["no unit", own, '{"at":1,"withdrawn":1}', /unit: /, /docs/],
    ["an unknown field", own, '{"at":1,"unit":"Wh","withdrawn":1,"power":3}', /power/, /docs/],
    ["no energy", own, '{"at":1,"unit":"Wh"}', /neither injected nor withdrawn/, /docs/],
    ["a negative register", own, '{"at":1,"unit":"Wh","withdrawn":-1}', /withdrawn: /, /docs/],
    ["a register beyond all", own, '{"at":1,"unit":"MWh","withdrawn":9100000}', /no energy/, /unit/],
    ["a day that is none", own, '{"at":"2026-02-30T00:00:00Z","unit":"Wh","withdrawn":1}', /at: /, /docs/],
    [
      "an interval that is no part of an hour",
      own,
      '{"from":0,"seconds":700,"unit":"Wh","injected":1}',
      /within one hour/,
      /900/,
    ],
    [
      "an interval off the quarter",
      own,
      '{"from":60,"seconds":900,"unit":"Wh","injected":1}',
      /within one hour/,
      /turn/,
    ],
    ["a Shelly's power", shellyEmAdapter(SHELLY), "-3.2", /no energy/, /topic/],
    ["another Shelly", shellyProEmAdapter(SHELLY), '{"id":1,"act_power":3}', /no registers/, /adapter/],
    ["another gateway", alfa, '{"du":"x"}', /not a list/, /Alfa/],
    [
      "an Alfa's register in words",
      alfa,
      '[{"data":[{"ts":"1757506202","1-0:1.8.0.255_3,0_2":"n/a"}]}]',
      /no energy/,
      /device/,
    ],
    ["a pointer to nothing", pointed, '{"when":1,"id":1,"energy":{}}', /nothing at \/energy\/back/, /pointer/],
    [
      "a pointer to a truth value",
      pointed,
      '{"when":1,"id":1,"energy":{"in/out":[true],"back":0}}',
      /no energy/,
      /unit/,
    ],
    ["a pointer to no time", pointed, '{"when":"noon","id":1,"energy":{"in/out":[0],"back":0}}', /no time/, /ISO/],
  ] as const) {
    it(`are refused: ${name}`, () => {
      assert.throws(
        () => read(adapter, payload),
        (error) => {
          assert(error instanceof MessageError, String(error));
          assert.match(error.message, reason);
          assert.match(error.remedy, remedy);
          return true;
        },
      );
    });
  }

  it("never make an adapter stumble, whatever is in them", () => {
    const adapters = [
      own,
      alfa,
      pointed,
      shellyEmAdapter(SHELLY),
      shellyProEmAdapter(SHELLY),
      shellyPro3EmAdapter(SHELLY),
    ];
    const samples = [
      '{"at":1,"unit":"Wh","withdrawn":1}',
      '[{"data":[{"ts":"1757506202","1-0:1.8.0.255_3,0_2":"1"}]}]',
      "12.5",
    ];
    const mutated = fc
      .tuple(fc.constantFrom(...samples), fc.nat(40), fc.uint8Array({ maxLength: 4 }))
      .map(([text, place, bytes]) => {
        const payload = new TextEncoder().encode(text);
        return new Uint8Array([...payload.slice(0, place), ...bytes, ...payload.slice(place + bytes.length)]);
      });
    const json = fc.json().map((text) => new TextEncoder().encode(text));
    const payloads = fc.oneof(fc.uint8Array({ maxLength: 200 }), json, mutated);
    fc.assert(
      fc.property(payloads, fc.constantFrom(...adapters), (payload, adapter) => {
        try {
          for (const measurement of adapter.read({ topic: adapter.topics[0] ?? "", payload, receivedAt: NOW })) {
            assert(Number.isSafeInteger(measurement.milliWattHours) && measurement.milliWattHours >= 0);
          }
        } catch (error) {
          assert(error instanceof MessageError, String(error));
          assert.notEqual(error.remedy, "");
        }
      }),
      { numRuns: Number(process.env["CONDIVISA_FUZZ_MESSAGES"] ?? 5000) },
    );
  });

  it("have amounts to the thousandth of a Wh, exactly", () => {
    assert.equal(milliWattHoursOf("0.139", "kWh"), 139_000);
    assert.equal(milliWattHoursOf("9007199254.740991", "kWh"), 9_007_199_254_740_991);
    assert.equal(milliWattHoursOf("9007199254.740992", "kWh"), undefined);
    assert.equal(milliWattHoursOf("1e3", "Wh"), undefined);
    assert.equal(milliWattHoursOf(Number.NaN, "Wh"), undefined);
  });
});
