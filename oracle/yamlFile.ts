/** Files that people write in YAML: read into trusted types, with the line of everything that is wrong. */

import { readFileSync } from "node:fs";
import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";

/** Where something is wrong, and a message of the form `problem: Remedy`. */
export type FieldProblem = [path: PropertyKey[], message: string];

/** What to tell a person whose file is not of the form at all, and one whose field is wrong without more to say. */
export type Remedies = { readonly example: string; readonly reference: string };

/** Reads a file of text. Throws InputError if there is none. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    const reason =
      error instanceof Error && "code" in error && error.code === "ENOENT" ? "no such file" : "cannot be read";
    throw new InputError([{ file, problem: reason, remedy: "Check the path" }]);
  }
}

/**
 * Checks the text of a YAML file; `file` is for messages.
 * @param crossChecks what one entry alone cannot show
 * @throws InputError with everything that is wrong
 */
export function parseYaml<Shape extends z.ZodType>(
  text: string,
  file: string,
  shape: Shape,
  crossChecks: (content: z.output<Shape>) => FieldProblem[],
  { example, reference }: Remedies,
): z.output<Shape> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file,
        line: lines.linePos(error.pos[0]).line,
        problem: (error.message.split(" at line")[0] ?? error.message).trim(),
        remedy: `Mend the YAML; ${example}`,
      })),
    );
  }
  if (document.contents === null) {
    throw new InputError([{ file, problem: "empty file", remedy: capitalised(example) }]);
  }

  const problemAt = (path: readonly PropertyKey[], message: string): InputProblem => {
    const [problem, ...remedy] = message.split(": ");
    return {
      file,
      ...locate(document, lines, path),
      field: fieldName(path),
      problem: problem ?? message,
      remedy: capitalised(remedy.join(": ") || `See ${reference}`),
    };
  };

  const parsed = shape.safeParse(contentOf(document, file));
  if (!parsed.success) {
    throw new InputError(
      parsed.error.issues.flatMap((issue) => {
        if (issue.code === "unrecognized_keys") {
          return issue.keys.map((key) =>
            problemAt([...issue.path, key], "unknown field: Remove it or mend its spelling"),
          );
        }
        const missing = issue.code === "invalid_type" && !document.hasIn(issue.path);
        return [problemAt(issue.path, missing ? "missing: Add it" : issue.message)];
      }),
    );
  }
  const problems = crossChecks(parsed.data).map(([path, message]) => problemAt(path, message));
  if (problems.length > 0) throw new InputError(problems);
  return parsed.data;
}

/** The line of a field, or of the innermost thing around it that there is. */
function locate(
  document: Document,
  lines: LineCounter,
  path: readonly PropertyKey[],
): { line: number | undefined; value: string | undefined } {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    if (isScalar(node) || isMap(node) || isSeq(node)) {
      const line = node.range ? lines.linePos(node.range[0]).line : undefined;
      const shown = isScalar(node) && length === path.length ? String(node.value) : undefined;
      return { line, value: shown };
    }
  }
  return { line: undefined, value: undefined };
}

/** The document's content. Throws InputError if an alias in it leads nowhere. */
function contentOf(document: Document, file: string): unknown {
  try {
    return document.toJS();
  } catch (error) {
    const problem = error instanceof Error ? error.message : String(error);
    throw new InputError([{ file, problem, remedy: "Mend the YAML; text that begins with * or & stands in quotes" }]);
  }
}

function fieldName(path: readonly PropertyKey[]): string | undefined {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return name === "" ? undefined : name.replace(/^\./, "");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
