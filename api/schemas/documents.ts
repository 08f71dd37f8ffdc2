/** What certificates and evidence look like as JSON. */

import { z } from "zod";
import { RECEIPT_KINDS } from "../../settlement/history.ts";
import { MONEY_KINDS } from "../../settlement/moneyKinds.ts";
import { PLANT_SETS } from "../../settlement/premium.ts";
import { CLASSES } from "../../settlement/roster.ts";
import { KEYS, POOLS } from "../../settlement/rules.ts";
import { pools } from "./lists.ts";
import { hash, integer, micro, month, time, wattHours } from "./place.ts";
import { accountRecord, balance, rule } from "./statement.ts";

const onChain = { block: z.int(), transaction: hash };
const byKind = z.record(z.enum(MONEY_KINDS), micro).meta({ description: "Micro-euro by kind of receipt" });

export const certificate = z
  .object({
    account: accountRecord,
    year: z.int(),
    payouts: z.array(z.object({ run: z.int(), time, ...onChain, amount: micro, byKind })),
    paid: micro,
    byKind,
    transferred: micro,
    closing: balance,
  })
  .meta({ id: "Certificate", description: "What an account was paid in a calendar year" });

const receipt = z.object({
  place: z.object({ position: z.int(), ...onChain }),
  number: z.int(),
  configuration: z.int(),
  month,
  kind: z.enum(RECEIPT_KINDS),
  account: z.int(),
  gross: micro,
  fee: micro,
  vat: micro,
  net: micro,
  documentHash: hash,
});

export const evidence = z
  .object({
    configuration: z.int(),
    area: z.string(),
    year: z.int(),
    adjusted: z.object({ ...onChain, documentHash: hash }).optional(),
    plantSets: z.array(
      z.object({
        set: z.enum(PLANT_SETS),
        threshold: integer.meta({ description: "Basis points of the energy injected" }),
        quota: integer.meta({ description: "attributed ÷ injected, basis points, rounded down" }),
        accrued: integer.meta({ description: "10⁻¹⁰ €" }),
        injected: wattHours,
        attributed: wattHours,
      }),
    ),
    months: z.array(
      z.object({
        month,
        run: z.int(),
        receipts: z.array(receipt),
        pools,
        isAdjusted: z.boolean(),
        accrued: integer,
        excess: integer,
      }),
    ),
    allocations: z.array(
      z.object({
        ruleSet: z.int(),
        rule: rule.optional(),
        kind: z.string(),
        pool: z.enum(POOLS).optional(),
        key: z.enum(KEYS).optional(),
        share: z.int().optional(),
        beneficiary: z.enum([...CLASSES, "social-fund", "fund", "reserve", "passed-through"]),
        amount: micro,
      }),
    ),
    totals: z.object({
      received: micro,
      pools,
      passedThrough: micro,
      excessTo: z.object({ nonEnterprises: micro, socialFunds: micro, others: micro }),
    }),
  })
  .meta({ id: "Evidence", description: "Use of the excess of a year, for GSE's checks" });
