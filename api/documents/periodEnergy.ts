/** The energy of a statement: the account's meters, and the configurations they stand in. */

import { ACCRUAL_PER_MICRO, formatKwh, sum } from "../../settlement/amounts.ts";
import { formatMonth } from "../../settlement/hours.ts";
import type { PeriodMonth, PeriodStatement } from "../../settlement/periodStatement.ts";
import { amountCell, drawTable, grouped, type PdfColumn, type PdfRow } from "./pdfTable.ts";
import { heading, type Sheet } from "./sheet.ts";
import type { Telling } from "./telling.ts";

export function energySections(sheet: Sheet, { months }: PeriodStatement, telling: Telling): void {
  const { words } = telling;
  const rows = channelRows(months, telling);
  if (rows.length > 0) {
    heading(sheet, words.energy);
    drawTable(sheet, channelColumns(telling), rows);
  }
  if (months.length === 0) return;
  heading(sheet, words.community);
  drawTable(sheet, communityColumns(telling), communityRows(months, telling));
}

const left = (title: string, part: number): PdfColumn => ({ title, part, align: "left" });
const right = (title: string, part: number): PdfColumn => ({ title, part, align: "right" });

function channelColumns({ words }: Telling): PdfColumn[] {
  return [
    left(words.month, 10),
    left(words.meter, 30),
    right(words.energyKwh, 15),
    right(words.coincidentKwh, 16),
    right(words.attributedKwh, 15),
    right(words.missing, 11),
  ];
}

function channelRows(months: readonly PeriodMonth[], { names, words }: Telling): PdfRow[] {
  const kwh = (wattHours: bigint) => grouped(formatKwh(wattHours), words);
  const ofAccount = months.flatMap((month) => month.channels.map((channel) => ({ month, channel })));
  const rows = ofAccount.map(({ month, channel: { channel, direction, ...of } }): PdfRow => {
    const meter = names.meterOf(month.configuration, channel) ?? `${words.channel} ${channel}`;
    const attributed = of.attributed === undefined ? "" : kwh(of.attributed);
    return {
      cells: [
        formatMonth(month.month),
        `${meter}, ${words.directions[direction]}`,
        kwh(of.energy),
        kwh(of.coincident),
        attributed,
        of.missing === 0 ? "" : String(of.missing),
      ],
    };
  });
  if (rows.length < 3) return rows;
  const totals = (["injected", "withdrawn"] as const).flatMap((direction): PdfRow[] => {
    const of = ofAccount.filter(({ channel }) => channel.direction === direction).map(({ channel }) => channel);
    if (of.length < 2) return [];
    const missing = of.reduce((hours, channel) => hours + channel.missing, 0);
    return [
      {
        kind: "total",
        cells: [
          words.total,
          words.directions[direction],
          kwh(sum(of.map(({ energy }) => energy))),
          kwh(sum(of.map(({ coincident }) => coincident))),
          direction === "injected" ? kwh(sum(of.map(({ attributed }) => attributed ?? 0n))) : "",
          missing === 0 ? "" : String(missing),
        ],
      },
    ];
  });
  return [...rows, ...totals];
}

function communityColumns({ words }: Telling): PdfColumn[] {
  return [
    left(words.month, 10),
    left(words.area, 22),
    right(words.sharedKwh, 18),
    right(words.accrued, 20),
    left(words.readings, 20),
    left(words.state, 10),
  ];
}

function communityRows(months: readonly PeriodMonth[], { words }: Telling): PdfRow[] {
  return months.map(({ month, area, shared, accrued, grade, isOpen }) => ({
    cells: [
      formatMonth(month),
      area,
      grouped(formatKwh(shared), words),
      amountCell(accrued / ACCRUAL_PER_MICRO, words),
      grade === undefined ? "" : words.grades[grade],
      isOpen ? words.open : words.closedMonth,
    ],
  }));
}
