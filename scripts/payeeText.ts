/** What `condivisa payee` prints. */

import type { PayeeChange } from "../chain/payees.ts";
import { formatLocalHour } from "../settlement/hours.ts";
import { isKeyless } from "../settlement/keyless.ts";
import type { Language } from "../settlement/terms.ts";
import type { AccountStanding, AccountsOverview } from "./accounts.ts";
import { ACCOUNT_WORDS, type AccountWords } from "./accountWords.ts";
import type { PayeeResult } from "./payee.ts";
import { table } from "./table.ts";
import { WORDS } from "./words.ts";

const SECONDS_PER_HOUR = 3600;

/** All accounts, what is pending and whether credit can be transferred. */
export function overviewText({ accounts, transfersOn }: AccountsOverview, language: Language): string {
  const words = ACCOUNT_WORDS[language];
  const { columns } = words;
  const rows = accounts.map((account) => [
    String(account.number),
    account.id,
    account.name,
    WORDS[language].kinds[account.kind],
    standingText(account, words),
    account.wallet ?? words.noWallet,
  ]);
  const pending = accounts.flatMap((account) =>
    account.pending === undefined ? [] : changeLines(account.id, account.pending, words),
  );
  return [
    table(["#", "Id", columns.name, columns.kind, columns.state, columns.wallet], rows),
    "",
    ...(pending.length === 0 ? [words.nothingPending] : [`${words.pending}:`, ...pending.map((line) => `  ${line}`)]),
    words.transfers(transfersOn),
  ].join("\n");
}

/** How a change is after a step, and what comes next. */
export function payeeText({ account, change, isEarlier, audit }: PayeeResult, language: Language): string {
  const words = ACCOUNT_WORDS[language];
  const next = nextStep(change, words);
  return [
    ...(isEarlier ? [words.earlier] : []),
    ...changeLines(`${account.name} (${account.id})`, change, words),
    ...(next === undefined ? [] : [next]),
    ...(audit === undefined ? [] : [words.audit(audit.ok)]),
  ].join("\n");
}

function standingText({ closed, accredited }: AccountStanding, words: AccountWords): string {
  return [closed ? words.closed : words.open, ...(accredited ? [words.accredited] : [])].join(", ");
}

function changeLines(account: string, change: PayeeChange, words: AccountWords): string[] {
  const { number, from, to, state, proposedBy, approvedBy, executableFrom, objection } = change;
  const steps = [words.proposed(proposedBy)];
  if (approvedBy !== undefined && executableFrom !== undefined) {
    steps.push(words.approved(approvedBy, formatLocalHour(Math.ceil(executableFrom / SECONDS_PER_HOUR))));
  }
  if (objection !== undefined) steps.push(words.objected(objection.by === from, objection.reason));
  if (state === "completed" || state === "cancelled") steps.push(words[state]);
  const target = (payee: typeof to) => (isKeyless(payee) ? words.noWallet : payee);
  return [words.change(number, account, target(from), target(to)), ...steps.map((step) => `  ${step}`)];
}

function nextStep({ state, objection, to }: PayeeChange, words: AccountWords): string | undefined {
  if (state === "cancelled") return undefined;
  if (state === "completed") return words.next.completed(isKeyless(to) ? undefined : to);
  return objection === undefined ? words.next[state] : words.next.objected;
}
