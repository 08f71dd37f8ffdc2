/** What the treasury's routes answer. */

import { z } from "zod";
import { FORMATS } from "../../bank/document.ts";
import { PHASES } from "../../chain/payout.ts";
import { ADVANCE_STATES } from "../../settlement/advanceSchedule.ts";
import { GRADES } from "../../settlement/grade.ts";
import { FILE_STATES } from "../../settlement/tokenHistory.ts";
import { MISSING_PAYEES } from "../register/payees.ts";
import { pools } from "./lists.ts";
import { address, hash, integer, micro, month, time, wattHours } from "./place.ts";
import { rule } from "./statement.ts";

const hex = z.string().regex(/^0x([0-9a-f]{2})*$/);
const count = z.int().min(0);

export const prepared = z
  .object({
    from: address.meta({ description: "By which they were tried: who is to send them" }),
    block: z.int().meta({ description: "By the state of which they were tried" }),
    transactions: z.array(
      z.object({
        to: address,
        data: hex,
        value: z.literal("0"),
        chainId: z.int(),
        description: z.object({ it: z.string(), en: z.string() }),
        call: z.object({
          contract: z.string(),
          function: z.string(),
          arguments: z.record(z.string(), z.unknown()),
        }),
        check: z
          .discriminatedUnion("result", [
            z.object({ result: z.literal("accepted") }),
            z.object({ result: z.literal("refused"), error: z.string(), reason: z.string() }),
            z.object({ result: z.literal("needs-earlier") }),
          ])
          .meta({
            description: "What the contract says now; `needs-earlier`: to be told once those before are in blocks",
          }),
      }),
    ),
    more: z.boolean().meta({ description: "More follow: ask again once these are in blocks" }),
  })
  .meta({ id: "PreparedTransactions", description: "Unsigned, to be sent in this order" });

export const overview = z
  .object({
    run: z
      .object({
        number: z.int(),
        phase: z.enum(PHASES),
        fromMonth: month,
        toMonth: month,
        isProvisional: z.boolean(),
        isObjected: z.boolean(),
        totalOwed: micro,
        payableFrom: time.optional(),
        contentHash: hash,
      })
      .optional()
      .meta({ description: "The newest run" }),
    file: z
      .object({
        number: z.int(),
        state: z.enum(FILE_STATES),
        isObjected: z.boolean(),
        count,
        added: count,
        total: micro,
        documentHash: hash,
        contentHash: hash,
      })
      .optional()
      .meta({ description: "The newest redemption file" }),
    outcomes: z
      .array(
        z.object({
          number: z.int(),
          outcome: z.enum(["executed", "returned"]),
          payments: z.array(z.object({ endToEndId: z.string(), account: z.int(), amount: micro })),
          by: address,
        }),
      )
      .meta({ description: "Proposed, and not approved yet" }),
  })
  .meta({ id: "TreasuryOverview", description: "What waits for whom, as the chain stands" });

const difference = z.object({ place: z.string(), subject: z.string(), chain: z.string(), recomputed: z.string() });
const cell = { configuration: z.int(), month };

export const runPreview = z
  .object({
    run: z.int().optional(),
    fromMonth: month,
    toMonth: month,
    isComputed: z.boolean().meta({ description: "The chain has computed it; else by what stands there now" }),
    totalOwed: micro,
    unspent: micro,
    payable: micro,
    needsReason: z.boolean().meta({ description: "Approving takes a reason: some month is provisional" }),
    cells: z.array(
      z.object({
        ...cell,
        area: z.string(),
        received: z.object({ premium: micro, shared: micro, passedThrough: micro }),
        isAdjusted: z.boolean(),
        pools,
        ruleSet: z.int(),
        isOpen: z.boolean(),
        grade: z.enum(GRADES).optional(),
        missing: count,
        hoursWithoutPrice: count,
        silent: z.array(z.object({ channel: z.int(), hours: count })),
        isProvisional: z.boolean(),
      }),
    ),
    rosterChanges: z.array(
      z.object({
        configuration: z.int(),
        version: z.int(),
        from: time,
        joined: z.array(z.int()),
        left: z.array(z.int()),
      }),
    ),
    accounts: z.array(
      z.object({
        account: z.int(),
        owedBefore: micro,
        delta: micro,
        amount: micro,
        owedAfter: micro,
        waits: z.boolean(),
        lastRun: z.object({ run: z.int(), delta: micro, amount: micro }).optional(),
        months: z.array(
          z.object({
            ...cell,
            settled: micro,
            entitlement: micro,
            parts: z
              .array(z.object({ rule, ownKey: integer, totalKey: integer, amount: micro }))
              .optional()
              .meta({ description: "Only where one account is asked for" }),
            remainders: z.array(z.object({ kind: z.string(), amount: micro })).optional(),
          }),
        ),
      }),
    ),
    differences: z.array(difference).meta({ description: "Where the chain differs from the recomputation" }),
  })
  .meta({ id: "RunPreview", description: "What a run would pay if it were approved now" });

const order = {
  documentHash: hash,
  salt: hash,
  format: z.enum(FORMATS),
  messageId: z.string(),
  createdAt: time,
  executionDate: z.string(),
  debtor: z.object({
    name: z.string(),
    iban: z.string(),
    bic: z.string().optional(),
    cuc: z.string().optional(),
  }),
  total: micro,
  payments: z.array(
    z.object({
      account: z.int(),
      endToEndId: z.string(),
      amount: micro,
      name: z.string(),
      iban: z.string(),
      remittance: z.string(),
    }),
  ),
};

export const bankFile = z.object(order).meta({ id: "BankFile", description: "What the bank will be asked to do" });

export const madeBankFile = z
  .object({
    ...order,
    leftOut: z.array(
      z.object({
        account: z.int(),
        credit: micro,
        reason: z.enum(["below-minimum", "name-unwritable", ...MISSING_PAYEES]),
      }),
    ),
    prepared,
  })
  .meta({ id: "MadeBankFile" });

const balance = z.object({ expected: micro.optional(), received: micro, difference: micro.optional() });
const evidence = z.object({
  missing: z.array(z.object({ channel: z.int(), hours: count })),
  lowGrade: z.object({ grade: z.enum(GRADES), hours: count }).optional(),
  withoutPrice: count,
  corrected: count,
});

export const reconciliation = z
  .object({
    years: z.array(
      z.object({
        configuration: z.int(),
        area: z.string(),
        year: z.int(),
        isAdjusted: z.boolean(),
        isDue: z.boolean(),
        months: z.array(
          z.object({
            month,
            advance: balance,
            advanceState: z.enum(ADVANCE_STATES),
            premium: balance,
            valorisation: balance,
            hasValorisation: z.boolean(),
            premiumEnergy: wattHours,
            shared: wattHours,
            plants: count,
            evidence,
          }),
        ),
        premium: balance,
        valorisation: balance,
        fees: balance,
        unknown: z.array(
          z.object({ kind: z.string(), year: z.int().optional(), plant: z.int().optional(), hours: count.optional() }),
        ),
        findings: z.array(
          z.object({
            subject: z.enum(["advance", "premium", "valorisation", "fees"]),
            month: month.optional(),
            expected: micro,
            received: micro,
            difference: micro,
            energy: z.string().optional(),
            evidence: evidence.optional(),
          }),
        ),
      }),
    ),
  })
  .meta({ id: "Reconciliation", description: "What GSE paid against what it should have paid" });
