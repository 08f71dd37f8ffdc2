/**
 * Encryption of single fields: AES-256-GCM, bound to table, column and row, so that what is moved elsewhere in the file can no longer be
 * opened.
 *
 * A sealed field is: format (1 byte) | length of the key's id (1) | id | nonce (12) | ciphertext | tag (16).
 */

import { createCipheriv, createDecipheriv, type KeyObject, randomBytes } from "node:crypto";

/** Where a field stands. Rows are never numbered twice. */
export type Place = { readonly table: string; readonly column: string; readonly row: number };

export class SealError extends Error {
  override name = "SealError";
}

const FORMAT = 1;
const CIPHER = "aes-256-gcm";
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

export function seal(key: KeyObject, keyId: string, place: Place, text: string): Uint8Array {
  const id = Buffer.from(keyId);
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(place));
  const ciphertext = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
  return Buffer.concat([Buffer.of(FORMAT, id.length), id, nonce, ciphertext, cipher.getAuthTag()]);
}

/** The id of the key with which a field was sealed. */
export function keyIdOf(sealed: Uint8Array, place: Place): string {
  const length = sealed[1] ?? 0;
  const isWhole = sealed[0] === FORMAT && sealed.length >= 2 + length + NONCE_BYTES + TAG_BYTES;
  if (!isWhole) throw new SealError(`${nameOf(place)}: damaged, or written by another version. Put back a backup`);
  return Buffer.from(sealed.subarray(2, 2 + length)).toString();
}

/** @throws SealError if it was sealed with another key, for another place, or was changed */
export function unseal(key: KeyObject, place: Place, sealed: Uint8Array): string {
  const keyId = keyIdOf(sealed, place);
  const begin = 2 + Buffer.byteLength(keyId);
  const nonce = sealed.subarray(begin, begin + NONCE_BYTES);
  const decipher = createDecipheriv(CIPHER, key, nonce, { authTagLength: TAG_BYTES }).setAAD(boundTo(place));
  decipher.setAuthTag(sealed.subarray(sealed.length - TAG_BYTES));
  try {
    const part = decipher.update(sealed.subarray(begin + NONCE_BYTES, sealed.length - TAG_BYTES));
    return Buffer.concat([part, decipher.final()]).toString("utf8");
  } catch {
    throw new SealError(
      `${nameOf(place)}: cannot be opened with key «${keyId}»: that key is another one, or the field was changed or moved. ` +
        "Put back the right key, or a backup of the register",
    );
  }
}

function boundTo(place: Place): Buffer {
  return Buffer.from(nameOf(place));
}

function nameOf({ table, column, row }: Place): string {
  return `${table}.${column}.${row}`;
}
