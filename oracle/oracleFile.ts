/** The oracle's file: which broker, which chain, which key, and how each meter speaks. */

import { z } from "zod";
import type { Adapter } from "./adapters/adapter.ts";
import { condivisaAdapter } from "./adapters/condivisa.ts";
import { pointerAdapter } from "./adapters/pointer.ts";
import { shellyEmAdapter, shellyPro3EmAdapter, shellyProEmAdapter } from "./adapters/shelly.ts";
import { sinapsiAdapter } from "./adapters/sinapsi.ts";
import { LONGEST_GAP_SECONDS, type RegisterRules } from "./hours/registers.ts";
import { FORMATS } from "./importFile.ts";
import { DIRECTIONS, milliWattHoursOf, UNITS } from "./measurement.ts";
import { readText } from "./textFile.ts";
import { parseYaml } from "./yamlFile.ts";

const text = z.string().min(1, "empty");
const topic = text.regex(/^[^#+]+$/, "a topic with wildcards: name one meter's topic");
const pointer = z.string().regex(/^(\/[^/]*)+$/, "not a JSON pointer: write it as /energy/total");

const every = {
  id: text,
  power_kw: z.number("not a number: write the power in kW").positive("not above zero").max(1_000_000).default(100),
  rolls_over_kwh: z.number().positive("not above zero").optional(),
};
const prefix = { prefix: topic, channel: z.int().min(0).max(9).default(0), reversed: z.boolean().default(false) };

const meterShape = z.discriminatedUnion(
  "adapter",
  [
    z.strictObject({ ...every, adapter: z.literal("condivisa"), topic: topic.optional() }),
    z.strictObject({ ...every, adapter: z.literal("shelly-em"), ...prefix }),
    z.strictObject({ ...every, adapter: z.literal("shelly-pro-em"), ...prefix }),
    z.strictObject({ ...every, adapter: z.literal("shelly-pro-3em"), ...prefix }),
    z.strictObject({ ...every, adapter: z.literal("sinapsi-alfa"), topic }),
    z.strictObject({
      ...every,
      adapter: z.literal("json"),
      topic,
      withdrawn: pointer.optional(),
      injected: pointer.optional(),
      unit: z.enum(UNITS),
      time: pointer.optional(),
      device: pointer.optional(),
    }),
    z.strictObject({ ...every, adapter: z.literal("files") }),
  ],
  "unknown adapter: use condivisa, shelly-em, shelly-pro-em, shelly-pro-3em, sinapsi-alfa, json or files",
);

const keyShape = z.union(
  [
    z.strictObject({ keystore: text, passphrase_file: text.optional() }),
    z.strictObject({
      remote: z.url("not a URL"),
      address: z.templateLiteral(["0x", z.string().regex(/^[0-9a-fA-F]{40}$/)]),
    }),
  ],
  "not a key: name a `keystore`, or a `remote` signer and its `address`",
);

/** A folder of files, all of one format. */
const incomingShape = z.strictObject({
  folder: text,
  format: z.enum(FORMATS, `unknown format: use one of ${FORMATS.join(", ")}`),
  meter: text.optional(),
  direction: z.enum(DIRECTIONS).optional(),
  mapping: text.optional(),
});

const oracleShape = z.strictObject({
  settlement: text,
  chain: z.url("not a URL: write it as http://127.0.0.1:8545"),
  data: text,
  key: keyShape,
  mqtt: z.strictObject({
    url: z.string().regex(/^(mqtts?|wss?):\/\/[^/]+/, "not a broker: write it as mqtts://broker:8883"),
    client_id: text.default("condivisa-oracle"),
    username: text.optional(),
    password_file: text.optional(),
    ca: text.optional(),
    certificate: text.optional(),
    key: text.optional(),
  }),
  zone: text.optional(),
  community: text.optional(),
  incoming: z.array(incomingShape).default([]),
  council: z
    .strictObject({
      tolerance_wh: z.int().min(0).default(0),
      tolerance_percent: z.number().min(0).max(100).default(0),
      turn_seconds: z.int().min(1).max(86_400).default(60),
    })
    .default({ tolerance_wh: 0, tolerance_percent: 0, turn_seconds: 60 }),
  patience_hours: z.int().min(0).max(2000).default(34),
  clock: z.enum(["wall", "readings"], "not a clock: use wall or readings").default("wall"),
  http: z.strictObject({ port: z.int().min(0).max(65_535) }).default({ port: 9464 }),
  meters: z.array(meterShape).default([]),
});

export type OracleFile = z.infer<typeof oracleShape>;

/** What a community says of its meters where the rest is made for it. */
const metersShape = oracleShape
  .pick({ zone: true, incoming: true, patience_hours: true, clock: true, meters: true })
  .extend({ mqtt: oracleShape.shape.mqtt.optional() });

export type MetersFile = z.infer<typeof metersShape>;
type MeterEntry = OracleFile["meters"][number];

const documented = {
  crossChecks: metersProblems,
  documentation: "docs/oracle.md",
  sample: "docs/oracle.md has one to start from",
};

/** @throws InputError with everything that is wrong in it */
export function readOracleFile(file: string): OracleFile {
  return parseYaml(readText(file), file, { shape: oracleShape, ...documented });
}

/** Likewise, of a file that says only how the meters speak, and which broker they speak to if it is not the embedded one. */
export function readMetersFile(file: string): MetersFile {
  return parseYaml(readText(file), file, { shape: metersShape, ...documented });
}

function metersProblems({ meters }: { readonly meters: readonly MeterEntry[] }): [PropertyKey[], string][] {
  const ids = meters.map(({ id }) => id);
  return meters.flatMap((meter, index): [PropertyKey[], string][] => {
    const repeated = ids.indexOf(meter.id) !== index;
    const blind = meter.adapter === "json" && meter.withdrawn === undefined && meter.injected === undefined;
    return [
      ...(repeated ? [[["meters", index, "id"], "repeated meter: Each stands once"] as [PropertyKey[], string]] : []),
      ...(blind
        ? [[["meters", index], "points at nothing: Give it `withdrawn` or `injected`"] as [PropertyKey[], string]]
        : []),
    ];
  });
}

/** How a meter speaks; one that the file does not name speaks our own language under its id. */
export function adapterOf(meter: string, { meters }: OracleFile): Adapter {
  const entry: MeterEntry = meters.find(({ id }) => id === meter) ?? unnamed(meter);
  switch (entry.adapter) {
    case "condivisa":
      return condivisaAdapter(entry.topic ?? `condivisa/${meter}`);
    case "shelly-em":
      return shellyEmAdapter(entry);
    case "shelly-pro-em":
      return shellyProEmAdapter(entry);
    case "shelly-pro-3em":
      return shellyPro3EmAdapter(entry);
    case "sinapsi-alfa":
      return sinapsiAdapter(entry.topic);
    case "json": {
      const { withdrawn, injected } = entry;
      const pointers = { ...(withdrawn && { withdrawn }), ...(injected && { injected }) };
      return pointerAdapter({ topic: entry.topic, pointers, unit: entry.unit, time: entry.time, device: entry.device });
    }
    case "files":
      return { topics: [], read: () => [] };
  }
}

export function rulesOf(meter: string, { meters }: OracleFile): RegisterRules {
  const entry = meters.find(({ id }) => id === meter) ?? unnamed(meter);
  return {
    mostPower: Math.round(entry.power_kw * 1000),
    rollsOverAt: entry.rolls_over_kwh === undefined ? undefined : milliWattHoursOf(entry.rolls_over_kwh, "kWh"),
    longestGap: LONGEST_GAP_SECONDS,
  };
}

function unnamed(id: string): MeterEntry {
  return { id, adapter: "condivisa", power_kw: 100, topic: undefined, rolls_over_kwh: undefined };
}
