/** What a node answers to a question of JSON-RPC. */

import { z } from "zod";

export const answerShape = z.object({
  id: z.number().nullish(),
  result: z.unknown().optional(),
  error: z.object({ code: z.number(), message: z.string(), data: z.unknown().optional() }).optional(),
  method: z.string().optional(),
});

/** What the node answered instead of a result. */
export class RpcAnswerError extends Error {
  override name = "RpcAnswerError";
  readonly code: number;
  /** Of a revert: what the contract said. */
  readonly data: unknown;

  constructor(code: number, message: string, data: unknown) {
    super(message);
    this.code = code;
    this.data = data;
  }
}

/** @throws RpcAnswerError if the node answered with an error */
export function resultOf({ error, result }: z.infer<typeof answerShape>): unknown {
  if (error !== undefined) throw new RpcAnswerError(error.code, error.message, error.data);
  return result;
}
