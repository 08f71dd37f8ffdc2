/** The words of `condivisa payee`, `write-off` and `close`, in Italian and English. */

import type { Language } from "../settlement/terms.ts";

export type AccountWords = {
  readonly columns: {
    readonly name: string;
    readonly kind: string;
    readonly state: string;
    readonly wallet: string;
  };
  readonly open: string;
  readonly closed: string;
  readonly accredited: string;
  /** In the place of a wallet. */
  readonly noWallet: string;
  readonly pending: string;
  readonly nothingPending: string;
  readonly transfers: (on: boolean) => string;
  readonly change: (number: number, account: string, from: string, to: string) => string;
  readonly proposed: (by: string) => string;
  /** `until`: a local hour. */
  readonly approved: (by: string, until: string) => string;
  readonly objected: (isOldWallet: boolean, reason: string) => string;
  readonly completed: string;
  readonly cancelled: string;
  readonly next: {
    readonly proposed: string;
    readonly approved: string;
    readonly objected: string;
    /** What the community file has to say from now on; undefined for no wallet. */
    readonly completed: (wallet: string | undefined) => string;
  };
  /** The step was done by an earlier call. */
  readonly earlier: string;
  readonly writtenOff: (amount: string, debtor: string, fund: string, reason: string) => string;
  readonly owed: string;
  readonly before: string;
  readonly after: string;
  readonly closedNow: (account: string) => string;
  readonly audit: (ok: boolean) => string;
};

export const ACCOUNT_WORDS: Readonly<Record<Language, AccountWords>> = {
  it: {
    columns: { name: "Conto", kind: "Tipo", state: "Stato", wallet: "Portafoglio" },
    open: "aperto",
    closed: "chiuso",
    accredited: "accreditato",
    noWallet: "senza portafoglio",
    pending: "Cambi in corso",
    nothingPending: "Nessun cambio in corso.",
    transfers: (on) =>
      on
        ? "Trasferimenti: attivati dal consiglio, dai membri ai conti accreditati."
        : "Trasferimenti: disattivati; il credito si può solo riscuotere.",
    change: (number, account, from, to) => `Cambio ${number}, ${account}: ${from} → ${to}`,
    proposed: (by) => `proposto dal segretario (${by})`,
    approved: (by, until) => `approvato dal presidente (${by}); opposizioni fino al ${until}`,
    objected: (isOldWallet, reason) =>
      `fermo per opposizione ${isOldWallet ? "del vecchio portafoglio" : "del revisore"}: ${reason}`,
    completed: "eseguito",
    cancelled: "annullato",
    next: {
      proposed: "Ora la seconda persona lo confronta con quanto il titolare ha chiesto: condivisa payee approve",
      approved: "Passato il tempo per le opposizioni: condivisa payee complete",
      objected: "Si ritira l'opposizione (condivisa payee withdraw) o si annulla il cambio (condivisa payee cancel).",
      completed: (wallet) =>
        wallet === undefined
          ? "Nel file della comunità si toglie `wallet` da questo conto."
          : `Nel file della comunità, per questo conto: wallet: "${wallet}"`,
    },
    earlier: "Era già così; non è stato fatto nulla.",
    writtenOff: (amount, debtor, fund, reason) =>
      `Stralciati ${amount} € del debito di ${debtor}, assunti da ${fund}: ${reason}`,
    owed: "Da pagare €",
    before: "prima",
    after: "dopo",
    closedNow: (account) =>
      `${account}: conto chiuso. Continua a ricevere e riscuotere, senza importo minimo; non avrà altri contatori.`,
    audit: (ok) => (ok ? "Verifica senza differenze." : "La verifica ha trovato differenze: vedi audit.json."),
  },
  en: {
    columns: { name: "Account", kind: "Kind", state: "State", wallet: "Wallet" },
    open: "open",
    closed: "closed",
    accredited: "accredited",
    noWallet: "no wallet",
    pending: "Pending changes",
    nothingPending: "No change is pending.",
    transfers: (on) =>
      on
        ? "Transfers: turned on by the council, from members to accredited accounts."
        : "Transfers: off; credit can only be redeemed.",
    change: (number, account, from, to) => `Change ${number}, ${account}: ${from} → ${to}`,
    proposed: (by) => `proposed by the secretary (${by})`,
    approved: (by, until) => `approved by the president (${by}); objections until ${until}`,
    objected: (isOldWallet, reason) =>
      `stopped by an objection of the ${isOldWallet ? "old wallet" : "auditor"}: ${reason}`,
    completed: "completed",
    cancelled: "cancelled",
    next: {
      proposed: "Now the second person compares it with what the holder asked for: condivisa payee approve",
      approved: "Once the time for objections is over: condivisa payee complete",
      objected:
        "Have the objection withdrawn (condivisa payee withdraw), or cancel the change (condivisa payee cancel).",
      completed: (wallet) =>
        wallet === undefined
          ? "In the community file, take `wallet` of this account out."
          : `In the community file, for this account: wallet: "${wallet}"`,
    },
    earlier: "It was so already; nothing was done.",
    writtenOff: (amount, debtor, fund, reason) =>
      `Written off ${amount} € of the debt of ${debtor}, taken over by ${fund}: ${reason}`,
    owed: "Owed €",
    before: "before",
    after: "after",
    closedNow: (account) =>
      `${account}: account closed. It goes on receiving and redeeming, without a minimum; it gets no more meters.`,
    audit: (ok) => (ok ? "Audit without a difference." : "The audit found differences: see audit.json."),
  },
};
