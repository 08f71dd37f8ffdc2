/** What somebody has to look at, each with the remedy; raised once, until it is over. */

/**
 * `stops`: while it lasts the oracle cannot do its work, and `/health` answers 503. `passes`: it tells of something that happened, and is
 * over when that has not happened again for a week; the others tell of something that is so, and are over when it is no longer.
 */
const KINDS = {
  "batch-overdue": { stops: true, passes: false },
  "broker-unreachable": { stops: true, passes: false },
  "chain-refused": { stops: true, passes: false },
  "chain-unreachable": { stops: true, passes: false },
  "clock-off": { stops: true, passes: false },
  "disk-nearly-full": { stops: true, passes: false },
  "file-refused": { stops: false, passes: true },
  "folder-unreadable": { stops: false, passes: false },
  "gap-at-deadline": { stops: false, passes: false },
  "key-missing": { stops: true, passes: false },
  "message-unreadable": { stops: false, passes: true },
  "meter-clock-off": { stops: false, passes: false },
  "meter-conflicting": { stops: false, passes: true },
  "meter-implausible": { stops: false, passes: true },
  "meter-register": { stops: false, passes: true },
  "meter-silent": { stops: false, passes: false },
  "oracle-disagrees": { stops: false, passes: true },
  "oracle-equivocates": { stops: false, passes: true },
  "store-failed": { stops: true, passes: false },
  "work-failed": { stops: true, passes: false },
  "worth-less": { stops: false, passes: true },
} as const satisfies Record<string, { readonly stops: boolean; readonly passes: boolean }>;

export type AlarmKind = keyof typeof KINDS;

const isKind = (text: string): text is AlarmKind => Object.hasOwn(KINDS, text);
export const ALARM_KINDS: readonly AlarmKind[] = Object.keys(KINDS).filter(isKind);

/** Whether the oracle cannot do its work while an alarm of this kind lasts. */
export function stopsWork(kind: AlarmKind): boolean {
  return KINDS[kind].stops;
}

/** What an alarm says. */
export type AlarmText = {
  readonly kind: AlarmKind;
  /** Meter, ledger, topic or the like: of each kind there is one alarm for each, however often it happens. */
  readonly subject: string;
  readonly text: string;
  readonly remedy: string;
};

/** Seconds since the Unix epoch. */
export type Alarm = AlarmText & { readonly since: number };

const PASSES_SECONDS = 7 * 86_400;
/** What happens again and again is told no more often than this. */
const TOLD_SECONDS = 60;

type Raised = { readonly alarm: Alarm; readonly last: number; readonly told: number };

export class Alarms {
  readonly #raised = new Map<string, Raised>();
  readonly #onChange: (alarm: Alarm, isOver: boolean) => void;
  readonly #now: () => number;

  /**
   * @param onChange when an alarm is raised or over, and, once a minute at most, when what happened has happened again
   * @param now seconds since the Unix epoch
   */
  constructor(onChange: (alarm: Alarm, isOver: boolean) => void, now: () => number) {
    this.#onChange = onChange;
    this.#now = now;
  }

  raise(text: AlarmText): void {
    const now = this.#now();
    const before = this.#raised.get(keyOf(text));
    const alarm = { ...text, since: before?.alarm.since ?? now };
    const isToTell =
      before === undefined ||
      (KINDS[text.kind].passes && before.alarm.text !== text.text && now - before.told >= TOLD_SECONDS);
    this.#raised.set(keyOf(text), { alarm, last: now, told: isToTell ? now : before.told });
    if (isToTell) this.#onChange(alarm, false);
  }

  clear(kind: AlarmKind, subject: string): void {
    const raised = this.#raised.get(keyOf({ kind, subject }));
    if (raised !== undefined) this.#end(raised.alarm);
  }

  /** Raises these; others of these kinds are over. */
  replace(kinds: readonly AlarmKind[], alarms: readonly AlarmText[]): void {
    const standing = new Set(alarms.map(keyOf));
    for (const { alarm } of [...this.#raised.values()]) {
      if (kinds.includes(alarm.kind) && !standing.has(keyOf(alarm))) this.#end(alarm);
    }
    for (const alarm of alarms) this.raise(alarm);
  }

  /** Whether the same is raised, and says the same. */
  has(text: AlarmText): boolean {
    return this.#raised.get(keyOf(text))?.alarm.text === text.text;
  }

  /** Ends the alarms of what has not happened again for a week. */
  expire(): void {
    const now = this.#now();
    for (const { alarm, last } of [...this.#raised.values()]) {
      if (KINDS[alarm.kind].passes && now - last >= PASSES_SECONDS) this.#end(alarm);
    }
  }

  /** The oldest first. */
  list(): Alarm[] {
    return [...this.#raised.values()].map(({ alarm }) => alarm).toSorted((a, b) => a.since - b.since);
  }

  /** Whether the oracle can do its work. */
  isHealthy(): boolean {
    return [...this.#raised.values()].every(({ alarm }) => !stopsWork(alarm.kind));
  }

  #end(alarm: Alarm): void {
    this.#raised.delete(keyOf(alarm));
    this.#onChange(alarm, true);
  }
}

function keyOf({ kind, subject }: Pick<AlarmText, "kind" | "subject">): string {
  return `${kind} ${subject}`;
}
