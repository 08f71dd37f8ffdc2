/**
 * The keys with which the personal register is encrypted: from a file for the owner's eyes only, or from the environment. An old key
 * stays in the ring until nothing is encrypted with it.
 */

import { createSecretKey, type KeyObject, randomBytes } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { z } from "zod";

export const KEY_VARIABLE = "CONDIVISA_REGISTER_KEY";

export type KeyRing = {
  /** Where it comes from, for messages. */
  readonly source: string;
  /** The id of the key for what is encrypted from the next rotation on. */
  readonly newest: string;
  readonly keys: ReadonlyMap<string, KeyObject>;
};

export class KeyRingError extends Error {
  override name = "KeyRingError";
}

const KEY_BYTES = 32;
/** For the owner's eyes only. */
const FILE_MODE = 0o600;

const keyId = z.string().regex(/^[\w.-]{1,32}$/, "an id has up to 32 letters, digits, dots and dashes");
const keyText = z
  .string()
  .refine((text) => Buffer.from(text, "base64").length === KEY_BYTES, "a key has 32 bytes, as base64");
const ringShape = z
  .strictObject({ newest: keyId, keys: z.record(keyId, keyText) })
  .refine(({ newest, keys }) => Object.hasOwn(keys, newest), "the newest key is not among the keys");

type RingFile = z.infer<typeof ringShape>;

/**
 * Reads the keys of a file.
 * @throws KeyRingError if there is none, if others may read it, or if it is damaged
 */
export function readKeyRing(file: string): KeyRing {
  return ringOf(file, readRingFile(file));
}

/**
 * Reads keys as `ID:BASE64`, the newest first, older ones behind commas.
 * @throws KeyRingError if that is not what the text says
 */
export function keyRingFromText(text: string, source = KEY_VARIABLE): KeyRing {
  const entries = text.split(",").map((entry): [string, string] => {
    const colon = entry.indexOf(":");
    return [entry.slice(0, Math.max(0, colon)).trim(), entry.slice(colon + 1).trim()];
  });
  const parsed = ringShape.safeParse({ newest: entries[0]?.[0], keys: Object.fromEntries(entries) });
  if (!parsed.success) {
    // What was given is secret: only what is wrong with it is told.
    const problem = parsed.error.issues[0]?.message;
    throw new KeyRingError(
      `${source}: ${problem}. Write ID:KEY, the key as 32 bytes in base64; older keys behind commas`,
    );
  }
  return ringOf(source, parsed.data);
}

/** Writes a file with one key, new. @throws KeyRingError if there is one already */
export function makeKeyRing(file: string, now: number): KeyRing {
  if (existsSync(file)) throw new KeyRingError(`${file}: there is a key ring already: it is not written over`);
  const id = newId(now, {});
  const ring = { newest: id, keys: { [id]: newKey() } };
  writeRingFile(file, ring);
  return ringOf(file, ring);
}

/** Adds a key to a file: the next rotation encrypts everything with it. */
export function addKey(file: string, now: number): KeyRing {
  const { keys } = readRingFile(file);
  const id = newId(now, keys);
  const ring = { newest: id, keys: { ...keys, [id]: newKey() } };
  writeRingFile(file, ring);
  return ringOf(file, ring);
}

/** Leaves only the newest key in a file. To be called once nothing is encrypted with the others. */
export function dropOldKeys(file: string): void {
  const { newest, keys } = readRingFile(file);
  writeRingFile(file, { newest, keys: Object.fromEntries(Object.entries(keys).filter(([id]) => id === newest)) });
}

function readRingFile(file: string): RingFile {
  if (!existsSync(file)) {
    throw new KeyRingError(`${file}: no such file. Put the register's keys back: without them it cannot be read`);
  }
  const others = statSync(file).mode & 0o077;
  if (others !== 0) throw new KeyRingError(`${file}: others may read the register's keys. Run \`chmod 600 ${file}\``);
  try {
    return ringShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch {
    throw new KeyRingError(`${file}: not a file of keys. Put back a copy of it`);
  }
}

/** Durable when it returns, so that nothing is ever encrypted with a key that a crash forgets. */
function writeRingFile(file: string, ring: RingFile): void {
  const written = `${file}.tmp`;
  const handle = openSync(written, "w", FILE_MODE);
  writeSync(handle, `${JSON.stringify(ring, null, 2)}\n`);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(written, file);
}

function ringOf(source: string, { newest, keys }: RingFile): KeyRing {
  const bytes = Object.entries(keys).map(([id, text]): [string, KeyObject] => [
    id,
    createSecretKey(Buffer.from(text, "base64")),
  ]);
  return { source, newest, keys: new Map(bytes) };
}

function newKey(): string {
  return randomBytes(KEY_BYTES).toString("base64");
}

/** The day, and a number if the day has one already. @param now seconds since the Unix epoch */
function newId(now: number, keys: RingFile["keys"]): string {
  const day = new Date(now * 1000).toISOString().slice(0, 10);
  let id = day;
  for (let count = 2; Object.hasOwn(keys, id); count++) id = `${day}.${count}`;
  return id;
}
