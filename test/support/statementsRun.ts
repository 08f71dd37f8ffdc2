/** Which SQL statements this thread runs, whatever database they belong to. */

import { StatementSync } from "node:sqlite";

/** That a session or a key was used is written down now and then, whatever is asked. */
const NOW_AND_THEN = /^UPDATE (session|api_key) SET (seen_at|used_at)/;

export type Watch = {
  /** The SQL of what has been run since it was asked last, in order. */
  readonly take: () => string[];
  readonly end: () => void;
};

export function watchStatements(): Watch {
  const names = ["get", "all", "run", "iterate"] as const;
  const ran: string[] = [];
  const before = names.map((name) => [name, Object.getOwnPropertyDescriptor(StatementSync.prototype, name)] as const);
  for (const [name, descriptor] of before) {
    const original: unknown = descriptor?.value;
    if (typeof original !== "function") throw new Error(`StatementSync has no ${name}`);
    Object.defineProperty(StatementSync.prototype, name, {
      ...descriptor,
      value: function (this: StatementSync, ...values: unknown[]): unknown {
        if (!NOW_AND_THEN.test(this.sourceSQL)) ran.push(this.sourceSQL);
        return Reflect.apply(original, this, values);
      },
    });
  }
  return {
    take: () => ran.splice(0),
    end() {
      for (const [name, descriptor] of before) {
        if (descriptor !== undefined) Object.defineProperty(StatementSync.prototype, name, descriptor);
      }
    },
  };
}
