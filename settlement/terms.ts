/** The terms of the field in Italian and English, for whoever writes to people. */

import type { Reason } from "./changes.ts";
import type { Remainder } from "./entitlements.ts";
import type { Grade } from "./grade.ts";
import type { AccountKind, ReceiptKind } from "./history.ts";
import type { MemberClass } from "./roster.ts";
import type { Key } from "./rules.ts";
import type { OwedBecause, StatementWriteOff } from "./statement.ts";
import type { PaymentState } from "./tokenHistory.ts";

export const LANGUAGES = ["it", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

export type Terms = {
  readonly decimalMark: "," | ".";
  readonly kinds: Readonly<Record<AccountKind, string>>;
  readonly classes: Readonly<Record<MemberClass, string>>;
  readonly grades: Readonly<Record<Grade, string>>;
  readonly receiptKinds: Readonly<Record<ReceiptKind, string>>;
  readonly keys: Readonly<Record<Key, string>>;
  /** What an account gets beside the parts of rules. */
  readonly remainders: Readonly<Record<Remainder["kind"], string>>;
  /** What brought a difference about. */
  readonly reasons: Readonly<Record<Reason, string>>;
  /** What a write-off is for the debtor, and for the fund that takes the debt over. */
  readonly writtenOff: Readonly<Record<StatementWriteOff["role"], string>>;
  /** Behind what is owed; `belowMinimum` also before the least amount that is paid. */
  readonly owedBecause: Readonly<Record<OwedBecause, string>>;
  readonly paymentStates: Readonly<Record<PaymentState, string>>;
};

export const TERMS: Readonly<Record<Language, Terms>> = {
  it: {
    decimalMark: ",",
    classes: {
      persona_fisica: "persona fisica",
      impresa: "impresa",
      ente_territoriale: "ente territoriale o autorità locale",
      ente_ricerca: "ente di ricerca o formazione",
      ente_religioso: "ente religioso",
      terzo_settore: "ente del terzo settore",
      ente_ambientale: "ente di protezione ambientale",
    },
    grades: {
      indicative: "indicative",
      estimated: "stimate",
      distributor: "del distributore",
      "GSE-matched": "confrontate con il GSE",
    },
    receiptKinds: {
      none: "?",
      premium: "tariffa premio",
      valorisation: "valorizzazione",
      "energy-sale": "vendita di energia",
      reserve: "riserva",
      other: "altro",
    },
    remainders: {
      dust: "Arrotondamenti e quote senza aventi diritto",
      "excess-dust": "Eccedenza senza aventi diritto e arrotondamenti",
      "held-excess": "Tariffa eccedentaria, accantonata fino al conguaglio",
      "held-advance": "Acconto, trattenuto fino al conguaglio",
      "passed-through": "Ricevuto per suo conto",
    },
    reasons: {
      first: "primo riparto del mese",
      receipts: "nuovi incassi",
      adjustment: "conguaglio annuale",
      roster: "membri o contatori cambiati",
      readings: "misure corrette",
      excess: "quota eccedentaria dell'anno aggiornata",
    },
    owedBecause: {
      netted: "da compensare con i prossimi importi; nulla da versare",
      kept: "tenuto fino al conguaglio, non si paga",
      belowMinimum: "si somma ai prossimi importi: si paga da",
      short: "i fondi non bastano per tutti: a ciascuno la stessa quota, il resto segue",
    },
    paymentStates: {
      none: "?",
      escrowed: "disposto, in attesa della banca",
      dropped: "distinta annullata, importo di nuovo disponibile",
      executed: "eseguito",
      refused: "non eseguito dalla banca, importo di nuovo disponibile",
      reversed: "eseguito e poi restituito dalla banca, importo di nuovo disponibile",
    },
    kinds: {
      member: "membro",
      producer: "produttore terzo",
      fund: "fondo",
      supplier: "fornitore",
      reserve: "accantonamento",
      none: "?",
    },
    keys: {
      "attributed-injection": "energia attribuita, Wh",
      "coincident-injection": "immissione coincidente, Wh",
      "coincident-withdrawal": "prelievo coincidente, Wh",
      equal: "parti uguali, ore",
      "static-weight": "quota fissa × ore",
      fund: "al fondo",
    },
    writtenOff: { debtor: "debito assunto da un fondo", fund: "debito di un altro conto, assunto da questo fondo" },
  },
  en: {
    decimalMark: ".",
    classes: {
      persona_fisica: "natural person",
      impresa: "enterprise",
      ente_territoriale: "territorial body or local authority",
      ente_ricerca: "research or training body",
      ente_religioso: "religious body",
      terzo_settore: "third-sector body",
      ente_ambientale: "environmental body",
    },
    grades: {
      indicative: "indicative",
      estimated: "estimated",
      distributor: "the distributor's",
      "GSE-matched": "matched with GSE's",
    },
    receiptKinds: {
      none: "?",
      premium: "premium tariff",
      valorisation: "valorisation",
      "energy-sale": "energy sale",
      reserve: "reserve",
      other: "other",
    },
    remainders: {
      dust: "Rounding and shares that nobody could claim",
      "excess-dust": "Excess that nobody could claim, and its rounding",
      "held-excess": "Excess premium, held until the adjustment",
      "held-advance": "Advance, held back until the adjustment",
      "passed-through": "Received on its behalf",
    },
    reasons: {
      first: "first run on the month",
      receipts: "new receipts",
      adjustment: "yearly adjustment",
      roster: "other members or meters",
      readings: "corrected readings",
      excess: "the year's part beyond the threshold changed",
    },
    owedBecause: {
      netted: "netted against what comes next; nothing to pay in",
      kept: "kept until the adjustment, never paid",
      belowMinimum: "waits for what comes next: paid from",
      short: "not enough for all: each gets the same fraction, the rest follows",
    },
    paymentStates: {
      none: "?",
      escrowed: "ordered, waiting for the bank",
      dropped: "file given up, amount available again",
      executed: "executed",
      refused: "not executed by the bank, amount available again",
      reversed: "executed, then returned by the bank, amount available again",
    },
    kinds: {
      member: "member",
      producer: "third-party producer",
      fund: "fund",
      supplier: "supplier",
      reserve: "reserve",
      none: "?",
    },
    keys: {
      "attributed-injection": "attributed energy, Wh",
      "coincident-injection": "coincident injection, Wh",
      "coincident-withdrawal": "coincident withdrawal, Wh",
      equal: "equal parts, hours",
      "static-weight": "static weight × hours",
      fund: "to the fund",
    },
    writtenOff: { debtor: "debt taken over by a fund", fund: "debt of another account, taken over by this fund" },
  },
};

/** A decimal as the language writes it: `1234,56` in Italian. */
export function localNumber(decimal: string, { decimalMark }: Pick<Terms, "decimalMark">): string {
  return decimal.replace(".", decimalMark);
}
