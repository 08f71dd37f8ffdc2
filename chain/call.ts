/** A call of a contract's function that changes state: sent by who holds a key, or handed unsigned to who does. */

import type { Abi, Address, ContractFunctionArgs, ContractFunctionName } from "viem";

export type Call = {
  readonly abi: Abi;
  readonly address: Address;
  readonly functionName: string;
  readonly args: readonly unknown[];
};

/** A call whose arguments are what the function takes. */
export function callOf<
  const TAbi extends Abi,
  TName extends ContractFunctionName<TAbi, "nonpayable">,
  TArgs extends ContractFunctionArgs<TAbi, "nonpayable", TName> & readonly unknown[],
>(call: { readonly abi: TAbi; readonly address: Address; readonly functionName: TName; readonly args: TArgs }): Call {
  return call;
}
