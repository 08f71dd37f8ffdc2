/** What the treasury's routes work with: the index, the chain to be asked, the register. No key. */

import type { Address } from "viem";
import { energyLedgerAbi } from "../../chain/abi.ts";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { ChainUnreachableError, explain } from "../../chain/errors.ts";
import type { ChainClient } from "../../chain/send.ts";
import type { GseTables } from "../../settlement/gseTables.ts";
import type { Month } from "../../settlement/hours.ts";
import type { DocumentThread } from "../documents/documentThread.ts";
import { notFound, Problem } from "../http/problem.ts";
import type { IndexReader } from "../index/reader.ts";
import type { RegisterContext } from "../register/context.ts";

export type TreasuryContext = {
  readonly reader: IndexReader;
  readonly client: ChainClient;
  readonly thread: DocumentThread;
  readonly register: RegisterContext;
  readonly communityName: (community: number) => string;
  readonly tables: GseTables;
};

/** @throws Problem 404 if the community is not complete */
export function addressesIn({ reader }: TreasuryContext, community: number): CommunityAddresses {
  const at = reader.addresses(community);
  if (at === undefined) throw notFound();
  return at;
}

/**
 * The contracts of a community for which something may be prepared.
 * @throws Problem 404 if it is not complete, 409 if one of them has code that these sources do not compile to
 */
export function trustedAddresses(context: TreasuryContext, community: number): CommunityAddresses {
  const at = addressesIn(context, community);
  const foreign = context.reader.contracts(community).filter(({ isForeign }) => isForeign);
  if (foreign.length === 0) return at;
  const names = foreign.map(({ kind, address }) => `${kind} ${address}`).join(", ");
  throw new Problem(
    409,
    `The code of ${names} is not what this version of Condivisa compiles: nothing is prepared for it`,
  );
}

/** The first month of each configuration. */
export function firstMonthsOf({ client }: TreasuryContext, ledgers: readonly Address[]): Promise<Month[]> {
  return Promise.all(
    ledgers.map((address) => client.readContract({ abi: energyLedgerAbi, address, functionName: "firstMonth" })),
  );
}

/** @throws Problem 503 if the chain does not answer */
export async function asking<T>(what: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const explained = error instanceof Problem ? error : explain(what, error);
    if (!(explained instanceof ChainUnreachableError)) throw explained;
    throw new Problem(503, "The chain does not answer now: try again later", { headers: { "Retry-After": "10" } });
  }
}
