/** Tables that a mapping explains: units, kinds, times, workbooks, and what is told of a wrong file or mapping. */

import assert from "node:assert/strict";
import { parseMappedTable } from "../../../oracle/formats/mappedTable.ts";
import { type Mapping, mappingShape } from "../../../oracle/formats/mapping.ts";
import { xlsxTable } from "../../../oracle/formats/xlsxTable.ts";
import { parseYaml } from "../../../oracle/yamlFile.ts";
import { InputError } from "../../../settlement/inputProblem.ts";
import { dayOf, mappedCsv, workbookParts, xlsxOf, zipOf } from "../../support/formatFiles.ts";

const YAML = `
table: { type: csv, delimiter: ";" }
source: { column: Punto }
time:
  - { column: Inizio, format: dd/MM/yyyy HH:mm }
zone: Europe/Rome
seconds: 900
energy: { withdrawn: Prelevata, injected: Immessa }
unit: kWh
quality: { column: Tipo, measured: [REALE], estimated: [STIMATA] }
`;

const FORMAT = {
  shape: mappingShape,
  crossChecks: () => [],
  documentation: "docs/import.md",
  sample: "see docs/import.md",
};
const MAPPING: Mapping = parseYaml(YAML, "m.yaml", FORMAT);
const START = Date.parse("2026-04-30T22:00:00Z") / 1000;

const refused = (attempt: () => unknown, message: RegExp) =>
  assert.throws(attempt, (error) => {
    assert(error instanceof InputError, String(error));
    assert.match(error.message, message);
    return true;
  });

/** One column of times and one of energy. */
function read(rows: readonly string[], changes: Partial<Mapping> = {}) {
  const mapping: Mapping = {
    ...MAPPING,
    source: { value: "IT1" },
    time: [{ column: "t", format: "yyyy-MM-dd HH:mm" }],
    energy: { withdrawn: "e" },
    quality: undefined,
    ...changes,
  };
  return parseMappedTable(Buffer.from(["t;e;flag", ...rows].join("\n")), "t.csv", mapping);
}

describe("a mapped table", () => {
  it("has either direction, estimates and points by its columns", () => {
    const { intervals } = parseMappedTable(Buffer.from(mappedCsv(900, dayOf("2026-05-01"))), "t.csv", MAPPING);
    const source = "IT001E00000001";
    const at = (index: number) => ({ source, start: START + index * 900, seconds: 900 });
    assert.equal(intervals.length, 192);
    const [injected, withdrawn] = (["injected", "withdrawn"] as const).map((direction) =>
      intervals.filter((each) => each.direction === direction),
    );
    assert.deepEqual(withdrawn?.[0], { ...at(0), direction: "withdrawn", milliWattHours: 1000, quality: "measured" });
    assert.deepEqual(withdrawn?.[6], { ...at(6), direction: "withdrawn", milliWattHours: 7000, quality: "estimated" });
    assert.deepEqual(injected?.[1], {
      ...at(1),
      direction: "injected",
      milliWattHours: 4_500_000,
      quality: "measured",
    });
  });

  for (const [unit, seconds, text, expected] of [
    ["kWh", 900, "0,139", 139_000],
    ["Wh", 900, "139,0004", 139_000],
    ["Wh", 900, "139,0005", 139_001],
    ["MWh", 3600, "1,5", 1_500_000_000],
    ["kW", 900, "1", 250_000],
    ["kW", 3600, "0,0000005", 1],
    ["kW", 900, "0,000001", 0],
    ["kWh", 900, "0", 0],
    ["kWh", 900, "-0", 0],
  ] as const) {
    it(`takes ${text} ${unit} in ${seconds} seconds as ${expected} mWh`, () => {
      const { intervals } = read([`2026-05-01 00:00;${text}`], { unit, seconds });
      assert.deepEqual(
        intervals.map(({ milliWattHours }) => milliWattHours),
        [expected],
      );
    });
  }

  const TIMES: readonly (readonly [format: string, text: string, changes?: Partial<Mapping>])[] = [
    ["dd/MM/yyyy HH:mm", "1/5/2026 0:00"],
    ["yyyyMMddHHmm", "202605010000"],
    ["dd.MM.yyyy (HH)", "01.05.2026 (00)"],
    ["yyyy-MM-dd #", "2026-05-01 1"],
    ["yyyy-MM-dd HH:mm", "2026-05-01 00:15", { marks: "end" }],
    ["yyyy-MM-dd HH:mm", "2026-04-30 24:00", { marks: "end", seconds: 60 }],
    ["yyyy-MM-ddTHH:mm:ssxxx", "2026-04-30T22:00:00Z"],
    ["yyyy-MM-ddTHH:mm:ssxxx", "2026-04-30T20:30:00-01:30"],
    ["yyyy-MM-dd HH:mm", "2026-04-30 22:00", { zone: "UTC" }],
    ["yyyy-MM-dd #", "2026-04-30 89", { zone: "UTC" }],
  ];
  for (const [format, text, changes = {}] of TIMES) {
    it(`reads ${text} as ${format}`, () => {
      const { intervals } = read([`${text};1`], { time: [{ column: "t", format }], ...changes });
      const { seconds = 900 } = changes;
      assert.deepEqual(
        intervals.map(({ start }) => start),
        [text.includes("24:00") ? START - seconds : START],
      );
    });
  }

  it("leaves out empty rows, empty fields and zeros in the skipped hour", () => {
    const file = read(["2026-03-29 01:45;1", "2026-03-29 02:00;0", "2026-03-29 02:15;", ";", "2026-03-29 03:00;"]);
    assert.deepEqual([file.intervals.length, file.placeholders, file.empty], [1, 1, 1]);
  });

  it("takes the hours of the autumn night in order of rows, pair by pair too", () => {
    const hours = (...rows: string[]) =>
      read(rows, { seconds: 3600 }).intervals.map(({ milliWattHours }) => milliWattHours);
    const pairs = ["02:00;1", "02:00;2"].map((rest) => `2026-10-25 ${rest}`);
    assert.deepEqual(hours(...pairs), [1e6, 2e6]);
    assert.deepEqual(hours("2026-10-25 01:00;7", ...pairs, "2026-10-25 03:00;8"), [7e6, 1e6, 2e6, 8e6]);
  });

  const clock = { column: "flag", standard: "1", summer: "2" };
  const WRONG: readonly (readonly [
    what: string,
    rows: readonly string[],
    changes: Partial<Mapping>,
    message: RegExp,
  ])[] = [
    [
      "no columns",
      [],
      { energy: { injected: "x" } },
      /t\.csv:1: x: column missing\. Mend the mapping: line 1 has t, e, flag/,
    ],
    ["a header elsewhere", [], { header_line: 3 }, /t\.csv:3: t: column missing.*line 3 has no columns/],
    ["nothing", [], {}, /nothing to import/],
    ["another pattern", ["01/05/2026 00:00;1"], {}, /:2: t: «01\/05\/2026 00:00»: not a time as yyyy-MM-dd HH:mm/],
    ["31 June", ["2026-06-31 00:00;1"], {}, /:2: t: «2026-06-31 00:00»: not a date/],
    ["25 o'clock", ["2026-05-01 25:00;1"], {}, /not a time of the day/],
    ["minute 60", ["2026-05-01 00:60;1"], {}, /not a time of the day/],
    ["24:00 as a start", ["2026-05-01 24:00;1"], {}, /not a time of the day/],
    ["ten past", ["2026-05-01 00:10;1"], {}, /not the start of 900 seconds/],
    ["a decimal point", ["2026-05-01 00:00;1.5"], {}, /:2: e: «1\.5»: not a number of kWh with a decimal comma/],
    ["a decimal comma", ["2026-05-01 00:00;1,5"], { decimal: "." }, /«1,5»: not a number of kWh with a decimal point/],
    ["negative energy", ["2026-05-01 00:00;-1"], {}, /«-1»: negative energy/],
    ["two values", ["2026-05-01 00:00;1", "2026-05-01 00:00;2"], {}, /:3: e: «2»: a second, different value/],
    ["energy in the skipped hour", ["2026-03-29 02:30;1"], {}, /:2: e: «1»: energy at a time that did not exist/],
    ["one of two hours", ["2026-10-25 02:00;1"], { seconds: 3600 }, /:2: this hour was there twice, and nothing tells/],
    [
      "descending rows of the autumn night",
      ["03:00;1", "02:45;1", "02:45;2", "02:30;1", "02:30;2"].map((rest) => `2026-10-25 ${rest}`),
      {},
      /:3: this hour was there twice.*ascending order/,
    ],
    [
      "another clock",
      ["2026-05-01 00:00;1;x"],
      { clock },
      /:2: flag: «x»: neither standard nor summer time\. Write 1 or 2/,
    ],
    ["standard time in May", ["2026-05-01 00:00;0;1"], { clock }, /«0»: energy at a time that did not exist/],
    [
      "another kind",
      ["2026-05-01 00:00;1;x"],
      { quality: { column: "flag", measured: ["R"], estimated: ["S"] } },
      /«x»: neither measured nor estimated.*R, S/,
    ],
    [
      "interval 97",
      ["2026-05-01 97;1"],
      { time: [{ column: "t", format: "yyyy-MM-dd #" }] },
      /not an interval of a day that has 96/,
    ],
    ["a time without a date", ["00:00;1"], { time: [{ column: "t", format: "HH:mm" }] }, /not a date/],
    ["no POD", ["2026-05-01 00:00;1;"], { source: { column: "flag" } }, /:2: no measuring point/],
  ];
  for (const [what, rows, changes, message] of WRONG) {
    it(`refuses ${what}`, () => refused(() => read(rows, changes), message));
  }

  const WRONG_MAPPINGS: readonly (readonly [what: string, change: readonly [string, string], message: RegExp])[] = [
    ["an unknown field", ["unit: kWh", "units: kWh"], /m\.yaml:9: units: .*unknown field/],
    ["another unit", ["unit: kWh", "unit: GWh"], /m\.yaml:9: unit: «GWh»/],
    ["no column of energy", ["{ withdrawn: Prelevata, injected: Immessa }", "{}"], /energy: no column\. Name one/],
    ["seven minutes", ["seconds: 900", "seconds: 420"], /seconds: «420»: not a part of an hour\. Write 900 or 3600/],
    ["another zone", ["zone: Europe/Rome", "zone: CET"], /zone: «CET»/],
  ];
  for (const [what, [from, to], message] of WRONG_MAPPINGS) {
    it(`refuses a mapping with ${what}`, () =>
      refused(() => parseYaml(YAML.replace(from, to), "m.yaml", FORMAT), message));
  }
});

describe("a mapped workbook", () => {
  const mapping: Mapping = {
    ...MAPPING,
    table: { type: "xlsx" },
    source: { column: "POD" },
    time: [{ column: "Data e ora", format: "dd/MM/yyyy HH:mm" }],
    energy: { withdrawn: "Energia & prelievo" },
    quality: undefined,
  };
  const refusedWorkbook = (bytes: Uint8Array, message: RegExp) =>
    refused(() => parseMappedTable(bytes, "w.xlsx", mapping), message);

  it("has the first sheet if none is named, dates and times apart or as text, and computed values", () => {
    const rows = [
      ["POD", "Giorno", "Ora", "Energia & prelievo"].map((v) => ({ t: "str", v })),
      [
        { t: "s", v: "0" },
        { t: "n", v: "46143" },
        { t: "n", v: "0.25" },
        { t: "n", v: "1.4999999999999999E-1" },
      ],
      [
        { t: "inlineStr", v: " 12345 " },
        { t: "str", v: "01/05/2026" },
        { t: "str", v: "06:15" },
        { t: "str", v: "0,15" },
      ],
      [
        { t: "n", v: "12345" },
        { t: "n", v: "46143" },
        { t: "n", v: "0.2708333333333333" },
        { t: "n", v: "0" },
      ],
    ];
    const time = [
      { column: "Giorno", format: "dd/MM/yyyy" },
      { column: "Ora", format: "HH:mm" },
    ];
    const { intervals } = parseMappedTable(zipOf(workbookParts("Dati", rows, ["IT1"])), "w.xlsx", { ...mapping, time });
    assert.deepEqual(
      intervals.map(({ source, start, milliWattHours }) => [source, start, milliWattHours]),
      [
        ["IT1", START + 6 * 3600, 150_000],
        ["12345", START + 6 * 3600 + 900, 150_000],
        ["12345", START + 6 * 3600 + 1800, 0],
      ],
    );
  });

  const good = xlsxOf(900, dayOf("2026-05-01"));
  it("is told what is wrong with it", () => {
    refusedWorkbook(Buffer.from("POD;Data"), /w\.xlsx: not an XLSX workbook/);
    refusedWorkbook(good.subarray(0, 400), /w\.xlsx: not an XLSX workbook/);
    refusedWorkbook(zipOf({ "a.txt": "a" }), /w\.xlsx: no xl\/workbook\.xml in it/);
    const table = { type: "xlsx", sheet: "Dati" } as const;
    refused(
      () => parseMappedTable(good, "w.xlsx", { ...mapping, table }),
      /sheet: «Dati»: no such sheet\. The workbook has: Letture/,
    );
    const header = ["POD", "Data e ora", "Energia & prelievo"].map((v) => ({ t: "str", v }));
    const row = [
      { t: "str", v: "IT1" },
      { t: "n", v: "46143" },
      { t: "e", v: "#N/A" },
    ];
    const error = zipOf(workbookParts("A", [header, row], []));
    refusedWorkbook(error, /w\.xlsx:2: Energia & prelievo: «#N\/A»: not a number of kWh/);
  });

  it("is not unpacked or filled beyond what a sheet may be", () => {
    const parts = (sheet: string) => ({
      "xl/workbook.xml": '<workbook><sheets><sheet name="A" id="1"/></sheets></workbook>',
      "xl/_rels/workbook.xml.rels": '<Relationships><Relationship Id="1" Target="/xl/s.xml"/></Relationships>',
      "xl/s.xml": `<worksheet><sheetData>${sheet}</sheetData></worksheet>`,
    });
    const rows = (sheet: string) => xlsxTable(zipOf(parts(sheet)), "w.xlsx", undefined);
    assert.deepEqual(rows('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')[0]?.cells, new Map([[16_383, 1]]));
    assert.deepEqual(
      rows("<row><c><v>1</v></c><c/></row><row/>").map(({ line }) => line),
      [1, 2],
    );
    refused(() => rows('<row r="99999999999"/>'), /«99999999999»: not a row or cell/);
    refused(() => rows('<row r="1"><c r="ZZZZZZ1"><v>1</v></c></row>'), /«ZZZZZZ1»: not a row or cell/);
    refused(() => rows(" ".repeat(65 * 1024 * 1024)), /xl\/s\.xml is larger than 67108864 bytes/);
    const dates = { ...parts(""), "xl/workbook.xml": '<workbook><workbookPr date1904="1"/><sheets/></workbook>' };
    refused(() => xlsxTable(zipOf(dates), "w.xlsx", undefined), /dates counted from 1904/);
  });
});
