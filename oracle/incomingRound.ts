/** Watched folders, looked at once: files into the inbox, and what is wrong with them to whoever has to know. */

import type { Logger } from "pino";
import type { Alarms, AlarmText } from "./alarms.ts";
import type { Inbox } from "./inbox.ts";
import { type IncomingFolder, type Taken, takeIncoming } from "./incoming.ts";
import { remedyOf } from "./problems.ts";

type Incoming = { readonly incoming: readonly IncomingFolder[]; readonly inbox: Inbox; readonly log: Logger };

/** @param now seconds since the Unix epoch */
export function incomingRound({ incoming, inbox, log }: Incoming, alarms: Alarms, now: number): void {
  const unreadable: AlarmText[] = [];
  for (const folder of incoming) {
    try {
      for (const taken of takeIncoming(inbox, folder, now)) {
        if ("imported" in taken) log.info(taken, "file imported");
        else alarms.raise(refusedFile(folder.folder, taken));
      }
    } catch (error) {
      const text = `${folder.folder}: ${error instanceof Error ? error.message : String(error)}`;
      const remedy = hasCode(error) ? "Let the oracle's user read, write and move files there" : remedyOf(error);
      unreadable.push({ kind: "folder-unreadable", subject: folder.folder, text, remedy });
    }
  }
  alarms.replace(["folder-unreadable"], unreadable);
}

function refusedFile(subject: string, { file, problem }: Taken & { problem: string }): AlarmText {
  const remedy = "Mend the file, see refused/, and put it there again";
  return { kind: "file-refused", subject, text: `${file} is refused: ${problem}`, remedy };
}

/** Whether the file system said it. */
function hasCode(error: unknown): boolean {
  return error instanceof Error && "syscall" in error;
}
