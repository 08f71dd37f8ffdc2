/**
 * `condivisa mutants contracts`: puts one named fault at a time into a copy of the contracts, compiles what the tests named
 * for it need, and says whether they find it. The working tree is not touched; a run that was ended goes on where it was.
 */

import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, join } from "node:path";
import { z } from "zod";
import { readText } from "../oracle/textFile.ts";
import { type FieldProblem, parseYaml } from "../oracle/yamlFile.ts";
import { InputError } from "../settlement/inputProblem.ts";
import type { ShowProgress } from "./progress.ts";
import { writeWhole } from "./settlementFolder.ts";
import { toJson } from "./table.ts";

const ROOT = join(import.meta.dirname, "..");
const LIST = "test/mutants/contracts.yaml";
const WORK = "cache/mutants";
const SCRATCH = join(ROOT, WORK);
const OUTCOMES = join(SCRATCH, "contracts.json");
const MILLISECONDS_A_MUTANT = 600_000;

const listShape = z.array(
  z.strictObject({
    file: z.string().startsWith("contracts/"),
    tests: z.array(z.string().regex(/^test\/.+(\.t\.sol|\.test\.ts)$/, "not a test: name its file")).min(1),
    mutants: z.array(z.strictObject({ name: z.string().min(1), from: z.string().min(1), to: z.string() })).min(1),
  }),
);
type Group = z.output<typeof listShape>[number];
type Mutant = Group["mutants"][number];

const outcomeShape = z.enum(["killed", "survived", "does not compile"]);
export type Outcome = z.output<typeof outcomeShape>;
const outcomesShape = z.record(z.string(), outcomeShape);

export type MutantResult = { readonly file: string; readonly name: string; readonly outcome: Outcome };

/**
 * Runs every mutant whose outcome is not known for the sources as they are.
 * @param only mutants whose file or name contains this
 * @throws InputError if the list does not fit the contracts, or tests fail without a mutant
 */
export function contractMutants(only: string, show: ShowProgress): MutantResult[] {
  const groups = readList().map((group) => ({
    ...group,
    mutants: group.mutants.filter(({ name }) => `${group.file} ${name}`.includes(only)),
  }));
  const outcomes = readOutcomes();
  const total = groups.reduce((count, { mutants }) => count + mutants.length, 0);
  let done = 0;
  return groups.flatMap((group) => {
    let project: Project | undefined;
    return group.mutants.map((mutant): MutantResult => {
      let outcome = outcomes[keyOf(ROOT, group, mutant)];
      if (outcome === undefined) {
        project ??= prepare(group);
        const key = keyOf(project.path, group, mutant);
        outcome = outcomeOf(project, group, mutant);
        writeWhole(OUTCOMES, toJson({ ...readOutcomes(), [key]: outcome }));
      }
      show(`trying mutants of ${basename(group.file)}`, ++done, total);
      return { file: group.file, name: mutant.name, outcome };
    });
  });
}

function readList(): Group[] {
  return parseYaml(readText(join(ROOT, LIST)), LIST, {
    shape: listShape,
    crossChecks: listProblems,
    documentation: "docs/development.md",
    sample: `put ${LIST} back as it was`,
  });
}

/** A mutant says what it changes: its text stands once in the file. */
function listProblems(groups: readonly Group[]): FieldProblem[] {
  return groups.flatMap(({ file, tests, mutants }, index) => {
    const source = existsSync(join(ROOT, file)) ? readFileSync(join(ROOT, file), "utf8") : "";
    const texts = mutants.flatMap(({ from }, position): FieldProblem[] => {
      const times = source.split(from).length - 1;
      return times === 1 ? [] : [[[index, "mutants", position, "from"], `stands ${times} times in ${file}: Mend it`]];
    });
    const missing = tests.flatMap((test, position): FieldProblem[] =>
      existsSync(join(ROOT, test)) ? [] : [[[index, "tests", position], "no such file: Mend the path"]],
    );
    return [...texts, ...missing];
  });
}

function readOutcomes(): z.output<typeof outcomesShape> {
  mkdirSync(SCRATCH, { recursive: true });
  if (!existsSync(OUTCOMES)) return {};
  return outcomesShape.parse(JSON.parse(readFileSync(OUTCOMES, "utf8")));
}

/** The same as long as the mutant, its file and its tests are. */
function keyOf(root: string, { file, tests }: Group, { from, to }: Mutant): string {
  const sources = [file, ...tests].map((path) => readFileSync(join(root, path), "utf8"));
  return createHash("sha256")
    .update(JSON.stringify([file, tests, from, to, sources]))
    .digest("hex");
}

type Project = { readonly path: string; readonly commands: readonly (readonly string[])[] };

/** A copy of the project in which the tests pass without a mutant. */
function prepare(group: Group): Project {
  const project = group.tests.every((test) => test.endsWith(".t.sol")) ? solidityProject(group) : wholeProject(group);
  const { passed, output } = run(project);
  if (passed) return project;
  throw new InputError([
    {
      file: group.tests.join(", "),
      problem: `fails without a mutant:\n${output.slice(-2000)}`,
      remedy: "Mend the tests first",
    },
  ]);
}

/** Only the named tests, so that only what they import is compiled. */
function solidityProject({ tests }: Group): Project {
  const path = join(SCRATCH, "solidity");
  rmSync(join(path, "test"), { recursive: true, force: true });
  copy(path, ["contracts", "test/solidity/support", "package.json", "tsconfig.json", ...tests]);
  cpSync(join(ROOT, "hardhat.config.ts"), join(path, "hardhat.whole.ts"));
  mkdirSync(join(path, "none"), { recursive: true });
  writeFileSync(
    join(path, "hardhat.config.ts"),
    `import whole from "./hardhat.whole.ts";
export default { ...whole, paths: { sources: { solidity: ["./none"] }, tests: { solidity: "./test/solidity" } } };
`,
  );
  return { path, commands: [["test", "solidity"]] };
}

/** Everything, compiled from where the working tree's compilation left off. */
function wholeProject({ tests }: Group): Project {
  const path = join(SCRATCH, "whole");
  if (!existsSync(path)) {
    const made = ["artifacts", ...readdirSync(join(ROOT, "cache")).map((name) => `cache/${name}`)];
    for (const name of made.filter((each) => each !== WORK)) {
      cpSync(join(ROOT, name), join(path, name), { recursive: true });
    }
  }
  const rooms = ["bench", "chain", "examples", "oracle", "scripts", "settlement", "test"];
  copy(path, ["contracts", ...rooms, "hardhat.config.ts", "package.json", "tsconfig.json"]);
  return {
    path,
    commands: [
      ["build", "--no-tests"],
      ["test", "mocha", "--no-compile", ...tests],
    ],
  };
}

function copy(path: string, names: readonly string[]): void {
  for (const name of names) {
    rmSync(join(path, name), { recursive: true, force: true });
    cpSync(join(ROOT, name), join(path, name), { recursive: true });
  }
  if (!existsSync(join(path, "node_modules"))) symlinkSync(join(ROOT, "node_modules"), join(path, "node_modules"));
}

function outcomeOf(project: Project, { file }: Group, { from, to }: Mutant): Outcome {
  const target = join(project.path, file);
  const source = readFileSync(target, "utf8");
  writeFileSync(
    target,
    source.replace(from, () => to),
  );
  try {
    const { passed, output } = run(project);
    if (passed) return "survived";
    return /^(Compilation failed|Error HHE9)/m.test(output) ? "does not compile" : "killed";
  } finally {
    writeFileSync(target, source);
  }
}

/** Runs the project's commands until one fails; one that takes too long has failed. */
function run({ path, commands }: Project): { passed: boolean; output: string } {
  const hardhat = join(path, "node_modules/hardhat/dist/src/cli.js");
  let output = "";
  for (const command of commands) {
    const ended = spawnSync(process.execPath, ["--disable-warning=ExperimentalWarning", hardhat, ...command], {
      cwd: path,
      encoding: "utf8",
      env: { ...process.env, NO_COLOR: "1", FORCE_COLOR: "0" },
      timeout: MILLISECONDS_A_MUTANT,
      maxBuffer: 2 ** 28,
    });
    output += `${ended.stdout}${ended.stderr}`;
    if (ended.status !== 0) return { passed: false, output };
  }
  return { passed: true, output };
}
