/** Signing in with a wallet: EIP-4361. The message names the site, the chain and a challenge; its signature is checked by recovery. */

import { type Address, getAddress, type Hex, isAddressEqual, recoverMessageAddress } from "viem";
import { createSiweMessage, parseSiweMessage } from "viem/siwe";
import type { RegisterStore } from "../register/store.ts";
import { CHALLENGE_SECONDS, issueChallenge, takeChallenge } from "./challenges.ts";
import type { Site } from "./site.ts";

const PURPOSE = "wallet";
const STATEMENT = "Accedi a Condivisa. Sign in to Condivisa.";
/** Clocks of wallets may be off by this. */
const SKEW_SECONDS = 60;

export type WalletSite = { readonly site: Site; readonly chainId: number };

/** The message that a wallet is to sign. */
export function walletMessage(
  store: RegisterStore,
  { site, chainId }: WalletSite,
  wallet: Address,
  now: number,
): string {
  return createSiweMessage({
    address: wallet,
    chainId,
    domain: site.host,
    uri: site.origin,
    version: "1",
    statement: STATEMENT,
    nonce: issueChallenge(store, PURPOSE, now),
    issuedAt: new Date(now * 1000),
    expirationTime: new Date((now + CHALLENGE_SECONDS) * 1000),
  });
}

export type CheckedMessage =
  | { readonly wallet: Address; readonly nonce: string; readonly problem?: never }
  | { readonly problem: string };

/** What a message says, if it is one for this site, this chain and this moment. Whether it was signed, and once, is not asked here. */
export function checkMessage(text: string, { site, chainId }: WalletSite, now: number): CheckedMessage {
  const { address, nonce, issuedAt, expirationTime, notBefore, ...message } = parseSiweMessage(text);
  if (address === undefined || nonce === undefined) return { problem: "not a message of EIP-4361" };
  if (message.domain !== site.host) return { problem: "for another domain" };
  if (message.uri !== site.origin) return { problem: "for another address" };
  if (message.scheme !== undefined && `${message.scheme}://${site.host}` !== site.origin) {
    return { problem: "for another scheme" };
  }
  if (message.version !== "1") return { problem: "of another version" };
  if (message.chainId !== chainId) return { problem: "for another chain" };
  const [issued, ends] = [seconds(issuedAt), seconds(expirationTime)];
  if (!(issued <= now + SKEW_SECONDS)) return { problem: "not issued yet" };
  if (!(ends > now && ends <= now + CHALLENGE_SECONDS + SKEW_SECONDS))
    return { problem: "expired, or good for too long" };
  if (notBefore !== undefined && !(seconds(notBefore) <= now)) return { problem: "not good yet" };
  return { wallet: getAddress(address), nonce };
}

/** The wallet that signed a message for this site, with a challenge that was not used before. */
export async function verifyWallet(
  store: RegisterStore,
  at: WalletSite,
  text: string,
  signature: Hex,
  now: number,
): Promise<CheckedMessage> {
  const checked = checkMessage(text, at, now);
  if (checked.problem !== undefined) return checked;
  if (!takeChallenge(store, PURPOSE, checked.nonce, now)) return { problem: "used before, or not asked for here" };
  const signer = await recoverMessageAddress({ message: text, signature }).catch(() => undefined);
  if (signer === undefined || !isAddressEqual(signer, checked.wallet)) return { problem: "not signed by this wallet" };
  return checked;
}

/** NaN if there is none: it is before and after nothing. */
function seconds(date: Date | undefined): number {
  return date === undefined ? Number.NaN : date.getTime() / 1000;
}
