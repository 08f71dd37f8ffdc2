/** What went wrong on the way to the chain: to be retried, or to be told to a person. */

import { BaseError, ContractFunctionRevertedError, decodeErrorResult, type Hex } from "viem";
import {
  communityAbi,
  communityFactoryAbi,
  communityRolesAbi,
  creditTokenAbi,
  energyLedgerAbi,
  receiptBookAbi,
  redemptionsAbi,
  rosterRulesAbi,
  ruleBookAbi,
  treasuryAbi,
} from "./abi.ts";
import { SENTENCES } from "./refusalSentences.ts";

/** The node could not be reached or did not answer: the same request may succeed later. */
export class ChainUnreachableError extends Error {
  override name = "ChainUnreachableError";
}

/** A contract refused: the same request will always fail. */
export class ContractRefusedError extends Error {
  override name = "ContractRefusedError";
  /** Name of the custom error, for example `NotNextHour`. */
  readonly errorName: string;
  readonly values: readonly unknown[];
  /** What it means, and what to do about it. */
  readonly sentence: string;

  constructor(call: string, errorName: string, values: readonly unknown[], sentence: string) {
    super(`${call}: ${sentence}`);
    this.errorName = errorName;
    this.values = values;
    this.sentence = sentence;
  }
}

/** The errors of all contracts: whichever of them refused, the revert can be read. */
const EVERY_ERROR = [
  ...communityAbi,
  ...communityFactoryAbi,
  ...communityRolesAbi,
  ...creditTokenAbi,
  ...energyLedgerAbi,
  ...receiptBookAbi,
  ...redemptionsAbi,
  ...rosterRulesAbi,
  ...ruleBookAbi,
  ...treasuryAbi,
].filter(({ type }) => type === "error");

/**
 * Turns whatever viem or a transport threw into one of the two errors above; others are returned as they are.
 * @param call what was tried, for the message
 */
export function explain(call: string, error: unknown): Error {
  const data = revertData(error);
  if (data !== undefined) return refusal(call, data);
  if (error instanceof BaseError) {
    const transport = error.walk((cause) => TRANSPORT_ERRORS.has(cause instanceof Error ? cause.name : ""));
    if (transport !== null) return new ChainUnreachableError(`${call}: ${error.shortMessage}`, { cause: error });
  }
  return error instanceof Error ? error : new Error(`${call}: ${String(error)}`);
}

/** A revert as an error that says which contract error it was. */
export function refusal(call: string, data: Hex): ContractRefusedError {
  try {
    const { errorName, args } = decodeErrorResult({ abi: EVERY_ERROR, data });
    const values: readonly unknown[] = args ?? [];
    const sentence = SENTENCES[errorName]?.(values) ?? `${errorName}(${values.map(String).join(", ")})`;
    return new ContractRefusedError(call, errorName, values, sentence);
  } catch {
    return new ContractRefusedError(call, "unknown", [data], `the contract refused with ${data}`);
  }
}

const TRANSPORT_ERRORS = new Set([
  "HttpRequestError",
  "LimitExceededRpcError",
  "ResourceUnavailableRpcError",
  "RpcHttpError",
  "RpcSocketError",
  "SocketClosedError",
  "TimeoutError",
  "WebSocketRequestError",
]);

/** The data of a revert, wherever in the chain of causes a node or viem put it. */
function revertData(error: unknown): Hex | undefined {
  for (let cause: unknown = error; typeof cause === "object" && cause !== null; ) {
    if (cause instanceof ContractFunctionRevertedError && cause.raw !== undefined) return cause.raw;
    const data = "data" in cause ? cause.data : undefined;
    if (typeof data === "string" && data.startsWith("0x")) return `0x${data.slice(2)}`;
    if (typeof data === "object" && data !== null && "data" in data && typeof data.data === "string") {
      if (data.data.startsWith("0x")) return `0x${data.data.slice(2)}`;
    }
    cause = "cause" in cause ? cause.cause : undefined;
  }
  return undefined;
}
