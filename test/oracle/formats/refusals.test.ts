/** Wrong files of every format, each with the place, the value and the remedy that a person is told; and what is just left out. */

import assert from "node:assert/strict";
import { parseEdistribuzioneCsv } from "../../../oracle/formats/edistribuzioneCsv.ts";
import { parseEdistribuzioneJson } from "../../../oracle/formats/edistribuzioneJson.ts";
import { parseGmeXml } from "../../../oracle/formats/gmeXml.ts";
import { parsePcfCsv } from "../../../oracle/formats/pcfCsv.ts";
import { parsePricesCsv } from "../../../oracle/formats/pricesCsv.ts";
import { parseShellyCsv } from "../../../oracle/formats/shellyCsv.ts";
import { hourlyPrices } from "../../../oracle/formats/zonalPrice.ts";
import { InputError } from "../../../settlement/inputProblem.ts";
import {
  dayOf,
  edistribuzioneCsv,
  edistribuzioneCurve,
  edistribuzioneJson,
  gmeXml,
  PCF_HEADER,
  pcfCsv,
  pricesCsv,
  quarterLabels,
  shellyCsv,
} from "../../support/formatFiles.ts";

const POINT = { source: "IT001E00000001", direction: "injected" } as const;
const ORDINARY = dayOf("2026-05-01");
const SPRING = dayOf("2026-03-29");
const AUTUMN = dayOf("2026-10-25");

type Case = readonly [what: string, read: () => unknown, message: RegExp];

function refuses(cases: readonly Case[]): void {
  for (const [what, read, message] of cases) {
    it(`refuses ${what}`, () => {
      assert.throws(read, (error) => {
        assert(error instanceof InputError, String(error));
        assert.match(error.message, message);
        return true;
      });
    });
  }
}

describe("a file of e-Distribuzione's portal", () => {
  const read = (text: string) => parseEdistribuzioneCsv(text, "c.csv", POINT);
  const HEADER = ["Giorno", ...quarterLabels].join(";");
  /** A row with some quarter-hours other than 0,001. */
  const row = (date: string, others: Record<number, string> = {}) =>
    `${date};${quarterLabels.map((_, index) => others[index] ?? "0,001").join(";")}`;
  const from02 = (value: string) => ({ 8: value, 9: value, 10: value, 11: value });
  const file = (...rows: string[]) => read([HEADER, ...rows].join("\n"));
  const without = (value: string) => Object.fromEntries(quarterLabels.map((_, index) => [index, value]));

  refuses([
    ["nothing", () => read(""), /c\.csv:1: column 1: not «Giorno»\. Export/],
    ["a header alone", () => read(HEADER), /c\.csv: nothing to import/],
    ["hours for quarter-hours", () => read("Giorno;00:00-01:00"), /:1: column 2: «00:00-01:00»: not «00:00-00:15»/],
    ["a short row", () => file("01/05/2026;0,1"), /:2: 1 quarter-hours, not 96/],
    ["an American date", () => file(row("05/31/2026")), /:2: Giorno: «05\/31\/2026»: not a date.*31\/12\/2026/],
    ["31 June", () => file(row("31/06/2026")), /«31\/06\/2026»: not a date/],
    ["another century", () => file(row("01/05/1926")), /not a date from 2000 to 2099/],
    ["a decimal point", () => file(row("01/05/2026", { 1: "0.1" })), /:2: 00:15-00:30: «0\.1»: not a number of kWh/],
    ["negative energy", () => file(row("01/05/2026", { 0: "-0,1" })), /«-0,1»: negative energy/],
    ["too much", () => file(row("01/05/2026", { 0: "4294968" })), /«4294968»: more than 4294967\.295 kWh/],
    ["a word", () => file(row("01/05/2026", { 95: "n.d." })), /23:45-00:00: «n\.d\.»: not a number/],
    [
      "two days that differ",
      () => file(row("01/05/2026"), row("01/05/2026", { 3: "2" })),
      /:3: 00:45-01:00: «2»: a second/,
    ],
    ["energy in the skipped hour", () => file(row("29/03/2026", { 9: "1" })), /02:15-02:30: «1»: energy in an hour/],
    [
      "a spring day that may be written without the skipped hour",
      () => file(row("29/03/2026", { ...from02("0"), 92: "", 93: "", 94: "", 95: "" })),
      /:2: 02:00-02:15: .*none from 23:00\. Put the day's values under the hours of the clock/,
    ],
    ["one row of the autumn day", () => file(row("25/10/2026")), /02:00-02:15: «0,001»: this hour was there twice/],
    ["three", () => file(row("25/10/2026"), row("25/10/2026"), row("25/10/2026")), /:4: .*a third row/],
    [
      "two that differ in an hour that was there once",
      () => file(row("25/10/2026"), row("25/10/2026", { 20: "7" })),
      /:3: 05:00-05:15: «7»: «0,001» in the other row/,
    ],
    ["an open quote", () => file('"01/05/2026'), /c\.csv:\d+: Quote Not Closed.*Mend the quotes/],
    ["everything at once", () => file(row("x"), row("01/05/2026", { 0: "y" })), /:2: Giorno[\s\S]*:3: 00:00-00:15/],
  ]);

  it("may have zeros in the skipped hour, empty fields, and a day twice", () => {
    const spring = file(row("29/03/2026", from02("0,0")));
    assert.deepEqual([spring.intervals.length, spring.placeholders, spring.empty], [92, 4, 0]);
    const gaps = file(row("01/05/2026", { 5: "", 6: "" }), row("01/05/2026", { 5: "", 6: "" }));
    assert.deepEqual([gaps.intervals.length, gaps.empty], [94, 4]);
    const unpublished = file(row("01/05/2026"), row("02/05/2026", without("")));
    assert.deepEqual([unpublished.intervals.length, unpublished.empty], [96, 96]);
  });

  it("may have the autumn day whole in both rows, with zeros in one, or without the hour that was there twice", () => {
    const energies = (...rows: string[]) => file(...rows).intervals.map(({ milliWattHours }) => milliWattHours);
    const whole = energies(row("25/10/2026", from02("2")), row("25/10/2026", from02("3")));
    assert.deepEqual(whole.slice(7, 17), [1000, 2e6, 2e6, 2e6, 2e6, 3e6, 3e6, 3e6, 3e6, 1000]);
    const zeros = energies(row("25/10/2026", from02("2")), row("25/10/2026", { ...without("0"), ...from02("3") }));
    assert.deepEqual(zeros, whole);
    const one = file(row("25/10/2026", from02("")));
    assert.deepEqual([one.intervals.length, one.empty], [92, 8]);
  });
});

describe("a file of e-Distribuzione's app", () => {
  const good = edistribuzioneCurve(ORDINARY);
  const file = (changes: object) => {
    const text = JSON.stringify({ data: [{ ...good, ...changes }] });
    return parseEdistribuzioneJson(text, "c.json", POINT);
  };
  const samples = (...sampleValues: unknown[]) => file({ readings: { ...good.readings, sampleValues } });

  refuses([
    ["text", () => parseEdistribuzioneJson("Giorno;", "c.json", POINT), /c\.json: not JSON: .*Save the answer/],
    ["another answer", () => parseEdistribuzioneJson("{}", "c.json", POINT), /c\.json: data: Invalid input/],
    ["no days", () => parseEdistribuzioneJson('{"data":[]}', "c.json", POINT), /nothing to import/],
    ["reactive energy", () => file({ readings: { ...good.readings, energyType: "Q1" } }), /«Q1»: not active energy/],
    ["a curve that may be production", () => file({ timeType: "PROD" }), /data\[0\]\.timeType: «PROD»: not CONS/],
    ["seven minutes", () => file({ sampleFrequency: 7 }), /sampleFrequency: «7»: not one of 5, 10, 15, 30, 60 minutes/],
    [
      "another day's begin",
      () => file({ initialSample: "2026-05-01T00:00:00+00:00" }),
      /not the beginning of 20260501/,
    ],
    [
      "a begin without offset",
      () => file({ initialSample: "2026-05-01T00:00:00" }),
      /initialSample: .*not the beginning/,
    ],
    ["a wrong date", () => file({ readings: { ...good.readings, sampleDate: "20260231" } }), /«20260231»: not a date/],
    ["sample 0", () => samples({ id: "0", val: "1" }), /sampleValues\[0\]\.id: «0»: not a number from 1/],
    ["sample 97 of 96", () => samples({ id: "97", val: "1" }), /val: «1»: sample 97 of a day that has 96/],
    ["an exponent", () => samples({ id: "1", val: 1e-7 }), /«1e-7»: not a number of kWh with a decimal point/],
    ["two values", () => samples({ id: 1, val: 1 }, { id: 1, val: 2 }), /sampleValues\[1\]\.val: «2»: a second/],
  ]);

  it("may have samples without a value, and zeros beyond the day's end", () => {
    const { intervals, empty, placeholders } = samples(
      { id: 1, val: 0.1 },
      { id: 2, val: null },
      { id: 97, val: "0.000" },
    );
    assert.deepEqual([intervals.length, empty, placeholders], [1, 1, 1]);
  });

  it("is injected energy if it is A2", () => {
    const { intervals } = file({ readings: { ...good.readings, energyType: "A2" } });
    assert(intervals.every(({ direction }) => direction === "injected"));
  });
});

describe("a PCF file", () => {
  const read = (text: string) => parsePcfCsv(text, "p.csv");
  const file = (...rows: string[]) => read([PCF_HEADER, ...rows].join("\n"));
  const row = ({ pod = "IT1", date = "20260501", time = "000000", flag = "2", out = "0,025", into = "", kind = "E" }) =>
    `${pod};${date};${time};${flag};${out};${into};;;;0,0;5,004;;${kind};`;

  refuses([
    ["nothing", () => read(""), /p\.csv:1: POD: column missing\. Export the curve/],
    [
      "the older export",
      () => read("POD;DATA;ORA;FL_ORA_LEGALE;CONSUMO_ATTIVA_PRELEVATA;TIPO_DATO"),
      /ATTIVA_PRELEVATA: column missing\. This is the older export, in kWh or kW: .* states the unit/,
    ],
    ["no POD", () => file(row({ pod: "" })), /:2: POD: «»: no POD/],
    ["a wrong date", () => file(row({ date: "20260231" })), /:2: DATA: «20260231»: not a date/],
    ["minute 10", () => file(row({ time: "001000" })), /:2: ORA: «001000»: not the start of a quarter-hour/],
    ["flag 3", () => file(row({ flag: "3" })), /:2: FL_ORA_LEGALE: «3»: not 1 or 2/],
    ["kind X", () => file(row({ kind: "X" })), /:2: TIPO_DATO: «X»: not E or S/],
    ["standard time in May", () => file(row({ flag: "1" })), /no such time with FL_ORA_LEGALE 1: 20260501 000000/],
    ["the same with zero", () => file(row({ flag: "1", out: "0" })), /no such time with FL_ORA_LEGALE 1/],
    [
      "energy in the skipped hour",
      () => file(row({ date: "20260329", time: "021500", out: "0,1" })),
      /:2: ATTIVA_PRELEVATA: «0,1»: no such time with FL_ORA_LEGALE 2: 20260329 021500\. Mend FL_ORA_LEGALE/,
    ],
    ["a time twice", () => file(row({}), row({ out: "1" })), /:3: ATTIVA_PRELEVATA: «1»: a second, different value/],
    ["a time twice with another kind", () => file(row({}), row({ kind: "S" })), /:3: .*a second, different value/],
    [
      "zeros for skipped hours alone",
      () => file(row({ date: "20260329", time: "020000", out: "0" })),
      /nothing to import/,
    ],
  ]);

  it("tells directions, estimates, points and gaps apart, and takes a repeated row once", () => {
    const { intervals, empty } = file(
      row({ into: "0,5" }),
      row({ into: "0,5" }),
      row({ time: "001500", kind: "S" }),
      row({ pod: "IT2", time: "003000", out: "" }),
      row({ pod: "IT2", out: "", into: "1" }),
    );
    const start = Date.parse("2026-04-30T22:00:00Z") / 1000;
    const one = { seconds: 900, milliWattHours: 25_000 };
    assert.deepEqual(intervals, [
      { ...one, source: "IT1", direction: "withdrawn", start, quality: "measured" },
      { ...one, source: "IT1", direction: "withdrawn", start: start + 900, quality: "estimated" },
      { ...one, source: "IT1", direction: "injected", start, milliWattHours: 500_000, quality: "measured" },
      { ...one, source: "IT2", direction: "injected", start, milliWattHours: 1_000_000, quality: "measured" },
    ]);
    assert.equal(empty, 1);
  });

  it("takes nothing else than zeros as a placeholder", () => {
    assert.equal(parsePcfCsv(pcfCsv(SPRING), "p.csv").placeholders, 4);
    assert.throws(() => parsePcfCsv(pcfCsv(SPRING).replace(";020000;2;0,0;", ";020000;2;0,001;"), "p.csv"), InputError);
  });
});

describe("a Shelly's file", () => {
  const HEADER = "Date/time UTC,Active energy Wh (A),Returned energy Wh (A),Min V,Max V";
  const file = (...rows: string[]) => parseShellyCsv([HEADER, ...rows].join("\n"), "s.csv", POINT);
  refuses([
    ["another CSV", () => parseShellyCsv("a,b\n1,2", "s.csv", POINT), /s\.csv:1: «a,b»: not a Shelly's em_data\.csv/],
    ["minute 5", () => file("2026-05-01 00:05,1,0"), /:2: Date\/time UTC: «2026-05-01 00:05»: not ten minutes/],
    ["a comma", () => file('2026-05-01 00:00,"1,5",0'), /:2: Active energy Wh \(A\): «1,5»: not a number of Wh/],
    ["a negative one", () => file("2026-05-01 00:00,1,-1"), /Returned energy Wh \(A\): «-1»: negative/],
    ["what another phase says", () => file("2026-05-01 00:00,1,0", "2026-05-01 00:00,2,0"), /:3: .*«2»: a second/],
  ]);
  it("may have empty fields", () => {
    const { intervals, empty } = file("2026-05-01 00:00,1.125,,230.1,231.0");
    assert.deepEqual([intervals.map(({ milliWattHours }) => milliWattHours), empty], [[1125], 1]);
  });
});

describe("a file of GME's prices", () => {
  const good = gmeXml(3600, ORDINARY);
  const change = (from: string | RegExp, to: string) => () => parseGmeXml(good.replace(from, to), "g.xml");
  refuses([
    ["text", () => parseGmeXml("zone,utc_hour", "g.xml"), /g\.xml:?\d*: not XML/],
    ["an open element", change("</NewDataSet>", ""), /g\.xml:\d+: not XML: .*Download/],
    ["a document type", change("<NewDataSet>", '<!DOCTYPE x [<!ENTITY e "e">]><NewDataSet>'), /document type/],
    ["another document", () => parseGmeXml("<Offerte/>", "g.xml"), /NewDataSet: Invalid input/],
    ["no prices", () => parseGmeXml("<NewDataSet><Nota/></NewDataSet>", "g.xml"), /nothing to import/],
    [
      "another market",
      change("<Mercato>MGP<", "<Mercato>MI1<"),
      /Prezzi\[1\]\.Mercato: «MI1»: not the day-ahead market/,
    ],
    ["a wrong date", change("20260501", "20260231"), /Prezzi\[1\]\.Data: «20260231»: not a date/],
    ["hour 25 of 24", change("<Ora>24<", "<Ora>25<"), /Prezzi\[24\]\.Ora: «25»: not a number from 1 to 24/],
    ["hour 0", change("<Ora>1<", "<Ora>0<"), /«0»: not a number from 1 to 24/],
    ["a missing hour", change(/<Prezzi>(?:(?!<\/Prezzi>).)*<Ora>7<.*?<\/Prezzi>/, ""), /23 of the day's 24 intervals/],
    ["a decimal point", change("1,250000", "1.250"), /CSUD: «1\.250»: not a price in €\/MWh/],
    ["a mistyped price", change("-2,250000", "-10000,0001"), /CSUD: «-10000,0001»: beyond 10000/],
    ["an hour twice", change("<Ora>2<", "<Ora>1<"), /CSUD: «-2,250000»: a second, different value/],
    [
      "half hours",
      () => parseGmeXml(gmeXml(900, ORDINARY).replace("PT15", "PT30"), "g.xml"),
      /Prezzi15\[1\]\.Granularity: «PT30»: not PT15/,
    ],
    ["hours and quarter-hours together", change("</NewDataSet>", gmeXml(900, ORDINARY).slice(52)), /overlaps another/],
  ]);

  it("gives what it has of the Italian zones, rounded to 10⁻⁴ €/MWh", () => {
    const prices = change("<CSUD>1,250000", "<NORD></NORD><CSUD>1.234,56785")();
    assert.deepEqual(
      prices.filter(({ start }) => start === Date.parse("2026-04-30T22:00:00Z") / 1000),
      [
        { zone: "CSUD", start: 1_777_586_400, seconds: 3600, price: 12_345_679 },
        { zone: "SICI", start: 1_777_586_400, seconds: 3600, price: 10_015_000 },
      ],
    );
  });

  it("gives the mean of quarter-hours as the hour's price, rounded half away from zero", () => {
    const quarters = (...prices: number[]) =>
      prices.map((price, index) => ({ zone: "SUD", start: 7200 + index * 900, seconds: 900, price }));
    const hour = (price: number) => [{ zone: "SUD", start: 7200, seconds: 3600, price }];
    assert.deepEqual(hourlyPrices(quarters(1, 1, 1, 3)), hour(2));
    assert.deepEqual(hourlyPrices(quarters(1, 1, 1, 2)), hour(1));
    assert.deepEqual(hourlyPrices(quarters(-1, -1, -1, -3)), hour(-2));
    assert.deepEqual(hourlyPrices(quarters(1, 2, 3)), []);
    assert.deepEqual(hourlyPrices(hour(5)), hour(5));
  });
});

describe("a CSV of prices", () => {
  const file = (...rows: string[]) => parsePricesCsv(["zone,utc_hour,price_eur_mwh", ...rows].join("\n"), "z.csv");
  refuses([
    ["nothing", () => parsePricesCsv("", "z.csv"), /z\.csv: empty file\. The first line must name/],
    ["no zone", () => file(",2026-05-01T00:00:00Z,1"), /:2: zone: «»: no zone/],
    ["half an hour", () => file("SUD,2026-05-01T00:30:00Z,1"), /:2: utc_hour: .*not the start of an hour/],
    ["1926", () => file("SUD,1926-05-01T00:00:00Z,1"), /not of the years 2000 to 2099/],
    ["2100", () => file("SUD,2100-01-01T00:00:00Z,1"), /not of the years 2000 to 2099/],
    ["a comma", () => file('SUD,2026-05-01T00:00:00Z,"1,5"'), /:2: price_eur_mwh: «1,5»: not a price/],
    ["two prices", () => file("SUD,2026-05-01T00:00:00Z,1", "SUD,2026-05-01T00:00:00Z,2"), /:3: .*«2»: a second/],
  ]);
  it("may repeat a price, and have other zones", () => {
    const rows = ["SUD,2026-05-01T00:00:00Z,1", "SUD,2026-05-01T00:00:00Z,1.0", "NORD,2026-05-01T00:00:00Z,-2.5"];
    assert.deepEqual(
      file(...rows).map(({ zone, price }) => [zone, price]),
      [
        ["SUD", 10_000],
        ["NORD", -25_000],
      ],
    );
  });
});

describe("the autumn day", () => {
  it("is told apart from one that lost its second row", () => {
    const text = edistribuzioneCsv(AUTUMN);
    const rows = text.trim().split("\n");
    assert.equal(rows.length, 3);
    assert.equal(parseEdistribuzioneCsv(text, "c.csv", POINT).intervals.length, 100);
    assert.throws(
      () => parseEdistribuzioneCsv(rows.slice(0, 2).join("\n"), "c.csv", POINT),
      /this hour was there twice/,
    );
  });
});

describe("a file of any format", () => {
  const READERS: readonly (readonly [what: string, file: string, read: (text: string) => unknown])[] = [
    ["e-Distribuzione's CSV", edistribuzioneCsv(AUTUMN), (text) => parseEdistribuzioneCsv(text, "f", POINT)],
    ["e-Distribuzione's JSON", edistribuzioneJson(AUTUMN), (text) => parseEdistribuzioneJson(text, "f", POINT)],
    ["PCF", pcfCsv(SPRING), (text) => parsePcfCsv(text, "f")],
    ["GME", gmeXml(900, AUTUMN), (text) => parseGmeXml(text, "f")],
    ["prices", pricesCsv(AUTUMN), (text) => parsePricesCsv(text, "f")],
    ["Shelly", shellyCsv(AUTUMN), (text) => parseShellyCsv(text, "f", POINT)],
  ];
  for (const [what, file, read] of READERS) {
    it(`may have Windows' line ends and a byte order mark: ${what}`, () => {
      assert.deepEqual(read(`\uFEFF${file.replaceAll("\n", "\r\n")}`), read(file));
    });
  }
});
