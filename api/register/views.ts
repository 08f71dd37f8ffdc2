/** What the routes of the register answer. Times are ISO 8601 in UTC. */

import { z } from "zod";
import { formatTime } from "../json.ts";
import type { Access } from "./accessLog.ts";
import type { Consent } from "./consents.ts";
import type { PersonExport } from "./exportPerson.ts";
import type { PaymentRecord } from "./payees.ts";
import type { PersonRecord } from "./persons.ts";

const time = z.iso.datetime();
const optionalText = z.string().optional();

export const personView = z
  .object({
    person: z.int(),
    name: optionalText,
    email: optionalText,
    phone: optionalText,
    address: optionalText,
    taxCode: optionalText,
    accounts: z.array(z.object({ community: z.int(), account: z.int(), since: time, iban: optionalText })),
    meters: z.array(
      z.object({
        community: z.int(),
        account: z.int(),
        configuration: z.int().optional(),
        channel: z.int().optional(),
        name: optionalText,
        pod: optionalText,
      }),
    ),
    createdAt: time,
    changedAt: time,
  })
  .meta({ id: "Person" });

export const consentView = z
  .object({
    consent: z.int(),
    community: z.int(),
    kind: z.string(),
    version: z.string(),
    givenAt: time,
    givenBy: z.string(),
    revokedAt: time.optional(),
    revokedBy: optionalText,
  })
  .meta({ id: "Consent" });

export const accessView = z
  .object({
    access: z.int(),
    at: time,
    who: z.string().meta({ description: "A wallet with its roles, `person N`, or `operator`" }),
    person: z.int(),
    community: z.int().optional(),
    fields: z.array(z.string()),
    reason: z.string(),
    request: z.string(),
  })
  .meta({ id: "Access" });

export const paymentView = z
  .object({
    account: z.int(),
    endToEndId: z.string(),
    amount: z.string().meta({ description: "Micro-euro" }),
    executedOn: z.iso.date(),
    name: z.string(),
    iban: z.string(),
  })
  .meta({ id: "Payment" });

export const exportView = z
  .object({
    record: personView,
    consents: z.array(consentView),
    payments: z.array(paymentView),
    passkeys: z.array(z.object({ label: optionalText, createdAt: time, usedAt: time.optional() })),
    accesses: z.array(accessView),
    signIns: z.array(z.object({ at: time, event: z.string(), reason: optionalText })),
  })
  .meta({ id: "PersonExport", description: "Everything that is kept of a person" });

export function showPerson({ accounts, createdAt, changedAt, ...person }: PersonRecord): z.infer<typeof personView> {
  return {
    ...person,
    accounts: accounts.map(({ since, ...account }) => ({ ...account, since: formatTime(since) })),
    meters: [...person.meters],
    createdAt: formatTime(createdAt),
    changedAt: formatTime(changedAt),
  };
}

export function showConsent({ id, givenAt, revokedAt, ...consent }: Consent): z.infer<typeof consentView> {
  return {
    consent: id,
    ...consent,
    givenAt: formatTime(givenAt),
    revokedAt: revokedAt === undefined ? undefined : formatTime(revokedAt),
  };
}

export function showAccess({ id, at, fields, ...access }: Access): z.infer<typeof accessView> {
  return { access: id, at: formatTime(at), ...access, fields: [...fields] };
}

export function showPayment({ amount, ...payment }: PaymentRecord): z.infer<typeof paymentView> {
  return { ...payment, amount: amount.toString() };
}

export function showExport(whole: PersonExport): z.infer<typeof exportView> {
  return {
    record: showPerson(whole.record),
    consents: whole.consents.map(showConsent),
    payments: whole.payments.map(showPayment),
    passkeys: whole.passkeys.map(({ label, createdAt, usedAt }) => {
      return { label, createdAt: formatTime(createdAt), usedAt: usedAt === undefined ? undefined : formatTime(usedAt) };
    }),
    accesses: whole.accesses.map(showAccess),
    signIns: whole.signIns.map(({ at, ...signIn }) => ({ at: formatTime(at), ...signIn })),
  };
}
