/** Assertions on refusals: the error's name and every value it carries. */

import assert from "node:assert/strict";
import type { Abi, Address, TransactionReceipt } from "viem";
import { ContractRefusedError, explain } from "../../chain/errors.ts";
import { ROLES, type Role, type Stage } from "./communityOnChain.ts";

/** A call of a function that changes state, whatever the contract. */
export type AnyCall = {
  readonly abi: Abi;
  readonly address: Address;
  readonly functionName: string;
  readonly args: readonly unknown[];
};

export type Refusal = {
  /** What is wrong, as the end of the sentence "refuses …". */
  readonly what: string;
  readonly by: Role;
  readonly call: () => AnyCall;
  readonly error: string;
  readonly values: () => readonly unknown[];
};

/** Asserts that what was sent is refused with this error and exactly these values. */
export async function assertRefused(sent: Promise<unknown>, error: string, values: readonly unknown[]): Promise<void> {
  const thrown: unknown = await sent.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  assert(thrown !== undefined, `${error} was expected, and nothing was refused`);
  if (!(thrown instanceof ContractRefusedError)) throw thrown;
  assert.deepEqual({ error: thrown.errorName, values: thrown.values }, { error, values });
}

/** One test a line of the table. */
export function itRefuses(stage: () => Stage, table: readonly Refusal[]): void {
  for (const { what, by, call, error, values } of table) {
    it(`refuses ${what}: ${error}`, async () => {
      await assertRefused(send(stage(), by, call()), error, values());
    });
  }
}

/** One test a function: every person without the role is refused, whatever the arguments. */
export function itIsRestricted(
  stage: () => Stage,
  table: readonly { readonly allowed: Role; readonly call: () => AnyCall }[],
  title: (index: number) => string,
): void {
  for (const [index, { allowed, call }] of table.entries()) {
    it(`${title(index)} is the ${allowed}'s only`, async () => {
      for (const person of ROLES.filter((role) => role !== allowed)) {
        const { address } = stage().people[person];
        await assertRefused(send(stage(), person, call()), "AccessManagedUnauthorized", [address]);
      }
    });
  }
}

export function send(
  stage: Stage,
  by: Role,
  { abi, address, functionName, args }: AnyCall,
): Promise<TransactionReceipt> {
  return stage.people[by].send({ abi, address, functionName, args });
}

/** Calls a view function; a refusal is the same error as of a transaction. */
export async function read(stage: Stage, { abi, address, functionName, args }: AnyCall): Promise<unknown> {
  try {
    return await stage.client.readContract({ abi, address, functionName, args });
  } catch (error) {
    throw explain(functionName, error);
  }
}
