/** The command line: what each command takes, and how it ends. The commands themselves are loaded when they are called. */

import { existsSync } from "node:fs";
import { dirname } from "node:path";
import { Argument, Command, InvalidArgumentError, Option } from "commander";
import { FORMATS } from "../bank/document.ts";
import { isDate } from "../oracle/dateEntry.ts";
import { formatMicro, MICRO_PER_CENT, parseDecimal } from "../settlement/amounts.ts";
import { GRADES, type Grade } from "../settlement/grade.ts";
import { type Month, parseMonth } from "../settlement/hours.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { LANGUAGES, type Language } from "../settlement/terms.ts";
import { addAccountCommands } from "./accountCommands.ts";
import { addApiCommands } from "./apiCommands.ts";
import { BENCHES, type BenchOptions, bench } from "./bench.ts";
import { ensureCompiled } from "./compile.ts";
import { EXIT } from "./exitCodes.ts";
import { addIndexCommands } from "./indexCommands.ts";
import { addOracleCommands } from "./oracleCommands.ts";
import { progressDisplay } from "./progress.ts";
import type { RedeemFlags } from "./redeemCommand.ts";
import { addRegisterCommands } from "./registerCommands.ts";
import { toJson } from "./table.ts";
import { addUpCommands } from "./upCommands.ts";
import { WORDS } from "./words.ts";

/** Errors that a person can do something about: told by their message, without a stack. */
const EXPECTED_ERRORS = new Set([
  "ChainUnreachableError",
  "InconsistentBlocksError",
  "IndexError",
  "KeyRingError",
  "RegisterError",
  "SiteError",
  "CompileError",
  "ContractRefusedError",
  "JournalError",
  "InboxError",
  "InconsistentBlocksError",
  "IndexError",
  "KeyRingError",
  "KeyringError",
  "OracleSilentError",
  "RpcHttpError",
  "RpcSocketError",
  "UpError",
  "RegisterError",
  "SealError",
  "SiteError",
]);

const LINES_SHOWN = 12;

const HELP_AFTER = `
Exit codes: 0 done; 1 failed; 2 wrong input or usage, nothing written; 3 the audit or the
reconciliation found differences.

To see it all:       ./condivisa up
To begin your own:   ./condivisa init my-community
Documentation:       README.md and docs/`;

const program = new Command("condivisa")
  .description("Settlement of Italian renewable energy communities: from hourly readings to paid tokens, on a chain.")
  .addHelpText("after", HELP_AFTER)
  .helpCommand(false)
  .showHelpAfterError("(--help says what there is)")
  .exitOverride();

program
  .command("init")
  .description("write a community file and sample readings, prices and receipts to start from")
  .argument("<dir>", "a new or empty folder")
  .action(async (dir: string) => {
    const { init } = await import("./init.ts");
    console.log(init(dir));
  });

program
  .command("settle")
  .description("sign and record readings, divide receipts by the community's rules, pay, write statements, audit")
  .requiredOption("--community <yaml>", "the community file: members, meters, plants, funds, rules")
  .requiredOption("--readings <csv>", "hourly readings: meter_id,utc_hour,injected_wh,withdrawn_wh")
  .requiredOption("--receipts <csv>", "what GSE paid: month,kind,net_eur")
  .option("--prices <csv>", "zonal prices, for plants that are paid by them: utc_hour,price_eur_mwh")
  .requiredOption("--out <dir>", "where chain, statements and audit go; an earlier settlement there is continued")
  .addOption(
    new Option("--grade <grade>", "how far the readings can be trusted").choices(GRADES).default("distributor"),
  )
  .option("--adjusted <year>", "GSE's adjustment of this year is among the receipts; repeatable", years, [])
  .option("--back-to <day>", "first recorded market day that may get other meters or members; see docs", marketDay)
  .option("--override <reason>", "why the president approves months with missing or provisional readings", given)
  .addOption(new Option("--language <language>", "of tables and statements").choices(LANGUAGES).default("it"))
  .option("--json", "print the result as JSON", false)
  .option("--quiet", "show no progress", false)
  .action(async (options: SettleFlags) => {
    ensureCompiled();
    const { correctionTexts, gapText, leftOutText, priceGapText, settle } = await import("./settle.ts");
    const { differenceText, settlementText } = await import("./settlementTable.ts");
    const progress = progressDisplay(options.quiet);
    const result = await settle(
      { ...options, override: options.override, prices: options.prices, backTo: options.backTo },
      progress.show,
    ).finally(progress.stop);
    if (!result.audit.ok) process.exitCode = EXIT.differences;
    if (options.json) return console.log(toJson(result));

    console.log(`\n${result.settlement.community}\n`);
    console.log(settlementText(result.settlement, WORDS[options.language]));
    const corrections = correctionTexts(result);
    if (corrections.length > 0) console.log("\nCorrected, of what was recorded before:");
    printList(corrections);
    const gaps = result.gaps.map(gapText);
    if (gaps.length > 0) console.log("\nGaps, counted as zero:");
    printList(gaps);
    const leftOut = result.leftOut.map(leftOutText);
    if (leftOut.length > 0) console.log("\nLeft out, before or after the dates of the meter:");
    printList(leftOut);
    const priceGaps = result.priceGaps.map(priceGapText);
    if (priceGaps.length > 0) console.log("\nHours without a zonal price, in which CACER plants accrue nothing:");
    printList(priceGaps);
    console.log(`\n${runLine(result.run)}`);
    console.log(`Statements: ${result.statements}`);
    console.log(auditLine(result.audit));
    printList(result.audit.differences.map(differenceText));
  });

program
  .command("audit")
  .description("recompute a settlement from the chain alone, to the micro-euro, and name the first difference")
  .argument("<dir>", "the folder that settle wrote")
  .option("--readings <csv>", "compare what was recorded with the distributor's file, hour by hour")
  .option("--rpc <url>", "read the chain from this node instead of from the folder")
  .option("--json", "print the result as JSON", false)
  .option("--quiet", "show no progress", false)
  .action(async (dir: string, options: AuditFlags) => {
    ensureCompiled();
    const { auditFolder, readingDifferenceText } = await import("./audit.ts");
    const { differenceText } = await import("./settlementTable.ts");
    const progress = progressDisplay(options.quiet);
    const source = { folder: dir, rpc: options.rpc, readings: options.readings };
    const result = await auditFolder(source, progress.show).finally(progress.stop);
    if (!result.ok) process.exitCode = EXIT.differences;
    if (options.json) return console.log(toJson(result));

    console.log(auditLine({ ...result, ok: result.differences.length === 0 }));
    printList(result.differences.map(differenceText));
    const { readingDifferences } = result;
    if (readingDifferences === undefined) return;
    const readings = readingDifferences.map(readingDifferenceText);
    const verdict =
      readings.length === 0 ? "OK: every recorded hour is as in the file" : `${readings.length} hours differ`;
    console.log(`Comparison with ${options.readings}: ${verdict}`);
    printList(readings);
  });

program
  .command("reconcile")
  .description("compare what GSE paid with what it should have paid: advances by month, everything by year")
  .argument("<dir>", "the folder that settle wrote")
  .option("--year <year>", "only this year", year)
  .option("--rates <yaml>", "TRASE and BTAU, advances and fees of years that are not known here; zone of the plants")
  .addOption(new Option("--tolerance <cents>", "for each plant and month").argParser(cents).default(1n, "1"))
  .option("--rpc <url>", "read the chain from this node instead of from the folder")
  .addOption(new Option("--language <language>", "of tables and sentences").choices(LANGUAGES).default("it"))
  .option("--json", "print the result as JSON", false)
  .option("--quiet", "show no progress", false)
  .action(async (dir: string, options: ReconcileFlags) => {
    ensureCompiled();
    const { reconcileFolder } = await import("./reconcile.ts");
    const { reconciliationText } = await import("./reconciliationText.ts");
    const { RECONCILIATION_WORDS } = await import("./reconciliationWords.ts");
    const progress = progressDisplay(options.quiet);
    const { rpc, rates, year: only } = options;
    const source = { folder: dir, rpc, rates, year: only, tolerance: options.tolerance * MICRO_PER_CENT };
    const result = await reconcileFolder(source, progress.show).finally(progress.stop);
    if (!result.ok) process.exitCode = EXIT.differences;
    if (options.json) return console.log(toJson(result));
    const words = RECONCILIATION_WORDS[options.language];
    console.log(result.years.map((each) => reconciliationText(each, words)).join("\n\n\n"));
  });

program
  .command("split-adjustment")
  .description(
    "split a yearly adjustment of the premium by month, in proportion to what accrued: lines for receipts.csv",
  )
  .argument("<dir>", "the folder that settle wrote")
  .requiredOption("--year <year>", "the year that GSE adjusted", year)
  .requiredOption("--amount <euro>", "net, as 1234.56; negative (--amount=-1234.56) where GSE takes money back")
  .requiredOption("--document <name>", "names GSE's document, on every line", given)
  .option("--area <area>", "needed only if there are several configurations")
  .option("--rpc <url>", "read the chain from this node instead of from the folder")
  .option("--quiet", "show no progress", false)
  .action(async (dir: string, options: SplitFlags) => {
    ensureCompiled();
    const { splitAdjustment } = await import("./splitAdjustment.ts");
    const progress = progressDisplay(options.quiet);
    const source = { ...options, folder: dir, rpc: options.rpc, area: options.area };
    console.log(await splitAdjustment(source, progress.show).finally(progress.stop));
  });

program
  .command("simulate")
  .description("compare rules, plants and members on readings: who would get what, and how far from the Shapley value")
  .requiredOption("--community <yaml>", "the community file; its rules are the first scenario")
  .requiredOption("--readings <csv>", "hourly readings: meter_id,utc_hour,injected_wh,withdrawn_wh")
  .option("--receipts <csv>", "divide what GSE paid instead of the premium expected")
  .option("--prices <csv>", "zonal prices, for plants that are paid by them: utc_hour,price_eur_mwh")
  .option("--scenarios <yaml>", "other rules, plants and members; without it, each key for itself")
  .addOption(
    new Option("--valorisation-rate <rate>", "add the expected valorisation of shared energy, in €/MWh")
      .argParser(unitRate)
      .default(0n, "0"),
  )
  .option("--from <month>", "first month, for example 2026-01; default: that of the first reading", month)
  .option("--to <month>", "last month; default: that of the last reading", month)
  .option("--samples <pairs>", "pairs of orders tried where more than 20 members make the value a sample", pairs, 2000)
  .option("--seed <number>", "of the sample: the same seed gives the same values", whole, 1)
  .option("--out <file>", "write the report there too, as .html or .md", reportFile)
  .addOption(new Option("--language <language>", "of the report").choices(LANGUAGES).default("it"))
  .option("--json", "print the result as JSON", false)
  .option("--quiet", "show no progress", false)
  .action(async (options: SimulateFlags) => {
    const { simulate } = await import("./simulate.ts");
    const { simulationReport } = await import("./simulateReport.ts");
    const { html, markdown, terminalText } = await import("./document.ts");
    const { writeWhole } = await import("./settlementFolder.ts");
    const progress = progressDisplay(options.quiet);
    const { receipts, prices, scenarios, from, to } = options;
    const input = { ...options, receipts, prices, scenarios, from, to, pairs: options.samples };
    const simulation = await Promise.try(simulate, input, progress.show).finally(progress.stop);
    const report = simulationReport(simulation, options.language);
    if (options.out !== undefined) writeWhole(options.out, (options.out.endsWith(".md") ? markdown : html)(report));
    console.log(options.json ? toJson(simulation) : terminalText(report));
    if (options.out !== undefined && !options.json) console.log(`\nReport: ${options.out}`);
  });

program
  .command("redeem")
  .description("turn balances into a file for the bank, and book what the bank executed and returned")
  .argument("<dir>", "the folder that settle wrote")
  .option("--iban-file <csv>", "where each account's money goes: id,iban,holder; it stays on this machine")
  .addOption(
    new Option("--format <format>", "of the bank's file; list is for entry by hand").choices(FORMATS).default("sepa"),
  )
  .option("--account <id...>", "redeem only these")
  .addOption(new Option("--minimum <eur>", "smaller balances wait").argParser(euroGiven).default(0n, "0"))
  .option("--execution-date <day>", "requested of the bank; by default the next business day")
  .option("--debtor <yaml>", "the community's bank account: iban, and as needed name, bic, cuc")
  .option("--debtor-name <name>", "by default the community's name")
  .option("--debtor-iban <iban>", "the community's own IBAN")
  .option("--debtor-bic <bic>", "its bank; rarely needed")
  .option("--debtor-cuc <cuc>", "Codice Univoco CBI, needed for the formats cbi and cbi-body")
  .option("--out <file>", "where the bank's file goes; by default redemptions/ in the folder")
  .option("--confirm <csv>", "book what the bank did: id,outcome with executed or returned")
  .option("--status", "show all payments and where they stand", false)
  .addOption(new Option("--language <language>", "of tables and statements").choices(LANGUAGES).default("it"))
  .option("--json", "print the result as JSON", false)
  .option("--quiet", "show no progress", false)
  .action(async (dir: string, options: RedeemFlags) => {
    ensureCompiled();
    const { runRedeem } = await import("./redeemCommand.ts");
    const progress = progressDisplay(options.quiet);
    const { ok, result, text } = await runRedeem(dir, options, progress.show).finally(progress.stop);
    if (!ok) process.exitCode = EXIT.differences;
    console.log(options.json ? toJson(result) : text);
  });

addUpCommands(program);
addAccountCommands(program);
addOracleCommands(program);
addApiCommands(program);
addIndexCommands(program);
addRegisterCommands(program);

program
  .command("demo")
  .description("settle the example community before your eyes, statements and audit included")
  .action(async () => {
    ensureCompiled();
    const { demo } = await import("./demo.ts");
    process.exitCode = demo();
  });

program
  .command("bench")
  .description("measure Condivisa and the alternatives in the same run")
  .addArgument(new Argument("<what>").choices(BENCHES))
  .option("--messages <number>", "through the oracle, to see whether its memory stays flat", whole, 300_000)
  .option("--seconds <number>", "of real time for which ten thousand meters send to the oracle", whole, 60)
  .option("--communities <number>", "whose year the API's index catches up with; the chain is made once", whole, 100)
  .option("--json", "print the result as JSON", false)
  .option("--quiet", "show no progress", false)
  .action(async (what: (typeof BENCHES)[number], options: BenchOptions & { quiet: boolean }) => {
    const progress = progressDisplay(options.quiet);
    console.log(await bench(what, options, progress.show).finally(progress.stop));
  });

program
  .command("test")
  .description("run every check and test; the last line counts them")
  .option("--deep", "with the long budgets for fuzzing and invariants (hours)", false)
  .option("--coverage", "report which lines of contracts/ the tests reach", false)
  .option("--grep <text>", "only the tests whose name contains this")
  .action(async (options: { deep: boolean; coverage: boolean; grep?: string }) => {
    const { test } = await import("./test.ts");
    process.exitCode = await test(options);
  });

program
  .command("mutants")
  .description("put small faults into a copy of settlement/ or the contracts, and say which ones the tests do not find")
  .argument("<what>", "settlement or contracts", (what: string) => {
    if (what !== "settlement" && what !== "contracts")
      throw new InvalidArgumentError("There are: settlement, contracts");
    return what;
  })
  .argument("[which...]", "files of settlement/; or a part of the names of contracts' files and mutants")
  .option("--quiet", "show no progress", false)
  .action(async (what: "settlement" | "contracts", which: string[], options: { quiet: boolean }) => {
    const { contractMutantsReport, settlementMutantsReport } = await import("./mutantsReport.ts");
    if (what === "settlement") process.exitCode = await settlementMutantsReport(which);
    else process.exitCode = contractMutantsReport(which.join(" "), progressDisplay(options.quiet));
  });

program
  .command("check")
  .description("types, lint, format and the boundaries between the rooms")
  .option("--fix", "mend what can be mended", false)
  .action(async (options: { fix: boolean }) => {
    ensureCompiled();
    const { check } = await import("./check.ts");
    process.exitCode = check(options.fix) ? EXIT.ok : EXIT.failed;
  });

type SettleFlags = {
  community: string;
  readings: string;
  receipts: string;
  adjusted: number[];
  prices?: string;
  out: string;
  grade: Grade;
  backTo?: string;
  override?: string;
  language: Language;
  json: boolean;
  quiet: boolean;
};

type ReconcileFlags = {
  year?: number;
  rates?: string;
  tolerance: bigint;
  rpc?: string;
  language: Language;
  json: boolean;
  quiet: boolean;
};

type SimulateFlags = {
  community: string;
  readings: string;
  receipts?: string;
  prices?: string;
  scenarios?: string;
  valorisationRate: bigint;
  from?: Month;
  to?: Month;
  samples: number;
  seed: number;
  out?: string;
  language: Language;
  json: boolean;
  quiet: boolean;
};

type SplitFlags = { year: number; amount: string; document: string; area?: string; rpc?: string; quiet: boolean };

type AuditFlags = { readings?: string; rpc?: string; json: boolean; quiet: boolean };

function runLine(run: import("./settle.ts").SettleResult["run"]): string {
  if (run === undefined) {
    return "Nothing new to divide: a run takes a month closed in every configuration, or a new receipt for such a month.";
  }
  return `Paid ${formatMicro(run.paid)} € for the months ${run.from} to ${run.to}.`;
}

function auditLine({ ok, checked, differences, block }: import("./auditReport.ts").AuditReport): string {
  const { batches, corrections, readings, receipts, runs, payouts } = checked;
  const corrected = corrections === 0 ? "" : ` with ${corrections} corrections`;
  const what = `${batches} batches${corrected}, ${readings} readings, ${receipts} receipts, ${runs} runs, ${payouts} payouts recomputed`;
  return `Audit ${ok ? "OK" : `NOT OK: ${differences.length} differences`}: ${what} up to block ${block.number}.`;
}

/** An option's text, which must say something. */
function given(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty: write the reason, or leave the option out.");
  return text;
}

function year(text: string): number {
  if (!/^20\d\d$/.test(text)) throw new InvalidArgumentError("Write it as 2025.");
  return Number(text);
}

/** €/MWh as 10⁻⁴ €/MWh. */
function unitRate(text: string): bigint {
  const rate = parseDecimal(text, 4);
  if (rate === undefined || rate < 0n) throw new InvalidArgumentError("Write it in €/MWh, as 10.57.");
  return rate;
}

function month(text: string): Month {
  const parsed = parseMonth(text);
  if (parsed === undefined) throw new InvalidArgumentError("Write it as 2026-03.");
  return parsed;
}

function marketDay(text: string): string {
  if (!isDate(text)) throw new InvalidArgumentError("Write it as 2026-03-01.");
  return text;
}

function whole(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError("Write a whole number.");
  return Number(text);
}

/** Fewer pairs than ten say nothing about the error. */
function pairs(text: string): number {
  if (whole(text) < 10) throw new InvalidArgumentError("Write a whole number of 10 or more.");
  return whole(text);
}

function reportFile(text: string): string {
  if (!/\.(html|md)$/.test(text)) throw new InvalidArgumentError("Write a file name that ends with .html or .md.");
  if (!existsSync(dirname(text))) throw new InvalidArgumentError(`There is no folder ${dirname(text)}: make it first.`);
  return text;
}

/** One more year of a repeatable option. */
function years(text: string, before: number[]): number[] {
  return [...new Set([...before, year(text)])];
}

function cents(text: string): bigint {
  if (!/^\d{1,6}$/.test(text)) throw new InvalidArgumentError("Write whole cents, as 1.");
  return BigInt(text);
}

/** An amount in euro and cents, as micro-euro. */
function euroGiven(text: string): bigint {
  const cents = parseDecimal(text, 2);
  if (cents === undefined || cents < 0n) throw new InvalidArgumentError("Write euro and cents as 10.00.");
  return cents * MICRO_PER_CENT;
}

/** Prints the first lines, and how many there are more. */
function printList(lines: readonly string[]): void {
  for (const line of lines.slice(0, LINES_SHOWN)) console.log(`  ${line}`);
  if (lines.length > LINES_SHOWN) console.log(`  … and ${lines.length - LINES_SHOWN} more; --json has all`);
}

/**
 * Runs a command, which prints what it has to say.
 * @param args what stands behind `condivisa`
 * @returns the exit code
 */
export async function run(args: readonly string[]): Promise<number> {
  process.exitCode = EXIT.ok;
  try {
    if (args.length === 0) program.outputHelp();
    else await program.parseAsync(args, { from: "user" });
    return Number(process.exitCode);
  } catch (error) {
    return exitCodeOf(error);
  }
}

if (import.meta.main) {
  process.stdout.on("error", endIfUnread);
  process.exitCode = await run(process.argv.slice(2));
}

/** Who reads what is printed may stop, as `head` does: then the command ends as others do, without a word. */
function endIfUnread(error: NodeJS.ErrnoException): void {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.unread);
}

/** Says what went wrong, unless commander has said it already. */
function exitCodeOf(error: unknown): number {
  if (error instanceof Error && "exitCode" in error && error.name === "CommanderError") {
    return error.exitCode === 0 ? EXIT.ok : EXIT.wrongInput;
  }
  if (error instanceof Error && error.name === "AuditFailedError") {
    console.error(`condivisa: ${error.message}`);
    return EXIT.differences;
  }
  if (error instanceof InputError || (error instanceof Error && error.name === "PaymentOrderError")) {
    console.error(`${error.message}\ncondivisa: nothing was written`);
    return EXIT.wrongInput;
  }
  if (error instanceof Error && EXPECTED_ERRORS.has(error.name)) console.error(`condivisa: ${error.message}`);
  else if (error instanceof Error && "syscall" in error && "path" in error) {
    console.error(
      `condivisa: ${error.path}: ${error.message}. Check the path, its permissions and the space on the disk`,
    );
  } else console.error(error);
  return EXIT.failed;
}
