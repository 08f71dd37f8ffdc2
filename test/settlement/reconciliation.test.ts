import assert from "node:assert/strict";
import { keccak256, toHex, zeroHash } from "viem";
import type { Grade } from "../../settlement/grade.ts";
import type { ConfigurationFacts, GseTables } from "../../settlement/gseTables.ts";
import type { ReceiptKind, ReceiptRecord } from "../../settlement/history.ts";
import { type Month, parseMonth, startOfMonth } from "../../settlement/hours.ts";
import type { ComparedBatch, ComparedLedger } from "../../settlement/monthExpected.ts";
import { adjustmentsAmong } from "../../settlement/monthReceived.ts";
import { type Reconciliation, reconcile } from "../../settlement/reconciliation.ts";
import type { Plant } from "../../settlement/roster.ts";
import { batchOf, smallRoster } from "../support/communityOnChain.ts";

const AREA = "AC001";
const CENT = 10_000n;
const EURO = 1_000_000n;

const month = (text: string): Month => parseMonth(text) ?? assert.fail(text);
const MARCH = month("2026-03");

/** Every table begins in 2024; unit rates are known for 2026. */
const tables: GseTables = {
  unitRates: [{ year: 2026, trase: 100_000n, btau: 10_000n, source: "test" }],
  losses: [{ fromYear: 2020, medium: 120n, low: 260n, source: "test" }],
  advances: [
    {
      fromYear: 2024,
      hours: { north: 900n, centre: 1050n, south: 1100n },
      share: 6000n,
      uplift: 200_000n,
      minimumPayment: 50n * EURO,
      source: "test",
    },
  ],
  fees: [
    { fromYear: 2024, vat: 2200n, bands: [{ upTo: undefined, fixed: 15n * EURO, perKilowatt: 0n }], source: "test" },
  ],
  configurations: [],
};
const facts: ConfigurationFacts = { area: AREA, kind: undefined, voltage: "low", zone: undefined, hours: undefined };

const [rosterPlant = assert.fail()] = smallRoster(3).plants;
const fixed: Plant = { ...rosterPlant, number: 1, power: 48_000, regime: "42-bis", tariff: 1_100_000 };

/** A ledger of one plant on channel 1 and a consumer on channel 2. */
function ledgerOf(
  months: readonly MonthOf[],
  batches: readonly ComparedBatch[] = [],
  plant: Plant = fixed,
): ComparedLedger {
  const roster = { ...smallRoster(3), plants: [plant] };
  return {
    versions: [{ effectiveHour: 0, roster }],
    batches: batches.map((each) => [undefined, each]),
    months: new Map(
      months.map(({ at, shared = 0n, accrued = 0n, missing = 0, hoursWithoutPrice = 0 }) => [
        at,
        {
          shared,
          accrued: accrued * 10_000n,
          hoursWithoutPrice,
          attributed: new Map([[plant.number, shared]]),
          channels: new Map([
            [1, { energy: shared, coincident: shared, missing: 0 }],
            [2, { energy: shared, coincident: shared, missing }],
          ]),
        },
      ]),
    ),
  };
}
/** Shared Wh; accrued micro-euro. */
type MonthOf = { at: Month; shared?: bigint; accrued?: bigint; missing?: number; hoursWithoutPrice?: number };

function receipt(at: Month, kind: ReceiptKind, net: bigint, more: Partial<ReceiptRecord> = {}): ReceiptRecord {
  const { fee = 0n, vat = 0n } = more;
  const place = { position: 1, block: 1n, transaction: zeroHash };
  const gross = net + fee + vat;
  const base = { place, number: 1, configuration: 0, month: at, kind, account: 0, documentHash: zeroHash };
  return { ...base, fee, vat, net, gross, ...more };
}

function reconcileOne(
  ledger: ComparedLedger,
  receipts: readonly ReceiptRecord[],
  { nextHour = startOfMonth(month("2026-05")), adjusted = false, rates = tables, tolerance = CENT } = {},
): Reconciliation {
  const place = { position: 9, block: 9n, transaction: zeroHash };
  const adjustments = adjusted ? [{ place, configuration: 0, year: 2026, documentHash: zeroHash }] : [];
  const history = { ledgers: [{ area: AREA, nextHour }], receipts, adjustments };
  return reconcile(history, [ledger], rates, tolerance)[0] ?? assert.fail("no year");
}

/** 10 MWh at 110 €/MWh, and at 11 €/MWh of valorisation. */
const TEN = { at: MARCH, shared: 10_000_000n, accrued: 1100n * EURO };
const VALORISATION = 110n * EURO;

const batch = (at: Month, more: Partial<ComparedBatch["batch"]> = {}, shared: bigint[] = []): ComparedBatch => ({
  batch: { ...batchOf(smallRoster(3), startOfMonth(at), 24), ...more },
  tally: { shared },
});

describe("reconciliation of a running year under art. 42-bis", () => {
  for (const { name, received, expected } of [
    { name: "nothing to say when GSE paid what accrued", received: 1100n * EURO, expected: [] },
    { name: "a cent is within the tolerance", received: 1100n * EURO - CENT, expected: [] },
    {
      name: "more than a cent less is told with its energy",
      received: 1100n * EURO - 2n * CENT,
      expected: [{ subject: "advance", month: MARCH, difference: -2n * CENT, energy: -181n }],
    },
    {
      name: "more than a cent more as well",
      received: 1111n * EURO,
      expected: [{ subject: "advance", month: MARCH, difference: 11n * EURO, energy: 100_000n }],
    },
  ] as const) {
    it(name, () => {
      const { findings } = reconcileOne(ledgerOf([TEN]), [receipt(MARCH, "premium", received)]);
      const shown = findings.map(({ subject, month: at, difference, energy }) => ({
        subject,
        month: at,
        difference,
        energy,
      }));
      assert.deepEqual(shown, expected);
    });
  }

  it("takes the tolerance that it is given", () => {
    const receipts = [receipt(MARCH, "premium", 1099n * EURO)];
    assert.equal(reconcileOne(ledgerOf([TEN]), receipts, { tolerance: EURO }).findings.length, 0);
    assert.equal(reconcileOne(ledgerOf([TEN]), receipts, { tolerance: EURO - 1n }).findings.length, 1);
  });

  it("compares before GSE's fee and VAT, and counts them on their own", () => {
    const { findings, fees } = reconcileOne(ledgerOf([TEN]), [
      receipt(MARCH, "premium", 1081n * EURO + 700_000n, { fee: 15n * EURO, vat: 3n * EURO + 300_000n }),
    ]);
    assert.deepEqual(findings, []);
    assert.deepEqual(fees, { expected: 18n * EURO + 300_000n, received: 18n * EURO + 300_000n, difference: 0n });
  });

  it("compares valorisation of months for which it came", () => {
    const paid = receipt(MARCH, "premium", 1100n * EURO);
    assert.deepEqual(reconcileOne(ledgerOf([TEN]), [paid]).findings, []);
    const right = receipt(MARCH, "valorisation", VALORISATION);
    assert.deepEqual(reconcileOne(ledgerOf([TEN]), [paid, right]).findings, []);
    const [wrong] = reconcileOne(ledgerOf([TEN]), [paid, receipt(MARCH, "valorisation", 55n * EURO)]).findings;
    assert.equal(wrong?.subject, "valorisation");
    assert.equal(wrong?.energy, -5_000_000n);
  });

  it("tells a year without unit rates, and guesses nothing", () => {
    const { valorisation, unknown, findings } = reconcileOne(
      ledgerOf([TEN]),
      [receipt(MARCH, "premium", 1100n * EURO), receipt(MARCH, "valorisation", 1n)],
      { rates: { ...tables, unitRates: [], fees: [] } },
    );
    assert.equal(valorisation.expected, undefined);
    assert.deepEqual(unknown, [
      { kind: "unit-rate", year: 2026 },
      { kind: "fee-terms", year: 2026 },
    ]);
    assert.deepEqual(findings, []);
  });

  it("names what may explain a difference: missing readings, grade, prices, corrections", () => {
    const low: Grade = "estimated";
    const second = startOfMonth(MARCH) + 24;
    const ledger = {
      ...ledgerOf([{ ...TEN, missing: 31, hoursWithoutPrice: 2 }]),
      batches: [
        [batch(MARCH, { grade: low })],
        [
          batch(MARCH, { firstHour: second, grade: "indicative" }),
          batch(MARCH, { firstHour: second, grade: "distributor", revision: 1 }),
          undefined,
        ],
        [batch(month("2026-04"), { grade: "indicative" })],
      ],
    };
    const [finding] = reconcileOne(ledger, [receipt(MARCH, "premium", 0n)]).findings;
    assert.deepEqual(finding?.evidence, {
      missing: [{ channel: 2, hours: 31 }],
      lowGrade: { grade: low, hours: 24 },
      withoutPrice: 2,
      corrected: 1,
    });
  });

  it("shows receipts of a month without readings, and years apart", () => {
    const before = month("2025-12");
    const history = {
      ledgers: [{ area: AREA, nextHour: startOfMonth(month("2026-05")) }],
      receipts: [receipt(before, "premium", 5n * EURO), receipt(MARCH, "premium", 1100n * EURO)],
      adjustments: [],
    };
    const years = reconcile(history, [ledgerOf([TEN])], tables, CENT);
    assert.deepEqual(
      years.map(({ year, findings }) => [year, findings.length]),
      [
        [2025, 1],
        [2026, 0],
      ],
    );
    assert.equal(years[0]?.findings[0]?.energy, undefined);
  });
});

describe("when an advance should have come", () => {
  const paid = [receipt(MARCH, "premium", 1100n * EURO)];
  const smallMonth = (at: Month) => ({ at, shared: 200_000n, accrued: 22n * EURO });
  const [april, may] = [month("2026-04"), month("2026-05")];
  for (const { name, months, receipts, nextHour, expected } of [
    { name: "open month", months: [TEN], receipts: [], nextHour: startOfMonth(april) - 1, expected: [["open", false]] },
    {
      name: "open month, paid already",
      months: [TEN],
      receipts: paid,
      nextHour: startOfMonth(april) - 1,
      expected: [["due", false]],
    },
    {
      name: "the month after it",
      months: [TEN],
      receipts: [],
      nextHour: startOfMonth(may) - 1,
      expected: [["awaited", false]],
    },
    { name: "later", months: [TEN], receipts: [], nextHour: startOfMonth(may), expected: [["due", true]] },
    {
      name: "below the minimum it is carried over, and may come with the month in which it is reached",
      months: [smallMonth(MARCH), smallMonth(april), smallMonth(may)],
      receipts: [receipt(may, "premium", 66n * EURO)],
      nextHour: startOfMonth(month("2026-08")),
      expected: [
        ["carried", false],
        ["carried", false],
        ["due", false],
      ],
    },
    {
      name: "or under its own month",
      months: [smallMonth(MARCH), smallMonth(april), smallMonth(may)],
      receipts: [MARCH, april, may].map((at) => receipt(at, "premium", 22n * EURO)),
      nextHour: startOfMonth(month("2026-08")),
      expected: [
        ["due", false],
        ["due", false],
        ["due", false],
      ],
    },
    {
      name: "once the minimum is reached, all of it is missing",
      months: [smallMonth(MARCH), smallMonth(april), smallMonth(may)],
      receipts: [],
      nextHour: startOfMonth(month("2026-08")),
      expected: [
        ["carried", false],
        ["carried", false],
        ["due", true],
      ],
    },
  ] as const) {
    it(name, () => {
      const year = reconcileOne(ledgerOf(months), receipts, { nextHour });
      const missed = new Set(year.findings.map((finding) => finding.month));
      assert.deepEqual(
        year.months.map((each) => [each.advanceState, missed.has(each.month)]),
        expected,
      );
    });
  }

  it("the whole of what was carried over is missed", () => {
    const { findings } = reconcileOne(ledgerOf([MARCH, april, may].map(smallMonth)), [], {
      nextHour: startOfMonth(month("2026-08")),
    });
    assert.deepEqual(
      findings.map(({ difference, energy }) => [difference, energy]),
      [[-66n * EURO, -600_000n]],
    );
  });
});

describe("reconciliation of a year that is due", () => {
  const [january, february] = [month("2026-01"), month("2026-02")];
  const months = [
    { at: january, shared: 10_000_000n, accrued: 1100n * EURO },
    { at: february, shared: 10_000_000n, accrued: 1100n * EURO },
  ];
  const allFees = receipt(january, "other", 0n, {
    fee: 15n * EURO,
    vat: 3n * EURO + 300_000n,
    net: -18n * EURO - 300_000n,
  });
  const valorisation = [january, february].map((at) => receipt(at, "valorisation", VALORISATION));
  const june = startOfMonth(month("2027-06"));

  it("is due once it is adjusted, or when May of the next year is over", () => {
    const receipts = [...valorisation, allFees, receipt(january, "premium", 2200n * EURO)];
    const of = (options: { adjusted?: boolean; nextHour?: number }) =>
      reconcileOne(ledgerOf(months), receipts, options);
    assert.equal(of({ nextHour: june - 1 }).isDue, false);
    assert.equal(of({ nextHour: june }).isDue, true);
    assert.equal(of({ adjusted: true }).isDue, true);
    assert.equal(of({ adjusted: true }).isAdjusted, true);
    assert.deepEqual(of({ adjusted: true }).findings, []);
    assert.equal(of({ nextHour: june - 1 }).findings.length, 2);
  });

  it("traces a difference of the year to its months", () => {
    const receipts = [
      ...valorisation,
      allFees,
      receipt(january, "premium", 1100n * EURO),
      receipt(february, "premium", 990n * EURO),
    ];
    const { findings } = reconcileOne(ledgerOf(months), receipts, { adjusted: true });
    assert.deepEqual(
      findings.map((each) => [each.subject, each.month, each.difference, each.energy]),
      [
        ["premium", undefined, -110n * EURO, -1_000_000n],
        ["premium", february, -110n * EURO, -1_000_000n],
      ],
    );
    assert.equal(findings[0]?.evidence, undefined);
    assert.notEqual(findings[1]?.evidence, undefined);
  });

  it("compares valorisation and fees too, also where nothing came", () => {
    const receipts = [receipt(january, "premium", 2200n * EURO)];
    const { findings } = reconcileOne(ledgerOf(months), receipts, { adjusted: true });
    assert.deepEqual(
      findings.map((each) => [each.subject, each.month, each.difference]),
      [
        ["valorisation", undefined, -220n * EURO],
        ["valorisation", january, -VALORISATION],
        ["valorisation", february, -VALORISATION],
        ["fees", undefined, -18n * EURO - 300_000n],
      ],
    );
    // 20 MWh earn 220 € of valorisation; a fee is for no energy.
    assert.deepEqual(
      findings.map(({ energy }) => energy),
      [-20_000_000n, -10_000_000n, -10_000_000n, undefined],
    );
  });

  it("is not adjusted by another year's adjustment, or another configuration's", () => {
    const place = { position: 9, block: 9n, transaction: zeroHash };
    const adjustments = [
      { place, configuration: 0, year: 2025, documentHash: zeroHash },
      { place, configuration: 1, year: 2026, documentHash: zeroHash },
    ];
    const history = { ledgers: [{ area: AREA, nextHour: june - 1 }], receipts: [], adjustments };
    const [year] = reconcile(history, [ledgerOf(months)], tables, CENT);
    assert.equal(year?.isAdjusted, false);
    assert.equal(year?.isDue, false);
  });

  it("allows the tolerance for each plant and month", () => {
    const [rosterOfOne = assert.fail()] = ledgerOf(months).versions;
    const second: Plant = { ...fixed, number: 2, channel: 1 };
    const two = {
      ...ledgerOf(months),
      versions: [{ ...rosterOfOne, roster: { ...rosterOfOne.roster, plants: [fixed, second] } }],
    };
    const fees = receipt(january, "other", 0n, { fee: 30n * EURO, vat: 6n * EURO + 600_000n });
    const paid = (short: bigint) => [...valorisation, fees, receipt(january, "premium", 2200n * EURO - short)];
    const count = (ledger: ComparedLedger, short: bigint) =>
      reconcileOne(ledger, paid(short), { adjusted: true }).findings.filter(({ subject }) => subject === "premium")
        .length;
    assert.equal(count(two, 4n * CENT), 0);
    assert.equal(count(two, -4n * CENT), 0);
    assert.equal(count(two, 4n * CENT + 1n), 3);
    assert.equal(count(ledgerOf(months), 2n * CENT), 0);
    assert.equal(count(ledgerOf(months), 2n * CENT + 1n), 3);
  });

  it("takes for a month what came for its own configuration", () => {
    const history = {
      ledgers: [AREA, "AC002"].map((area) => ({ area, nextHour: june })),
      receipts: [receipt(MARCH, "premium", 3n * EURO), receipt(MARCH, "premium", 40n * EURO, { configuration: 1 })],
      adjustments: [],
    };
    const years = reconcile(history, [ledgerOf([TEN]), ledgerOf([TEN])], tables, CENT);
    assert.deepEqual(
      years.map(({ premium }) => premium.received),
      [3n * EURO, 40n * EURO],
    );
  });

  it("keeps configurations apart", () => {
    const history = {
      ledgers: [AREA, "AC002"].map((area) => ({ area, nextHour: june })),
      receipts: [receipt(january - 12, "premium", 7n * EURO, { configuration: 1 })],
      adjustments: [],
    };
    const years = reconcile(history, [ledgerOf(months), ledgerOf([])], tables, CENT);
    assert.deepEqual(
      years.map(({ configuration, year, premium }) => [configuration, year, premium.received]),
      [
        [0, 2026, 0n],
        [1, 2025, 7n * EURO],
      ],
    );
  });
});

describe("collective self-consumers", () => {
  const plant: Plant = { ...fixed, regime: "42-bis", tariff: 1_000_000 };
  const shared = 1_000_000n;
  const of = (batches: ComparedBatch[], more: Partial<ConfigurationFacts> = {}) =>
    reconcileOne(ledgerOf([{ at: MARCH, shared, accrued: 100n * EURO }], batches, plant), [], {
      rates: { ...tables, configurations: [{ ...facts, ...more }] },
    });
  const priced = [batch(MARCH, { priceMask: 0, prices: [1_000_000] }, [shared])];

  for (const { name, more, expected } of [
    { name: "at low voltage: TRASE, BTAU and 2.6% of the price", more: {}, expected: 13_600_000n },
    { name: "at medium voltage 1.2%", more: { voltage: "medium" }, expected: 12_200_000n },
    { name: "a community if the file says so", more: { kind: "community" }, expected: 11_000_000n },
  ] as const) {
    it(name, () => assert.equal(of(priced, more).valorisation.expected, expected));
  }

  it("are collective also where one plant of several is", () => {
    const ledger = ledgerOf([{ at: MARCH, shared, accrued: 100n * EURO }], priced, plant);
    const roster = { ...smallRoster(3), plants: [plant, { ...fixed, number: 2 }] };
    const mixed = { ...ledger, versions: [{ effectiveHour: 0, roster }] };
    const rates = { ...tables, configurations: [facts] };
    assert.equal(reconcileOne(mixed, [], { rates }).valorisation.expected, 13_600_000n);
  });

  it("says how many shared hours have no price", () => {
    const unpriced = batch(MARCH, { priceMask: 0xf00000, prices: [] }, [1n, 1n, 0n]);
    const { valorisation, unknown, findings } = of([unpriced, ...priced]);
    assert.deepEqual(
      findings.filter(({ subject }) => subject === "valorisation"),
      [],
    );
    assert.equal(valorisation.expected, undefined);
    assert.deepEqual(unknown, [{ kind: "prices", hours: 2 }]);
  });

  it("is told of its own area only, and takes the rates of its own year only", () => {
    const elsewhere = { ...facts, area: "AC002", kind: "community" as const };
    const other = { year: 2025, trase: 1n, btau: 1n, source: "test" };
    const rates = { ...tables, unitRates: [other, ...tables.unitRates], configurations: [elsewhere] };
    const ledger = ledgerOf([{ at: MARCH, shared }], priced, plant);
    assert.equal(reconcileOne(ledger, [], { rates }).valorisation.expected, 13_600_000n);
    assert.deepEqual(reconcileOne(ledger, [], { rates }).unknown, []);
  });

  it("says that the losses of the year are not known", () => {
    const rates = { ...tables, losses: [] };
    const ledger = ledgerOf([{ at: MARCH, shared }], priced, plant);
    assert.deepEqual(reconcileOne(ledger, [], { rates }).unknown, [{ kind: "losses", year: 2026 }]);
  });
});

describe("documents that adjust a year", () => {
  const [a, b] = [keccak256(toHex("a")), keccak256(toHex("b"))];
  for (const { name, receipts, expected } of [
    {
      name: "one document for several months",
      receipts: [
        [1, "premium", a],
        [2, "premium", a],
        [1, "premium", b],
      ],
      expected: [a],
    },
    {
      name: "one document, one month",
      receipts: [
        [1, "premium", a],
        [1, "premium", a],
      ],
      expected: [],
    },
    {
      name: "valorisation says nothing of it",
      receipts: [
        [1, "premium", a],
        [2, "valorisation", a],
      ],
      expected: [],
    },
    {
      name: "receipts without a document",
      receipts: [
        [1, "premium", zeroHash],
        [2, "premium", zeroHash],
      ],
      expected: [],
    },
  ] as const) {
    it(name, () => {
      const records = receipts.map(([at, kind, documentHash]) => receipt(at, kind, 1n, { documentHash }));
      assert.deepEqual([...adjustmentsAmong(records)], expected);
    });
  }

  it("are those of one configuration and year", () => {
    const [december, january] = [month("2025-12"), month("2026-01")];
    const advance = (at: Month, configuration = 0) => receipt(at, "premium", EURO, { documentHash: a, configuration });
    // One document for two months of two years, or of two configurations, adjusts nothing.
    const years = (receipts: ReceiptRecord[]) =>
      reconcile(
        { ledgers: [AREA, "AC002"].map((area) => ({ area, nextHour: 0 })), receipts, adjustments: [] },
        [ledgerOf([]), ledgerOf([])],
        tables,
        CENT,
      ).flatMap(({ months }) => months.map(({ advance: { received } }) => received));
    assert.deepEqual(years([advance(december), advance(january)]), [EURO, EURO]);
    assert.deepEqual(years([advance(january), advance(january + 1, 1)]), [EURO, EURO]);
    assert.deepEqual(years([advance(january), advance(january + 1)]), [0n, 0n]);
  });

  it("is no advance, but premium", () => {
    const [january, february] = [month("2026-01"), month("2026-02")];
    const adjusting = [january, february].map((at) => receipt(at, "premium", EURO, { documentHash: a }));
    const { months } = reconcileOne(ledgerOf([]), [receipt(january, "premium", 9n * EURO), ...adjusting]);
    assert.deepEqual(
      months.map(({ advance, premium }) => [advance.received, premium.received]),
      [
        [9n * EURO, 10n * EURO],
        [0n, EURO],
      ],
    );
  });
});

describe("plants under DM 414/2023", () => {
  const { number, channel, commissioned } = rosterPlant;
  const cacer: Plant = {
    number,
    channel,
    commissioned,
    power: 200_000,
    regime: "CACER",
    base: 800_000,
    cap: 1_200_000,
    correction: 100_000,
    reduction: { numerator: 0, denominator: 1 },
  };
  const ten = { ...TEN, accrued: 1300n * EURO };
  const of = (
    plant: Plant,
    receipts: ReceiptRecord[],
    more: Partial<ConfigurationFacts> = {},
    terms = tables.advances,
  ) =>
    reconcileOne(ledgerOf([ten], [], plant), receipts, {
      rates: { ...tables, advances: terms, configurations: [{ ...facts, ...more }] },
    });

  for (const { name, plant, more, expected } of [
    { name: "in the North, by their correction", plant: cacer, more: {}, expected: 990n * EURO },
    { name: "in the Centre", plant: { ...cacer, correction: 40_000 }, more: {}, expected: 1092n * EURO },
    {
      name: "in the South, which the file must say",
      plant: { ...cacer, correction: 0 },
      more: { zone: "south" },
      expected: 1100n * EURO,
    },
    { name: "the file goes before the correction", plant: cacer, more: { zone: "south" }, expected: 1210n * EURO },
    {
      name: "other than photovoltaic, by their hours",
      plant: { ...cacer, correction: 0 },
      more: { hours: 3000n },
      expected: 3000n * EURO,
    },
    {
      name: "without incentive there is none",
      plant: { number, channel, commissioned, power: 9, regime: "none" },
      more: {},
      expected: 0n,
    },
  ] as const) {
    it(`expect an advance: ${name}`, () => {
      const [first] = of(plant, [], more).months;
      assert.equal(first?.advance.expected, expected);
      assert.equal(first?.premium.expected, 1300n * EURO);
    });
  }

  it("are compared with the advance, not with what they accrued", () => {
    assert.deepEqual(of(cacer, [receipt(MARCH, "premium", 990n * EURO)]).findings, []);
    const [finding] = of(cacer, [receipt(MARCH, "premium", 860n * EURO)]).findings;
    assert.equal(finding?.difference, -130n * EURO);
    assert.equal(finding?.energy, -1_000_000n, "at 130 €/MWh, the mean tariff");
  });

  it("are told where zone or terms are not known", () => {
    const south = of({ ...cacer, correction: 0 }, [receipt(MARCH, "premium", EURO)]);
    assert.deepEqual(south.unknown, [{ kind: "hours", plant: number }]);
    assert.equal(south.months[0]?.advance.expected, undefined);
    assert.deepEqual(south.findings, []);
    assert.deepEqual(of(cacer, [], {}, []).unknown, [{ kind: "advance-terms", year: 2026 }]);
  });

  it("earn nothing without incentive, and count for no fee", () => {
    const unpaid: Plant = { number, channel, commissioned, power: 9, regime: "none" };
    const year = of(unpaid, []);
    assert.equal(year.fees.expected, 0n);
    assert.equal(year.months[0]?.plants, 0);
    assert.equal(year.months[0]?.premiumEnergy, 0n);
  });

  it("bring their valorisation without BTAU", () => {
    assert.equal(of(cacer, []).valorisation.expected, 100n * EURO);
  });
});
