/** What the API is measured by: how fast its index catches up with a chain. */

import type { ShowProgress } from "../scripts/progress.ts";
import { benchCatchUp, type CatchUpBench, renderCatchUp } from "./catchUp.ts";

const MEMBERS = 20;
const MONTHS = 12;
/** Three runs a year. */
const MONTHS_OF_RUN = 4;

export type ApiBench = { readonly catchUp: CatchUpBench };

/** @param communities on the chain that is caught up with */
export async function benchApi(communities: number, show: ShowProgress): Promise<ApiBench> {
  const years = { communities, members: MEMBERS, months: MONTHS, monthsOfRun: MONTHS_OF_RUN };
  return { catchUp: await benchCatchUp(years, show) };
}

export function renderApiBench({ catchUp }: ApiBench): string {
  return renderCatchUp(catchUp);
}
