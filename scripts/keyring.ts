/** The keys with which a settlement on one machine acts, one a role. */

import { chmodSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { type Hex, isHex } from "viem";
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";

export const KEYRING_ROLES = [
  "creator",
  "council",
  "secretary",
  "treasurer",
  "president",
  "auditor",
  "oracle",
] as const;
export type KeyringRole = (typeof KEYRING_ROLES)[number];

export type Keyring = Readonly<Record<KeyringRole, Hex>>;

const key = z.custom<Hex>((value) => isHex(value) && value.length === 66, "not a private key");
const keyringShape = z.strictObject({
  creator: key,
  council: key,
  secretary: key,
  treasurer: key,
  president: key,
  auditor: key,
  oracle: key,
});

export class KeyringError extends Error {
  override name = "KeyringError";
}

/** Reads the keys from the first of the files that exists, else makes new ones. */
export function loadKeyring(files: readonly string[]): Keyring {
  const file = files.find((candidate) => existsSync(candidate));
  if (file === undefined) {
    const fresh = () => generatePrivateKey();
    return {
      creator: fresh(),
      council: fresh(),
      secretary: fresh(),
      treasurer: fresh(),
      president: fresh(),
      auditor: fresh(),
      oracle: fresh(),
    };
  }
  try {
    return keyringShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new KeyringError(`${file}: not a file of keys; move it away to begin with new ones`, { cause: error });
  }
}

/** Writes the keys for the owner's eyes only. */
export function saveKeyring(file: string, keyring: Keyring): void {
  writeFileSync(file, `${JSON.stringify(keyring, null, 2)}\n`, { mode: 0o600 });
  chmodSync(file, 0o600);
}

export function accountOf(keyring: Keyring, role: KeyringRole): PrivateKeyAccount {
  return privateKeyToAccount(keyring[role]);
}
