/**
 * What meters and files said, kept as long as it may be asked for, in SQLite. What `store` has returned from survives any crash.
 *
 * Of a register one reading a quarter of an hour is kept, the first: so many are enough for the turn of every hour, however
 * often a meter sends. Intervals are all kept; of a meter the first word on an interval counts, of the distributor the last.
 */

import { DatabaseSync, type StatementSync } from "node:sqlite";
import { z } from "zod";
import type { Hour, HourSpan } from "../settlement/hours.ts";
import type { IntervalReading } from "./hours/intervals.ts";
import { LONGEST_GAP_SECONDS, type RegisterReading } from "./hours/registers.ts";
import { changedRow, FORMAT, intervalRow, meterRow, priceRow, registerRow, SCHEMA } from "./inboxSchema.ts";
import { DIRECTIONS, type Direction, endOf, type Measurement, QUALITIES } from "./measurement.ts";
import { inTransaction, rollBack } from "./transaction.ts";

/** Who says it: a meter, or the distributor by its files. */
export const ORIGINS = ["meter", "distributor"] as const;
export type Origin = (typeof ORIGINS)[number];

/** What one message or one part of a file said of a meter. */
export type Received = {
  readonly meter: string;
  readonly origin: Origin;
  /** Seconds since the Unix epoch. */
  readonly receivedAt: number;
  readonly measurements: readonly Measurement[];
};

/** A measurement that contradicts what was kept before. */
export type Conflicting = { readonly meter: string; readonly measurement: Measurement };

/** A message or a line from which nothing was kept. */
export type DeadLetter = {
  /** Topic, or file and line. */
  readonly from: string;
  readonly receivedAt: number;
  readonly reason: string;
  readonly remedy: string;
  readonly payload: Uint8Array;
};

export type MeterSeen = {
  readonly meter: string;
  /** Seconds since the Unix epoch: when it was last heard, and the latest moment of which it said something. */
  readonly lastReceived: number;
  readonly lastMeasured: number;
  readonly messages: number;
};

/** `version` tells what was said of the hour from what is said of it later. */
export type ChangedHour = { readonly hour: Hour; readonly version: number };

export class InboxError extends Error {
  override name = "InboxError";
}

const SECONDS_PER_HOUR = 3600;
const SLOT_SECONDS = 900;
/** Of a payload that could not be read, so much is kept to look at. */
const KEPT_BYTES = 4096;
/** Of more messages that could not be read the oldest are forgotten: a broken meter must not fill the disk. */
const MOST_DEAD_LETTERS = 100_000;
const WRITE_MILLISECONDS = 2000;

export class Inbox {
  readonly #database: DatabaseSync;
  readonly #sql: Readonly<
    Record<
      | "seen"
      | "meter"
      | "meterId"
      | "register"
      | "sameRegister"
      | "interval"
      | "sameInterval"
      | "changed"
      | "dead"
      | "forgetDead",
      StatementSync
    >
  >;

  /** What is asked of every meter when a day is looked at. */
  readonly #ask: Readonly<Record<"registers" | "intervals", StatementSync>>;

  readonly #ids = new Map<string, number>();
  /** Of each register, by meter and direction: the last quarter of an hour, and its first reading. */
  readonly #newest = new Map<number, { readonly slot: number; readonly at: number }>();
  readonly #unwritten = new Map<string, Omit<MeterSeen, "meter">>();
  #writtenAt = Date.now();
  #isWriting = false;

  private constructor(database: DatabaseSync) {
    this.#database = database;
    this.#sql = {
      meter: database.prepare(
        "INSERT OR IGNORE INTO meter (name, last_received, last_measured, messages) VALUES (?, 0, 0, 0)",
      ),
      meterId: database.prepare("SELECT id FROM meter WHERE name = ?"),
      seen: database.prepare(
        `UPDATE meter SET last_received = max(last_received, ?), last_measured = max(last_measured, ?),
         messages = messages + ? WHERE name = ?`,
      ),
      register: database.prepare(
        `INSERT INTO register VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET at = excluded.at, milli_watt_hours = excluded.milli_watt_hours, device = excluded.device
         WHERE excluded.at < at`,
      ),
      sameRegister: database.prepare(
        "SELECT at, milli_watt_hours, device FROM register WHERE meter = ? AND direction = ? AND slot = ?",
      ),
      interval: database.prepare(
        `INSERT INTO interval VALUES (?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO UPDATE
         SET milli_watt_hours = excluded.milli_watt_hours, quality = excluded.quality
         WHERE origin = ${ORIGINS.indexOf("distributor")}
         AND (milli_watt_hours <> excluded.milli_watt_hours OR quality <> excluded.quality)`,
      ),
      sameInterval: database.prepare(
        `SELECT start, seconds, milli_watt_hours, quality FROM interval
         WHERE meter = ? AND direction = ? AND origin = ? AND start = ? AND seconds = ?`,
      ),
      changed: database.prepare(
        "INSERT INTO changed VALUES (?, 0) ON CONFLICT (hour) DO UPDATE SET version = version + 1",
      ),
      dead: database.prepare("INSERT INTO dead_letter VALUES (NULL, ?, ?, ?, ?, ?)"),
      forgetDead: database.prepare("DELETE FROM dead_letter WHERE id <= (SELECT max(id) FROM dead_letter) - ?"),
    };
    this.#ask = {
      registers: database.prepare(
        `SELECT at, milli_watt_hours, device FROM register JOIN meter ON meter.id = register.meter
         WHERE name = ? AND direction = ? AND slot BETWEEN ? AND ? ORDER BY at`,
      ),
      intervals: database.prepare(
        `SELECT start, seconds, milli_watt_hours, quality FROM interval JOIN meter ON meter.id = interval.meter
         WHERE name = ? AND direction = ? AND origin = ? AND start >= ? AND start < ? ORDER BY start, seconds`,
      ),
    };
  }

  /** Opens an inbox, or begins one. Throws InboxError if the file is not one. Several processes may have it open. */
  static open(file: string): Inbox {
    try {
      const database = new DatabaseSync(file);
      database.exec("PRAGMA busy_timeout = 10000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL");
      database.exec(SCHEMA);
      const format = z.object({ value: z.string() }).parse(database.prepare("SELECT value FROM meta").get()).value;
      if (format !== FORMAT)
        throw new InboxError(`${file}: written by another version of Condivisa (format ${format})`);
      return new Inbox(database);
    } catch (error) {
      if (error instanceof InboxError) throw error;
      throw new InboxError(`${file}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }

  close(): void {
    this.#writeHeard();
    this.#database.close();
  }

  /**
   * Keeps everything or nothing; durable when it returns.
   * @returns measurements that contradict what was kept before: it stands
   */
  store(received: readonly Received[], dead: readonly DeadLetter[] = []): Conflicting[] {
    const changed = new Set<Hour>();
    try {
      const conflicting = received.flatMap((each) => this.#storeOne(each, changed));
      for (const hour of changed) this.#write(this.#sql.changed, hour);
      for (const { from, receivedAt, reason, remedy, payload } of dead) {
        this.#write(this.#sql.dead, from, receivedAt, reason, remedy, payload.subarray(0, KEPT_BYTES));
      }
      if (dead.length > 0) this.#write(this.#sql.forgetDead, MOST_DEAD_LETTERS);
      this.#commit();
      for (const each of received) this.#heard(each);
      return conflicting;
    } catch (error) {
      rollBack(this.#database);
      this.#isWriting = false;
      this.#ids.clear();
      this.#newest.clear();
      throw error;
    }
  }

  /** A group in which nothing is new needs no transaction. */
  #write(statement: StatementSync, ...values: (string | number | Uint8Array)[]): number {
    if (!this.#isWriting) this.#database.exec("BEGIN IMMEDIATE");
    this.#isWriting = true;
    return Number(statement.run(...values).changes);
  }

  #commit(): void {
    if (this.#isWriting) this.#database.exec("COMMIT");
    this.#isWriting = false;
  }

  #storeOne({ meter, origin, measurements }: Received, changed: Set<Hour>): Conflicting[] {
    const id = this.#idOf(meter);
    const conflicting = measurements.filter((measurement) => {
      const direction = DIRECTIONS.indexOf(measurement.direction);
      return measurement.kind === "register"
        ? this.#storeRegister(id, direction, measurement, changed)
        : this.#storeInterval(id, direction, ORIGINS.indexOf(origin), measurement, changed);
    });
    return conflicting.map((measurement) => ({ meter, measurement }));
  }

  #idOf(meter: string): number {
    const known = this.#ids.get(meter);
    if (known !== undefined) return known;
    this.#write(this.#sql.meter, meter);
    const { id } = z.object({ id: z.number() }).parse(this.#sql.meterId.get(meter));
    this.#ids.set(meter, id);
    return id;
  }

  /** @returns whether it contradicts what is kept */
  #storeRegister(
    id: number,
    direction: number,
    { at, milliWattHours, device }: Measurement & { kind: "register" },
    changed: Set<Hour>,
  ): boolean {
    const slot = Math.floor(at / SLOT_SECONDS);
    const key = id * DIRECTIONS.length + direction;
    const newest = this.#newest.get(key);
    // Nearly all readings are later ones of a quarter of an hour that has its first.
    if (newest?.slot === slot && at > newest.at) return false;
    if (this.#write(this.#sql.register, id, direction, slot, at, milliWattHours, device) === 0) {
      const kept = registerRow.parse(this.#sql.sameRegister.get(id, direction, slot));
      if (newest === undefined || slot >= newest.slot) this.#newest.set(key, { slot, at: kept.at });
      return kept.at === at && (kept.milli_watt_hours !== milliWattHours || kept.device !== device);
    }
    if (newest === undefined || slot >= newest.slot) this.#newest.set(key, { slot, at });
    // It says something of the hours between it and its neighbours, which may be in the hour before or in the one after.
    changed.add(Math.floor((at - LONGEST_GAP_SECONDS) / SECONDS_PER_HOUR));
    changed.add(Math.floor((at + LONGEST_GAP_SECONDS) / SECONDS_PER_HOUR));
    return false;
  }

  #storeInterval(
    id: number,
    direction: number,
    origin: number,
    interval: Measurement & { kind: "interval" },
    changed: Set<Hour>,
  ): boolean {
    const { start, seconds, milliWattHours } = interval;
    const quality = QUALITIES.indexOf(interval.quality);
    if (this.#write(this.#sql.interval, id, direction, origin, start, seconds, milliWattHours, quality) === 0) {
      const kept = intervalRow.parse(this.#sql.sameInterval.get(id, direction, origin, start, seconds));
      return kept.milli_watt_hours !== milliWattHours || kept.quality !== quality;
    }
    changed.add(Math.floor(start / SECONDS_PER_HOUR));
    return false;
  }

  /** When a meter was last heard is written down now and then: a crash forgets the last seconds of it, and no reading. */
  #heard({ meter, receivedAt, measurements }: Received): void {
    const known = this.#unwritten.get(meter) ?? { lastReceived: 0, lastMeasured: 0, messages: 0 };
    this.#unwritten.set(meter, {
      lastReceived: Math.max(known.lastReceived, receivedAt),
      lastMeasured: Math.max(known.lastMeasured, ...measurements.map(endOf)),
      messages: known.messages + 1,
    });
    if (Date.now() - this.#writtenAt > WRITE_MILLISECONDS) this.#writeHeard();
  }

  #writeHeard(): void {
    this.#writtenAt = Date.now();
    if (this.#unwritten.size === 0) return;
    inTransaction(this.#database, () => {
      for (const [meter, { lastReceived, lastMeasured, messages }] of this.#unwritten) {
        this.#sql.seen.run(lastReceived, lastMeasured, messages, meter);
      }
    });
    this.#unwritten.clear();
  }

  /** The readings of a register in a stretch of time, both ends included, in order. */
  registers(meter: string, direction: Direction, from: number, to: number): RegisterReading[] {
    const slots = [Math.floor(from / SLOT_SECONDS), Math.floor(to / SLOT_SECONDS)] as const;
    const rows = this.#ask.registers.all(meter, DIRECTIONS.indexOf(direction), ...slots);
    return rows
      .map((row) => registerRow.parse(row))
      .map(({ at, milli_watt_hours: milliWattHours, device }) => ({ at, milliWattHours, device }));
  }

  /** The intervals that begin in a stretch of time, its end excluded. */
  intervals(meter: string, direction: Direction, origin: Origin, from: number, end: number): IntervalReading[] {
    const rows = this.#ask.intervals.all(meter, DIRECTIONS.indexOf(direction), ORIGINS.indexOf(origin), from, end);
    return rows
      .map((row) => intervalRow.parse(row))
      .map(({ start, seconds, milli_watt_hours: milliWattHours, quality }) => {
        return { start, seconds, milliWattHours, quality: QUALITIES[quality] ?? "estimated" };
      });
  }

  /** Keeps zonal prices; the last word counts. Durable when it returns. */
  storePrices(zone: string, prices: ReadonlyMap<Hour, number>): void {
    const keep = this.#database.prepare(
      `INSERT INTO price VALUES (?, ?, ?) ON CONFLICT DO UPDATE SET price = excluded.price WHERE price <> excluded.price`,
    );
    inTransaction(this.#database, () => {
      for (const [hour, price] of prices) {
        if (keep.run(zone, hour, price).changes > 0) this.#sql.changed.run(hour);
      }
    });
  }

  /** Zonal prices of a stretch of hours, 10⁻⁴ €/MWh. */
  prices(zone: string, { firstHour, hourCount }: HourSpan): Map<Hour, number> {
    const rows = this.#database
      .prepare("SELECT hour, price FROM price WHERE zone = ? AND hour >= ? AND hour < ?")
      .all(zone, firstHour, firstHour + hourCount);
    return new Map(rows.map((row) => priceRow.parse(row)).map(({ hour, price }) => [hour, price]));
  }

  /** The hours before `end` of which something new was said since they were forgotten, in order. */
  changedHours(end: Hour): ChangedHour[] {
    const rows = this.#database.prepare("SELECT hour, version FROM changed WHERE hour < ? ORDER BY hour").all(end);
    return rows.map((row) => changedRow.parse(row));
  }

  /** How often something new was said of these hours, as long as they are not forgotten. */
  changesOf({ firstHour, hourCount }: HourSpan): number {
    const row = this.#database
      .prepare("SELECT ifnull(sum(version + 1), 0) AS changes FROM changed WHERE hour >= ? AND hour < ?")
      .get(firstHour, firstHour + hourCount);
    return z.object({ changes: z.number() }).parse(row).changes;
  }

  /** To be called once nothing is left to be done about these hours. What was said of them meanwhile is not forgotten. */
  forgetChanges(hours: readonly ChangedHour[]): void {
    const forget = this.#database.prepare("DELETE FROM changed WHERE hour = ? AND version = ?");
    inTransaction(this.#database, () => {
      for (const { hour, version } of hours) forget.run(hour, version);
    });
  }

  /** Forgets what was said of hours before this one: they are on the chain for good. */
  forgetBefore(hour: Hour): void {
    const seconds = hour * SECONDS_PER_HOUR;
    const deletions = [
      ["DELETE FROM register WHERE slot < ?", seconds / SLOT_SECONDS],
      ["DELETE FROM interval WHERE start < ?", seconds],
      ["DELETE FROM price WHERE hour < ?", hour],
      ["DELETE FROM dead_letter WHERE received_at < ?", seconds],
    ] as const;
    inTransaction(this.#database, () => {
      for (const [sql, end] of deletions) this.#database.prepare(sql).run(end);
    });
  }

  seen(): MeterSeen[] {
    this.#writeHeard();
    const rows = this.#database.prepare("SELECT * FROM meter ORDER BY name").all();
    return rows
      .map((row) => meterRow.parse(row))
      .map(({ name: meter, last_received: lastReceived, last_measured: lastMeasured, messages }) => {
        return { meter, lastReceived, lastMeasured, messages };
      });
  }

  /** How many could not be read since the inbox was begun, and of how many the reason is kept. */
  deadLetterCount(): { readonly total: number; readonly kept: number } {
    const row = this.#database.prepare("SELECT count(*) AS kept, ifnull(max(id), 0) AS total FROM dead_letter").get();
    return z.object({ total: z.number(), kept: z.number() }).parse(row);
  }

  /** The newest first. */
  deadLetters(most: number): DeadLetter[] {
    const shape = z.object({
      source: z.string(),
      received_at: z.number(),
      reason: z.string(),
      remedy: z.string(),
      payload: z.instanceof(Uint8Array),
    });
    const rows = this.#database.prepare("SELECT * FROM dead_letter ORDER BY id DESC LIMIT ?").all(most);
    return rows
      .map((row) => shape.parse(row))
      .map(({ source: from, received_at: receivedAt, ...letter }) => ({ from, receivedAt, ...letter }));
  }
}
