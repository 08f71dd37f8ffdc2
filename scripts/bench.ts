/** `./condivisa bench`: measures, and says what came out. */

import { ensureCompiled } from "./compile.ts";
import type { ShowProgress } from "./progress.ts";
import { toJson } from "./table.ts";

export const BENCHES = ["api", "gas", "oracle", "shapley"] as const;

export type BenchOptions = {
  readonly messages: number;
  readonly seconds: number;
  readonly communities: number;
  readonly json: boolean;
};

/** Only what is asked for is loaded. @returns the figures as a table, or as JSON */
export async function bench(
  what: (typeof BENCHES)[number],
  { messages, seconds, communities, json }: BenchOptions,
  show: ShowProgress,
): Promise<string> {
  const told = <T>(result: T, render: (result: T) => string) => (json ? toJson(result) : render(result));
  if (what !== "shapley") ensureCompiled();
  switch (what) {
    case "api": {
      const { benchApi, renderApiBench } = await import("../bench/api.ts");
      return told(await benchApi(communities, show), renderApiBench);
    }
    case "gas": {
      const { benchGas, renderGasReport } = await import("../bench/gas.ts");
      return told(await benchGas({ show }), renderGasReport);
    }
    case "oracle": {
      const { benchOracle, renderOracleBench } = await import("../bench/oracle.ts");
      return told(await benchOracle(messages, seconds, show), renderOracleBench);
    }
    case "shapley": {
      const { benchShapley, renderShapleyCosts } = await import("../bench/shapley.ts");
      return told(benchShapley(show), renderShapleyCosts);
    }
  }
}
