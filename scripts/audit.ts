/** `condivisa audit`: recomputes a settlement from the chain alone, and names what differs. */

import { readHistory } from "../chain/history.ts";
import { compareReadings, type ReadingDifference } from "../oracle/compareReadings.ts";
import { readReadings } from "../oracle/readingsFile.ts";
import { audit } from "../settlement/audit.ts";
import { formatHour } from "../settlement/hours.ts";
import { recompute } from "../settlement/recompute.ts";
import { type AuditReport, auditReport } from "./auditReport.ts";
import { withChainOf } from "./folderChain.ts";
import type { ShowProgress } from "./progress.ts";
import { readRegister, settledDeployment, settlementFolder } from "./settlementFolder.ts";

export type AuditOptions = {
  /** The folder that a settlement wrote. */
  readonly folder: string;
  /** A node to read the chain from, instead of the folder's own. */
  readonly rpc: string | undefined;
  /** The distributor's readings, to compare with what was recorded. */
  readonly readings: string | undefined;
};

export type AuditResult = AuditReport & {
  /** Undefined if no file of readings was given. */
  readonly readingDifferences: readonly ReadingDifference[] | undefined;
};

/** @throws InputError if the folder is no settlement's, or the file of readings is wrong */
export async function auditFolder(options: AuditOptions, show: ShowProgress): Promise<AuditResult> {
  const folder = settlementFolder(options.folder);
  const register = readRegister(folder);
  const at = settledDeployment(folder);
  const now = Math.floor(Date.now() / 1000);
  const meters = register.meters.map((meter) => ({ injection: undefined, withdrawal: undefined, ...meter }));
  const readings = options.readings === undefined ? undefined : readReadings(options.readings, meters, now);

  return withChainOf(folder, options.rpc, async (client) => {
    const history = await readHistory(client, at, show);
    const recomputed = recompute(history);
    const report = auditReport(history, await audit(history, recomputed), await client.getBlock());
    const readingDifferences = readings && compareReadings(recomputed.ledgers, meters, readings);
    return { ...report, ok: report.ok && !readingDifferences?.length, readingDifferences };
  });
}

/** A difference between the chain and the distributor's file as a sentence. */
export function readingDifferenceText({ meter, hour, direction, recorded, inFile }: ReadingDifference): string {
  const quantity = (wattHours: number | undefined) => (wattHours === undefined ? "missing" : `${wattHours} Wh`);
  return `meter ${meter}, ${direction} at ${formatHour(hour)}: ${quantity(recorded)} on the chain, ${quantity(inFile)} in the file`;
}
