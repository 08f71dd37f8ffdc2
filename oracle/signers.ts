/** Who signs batches: a key in an encrypted file, or a signer elsewhere that never gives its key away. */

import { existsSync } from "node:fs";
import { Keystore } from "ox";
import { type Address, BaseError, createWalletClient, getAddress, type Hex, http, isHex } from "viem";
import { privateKeyToAccount } from "viem/accounts";
import { z } from "zod";
import { InputError } from "../settlement/inputProblem.ts";
import { type BatchSigner, localSigner } from "./record.ts";
import { readText } from "./textFile.ts";

/** Where the passphrase stands if no file names it. */
export const PASSPHRASE_VARIABLE = "CONDIVISA_ORACLE_PASSPHRASE";

const hexDigits = z.string().regex(/^[0-9a-fA-F]+$/);
const keystoreParts = z.object({
  version: z.literal(3),
  crypto: z.object({
    cipher: z.literal("aes-128-ctr"),
    ciphertext: hexDigits,
    cipherparams: z.object({ iv: hexDigits }),
    kdf: z.enum(["scrypt", "pbkdf2"]),
    kdfparams: z.object({ salt: hexDigits, dklen: z.literal(32) }),
    mac: hexDigits,
  }),
});
const keystoreShape = z.custom<Keystore.Keystore>((value) => keystoreParts.safeParse(value).success);

/** The key of an encrypted file, with the passphrase from a file or from the environment. Throws InputError. */
export async function keystoreSigner(file: string, passphraseFile: string | undefined): Promise<BatchSigner> {
  return localSigner(privateKeyToAccount(await readKeystore(file, passphraseOf(file, passphraseFile))));
}

export async function readKeystore(file: string, passphrase: string): Promise<Hex> {
  const keystore = keystoreShape.safeParse(jsonOf(file));
  if (!keystore.success) {
    const remedy = "Name a keystore of version 3, as `./condivisa oracle-key` writes it";
    throw new InputError([{ file, problem: "not a keystore", remedy }]);
  }
  try {
    const key = await Keystore.toKeyAsync(keystore.data, { password: passphrase });
    const secret = await Keystore.decrypt(keystore.data, key);
    if (isHex(secret)) return secret;
  } catch (error) {
    if (error instanceof InputError) throw error;
  }
  throw new InputError([{ file, problem: "the passphrase does not open it", remedy: "Mend the passphrase" }]);
}

/** What OWASP asks of PBKDF2 with SHA-256; the library's scrypt has a block size that some wallets refuse. */
const ITERATIONS = 600_000;

/** Encrypts a key with PBKDF2, as wallets and signers read it. */
export async function writeKeystore(privateKey: Hex, passphrase: string): Promise<string> {
  const [key, options] = await Keystore.pbkdf2Async({ password: passphrase, iterations: ITERATIONS });
  return JSON.stringify(await Keystore.encrypt(privateKey, key, options), null, 2);
}

/** Nothing is signed: the signer does not answer, refuses, or signs with another key. The same may succeed later. */
export class SignerError extends Error {
  override name = "SignerError";
}

/** Asks a signer by JSON-RPC (`eth_signTypedData_v4`), as Web3Signer and Clef offer it. It throws SignerError. */
export function remoteSigner(url: string, address: Address): BatchSigner {
  const wallet = createWalletClient({ account: address, transport: http(url, { retryCount: 0 }) });
  return {
    address: getAddress(address),
    async sign(batch) {
      try {
        return await wallet.signTypedData(batch);
      } catch (error) {
        const reason = error instanceof BaseError ? error.shortMessage : String(error);
        throw new SignerError(`the signer at ${url} does not sign: ${reason}`, { cause: error });
      }
    },
  };
}

function passphraseOf(file: string, passphraseFile: string | undefined): string {
  const passphrase =
    passphraseFile === undefined ? process.env[PASSPHRASE_VARIABLE] : readText(passphraseFile).replace(/\r?\n$/, "");
  if (passphrase !== undefined && passphrase !== "") return passphrase;
  const remedy = `Name a file in \`passphrase_file\`, or set ${PASSPHRASE_VARIABLE}`;
  throw new InputError([{ file: passphraseFile ?? file, problem: "no passphrase", remedy }]);
}

function jsonOf(file: string): unknown {
  if (!existsSync(file)) {
    throw new InputError([{ file, problem: "no such file", remedy: "Make one with `./condivisa oracle-key`" }]);
  }
  try {
    return JSON.parse(readText(file));
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
