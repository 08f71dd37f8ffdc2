/** `condivisa oracle-key`: the oracle's key of a settlement's folder, as an encrypted keystore for the oracle's machine. */

import { existsSync } from "node:fs";
import { writeKeystore } from "../oracle/signers.ts";
import { readText } from "../oracle/textFile.ts";
import { InputError } from "../settlement/inputProblem.ts";
import { readKeyring } from "./keyring.ts";
import { openSettlement, writeWhole } from "./settlementFolder.ts";

/** @throws InputError if the folder is no settlement's, or the file is there already */
export async function exportOracleKey(dir: string, out: string, passphraseFile: string): Promise<string> {
  const { folder } = openSettlement(dir);
  if (existsSync(out)) {
    throw new InputError([
      { file: out, problem: "is there already", remedy: "Name a new file; keys are not overwritten" },
    ]);
  }
  const passphrase = readText(passphraseFile).replace(/\r?\n$/, "");
  if (passphrase === "") {
    throw new InputError([
      { file: passphraseFile, problem: "empty", remedy: "Write the passphrase into its first line" },
    ]);
  }
  writeWhole(out, await writeKeystore(readKeyring(folder.keys).oracle, passphrase), 0o600);
  return `The oracle's key is in ${out}, encrypted.`;
}
