/** The tables of the inbox, and what their rows hold. */

import { z } from "zod";

/** Of the tables: another one is another version's. */
export const FORMAT = "1";

export const SCHEMA = `
  CREATE TABLE IF NOT EXISTS meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS meter (
    id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, last_received INTEGER NOT NULL, last_measured INTEGER NOT NULL,
    messages INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE IF NOT EXISTS register (
    meter INTEGER NOT NULL, direction INTEGER NOT NULL, slot INTEGER NOT NULL, at INTEGER NOT NULL,
    milli_watt_hours INTEGER NOT NULL, device TEXT NOT NULL, PRIMARY KEY (meter, direction, slot)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS interval (
    meter INTEGER NOT NULL, direction INTEGER NOT NULL, origin INTEGER NOT NULL, start INTEGER NOT NULL,
    seconds INTEGER NOT NULL, milli_watt_hours INTEGER NOT NULL, quality INTEGER NOT NULL,
    PRIMARY KEY (meter, direction, origin, start, seconds)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS price (
    zone TEXT NOT NULL, hour INTEGER NOT NULL, price INTEGER NOT NULL, PRIMARY KEY (zone, hour)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE IF NOT EXISTS changed (hour INTEGER PRIMARY KEY, version INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS dead_letter (
    id INTEGER PRIMARY KEY, source TEXT NOT NULL, received_at INTEGER NOT NULL, reason TEXT NOT NULL, remedy TEXT NOT NULL,
    payload BLOB NOT NULL
  ) STRICT;
  INSERT OR IGNORE INTO meta VALUES ('format', '${FORMAT}');
`;

export const registerRow = z.object({ at: z.number(), milli_watt_hours: z.number(), device: z.string() });
export const intervalRow = z.object({
  start: z.number(),
  seconds: z.number(),
  milli_watt_hours: z.number(),
  quality: z.number(),
});

export const priceRow = z.object({ hour: z.number(), price: z.number() });
export const changedRow = z.object({ hour: z.number(), version: z.number() });
export const meterRow = z.object({
  name: z.string(),
  last_received: z.number(),
  last_measured: z.number(),
  messages: z.number(),
});
