/** What the compiler made of the contracts: creation code to deploy, and code to compare with what is on a chain. */

import { readFileSync } from "node:fs";
import { type Hex, isHex } from "viem";
import { z } from "zod";

export type ContractName =
  | "CommunityRoles"
  | "Community"
  | "RuleBook"
  | "ReceiptBook"
  | "Treasury"
  | "EnergyLedger"
  | "RosterRules"
  | "CreditToken"
  | "Redemptions"
  | "CommunityFactory";

const hex = z.custom<Hex>((value) => isHex(value), "not hexadecimal");

const artifactShape = z.object({
  bytecode: hex,
  deployedBytecode: hex,
  immutableReferences: z.record(z.string(), z.array(z.object({ start: z.number(), length: z.number() }))).default({}),
});

export type Artifact = z.infer<typeof artifactShape>;

/** Reads the artifact of a contract; the contracts must have been compiled. */
export function artifactOf(name: ContractName): Artifact {
  const file = `${import.meta.dirname}/../artifacts/contracts/${name}.sol/${name}.json`;
  return artifactShape.parse(JSON.parse(readFileSync(file, "utf8")));
}

/** Deployed code with its immutables zeroed: equal for all deployments of one contract. */
export function withoutImmutables(code: Hex, artifact: Artifact): Hex {
  const holes = Object.values(artifact.immutableReferences)
    .flat()
    .toSorted((a, b) => a.start - b.start);
  let rest = 2;
  let digits = "";
  for (const { start, length } of holes) {
    digits += code.slice(rest, 2 + start * 2) + "0".repeat(length * 2);
    rest = 2 + (start + length) * 2;
  }
  return `0x${digits}${code.slice(rest)}`;
}
