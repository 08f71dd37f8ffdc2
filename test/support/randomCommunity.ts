/** Random communities, all from one seed: members, plants, rules, readings and receipts. */

import { zeroHash } from "viem";
import type { Receipt } from "../../chain/payout.ts";
import { seededRandom } from "../../examples/generate/random.ts";
import { endOfMonth, type Hour, type Month } from "../../settlement/hours.ts";
import {
  type Channel,
  CLASSES,
  type MemberClass,
  type Plant,
  type Roster,
  waterfallOrder,
} from "../../settlement/roster.ts";
import { KEYS, type Rule, type RuleSet, WHOLE } from "../../settlement/rules.ts";
import { type PlayedCommunity, premium } from "./playedCommunity.ts";

/** January 2026, of which only the last days are recorded, and the whole of February. */
export const JANUARY: Month = 2026 * 12;
export const FEBRUARY: Month = JANUARY + 1;

export type RandomCommunity = {
  readonly community: PlayedCommunity;
  readonly receipts: readonly Receipt[];
  /** Random sizes of chunks, and when receipts come. */
  readonly random: () => number;
};

export function randomCommunity(seed: number): RandomCommunity {
  const random = seededRandom(seed);
  const whole = (below: number) => Math.floor(random() * below);
  const pick = <T>(values: readonly T[], fallback: T): T => values[whole(values.length)] ?? fallback;

  const members = 1 + whole(14);
  const funds = 1 + whole(3);
  const classes = Array.from({ length: members }, (): MemberClass => pick(CLASSES, "impresa"));
  const configurations = Array.from({ length: 1 + whole(2) }, (_, index) => {
    const firstHour = endOfMonth(JANUARY) - 24 * (1 + whole(2)) - whole(5);
    // The second configuration may begin a month later.
    const begins = index === 1 && random() < 0.4 ? endOfMonth(JANUARY) : firstHour;
    return { firstHour: begins, rosters: randomRosters(begins) };
  });

  function randomRosters(begins: Hour): { effectiveHour: Hour; roster: Roster }[] {
    const injections = 1 + whole(4);
    const withdrawals = 1 + whole(12);
    const first = rosterOf(
      Array.from({ length: injections + withdrawals }, (_, i) => channel(i + 1)),
      injections,
    );
    if (random() < 0.5) return [{ effectiveHour: begins, roster: first }];
    // One withdrawal channel is closed and another opened in the middle of February.
    const next = channel(injections + withdrawals + 1);
    const second: Roster = { ...first, withdrawal: [...first.withdrawal.slice(1), next] };
    return [
      { effectiveHour: begins, roster: first },
      { effectiveHour: endOfMonth(JANUARY) + 24 * (1 + whole(26)) + whole(24), roster: second },
    ];
  }

  function channel(number: number): Channel {
    const account = 1 + whole(members);
    const weight = random() < 0.1 ? 0xffff_ffff : whole(10);
    return { number, account, class: classes[account - 1] ?? "impresa", exempt: random() < 0.5, weight };
  }

  function rosterOf(channels: readonly Channel[], injections: number): Roster {
    const injection = channels.slice(0, injections);
    const plants = injection.map(({ number }, index): Plant => {
      const commissioned = `20${10 + whole(12)}-0${1 + whole(9)}-1${whole(10)}`;
      const tariff = random() < 0.5 ? 1_100_000 : 1_000_000;
      return {
        number: index + 1,
        channel: number,
        commissioned,
        power: 1000 + whole(199_000),
        regime: "42-bis",
        tariff,
      };
    });
    return { injection, withdrawal: channels.slice(injections), plants: waterfallOrder(plants) };
  }

  function ruleSet(fromMonth: Month): RuleSet {
    const fund = () => members + 1 + whole(funds);
    const rules: Rule[] = [];
    let left = WHOLE;
    while (left > 0) {
      const share = rules.length === 5 ? left : Math.min(left, 1 + whole(WHOLE));
      left -= share;
      const key = pick(KEYS, "equal");
      const served = CLASSES.filter(() => random() < 0.6);
      if (key === "fund") rules.push({ share, key, classes: [], fund: fund() });
      else rules.push({ share, key, classes: served.length === 0 ? ["persona_fisica"] : served, fund: 0 });
    }
    return { fromMonth, fallbackFund: fund(), documentHash: zeroHash, rules };
  }

  const wild = random() < 0.3;
  const salt = whole(2 ** 31);
  const reading = (configuration: number, number: number, hour: Hour): number | undefined => {
    const own = seededRandom(salt ^ (configuration * 7919 + number * 104_729 + hour * 31));
    const mood = own();
    if (mood < 0.01) return undefined;
    if (mood < 0.3) return 0;
    return wild ? Math.floor(own() * 2 ** 32) : Math.floor(own() * 4000);
  };

  const receipts = Array.from({ length: 2 + whole(6) }, (_, index) => {
    const configuration = whole(configurations.length);
    const begins = configurations[configuration]?.firstHour ?? 0;
    const month = begins >= endOfMonth(JANUARY) || random() < 0.5 ? FEBRUARY : JANUARY;
    const cents = BigInt(whole(1_000_000)) - (random() < 0.3 ? 700_000n : 0n);
    return premium(configuration, month, cents * 10_000n, `document ${index}`);
  });

  const ruleSets = random() < 0.5 ? [ruleSet(JANUARY)] : [ruleSet(JANUARY), ruleSet(FEBRUARY)];
  const grade = pick(["estimated", "distributor", "GSE-matched"] as const, "distributor");
  return { community: { members, funds, configurations, ruleSets, reading, grade }, receipts, random };
}
