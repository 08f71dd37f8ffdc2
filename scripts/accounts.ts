/** The accounts of a settlement as people name them, and where each stands: `condivisa payee DIR`. */

import type { Address } from "viem";
import { communityAbi, creditTokenAbi } from "../chain/abi.ts";
import type { CommunityAddresses } from "../chain/deploy.ts";
import { type PayeeChange, readPayeeProposals } from "../chain/payees.ts";
import type { ChainClient } from "../chain/send.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { isKeyless } from "../settlement/keyless.ts";
import { withChainOf } from "./folderChain.ts";
import { openSettlement, type Register } from "./settlementFolder.ts";

export type NamedAccount = Pick<Register["accounts"][number], "number" | "id" | "name" | "kind">;

/** The account of an id. Throws InputError if there is none. */
export function namedAccount(register: Register, option: string, id: string): NamedAccount {
  const entry = register.accounts.find((account) => account.id === id);
  if (entry !== undefined) return entry;
  const remedy = "Write an id of the community file; `./condivisa payee DIR` lists them";
  throw new InputError([{ file: option, value: id, problem: "no such member or fund", remedy }]);
}

export type AccountStanding = NamedAccount & {
  readonly closed: boolean;
  /** Undefined where the credit waits at an address to which nobody holds a key. */
  readonly wallet: Address | undefined;
  /** Whether members may pay it while transfers are on. */
  readonly accredited: boolean;
  /** A change of payee that is neither carried out nor given up. */
  readonly pending: PayeeChange | undefined;
};

export type AccountsOverview = {
  readonly accounts: readonly AccountStanding[];
  /** Whether the council lets members pay accredited accounts. */
  readonly transfersOn: boolean;
};

/** Where every enrolled account stands on the chain. */
export async function accountsOverview(path: string): Promise<AccountsOverview> {
  const { folder, register, at } = openSettlement(path);
  return withChainOf(folder, undefined, async (client) => {
    const changes = await readPayeeProposals(client, at.community);
    const count = await client.readContract({
      abi: communityAbi,
      address: at.community,
      functionName: "accountCount",
    });
    const enrolled = register.accounts.filter(({ number }) => number <= count);
    return {
      accounts: await Promise.all(enrolled.map((account) => standingOf(client, at, account, changes))),
      transfersOn: await client.readContract({ abi: creditTokenAbi, address: at.token, functionName: "transfersOn" }),
    };
  });
}

async function standingOf(
  client: ChainClient,
  at: CommunityAddresses,
  { number, id, name, kind }: NamedAccount,
  changes: readonly PayeeChange[],
): Promise<AccountStanding> {
  const args = [number] as const;
  const call = { abi: communityAbi, address: at.community, functionName: "account", args } as const;
  const { payee, closed } = await client.readContract(call);
  const token = { abi: creditTokenAbi, address: at.token } as const;
  const newest = newestChange(changes, number);
  return {
    number,
    id,
    name,
    kind,
    closed,
    wallet: isKeyless(payee) ? undefined : payee,
    accredited: await client.readContract({ ...token, functionName: "isAccredited", args }),
    pending: newest !== undefined && isPending(newest) ? newest : undefined,
  };
}

/** The last change that was proposed for an account; only that can be pending. */
export function newestChange(changes: readonly PayeeChange[], account: number): PayeeChange | undefined {
  return changes.findLast((change) => change.account === account);
}

export function isPending({ state }: PayeeChange): boolean {
  return state === "proposed" || state === "approved";
}
