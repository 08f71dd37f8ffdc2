/** The API's file: which chain, whose communities, where people reach it, and where its data lies. */

import { getAddress, isAddress } from "viem";
import { z } from "zod";
import { FINALITIES } from "../chain/blocks.ts";
import { readText } from "../oracle/textFile.ts";
import { parseYaml } from "../oracle/yamlFile.ts";

const text = z.string().min(1, "empty");
const port = z.int().min(0).max(65_535);
const address = z
  .string()
  .refine((value) => isAddress(value), "not an address: write it as 0x and 40 digits")
  .transform((value) => getAddress(value));

const apiShape = z.strictObject({
  chain: z.string().regex(/^(https?|wss?):\/\/[^/]+/, "not an endpoint: write it as http://127.0.0.1:8545 or wss://…"),
  factory: address.optional(),
  settlement: text.optional(),
  finality: z.enum(FINALITIES, `unknown finality: use one of ${FINALITIES.join(", ")}`).default("latest"),
  data: text,
  register_keys: text.optional(),
  rates: text.optional(),
  origin: z.url("not a site: write it as https://cer.example.org"),
  name: text.default("Condivisa"),
  communities: z.record(z.string().regex(/^\d+$/, "not a number of a community"), text).default({}),
  http: z
    .strictObject({
      host: text.default("127.0.0.1"),
      port: port.default(8080),
      proxies: z.int().min(0).max(10).default(0),
      requests_per_minute: z.int().min(1).max(1_000_000).default(600),
      origins: z.array(z.url("not a site")).default([]),
    })
    .default({ host: "127.0.0.1", port: 8080, proxies: 0, requests_per_minute: 600, origins: [] }),
  metrics: z.strictObject({ port }).default({ port: 9465 }),
});

export type ApiFile = z.infer<typeof apiShape>;

/** @throws InputError with everything that is wrong in it */
export function readApiFile(file: string): ApiFile {
  return parseYaml(readText(file), file, {
    shape: apiShape,
    crossChecks: ({ factory, settlement }) =>
      factory === undefined && settlement === undefined
        ? [[["factory"], "missing: Name the factory of the communities, or a `settlement` folder of one of them"]]
        : [],
    documentation: "docs/api.md",
    sample: "docs/api.md has one to start from",
  });
}
