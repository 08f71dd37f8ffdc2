/** Writes chain/abi.ts from the compiled contracts: ABIs as literals, so that every call and event is typed. */

import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const CONTRACTS = [
  "CommunityFactory",
  "CommunityRoles",
  "Community",
  "RuleBook",
  "EnergyLedger",
  "Treasury",
  "CreditToken",
] as const;

const entry = z.looseObject({ type: z.string(), name: z.string().optional() });
const artifact = z.object({ abi: z.array(entry) });

/** The text of chain/abi.ts for the artifacts below `root`. */
export function abiModule(root: string): string {
  const parts = ["/** Written by scripts/writeAbi.ts from the compiled contracts; not by hand. */\n"];
  const errors = new Map<string, z.infer<typeof entry>>();
  for (const name of CONTRACTS) {
    const file = `${root}/artifacts/contracts/${name}.sol/${name}.json`;
    const { abi } = artifact.parse(JSON.parse(readFileSync(file, "utf8")));
    for (const item of abi) if (item.type === "error") errors.set(JSON.stringify(item), item);
    const variable = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`;
    parts.push(`export const ${variable} = ${JSON.stringify(abi, null, 1)} as const;\n`);
  }
  parts.push("/** The errors of all contracts, to decode any revert. */");
  parts.push(`export const everyError = ${JSON.stringify([...errors.values()], null, 1)} as const;\n`);
  return parts.join("\n");
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  writeFileSync(`${root}/chain/abi.ts`, abiModule(root));
}
