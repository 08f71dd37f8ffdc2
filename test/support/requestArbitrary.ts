/** Requests of all kinds, right and wrong, made from the OpenAPI file. */

import { gzipSync } from "node:zlib";
import fc from "fast-check";
import type { Asking } from "./apiCallers.ts";
import type { Ask } from "./httpAsk.ts";
import type { Operation, PathValues } from "./openApiRequests.ts";
import { oddText, oddValue, schemaValue, spoiled } from "./schemaArbitrary.ts";
import { expectedStatus } from "./whoMayCall.ts";

export type FuzzRequest = { readonly operation: Operation; readonly caller: string; readonly ask: Ask };

/** Methods in the place of the one that an address takes. */
const OTHER_METHODS = ["HEAD", "OPTIONS", "PATCH", "PUT", "POST", "DELETE", "GET"];
const MOST_BODY = 70_000;

/** @param known values of parameters in paths that lead somewhere */
export function requests(
  document: unknown,
  operations: readonly Operation[],
  callers: readonly Asking[],
  known: readonly PathValues[],
): fc.Arbitrary<FuzzRequest> {
  const byOperation = operations.map((operation) => {
    const all = callers.flatMap((caller) => known.map((values) => ({ caller, values })));
    const allowed = all.filter(({ caller, values }) => expectedStatus(operation, values, caller) < 401);
    const who = fc.oneof(fc.constantFrom(...all), fc.constantFrom(...allowed));
    const others = {
      method: mostly(fc.constant(operation.method), fc.constantFrom(...OTHER_METHODS), 12),
      query: queryOf(document, operation),
      headers: headers(),
      body: bodyOf(document, operation),
    };
    return who.chain(({ caller, values }) =>
      fc
        .record({ ...others, path: pathOf(operation, values) })
        .map(({ method, path, query, headers: more, body }): FuzzRequest => {
          const given = { ...more, ...body.headers, ...caller.headers };
          const ask = { method, path: `${path}${query}`, headers: given };
          return {
            operation,
            caller: caller.name,
            ask: body.content === undefined ? ask : { ...ask, body: body.content },
          };
        }),
    );
  });
  return fc.oneof(...byOperation);
}

/** One of `rarely` in so many. */
function mostly<T>(usual: fc.Arbitrary<T>, rarely: fc.Arbitrary<T>, oneIn: number): fc.Arbitrary<T> {
  return fc.oneof({ arbitrary: usual, weight: oneIn - 1 }, { arbitrary: rarely, weight: 1 });
}

function pathOf({ path }: Operation, values: PathValues): fc.Arbitrary<string> {
  const names = [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  const small = fc.integer({ min: 0, max: 9 }).map(String);
  const odd = fc.oneof(
    oddText.map((text) => encoded(text) || "%20"),
    fc.constantFrom("%", "%zz", "%ff", "a%2fb", ";", "1;2", "1%00"),
  );
  const texts = names.map((name) => mostly(fc.constant(String(values[name] ?? "")), fc.oneof(small, odd), 10));
  return fc
    .tuple(...texts)
    .map((given) => given.reduce((filled, text, i) => filled.replace(`{${names[i]}}`, () => text), path));
}

/** As it may stand in an address; what cannot be encoded stands there as it is. */
function encoded(text: string): string {
  return encodeURIComponent(text.toWellFormed());
}

function queryOf(document: unknown, { parameters }: Operation): fc.Arbitrary<string> {
  const pairs = parameters
    .filter((parameter) => parameter.in === "query")
    .map(({ name, required = false, schema }) => {
      const value = mostly(likely(name, schema.pattern) ?? schemaValue(document, schema), oddText, 8);
      const pair = value.map((given) => `${name}=${encoded(String(given))}`);
      const twice = fc.tuple(pair, pair).map((both) => both.join("&"));
      const there = mostly<string>(pair, twice, 20);
      return mostly<string>(required ? there : fc.oneof(there, fc.constant("")), fc.constant(""), 15);
    });
  const extra = fc.oneof(
    fc.tuple(oddText, oddText).map(([name, value]) => `${encoded(name)}=${encoded(value)}`),
    fc.constantFrom("&&", "=", "?", "%", "%ff=%ff", "__proto__=1", "from[]=1", "from[a]=1", "a=".repeat(1500)),
  );
  return fc.tuple(...pairs, mostly(fc.constant(""), extra, 10)).map((texts) => {
    const query = texts.filter((text) => text !== "").join("&");
    return query === "" ? "" : `?${query}`;
  });
}

/** Moments at which something happened in the communities of the tests. */
function likely(name: string, pattern: string | undefined): fc.Arbitrary<string> | undefined {
  if (pattern?.startsWith("^\\d{4}-\\d{2}$") === true)
    return fc.constantFrom("2026-02", "2026-03", "2026-04", "2026-05");
  if (pattern?.includes("00:00Z") === true) {
    const day =
      name === "from" ? ["2026-03-01", "2026-03-30", "2026-03-31"] : ["2026-03-31", "2026-04-01", "2026-04-20"];
    return fc.tuple(fc.constantFrom(...day), fc.integer({ min: 0, max: 23 })).map(([date, hour]) => {
      return `${date}T${String(hour).padStart(2, "0")}:00:00Z`;
    });
  }
  return undefined;
}

function headers(): fc.Arbitrary<Record<string, string>> {
  const value = fc.oneof(
    fc.string({ unit: fc.constantFrom(..." !\"#$%&'()*+,-./09:;<=>?@AZ[\\]^_`az{|}~éÿ"), maxLength: 60 }),
    fc.constantFrom("*", '"1"', 'W/"18000001"', "0", "1", "-1", "18000000", "99999999999999999999"),
  );
  const rarely = ["If-None-Match", "If-Match", "If-Modified-Since", "Range", "Last-Event-ID", "Accept", "X-Request-Id"];
  const others = ["Origin", "Sec-Fetch-Site", "Cookie", "Authorization", "Accept-Encoding", "Content-Encoding"];
  const some = fc.uniqueArray(fc.tuple(fc.constantFrom(...rarely, ...others), value), {
    maxLength: 2,
    selector: ([name]) => name,
  });
  const address = mostly(fc.ipV4(), fc.oneof(fc.ipV6(), value), 10);
  return fc.tuple(mostly(fc.constant<[string, string][]>([]), some, 3), address).map(([pairs, ip]) => {
    return { ...Object.fromEntries(pairs.map(([name, text]) => [name, text.trim()])), "X-Forwarded-For": ip.trim() };
  });
}

type Body = { readonly content: string | Uint8Array | undefined; readonly headers: Record<string, string> };

function bodyOf(document: unknown, { requestBody }: Operation): fc.Arbitrary<Body> {
  const schema = requestBody?.content["application/json"]?.schema;
  const JSON_TYPE = { "Content-Type": "application/json" };
  const none = fc.constant<Body>({ content: undefined, headers: {} });
  const asJson = (value: fc.Arbitrary<unknown>) =>
    value.map((given): Body => ({ content: JSON.stringify(given) ?? "", headers: JSON_TYPE }));
  const raw = fc
    .tuple(
      fc.oneof(oddText, fc.json(), fc.constantFrom("{", '{"a":1', "[".repeat(20_000), "x".repeat(MOST_BODY))),
      types(),
    )
    .map(([content, type]): Body => ({ content, headers: type === "" ? {} : { "Content-Type": type } }));
  const packed = asJson(oddValue).map(({ content, headers: given }): Body => {
    const bytes = gzipSync(content ?? "");
    return { content: bytes, headers: { ...given, "Content-Encoding": "gzip" } };
  });
  const damaged = packed.map(
    ({ content, headers: given }): Body => ({ content: content?.slice(0, 12), headers: given }),
  );
  const odd = fc.oneof(asJson(oddValue), raw, packed, damaged);
  if (schema === undefined) return mostly(none, odd, 15);
  const good = schemaValue(document, schema);
  return fc.oneof({ arbitrary: asJson(good), weight: 6 }, { arbitrary: asJson(spoiled(good)), weight: 4 }, odd, none);
}

function types(): fc.Arbitrary<string> {
  return fc.constantFrom(
    ...["", "application/json", "application/json; charset=utf-16", "application/json; charset=nonsense", "text/plain"],
    ...[
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "application/problem+json",
      "json",
      "*/*",
    ],
  );
}
