/** Signing in with the wallet of an officer. */

import { type Address, getAddress, type Hex, isAddress, isHex } from "viem";
import { z } from "zod";
import { Problem } from "../http/problem.ts";
import { json, NO_PARAMS, NO_QUERY, type Route, route } from "../http/route.ts";
import { NO_STORE } from "../register/context.ts";
import type { SignInContext } from "./context.ts";
import { SIGN_INS_A_MINUTE } from "./passkeyRoutes.ts";
import { signedIn, signedInView } from "./signedIn.ts";
import { logSignIn } from "./signInLog.ts";
import { verifyWallet, walletMessage } from "./wallets.ts";

const walletShape = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), "not an address")
  .transform((text): Address => getAddress(text))
  .meta({ example: "0x70997970C51812dc3A010C7d01b50e0d17dc79C8" });
const signatureShape = z
  .string()
  .max(600)
  .refine((text) => isHex(text), "not hexadecimal with 0x in front")
  .transform((text): Hex => `0x${text.slice(2)}`);

export function walletRoutes(context: SignInContext): Route[] {
  const { store, site, chainId, clock, officesOf } = context;
  const usual = {
    tag: "sign-in",
    access: "public",
    method: "post",
    params: NO_PARAMS,
    query: NO_QUERY,
    status: 200,
    perMinute: SIGN_INS_A_MINUTE,
  } as const;
  return [
    route({
      ...usual,
      path: "/sign-in/wallet/message",
      operation: "walletMessage",
      summary: "The message that a wallet is to sign (EIP-4361)",
      body: z.strictObject({ wallet: walletShape }),
      content: { "application/json": z.object({ message: z.string() }) },
      handle: ({ body }) => json({ message: walletMessage(store, { site, chainId }, body.wallet, clock()) }, NO_STORE),
    }),
    route({
      ...usual,
      path: "/sign-in/wallet",
      operation: "signInWithWallet",
      summary: "Signs in with a signed message; the chain says of which communities the wallet is an officer",
      body: z.strictObject({ message: z.string().max(4000), signature: signatureShape }),
      content: { "application/json": signedInView },
      problems: [422],
      handle: async ({ body, caller, requestId: request }) => {
        const at = clock();
        const verified = await verifyWallet(store, { site, chainId }, body.message, body.signature, at);
        if (verified.problem !== undefined) {
          logSignIn(store, { at, event: "refused", reason: `wallet: ${verified.problem}`, request });
          throw new Problem(422, `The message is ${verified.problem}. Ask for another message and sign that`);
        }
        const { wallet } = verified;
        if (officesOf(wallet).length === 0) {
          logSignIn(store, { at, event: "refused", wallet, reason: "holds no office", request });
          throw new Problem(
            422,
            "This wallet holds no office here: sign in with the wallet of your office, or with a passkey",
          );
        }
        logSignIn(store, { at, event: "wallet", wallet, request });
        return signedIn(context, { kind: "wallet", wallet }, caller);
      },
    }),
  ];
}
