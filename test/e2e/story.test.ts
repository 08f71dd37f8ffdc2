/**
 * The story of docs/story.md through settle, as the command calls it: 31 months of an invented community in one folder. At the
 * end of each chapter everyone's statement, and what the story says of it, are as in docs/; UPDATE_SNAPSHOTS=1 writes
 * statements and tables anew.
 */

import assert from "node:assert/strict";
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pricesCsv, readingsCsv } from "../../examples/generate/meters.ts";
import { readCommunityFile } from "../../oracle/communityFile.ts";
import { planCommunity } from "../../oracle/communityPlan.ts";
import type { Readings } from "../../oracle/readingsFile.ts";
import { readGseTables } from "../../scripts/gseTablesFile.ts";
import { reconcileFolder } from "../../scripts/reconcile.ts";
import { findingText } from "../../scripts/reconciliationText.ts";
import { RECONCILIATION_WORDS } from "../../scripts/reconciliationWords.ts";
import { type SettleResult, settle } from "../../scripts/settle.ts";
import { endOfMonth, type Month, parseMonth, startOfMonth } from "../../settlement/hours.ts";
import { InputError } from "../../settlement/inputProblem.ts";
import { checkChapter, checkStatements, checkTable, STORY_FILES } from "../support/story.ts";
import {
  correctedReadings,
  FIRST_MONTH,
  firstReadings,
  readingsIn,
  storyPrices,
  trueReadings,
} from "../support/valdora.ts";
import {
  adjustmentLines,
  advanceLines,
  type EarnedByMonth,
  earnedByMonth,
  RECEIPT_COLUMNS,
  recalculationLines,
  type World,
} from "../support/valdoraReceipts.ts";

const CENT = 10_000n;

describe("story of Valdora", function () {
  this.timeout(600_000);
  let folder: string;
  let world: World;
  let truth: Readings;
  let measured: Readings;
  let earned: EarnedByMonth;
  /** The first month that is not settled yet. */
  let next: Month = FIRST_MONTH;
  const receipts = [RECEIPT_COLUMNS];

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "condivisa-story-"));
    cpSync(STORY_FILES, folder, { recursive: true });
    const file = inFolder("community.yaml");
    const plan = planCommunity(readCommunityFile(file), file);
    const areas = plan.configurations.map(({ area }) => area);
    world = { plan, prices: storyPrices(), tables: readGseTables(inFolder("rates.yaml"), areas) };
    assert([...world.prices.values()].some((price) => price < 0));
    truth = trueReadings();
    measured = firstReadings(truth);
    earned = earnedByMonth(measured, world);
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const inFolder = (name: string) => join(folder, name);

  /** What a treasurer does once a month is over: the distributor's file of the months since, GSE's payments, and settle. */
  async function settleThrough(
    monthName: string,
    {
      gse = [],
      adjusted = [],
      corrected = new Map(),
    }: { gse?: string[]; adjusted?: number[]; corrected?: Readings } = {},
  ): Promise<SettleResult> {
    const month = parseMonth(monthName) ?? 0;
    const range = { first: startOfMonth(next), end: endOfMonth(month) };
    for (; next <= month; next++) receipts.push(...advanceLines(next, earned, world));
    receipts.push(...gse);
    const readings = [...readingsIn(measured, range)].map(
      ([meter, hours]) => [meter, new Map([...(corrected.get(meter) ?? []), ...hours])] as const,
    );
    writeFileSync(inFolder("readings.csv"), readingsCsv(new Map(readings)));
    const prices = [...world.prices].filter(([hour]) => hour >= range.first && hour < range.end);
    writeFileSync(inFolder("prices.csv"), pricesCsv(new Map(prices)));
    writeFileSync(inFolder("receipts.csv"), `${receipts.join("\n")}\n`);
    return settleFiles("community.yaml", adjusted);
  }

  function settleFiles(community: string, adjusted: number[] = []): Promise<SettleResult> {
    return settle(
      {
        community: inFolder(community),
        readings: inFolder("readings.csv"),
        receipts: inFolder("receipts.csv"),
        prices: inFolder("prices.csv"),
        adjusted,
        out: inFolder("out"),
        grade: "distributor",
        backTo: undefined,
        override: undefined,
        language: "it",
      },
      () => undefined,
    );
  }

  /** What holds at the end of every chapter. */
  function closeChapter(
    chapter: string,
    { settlement, audit, statements }: SettleResult,
    sentences: readonly string[] = [],
  ): void {
    assert.deepEqual(audit.differences, []);
    const { received, entitled, paid, owed } = settlement.totals;
    assert.equal(entitled, received);
    assert.equal(paid + owed, received);
    assert(paid <= received, "no more is paid than came in");
    for (const enterprise of ["azienda-ferri", "forno-bassi"]) {
      const statement = readFileSync(join(statements, `${enterprise}.txt`), "utf8");
      assert.doesNotMatch(statement, /\(eccedenza\)/, "an enterprise gets nothing of the excess");
    }
    checkStatements(chapter, statements);
    checkTable(chapter, settlement);
    checkChapter(chapter, receipts, sentences);
  }

  const accountOf = ({ settlement }: SettleResult, id: string) => {
    const account = settlement.accounts.find((candidate) => candidate.id === id);
    assert(account !== undefined, id);
    return account;
  };
  const heldBy = (result: SettleResult) =>
    ["accantonamento-anticipi", "accantonamento-eccedenza"].map((id) => accountOf(result, id).owed);

  it("1: the first advance; a part is held back, small payments wait", async () => {
    const result = await settleThrough("2024-02");
    const anna = accountOf(result, "anna-neri");
    assert.equal(anna.paid, 0n);
    assert(anna.owed > 0n && anna.owed < 500n * CENT);
    assert(heldBy(result).every((held) => held > 0n));
    closeChapter("1-first-month", result);
  });

  it("2: a year of monthly advances; rules for a month that has begun are refused", async () => {
    writeFileSync(inFolder("too-late.yaml"), newRules("2024-02"));
    await assert.rejects(settleFiles("too-late.yaml"), (error: unknown) => {
      assert(error instanceof InputError);
      assert.match(error.message, /rules\[1\]\.from: «2024-02»: this month has begun already/);
      return true;
    });
    await settleThrough("2024-03");
    await settleThrough("2024-04");
    const result = await settleThrough("2025-01");
    assert(accountOf(result, "anna-neri").paid >= 500n * CENT);
    closeChapter("2-first-year", result);
  });

  it("3: the adjustment of the first year releases what was held of it; new rules are adopted for June", async () => {
    writeFileSync(inFolder("community.yaml"), newRules("2025-06"));
    const before = receipts.length;
    const result = await settleThrough("2025-04", { gse: adjustmentLines(2024, earned, world), adjusted: [2024] });
    assert(
      receipts.slice(before).some((line) => /^2024-\d\d,premium,-/.test(line)),
      "some months were advanced too much",
    );
    for (const id of ["accantonamento-anticipi", "accantonamento-eccedenza"]) {
      const text = readFileSync(join(result.statements, `${id}.txt`), "utf8");
      assert.doesNotMatch(text.slice(0, text.indexOf("Mese 2025-01")), /Spettante: (?!0,0)/);
    }
    closeChapter("3-adjustment", result);
  });

  it("4: June goes by the new rules, May and all before by the old ones", async () => {
    const result = await settleThrough("2025-06");
    const text = readFileSync(join(result.statements, "anna-neri.txt"), "utf8");
    const [old = "", june = ""] = text.slice(0, text.indexOf("Pagamenti:")).split("Mese 2025-06");
    assert.match(june, /parti uguali, ore/);
    assert.doesNotMatch(old, /parti uguali, ore/);
    closeChapter("4-new-rules", result);
  });

  it("5: a plant stands still, a meter is silent, and the second adjustment takes back what was advanced", async () => {
    const { gaps } = await settleThrough("2025-12");
    assert.deepEqual(
      gaps.map(({ meter, hours }) => [meter, hours]),
      [["casa-neri", 72]],
    );
    const result = await settleThrough("2026-05", { gse: adjustmentLines(2025, earned, world), adjusted: [2025] });
    closeChapter("5-second-adjustment", result);
  });

  it("6: in month 30 the distributor corrects the summer of 2024 and fills a gap", async () => {
    const result = await settleThrough("2026-07", { corrected: correctedReadings(truth) });
    assert.deepEqual(result.corrections, [
      { meter: "forno", hours: 2208 },
      { meter: "casa-neri", hours: 72 },
    ]);
    closeChapter("6-correction", result, await findings());
  });

  it("7: GSE takes back what the corrected readings did not earn", async () => {
    const lines = recalculationLines(earned, earnedByMonth(truth, world), "GSE-2026-06-ricalcolo");
    const result = await settleThrough("2026-08", { gse: lines });
    assert(lines.some((line) => line.includes(",premium,-")));
    closeChapter("7-claw-back", result);
    assert.deepEqual(await findings(), [], "GSE has paid what it should have");
  });

  /** The community file with the rules of 2025 below its own, in force from a month. */
  function newRules(from: string): string {
    const rules = readFileSync(inFolder("rules-2025.yaml"), "utf8");
    return readFileSync(inFolder("community.yaml"), "utf8") + rules.replace("from: 2025-06", `from: ${from}`);
  }

  /** What reconcile finds, in its words. */
  async function findings(): Promise<string[]> {
    const options = { folder: inFolder("out"), rpc: undefined, rates: inFolder("rates.yaml"), year: undefined };
    const { years } = await reconcileFolder({ ...options, tolerance: CENT }, () => undefined);
    return years.flatMap((year) =>
      year.findings.map((finding) => findingText(finding, year.year, RECONCILIATION_WORDS.it)),
    );
  }
});
