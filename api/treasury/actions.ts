/** What officers can have prepared, and whose each action is. */

import { getAddress, type Hex, isAddress, isHex, zeroHash } from "viem";
import { z } from "zod";
import { OUTCOMES } from "../../chain/redemption.ts";
import { MICRO_PER_CENT, parseDecimal } from "../../settlement/amounts.ts";
import { RECEIPT_KINDS } from "../../settlement/history.ts";
import { parseMonth } from "../../settlement/hours.ts";
import type { Role } from "../http/caller.ts";

/** A receipt beyond this is mistyped, and could not be divided on the chain. */
const MOST_CENTS = 10_000_000_000n;
const MOST_OUTCOMES = 1000;
const MOST_REASON = 500;

export const euroCents = z
  .string()
  .transform((text, context) => {
    const cents = parseDecimal(text, 2);
    if (cents !== undefined && cents <= MOST_CENTS && cents >= -MOST_CENTS) return cents * MICRO_PER_CENT;
    const message = cents === undefined ? "not an amount in euro and cents: write it as 1234.56" : "too large: mend it";
    context.addIssue({ code: "custom", message });
    return z.NEVER;
  })
  .meta({ description: "Euro and cents, as 1234.56", override: { type: "string", pattern: "^-?\\d+(\\.\\d{1,2})?$" } });

const month = z
  .string()
  .transform((text, context) => {
    const parsed = parseMonth(text);
    if (parsed !== undefined) return parsed;
    context.addIssue({ code: "custom", message: "not a month: write it as 2026-03" });
    return z.NEVER;
  })
  .meta({ description: "A month, as 2026-03", override: { type: "string", pattern: "^\\d{4}-\\d{2}$" } });

export const hashShape = z
  .string()
  .refine((text) => isHex(text) && text.length === 66, "not a hash: 0x and 64 hexadecimal digits")
  .transform((text): Hex => `0x${text.slice(2).toLowerCase()}`)
  .meta({ override: { type: "string", pattern: "^0x[0-9a-fA-F]{64}$" } });

export const walletShape = z
  .string()
  .refine((text) => isAddress(text, { strict: false }), "not an address")
  .transform((text) => getAddress(text))
  .meta({ override: { type: "string", pattern: "^0x[0-9a-fA-F]{40}$" } });

const configuration = z.int().min(0).max(0xffff);
const year = z.int().min(2020).max(2200);
const run = z.int().min(1).max(0xffff_ffff);
const file = run;
const reason = z
  .string()
  .trim()
  .min(1, "empty: say why")
  .max(MOST_REASON)
  .meta({ description: "All who see the chain can read it" });
const document = hashShape.default(zeroHash).meta({ description: "Hash of the document behind it; zero by default" });

const receipt = z.strictObject({
  kind: z.literal("book-receipt"),
  configuration,
  month,
  receiptKind: z.enum(RECEIPT_KINDS).exclude(["none"]),
  account: z
    .int()
    .min(1)
    .max(0xff_ffff)
    .optional()
    .meta({ description: "Whom an energy sale or a reserve is passed through to" }),
  gross: euroCents,
  fee: euroCents,
  vat: euroCents,
  net: euroCents,
  documentHash: document,
});

export const actionShape = z
  .discriminatedUnion("kind", [
    receipt,
    z.strictObject({ kind: z.literal("adjust-year"), configuration, year, documentHash: document }),
    z.strictObject({
      kind: z.literal("split-adjustment"),
      configuration,
      year,
      net: euroCents,
      documentHash: hashShape.meta({ description: "Of GSE's document; the same on every receipt" }),
    }),
    z.strictObject({ kind: z.literal("open-run"), fromMonth: month, toMonth: month }),
    z.strictObject({ kind: z.literal("continue-run"), run }),
    z.strictObject({
      kind: z.literal("approve-run"),
      run,
      contentHash: hashShape,
      overrideReason: z.string().trim().max(MOST_REASON).default(""),
    }),
    z.strictObject({ kind: z.literal("pay-run"), run }),
    z.strictObject({ kind: z.literal("object-to-run"), run, reason }),
    z.strictObject({ kind: z.literal("withdraw-run-objection"), run }),
    z.strictObject({ kind: z.literal("drop-run"), run }),
    z.strictObject({ kind: z.literal("propose-redemption-file"), documentHash: hashShape }),
    z.strictObject({ kind: z.literal("approve-redemption-file"), file, contentHash: hashShape }),
    z.strictObject({ kind: z.literal("object-to-redemption-file"), file, reason }),
    z.strictObject({ kind: z.literal("withdraw-redemption-file-objection"), file }),
    z.strictObject({ kind: z.literal("drop-redemption-file"), file }),
    z.strictObject({
      kind: z.literal("propose-outcomes"),
      outcomes: z
        .array(z.strictObject({ endToEndId: z.string().min(1).max(32), outcome: z.enum(OUTCOMES) }))
        .min(1)
        .max(MOST_OUTCOMES),
    }),
    z.strictObject({ kind: z.literal("approve-outcomes"), number: run }),
  ])
  .meta({ id: "TreasuryAction" });

export type Action = z.infer<typeof actionShape>;
export type ActionOf<K extends Action["kind"]> = Extract<Action, { readonly kind: K }>;

/** By the contracts' roles: whoever else sends it is refused. */
export const ROLES_OF: Readonly<Record<Action["kind"], readonly Role[]>> = {
  "book-receipt": ["treasurer"],
  "adjust-year": ["treasurer"],
  "split-adjustment": ["treasurer"],
  "open-run": ["treasurer"],
  "continue-run": ["treasurer"],
  "approve-run": ["president"],
  "pay-run": ["treasurer"],
  "object-to-run": ["auditor"],
  "withdraw-run-objection": ["auditor"],
  "drop-run": ["treasurer", "president"],
  "propose-redemption-file": ["treasurer"],
  "approve-redemption-file": ["president"],
  "object-to-redemption-file": ["auditor"],
  "withdraw-redemption-file-objection": ["auditor"],
  "drop-redemption-file": ["treasurer", "president"],
  "propose-outcomes": ["treasurer"],
  "approve-outcomes": ["president"],
};
