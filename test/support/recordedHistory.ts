/** Histories read from a chain, written down as modules, so that what is worked out from them is tested without a chain. */

import { numberToHex } from "viem";
import type { History } from "../../settlement/history.ts";

const LINE = 120;

/** The text of test/settlement/histories/NAME.ts. Transactions are numbered: their hashes change with every fee. */
export function historyModule(name: string, history: History): string {
  const head = "/** What a chain says of a community; written by test/recordedHistories.test.ts, not by hand. */";
  const imports = 'import type { History } from "../../../settlement/history.ts";';
  const recorded = `const recorded = ${literal(numbered(history), "")} as const;`;
  return `${head}\n\n${imports}\n\n${recorded}\n\nexport const ${name}: History = recorded;\n`;
}

function numbered(history: History): unknown {
  const transactions = new Map<unknown, string>();
  const visit = (value: unknown): unknown => {
    if (value instanceof Map) return new Map([...value].map(([key, item]) => [key, visit(item)]));
    if (Array.isArray(value)) return value.map(visit);
    if (typeof value !== "object" || value === null) return value;
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => {
        if (key !== "transaction") return [key, visit(item)];
        const number = transactions.get(item) ?? numberToHex(transactions.size + 1, { size: 32 });
        transactions.set(item, number);
        return [key, number];
      }),
    );
  };
  return visit(history);
}

/** The value in TypeScript, broken into lines where it is longer than one. */
function literal(value: unknown, indent: string): string {
  if (typeof value === "bigint") return `${value}n`;
  if (value === undefined) return "undefined";
  if (value instanceof Map) return value.size === 0 ? "new Map()" : `new Map(${literal([...value], indent)})`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const deeper = `${indent}  `;
  const parts = Array.isArray(value)
    ? value.map((item) => literal(item, deeper))
    : Object.entries(value).map(([key, item]) => `${key}: ${literal(item, deeper)}`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  const line = `${open} ${parts.join(", ")} ${close}`;
  if (indent.length + line.length < LINE && !line.includes("\n")) return line;
  return `${open}\n${parts.map((part) => `${deeper}${part},\n`).join("")}${indent}${close}`;
}
