/** The work on all ledgers of a community, round after round: what is ready is recorded, what is known better corrected. */

import type { Logger } from "pino";
import type { Address } from "viem";
import { formatHour, type Hour } from "../settlement/hours.ts";
import type { Message } from "./adapters/adapter.ts";
import type { Alarms, AlarmText } from "./alarms.ts";
import { Council, type CouncilSettings, type Suspicion } from "./council.ts";
import { oddReadings, worthLess } from "./dayAlarms.ts";
import type { Metrics } from "./health.ts";
import type { Inbox } from "./inbox.ts";
import type { LedgerAccess } from "./ledgerAccess.ts";
import {
  correctDays,
  type Done,
  type LedgerSettings,
  type LedgerState,
  type LedgerWork,
  recordDays,
} from "./ledgerWork.ts";
import type { Listeners } from "./messages.ts";
import type { Outbox } from "./outbox.ts";
import { PROBLEMS, problemOf, stackOf } from "./problems.ts";
import { type SpanReadings, waitingReader } from "./spanReadings.ts";
import { parseVote, voteTopic } from "./votes.ts";
import { type Block, clockByChain, gapsAtDeadline, overdueBatch } from "./watch.ts";

type Ledgers = {
  readonly listeners: Listeners;
  readonly ledgers: readonly { readonly access: LedgerAccess; readonly settings: LedgerSettings }[];
  readonly inbox: Inbox;
  readonly outbox: Outbox;
  readonly council: CouncilSettings;
  readonly log: Logger;
};

const SECONDS_PER_HOUR = 3600;
/** Distributors correct their readings until the second month after; who has not got them by then will not. */
const GAP_HOURS = 62 * 24;
const CLOCK_SECONDS = 60;
const HOURS_PER_DAY = 24;
/** 61 months: so long GSE may ask for a reading, or correct it; after that nobody needs people's curves. */
const KEPT_HOURS = 61 * 31 * HOURS_PER_DAY;

export class LedgerRounds {
  readonly #inbox: Inbox;
  readonly #outbox: Outbox;
  readonly #log: Logger;
  readonly #alarms: Alarms;
  readonly #metrics: Metrics;
  readonly #now: () => number;
  /** By the topic on which their oracles vote. */
  readonly #works: ReadonlyMap<string, LedgerWork>;
  readonly #listened: readonly string[];
  readonly #states = new Map<Address, LedgerState>();
  #newest: { readonly block: Block; readonly at: number } | undefined;
  #clock: readonly AlarmText[] = [];
  #forgottenBefore: Hour = 0;

  /**
   * @param now seconds since the Unix epoch, of the wall
   * @param publish sends a vote to the other oracles
   */
  constructor(
    { ledgers, inbox, outbox, council, listeners, log }: Ledgers,
    alarms: Alarms,
    metrics: Metrics,
    now: () => number,
    publish: (topic: string, vote: string) => void,
  ) {
    this.#inbox = inbox;
    this.#outbox = outbox;
    this.#log = log;
    this.#alarms = alarms;
    this.#metrics = metrics;
    this.#now = now;
    this.#listened = [...new Set([...listeners.values()].flatMap((each) => each.map(({ meter }) => meter)))];
    const onLook = (known: SpanReadings) => {
      for (const alarm of oddReadings(known)) alarms.raise(alarm);
    };
    const works = ledgers.map(({ access: ledger, settings }) => {
      const topic = voteTopic(ledger.address);
      const suspect = (suspicion: Suspicion) => alarms.raise(suspected(suspicion));
      const own = new Council(ledger, outbox, council, (vote) => publish(topic, JSON.stringify(vote)), suspect);
      const onDone = (done: Done) => this.#tell(ledger.address, done);
      const readWaiting = waitingReader(inbox, settings.rulesOf);
      return [topic, { ledger, inbox, outbox, settings, council: own, readWaiting, onDone, onLook }] as const;
    });
    this.#works = new Map(works);
  }

  get voteTopics(): string[] {
    return [...this.#works.keys()];
  }

  /** Hands a vote to its council; other messages are none of its business. */
  receive({ topic, payload }: Message): void {
    const council = this.#works.get(topic)?.council;
    const vote = council && parseVote(payload);
    if (vote !== undefined) council?.receive(vote);
  }

  /** The meters that should be heard: those on a roster, as far as the chain has said; others are no longer read, or not yet. */
  meters(): readonly string[] {
    if (this.#states.size < this.#works.size) return this.#listened;
    const onRoster = new Set([...this.#states.values()].flatMap(({ meters }) => meters));
    return this.#listened.filter((meter) => onRoster.has(meter));
  }

  /** What the chain says of this machine's clock. */
  get clock(): readonly AlarmText[] {
    return this.#clock;
  }

  /**
   * One round; what fails is an alarm, and tried again in the next one.
   * @param time by which days are over, seconds since the Unix epoch
   */
  async round(time: number): Promise<void> {
    const works = [...this.#works.values()];
    const problems: AlarmText[] = [];
    // One after the other: between two of them messages are taken.
    for (const work of works) await this.#attempt(work, problems, () => this.#record(work, time));
    if (problems.length === 0) await this.#correct(works, problems);
    this.#alarms.replace(PROBLEMS, problems);
    this.#lookAt(works, problems, time);
    this.#forget();
  }

  /** Once a day of recorded hours. By the chain's time, for a clock that leaps must not cost a reading. */
  #forget(): void {
    const before = this.#recordedEverywhere() - KEPT_HOURS;
    if (before < this.#forgottenBefore + HOURS_PER_DAY) return;
    this.#inbox.forgetBefore(before);
    this.#outbox.forgetBefore(before);
    this.#forgottenBefore = before;
  }

  /** The first hour that not all ledgers have recorded, as far as is known. */
  #recordedEverywhere(): Hour {
    if (this.#states.size < this.#works.size) return 0;
    return Math.min(...[...this.#states.values()].map(({ next }) => next));
  }

  async #attempt<T>({ ledger }: LedgerWork, problems: AlarmText[], work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (error) {
      const problem = problemOf(ledger.address, error);
      if (problem.kind === "work-failed" && !this.#alarms.has(problem))
        this.#log.error({ stack: stackOf(error) }, "work on a ledger failed");
      problems.push(problem);
      return undefined;
    }
  }

  async #record(work: LedgerWork, time: number): Promise<void> {
    const state = await recordDays(work, time);
    this.#states.set(work.ledger.address, state);
    this.#metrics.nextHour.set({ ledger: work.ledger.address }, state.next);
    const at = this.#now();
    if (this.#newest !== undefined && at - this.#newest.at < CLOCK_SECONDS) return;
    const block = await work.ledger.newestBlock();
    const before = this.#newest && { number: this.#newest.block.number, at: this.#newest.at };
    this.#clock = clockByChain(block, before, at);
    this.#newest = { block, at };
  }

  /** Hours that not all ledgers have recorded yet wait; those that are open for one ledger are looked at again. */
  async #correct(works: readonly LedgerWork[], problems: AlarmText[]): Promise<void> {
    const changed = this.#inbox.changedHours(this.#recordedEverywhere());
    if (changed.length === 0) return;
    const hours = changed.map(({ hour }) => hour);
    const open = new Set<Hour>();
    for (const work of works) {
      const left = await this.#attempt(work, problems, () => correctDays(work, hours));
      for (const hour of left ?? hours) open.add(hour);
    }
    this.#inbox.forgetChanges(changed.filter(({ hour }) => !open.has(hour)));
  }

  #lookAt(works: readonly LedgerWork[], problems: readonly AlarmText[], time: number): void {
    const from = Math.floor(time / SECONDS_PER_HOUR) - GAP_HOURS;
    const isStuck = new Set(problems.map(({ subject }) => subject));
    const addresses = works.map(({ ledger }) => ledger.address);
    this.#alarms.replace(
      ["gap-at-deadline"],
      addresses.flatMap((ledger) => gapsAtDeadline(ledger, this.#outbox.gaps(ledger, from))),
    );
    this.#alarms.replace(
      ["batch-overdue"],
      works.flatMap(({ ledger, settings }) => {
        const state = this.#states.get(ledger.address);
        if (state === undefined || isStuck.has(ledger.address)) return [];
        return overdueBatch(ledger.address, state.next, state.end, settings.patience, time);
      }),
    );
  }

  #tell(ledger: Address, done: Done): void {
    if (done.kind === "kept") {
      this.#alarms.raise(worthLess(ledger, done.firstHour));
      return;
    }
    const { known, hours, kind, firstHour } = done;
    this.#metrics.batches.inc({ kind });
    const { missing, grade } = known;
    this.#log.info({ ledger, from: formatHour(firstHour), hours, missing, grade }, kind);
  }
}

function suspected({ kind, signer: subject, text }: Suspicion): AlarmText {
  const remedy = "Compare the two oracles' data; a broken or dishonest one is replaced by the council";
  return { kind, subject, text, remedy };
}
