/** What is wrong with a file that a person gave, and what to do about it. */

export type InputProblem = {
  readonly file: string;
  /** Counted from 1; undefined if the problem is with the file as a whole. */
  readonly line?: number | undefined;
  /** Column or path, for example `withdrawn_wh` or `members[2].class`. */
  readonly field?: string | undefined;
  /** As it stands in the file. */
  readonly value?: string | undefined;
  readonly problem: string;
  readonly remedy: string;
};

const MOST_SHOWN = 20;

/** All that is wrong with the files, together. Nothing was written. */
export class InputError extends Error {
  override name = "InputError";
  readonly problems: readonly InputProblem[];

  constructor(problems: readonly InputProblem[]) {
    const shown = problems.slice(0, MOST_SHOWN).map(describe);
    if (problems.length > MOST_SHOWN) shown.push(`… and ${problems.length - MOST_SHOWN} more`);
    super(shown.join("\n"));
    this.problems = problems;
  }
}

/** `members.yaml:12: members[0].class: «farmer»: unknown class. Use one of …` */
function describe({ file, line, field, value, problem, remedy }: InputProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  const subject = [field, value === undefined ? undefined : `«${value}»`].filter((part) => part !== undefined);
  return `${[place, ...subject, problem].join(": ")}. ${remedy}`;
}
