/** `condivisa close`: an account that gets no meters any more, but goes on receiving and redeeming. */

import { readHistory } from "../chain/history.ts";
import { closeAccount } from "../chain/setUp.ts";
import type { History } from "../settlement/history.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { channelsOf, decodeRoster } from "../settlement/roster.ts";
import type { Language } from "../settlement/terms.ts";
import { type NamedAccount, namedAccount } from "./accounts.ts";
import { ACCOUNT_WORDS } from "./accountWords.ts";
import type { AuditReport } from "./auditReport.ts";
import type { ShowProgress } from "./progress.ts";
import { auditedHistory } from "./settleLine.ts";
import { openSettlement, type Register } from "./settlementFolder.ts";
import { withBench, writeResults } from "./settlementResults.ts";

export type CloseResult = {
  readonly account: NamedAccount;
  /** It was closed by an earlier call. */
  readonly isEarlier: boolean;
  readonly audit: AuditReport;
};

/**
 * Closes an account for good.
 * @throws InputError if it still has a meter on the newest roster of a configuration, or is a reserve of the community
 */
export async function close(path: string, id: string, language: Language, show: ShowProgress): Promise<CloseResult> {
  const { folder, register, at } = openSettlement(path);
  const account = namedAccount(register, "--account", id);
  if (account.kind === "reserve") {
    const remedy = "Name a member, a producer or a fund";
    throw new InputError([{ file: "--account", value: id, problem: "a reserve of the community", remedy }]);
  }
  return withBench(folder, show, async (bench) => {
    const before = await auditedHistory(bench, at);
    const entry = before.accounts.find(({ number }) => number === account.number);
    const isEarlier = entry?.closed !== undefined;
    if (!isEarlier) {
      checkWithoutMeters(before, account, register);
      await closeAccount(bench.officers.secretary, at.community, account.number);
    }
    const history = isEarlier ? before : await readHistory(bench.client, at);
    const { report: audit } = await writeResults(bench.client, history, folder, language);
    return { account, isEarlier, audit };
  });
}

export function closeText({ account: { name, id }, isEarlier, audit }: CloseResult, language: Language): string {
  const words = ACCOUNT_WORDS[language];
  const lines = [words.closedNow(`${name} (${id})`), words.audit(audit.ok)];
  return (isEarlier ? [words.earlier, ...lines] : lines).join("\n");
}

function checkWithoutMeters({ ledgers }: History, { number, id }: NamedAccount, register: Register): void {
  const problems = ledgers.flatMap(({ area, rosters }, configuration): InputProblem[] => {
    const blob = rosters.at(-1)?.blob;
    const own = blob === undefined ? [] : channelsOf(decodeRoster(blob)).filter(({ account }) => account === number);
    if (own.length === 0) return [];
    const channels = own.map((channel) => channel.number);
    const meters = register.meters
      .filter((meter) => meter.configuration === configuration)
      .filter(({ injection, withdrawal }) => channels.some((channel) => [injection, withdrawal].includes(channel)));
    const named = new Set(
      meters.length === 0 ? channels.map((channel) => `channel ${channel}`) : meters.map((m) => m.id),
    );
    const problem = `has meters on the newest roster of ${area}: ${[...named].join(", ")}`;
    const remedy =
      "Write `until` at the member in the community file and settle a day after it; then close the account";
    return [{ file: "--account", value: id, problem, remedy }];
  });
  if (problems.length > 0) throw new InputError(problems);
}
