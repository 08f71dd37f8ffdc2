/** YAML files by a shape: every mistake with its line, field, value and remedy. */

import { type Document, isMap, isScalar, isSeq, LineCounter, parseDocument } from "yaml";
import type { z } from "zod";
import { InputError, type InputProblem } from "../settlement/inputProblem.ts";

/** Where something is wrong, and a message: the problem, then `: ` and the remedy. */
export type FieldProblem = [path: PropertyKey[], message: string];

export type YamlFormat<T> = {
  readonly shape: z.ZodType<T>;
  /** What one entry alone cannot show. */
  readonly crossChecks: (content: T) => readonly FieldProblem[];
  /** The page that describes the file. */
  readonly documentation: string;
  /** Where to find one to start from. */
  readonly sample: string;
};

/** Checks the text of a YAML file; `file` is for messages. Throws InputError with everything that is wrong in it. */
export function parseYaml<T>(text: string, file: string, format: YamlFormat<T>): T {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new InputError(
      document.errors.map((error) => ({
        file,
        line: lines.linePos(error.pos[0]).line,
        problem: (error.message.split(" at line")[0] ?? error.message).trim(),
        remedy: `Mend the YAML; ${format.sample}`,
      })),
    );
  }
  if (document.contents === null) {
    throw new InputError([{ file, problem: "empty file", remedy: capitalised(format.sample) }]);
  }

  const locate = (path: readonly PropertyKey[]): { line: number | undefined; value: string | undefined } => {
    for (let length = path.length; length >= 0; length--) {
      const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
      if (isScalar(node) || isMap(node) || isSeq(node)) {
        const line = node.range ? lines.linePos(node.range[0]).line : undefined;
        const shown = isScalar(node) && length === path.length ? String(node.value) : undefined;
        return { line, value: shown };
      }
    }
    return { line: undefined, value: undefined };
  };
  const problemAt = (path: readonly PropertyKey[], message: string): InputProblem => {
    const [problem, ...remedy] = message.split(": ");
    return {
      file,
      ...locate(path),
      field: fieldName(path),
      problem: problem ?? message,
      remedy: capitalised(remedy.join(": ") || `See ${format.documentation}`),
    };
  };

  const parsed = format.shape.safeParse(contentOf(document, file));
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
  const problems = format.crossChecks(parsed.data).map(([path, message]) => problemAt(path, message));
  if (problems.length > 0) throw new InputError(problems);
  return parsed.data;
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

export function fieldName(path: readonly PropertyKey[]): string | undefined {
  const name = path.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return name === "" ? undefined : name.replace(/^\./, "");
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
