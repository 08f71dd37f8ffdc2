/** The commands about single accounts: where credit goes, debts written off, accounts closed. */

import { type Command, type CommandOptions, InvalidArgumentError, Option } from "commander";
import { parseDecimal } from "../settlement/amounts.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { LANGUAGES, type Language } from "../settlement/terms.ts";
import { ensureCompiled } from "./compile.ts";
import { EXIT } from "./exitCodes.ts";
import type { PayeeResult } from "./payee.ts";
import { progressDisplay, type ShowProgress } from "./progress.ts";
import { toJson } from "./table.ts";

type Flags = { readonly language: Language; readonly json: boolean; readonly quiet: boolean };
type AccountFlags = Flags & { readonly account: string };
type ChangeFlags = AccountFlags & {
  /** False where `--no-wallet` asks for none. */
  readonly wallet?: string | false;
  readonly signature?: string;
  readonly typedData: boolean;
};
type WriteOffFlags = AccountFlags & { readonly fund: string; readonly amount?: bigint; readonly reason: string };

const REASON = "why; it stands on the chain for good, so name no person";

const PAYEE_HELP = `
A change goes: payee change --typed-data, which the new wallet signs; payee change with the signature (the secretary's
key); payee approve (the president's); the time for objections; payee complete. Called again, each step finds
what is done. \`payee DIR\` shows all accounts and what is pending.`;

/** Adds `payee`, `write-off` and `close`. */
export function addAccountCommands(program: Command): void {
  const payee = program
    .command("payee")
    .description("where each account's credit goes: show it, link or replace a wallet by two persons, object")
    .addHelpText("after", PAYEE_HELP)
    .helpCommand(false);
  const show = onFolder(payee, "show", "every account's wallet, and the changes that are pending", { isDefault: true });
  withOutput(show).action(async (dir: string, { language, json }: Flags) => {
    ensureCompiled();
    const { accountsOverview } = await import("./accounts.ts");
    const { overviewText } = await import("./payeeText.ts");
    const overview = await accountsOverview(dir);
    console.log(json ? toJson(overview) : overviewText(overview, language));
  });

  const change = onAccount(payee, "change", "propose another wallet, with its signature")
    .option("--wallet <address>", "where the credit is to go")
    .option("--no-wallet", "back to an address that nobody holds a key to, for a lost wallet without another")
    .option("--signature <hex>", "the new wallet's, of what --typed-data prints")
    .option("--typed-data", "print what the new wallet has to sign, as EIP-712 JSON, and change nothing", false);
  withOutput(change).action(changeAction);

  const approve = onAccount(payee, "approve", "the second person approves; then the time for objections runs");
  withOutput(approve).action((dir: string, flags: AccountFlags) =>
    printStep(flags, ({ approveChange }, show) => approveChange(dir, flags.account, show)),
  );
  const object = onAccount(payee, "object", "the auditor stops a change").requiredOption(
    "--reason <text>",
    REASON,
    reasonGiven,
  );
  withOutput(object).action((dir: string, flags: AccountFlags & { readonly reason: string }) =>
    printStep(flags, ({ objectToChange }, show) => objectToChange(dir, flags.account, flags.reason, show)),
  );
  const withdraw = onAccount(payee, "withdraw", "the auditor withdraws an objection, or dismisses the old wallet's");
  withOutput(withdraw).action((dir: string, flags: AccountFlags) =>
    printStep(flags, ({ withdrawObjection }, show) => withdrawObjection(dir, flags.account, show)),
  );
  const cancel = onAccount(payee, "cancel", "give a change up");
  withOutput(cancel).action((dir: string, flags: AccountFlags) =>
    printStep(flags, ({ cancelChange }, show) => cancelChange(dir, flags.account, show)),
  );
  const complete = onAccount(payee, "complete", "carry an approved change out, after the time for objections");
  withOutput(complete).action((dir: string, flags: AccountFlags) =>
    printStep(flags, ({ completeChange }, show) => completeChange(dir, flags.account, flags.language, show)),
  );

  const debt = onAccount(program, "write-off", "let a fund take over what an account will not pay back, by two persons")
    .requiredOption("--fund <id>", "the fund that takes it over")
    .option("--amount <eur>", "by default all that the account owes", microGiven)
    .requiredOption("--reason <text>", REASON, reasonGiven);
  withOutput(debt).action(async (dir: string, { account, fund, amount, reason, ...flags }: WriteOffFlags) => {
    ensureCompiled();
    const { writeOff, writeOffText } = await import("./writeOff.ts");
    const options = { account, fund, amount, reason, language: flags.language };
    const result = await shown(flags, (show) => writeOff(dir, options, show));
    print(result, flags, () => writeOffText(result, flags.language));
  });

  const closing = onAccount(
    program,
    "close",
    "close an account: no more meters, but it goes on receiving and redeeming",
  );
  withOutput(closing).action(async (dir: string, { account, ...flags }: AccountFlags) => {
    ensureCompiled();
    const { close, closeText } = await import("./closeAccount.ts");
    const result = await shown(flags, (show) => close(dir, account, flags.language, show));
    print(result, flags, () => closeText(result, flags.language));
  });
}

async function changeAction(
  dir: string,
  { account, wallet, signature, typedData, ...flags }: ChangeFlags,
): Promise<void> {
  if (wallet === undefined) throw missing("--wallet", "Name the new wallet, or say --no-wallet");
  ensureCompiled();
  const { signedLink, walletAddress, walletTypedData } = await import("./payee.ts");
  if (wallet === false) {
    if (typedData) throw missing("--wallet", "Without a wallet there is nothing to sign");
    return printStep(flags, ({ proposeChange }, show) => proposeChange(dir, account, undefined, show));
  }
  if (typedData) return console.log(toJson(await walletTypedData(dir, account, walletAddress(wallet))));
  if (signature === undefined) {
    throw missing("--signature", "Have the wallet sign what --typed-data prints, and give the signature here");
  }
  const link = signedLink(wallet, signature);
  return printStep(flags, ({ proposeChange }, show) => proposeChange(dir, account, link, show));
}

async function printStep(
  flags: Flags,
  step: (steps: typeof import("./payee.ts"), show: ShowProgress) => Promise<PayeeResult>,
): Promise<void> {
  ensureCompiled();
  const steps = await import("./payee.ts");
  const { payeeText } = await import("./payeeText.ts");
  const result = await shown(flags, (show) => step(steps, show));
  print(result, flags, () => payeeText(result, flags.language));
}

function shown<T>({ quiet }: Flags, work: (show: ShowProgress) => Promise<T>): Promise<T> {
  const progress = progressDisplay(quiet);
  return work(progress.show).finally(progress.stop);
}

function print(
  result: { readonly audit: { readonly ok: boolean } | undefined },
  { json }: Flags,
  text: () => string,
): void {
  if (result.audit?.ok === false) process.exitCode = EXIT.differences;
  console.log(json ? toJson(result) : text());
}

function onFolder(parent: Command, name: string, description: string, options: CommandOptions = {}): Command {
  return parent.command(name, options).description(description).argument("<dir>", "the folder that settle wrote");
}

function onAccount(parent: Command, name: string, description: string): Command {
  return onFolder(parent, name, description).requiredOption("--account <id>", "of the community file");
}

function withOutput(command: Command): Command {
  return command
    .addOption(new Option("--language <language>", "of tables and statements").choices(LANGUAGES).default("it"))
    .option("--json", "print the result as JSON", false)
    .option("--quiet", "show no progress", false);
}

function missing(option: string, remedy: string): InputError {
  return new InputError([{ file: option, problem: "missing", remedy }]);
}

function reasonGiven(text: string): string {
  if (text.trim() === "") throw new InvalidArgumentError("It is empty: write why.");
  return text;
}

/** Euro with at most six decimals, as micro-euro. */
function microGiven(text: string): bigint {
  const micro = parseDecimal(text, 6);
  if (micro === undefined || micro <= 0n) throw new InvalidArgumentError("Write euro above zero, as 12.50.");
  return micro;
}
