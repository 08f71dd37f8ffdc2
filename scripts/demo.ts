/** `condivisa demo`: the example community, settled end to end before your eyes. */

import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const EXAMPLE = "examples/magliano";

/** Runs the commands that a treasurer and an auditor would type. Returns the exit code. */
export function demo(): number {
  const root = join(import.meta.dirname, "..");
  const out = join(mkdtempSync(join(tmpdir(), "condivisa-demo-")), "magliano");
  const steps = [
    [
      "1. The treasurer settles two months of readings of a synthetic community",
      ["settle", "--community", `${EXAMPLE}/community.yaml`, "--readings", `${EXAMPLE}/readings.csv`].concat([
        "--receipts",
        `${EXAMPLE}/receipts.csv`,
        "--prices",
        `${EXAMPLE}/prices.csv`,
        "--out",
        out,
      ]),
    ],
    [
      "2. An auditor recomputes everything from the chain alone, and compares with the distributor's file",
      ["audit", out, "--readings", `${EXAMPLE}/readings.csv`],
    ],
  ] as const;
  for (const [title, args] of steps) {
    console.log(`\n━━ ${title}\n$ ./condivisa ${args.join(" ")}\n`);
    const step = spawnSync(process.execPath, [...process.execArgv, join(root, "scripts/cli.ts"), ...args], {
      cwd: root,
      stdio: "inherit",
    });
    if (step.status !== 0) return step.status ?? 1;
  }
  const statement = join(out, "statements", "famiglia-bianchi.txt");
  console.log(`\n━━ 3. What one household sees\n$ cat ${statement}\n`);
  console.log(readFileSync(statement, "utf8"));
  console.log(`All of it is in ${out}: the chain's journal, statements (JSON and text) and audit.json.`);
  return 0;
}
