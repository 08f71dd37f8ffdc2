/** The words of statements and tables, in Italian and English. */

import type { Reason } from "../settlement/changes.ts";
import type { Remainder } from "../settlement/entitlements.ts";
import type { AccountKind } from "../settlement/history.ts";
import type { Pools } from "../settlement/pools.ts";
import type { Key } from "../settlement/rules.ts";
import type { StatementWriteOff } from "../settlement/statement.ts";
import type { PaymentState } from "../settlement/tokenHistory.ts";

export const LANGUAGES = ["it", "en"] as const;
export type Language = (typeof LANGUAGES)[number];

/** A label that ends with a unit stands over columns: `Paid €`; in a sentence the unit follows the number. */
export type Words = {
  readonly decimalMark: "," | ".";
  readonly statement: string;
  readonly account: string;
  readonly month: string;
  readonly configuration: string;
  readonly channel: string;
  readonly injected: string;
  readonly withdrawn: string;
  readonly coincident: string;
  readonly attributed: string;
  readonly shared: string;
  readonly accrued: string;
  readonly received: string;
  readonly missingHours: string;
  readonly hoursWithoutPrice: string;
  readonly rule: string;
  /** What an account gets beside the parts of rules. */
  readonly remainders: Readonly<Record<Remainder["kind"], string>>;
  /** Before what a month's receipts are divided as. */
  readonly community: string;
  readonly pools: Readonly<Record<keyof Pools, string>>;
  /** Behind a part of the excess pool. */
  readonly ofExcess: string;
  readonly entitled: string;
  readonly entitledInAll: string;
  readonly paid: string;
  readonly owed: string;
  readonly tokens: string;
  readonly payouts: string;
  readonly run: string;
  readonly difference: string;
  /** What brought a difference about. */
  readonly reasons: Readonly<Record<Reason, string>>;
  readonly block: string;
  readonly transaction: string;
  readonly nothingPaid: string;
  /** Behind a negative balance. */
  readonly netted: string;
  /** Behind what is owed, and before the least amount that is paid. */
  readonly belowMinimum: string;
  /** Behind what is owed. */
  readonly short: string;
  /** Behind what a reserve is owed. */
  readonly kept: string;
  readonly open: string;
  readonly closed: string;
  readonly provisional: string;
  readonly state: string;
  readonly total: string;
  readonly why: string;
  /** Before the month from which rules are in force. */
  readonly rulesFrom: string;
  readonly proof: string;
  readonly writeOffs: string;
  /** What a write-off is for the debtor, and for the fund that takes the debt over. */
  readonly writtenOff: Readonly<Record<StatementWriteOff["role"], string>>;
  readonly redemptions: string;
  readonly creditLeft: string;
  readonly returned: string;
  readonly amount: string;
  readonly file: string;
  readonly paymentStates: Readonly<Record<PaymentState, string>>;
  readonly kinds: Readonly<Record<AccountKind, string>>;
  readonly keys: Readonly<Record<Key, string>>;
};

export const WORDS: Readonly<Record<Language, Words>> = {
  it: {
    decimalMark: ",",
    statement: "Estratto conto",
    account: "Conto",
    month: "Mese",
    configuration: "Configurazione",
    channel: "Canale",
    injected: "Immessa kWh",
    withdrawn: "Prelevata kWh",
    coincident: "Coincidente kWh",
    attributed: "Attribuita kWh",
    shared: "Condivisa kWh",
    accrued: "Maturato €",
    received: "Ricevuto €",
    missingHours: "ore senza misura, contate come zero",
    hoursWithoutPrice: "ore senza prezzo zonale",
    rule: "Regola",
    remainders: {
      dust: "Arrotondamenti e quote senza aventi diritto",
      "excess-dust": "Eccedenza senza aventi diritto e arrotondamenti",
      "held-excess": "Tariffa eccedentaria, accantonata fino al conguaglio",
      "held-advance": "Acconto, trattenuto fino al conguaglio",
      "passed-through": "Ricevuto per suo conto",
    },
    community: "Comunità",
    pools: {
      ordinary: "Da dividere €",
      excess: "Eccedenza da dividere €",
      heldExcess: "Eccedenza accantonata fino al conguaglio €",
      heldAdvance: "Trattenuta sull'acconto fino al conguaglio €",
    },
    ofExcess: "eccedenza",
    entitled: "Spettante €",
    entitledInAll: "Spettante in tutto",
    paid: "Pagato €",
    owed: "Da pagare €",
    tokens: "Saldo in token",
    payouts: "Pagamenti",
    run: "Riparto",
    difference: "Differenza",
    reasons: {
      first: "primo riparto del mese",
      receipts: "nuovi incassi",
      adjustment: "conguaglio annuale",
      roster: "membri o contatori cambiati",
      readings: "misure corrette",
      excess: "quota eccedentaria dell'anno aggiornata",
    },
    block: "blocco",
    transaction: "transazione",
    nothingPaid: "Nessun pagamento finora.",
    netted: "da compensare con i prossimi importi; nulla da versare",
    belowMinimum: "si somma ai prossimi importi: si paga da",
    short: "i fondi non bastano per tutti: a ciascuno la stessa quota, il resto segue",
    kept: "tenuto fino al conguaglio, non si paga",
    open: "aperto",
    closed: "chiuso",
    provisional: "provvisorio",
    state: "Stato",
    total: "Totale",
    why: "Perché questo importo",
    rulesFrom: "regole dal",
    proof: "Il revisore può ricalcolare ogni cifra dalla catena (condivisa audit).",
    writeOffs: "Debiti stralciati",
    writtenOff: { debtor: "debito assunto da un fondo", fund: "debito di un altro conto, assunto da questo fondo" },
    redemptions: "Bonifici",
    creditLeft: "Credito non ancora disposto",
    returned: "di cui restituito",
    amount: "Importo €",
    file: "Distinta",
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
  },
  en: {
    decimalMark: ".",
    statement: "Statement",
    account: "Account",
    month: "Month",
    configuration: "Configuration",
    channel: "Channel",
    injected: "Injected kWh",
    withdrawn: "Withdrawn kWh",
    coincident: "Coincident kWh",
    attributed: "Attributed kWh",
    shared: "Shared kWh",
    accrued: "Accrued €",
    received: "Received €",
    missingHours: "hours without a reading, counted as zero",
    hoursWithoutPrice: "hours without a zonal price",
    rule: "Rule",
    remainders: {
      dust: "Rounding and shares that nobody could claim",
      "excess-dust": "Excess that nobody could claim, and its rounding",
      "held-excess": "Excess premium, held until the adjustment",
      "held-advance": "Advance, held back until the adjustment",
      "passed-through": "Received on its behalf",
    },
    community: "Community",
    pools: {
      ordinary: "To divide €",
      excess: "Excess to divide €",
      heldExcess: "Excess held until the adjustment €",
      heldAdvance: "Held back of the advance until the adjustment €",
    },
    ofExcess: "excess",
    entitled: "Entitled €",
    entitledInAll: "Entitled in all",
    paid: "Paid €",
    owed: "Owed €",
    tokens: "Balance in tokens",
    payouts: "Payouts",
    run: "Run",
    difference: "Difference",
    reasons: {
      first: "first run on the month",
      receipts: "new receipts",
      adjustment: "yearly adjustment",
      roster: "other members or meters",
      readings: "corrected readings",
      excess: "the year's part beyond the threshold changed",
    },
    block: "block",
    transaction: "transaction",
    nothingPaid: "Nothing paid so far.",
    netted: "netted against what comes next; nothing to pay in",
    belowMinimum: "waits for what comes next: paid from",
    short: "not enough for all: each gets the same fraction, the rest follows",
    kept: "kept until the adjustment, never paid",
    open: "open",
    closed: "closed",
    provisional: "provisional",
    state: "State",
    total: "Total",
    why: "Why this amount",
    rulesFrom: "rules from",
    proof: "The auditor can recompute every figure from the chain (condivisa audit).",
    writeOffs: "Debts written off",
    writtenOff: { debtor: "debt taken over by a fund", fund: "debt of another account, taken over by this fund" },
    redemptions: "Bank transfers",
    creditLeft: "Credit not yet transferred",
    returned: "of which returned",
    amount: "Amount €",
    file: "File",
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
  },
};

/** A decimal as the language writes it: `1234,56` in Italian. */
export function localNumber(decimal: string, { decimalMark }: Words): string {
  return decimal.replace(".", decimalMark);
}
