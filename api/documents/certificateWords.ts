/** What a yearly certificate and GSE's evidence say, in Italian and English. */

import type { Beneficiary } from "../../settlement/excessEvidence.ts";
import type { PlantSetName } from "../../settlement/premium.ts";
import { type Language, TERMS } from "../../settlement/terms.ts";

export type CertificateWords = {
  readonly title: (year: number) => string;
  readonly statement: (community: string, year: number) => string;
  readonly byKind: string;
  readonly kind: string;
  readonly amount: string;
  readonly total: string;
  readonly payouts: string;
  readonly date: string;
  readonly run: string;
  readonly nothingPaid: string;
  readonly atTheEnd: (date: string) => string;
  readonly transferred: string;
  readonly credit: string;
  readonly ordered: string;
  readonly owed: string;
  readonly signature: string;
  readonly notes: string;
};

export const CERTIFICATE_WORDS: Readonly<Record<Language, CertificateWords>> = {
  it: {
    title: (year) => `Certificazione degli importi pagati nel ${year}`,
    statement: (community, year) =>
      `${community} attesta di avere pagato nell'anno ${year}, per le voci e nelle date indicate, gli importi che seguono.`,
    byKind: "Importi per voce",
    kind: "Voce",
    amount: "Importo €",
    total: "Totale pagato",
    payouts: "Pagamenti",
    date: "Data",
    run: "Riparto",
    nothingPaid: "Nell'anno non è stato pagato nulla.",
    atTheEnd: (date) => `Situazione al ${date}`,
    transferred: "Bonifici eseguiti nell'anno, al netto di quelli restituiti",
    credit: "Credito non ancora disposto",
    ordered: "Bonifici disposti, in attesa della banca",
    owed: "Da pagare",
    signature: "Data e firma",
    notes:
      "Un importo conta nell'anno in cui è stato pagato, cioè accreditato sul conto nella comunità, di qualunque mese sia la " +
      "misura. Gli importi sono al netto di quanto il GSE ha trattenuto. Una voce negativa è stata recuperata: il GSE l'ha " +
      "richiesta indietro e si è compensata con le altre.",
  },
  en: {
    title: (year) => `Certificate of amounts paid in ${year}`,
    statement: (community, year) =>
      `${community} certifies that in the year ${year} it paid the amounts below, by kind and on the dates stated.`,
    byKind: "Amounts by kind",
    kind: "Kind",
    amount: "Amount €",
    total: "Paid in all",
    payouts: "Payouts",
    date: "Date",
    run: "Run",
    nothingPaid: "Nothing was paid in the year.",
    atTheEnd: (date) => `Standing on ${date}`,
    transferred: "Bank transfers executed in the year, less those returned",
    credit: "Credit not yet ordered",
    ordered: "Transfers ordered, waiting for the bank",
    owed: "Owed",
    signature: "Date and signature",
    notes:
      "An amount counts in the year in which it was paid, that is credited to the account within the community, whatever month " +
      "it is for. Amounts are net of what GSE withheld. A negative kind was recovered: GSE took it back, and it was netted " +
      "against the others.",
  },
};

export type EvidenceWords = {
  readonly title: (year: number) => string;
  readonly area: string;
  readonly adjusted: (block: bigint) => string;
  readonly notAdjusted: string;
  readonly threshold: string;
  readonly plantSet: string;
  readonly plantSets: Readonly<Record<PlantSetName, string>>;
  readonly injected: string;
  readonly attributed: string;
  readonly quota: string;
  readonly limit: string;
  readonly accrued: string;
  readonly received: string;
  readonly month: string;
  readonly premium: string;
  readonly otherReceipts: string;
  readonly ordinary: string;
  readonly excess: string;
  readonly held: string;
  readonly total: string;
  readonly where: string;
  readonly rule: string;
  readonly ruleOf: (rule: number, ruleSet: number) => string;
  readonly beneficiary: string;
  readonly beneficiaries: Readonly<Record<Beneficiary, string>>;
  readonly share: string;
  readonly amount: string;
  readonly pools: Readonly<Record<"ordinary" | "excess" | "beside", string>>;
  readonly useOfExcess: string;
  readonly toNonEnterprises: string;
  readonly toSocialFunds: string;
  readonly toOthers: string;
  readonly notes: string;
};

export const EVIDENCE_WORDS: Readonly<Record<Language, EvidenceWords>> = {
  it: {
    title: (year) => `Benefici e impiego dell'importo eccedentario ${year}`,
    area: "Configurazione",
    adjusted: (block) => `Conguaglio dell'anno registrato al blocco ${block}.`,
    notAdjusted: "Il conguaglio dell'anno non è registrato: l'eccedenza è accantonata.",
    threshold: "Soglia",
    plantSet: "Impianti",
    plantSets: { withoutGrant: "senza contributo in conto capitale", withGrant: "con contributo in conto capitale" },
    injected: "Immessa kWh",
    attributed: "Attribuita kWh",
    quota: "Quota",
    limit: "Soglia",
    accrued: "Premio maturato €",
    received: "Incassi e loro destinazione",
    month: "Mese",
    premium: "Tariffa premio €",
    otherReceipts: "Altri €",
    ordinary: "Fondo ordinario €",
    excess: "Eccedenza €",
    held: "Accantonato €",
    total: "Totale",
    where: "A chi sono andati",
    rule: "Regola",
    ruleOf: (rule, ruleSet) => `${rule}. (regolamento ${ruleSet})`,
    beneficiary: "Beneficiario",
    beneficiaries: {
      ...TERMS.it.classes,
      "social-fund": "fondo a fini sociali",
      fund: "fondo",
      reserve: "accantonamento",
      "passed-through": "per conto di chi spetta",
    },
    share: "Quota",
    amount: "Importo €",
    pools: { ordinary: "Fondo ordinario", excess: "Importo eccedentario", beside: "Accantonato o per conto di terzi" },
    useOfExcess: "Impiego dell'importo eccedentario",
    toNonEnterprises: "A consumatori diversi dalle imprese",
    toSocialFunds: "A fini sociali",
    toOthers: "Ad altri",
    notes:
      "L'eccedenza di un mese è la tariffa premio incassata × (eccedenza maturata ÷ premio maturato) da gennaio; " +
      "l'eccedenza maturata è, per ciascuno dei due insiemi di impianti, premio maturato × (energia attribuita ÷ energia " +
      "immessa − soglia). Ogni importo è ricalcolabile dalla catena.",
  },
  en: {
    title: (year) => `Benefits and use of the excess, ${year}`,
    area: "Configuration",
    adjusted: (block) => `The year's adjustment is booked at block ${block}.`,
    notAdjusted: "The year's adjustment is not booked: the excess is held.",
    threshold: "Threshold",
    plantSet: "Plants",
    plantSets: { withoutGrant: "without a capital grant", withGrant: "with a capital grant" },
    injected: "Injected kWh",
    attributed: "Attributed kWh",
    quota: "Quota",
    limit: "Threshold",
    accrued: "Premium accrued €",
    received: "Receipts and what they became",
    month: "Month",
    premium: "Premium €",
    otherReceipts: "Others €",
    ordinary: "Ordinary pool €",
    excess: "Excess €",
    held: "Held €",
    total: "Total",
    where: "Where it went",
    rule: "Rule",
    ruleOf: (rule, ruleSet) => `${rule}. (rule set ${ruleSet})`,
    beneficiary: "Beneficiary",
    beneficiaries: {
      ...TERMS.en.classes,
      "social-fund": "fund with a social purpose",
      fund: "fund",
      reserve: "reserve",
      "passed-through": "on behalf of whom it belongs to",
    },
    share: "Share",
    amount: "Amount €",
    pools: { ordinary: "Ordinary pool", excess: "Excess", beside: "Held, or on behalf of others" },
    useOfExcess: "Use of the excess",
    toNonEnterprises: "To consumers that are not enterprises",
    toSocialFunds: "To social purposes",
    toOthers: "To others",
    notes:
      "The excess of a month is the premium received × (excess accrued ÷ premium accrued) since January; the excess accrued is, " +
      "for each of the two sets of plants, premium accrued × (energy attributed ÷ energy injected − threshold). Every amount " +
      "can be recomputed from the chain.",
  },
};
