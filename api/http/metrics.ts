/** What is measured of requests, for Prometheus. */

import { Histogram, Registry } from "prom-client";

export type HttpMetrics = {
  readonly registry: Registry;
  readonly seconds: Histogram<"route" | "method" | "status">;
};

export function makeHttpMetrics(): HttpMetrics {
  const registry = new Registry();
  return {
    registry,
    seconds: new Histogram({
      name: "condivisa_api_request_seconds",
      help: "Time to answer a request",
      labelNames: ["route", "method", "status"],
      buckets: [0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3],
      registers: [registry],
    }),
  };
}
