/** JSON and XML by a shape: every mistake with its path. */

import { XMLParser, XMLValidator } from "fast-xml-parser";
import type { z } from "zod";
import { InputError } from "../../settlement/inputProblem.ts";
import { fieldName } from "../yamlFile.ts";

/** Parses JSON. Throws InputError if it is none, or of another shape. */
export function parseJson<T>(text: string, file: string, shape: z.ZodType<T>, remedy: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ""));
  } catch (error) {
    throw new InputError([{ file, problem: `not JSON: ${messageOf(error)}`, remedy }]);
  }
  return parseShape(content, file, shape, remedy);
}

/**
 * Parses XML without its namespaces: elements and, with `@`, attributes by name, all of them text.
 * Throws InputError if it is not well-formed, defines entities, or is of another shape.
 * @param repeated elements that become arrays, however many there are
 */
export function parseXml<T>(
  text: string,
  file: string,
  repeated: readonly string[],
  shape: z.ZodType<T>,
  remedy: string,
): T {
  if (text.includes("<!DOCTYPE")) throw new InputError([{ file, problem: "XML with a document type", remedy }]);
  const parser = new XMLParser({
    ignoreAttributes: false,
    attributeNamePrefix: "@",
    removeNSPrefix: true,
    parseTagValue: false,
    parseAttributeValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    isArray: (name) => repeated.includes(name),
  });
  let content: unknown;
  try {
    const wellFormed = XMLValidator.validate(text);
    if (wellFormed !== true) {
      throw new InputError([{ file, line: wellFormed.err.line, problem: `not XML: ${wellFormed.err.msg}`, remedy }]);
    }
    content = parser.parse(text);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError([{ file, problem: `not XML: ${messageOf(error)}`, remedy }]);
  }
  return parseShape(content, file, shape, remedy);
}

function parseShape<T>(content: unknown, file: string, shape: z.ZodType<T>, remedy: string): T {
  const parsed = shape.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new InputError(
    parsed.error.issues.map(({ path, message }) => ({ file, field: fieldName(path), problem: message, remedy })),
  );
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
