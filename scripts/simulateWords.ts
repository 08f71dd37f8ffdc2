/** The words of a simulation's report, in Italian and English. */

import type { Alternative } from "../settlement/alternatives.ts";
import type { Language } from "../settlement/terms.ts";

export type SimulateWords = {
  readonly title: string;
  readonly period: string;
  readonly hours: string;
  readonly money: Readonly<Record<"received" | "expected", string>>;
  readonly valorisation: string;
  readonly noValorisation: string;
  readonly scenarios: string;
  readonly scenario: string;
  readonly ownRules: string;
  readonly alternatives: Readonly<Record<Alternative, string>>;
  readonly shared: string;
  readonly accrued: string;
  readonly pool: string;
  readonly toFunds: string;
  readonly toMembers: string;
  readonly moved: string;
  readonly mean: string;
  readonly largest: string;
  readonly rank: string;
  readonly fairness: string;
  readonly ranking: string;
  readonly members: string;
  readonly member: string;
  readonly injected: string;
  readonly withdrawn: string;
  readonly shapleyEnergy: string;
  readonly shapleyMoney: string;
  readonly shapleyShare: string;
  readonly differences: string;
  readonly exact: string;
  /** Before and after the number of orders; then before the widest interval. */
  readonly sampled: readonly [string, string, string];
  readonly plants: string;
  readonly plantsExplained: string;
  readonly plant: string;
  readonly power: string;
  readonly attributed: string;
  readonly moreInjected: string;
  readonly moreShared: string;
  readonly moreAccrued: string;
  readonly compared: string;
};

export const SIMULATE_WORDS: Readonly<Record<Language, SimulateWords>> = {
  it: {
    title: "Simulazione delle regole",
    period: "Periodo",
    hours: "ore",
    money: {
      received:
        "Si dividono gli importi ricevuti; dove uno scenario cambia l'energia, il premio in proporzione al maturato, la valorizzazione in proporzione all'energia condivisa.",
      expected: "Si dividono gli importi attesi: il premio maturato,",
    },
    valorisation: "e la valorizzazione dell'energia condivisa a",
    noValorisation: "senza valorizzazione (--valorisation-rate)",
    scenarios: "Scenari",
    scenario: "Scenario",
    ownRules: "Regole della comunità",
    alternatives: {
      "attributed-injection": "Solo energia attribuita agli impianti",
      "coincident-injection": "Solo immissione coincidente",
      "coincident-withdrawal": "Solo prelievo coincidente",
      equal: "Parti uguali",
      "static-weight": "Solo quote fisse",
      "half-and-half": "Metà ai produttori, metà ai consumatori",
    },
    shared: "Condivisa kWh",
    accrued: "Maturato €",
    pool: "Da dividere €",
    toFunds: "Ai fondi €",
    toMembers: "Ai membri €",
    moved: "Da spostare",
    mean: "Scarto medio €",
    largest: "Scarto massimo €",
    rank: "Posto",
    fairness:
      "Il valore di Shapley di un membro è ciò che la sua presenza aggiunge, in media su tutti gli ordini in cui la comunità si sarebbe potuta formare: in kWh all'energia condivisa, in euro a ciò che si divide, il premio secondo le tariffe degli impianti e il resto secondo l'energia. Chi non aggiunge nulla ha zero, chi aggiunge lo stesso ha lo stesso. È un metro, non una regola: quanto più una ripartizione gli è vicina, tanto più ciascuno riceve ciò che porta, mentre fondi e solidarietà restano una scelta della comunità.",
    ranking:
      "«Da spostare» è la parte del denaro dei membri che dovrebbe passare da alcuni ad altri per arrivare al valore di Shapley in euro, lo scarto è la distanza di un membro da esso; il posto 1 è lo scenario più vicino. Ciò che va ai fondi non conta nel confronto.",
    members: "Membri",
    member: "Membro",
    injected: "Immessa kWh",
    withdrawn: "Prelevata kWh",
    shapleyEnergy: "Shapley kWh",
    shapleyMoney: "Shapley €",
    shapleyShare: "Shapley %",
    differences:
      "Sotto, per ogni scenario, l'importo di ciascuno in euro e, fra parentesi, quanto più o meno del valore di Shapley.",
    exact: "I valori di Shapley sono esatti.",
    sampled: [
      "I valori di Shapley sono stimati su",
      "ordini casuali; con il 95% di probabilità l'errore per membro è al più",
      "seme",
    ],
    plants: "Impianti: il prossimo kW",
    plantsExplained:
      "Che cosa aggiungerebbe 1 kW in più a ogni impianto nel periodo, se immettesse in proporzione a quanto misurato: l'energia immessa in più che trova un prelievo nella stessa ora è condivisa, il resto no.",
    plant: "Impianto",
    power: "kW",
    attributed: "Attribuita kWh",
    moreInjected: "+1 kW: immessa kWh",
    moreShared: "+1 kW: condivisa kWh",
    moreAccrued: "+1 kW: premio €",
    compared: "Rispetto ad A",
  },
  en: {
    title: "Simulation of rules",
    period: "Period",
    hours: "hours",
    money: {
      received:
        "What was received is divided; where a scenario changes the energy, the premium in proportion to what accrues, the valorisation in proportion to what is shared.",
      expected: "What is expected is divided: the premium accrued,",
    },
    valorisation: "and the valorisation of the shared energy at",
    noValorisation: "without valorisation (--valorisation-rate)",
    scenarios: "Scenarios",
    scenario: "Scenario",
    ownRules: "The community's rules",
    alternatives: {
      "attributed-injection": "Only energy attributed to plants",
      "coincident-injection": "Only coincident injection",
      "coincident-withdrawal": "Only coincident withdrawal",
      equal: "Equal parts",
      "static-weight": "Only static weights",
      "half-and-half": "Half to producers, half to consumers",
    },
    shared: "Shared kWh",
    accrued: "Accrued €",
    pool: "To divide €",
    toFunds: "To funds €",
    toMembers: "To members €",
    moved: "To move",
    mean: "Mean gap €",
    largest: "Largest gap €",
    rank: "Rank",
    fairness:
      "A member's Shapley value is what the member's presence adds, as a mean over all orders in which the community could have come together: in kWh to the shared energy, in euro to what is divided, the premium by the tariffs of the plants and the rest by the energy. Who adds nothing has zero, who adds the same has the same. It is a yardstick, not a rule: the nearer a division is to it, the more everyone gets what they bring, while funds and solidarity remain the community's choice.",
    ranking:
      "“To move” is the part of the members' money that would have to pass from some to others to arrive at the Shapley value in euro, the gap is a member's distance from it; rank 1 is the nearest scenario. What goes to funds is not compared.",
    members: "Members",
    member: "Member",
    injected: "Injected kWh",
    withdrawn: "Withdrawn kWh",
    shapleyEnergy: "Shapley kWh",
    shapleyMoney: "Shapley €",
    shapleyShare: "Shapley %",
    differences:
      "Below, for each scenario, what each gets in euro and, in brackets, how much more or less than the Shapley value.",
    exact: "The Shapley values are exact.",
    sampled: [
      "The Shapley values are estimated from",
      "random orders; with 95% probability a member's error is at most",
      "seed",
    ],
    plants: "Plants: the next kW",
    plantsExplained:
      "What 1 kW more at each plant would add over the period if it injected in proportion to what was measured: what more is injected and meets a withdrawal in the same hour is shared, the rest is not.",
    plant: "Plant",
    power: "kW",
    attributed: "Attributed kWh",
    moreInjected: "+1 kW: injected kWh",
    moreShared: "+1 kW: shared kWh",
    moreAccrued: "+1 kW: premium €",
    compared: "Compared with A",
  },
};
