/** What is taken down of a person: the same shapes for requests and for files. */

import { electronicFormatIBAN } from "ibantools";
import { z } from "zod";
import { ibanProblem } from "../../bank/order.ts";

const MOST_TEXT = 200;
const MOST_ACCOUNTS = 50;
const MOST_METERS = 200;

const text = z
  .string()
  .trim()
  .min(1)
  .max(MOST_TEXT)
  .regex(/^\P{Cc}*$/u, "has a line break or another control character");

export const nameShape = text.meta({ description: "Of a person, a firm or a body", example: "Anna Bianchi" });
export const emailShape = z.email().max(MOST_TEXT).meta({ example: "anna@example.org" });
export const phoneShape = z
  .string()
  .trim()
  .regex(/^\+?[\d ./-]{5,30}$/, "not a telephone number: digits, with + in front for a country")
  .meta({ example: "+39 055 123456" });
export const addressShape = text.meta({ description: "Postal, in one line" });
export const taxCodeShape = z
  .string()
  .trim()
  .toUpperCase()
  .regex(/^([A-Z0-9]{16}|\d{11})$/, "not a tax code: 16 letters and digits, or 11 digits")
  .meta({ description: "Codice fiscale, or 11 digits of a firm or body" });

export const ibanShape = z
  .string()
  .max(50)
  .transform((given) => electronicFormatIBAN(given) ?? "")
  .superRefine((iban, context) => {
    const problem = ibanProblem(iban);
    if (problem !== undefined) context.addIssue({ code: "custom", message: problem });
  })
  .meta({
    description: "Where the money of this account goes; of one person of an account only",
    example: "IT60 X054 …",
  });

export const podShape = z
  .string()
  .regex(/^IT\d{3}E[0-9A-Z]{8,9}$/, "not a POD: IT, three digits, E, then 8 or 9 digits or letters");

/** A number of the chain. */
export const numberShape = z.int().min(1).max(4_294_967_295);

export const contactShape = z.strictObject({
  email: emailShape.optional(),
  phone: phoneShape.optional(),
  address: addressShape.optional(),
});

export const meterShape = z.strictObject({
  account: numberShape,
  configuration: z.int().min(0).max(65_535).optional(),
  channel: numberShape.optional(),
  name: text.optional(),
  pod: podShape.optional(),
});

export const personShape = z
  .strictObject({
    name: nameShape,
    ...contactShape.shape,
    taxCode: taxCodeShape.optional(),
    accounts: z
      .array(z.strictObject({ account: numberShape, iban: ibanShape.optional() }))
      .min(1)
      .max(MOST_ACCOUNTS),
    meters: z.array(meterShape).max(MOST_METERS).default([]),
  })
  .superRefine(({ accounts, meters }, context) => {
    const numbers = accounts.map(({ account }) => account);
    if (new Set(numbers).size < numbers.length) {
      context.addIssue({ code: "custom", path: ["accounts"], message: "an account stands there twice" });
    }
    for (const [index, { account }] of meters.entries()) {
      if (numbers.includes(account)) continue;
      context.addIssue({
        code: "custom",
        path: ["meters", index, "account"],
        message: "not an account of this person",
      });
    }
  });

export type Contact = z.infer<typeof contactShape>;
export type PersonInput = z.infer<typeof personShape>;

/** What a consent is for, and which text was read: names that the community gives. */
export const consentShape = z.strictObject({
  kind: z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,39}$/, "not a name: small letters, digits and dashes")
    .meta({ example: "newsletter" }),
  version: z
    .string()
    .regex(/^[\w.-]{1,40}$/, "not a version: letters, digits, dots and dashes")
    .meta({ example: "2026-01" }),
});
