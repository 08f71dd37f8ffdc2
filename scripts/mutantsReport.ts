/** `condivisa mutants`: what the mutants came to, in words. */

import { contractMutants } from "./contractMutants.ts";
import type { progressDisplay } from "./progress.ts";
import { LEAST_FOUND, settlementMutants } from "./settlementMutants.ts";
import { table } from "./table.ts";

/** Returns the exit code: 1 if the tests find too few. */
export async function settlementMutantsReport(files: readonly string[]): Promise<number> {
  const scores = await settlementMutants(files);
  const all = scores.reduce((total, score) => total + score.all, 0);
  const found = scores.reduce((total, score) => total + score.found, 0);
  const percent = (part: number, whole: number) => (whole === 0 ? "–" : ((100 * part) / whole).toFixed(1));
  console.log(
    table(
      ["File", " Mutants", " Found", " %"],
      [...scores, { file: "settlement/", all, found }].map((score) => [
        score.file,
        String(score.all),
        String(score.found),
        percent(score.found, score.all),
      ]),
    ),
  );
  const enough = 100 * found >= LEAST_FOUND * all;
  console.log(`${found} of ${all} mutants found: ${percent(found, all)}%, ${LEAST_FOUND}% needed`);
  return enough ? 0 : 1;
}

/** Returns the exit code: 1 if a mutant survives, or is none. */
export function contractMutantsReport(only: string, progress: ReturnType<typeof progressDisplay>): number {
  const results = contractMutants(only, progress.show);
  progress.stop();
  const failed = results.filter(({ outcome }) => outcome !== "killed");
  for (const { file, name, outcome } of failed) console.log(`${outcome}: ${file}: ${name}`);
  console.log(`${results.length - failed.length} of ${results.length} mutants found`);
  return failed.length === 0 && results.length > 0 ? 0 : 1;
}
