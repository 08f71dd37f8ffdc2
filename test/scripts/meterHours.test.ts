/** `meters` with a meter and a day: each hour with what was signed and what every source says. */

import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zeroHash } from "viem";
import { Inbox, type Origin } from "../../oracle/inbox.ts";
import type { Direction, Measurement } from "../../oracle/measurement.ts";
import { Outbox } from "../../oracle/outbox.ts";
import type { Provenance } from "../../oracle/provenance.ts";
import { meterHours, meterHoursText } from "../../scripts/meterHours.ts";
import type { Batch } from "../../settlement/batch.ts";
import { hoursOfMarketDay, secondsOf } from "../../settlement/hours.ts";
import { condivisa } from "../support/cli.ts";

const LEDGER = `0x${"1".repeat(40)}` as const;
/** Of 25 hours: it takes two batches. */
const DAY = "2026-10-25";
const { firstHour: FIRST } = hoursOfMarketDay(DAY);

describe("the hours of a meter", function () {
  this.timeout(30_000);
  let folder: string;
  let yaml: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-meter-hours-"));
    yaml = join(folder, "oracle.yaml");
    const settlement = join(folder, "settlement");
    mkdirSync(settlement);
    mkdirSync(join(folder, "data"));
    const names = ["roles", "community", "ruleBook", "receiptBook", "treasury", "token", "redemptions"];
    const addresses = Object.fromEntries(names.map((name) => [name, LEDGER]));
    const deployment = { chainId: 1, ...addresses, ledgers: [LEDGER] };
    writeFileSync(join(settlement, "deployment.json"), JSON.stringify(deployment));
    const register = {
      community: "Valdora",
      accounts: [],
      meters: [{ id: "casa", configuration: 0, injection: 1, withdrawal: 2, terms: "" }],
      configurations: [{ area: "AC001E00123", nonIncentivisedLast: false }],
    };
    writeFileSync(join(settlement, "register.json"), JSON.stringify(register));
    writeFileSync(
      yaml,
      `settlement: settlement
chain: http://127.0.0.1:1
data: data
key: { keystore: none.json }
mqtt: { url: mqtt://127.0.0.1:1 }
meters:
  - { id: casa, adapter: condivisa, power_kw: 6 }
`,
    );
  });
  after(() => rmSync(folder, { recursive: true }));

  const said = (origin: Origin, hour: number, wattHours: number, direction: Direction = "withdrawn") => {
    const interval = { kind: "interval", direction, start: secondsOf(FIRST + hour), seconds: 3600 } as const;
    const measurement: Measurement = { ...interval, milliWattHours: 1000 * wattHours, quality: "measured" };
    return { meter: "casa", origin, receivedAt: secondsOf(FIRST + 30), measurements: [measurement] };
  };
  const signed = (hour: number, wattHours: number): Provenance => {
    const origin = { source: "intervals", quality: "measured", grade: "indicative" } as const;
    return { meter: "casa", direction: "withdrawn", hour: FIRST + hour, wattHours, ...origin };
  };
  const batch = (firstHour: number, hourCount: number, revision: number): Batch => ({
    firstHour,
    hourCount,
    rosterVersion: 1,
    grade: "indicative",
    revision,
    replaces: zeroHash,
    seed: zeroHash,
    injected: [],
    withdrawn: [],
    missing: [],
    priceMask: 0,
    prices: [],
  });

  it("are refused without the oracle's data, a meter that is none, and without a day", () => {
    const refused = (meter: string, day: string | undefined, message: RegExp) =>
      assert.throws(() => meterHours(yaml, meter, day), message);
    refused("casa", DAY, /data: no oracle's data\. Start `\.\/condivisa oracle` once/);
    refused("other", DAY, /«other»: no meter of the community\. Use one of casa/);
    refused("casa", undefined, /no day\. Write the market day behind the meter, as 2026-03-10/);
    refused("casa", "2026-02-30", /«2026-02-30»: no day/);
  });

  it("have the value, source, quality and grade that were signed last, and what every source says", () => {
    const inbox = Inbox.open(join(folder, "data", "inbox.sqlite"));
    inbox.store([said("meter", 0, 120), said("distributor", 0, 118), said("meter", 2, 6001), said("meter", 24, 9)]);
    inbox.close();
    const outbox = Outbox.open(join(folder, "data", "outbox.sqlite"));
    outbox.freeze(LEDGER, { batch: batch(FIRST, 24, 0), provenance: [signed(0, 120), signed(1, 131)] });
    outbox.freeze(LEDGER, { batch: batch(FIRST, 24, 1), provenance: [signed(0, 121), signed(1, 131)] });
    outbox.freeze(LEDGER, { batch: batch(FIRST + 24, 1, 0), provenance: [signed(24, 9)] });
    outbox.close();

    const [injected, withdrawn, ...others] = meterHours(yaml, "casa", DAY);
    assert.deepEqual([injected?.direction, withdrawn?.direction, others], ["injected", "withdrawn", []]);
    assert.equal(withdrawn?.hours.length, 25);
    const origin = { source: "intervals", quality: "measured" };
    assert.deepEqual(withdrawn?.hours[0], {
      hour: FIRST,
      signed: { ...origin, wattHours: 121, grade: "indicative", revision: 1 },
      said: [
        { wattHours: 118, source: "distributor", quality: "measured", isBelieved: true, isPossible: true },
        { ...origin, wattHours: 120, isBelieved: false, isPossible: true },
      ],
    });

    const { code, stdout } = condivisa("meters", yaml, "casa", DAY);
    assert.equal(code, 0);
    assert.equal(stdout.trim(), meterHoursText(meterHours(yaml, "casa", DAY)));
    const lines = stdout.slice(stdout.indexOf("casa, withdrawn")).split("\n");
    assert.equal(lines[0], "casa, withdrawn, 2026-10-25, AC001E00123");
    for (const [line, shown] of [
      [3, /^2026-10-25 00:00 \+02:00 +121 +intervals +measured +indicative +1 +distributor 118\*, intervals 120$/],
      [4, /^2026-10-25 01:00 \+02:00 +131 +intervals +measured +indicative +1 +nothing$/],
      [5, /^2026-10-25 02:00 \+02:00 +– +intervals 6001 beyond its power$/],
      [27, /^2026-10-25 23:00 \+01:00 +9 +intervals +measured +indicative +0 +intervals 9\*$/],
    ] as [number, RegExp][]) {
      assert.match(lines[line] ?? "", shown);
    }
    const asJson = condivisa("meters", yaml, "casa", DAY, "--json");
    assert.equal(JSON.parse(asJson.stdout).length, 2);
  });
});
