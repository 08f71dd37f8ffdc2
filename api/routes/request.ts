/** What routes take alike: the numbers in their paths, spans of time, pages of lists. */

import { z } from "zod";
import { hoursOfMarketDay, parseHour, parseMonth } from "../../settlement/hours.ts";
import type { Numbered } from "../index/reader.ts";

const MOST_ON_A_PAGE = 500;
const USUAL_ON_A_PAGE = 100;
const digits = (most: number) =>
  z
    .string()
    .regex(/^\d{1,16}$/, "not a whole number")
    .transform(Number)
    .pipe(z.number().max(most, `more than ${most}`));

export const communityParam = digits(0xffff_ffff).meta({ description: "Number of the community" });
export const accountParam = digits(0xff_ffff).meta({ description: "Number of the account" });
export const configurationParam = digits(0xffff).meta({ description: "Number of the configuration, from 0" });
export const channelParam = digits(0xff_ffff).meta({ description: "Number of the channel" });
export const yearParam = z
  .string()
  .regex(/^(19|20|21)\d\d$/, "not a year: write it as 2026")
  .transform(Number)
  .meta({ description: "A calendar year" });
export const numberParam = digits(Number.MAX_SAFE_INTEGER);

export const ofCommunity = z.strictObject({ community: communityParam });
export const ofAccount = z.strictObject({ community: communityParam, account: accountParam });
export const ofConfiguration = z.strictObject({ community: communityParam, configuration: configurationParam });

const monthText = z.string().transform((text, context) => {
  const month = parseMonth(text);
  if (month !== undefined) return month;
  context.addIssue({ code: "custom", message: "not a month: write it as 2026-03" });
  return z.NEVER;
});
export const monthQuery = monthText.meta({
  description: "A month, as 2026-03",
  override: { type: "string", pattern: "^\\d{4}-\\d{2}$" },
});

const hourText = z.string().transform((text, context) => {
  const hour = parseHour(text);
  if (hour !== undefined) return hour;
  context.addIssue({ code: "custom", message: "not a whole hour in UTC: write it as 2026-03-01T00:00:00Z" });
  return z.NEVER;
});
export const hourQuery = hourText.meta({
  description: "A whole hour in UTC, as 2026-03-01T00:00:00Z",
  override: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\dT\\d\\d:00:00Z$" },
});

const DAY = /^\d{4}-\d\d-\d\d$/;
const spanEndText = z.string().transform((text, context) => {
  const hour = parseHour(text) ?? firstHourOfDay(text);
  if (hour !== undefined) return hour;
  const message = "neither a day nor a whole hour in UTC: write it as 2026-03-01 or 2026-03-01T00:00:00Z";
  context.addIssue({ code: "custom", message });
  return z.NEVER;
});
const spanEnd = { override: { type: "string", pattern: "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:00:00Z)?$" } } as const;
/** Hours from `from` until before `to`. */
export const spanQuery = {
  from: spanEndText.meta({ description: "A day in Italy, as 2026-03-01, or a whole hour in UTC", ...spanEnd }),
  to: spanEndText.meta({ description: "Likewise: the first day or hour that is not in the span any more", ...spanEnd }),
};

function firstHourOfDay(text: string): number | undefined {
  try {
    return DAY.test(text) ? hoursOfMarketDay(text).firstHour : undefined;
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** A page of a list. */
export const pageQuery = {
  cursor: digits(Number.MAX_SAFE_INTEGER)
    .optional()
    .meta({ description: "`next` of the page before; without it the first page" }),
  limit: digits(MOST_ON_A_PAGE)
    .pipe(z.number().min(1, "less than 1"))
    .optional()
    .meta({ description: `At most so many, up to ${MOST_ON_A_PAGE}; ${USUAL_ON_A_PAGE} by default` }),
};

export type PageQuery = { readonly cursor?: number | undefined; readonly limit?: number | undefined };

/** One more than is shown, to see whether there are more. */
export function pageOf({ cursor, limit = USUAL_ON_A_PAGE }: PageQuery) {
  return { after: cursor ?? -1, limit: limit + 1 };
}

/** `{"items":[…],"next":"…"}` of contents that are JSON already. */
export function pageJson(rows: readonly Numbered[], { limit = USUAL_ON_A_PAGE }: PageQuery): string {
  const shown = rows.slice(0, limit);
  const next = rows.length > limit ? `,"next":"${shown.at(-1)?.number}"` : "";
  return `{"items":[${shown.map(({ content }) => content).join(",")}]${next}}`;
}

/** @param item what stands on a page */
export function pageOfItems<T extends z.ZodType>(item: T) {
  const next = z
    .string()
    .regex(/^\d+$/)
    .optional()
    .meta({ description: "The cursor of the next page; absent on the last" });
  return z.object({ items: z.array(item), next });
}
