/** What stands in the lists of a community. */

import { z } from "zod";
import { GRADES } from "../../settlement/grade.ts";
import { ACCOUNT_KINDS, RECEIPT_KINDS } from "../../settlement/history.ts";
import { CLASSES } from "../../settlement/roster.ts";
import { KEYS, POOLS } from "../../settlement/rules.ts";
import { FILE_STATES, PAYMENT_STATES } from "../../settlement/tokenHistory.ts";
import { address, hash, integer, micro, month, place, time, wattHours } from "./place.ts";

export const accountKind = z.enum(ACCOUNT_KINDS);
const account = z.int().meta({ description: "Number of the account" });
const configuration = z.int();

export const pools = z
  .object({ ordinary: micro, excess: micro, heldExcess: micro, heldAdvance: micro })
  .meta({ id: "Pools", description: "What a month's receipts are divided as, and what of them is held" });

export const receipt = z
  .object({
    number: z.int(),
    configuration,
    month,
    kind: z.enum(RECEIPT_KINDS),
    account: account.optional().meta({ description: "To whom it is passed through" }),
    gross: micro,
    fee: micro,
    vat: micro,
    net: micro,
    documentHash: hash,
    ...place,
  })
  .meta({ id: "Receipt" });

export const adjustment = z
  .object({ configuration, year: z.int(), documentHash: hash, ...place })
  .meta({ id: "Adjustment", description: "GSE's adjustment of a year is booked" });

export const ruleSet = z
  .object({
    version: z.int(),
    fromMonth: month,
    remainders: z.object({
      fallbackFund: account,
      excessFallbackFund: account,
      excessReserve: account,
      advanceReserve: account,
    }),
    policy: z.object({ holdBack: z.int(), isYearly: z.boolean(), minimumPayment: micro }),
    documentHash: hash,
    rules: z.array(
      z.object({
        pool: z.enum(POOLS),
        share: z.int().meta({ description: "Basis points of the pool" }),
        key: z.enum(KEYS),
        classes: z.array(z.enum(CLASSES)),
        fund: z.int(),
      }),
    ),
    ...place,
  })
  .meta({ id: "RuleSet" });

export const run = z
  .object({
    number: z.int(),
    state: z.enum(["open", "proposed", "approved", "paying", "paid", "dropped"]),
    fromMonth: month,
    toMonth: month,
    opened: z.object(place),
    proposed: z.object({ by: address, totalOwed: micro, isProvisional: z.boolean() }).optional(),
    approved: z.object({ by: address, payable: micro, overrideReason: z.string(), ...place }).optional(),
    paid: z.object({ paidInAll: micro, ...place }).optional(),
    cells: z.array(
      z.object({
        configuration,
        month,
        premium: micro,
        shared: micro,
        isAdjusted: z.boolean(),
        pools,
        ruleSet: z.int(),
      }),
    ),
  })
  .meta({ id: "Run" });

export const entitlement = z
  .object({ run: z.int(), configuration, month, account, amount: micro })
  .meta({ id: "Entitlement" });

export const payout = z
  .object({ run: z.int(), account, delta: micro, amount: micro, owed: micro, ...place })
  .meta({ id: "Payout" });

export const writeOff = z
  .object({
    account,
    fund: account,
    amount: micro,
    reason: z.string(),
    proposedBy: address.optional(),
    approvedBy: address,
    ...place,
  })
  .meta({ id: "WriteOff" });

export const redemptionFile = z
  .object({
    number: z.int(),
    count: z.int(),
    total: micro,
    documentHash: hash,
    openedBy: address,
    contentHash: hash.optional(),
    approved: z.object({ by: address, contentHash: hash }).optional(),
    dropped: z.boolean(),
    state: z.enum(FILE_STATES),
    ...place,
  })
  .meta({ id: "RedemptionFile" });

export const redemption = z
  .object({ file: z.int(), account, amount: micro, endToEndId: z.string(), state: z.enum(PAYMENT_STATES), ...place })
  .meta({ id: "Redemption" });

export const payeeChange = z
  .object({
    account,
    change: z.int(),
    from: address,
    to: address,
    proposedBy: address.optional(),
    approvedBy: address.optional(),
    ...place,
  })
  .meta({ id: "PayeeChange" });

export const channel = z
  .object({
    configuration,
    channel: z.int(),
    account,
    direction: z.enum(["injected", "withdrawn"]),
    class: z.enum(CLASSES),
    exempt: z.boolean(),
    weight: z.int(),
    plant: z.int().optional(),
    fromHour: time.meta({ description: "The first hour in which it is metered" }),
    endHour: time.optional().meta({ description: "The first in which it is not any more" }),
  })
  .meta({ id: "Channel" });

export const configurationMonth = z
  .object({
    configuration,
    month,
    isOpen: z.boolean(),
    grade: z.enum(GRADES).optional(),
    hours: z.int(),
    missing: z.int(),
    hoursWithoutPrice: z.int(),
    injected: wattHours,
    withdrawn: wattHours,
    shared: wattHours,
    accrued: integer.meta({ description: "10⁻¹⁰ €" }),
  })
  .meta({ id: "ConfigurationMonth" });
