/** Values of a JSON Schema as the OpenAPI file has them, and values that are almost of it. */

import fc from "fast-check";
import { z } from "zod";

const schemaShape = z.looseObject({
  $ref: z.string().optional(),
  type: z.string().optional(),
  const: z.unknown().optional(),
  enum: z.array(z.unknown()).optional(),
  example: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
  oneOf: z.array(z.unknown()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  required: z.array(z.string()).optional(),
  items: z.unknown().optional(),
  pattern: z.string().optional(),
  minLength: z.number().optional(),
  maxLength: z.number().optional(),
  minItems: z.number().optional(),
  maxItems: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
});

const MOST_ITEMS = 4;
const LONGEST = 60;

/** Text that somebody means no good with, or that came through the wrong program. */
export const oddText = fc.oneof(
  fc.string({ unit: "grapheme", maxLength: 40 }),
  fc.array(fc.nat(0xffff), { maxLength: 40 }).map((units) => String.fromCharCode(...units)),
  fc.constantFrom(
    ...["", " ", "0", "-1", "00", "1e3", "1.5", "0x10", "NaN", "Infinity", "null", "undefined", "true", "[]", "{}"],
    ...["4294967296", "9007199254740993", "9".repeat(400), "２", "١", "\u0000", "\ud800", "\u202e", "%", "%00", "%ff"],
    ...["../..", "a/b", "' OR 1=1 --", "__proto__", "constructor", "2026-13", "0000-00", "2026-02-30T00:00:00Z"],
  ),
);

/** Anything that JSON can say. */
export const oddValue: fc.Arbitrary<unknown> = fc.oneof(
  oddText,
  fc.jsonValue({ maxDepth: 3 }),
  fc.constantFrom<unknown>(null, [], {}, -0, 1e308, 2 ** 53, -1, 0.1, [[[[]]]], { length: 1 }),
);

/** @param document in which references are looked up */
export function schemaValue(document: unknown, schema: unknown): fc.Arbitrary<unknown> {
  const { $ref, type, enum: names, anyOf, oneOf, example, ...given } = schemaShape.parse(schema);
  if ($ref !== undefined) return schemaValue(document, lookedUp(document, $ref));
  if (given.const !== undefined) return fc.constant(given.const);
  if (names !== undefined) return fc.constantFrom(...names);
  const choices = anyOf ?? oneOf;
  if (choices !== undefined) return fc.oneof(...choices.map((choice) => schemaValue(document, choice)));
  const made = byType(document, type, given);
  return example === undefined ? made : fc.oneof(fc.constant(example), made);
}

function byType(
  document: unknown,
  type: string | undefined,
  given: z.infer<typeof schemaShape>,
): fc.Arbitrary<unknown> {
  switch (type) {
    case "string":
      return text(given);
    case "integer":
      return fc.integer({ min: atLeast(given.minimum), max: atMost(given.maximum) });
    case "number":
      return fc.double({ noNaN: true, min: atLeast(given.minimum), max: atMost(given.maximum) });
    case "boolean":
      return fc.boolean();
    case "array": {
      const minLength = given.minItems ?? 0;
      return fc.array(schemaValue(document, given.items ?? {}), {
        minLength,
        maxLength: Math.max(minLength, Math.min(given.maxItems ?? MOST_ITEMS, MOST_ITEMS)),
      });
    }
    case "object": {
      const properties = Object.entries(given.properties ?? {});
      const values = Object.fromEntries(properties.map(([name, each]) => [name, schemaValue(document, each)]));
      return fc.record(values, { requiredKeys: given.required ?? [] });
    }
    default:
      return oddValue;
  }
}

function text({ pattern, minLength = 0, maxLength = LONGEST }: z.infer<typeof schemaShape>): fc.Arbitrary<string> {
  const plain = fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, LONGEST)) });
  // All but control characters: fast-check would make a list of them all.
  if (pattern === undefined || pattern.includes("\\P{Cc}")) return plain;
  try {
    return fc.stringMatching(new RegExp(pattern), { maxLength: LONGEST });
  } catch {
    return plain;
  }
}

/** JavaScript has safe integers up to 2⁵³ − 1, fast-check makes them up to 2³¹ − 1. */
const atLeast = (minimum: number | undefined) => Math.max(minimum ?? -0x7fff_ffff, -0x7fff_ffff);
const atMost = (maximum: number | undefined) => Math.min(maximum ?? 0x7fff_ffff, 0x7fff_ffff);

/** A value with something in it put in the place of something else, taken away, or added. */
export function spoiled(value: fc.Arbitrary<unknown>): fc.Arbitrary<unknown> {
  return fc.tuple(value, oddValue, fc.nat(), fc.constantFrom("replace", "remove", "add"), oddText).map((parts) => {
    const [good, odd, at, how, name] = parts;
    const copy: unknown = structuredClone(good);
    const holders = objectsIn(copy);
    const holder = holders[at % Math.max(1, holders.length)];
    if (holder === undefined) return odd;
    const keys = Object.keys(holder);
    const key = how === "add" ? name : keys[at % Math.max(1, keys.length)];
    if (key === undefined) return odd;
    if (how === "remove") Reflect.deleteProperty(holder, key);
    else Object.defineProperty(holder, key, { value: odd, enumerable: true, configurable: true, writable: true });
    return copy;
  });
}

function objectsIn(value: unknown): object[] {
  if (typeof value !== "object" || value === null) return [];
  return [value, ...Object.values(value).flatMap(objectsIn)];
}

function lookedUp(document: unknown, ref: string): unknown {
  const parts = ref.replace("#/", "").split("/");
  return parts.reduce<unknown>((at, part) => {
    return typeof at === "object" && at !== null ? Object.getOwnPropertyDescriptor(at, part)?.value : undefined;
  }, document);
}
