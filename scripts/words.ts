/** The words of statements and tables, in Italian and English. */

import type { Pools } from "../settlement/pools.ts";
import { type Language, TERMS, type Terms } from "../settlement/terms.ts";

/** A label that ends with a unit stands over columns: `Paid €`; in a sentence the unit follows the number. */
export type Words = Terms & {
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
  readonly block: string;
  readonly transaction: string;
  readonly nothingPaid: string;
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
  readonly redemptions: string;
  readonly creditLeft: string;
  readonly returned: string;
  readonly amount: string;
  readonly file: string;
};

export const WORDS: Readonly<Record<Language, Words>> = {
  it: {
    ...TERMS.it,
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
    block: "blocco",
    transaction: "transazione",
    nothingPaid: "Nessun pagamento finora.",
    open: "aperto",
    closed: "chiuso",
    provisional: "provvisorio",
    state: "Stato",
    total: "Totale",
    why: "Perché questo importo",
    rulesFrom: "regole dal",
    proof: "Il revisore può ricalcolare ogni cifra dalla catena (condivisa audit).",
    writeOffs: "Debiti stralciati",
    redemptions: "Bonifici",
    creditLeft: "Credito non ancora disposto",
    returned: "di cui restituito",
    amount: "Importo €",
    file: "Distinta",
  },
  en: {
    ...TERMS.en,
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
    block: "block",
    transaction: "transaction",
    nothingPaid: "Nothing paid so far.",
    open: "open",
    closed: "closed",
    provisional: "provisional",
    state: "State",
    total: "Total",
    why: "Why this amount",
    rulesFrom: "rules from",
    proof: "The auditor can recompute every figure from the chain (condivisa audit).",
    writeOffs: "Debts written off",
    redemptions: "Bank transfers",
    creditLeft: "Credit not yet transferred",
    returned: "of which returned",
    amount: "Amount €",
    file: "File",
  },
};
