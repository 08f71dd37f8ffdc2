/**
 * Orders of redemption files: what it takes to make a file's document again. Names and IBANs stand in the payment records alone, so
 * that erasure restricts them in one place.
 */

import type { Hex } from "viem";
import { isHex } from "viem";
import { z } from "zod";
import { FORMATS } from "../../bank/document.ts";
import { documentHash, type RedemptionOrder, remittanceOf } from "../../bank/redemptionOrder.ts";
import { logAccess, type Occasion } from "./accessLog.ts";
import { keepPayments } from "./payees.ts";
import { type RegisterStore, sealedField } from "./store.ts";

const contentShape = z.object({
  format: z.enum(FORMATS),
  salt: z.custom<Hex>((value) => isHex(value)),
  messageId: z.string(),
  createdAt: z.string(),
  executionDate: z.string(),
  debtor: z.object({
    name: z.string(),
    iban: z.string(),
    bic: z.string().optional(),
    cuc: z.string().optional(),
  }),
  /** As it called itself then. */
  community: z.string(),
  endToEndIds: z.array(z.string()),
});

const orderRow = z.object({ id: z.number(), document_hash: z.string(), content: sealedField });
const recordRow = z.object({
  id: z.number(),
  person: z.number().nullable(),
  account: z.number(),
  end_to_end_id: z.string(),
  amount: z.string().transform(BigInt),
  name: sealedField,
  iban: sealedField,
  restricted_at: z.number().nullable(),
});

/** A person in it was erased since: its document names nobody any more. */
export class OrderErasedError extends Error {
  override name = "OrderErasedError";
}

/**
 * Keeps an order with its payments' names and IBANs, in the place of one with the same message id that no chain knows.
 * @param communityName as the remittance texts have it
 */
export function keepOrder(
  store: RegisterStore,
  community: number,
  communityName: string,
  { payments, ...order }: RedemptionOrder,
  occasion: Occasion,
): void {
  store.transaction(() => {
    forgetOrder(store, community, order.messageId);
    const { id } = store.one(
      z.object({ id: z.number() }),
      "INSERT INTO payment_order (community, message_id, document_hash, made_at) VALUES (?, ?, ?, ?) RETURNING id",
      ...[community, order.messageId, documentHash({ ...order, payments }), occasion.at],
    );
    const endToEndIds = payments.map(({ endToEndId }) => endToEndId);
    const content = JSON.stringify({ ...order, community: communityName, endToEndIds });
    store.run(
      "UPDATE payment_order SET content = ? WHERE id = ?",
      store.seal("payment_order", "content", id, content),
      id,
    );
    const records = payments.map(({ remittance: _, ...payment }) => ({ ...payment, executedOn: order.executionDate }));
    keepPayments(store, community, records, occasion);
  });
}

function forgetOrder(store: RegisterStore, community: number, messageId: string): void {
  const sql = "SELECT id, document_hash, content FROM payment_order WHERE community = ? AND message_id = ?";
  const kept = store.get(orderRow, sql, community, messageId);
  if (kept === undefined) return;
  for (const endToEndId of contentOf(store, kept).endToEndIds) {
    store.run("DELETE FROM payment_record WHERE community = ? AND end_to_end_id = ?", community, endToEndId);
  }
  store.run("DELETE FROM payment_order WHERE id = ?", kept.id);
}

/**
 * The order whose document has this hash, as it was made; undefined if there is none.
 * @throws OrderErasedError
 */
export function readOrder(
  store: RegisterStore,
  community: number,
  hash: string,
  occasion: Occasion,
): RedemptionOrder | undefined {
  return store.transaction(() => {
    const sql = "SELECT id, document_hash, content FROM payment_order WHERE community = ? AND document_hash = ?";
    const kept = store.get(orderRow, sql, community, hash);
    if (kept === undefined) return undefined;
    const { community: communityName, endToEndIds, ...order } = contentOf(store, kept);
    const payments = endToEndIds.map((endToEndId) => {
      const record = store.get(
        recordRow,
        "SELECT * FROM payment_record WHERE community = ? AND end_to_end_id = ?",
        ...[community, endToEndId],
      );
      if (record === undefined || record.restricted_at !== null) {
        throw new OrderErasedError(`${order.messageId}: a person in it was erased; take a copy that was kept`);
      }
      if (record.person !== null) logAccess(store, occasion, record.person, ["name", "iban", "payments"]);
      return {
        ...{ account: record.account, endToEndId, amount: record.amount },
        name: store.unseal("payment_record", "name", record.id, record.name) ?? "",
        iban: store.unseal("payment_record", "iban", record.id, record.iban) ?? "",
        remittance: remittanceOf(record.account, communityName),
      };
    });
    return { ...order, payments };
  });
}

function contentOf(store: RegisterStore, { id, content }: z.infer<typeof orderRow>): z.infer<typeof contentShape> {
  return contentShape.parse(JSON.parse(store.unseal("payment_order", "content", id, content) ?? ""));
}
