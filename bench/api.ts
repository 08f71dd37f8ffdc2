/** `bench api`: how fast statements are read and how fast the index catches up, each against what bounds it. */

import type { ShowProgress } from "../scripts/progress.ts";
import { type ApiReads, benchApiReads, renderApiReads } from "./apiReads.ts";
import { benchCatchUp, type CatchUpBench, renderCatchUp } from "./catchUp.ts";

const CHANNELS = 20;
const MONTHS = 12;
/** Three runs a year. */
const MONTHS_OF_RUN = 4;

export type ApiBench = { readonly reads: ApiReads; readonly catchUp: CatchUpBench };

/** @param communities on the chain that is caught up with */
export async function benchApi(communities: number, show: ShowProgress): Promise<ApiBench> {
  const reads = await benchApiReads(show);
  const years = { communities, members: CHANNELS, months: MONTHS, monthsOfRun: MONTHS_OF_RUN };
  return { reads, catchUp: await benchCatchUp(years, show) };
}

export function renderApiBench({ reads, catchUp }: ApiBench): string {
  return `${renderApiReads(reads)}\n\n${renderCatchUp(catchUp)}`;
}
