/** The keys with which a settlement on one machine acts, one a role. */

import { existsSync, readFileSync } from "node:fs";
import { type Hex, isHex } from "viem";
import { generatePrivateKey, privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { type ChainClient, Sender } from "../chain/send.ts";
import { writeWhole } from "./settlementFolder.ts";

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

export type Keyring = z.infer<typeof keyringShape>;
export type Officers = Readonly<Record<keyof Keyring, Sender>>;

export class KeyringError extends Error {
  override name = "KeyringError";
}

/** Reads the keys of a file. Throws KeyringError if there is none, or if it is damaged. */
export function readKeyring(file: string): Keyring {
  if (!existsSync(file)) throw new KeyringError(`${file}: no such file; put it back, for only its keys can go on here`);
  try {
    return keyringShape.parse(JSON.parse(readFileSync(file, "utf8")));
  } catch (error) {
    throw new KeyringError(`${file}: not a file of keys; put it back, or settle into a new folder`, { cause: error });
  }
}

/** Reads the keys of a file; if there is none, makes new ones and writes them for the owner's eyes only. */
export function readOrMakeKeyring(file: string): Keyring {
  if (existsSync(file)) return readKeyring(file);
  const keyring = {
    creator: generatePrivateKey(),
    council: generatePrivateKey(),
    secretary: generatePrivateKey(),
    treasurer: generatePrivateKey(),
    president: generatePrivateKey(),
    auditor: generatePrivateKey(),
    oracle: generatePrivateKey(),
  };
  writeWhole(file, JSON.stringify(keyring, null, 2), 0o600);
  return keyring;
}

/** The persons behind the keys, on one chain. */
export function officersOf(keyring: Keyring, client: ChainClient): Officers {
  const sender = (role: keyof Keyring) => new Sender(client, privateKeyToAccount(keyring[role]));
  return {
    creator: sender("creator"),
    council: sender("council"),
    secretary: sender("secretary"),
    treasurer: sender("treasurer"),
    president: sender("president"),
    auditor: sender("auditor"),
    oracle: sender("oracle"),
  };
}
