/** Secrets of the oracle's own: that from which the salts of batches come, and the key of the account that sends them. */

import { existsSync } from "node:fs";
import { type Hex, isHex } from "viem";
import { generatePrivateKey } from "viem/accounts";
import { readText } from "../oracle/textFile.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { writeWhole } from "./settlementFolder.ts";

/** Reads the secret of a file; if there is none, makes a new one and writes it for the owner's eyes only. */
export function readOrMakeSecret(file: string): Hex {
  if (!existsSync(file)) writeWhole(file, generatePrivateKey(), 0o600);
  const text = readText(file).trim();
  if (isHex(text) && text.length === 66) return text;
  throw new InputError([{ file, problem: "damaged", remedy: "Put it back, or remove it: a new one is made" }]);
}
