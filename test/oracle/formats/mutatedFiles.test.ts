/**
 * Files of every format, broken in seeded ways: an importer refuses them with an InputError or gives sound intervals, and
 * nothing else ever. `CONDIVISA_MUTATED_FILES` says how many a format, `CONDIVISA_SEED` which.
 */

import assert from "node:assert/strict";
import { parseEdistribuzioneCsv } from "../../../oracle/formats/edistribuzioneCsv.ts";
import { parseEdistribuzioneJson } from "../../../oracle/formats/edistribuzioneJson.ts";
import { parseGmeXml } from "../../../oracle/formats/gmeXml.ts";
import type { Interval, IntervalsFile } from "../../../oracle/formats/interval.ts";
import { parseMappedTable } from "../../../oracle/formats/mappedTable.ts";
import { mappingShape } from "../../../oracle/formats/mapping.ts";
import { parsePcfCsv } from "../../../oracle/formats/pcfCsv.ts";
import { parsePricesCsv } from "../../../oracle/formats/pricesCsv.ts";
import { parseShellyCsv } from "../../../oracle/formats/shellyCsv.ts";
import { hourlyPrices, type ZonalPrice } from "../../../oracle/formats/zonalPrice.ts";
import { InputError } from "../../../settlement/inputProblem.ts";
import { seededRandom } from "../../../settlement/random.ts";
import {
  dayOf,
  edistribuzioneCsv,
  edistribuzioneJson,
  gmeXml,
  mappedCsv,
  PCF_HEADER,
  pcfCsv,
  pricesCsv,
  shellyCsv,
  xlsxOf,
  xlsxParts,
  zipOf,
} from "../../support/formatFiles.ts";

const FILES = Number(process.env["CONDIVISA_MUTATED_FILES"] ?? 2000);
const SEED = Number(process.env["CONDIVISA_SEED"] ?? Date.now() % 2 ** 31);

const SPRING = dayOf("2026-03-29");
const AUTUMN = dayOf("2026-10-25");
const POINT = { source: "IT1", direction: "withdrawn" } as const;

const TOKENS = [
  ...[
    "",
    " ",
    "0",
    "-1",
    "1",
    "96",
    "97",
    "1e9",
    "1E400",
    "NaN",
    "Infinity",
    "null",
    "true",
    "0x10",
    "-0",
    "9".repeat(40),
  ],
  ...[
    "0,5",
    "0.5",
    "1.234,5",
    ",",
    ";",
    '"',
    "\n",
    "\r\n",
    "\t",
    "\0",
    "\uFEFF",
    "€",
    "🔌",
    "__proto__",
    "constructor",
  ],
  ...[
    "29/03/2026",
    "25/10/2026",
    "20261025",
    "31/02/2026",
    "2026-10-25T01:00:00Z",
    "24:00",
    "02:00",
    "020000",
    "[]",
    "{}",
  ],
  ...["<", ">", "&amp;", "&#0;", "<![CDATA[1]]>", "<!DOCTYPE a>", "</row>", "<c/>", '<row r="9999999999">', "2", "S"],
];

type Random = () => number;
const below = (random: Random, end: number) => Math.floor(random() * end);

/** One or two changes of text: characters, fields, lines, or what lies between two places. */
function mutated(text: string, random: Random): string {
  let result = text;
  for (let changes = 1 + below(random, 2); changes > 0; changes--) result = changedOnce(result, random);
  return result;
}

function changedOnce(text: string, random: Random): string {
  const place = below(random, text.length + 1);
  const token = TOKENS[below(random, TOKENS.length)] ?? "";
  switch (below(random, 8)) {
    case 0:
      return text.slice(0, place) + token + text.slice(place);
    case 1:
      return text.slice(0, place) + String.fromCharCode(below(random, 256)) + text.slice(place + 1);
    case 2:
      return text.slice(0, place) + text.slice(place + 1 + below(random, 20));
    case 3:
      return text.slice(0, place);
    case 4: {
      const from = below(random, text.length + 1);
      return text.slice(0, place) + text.slice(from, from + below(random, 200)) + text.slice(place);
    }
    default:
      return withOtherField(text, place, token, random);
  }
}

/** A field, or a whole line, becomes a token, another line, or nothing. */
function withOtherField(text: string, place: number, token: string, random: Random): string {
  const lines = text.split("\n");
  const index = text.slice(0, place).split("\n").length - 1;
  const line = lines[index] ?? "";
  const fields = line.split(/([;,<>"])/);
  const field = below(random, fields.length);
  const other = lines[below(random, lines.length)] ?? "";
  const replacement = [
    fields.with(field, token).join(""),
    fields.toSpliced(field, 1).join(""),
    other,
    `${line}\n${line}`,
  ];
  return lines.with(index, replacement[below(random, replacement.length)] ?? "").join("\n");
}

function mutatedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const changed = Uint8Array.from(bytes);
  for (let changes = 1 + below(random, 8); changes > 0; changes--) {
    changed[below(random, changed.length)] = below(random, 256);
  }
  return below(random, 8) === 0 ? changed.subarray(0, below(random, changed.length)) : changed;
}

/** 2000 to 2099, with a day to spare for offsets. */
const FIRST = Date.UTC(1999, 11, 31) / 1000;
const LAST = Date.UTC(2100, 0, 1) / 1000;

function checkTime({ start, seconds }: { start: number; seconds: number }): void {
  assert(Number.isInteger(start) && start >= FIRST && start <= LAST && start % seconds === 0, `start ${start}`);
}

function checkIntervals({ intervals, placeholders, empty }: IntervalsFile): void {
  assert(intervals.length > 0 && Number.isInteger(placeholders) && Number.isInteger(empty));
  const ends = new Map<string, number>();
  for (const interval of intervals) {
    checkTime(interval);
    const { source, direction, start, seconds, milliWattHours, quality }: Interval = interval;
    assert(Number.isInteger(milliWattHours) && milliWattHours >= 0 && milliWattHours <= 0xffff_ffff * 1000);
    assert(
      source !== "" && ["injected", "withdrawn"].includes(direction) && ["measured", "estimated"].includes(quality),
    );
    const key = `${direction} ${source}`;
    assert(start >= (ends.get(key) ?? 0), "ascending, without overlap");
    ends.set(key, start + seconds);
  }
}

function checkPrices(prices: readonly ZonalPrice[]): void {
  assert(prices.length > 0);
  for (const price of [...prices, ...hourlyPrices(prices)]) {
    checkTime(price);
    assert(Number.isInteger(price.price) && Math.abs(price.price) <= 100_000_000);
    assert(price.zone !== "" && [900, 3600].includes(price.seconds));
  }
}

const MAPPING = mappingShape.parse({
  table: { type: "csv" },
  source: { column: "Punto" },
  time: [{ column: "Inizio", format: "dd/MM/yyyy HH:mm" }],
  zone: "Europe/Rome",
  seconds: 3600,
  energy: { withdrawn: "Prelevata", injected: "Immessa" },
  unit: "kWh",
  quality: { column: "Tipo", measured: ["REALE"], estimated: ["STIMATA"] },
});
const WITH_OFFSETS = mappingShape.parse({
  ...MAPPING,
  time: [{ column: "ISO", format: "yyyy-MM-ddTHH:mm:ssxxx" }],
  seconds: 900,
});
const WORKBOOK = mappingShape.parse({
  table: { type: "xlsx" },
  source: { column: "POD" },
  time: [{ column: "Data e ora", format: "dd/MM/yyyy HH:mm" }],
  zone: "Europe/Rome",
  seconds: 3600,
  energy: { withdrawn: "Energia & prelievo" },
  unit: "kWh",
});

const text = (file: string, read: (text: string) => void) => (random: Random) => read(mutated(file, random));

/** The header and the first hours of a day: most of what happens there happens in a small file too. */
const night = (file: string) => file.split("\n").slice(0, 25).join("\n");

/** By format: what reads a file that is broken by random numbers, and checks what it gives. */
const FORMATS: ReadonlyMap<string, (random: Random) => void> = new Map([
  [
    "e-Distribuzione's CSV",
    text(edistribuzioneCsv(SPRING, AUTUMN), (file) => checkIntervals(parseEdistribuzioneCsv(file, "f", POINT))),
  ],
  [
    "e-Distribuzione's JSON",
    text(edistribuzioneJson(AUTUMN), (file) => checkIntervals(parseEdistribuzioneJson(file, "f", POINT))),
  ],
  [
    "PCF",
    text(night(pcfCsv(SPRING)) + night(pcfCsv(AUTUMN)).replace(PCF_HEADER, ""), (file) =>
      checkIntervals(parsePcfCsv(file, "f")),
    ),
  ],
  [
    "a mapped CSV",
    text(mappedCsv(3600, SPRING, AUTUMN), (file) => checkIntervals(parseMappedTable(Buffer.from(file), "f", MAPPING))),
  ],
  [
    "a mapped CSV with offsets",
    text(night(mappedCsv(900, SPRING)), (file) =>
      checkIntervals(parseMappedTable(Buffer.from(file), "f", WITH_OFFSETS)),
    ),
  ],
  [
    "a workbook's parts",
    (random) => {
      const parts = Object.entries(xlsxParts(3600, AUTUMN));
      const chosen = below(random, parts.length);
      const changed = parts.map(([name, part], index): [string, string] => [
        name,
        index === chosen || below(random, 4) === 0 ? mutated(part, random) : part,
      ]);
      checkIntervals(parseMappedTable(zipOf(Object.fromEntries(changed)), "f", WORKBOOK));
    },
  ],
  [
    "a workbook's bytes",
    (random) => checkIntervals(parseMappedTable(mutatedBytes(xlsxOf(3600, AUTUMN), random), "f", WORKBOOK)),
  ],
  ["GME's hourly prices", text(gmeXml(3600, AUTUMN), (file) => checkPrices(parseGmeXml(file, "f")))],
  ["GME's quarter-hourly prices", text(gmeXml(900, SPRING), (file) => checkPrices(parseGmeXml(file, "f")))],
  ["a CSV of prices", text(pricesCsv(SPRING), (file) => checkPrices(parsePricesCsv(file, "f")))],
  ["a Shelly", text(night(shellyCsv(AUTUMN)), (file) => checkIntervals(parseShellyCsv(file, "f", POINT)))],
]);

describe(`${FILES} broken files a format, from seed ${SEED}`, () => {
  for (const [name, attempt] of FORMATS) {
    it(name, function () {
      this.timeout(30_000 + FILES * 50);
      const random = seededRandom(SEED);
      let accepted = 0;
      for (let file = 0; file < FILES; file++) {
        try {
          attempt(random);
          accepted++;
        } catch (error) {
          if (!(error instanceof InputError)) throw new Error(`file ${file} of seed ${SEED}`, { cause: error });
          assert(error.problems.length > 0 && error.message.startsWith("f"), error.message);
        }
      }
      // Both happen, or the files are not broken enough, or too much, to test anything.
      assert(accepted > FILES / 1000 && accepted < FILES * 0.9, `${accepted} of ${FILES} accepted`);
    });
  }
});
