/** Meters with dates: who is on the roster when, under which numbers, and what has to be adopted so that a ledger follows. */

import assert from "node:assert/strict";
import { parseCommunity } from "../../oracle/communityFile.ts";
import { planCommunity } from "../../oracle/communityPlan.ts";
import { rostersToAdopt } from "../../oracle/rosterChanges.ts";
import { type Hour, hoursOfMarketDay, marketDayOf } from "../../settlement/hours.ts";
import type { RosterVersion } from "../../settlement/keys.ts";
import { channelsOf, type Roster } from "../../settlement/roster.ts";

const startOf = (day: string): Hour => hoursOfMarketDay(day).firstHour;
const PLANT = "plant: { commissioned: 2021-05-01, power_kw: 6 }";

/** A community of these members, one a line of meters. */
function community(members: Record<string, string>): string {
  const entries = Object.entries(members).map(
    ([id, meters]) => `  - { id: ${id}, name: ${id}, class: persona_fisica, ${meters} }`,
  );
  return `name: C
configurations: [{ area: AC1 }]
members:
${entries.join("\n")}
funds: [{ id: cassa, name: Cassa, social: true }]
rules: [{ fallback: cassa, split: [{ share: 10000, key: equal }] }]
`;
}

function plan(members: Record<string, string>, known?: Parameters<typeof planCommunity>[2]) {
  return planCommunity(parseCommunity(community(members), "c.yaml"), "c.yaml", known);
}

/** Each roster as its first day and `channel:account` of every row. */
function told(rosters: readonly RosterVersion[]): string[] {
  return rosters.map(({ effectiveHour, roster }) => {
    const rows = channelsOf(roster).map(({ number, account }) => `${number}:${account}`);
    return `${effectiveHour === 0 ? "start" : marketDayOf(effectiveHour)} ${rows.join(" ")}`;
  });
}

const rostersOf = (planned: ReturnType<typeof plan>) => told(planned.configurations[0]?.rosters ?? []);

describe("meters with dates", () => {
  it("are on the roster from their first to their last day", () => {
    const members = {
      a: "meters: [{ id: m1 }]",
      b: "from: 2026-05-10, meters: [{ id: m2 }, { id: m3, until: 2026-06-30 }]",
      c: "until: 2026-05-31, meters: [{ id: m4 }]",
    };
    assert.deepEqual(rostersOf(plan(members)), [
      "start 1:1 2:3",
      "2026-05-10 1:1 2:3 3:2 4:2",
      "2026-06-01 1:1 3:2 4:2",
      "2026-07-01 1:1 3:2",
    ]);
  });

  it("pass to another member, another class, another plant under new numbers, and back under the old ones", () => {
    const members = {
      a: "meters: [{ id: m1, until: 2026-05-31 }, { id: m1, from: 2026-07-01 }]",
      b:
        "meters: [{ id: m1, from: 2026-06-01, until: 2026-06-30 }, { id: m2, until: 2026-07-31 }, " +
        `{ id: m2, from: 2026-08-01, class: impresa }, { id: m3, until: 2026-08-31 }, { id: m3, from: 2026-09-01, ${PLANT} }]`,
    };
    assert.deepEqual(rostersOf(plan(members)), [
      "start 1:1 2:2 3:2",
      "2026-06-01 2:2 3:2 4:2",
      "2026-07-01 1:1 2:2 3:2",
      "2026-08-01 1:1 3:2 5:2",
      "2026-09-01 6:2 1:1 5:2 7:2",
    ]);
  });

  it("keep their numbers when others are added, wherever in the file", () => {
    const before = plan({ a: `meters: [{ id: m1, ${PLANT} }]`, b: "meters: [{ id: m2 }]" });
    const known = { accounts: before.accounts, meters: before.meters };
    const after = plan(
      {
        z: "from: 2026-05-01, meters: [{ id: m0 }]",
        a: `meters: [{ id: m1, ${PLANT} }]`,
        b: "meters: [{ id: m2, until: 2026-05-31 }]",
      },
      known,
    );
    assert.deepEqual(
      after.accounts.map(({ number, id }) => `${number} ${id}`),
      ["1 a", "2 b", "3 cassa", "4 accantonamento-eccedenza", "5 accantonamento-anticipi", "6 z"],
    );
    assert.deepEqual(rostersOf(after), ["start 1:1 2:1 3:2", "2026-05-01 1:1 2:1 3:2 4:6", "2026-06-01 1:1 2:1 4:6"]);
    assert.throws(() => plan({ a: "meters: [{ id: m1 }]" }, known), /«b»: its account exists, but it is no longer in/);
  });

  for (const [name, meters, message] of [
    [
      "two entries on the same day",
      "meters: [{ id: m1, until: 2026-05-31 }, { id: m1, from: 2026-05-31 }]",
      /«m1»: repeated meter\. Each stands once at a time/,
    ],
    [
      "an end before the beginning",
      "meters: [{ id: m1, from: 2026-05-02, until: 2026-05-01 }]",
      /until: «2026-05-01»: before its first day/,
    ],
    [
      "an end after the member's",
      "until: 2026-05-31, meters: [{ id: m1, until: 2026-06-30 }]",
      /until: «2026-06-30»: after the member's last day, 2026-05-31/,
    ],
    ["a day that is none", "meters: [{ id: m1, from: 2026-02-30 }]", /from: «2026-02-30»: not a date/],
    ["an unknown class", "meters: [{ id: m1, class: barone }]", /class: «barone»: unknown class/],
  ] as const) {
    it(`refuse ${name}`, () => {
      assert.throws(() => plan({ a: meters }), message);
    });
  }
});

describe("rosters to adopt", () => {
  const [A, B, C] = [1, 2, 3].map(
    (weight): Roster => ({
      injection: [],
      withdrawal: [{ number: 1, account: 1, class: "persona_fisica", exempt: false, weight }],
      plants: [],
    }),
  ) as [Roster, Roster, Roster];
  const versions = (...all: [number, Roster][]) => all.map(([effectiveHour, roster]) => ({ effectiveHour, roster }));
  const range = { first: startOf("2026-03-01"), end: startOf("2026-06-01") };
  const [march, april, may, june] = ["2026-03-01", "2026-04-01", "2026-05-01", "2026-06-01"].map(startOf) as [
    number,
    number,
    number,
    number,
  ];

  for (const [name, adopted, planned, expected] of [
    [
      "all of a new ledger, from its first hour",
      [],
      [
        [0, A],
        [april, B],
      ],
      [
        [march, A],
        [april, B],
      ],
    ],
    [
      "of what was before the first hour only what is still in force",
      [],
      [
        [0, A],
        [march - 24, B],
      ],
      [[march, B]],
    ],
    [
      "nothing where nothing differs",
      [
        [march, A],
        [april, B],
      ],
      [
        [0, A],
        [april, B],
      ],
      [],
    ],
    [
      "nothing of what comes after the readings",
      [[march, A]],
      [
        [0, A],
        [june, B],
      ],
      [],
    ],
    [
      "what comes next",
      [[march, A]],
      [
        [0, A],
        [may, B],
      ],
      [[may, B]],
    ],
    [
      "everything again after a change that reaches back",
      [
        [march, A],
        [may, B],
      ],
      [
        [0, A],
        [april, C],
        [may, B],
      ],
      [
        [april, C],
        [may, B],
      ],
    ],
    [
      "the one before where a change is taken back",
      [
        [march, A],
        [april, B],
      ],
      [[0, A]],
      [[april, A]],
    ],
    [
      "nothing where a taken back change was adopted",
      [
        [march, A],
        [april, B],
        [april, A],
      ],
      [[0, A]],
      [],
    ],
    [
      "only what is left after an interruption",
      [
        [march, A],
        [may, B],
        [april, C],
      ],
      [
        [0, A],
        [april, C],
        [may, B],
      ],
      [[may, B]],
    ],
    [
      "an earlier end of the same roster",
      [
        [march, A],
        [may, B],
      ],
      [
        [0, A],
        [april, B],
      ],
      [[april, B]],
    ],
    [
      "a later end of the same roster",
      [
        [march, A],
        [april, B],
      ],
      [
        [0, A],
        [may, B],
      ],
      [
        [april, A],
        [may, B],
      ],
    ],
  ] as [string, [number, Roster][], [number, Roster][], [number, Roster][]][]) {
    it(`are ${name}`, () => {
      assert.deepEqual(rostersToAdopt(versions(...adopted), versions(...planned), range), versions(...expected));
    });
  }
});
