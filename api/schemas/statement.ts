/** What an account's statement looks like. */

import { z } from "zod";
import { REASONS } from "../../settlement/changes.ts";
import { GRADES } from "../../settlement/grade.ts";
import { RECEIPT_KINDS } from "../../settlement/history.ts";
import { KEYS, POOLS } from "../../settlement/rules.ts";
import { PAYMENT_STATES } from "../../settlement/tokenHistory.ts";
import { accountKind, pools } from "./lists.ts";
import { address, hash, integer, micro, month, time, wattHours } from "./place.ts";

const onChain = { block: z.int(), transaction: hash };

export const balance = z
  .object({
    owed: micro.meta({ description: "Entitled to and not paid yet; negative if too much was paid" }),
    credit: micro.meta({ description: "Tokens at the account's disposal" }),
    ordered: micro.meta({ description: "Ordered to the bank, which has not confirmed" }),
  })
  .meta({ id: "Balance" });

export const accountRecord = z.object({
  number: z.int(),
  kind: accountKind,
  social: z.boolean(),
  firstPayee: address,
  payee: address,
  place: z.object({ position: z.int(), ...onChain }),
  closed: z.object({ position: z.int(), ...onChain }).optional(),
});

const totals = z
  .object({ entitled: micro, paid: micro, writtenOff: micro, transferred: micro, passedOn: micro })
  .meta({ id: "Totals" });

export const accountStanding = z
  .object({ account: accountRecord, ...balance.shape, totals })
  .meta({ id: "AccountStanding", description: "Where an account stands, and all that was booked so far" });

const statementMonth = z
  .object({
    configuration: z.int(),
    area: z.string(),
    month,
    isOpen: z.boolean(),
    shared: wattHours.meta({ description: "Of the whole configuration" }),
    accrued: integer.meta({ description: "10⁻¹⁰ €, of the whole configuration" }),
    channels: z.array(
      z.object({
        channel: z.int(),
        direction: z.enum(["injected", "withdrawn"]),
        energy: wattHours,
        coincident: wattHours,
        attributed: wattHours.optional(),
        missing: z.int(),
      }),
    ),
    entitlement: micro,
    grade: z.enum(GRADES).optional(),
    hours: z.int(),
    hoursWithoutPrice: z.int(),
  })
  .meta({ id: "StatementMonth" });

export const rule = z.int().meta({ description: "Its place in the rule set, from 1" });

const part = z.object({
  rule,
  pool: z.enum(POOLS),
  key: z.enum(KEYS),
  share: z.int(),
  ownKey: integer,
  totalKey: integer,
  amount: micro,
});

const change = z.object({
  configuration: z.int(),
  month,
  area: z.string(),
  delta: micro,
  before: micro,
  reasons: z.array(z.enum(REASONS)),
  receipts: z.array(
    z.object({
      number: z.int(),
      kind: z.enum(RECEIPT_KINDS),
      gross: micro,
      fee: micro,
      vat: micro,
      net: micro,
      documentHash: hash,
      ...onChain,
    }),
  ),
  pools,
  ruleSet: z.int(),
  rulesFrom: month,
  parts: z.array(part),
  remainders: z.array(z.object({ kind: z.string(), amount: micro })),
});

const booked = { time, ...onChain, effect: balance, balance };
const ofRun = {
  run: z.int(),
  fromMonth: month,
  toMonth: month,
  owedAfter: micro,
  because: z.enum(["netted", "kept", "belowMinimum", "short"]).optional(),
  minimum: micro.optional(),
};

export const booking = z
  .discriminatedUnion("kind", [
    z.object({ kind: z.literal("entitlement"), ...ofRun, changes: z.array(change), ...booked }),
    z.object({ kind: z.literal("payout"), ...ofRun, ...booked }),
    z.object({ kind: z.literal("write-off"), role: z.enum(["debtor", "fund"]), reason: z.string(), ...booked }),
    z.object({
      kind: z.literal("redemption"),
      file: z.int(),
      endToEndId: z.string(),
      amount: micro,
      state: z.enum(PAYMENT_STATES),
      ...booked,
    }),
    z.object({ kind: z.literal("transfer"), from: z.int(), to: z.int(), ...booked }),
  ])
  .meta({ id: "Booking" });

export const statement = z
  .object({
    community: z.int(),
    account: z.int(),
    fromMonth: month,
    toMonth: month,
    opening: balance,
    months: z.array(statementMonth),
    bookings: z.array(booking),
    totals,
    closing: balance,
    head: z.object({ block: z.int(), time }).meta({ description: "The newest block with something of the community" }),
  })
  .meta({ id: "Statement", description: "Opening balance + bookings = closing balance, exactly" });
