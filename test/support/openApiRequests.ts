/** Requests made from the OpenAPI file: an address for every operation, whatever routes there are. */

import assert from "node:assert/strict";
import { z } from "zod";

const schemaShape = z.looseObject({ pattern: z.string().optional(), type: z.string().optional() });
const parameterShape = z.object({
  in: z.enum(["path", "query"]),
  name: z.string(),
  required: z.boolean().optional(),
  schema: schemaShape,
});
const accessShape = z.union([
  z.enum(["public", "signed-in", "session", "person"]),
  z.strictObject({
    member: z.enum(["own", "community", "never"]),
    officers: z.array(z.string()),
    scopes: z.array(z.string()),
  }),
]);
const contentShape = z.record(z.string(), z.looseObject({ schema: z.unknown().optional() }));
const operationShape = z.looseObject({
  operationId: z.string(),
  "x-access": accessShape,
  parameters: z.array(parameterShape).default([]),
  requestBody: z.looseObject({ content: contentShape }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: contentShape.optional() })),
});
const documentShape = z.looseObject({ paths: z.record(z.string(), z.record(z.string(), operationShape)) });

export type Parameter = z.infer<typeof parameterShape>;
export type Operation = z.infer<typeof operationShape> & { readonly method: string; readonly path: string };

/** What stands in the file, and nothing that a test would not understand. */
export function operationsOf(document: unknown): Operation[] {
  const { paths } = documentShape.parse(document);
  return Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ ...operation, method: method.toUpperCase(), path })),
  );
}

/** Values of the parameters in paths, by name. */
export type PathValues = Readonly<Record<string, string | number>>;

/** What the parameters in queries that must be there are taken to be, by the form that they are to have. */
const QUERY_VALUES: readonly { readonly name: string; readonly pattern?: string; readonly value: string }[] = [
  { name: "from", pattern: "^\\d{4}-\\d{2}$", value: "2026-03" },
  { name: "to", pattern: "^\\d{4}-\\d{2}$", value: "2026-04" },
  { name: "from", pattern: "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:00:00Z)?$", value: "2026-03-30T00:00:00Z" },
  { name: "to", pattern: "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:00:00Z)?$", value: "2026-04-02T00:00:00Z" },
  { name: "hour", value: "2026-03-31T12:00:00Z" },
  { name: "community", value: "1" },
  { name: "account", value: "2" },
  { name: "hash", value: `0x${"00".repeat(32)}` },
  { name: "tag", value: "none" },
];

/**
 * The address of an operation, with the parameters that must be there.
 * @param values of every parameter in paths that there is
 */
export function addressOf({ path, operationId, parameters }: Operation, values: PathValues): string {
  const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const value = values[name];
    assert(value !== undefined, `${operationId} has a parameter {${name}} that no test knows: say what it may be`);
    return String(value);
  });
  const query = parameters
    .filter((parameter) => parameter.in === "query" && parameter.required === true)
    .map(({ name, schema }) => {
      const found = QUERY_VALUES.find(
        (each) => each.name === name && [undefined, schema.pattern].includes(each.pattern),
      );
      assert(found !== undefined, `${operationId} asks for ?${name} in a form that no test knows: say what it may be`);
      return `${name}=${encodeURIComponent(found.value)}`;
    });
  return query.length === 0 ? filled : `${filled}?${query.join("&")}`;
}

export function hasPathParameter({ path }: Operation, name: string): boolean {
  return path.includes(`{${name}}`);
}
