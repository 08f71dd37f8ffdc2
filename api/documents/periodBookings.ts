/** The bookings of a statement, each with where it stands on the chain. */

import { formatMicro } from "../../settlement/amounts.ts";
import type { Balance } from "../../settlement/bookEntries.ts";
import type { PeriodBooking, PeriodStatement } from "../../settlement/periodStatement.ts";
import { dateText, monthsText } from "./localTime.ts";
import { amountCell, drawTable, euroText, type PdfCell } from "./pdfTable.ts";
import { COLOURS, heading, type Sheet, write } from "./sheet.ts";
import type { Telling } from "./telling.ts";

export function bookingsSection(sheet: Sheet, statement: PeriodStatement, telling: Telling): void {
  const { words, language } = telling;
  heading(sheet, words.bookings);
  if (statement.bookings.length === 0) {
    write(sheet, "P", words.nothingBooked, { size: 9, colour: COLOURS.faint });
    return;
  }
  const columns = [
    { title: words.date, part: 14, align: "left" },
    { title: words.booking, part: 44, align: "left" },
    { title: words.owed, part: 14, align: "right" },
    { title: words.credit, part: 14, align: "right" },
    { title: words.ordered, part: 14, align: "right" },
  ] as const;
  drawTable(
    sheet,
    columns,
    statement.bookings.map((booking) => ({
      cells: [
        dateText(booking.time, language),
        bookingText(booking, statement.account.number, telling),
        ...effectCells(booking.effect, telling),
      ],
      note: words.place(booking.block, booking.transaction),
    })),
  );
}

function bookingText(booking: PeriodBooking, account: number, { names, words }: Telling): string {
  switch (booking.kind) {
    case "entitlement":
    case "payout": {
      const run = words.run(booking.run, monthsText(booking.fromMonth, booking.toMonth));
      return `${words.bookingKinds[booking.kind]}, ${run}${becauseText(booking, words)}`;
    }
    case "write-off":
      return `${capital(words.writtenOff[booking.role])}: ${booking.reason}`;
    case "redemption":
      return words.redemption(booking.endToEndId, words.paymentStates[booking.state]);
    case "transfer": {
      const isSent = booking.from === account;
      const other = isSent ? booking.to : booking.from;
      const name = names.nameOf(other) ?? `${words.account.toLowerCase()} ${other}`;
      return words.transfer[isSent ? "sent" : "received"](name);
    }
  }
}

type OfRun = Extract<PeriodBooking, { kind: "entitlement" | "payout" }>;

/** Why something stays owed: once a run, where it was paid or, if nothing was, where it was booked. */
function becauseText({ because, owedAfter, minimum, effect }: OfRun, words: Telling["words"]): string {
  const isPaidElsewhere = effect.credit === 0n && because === "short";
  if (because === undefined || isPaidElsewhere) return "";
  const least = because === "belowMinimum" ? ` ${euroText(formatMicro(minimum ?? 0n), words)}` : "";
  const owed = words.owed.replace(" €", "").toLowerCase();
  return `; ${owed} ${euroText(formatMicro(owedAfter), words)} (${words.owedBecause[because]}${least})`;
}

function effectCells({ owed, credit, ordered }: Balance, { words }: Telling): PdfCell[] {
  return [owed, credit, ordered].map((amount) => (amount === 0n ? "" : amountCell(amount, words)));
}

function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1);
}
