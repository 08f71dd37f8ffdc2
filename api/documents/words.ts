/** What statements say beside the terms of the field, in Italian and English. */

import type { PeriodBooking } from "../../settlement/periodStatement.ts";
import { type Language, TERMS, type Terms } from "../../settlement/terms.ts";

export type DocumentWords = Terms & {
  readonly statement: string;
  readonly account: string;
  readonly period: (from: string, to: string) => string;
  readonly payee: string;
  readonly closed: string;
  /** The three balances, as columns. */
  readonly owed: string;
  readonly credit: string;
  readonly ordered: string;
  readonly paidInPeriod: string;
  readonly opening: (date: string) => string;
  readonly closing: (date: string) => string;
  readonly summary: string;
  readonly bookingKinds: Readonly<Record<PeriodBooking["kind"], string>>;
  readonly energy: string;
  readonly month: string;
  readonly area: string;
  readonly meter: string;
  readonly channel: string;
  readonly directions: Readonly<Record<"injected" | "withdrawn", string>>;
  readonly energyKwh: string;
  readonly coincidentKwh: string;
  readonly attributedKwh: string;
  readonly missing: string;
  readonly community: string;
  readonly sharedKwh: string;
  readonly accrued: string;
  readonly readings: string;
  readonly state: string;
  readonly open: string;
  readonly closedMonth: string;
  readonly total: string;
  readonly why: string;
  readonly runHeading: (run: number, date: string, months: string) => string;
  readonly rule: string;
  readonly pool: string;
  readonly share: string;
  readonly key: string;
  readonly ownOfTotal: string;
  readonly amount: string;
  readonly pools: Readonly<Record<"ordinary" | "excess", string>>;
  readonly received: string;
  readonly settledBefore: string;
  readonly difference: string;
  readonly before: string;
  readonly now: string;
  readonly reason: string;
  readonly corrections: string;
  readonly correctionsNote: string;
  readonly bookings: string;
  readonly date: string;
  readonly booking: string;
  readonly nothingBooked: string;
  readonly run: (run: number, months: string) => string;
  readonly redemption: (endToEndId: string, state: string) => string;
  readonly transfer: Readonly<Record<"sent" | "received", (other: string) => string>>;
  readonly place: (block: bigint, transaction: string) => string;
  readonly receipt: (kind: string, net: string, number: number, block: bigint) => string;
  readonly asOf: (block: bigint, date: string) => string;
  readonly verification: string;
  readonly verify: string;
  readonly hash: string;
  readonly qrCode: string;
  readonly page: (page: number, pages: number) => string;
  readonly notes: string;
};

export const DOCUMENT_WORDS: Readonly<Record<Language, DocumentWords>> = {
  it: {
    ...TERMS.it,
    statement: "Estratto conto",
    account: "Conto",
    period: (from, to) => (from === to ? from : `da ${from} a ${to}`),
    payee: "Credito accreditato su",
    closed: "chiuso",
    owed: "Da pagare €",
    credit: "Credito €",
    ordered: "In bonifico €",
    paidInPeriod: "Pagato nel periodo €",
    opening: (date) => `Saldo iniziale al ${date}`,
    closing: (date) => `Saldo finale al ${date}`,
    summary: "Riepilogo",
    bookingKinds: {
      entitlement: "Spettanze",
      payout: "Pagamenti",
      "write-off": "Debiti stralciati",
      redemption: "Bonifici",
      transfer: "Credito ceduto o ricevuto",
    },
    energy: "La tua energia",
    month: "Mese",
    area: "Configurazione",
    meter: "Contatore",
    channel: "canale",
    directions: { injected: "immissione", withdrawn: "prelievo" },
    energyKwh: "Energia kWh",
    coincidentKwh: "Coincidente kWh",
    attributedKwh: "Attribuita kWh",
    missing: "Ore mancanti",
    community: "L'energia della comunità",
    sharedKwh: "Condivisa kWh",
    accrued: "Premio maturato €",
    readings: "Misure",
    state: "Stato",
    open: "aperto",
    closedMonth: "chiuso",
    total: "Totale",
    why: "Perché questi importi",
    runHeading: (run, date, months) => `Riparto ${run} del ${date} (${months})`,
    rule: "Regola",
    pool: "Da dividere €",
    share: "Quota",
    key: "Chiave",
    ownOfTotal: "Propria / totale",
    amount: "Importo €",
    pools: { ordinary: "fondo ordinario", excess: "eccedenza" },
    received: "incassato",
    settledBefore: "Già riconosciuto dai riparti precedenti",
    difference: "Differenza",
    before: "Prima €",
    now: "Ora €",
    reason: "Motivo",
    corrections: "Mesi già riconosciuti, ricalcolati",
    correctionsNote: "Il calcolo di ogni mese, regola per regola, è nel file CSV di questo estratto conto.",
    bookings: "Movimenti",
    date: "Data",
    booking: "Movimento",
    nothingBooked: "Nessun movimento nel periodo.",
    run: (run, months) => `riparto ${run} (${months})`,
    redemption: (endToEndId, state) => `Bonifico ${endToEndId}: ${state}`,
    transfer: { sent: (other) => `Credito ceduto a ${other}`, received: (other) => `Credito ricevuto da ${other}` },
    place: (block, transaction) => `blocco ${block} · transazione ${transaction}`,
    receipt: (kind, net, number, block) => `${kind} ${net} (incasso ${number}, blocco ${block})`,
    asOf: (block, date) => `Stato della catena al blocco ${block} del ${date}.`,
    verification: "Verifica",
    verify: "Inquadra il codice per confrontare questo documento con la catena:",
    hash: "Impronta",
    qrCode: "Codice QR con l'indirizzo della verifica",
    page: (page, pages) => `pagina ${page} di ${pages}`,
    notes:
      "«Da pagare» è quanto spetta e non è ancora stato pagato; se è negativo, è stato pagato troppo e si compensa con i prossimi " +
      "importi. «Credito» è quanto è stato pagato e non ancora disposto in bonifico. I movimenti stanno nel mese in cui la " +
      "catena li ha registrati, l'energia nel mese in cui è passata dal contatore. Importi in euro con sei decimali, senza " +
      "arrotondamenti.",
  },
  en: {
    ...TERMS.en,
    statement: "Statement",
    account: "Account",
    period: (from, to) => (from === to ? from : `${from} to ${to}`),
    payee: "Credit goes to",
    closed: "closed",
    owed: "Owed €",
    credit: "Credit €",
    ordered: "In transfer €",
    paidInPeriod: "Paid in the period €",
    opening: (date) => `Opening balance, ${date}`,
    closing: (date) => `Closing balance, ${date}`,
    summary: "Summary",
    bookingKinds: {
      entitlement: "Entitlements",
      payout: "Payouts",
      "write-off": "Debts written off",
      redemption: "Bank transfers",
      transfer: "Credit passed on or received",
    },
    energy: "Your energy",
    month: "Month",
    area: "Configuration",
    meter: "Meter",
    channel: "channel",
    directions: { injected: "injection", withdrawn: "withdrawal" },
    energyKwh: "Energy kWh",
    coincidentKwh: "Coincident kWh",
    attributedKwh: "Attributed kWh",
    missing: "Missing hours",
    community: "The community's energy",
    sharedKwh: "Shared kWh",
    accrued: "Premium accrued €",
    readings: "Readings",
    state: "State",
    open: "open",
    closedMonth: "closed",
    total: "Total",
    why: "Why these amounts",
    runHeading: (run, date, months) => `Run ${run} of ${date} (${months})`,
    rule: "Rule",
    pool: "To divide €",
    share: "Share",
    key: "Key",
    ownOfTotal: "Own / total",
    amount: "Amount €",
    pools: { ordinary: "ordinary pool", excess: "excess" },
    received: "received",
    settledBefore: "Settled by earlier runs",
    difference: "Difference",
    before: "Before €",
    now: "Now €",
    reason: "Reason",
    corrections: "Months settled before, computed anew",
    correctionsNote: "The calculation of each month, rule by rule, is in the CSV file of this statement.",
    bookings: "Bookings",
    date: "Date",
    booking: "Booking",
    nothingBooked: "Nothing was booked in the period.",
    run: (run, months) => `run ${run} (${months})`,
    redemption: (endToEndId, state) => `Bank transfer ${endToEndId}: ${state}`,
    transfer: { sent: (other) => `Credit passed on to ${other}`, received: (other) => `Credit received from ${other}` },
    place: (block, transaction) => `block ${block} · transaction ${transaction}`,
    receipt: (kind, net, number, block) => `${kind} ${net} (receipt ${number}, block ${block})`,
    asOf: (block, date) => `State of the chain at block ${block} of ${date}.`,
    verification: "Verification",
    verify: "Scan the code to compare this document with the chain:",
    hash: "Hash",
    qrCode: "QR code with the address of the verification",
    page: (page, pages) => `page ${page} of ${pages}`,
    notes:
      "“Owed” is what is due and not paid yet; if it is negative, too much was paid, and it is netted against what comes next. " +
      "“Credit” is what was paid and not yet ordered as a bank transfer. Bookings stand in the month in which the chain booked " +
      "them, energy in the month in which it passed the meter. Amounts are in euro with six decimals; nothing is rounded.",
  },
};
