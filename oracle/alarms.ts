/** What somebody has to look at, each with the remedy; raised once, until it is over. */

export const ALARM_KINDS = [
  "broker-unreachable",
  "chain-unreachable",
  "chain-refused",
  "clock-off",
  "disk-nearly-full",
  "file-refused",
  "gap-at-deadline",
  "meter-conflicting",
  "meter-implausible",
  "meter-register",
  "meter-silent",
  "message-unreadable",
  "oracle-disagrees",
  "oracle-equivocates",
  "worth-less",
] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export type Alarm = {
  readonly kind: AlarmKind;
  /** Meter, ledger or the like. */
  readonly subject: string;
  readonly text: string;
  readonly remedy: string;
  /** Seconds since the Unix epoch. */
  readonly since: number;
};

export class Alarms {
  readonly #raised = new Map<string, Alarm>();
  readonly #onChange: (alarm: Alarm, isOver: boolean) => void;

  constructor(onChange: (alarm: Alarm, isOver: boolean) => void) {
    this.#onChange = onChange;
  }

  raise(alarm: Alarm): void {
    const key = `${alarm.kind} ${alarm.subject}`;
    const before = this.#raised.get(key);
    this.#raised.set(key, before === undefined ? alarm : { ...alarm, since: before.since });
    if (before?.text !== alarm.text) this.#onChange(alarm, false);
  }

  clear(kind: AlarmKind, subject: string): void {
    const alarm = this.#raised.get(`${kind} ${subject}`);
    if (alarm === undefined) return;
    this.#raised.delete(`${kind} ${subject}`);
    this.#onChange(alarm, true);
  }

  /** The oldest first. */
  list(): Alarm[] {
    return [...this.#raised.values()].toSorted((a, b) => a.since - b.since);
  }
}
