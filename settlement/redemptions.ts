/** What became of tokens after they were paid, worked out from what was proposed and approved. No I/O. */

import { encodeAbiParameters, type Hex, keccak256, parseAbiParameters, stringToHex, zeroHash } from "viem";
import type { PaymentState, RedemptionPaymentRecord, TokenEvents } from "./tokenHistory.ts";

export type RedeemedPayment = RedemptionPaymentRecord & { readonly state: PaymentState };

/** Of one account, micro-euro. */
export type TokenSums = {
  readonly inEscrow: bigint;
  readonly redeemed: bigint;
  /** Of what was redeemed: came back from the bank. */
  readonly reversed: bigint;
  /** Received from members less paid to accredited accounts. */
  readonly transferred: bigint;
};

const NOTHING: TokenSums = { inEscrow: 0n, redeemed: 0n, reversed: 0n, transferred: 0n };

/**
 * The payments of all files with the state in which the approved outcomes leave them: escrowed until executed or refused;
 * what was executed can come back, once. Payments of a file that was dropped before approval are dropped.
 */
export function redeemedPayments({ files, payments, settled, outcomes }: TokenEvents): RedeemedPayment[] {
  const states = new Map<string, PaymentState>();
  for (const { endToEndId } of payments) states.set(endToEndId, "escrowed");
  const approved = outcomes
    .flatMap(({ outcome, endToEndIds, approved: by }) => (by ? [{ outcome, endToEndIds, place: by.place }] : []))
    .toSorted((a, b) => a.place.position - b.place.position);
  for (const { outcome, endToEndIds } of approved) {
    for (const id of endToEndIds) states.set(id, nextState(states.get(id), outcome));
  }
  const given = new Set(settled.filter(({ state }) => state === "dropped").map(({ endToEndId }) => endToEndId));
  const dropped = new Set(files.filter((file) => file.dropped && !file.approved).map(({ number }) => number));
  return payments.map((payment) => {
    const isDropped = dropped.has(payment.file) && given.has(payment.endToEndId);
    return { ...payment, state: isDropped ? "dropped" : (states.get(payment.endToEndId) ?? "none") };
  });
}

/** By account. */
export function tokenSums(tokens: TokenEvents, payments: readonly RedeemedPayment[]): Map<number, TokenSums> {
  const sums = new Map<number, TokenSums>();
  const add = (account: number, more: Partial<TokenSums>) => {
    const before = sums.get(account) ?? NOTHING;
    sums.set(account, {
      inEscrow: before.inEscrow + (more.inEscrow ?? 0n),
      redeemed: before.redeemed + (more.redeemed ?? 0n),
      reversed: before.reversed + (more.reversed ?? 0n),
      transferred: before.transferred + (more.transferred ?? 0n),
    });
  };
  for (const { account, amount, state } of payments) {
    if (state === "escrowed") add(account, { inEscrow: amount });
    if (state === "executed" || state === "reversed") add(account, { redeemed: amount });
    if (state === "reversed") add(account, { reversed: amount });
  }
  for (const { from, to, amount } of tokens.transfers) {
    add(from, { transferred: -amount });
    add(to, { transferred: amount });
  }
  return sums;
}

/** What is left of what an account was paid. */
export function balanceOf(paid: bigint, sums: TokenSums = NOTHING): bigint {
  return paid - sums.inEscrow - sums.redeemed + sums.reversed + sums.transferred;
}

const PAYMENT = parseAbiParameters("bytes32, uint24, uint64, bytes32");
const CONTENT = parseAbiParameters("uint32, bytes32, bytes32, uint32, uint64");

/** What the president approves of a file: `IRedemptions.contentHash`. */
export function fileContentHash(
  file: number,
  documentHash: Hex,
  payments: readonly Pick<RedemptionPaymentRecord, "account" | "amount" | "endToEndId">[],
): Hex {
  let chained: Hex = zeroHash;
  let total = 0n;
  for (const { account, amount, endToEndId } of payments) {
    const id = stringToHex(endToEndId, { size: 32 });
    chained = keccak256(encodeAbiParameters(PAYMENT, [chained, account, amount, id]));
    total += amount;
  }
  return keccak256(encodeAbiParameters(CONTENT, [file, documentHash, chained, payments.length, total]));
}

function nextState(state: PaymentState | undefined, outcome: "executed" | "returned"): PaymentState {
  if (outcome === "executed") return state === "escrowed" ? "executed" : "none";
  if (state === "escrowed") return "refused";
  return state === "executed" ? "reversed" : "none";
}
