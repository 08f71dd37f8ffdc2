/**
 * `condivisa payee`: where an account's credit goes, changed by two persons with the new wallet's signature and a time for
 * objections. Each step looks first whether it is done already, so that a command that was killed can be called again.
 */

import { type Address, getAddress, getTypesForEIP712Domain, type Hex, isAddress, isHex } from "viem";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { ContractRefusedError } from "../chain/errors.ts";
import { readHistory } from "../chain/history.ts";
import {
  approvePayee,
  dropPayee,
  executePayee,
  nextWalletLink,
  objectToPayee,
  type PayeeChange,
  proposePayee,
  readPayeeProposals,
  walletLinkData,
  withdrawPayeeObjection,
} from "../chain/payees.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { isKeyless } from "../settlement/keyless.ts";
import type { Language } from "../settlement/terms.ts";
import { isPending, type NamedAccount, namedAccount, newestChange } from "./accounts.ts";
import type { AuditReport } from "./auditReport.ts";
import { withChainOf } from "./folderChain.ts";
import type { ShowProgress } from "./progress.ts";
import { auditedHistory, type Bench } from "./settleLine.ts";
import { openSettlement, type Register, type SettlementFolder } from "./settlementFolder.ts";
import { withBench, writeResults } from "./settlementResults.ts";
import { writeWallets } from "./wallets.ts";

export type PayeeResult = {
  readonly account: NamedAccount;
  readonly change: PayeeChange;
  /** The step was done by an earlier call; this one did nothing. */
  readonly isEarlier: boolean;
  /** Of a completed change, which shows in the statements. */
  readonly audit: AuditReport | undefined;
};

/** A new wallet, and its signature of what `walletTypedData` gives. */
export type SignedLink = { readonly to: Address; readonly signature: Hex };

/** The address of a new wallet. Throws InputError if it is none. */
export function walletAddress(text: string): Address {
  if (isAddress(text) && BigInt(text) !== 0n) return getAddress(text);
  const remedy = "Write 0x and 40 hexadecimal digits, as the wallet shows them: the checksum is in their capitals";
  throw new InputError([{ file: "--wallet", value: text, problem: "not a wallet's address", remedy }]);
}

/** Throws InputError if address or signature are none; whose signature it is, the contract will see. */
export function signedLink(wallet: string, signature: string): SignedLink {
  const to = walletAddress(wallet);
  if (isHex(signature) && signature.length % 2 === 0) return { to, signature };
  const remedy = "Write it as the wallet gives it: 0x and hexadecimal digits";
  throw new InputError([{ file: "--signature", value: signature, problem: "not a signature", remedy }]);
}

/** What the new wallet signs (EIP-712), in the form that wallets take: `eth_signTypedData_v4`. Nothing is written. */
export async function walletTypedData(path: string, id: string, wallet: Address) {
  const { folder, register, at } = openSettlement(path);
  const { number } = namedAccount(register, "--account", id);
  return withChainOf(folder, undefined, async (client) => {
    refuseSecondChange(id, newestChange(await readPayeeProposals(client, at.community), number));
    const link = await nextWalletLink(client, at.community, number, wallet);
    const { domain, types, primaryType, message } = walletLinkData(client.chain.id, at.community, link);
    return { types: { EIP712Domain: getTypesForEIP712Domain({ domain }), ...types }, primaryType, domain, message };
  });
}

/** The secretary proposes another wallet, with its signature, or none: the address to which nobody holds a key. */
export async function proposeChange(
  path: string,
  id: string,
  link: SignedLink | undefined,
  show: ShowProgress,
): Promise<PayeeResult> {
  return takeStep(path, id, show, async ({ account, newest, bench, at, register }) => {
    const isSame = newest !== undefined && (link === undefined ? isKeyless(newest.to) : newest.to === link.to);
    if (newest !== undefined && isPending(newest) && isSame) return { isEarlier: true };
    refuseSecondChange(id, newest);
    await proposePayee(bench.officers.secretary, at.community, account.number, link).catch(
      refusedPayee(register, link),
    );
    return { isEarlier: false };
  });
}

/** The president approves; from then on the time for objections runs. */
export async function approveChange(path: string, id: string, show: ShowProgress): Promise<PayeeResult> {
  return takeStep(path, id, show, async ({ account, newest, bench, at }) => {
    if (newest === undefined || newest.state === "cancelled") throw nothingPending(id);
    if (newest.state !== "proposed") return { isEarlier: true };
    await auditedHistory(bench, at);
    await approvePayee(bench.officers.president, at.community, account.number, newest.number);
    return { isEarlier: false };
  });
}

/** The auditor stops a change. The reason goes onto the chain. */
export async function objectToChange(
  path: string,
  id: string,
  reason: string,
  show: ShowProgress,
): Promise<PayeeResult> {
  return takeStep(path, id, show, async ({ account, newest, bench, at }) => {
    if (newest === undefined || !isPending(newest)) throw nothingPending(id);
    if (newest.objection !== undefined) return { isEarlier: true };
    await objectToPayee(bench.officers.auditor, at.community, account.number, reason);
    return { isEarlier: false };
  });
}

/** The auditor withdraws an objection, or dismisses the old wallet's. */
export async function withdrawObjection(path: string, id: string, show: ShowProgress): Promise<PayeeResult> {
  return takeStep(path, id, show, async ({ account, newest, bench, at }) => {
    if (newest === undefined || !isPending(newest)) throw nothingPending(id);
    if (newest.objection === undefined) return { isEarlier: true };
    await withdrawPayeeObjection(bench.officers.auditor, at.community, account.number);
    return { isEarlier: false };
  });
}

/** The secretary gives a change up. */
export async function cancelChange(path: string, id: string, show: ShowProgress): Promise<PayeeResult> {
  return takeStep(path, id, show, async ({ account, newest, bench, at }) => {
    if (newest?.state === "cancelled") return { isEarlier: true };
    if (newest === undefined || !isPending(newest)) throw nothingPending(id);
    await dropPayee(bench.officers.secretary, at.community, account.number);
    return { isEarlier: false };
  });
}

/** Carries an approved change out. The chain's clock is moved as far as the end of the time for objections. */
export async function completeChange(
  path: string,
  id: string,
  language: Language,
  show: ShowProgress,
): Promise<PayeeResult> {
  return takeStep(path, id, show, async ({ account, newest, bench, at, register, folder }) => {
    if (newest === undefined || newest.state === "cancelled") throw nothingPending(id);
    const isEarlier = newest.state === "completed";
    if (!isEarlier) {
      const executableFrom = executableTime(id, newest);
      await auditedHistory(bench, at);
      bench.chain.advanceTo(executableFrom);
      await executePayee(bench.officers.secretary, at.community, account.number).catch(refusedPayee(register));
    }
    const history = await readHistory(bench.client, at);
    writeWallets(folder, history);
    const { report: audit } = await writeResults(bench.client, history, folder, language);
    return { isEarlier, audit };
  });
}

type Step = {
  readonly account: NamedAccount;
  readonly newest: PayeeChange | undefined;
  readonly bench: Bench;
  readonly at: CommunityAddresses;
  readonly register: Register;
  readonly folder: SettlementFolder;
};

/** Looks at the newest change of the account, lets `work` take it further, and tells how it is then. */
async function takeStep(
  path: string,
  id: string,
  show: ShowProgress,
  work: (step: Step) => Promise<{ readonly isEarlier: boolean; readonly audit?: AuditReport }>,
): Promise<PayeeResult> {
  const { folder, register, at } = openSettlement(path);
  const account = namedAccount(register, "--account", id);
  return withBench(folder, show, async (bench) => {
    const read = async () => newestChange(await readPayeeProposals(bench.client, at.community), account.number);
    const { isEarlier, audit } = await work({ account, newest: await read(), bench, at, register, folder });
    const change = await read();
    if (change === undefined) throw new Error(`account ${account.number}: the chain says nothing of its change`);
    return { account, change, isEarlier, audit };
  });
}

function refuseSecondChange(id: string, newest: PayeeChange | undefined): void {
  if (newest === undefined || !isPending(newest)) return;
  const problem = `change ${newest.number} is pending, to ${isKeyless(newest.to) ? "no wallet" : newest.to}`;
  const remedy = "Complete it, or cancel it: `./condivisa payee cancel`";
  throw new InputError([{ file: "--account", value: id, problem, remedy }]);
}

function nothingPending(id: string): InputError {
  const remedy = "Propose one: `./condivisa payee change`";
  return new InputError([{ file: "--account", value: id, problem: "no change is pending", remedy }]);
}

/** When an approved change that nobody objects to can be carried out. */
function executableTime(id: string, { executableFrom, objection }: PayeeChange): number {
  if (executableFrom !== undefined && objection === undefined) return executableFrom;
  const [problem, remedy] =
    executableFrom === undefined
      ? ["not approved by the second person yet", "Approve it: `./condivisa payee approve`"]
      : [
          `stopped by an objection: ${objection?.reason}`,
          "Cancel it, or have the objection withdrawn: `./condivisa payee withdraw`",
        ];
  throw new InputError([{ file: "--account", value: id, problem, remedy }]);
}

/** What a contract says of a payee that cannot be, in words for who gave it. Other errors are thrown as they are. */
function refusedPayee(register: Register, link?: SignedLink): (error: unknown) => never {
  return (error) => {
    const told = error instanceof ContractRefusedError ? refusalOf(error, register) : undefined;
    if (told === undefined) throw error;
    const [option, problem, remedy] = told;
    const value = option === "--signature" ? link?.signature : link?.to;
    throw new InputError([{ file: option, value, problem, remedy }]);
  };
}

function refusalOf(
  { errorName, values }: ContractRefusedError,
  { accounts }: Register,
): [option: string, problem: string, remedy: string] | undefined {
  switch (errorName) {
    case "WalletSignatureInvalid":
      return [
        "--signature",
        `not ${values[0]}'s signature of this very change`,
        "Have that wallet sign what `--typed-data` prints now: every change has its own number",
      ];
    case "PayeeTaken": {
      const holder = accounts.find(({ number }) => number === values[1])?.id ?? `account ${values[1]}`;
      return ["--wallet", `is or was ${holder}'s`, "An address stays with its first account: take another wallet"];
    }
    case "PayeeUnchanged":
      return ["--wallet", "the account's credit goes there already", "There is nothing to change"];
    case "KeylessWallet":
      return ["--wallet", "an address to which nobody holds a key", "Write the address of a wallet"];
    case "AccountUnknown":
      return ["--account", "not enrolled yet", "Run `./condivisa settle` again: it goes on where it stopped"];
    default:
      return undefined;
  }
}
