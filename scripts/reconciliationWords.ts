/** The words of a reconciliation, in Italian and English. */

import type { AdvanceState } from "../settlement/advanceSchedule.ts";
import type { Grade } from "../settlement/grade.ts";
import type { Unknown } from "../settlement/monthExpected.ts";
import type { Finding } from "../settlement/reconciliationFindings.ts";
import type { Language } from "../settlement/terms.ts";

/** As a title, behind *less* or *more*, and what GSE did with the money. */
type SubjectWords = { readonly title: string; readonly than: string; readonly done: string };

/** Amounts and energies come as text with their unit. */
export type ReconciliationWords = {
  readonly decimalMark: "," | ".";
  readonly locale: string;
  /** Behind the configuration's area. */
  readonly standing: Readonly<Record<"adjusted" | "due" | "running", string>>;
  readonly configuration: string;
  readonly year: string;
  readonly month: string;
  readonly shared: string;
  readonly accrued: string;
  readonly dueThen: string;
  readonly advance: string;
  readonly premium: string;
  readonly valorisationDue: string;
  readonly valorisation: string;
  readonly state: string;
  readonly states: Readonly<Record<AdvanceState, string>>;
  readonly differences: string;
  readonly none: string;
  readonly notKnown: string;
  readonly subjects: Readonly<Record<Finding["subject"], SubjectWords>>;
  /** The line of a year's totals. */
  readonly totals: (words: SubjectWords, expected: string, received: string, difference: string) => string;
  /** Received less, or more, than expected: a sentence without its end. */
  readonly less: (amount: string, words: SubjectWords) => string;
  readonly more: (amount: string, words: SubjectWords) => string;
  readonly energy: (kilowattHours: string) => string;
  readonly missing: (meter: string, hours: number) => string;
  readonly otherMeters: (meters: number, hours: number) => string;
  readonly lowGrade: (grade: Grade, hours: number) => string;
  readonly withoutPrice: (hours: number) => string;
  readonly corrected: (batches: number) => string;
  readonly noEvidence: string;
  readonly unknown: (unknown: Unknown) => string;
  readonly remedy: string;
};

const count = (number: number, one: string, many: string) => `${number} ${number === 1 ? one : many}`;

export const RECONCILIATION_WORDS: Readonly<Record<Language, ReconciliationWords>> = {
  it: {
    decimalMark: ",",
    locale: "it",
    standing: {
      adjusted: "conguagliato",
      due: "conguaglio scaduto a maggio e non registrato",
      running: "conguaglio non ancora dovuto",
    },
    configuration: "Configurazione",
    year: "anno",
    month: "Mese",
    shared: "Condivisa kWh",
    accrued: "Maturato €",
    dueThen: "Acconto atteso €",
    advance: "ricevuto €",
    premium: "con conguaglio €",
    valorisationDue: "Valorizz. attesa €",
    valorisation: "ricevuta €",
    state: "Stato",
    states: {
      open: "aperto",
      awaited: "atteso entro il mese dopo",
      carried: "sotto il minimo del GSE, riportato",
      closed: "si confronta l'anno",
      due: "confrontato",
    },
    differences: "Differenze",
    none: "nessuna differenza",
    notKnown: "non noto",
    subjects: {
      advance: { title: "Acconto", than: "dell'atteso", done: "ricevuti" },
      premium: { title: "Premio maturato", than: "del premio maturato", done: "ricevuti" },
      valorisation: { title: "Valorizzazione attesa", than: "della valorizzazione attesa", done: "ricevuti" },
      fees: {
        title: "Corrispettivo GSE previsto, IVA compresa",
        than: "del corrispettivo GSE previsto",
        done: "trattenuti",
      },
    },
    totals: ({ title, done }, expected, received, difference) =>
      `${title}: ${expected}; ${done}: ${received}; differenza: ${difference}`,
    less: (amount, { than, done }) => `${done} ${amount} meno ${than}`,
    more: (amount, { than, done }) => `${done} ${amount} più ${than}`,
    energy: (kilowattHours) => `pari a ${kilowattHours}`,
    missing: (meter, hours) => `contatore ${meter} senza letture per ${count(hours, "ora", "ore")}`,
    otherMeters: (meters, hours) =>
      `${count(meters, "altro contatore", "altri contatori")} senza letture per ${count(hours, "ora", "ore")}`,
    lowGrade: (grade, hours) => `${count(hours, "ora", "ore")} con misure non del distributore (${grade})`,
    withoutPrice: (hours) => `${count(hours, "ora", "ore")} senza prezzo zonale`,
    corrected: (batches) => `${count(batches, "giornata corretta", "giornate corrette")} dopo la registrazione`,
    noEvidence: "nelle misure del mese nulla che lo spieghi",
    unknown: (unknown) => {
      switch (unknown.kind) {
        case "unit-rate":
          return `TRASE e BTAU del ${unknown.year}`;
        case "losses":
          return `coefficienti di perdita del ${unknown.year}`;
        case "advance-terms":
          return `regole di acconto del ${unknown.year}`;
        case "fee-terms":
          return `corrispettivi GSE del ${unknown.year}`;
        case "hours":
          return `zona o ore equivalenti dell'impianto ${unknown.plant}`;
        case "prices":
          return `prezzo zonale di ${count(unknown.hours, "ora condivisa", "ore condivise")}`;
      }
    },
    remedy: "Scrivilo in un file e indicalo con --rates (docs/reconciliation.md)",
  },
  en: {
    decimalMark: ".",
    locale: "en",
    standing: {
      adjusted: "adjusted",
      due: "adjustment was due in May and is not booked",
      running: "adjustment not due yet",
    },
    configuration: "Configuration",
    year: "year",
    month: "Month",
    shared: "Shared kWh",
    accrued: "Accrued €",
    dueThen: "Advance due €",
    advance: "received €",
    premium: "with adjustment €",
    valorisationDue: "Valorisation expected €",
    valorisation: "received €",
    state: "State",
    states: {
      open: "open",
      awaited: "due within the next month",
      carried: "below GSE's minimum, carried over",
      closed: "the year is compared",
      due: "compared",
    },
    differences: "Differences",
    none: "no differences",
    notKnown: "not known",
    subjects: {
      advance: { title: "Advance", than: "expected", done: "received" },
      premium: { title: "Premium accrued", than: "the premium accrued", done: "received" },
      valorisation: { title: "Valorisation expected", than: "the valorisation expected", done: "received" },
      fees: { title: "GSE's fee, VAT included", than: "GSE's fee", done: "withheld" },
    },
    totals: ({ title, done }, expected, received, difference) =>
      `${title}: ${expected}; ${done}: ${received}; difference: ${difference}`,
    less: (amount, { than, done }) => `${done} ${amount} less than ${than}`,
    more: (amount, { than, done }) => `${done} ${amount} more than ${than}`,
    energy: (kilowattHours) => `which is ${kilowattHours}`,
    missing: (meter, hours) => `meter ${meter} without readings for ${count(hours, "hour", "hours")}`,
    otherMeters: (meters, hours) =>
      `${count(meters, "other meter", "other meters")} without readings for ${count(hours, "hour", "hours")}`,
    lowGrade: (grade, hours) => `${count(hours, "hour", "hours")} with readings not from the distributor (${grade})`,
    withoutPrice: (hours) => `${count(hours, "hour", "hours")} without a zonal price`,
    corrected: (batches) => `${count(batches, "day", "days")} corrected after recording`,
    noEvidence: "nothing in the month's readings explains it",
    unknown: (unknown) => {
      switch (unknown.kind) {
        case "unit-rate":
          return `TRASE and BTAU of ${unknown.year}`;
        case "losses":
          return `loss coefficients of ${unknown.year}`;
        case "advance-terms":
          return `terms of advances of ${unknown.year}`;
        case "fee-terms":
          return `GSE's fees of ${unknown.year}`;
        case "hours":
          return `zone or hours at full power of plant ${unknown.plant}`;
        case "prices":
          return `zonal price of ${count(unknown.hours, "shared hour", "shared hours")}`;
      }
    },
    remedy: "Write it in a file and name that with --rates (docs/reconciliation.md)",
  },
};
