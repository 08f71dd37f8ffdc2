/** Secrets that are shown once: 256 random bits, of which only the hash is kept. */

import { hash, randomBytes } from "node:crypto";

const TOKEN_BYTES = 32;

export function newToken(): string {
  return randomBytes(TOKEN_BYTES).toString("base64url");
}

/**
 * By which a secret is found again. A look-up by the hash tells by its time no more than bytes of the hash, from which nobody comes to
 * the secret.
 */
export function hashOf(token: string): Buffer {
  return hash("sha256", token, "buffer");
}
