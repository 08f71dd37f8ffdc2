/** Writes chain/abi.ts from the compiled contracts: ABIs as literals, so that every call and event is typed. */

import { readFileSync, writeFileSync } from "node:fs";
import { z } from "zod";

const CONTRACTS = [
  "CommunityFactory",
  "CommunityRoles",
  "Community",
  "RuleBook",
  "ReceiptBook",
  "EnergyLedger",
  "Treasury",
  "CreditToken",
  "Redemptions",
] as const;

const artifact = z.object({ abi: z.array(z.looseObject({ type: z.string() })) });

/** The text of chain/abi.ts for the artifacts below `root`: an entry a line, without the compiler's internal types. */
export function abiModule(root: string): string {
  const parts = CONTRACTS.map((name) => {
    const file = `${root}/artifacts/contracts/${name}.sol/${name}.json`;
    const { abi } = artifact.parse(JSON.parse(readFileSync(file, "utf8")));
    const entries = abi.map((entry) =>
      JSON.stringify(entry, (key, value: unknown) => (key === "internalType" ? undefined : value)),
    );
    const variable = `${name.charAt(0).toLowerCase()}${name.slice(1)}Abi`;
    return `export const ${variable} = [\n  ${entries.join(",\n  ")},\n] as const;\n`;
  });
  return `/** Written by scripts/writeAbi.ts from the compiled contracts; not by hand. */\n\n${parts.join("\n")}`;
}

if (import.meta.main) {
  const root = `${import.meta.dirname}/..`;
  writeFileSync(`${root}/chain/abi.ts`, abiModule(root));
}
