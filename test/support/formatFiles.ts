/** Files of every format for one day of Europe/Rome, written from the instants of that day, without the importers' own rules. */

import AdmZip from "adm-zip";

/** An interval of a day with a number that tells it apart. */
export type Slot = { readonly start: number; readonly clock: Temporal.ZonedDateTime; readonly number: number };

const ZONE = "Europe/Rome";
const SECONDS_PER_DAY = 86_400;
/** 1 January 1970 as Excel counts days. */
const SERIAL_OF_EPOCH = 25_569;

export type Day = {
  readonly date: Temporal.PlainDate;
  /** All intervals of a length, in order, from 1. */
  readonly slots: (seconds: number) => Slot[];
};

export function dayOf(date: string): Day {
  const midnight = Temporal.PlainDate.from(date).toZonedDateTime(ZONE);
  const start = midnight.epochMilliseconds / 1000;
  const end = midnight.add({ days: 1 }).epochMilliseconds / 1000;
  return {
    date: midnight.toPlainDate(),
    slots: (seconds) =>
      Array.from({ length: (end - start) / seconds }, (_, index) => {
        const instant = start + index * seconds;
        const clock = Temporal.Instant.fromEpochMilliseconds(instant * 1000).toZonedDateTimeISO(ZONE);
        return { start: instant, clock, number: index + 1 };
      }),
  };
}

/** kWh of a slot, with three decimals: its number in Wh. */
export function kilowattHours({ number }: Slot, separator = ","): string {
  return (number / 1000).toFixed(3).replace(".", separator);
}

const two = (value: number) => String(value).padStart(2, "0");
const clockOf = ({ clock }: Slot) => `${two(clock.hour)}:${two(clock.minute)}`;
const dateOf = ({ clock }: Slot) => `${two(clock.day)}/${two(clock.month)}/${clock.year}`;
const compactDate = (date: Temporal.PlainDate) => date.toString().replaceAll("-", "");
const isSummer = ({ clock }: Slot) => clock.offset === "+02:00";
export const quarterLabels = Array.from({ length: 96 }, (_, index) => {
  const label = (quarter: number) => `${two(Math.floor(quarter / 4) % 24)}:${two((quarter % 4) * 15)}`;
  return `${label(index)}-${label(index + 1)}`;
});

/** On the autumn day two rows: summer time to 03:00, standard time from 02:00. */
export function edistribuzioneCsv(...days: readonly Day[]): string {
  const rows = days.flatMap((day) => {
    const slots = day.slots(900);
    const parts = slots.length > 96 ? [slots.slice(0, 12), slots.slice(12)] : [slots];
    return parts.map((part) => {
      const cells = new Map(part.map((slot) => [clockOf(slot), kilowattHours(slot)]));
      const [first] = slots;
      const values = quarterLabels.map((label) => cells.get(label.slice(0, 5)) ?? "");
      return `"${first === undefined ? "" : dateOf(first)}";${values.map((value) => `"${value}"`).join(";")};`;
    });
  });
  return `${["Giorno", ...quarterLabels].join(";")}\n${rows.join("\n")}\n`;
}

export function edistribuzioneJson(...days: readonly Day[]): string {
  return JSON.stringify({ data: days.map(edistribuzioneCurve) }, null, 1);
}

export function edistribuzioneCurve(day: Day) {
  const slots = day.slots(900);
  const sampleValues = slots.map((slot) => ({ id: String(slot.number), val: kilowattHours(slot, ".") }));
  const initialSample = new Date((slots[0]?.start ?? 0) * 1000).toISOString().replace("Z", "+00:00");
  const readings = { energyType: "A1", sampleDate: compactDate(day.date), sampleValues };
  return { readings, sampleFrequency: 15, timeType: "CONS", initialSample };
}

export const PCF_HEADER =
  "POD;DATA;ORA;FL_ORA_LEGALE;ATTIVA_PRELEVATA;ATTIVA_IMMESSA;REATTIVA_CAPACITIVA_IMMESSA;REATTIVA_CAPACITIVA_PRELEVATA;" +
  "REATTIVA_INDUTTIVA_IMMESSA;REATTIVA_INDUTTIVA_PRELEVATA;PICCO_PRELEVATA;CONSUMO_PICCO_IMMESSA;TIPO_DATO;";

const pcfRow = (date: Temporal.PlainDate, time: string, flag: string, energy: string) =>
  `IT001E00000001;${compactDate(date)};${time.replace(":", "")}00;${flag};${energy};;;;;0,0;5,004;;E;`;

/** As a real file has it: on the spring day, zeros with flag 2 from 02:00. */
export function pcfCsv(...days: readonly Day[]): string {
  const rows = days.flatMap((day) => {
    const slots = day.slots(900);
    const rowsOfDay = slots.map((slot) =>
      pcfRow(day.date, clockOf(slot), isSummer(slot) ? "2" : "1", kilowattHours(slot)),
    );
    const skipped = ["02:00", "02:15", "02:30", "02:45"].map((time) => pcfRow(day.date, time, "2", "0,0"));
    return slots.length < 96 ? rowsOfDay.toSpliced(8, 0, ...skipped) : rowsOfDay;
  });
  return `${[PCF_HEADER, ...rows].join("\n")}\n`;
}

/** As the autumn day of 2020 was seen: every time of the clock with either flag, zero where there is no such time. */
export function doubledPcfCsv(day: Day): string {
  const bySlot = new Map(day.slots(900).map((slot) => [`${clockOf(slot)} ${isSummer(slot) ? 2 : 1}`, slot]));
  const rows = quarterLabels.flatMap((label) =>
    ["2", "1"].map((flag) => {
      const slot = bySlot.get(`${label.slice(0, 5)} ${flag}`);
      return pcfRow(day.date, label.slice(0, 5), flag, slot === undefined ? "0" : kilowattHours(slot));
    }),
  );
  return `${[PCF_HEADER, ...rows].join("\n")}\n`;
}

/** Everything about a slot that a mapping may use. */
export function mappedCsv(seconds: number, ...days: readonly Day[]): string {
  const rows = days.flatMap((day) =>
    day.slots(seconds).map((slot) => {
      // By the clock, the end is one interval later than the start, also where clocks change.
      const end = slot.clock.toPlainDateTime().add({ seconds });
      const endText = end.toPlainDate().equals(day.date)
        ? `${dateOf(slot)} ${two(end.hour)}:${two(end.minute)}`
        : `${dateOf(slot)} 24:00`;
      const fields = [
        "IT001E00000001",
        `${dateOf(slot)} ${clockOf(slot)}`,
        endText,
        new Date(slot.start * 1000).toISOString(),
        `${slot.clock.toPlainDateTime().toString({ smallestUnit: "second" })}${slot.clock.offset}`,
        dateOf(slot),
        String(slot.number),
        isSummer(slot) ? "L" : "S",
        kilowattHours(slot),
        `${slot.number * 2},5`,
        slot.number % 7 === 0 ? "STIMATA" : "REALE",
      ];
      return fields.join(";");
    }),
  );
  return ["Punto;Inizio;Fine;UTC;ISO;Giorno;Numero;Orologio;Prelevata;Immessa;Tipo", ...rows].join("\n");
}

/** A workbook of the times by the clock as serial numbers, kWh as numbers. */
export function xlsxOf(seconds: number, ...days: readonly Day[]): Uint8Array {
  return zipOf(xlsxParts(seconds, ...days));
}

export function xlsxParts(seconds: number, ...days: readonly Day[]): Record<string, string> {
  const rows = days.flatMap((day) =>
    day.slots(seconds).map((slot) => {
      const clock = slot.clock.toPlainDateTime().toZonedDateTime("UTC").epochMilliseconds / 1000;
      return [
        { t: "s", v: "1" },
        { t: "n", v: String(clock / SECONDS_PER_DAY + SERIAL_OF_EPOCH) },
        { t: "n", v: String(slot.number * 0.001) },
      ];
    }),
  );
  const header = ["POD", "Data e ora", "Energia & prelievo"].map((v) => ({ t: "inlineStr", v }));
  return workbookParts("Letture", [header, ...rows], ["IT001E99999999", "IT001E00000001"]);
}

type XlsxCell = { readonly t: string; readonly v: string };

/** A workbook of one sheet, its shared strings in two runs each. */
export function workbookParts(
  name: string,
  rows: readonly (readonly XlsxCell[])[],
  strings: readonly string[],
): Record<string, string> {
  const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
  const sheetRows = rows.map((cells, index) => {
    const elements = cells.map(({ t, v }, column) => {
      const content = t === "inlineStr" ? `<is><t xml:space="preserve">${escaped(v)}</t></is>` : `<v>${escaped(v)}</v>`;
      return `<c r="${String.fromCharCode(65 + column)}${index + 1}" t="${t}">${content}</c>`;
    });
    return `<row r="${index + 1}">${elements.join("")}</row>`;
  });
  const items = strings.map((text) => `<si><r><t>${text.slice(0, 3)}</t></r><r><t>${text.slice(3)}</t></r></si>`);
  return {
    "xl/workbook.xml": `<workbook><sheets><sheet name="${name}" sheetId="1" r:id="rId7"/></sheets></workbook>`,
    "xl/_rels/workbook.xml.rels":
      '<Relationships><Relationship Id="rId7" Target="worksheets/sheet1.xml"/></Relationships>',
    "xl/sharedStrings.xml": `<sst>${items.join("")}</sst>`,
    "xl/worksheets/sheet1.xml": `<worksheet><sheetData>${sheetRows.join("\n")}</sheetData></worksheet>`,
  };
}

export function zipOf(parts: Readonly<Record<string, string>>): Uint8Array {
  const archive = new AdmZip();
  for (const [name, text] of Object.entries(parts)) archive.addFile(name, Buffer.from(text));
  return archive.toBuffer();
}

/** Ten minutes a row, in UTC. */
export function shellyCsv(...days: readonly Day[]): string {
  const rows = days.flatMap((day) =>
    day.slots(600).map((slot) => {
      const time = new Date(slot.start * 1000).toISOString().slice(0, 16).replace("T", " ");
      return `${time},${slot.number}.00,${slot.number}.25`;
    }),
  );
  return `${["Date/time UTC,Active energy Wh (A),Returned energy Wh (A)", ...rows].join("\n")}\n`;
}

/** €/MWh of a slot: its number, negative for even ones. */
const euro = ({ number }: Slot) => `${number % 2 === 0 ? "-" : ""}${number},250000`;

export function gmeXml(seconds: 3600 | 900, ...days: readonly Day[]): string {
  const [element, number, granularity] =
    seconds === 3600 ? ["Prezzi", "Ora", ""] : ["Prezzi15", "Periodo", "<Granularity>PT15</Granularity>"];
  const records = days.flatMap((day) =>
    day.slots(seconds).map((slot) => {
      const place = `<Data>${compactDate(day.date)}</Data><Mercato>MGP</Mercato><${number}>${slot.number}</${number}>`;
      const prices = `<PUN>1,0</PUN><CSUD>${euro(slot)}</CSUD><SICI>1.${String(slot.number).padStart(3, "0")},5</SICI><XFRA>2,0</XFRA>`;
      return `<${element}>${place}${granularity}${prices}</${element}>`;
    }),
  );
  return `<?xml version="1.0" standalone="yes"?>\n<NewDataSet>\n${records.join("\n")}\n</NewDataSet>`;
}

export function pricesCsv(...days: readonly Day[]): string {
  const rows = days.flatMap((day) =>
    day
      .slots(3600)
      .map((slot) => `CSUD,${new Date(slot.start * 1000).toISOString()},${euro(slot).slice(0, -4).replace(",", ".")}`),
  );
  return `${["zone,utc_hour,price_eur_mwh", ...rows].join("\n")}\n`;
}
