/** What is odd in the readings of a day. */

import { formatHour, type Hour } from "../settlement/hours.ts";
import type { AlarmText } from "./alarms.ts";
import type { ImplausibleHour, SpanReadings } from "./spanReadings.ts";

/** What meters said that cannot be, or registers did that a meter's does not: one alarm a meter and kind. */
export function oddReadings({ findings, implausible }: SpanReadings): AlarmText[] {
  const tooMuch = [...Map.groupBy(implausible, ({ meter }) => meter).values()].flatMap(implausibleHours);
  const registers = findings.map(({ meter, kind, at }): AlarmText => {
    const moment = new Date(at * 1000).toISOString().replace(".000Z", "Z");
    switch (kind) {
      case "implausible": {
        const text = `${meter}: its register leapt at ${moment} by more than its power allows: that is not believed`;
        return { kind: "meter-implausible", subject: `${meter} register`, text, remedy: POWER };
      }
      case "conflicting": {
        const text = `${meter}: its register showed two things at ${moment}: the first counts`;
        return { kind: "meter-conflicting", subject: meter, text, remedy: TWO_DEVICES };
      }
      default: {
        const text = `${meter}: its register made a ${kind} at ${moment}`;
        return { kind: "meter-register", subject: meter, text, remedy: CHANGED };
      }
    }
  });
  // Of each the last one stands for all of the day.
  return [...new Map([...tooMuch, ...registers].map((alarm) => [`${alarm.kind} ${alarm.subject}`, alarm])).values()];
}

/** A recorded day is known otherwise, but from a source that is worth less. */
export function worthLess(ledger: string, firstHour: Hour): AlarmText {
  const text = `the day from ${formatHour(firstHour)} is known otherwise than it was recorded, but from a source that is worth less`;
  return { kind: "worth-less", subject: ledger, text, remedy: "Import the distributor's readings of that day" };
}

/** A meter said two things of one moment. */
export function conflictingMeter(meter: string): AlarmText {
  const text = `${meter} said two things of one moment: the first counts`;
  return { kind: "meter-conflicting", subject: meter, text, remedy: TWO_DEVICES };
}

const POWER = "See what it sends, and the unit; if so much can flow, raise its `power_kw` in the oracle's file";
const TWO_DEVICES = "Look whether two devices send under its topic";
const CHANGED = "If the meter was changed or reset, nothing need be done; else see what it sends";

function implausibleHours(hours: readonly ImplausibleHour[]): AlarmText[] {
  const last = hours.reduce((a, b) => (b.hour >= a.hour ? b : a));
  const { meter, hour, direction, source, wattHours, mostPower } = last;
  const others = hours.length === 1 ? "" : `; so are ${hours.length - 1} more values of that day`;
  const text =
    `${meter}: ${wattHours} Wh ${direction} in the hour from ${formatHour(hour)} (${source}) is beyond its power of ` +
    `${mostPower} W, and not believed${others}`;
  return [{ kind: "meter-implausible", subject: meter, text, remedy: POWER }];
}
