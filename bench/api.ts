/** `condivisa bench api`: what the API can do, measured against what bounds it. */

import type { ShowProgress } from "../scripts/progress.ts";
import { type ApiReads, benchApiReads, renderApiReads } from "./apiReads.ts";

export type ApiBench = { readonly reads: ApiReads };

export async function benchApi(show: ShowProgress): Promise<ApiBench> {
  return { reads: await benchApiReads(show) };
}

export function renderApiBench({ reads }: ApiBench): string {
  return renderApiReads(reads);
}
