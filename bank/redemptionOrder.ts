/** The payment order of a redemption file: its ids, its document, and the hash by which the chain knows the document. */

import { type Address, concat, type Hex, keccak256, toHex } from "viem";
import { bankDocument, type Format } from "./document.ts";
import { MOST_REMITTANCE, type OrderedPayment, type PaymentOrder } from "./order.ts";
import { asSepaText } from "./text.ts";

/** A payment order with the accounts of the chain behind its payments. */
export type RedemptionOrder = Omit<PaymentOrder, "payments"> & {
  readonly format: Format;
  /** Random: without it the document's hash on the chain betrays nothing. */
  readonly salt: Hex;
  readonly payments: readonly (OrderedPayment & { readonly account: number })[];
};

/** Whom a file pays. */
export type Payee = {
  readonly number: number;
  readonly holder: string;
  readonly iban: string;
  /** Micro-euro, whole cents. */
  readonly amount: bigint;
};

/**
 * Makes an order for a file that is to be opened. Ids name the community, the file and the account, so none comes twice.
 * @param community as it calls itself
 */
export function makeOrder(
  redemptions: Address,
  file: number,
  community: string,
  payees: readonly Payee[],
  order: Pick<RedemptionOrder, "createdAt" | "executionDate" | "debtor" | "format" | "salt">,
): RedemptionOrder {
  const messageId = `CER-${redemptions.slice(2, 10).toLowerCase()}-${file}`;
  return {
    ...order,
    messageId,
    payments: payees.map(({ number, holder, iban, amount }) => ({
      account: number,
      endToEndId: `${messageId}-${number}`,
      amount,
      name: holder,
      iban,
      remittance: remittanceOf(number, community),
    })),
  };
}

/** What the payee reads on the bank's statement. */
export function remittanceOf(account: number, community: string): string {
  return asSepaText(`Energia condivisa, conto ${account}, ${community}`, MOST_REMITTANCE);
}

/** @throws PaymentOrderError if a bank would refuse it */
export function documentOf({ payments, ...order }: RedemptionOrder): string {
  return bankDocument({ ...order, payments: payments.map(({ account: _, ...payment }) => payment) }, order.format);
}

/** Salted, as the chain has it. @throws PaymentOrderError if a bank would refuse it */
export function documentHash(order: RedemptionOrder): Hex {
  return keccak256(concat([order.salt, toHex(documentOf(order))]));
}
