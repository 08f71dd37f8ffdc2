/** Reads the index for whoever asks: rows as they were worked out, mostly JSON that is passed on as it is. */

import type { DatabaseSync, StatementSync } from "node:sqlite";
import { type Address, getAddress } from "viem";
import { z } from "zod";
import type { CommunityAddresses } from "../../chain/deploy.ts";
import { LOGS_PER_BLOCK } from "../../chain/events.ts";
import { readTokenEvents } from "../../chain/tokenHistory.ts";
import { type Balance, NO_BALANCE } from "../../settlement/bookEntries.ts";
import type { BatchRecord, RosterRecord } from "../../settlement/history.ts";
import { type HourSpan, type Month, parseHour, parseMonth } from "../../settlement/hours.ts";
import type { TokenEvents } from "../../settlement/tokenHistory.ts";
import { ROLES, type Role } from "../http/caller.ts";
import { ChangeWatch, Remembered } from "../remembered.ts";
import { balanceOf } from "./balances.ts";
import { addressesOf, CONTRACT_KINDS } from "./contracts.ts";
import type { ItemKind } from "./items.ts";
import { keptLogsOf } from "./keptLogs.ts";
import { batchRow, rosterRow, standingBatches } from "./rows.ts";

const BOOKING_KINDS = ["entitlement", "payout", "write-off", "redemption", "transfer"] as const;
const address = z.string().transform((value) => getAddress(value));
const content = z.object({ content: z.string() });
const headRow = z.object({ number: z.number(), hash: z.string(), time: z.number() });
const communityRow = z.object({ community: z.number() });
const officeRow = z.object({ community: z.number(), role: z.enum(ROLES) });
const balanceRow = z.object({ balance: balanceOf });
const numbered = z.object({ number: z.number(), content: z.string() });
const contractRow = z
  .object({
    address,
    community: z.number(),
    kind: z.enum(CONTRACT_KINDS),
    configuration: z.number().nullable(),
    is_foreign: z.number(),
  })
  .transform(({ configuration, is_foreign, ...row }) => ({
    ...row,
    configuration: configuration ?? undefined,
    isForeign: is_foreign !== 0,
  }));
const bookingRow = z.object({
  kind: z.enum(BOOKING_KINDS),
  effect: balanceOf,
  balance: balanceOf,
  content: z.string(),
});
const configurationItem = z.object({
  configuration: z.number(),
  area: z.string(),
  ledger: address,
  /** Undefined before the first is recorded. */
  nextHour: z.string().transform(parseHour).optional(),
});
const monthItem = z.object({
  configuration: z.number(),
  month: z.string(),
  missing: z.number(),
  accrued: z.string().transform(BigInt),
});
const derivedRow = z.object({ position: z.number(), hash: z.string(), time: z.number() });
const findingRow = z.object({ position: z.number(), subject: z.string(), chain: z.string(), recomputed: z.string() });

/** A page of a list: rows after `after`, at most `limit`. */
export type Page = { readonly after: number; readonly limit: number };
export type Numbered = z.infer<typeof numbered>;
/** Whose or what's items, if not all. `visibleTo`: those that are nobody's or one of these accounts'. */
export type Of = {
  readonly account?: number | undefined;
  readonly parent?: number | undefined;
  readonly visibleTo?: readonly number[] | undefined;
};

export class IndexReader {
  readonly #database: DatabaseSync;
  readonly #prepared = new Map<string, StatementSync>();
  readonly #head: Remembered<z.infer<typeof headRow>>;
  readonly #derivedOf: Remembered<z.infer<typeof derivedRow>>;
  readonly #offices: Remembered<readonly z.infer<typeof officeRow>[]>;

  constructor(database: DatabaseSync) {
    this.#database = database;
    const watch = new ChangeWatch(database);
    this.#head = new Remembered(watch);
    this.#derivedOf = new Remembered(watch);
    this.#offices = new Remembered(watch);
  }

  #sql(text: string): StatementSync {
    const known = this.#prepared.get(text) ?? this.#database.prepare(text);
    this.#prepared.set(text, known);
    return known;
  }

  /** All that `work` reads is of one state of the index, whatever is written meanwhile. */
  atOneMoment<T>(work: () => T): T {
    this.#database.exec("BEGIN");
    try {
      return work();
    } finally {
      this.#database.exec("COMMIT");
    }
  }

  /** Names the state of all that is worked out of a community; undefined before it is. */
  version(community: number): string | undefined {
    const derived = this.#derived(community);
    return derived && `${derived.position}-${derived.hash.slice(2, 10)}`;
  }

  /** The newest event of a community that is worked out; undefined before anything is. */
  newestPosition(community: number): number | undefined {
    return this.#derived(community)?.position;
  }

  /** The newest block in which something of a community was found, with its time. */
  newestBlock(community: number): { readonly block: number; readonly time: number } | undefined {
    const derived = this.#derived(community);
    return derived && { block: Math.floor(derived.position / LOGS_PER_BLOCK), time: derived.time };
  }

  #derived(community: number): z.infer<typeof derivedRow> | undefined {
    return this.#derivedOf.of(String(community), () => {
      const row = this.#sql("SELECT position, hash, time FROM derived WHERE community = ?").get(community);
      return row === undefined ? undefined : derivedRow.parse(row);
    });
  }

  /** The newest block that is kept, with its time. */
  head(): { readonly number: number; readonly hash: string; readonly time: number } | undefined {
    return this.#head.of("", () => {
      const row = this.#sql("SELECT number, hash, time FROM block ORDER BY number DESC LIMIT 1").get();
      return row === undefined ? undefined : headRow.parse(row);
    });
  }

  communities(): number[] {
    const rows = this.#sql("SELECT community FROM derived ORDER BY community").all();
    return rows.map((row) => communityRow.parse(row).community);
  }

  contracts(community: number) {
    return this.#sql(
      "SELECT address, community, kind, configuration, is_foreign FROM contract WHERE community = ? ORDER BY block, address",
    )
      .all(community)
      .map((row) => contractRow.parse(row));
  }

  addresses(community: number): CommunityAddresses | undefined {
    return addressesOf(this.contracts(community));
  }

  /** The offices that a wallet holds by the time of the newest block. */
  officesOf(wallet: Address): readonly { readonly community: number; readonly role: Role }[] {
    const found = this.#offices.of(wallet, () => {
      const now = this.head()?.time ?? 0;
      return this.#sql("SELECT community, role FROM office WHERE wallet = ? AND since <= ? ORDER BY community, role")
        .all(wallet, now)
        .map((row) => officeRow.parse(row));
    });
    return found ?? [];
  }

  /** Where an account stands; undefined if there is none. */
  account(community: number, account: number): string | undefined {
    const row = this.#sql("SELECT content FROM account WHERE community = ? AND account = ?").get(community, account);
    return row === undefined ? undefined : content.parse(row).content;
  }

  accounts(community: number, { after, limit }: Page): Numbered[] {
    return this.#sql(
      "SELECT account AS number, content FROM account WHERE community = ? AND account > ? ORDER BY account LIMIT ?",
    )
      .all(community, after, limit)
      .map((row) => numbered.parse(row));
  }

  /** The months of an account from one to another, both included, in order. */
  accountMonths(community: number, account: number, from: Month, to: Month): string[] {
    return this.#sql(
      `SELECT content FROM account_month WHERE community = ? AND account = ? AND month BETWEEN ? AND ?
       ORDER BY month, configuration`,
    )
      .all(community, account, from, to)
      .map((row) => content.parse(row).content);
  }

  /** What was booked for an account in months of the calendar from one to another, both included, in order. */
  bookings(community: number, account: number, from: Month, to: Month): z.infer<typeof bookingRow>[] {
    return this.#sql(
      `SELECT kind, effect, balance, content FROM booking
       WHERE community = ? AND account = ? AND month BETWEEN ? AND ? ORDER BY number`,
    )
      .all(community, account, from, to)
      .map((row) => bookingRow.parse(row));
  }

  bookingsPage(community: number, account: number, { after, limit }: Page): Numbered[] {
    return this.#sql(
      "SELECT number, content FROM booking WHERE community = ? AND account = ? AND number > ? ORDER BY number LIMIT ?",
    )
      .all(community, account, after, limit)
      .map((row) => numbered.parse(row));
  }

  /** Where an account stood before a month's first booking. */
  balanceBefore(community: number, account: number, month: Month): Balance {
    const row = this.#sql(
      "SELECT balance FROM booking WHERE community = ? AND account = ? AND month < ? ORDER BY number DESC LIMIT 1",
    ).get(community, account, month);
    return row === undefined ? NO_BALANCE : balanceRow.parse(row).balance;
  }

  items(community: number, kind: ItemKind, { after, limit }: Page, of: Of = {}): Numbered[] {
    const where = [
      of.account === undefined ? [] : ["AND account = ?"],
      of.parent === undefined ? [] : ["AND parent = ?"],
      of.visibleTo === undefined ? [] : ["AND (account IS NULL OR account IN (SELECT value FROM json_each(?)))"],
    ].flat();
    const values = [of.account, of.parent, of.visibleTo && JSON.stringify(of.visibleTo)].flatMap(
      (value) => value ?? [],
    );
    return this.#sql(
      `SELECT number, content FROM item WHERE community = ? AND kind = ? AND number > ? ${where.join(" ")}
       ORDER BY number LIMIT ?`,
    )
      .all(community, kind, after, ...values, limit)
      .map((row) => numbered.parse(row));
  }

  item(community: number, kind: ItemKind, number: number): string | undefined {
    const row = this.#sql("SELECT content FROM item WHERE community = ? AND kind = ? AND number = ?").get(
      community,
      kind,
      number,
    );
    return row === undefined ? undefined : content.parse(row).content;
  }

  /** Every batch and correction, in the order of the chain. */
  batches(community: number, configuration: number, { after, limit }: Page): z.infer<typeof batchRow>[] {
    return this.#sql(
      "SELECT * FROM batch WHERE community = ? AND configuration = ? AND position > ? ORDER BY position LIMIT ?",
    )
      .all(community, configuration, after, limit)
      .map((row) => batchRow.parse(row));
  }

  /** What stands of the batches that begin in a span. */
  standing(community: number, configuration: number, { firstHour, hourCount }: HourSpan): BatchRecord[] {
    const rows = this.#sql(
      `SELECT * FROM batch WHERE community = ? AND configuration = ? AND first_hour >= ? AND first_hour < ?
       ORDER BY first_hour, position`,
    ).all(community, configuration, firstHour, firstHour + hourCount);
    return standingBatches(rows.map((row) => batchRow.parse(row)));
  }

  rosters(ledger: Address): RosterRecord[] {
    return this.#sql("SELECT position, version, effective_hour, blob FROM roster WHERE ledger = ? ORDER BY position")
      .all(ledger)
      .map((row) => rosterRow.parse(row));
  }

  configurations(community: number) {
    return this.#all(community, "configuration").map((each) => configurationItem.parse(JSON.parse(each)));
  }

  /** Months of which readings are missing. */
  incompleteMonths(community: number) {
    const areas = this.configurations(community);
    return this.#all(community, "month")
      .map((each) => monthItem.parse(JSON.parse(each)))
      .filter(({ missing }) => missing > 0)
      .map(({ configuration, month, missing }) => ({ month, missing, area: areas[configuration]?.area ?? "" }));
  }

  /** Of every configuration; accrued in 10⁻¹⁰ €. */
  months(community: number): { readonly configuration: number; readonly month: Month; readonly accrued: bigint }[] {
    return this.#all(community, "month")
      .map((each) => monthItem.parse(JSON.parse(each)))
      .map(({ configuration, month, accrued }) => ({ configuration, accrued, month: parseMonth(month) ?? 0 }));
  }

  /** What became of tokens after they were paid. */
  tokenEvents(at: CommunityAddresses): Promise<TokenEvents> {
    return readTokenEvents(keptLogsOf(this.#database), at);
  }

  #all(community: number, kind: ItemKind): string[] {
    return this.#sql("SELECT content FROM item WHERE community = ? AND kind = ? ORDER BY number")
      .all(community, kind)
      .map((row) => content.parse(row).content);
  }

  /** Where the chain and what these sources make of it differ, by block. */
  findings(community: number) {
    return this.#sql("SELECT position, subject, chain, recomputed FROM finding WHERE community = ? ORDER BY position")
      .all(community)
      .map((row) => findingRow.parse(row))
      .map(({ position, ...finding }) => ({ block: Math.floor(position / LOGS_PER_BLOCK), ...finding }));
  }
}
