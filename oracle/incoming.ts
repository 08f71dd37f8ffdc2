/** Folders into which people and programs put files: each is imported, and moved to `done` or, with the reason, to `refused`. */

import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InputError } from "../settlement/inputProblem.ts";
import { type Imported, type ImportOptions, importFile } from "./importFile.ts";
import type { Inbox } from "./inbox.ts";

export type IncomingFolder = { readonly folder: string; readonly options: ImportOptions };

export type Taken =
  | { readonly file: string; readonly imported: Imported }
  | { readonly file: string; readonly problem: string };

/** A file that was written to so lately may not be whole. */
const SETTLED_SECONDS = 5;

/**
 * Takes the files that are there. A file is moved after it was imported: stopped in between, it is imported once more, which
 * changes nothing.
 * @param now seconds since the Unix epoch
 * @throws what the file system or the inbox throws: what was not moved is taken the next time
 */
export function takeIncoming(inbox: Inbox, { folder, options }: IncomingFolder, now: number): Taken[] {
  for (const name of ["done", "refused"]) mkdirSync(join(folder, name), { recursive: true });
  return readdirSync(folder)
    .toSorted()
    .filter((name) => !name.startsWith(".") && !name.endsWith(".tmp"))
    .flatMap((name): Taken[] => {
      const file = join(folder, name);
      const status = statSync(file);
      if (!status.isFile() || now - status.mtimeMs / 1000 < SETTLED_SECONDS) return [];
      try {
        const imported = importFile(inbox, readFileSync(file), file, options, now);
        renameSync(file, join(folder, "done", name));
        return [{ file, imported }];
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        writeFileSync(join(folder, "refused", `${name}.reason.txt`), `${error.message}\n`);
        renameSync(file, join(folder, "refused", name));
        return [{ file, problem: error.message.split("\n")[0] ?? "" }];
      }
    });
}
