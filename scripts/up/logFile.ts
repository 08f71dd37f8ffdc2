/** What a part prints, kept in a file that does not grow for ever. */

import { closeSync, fstatSync, openSync, renameSync, writeSync } from "node:fs";

/** The file, and as much again of what was before. */
const MOST_BYTES = 5_000_000;

export type LogFile = { readonly path: string; write(text: Uint8Array): void; close(): void };

/** Goes on at the end of the file. A full one is renamed to end in `.1`, in the place of the one before. */
export function openLog(path: string, mostBytes = MOST_BYTES): LogFile {
  let handle = openSync(path, "a", 0o600);
  let size = fstatSync(handle).size;
  return {
    path,
    write(text) {
      if (size > 0 && size + text.length > mostBytes) {
        closeSync(handle);
        renameSync(path, `${path}.1`);
        handle = openSync(path, "a", 0o600);
        size = 0;
      }
      writeSync(handle, text);
      size += text.length;
    },
    close: () => closeSync(handle),
  };
}
