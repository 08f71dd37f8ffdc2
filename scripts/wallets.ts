/**
 * Where each account's credit goes. The chain says it; the community file says it for accounts that are enrolled, and the
 * register repeats it.
 */

import { type Address, isAddressEqual } from "viem";
import type { CommunityPlan } from "../oracle/communityPlan.ts";
import type { AccountRecord } from "../settlement/history.ts";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";
import { isKeyless } from "../settlement/keyless.ts";
import type { PayeeChangeRecord } from "../settlement/tokenHistory.ts";
import { readRegister, type SettlementFolder, writeWhole } from "./settlementFolder.ts";
import { toJson } from "./table.ts";

/** What the chain says of payees. */
export type WalletHistory = {
  readonly accounts: readonly Pick<AccountRecord, "number" | "payee">[];
  readonly tokens: { readonly payeeChanges: readonly Pick<PayeeChangeRecord, "account" | "change" | "from">[] };
};

/** By number, the wallet of every enrolled account; undefined where nobody holds a key. */
export function walletsOf({ accounts }: Pick<WalletHistory, "accounts">): Map<number, Address | undefined> {
  return new Map(accounts.map(({ number, payee }) => [number, isKeyless(payee) ? undefined : payee]));
}

/**
 * Refuses a community file that gives an enrolled account another wallet than it has: a wallet changes by
 * `condivisa payee`, with its signature and a second person. Accounts that are not enrolled yet may have any.
 * @param file the community file, for the message
 * @throws InputError with every account that has another
 */
export function checkWallets(file: string, plan: Pick<CommunityPlan, "accounts">, history: WalletHistory): void {
  const wallets = walletsOf(history);
  const problems = plan.accounts.flatMap(({ number, id, wallet }): InputProblem[] => {
    if (!wallets.has(number)) return [];
    const current = wallets.get(number);
    if (isSameWallet(wallet, current)) return [];
    const right = current === undefined ? `Take \`wallet\` of ${id} out` : `Write \`wallet: "${current}"\` for ${id}`;
    const replaced = history.tokens.payeeChanges.findLast(
      ({ account, from }) => account === number && isSameWallet(wallet, isKeyless(from) ? undefined : from),
    );
    return [
      {
        file,
        field: `wallet of ${id}`,
        value: wallet ?? "none",
        problem: replaced === undefined ? "not the account's wallet" : `replaced by change ${replaced.change}`,
        remedy: `${right}; another wallet takes its signature and a second person: \`./condivisa payee change\``,
      },
    ];
  });
  if (problems.length > 0) throw new InputError(problems);
}

/** Lets the register say what the chain says. */
export function writeWallets(folder: SettlementFolder, history: WalletHistory): void {
  const register = readRegister(folder);
  const wallets = walletsOf(history);
  const accounts = register.accounts.map(({ wallet, ...account }) => ({
    ...account,
    wallet: wallets.has(account.number) ? wallets.get(account.number) : wallet,
  }));
  writeWhole(folder.register, toJson({ ...register, accounts }));
}

function isSameWallet(a: Address | undefined, b: Address | undefined): boolean {
  return a === undefined || b === undefined ? a === b : isAddressEqual(a, b);
}
