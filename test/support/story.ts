/** docs/story.md and the statements beside it: what they must say, and how they are written anew. */

import assert from "node:assert/strict";
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Settlement } from "../../scripts/settlementTable.ts";
import { formatMicro, MICRO_PER_CENT } from "../../settlement/amounts.ts";
import { withoutPlaces } from "./cli.ts";

const DOCS = join(import.meta.dirname, "../../docs");
export const STORY_FILES = join(DOCS, "story");
const STORY = join(DOCS, "story.md");
const UPDATES = process.env["UPDATE_SNAPSHOTS"] === "1";
const HOW_TO_ACCEPT = "If that is as it should be: UPDATE_SNAPSHOTS=1 ./condivisa test --grep Valdora";

/** Everyone's statement at the end of a chapter against docs/story/CHAPTER/. */
export function checkStatements(chapter: string, statements: string): void {
  const folder = join(STORY_FILES, chapter);
  const names = textsIn(statements);
  if (UPDATES) {
    rmSync(folder, { recursive: true, force: true });
    mkdirSync(folder);
    for (const name of names) writeFileSync(join(folder, name), `${statementIn(statements, name)}\n`);
  }
  assert.deepEqual(textsIn(folder), names, HOW_TO_ACCEPT);
  for (const name of names) {
    const told = readFileSync(join(folder, name), "utf8");
    assert.equal(`${statementIn(statements, name)}\n`, told, `docs/story/${chapter}/${name} differs. ${HOW_TO_ACCEPT}`);
  }
}

/** The table of a chapter stands in the story as the settlement has it. */
export function checkTable(chapter: string, { accounts, totals }: Settlement): void {
  const rowOf = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  const amounts = (of: Settlement["totals"] | Settlement["accounts"][number]) =>
    [of.entitled, of.paid, of.owed].map(formatMicro);
  const table = [
    rowOf(["account", "entitled €", "paid €", "owed €"]),
    "|---|---:|---:|---:|",
    ...accounts.map((account) => rowOf([`[${account.name}](story/${chapter}/${account.id}.txt)`, ...amounts(account)])),
    rowOf(["together", ...amounts(totals)]),
    "",
  ].join("\n");
  const text = readFileSync(STORY, "utf8");
  const place = new RegExp(`(?<=<!-- ${chapter} -->\n)[^<]*(?=<!-- end -->)`);
  if (UPDATES) writeFileSync(STORY, text.replace(place, table));
  assert.equal(place.exec(readFileSync(STORY, "utf8"))?.[0], table, HOW_TO_ACCEPT);
}

/**
 * What a chapter quotes stands in the statement that it named last, line by line, or was said by reconcile; every amount that
 * it tells in passing is one of its statements', receipts' or table's, to the cent.
 * @param receipts lines of the receipts file
 * @param sentences what reconcile said
 */
export function checkChapter(chapter: string, receipts: readonly string[], sentences: readonly string[]): void {
  const section = sectionOf(chapter);
  const quotations = quotationsIn(section);
  assert(quotations.length > 0, `${chapter}: quotes no statement`);
  for (const { file, quoted } of quotations) {
    const statement = readFileSync(join(DOCS, file), "utf8").split("\n").map(withoutTransaction);
    const known = ["…", ...statement, ...sentences.map((sentence) => `  ${sentence}`)];
    assert.deepEqual(
      quoted.filter((line) => !known.includes(line)),
      [],
      `${chapter}: neither lines of ${file} nor said by reconcile`,
    );
  }
  const folder = join(STORY_FILES, chapter);
  const sources = [
    ...textsIn(folder).map((name) => readFileSync(join(folder, name), "utf8")),
    ...receipts,
    ...(section.match(/^\|.*$/gm) ?? []),
  ];
  const known = new Set(
    sources.flatMap((text) => [...text.matchAll(/\d+[.,]\d{2,6}\b/g)].map(([amount]) => cents(amount))),
  );
  const prose = section.replaceAll(/```[^`]*```/g, "").replaceAll(/^\|.*$/gm, "");
  const told = [...prose.matchAll(/(\d+\.\d\d) €/g)].map(([, amount = ""]) => amount);
  assert.deepEqual(
    told.filter((amount) => !known.has(cents(amount))),
    [],
    `${chapter}: neither in a statement nor in a receipt`,
  );
}

/** From the heading with a chapter's number to the next. */
function sectionOf(chapter: string): string {
  const [number = ""] = chapter.split("-");
  const sections = readFileSync(STORY, "utf8").split(/^## /m);
  const section = sections.find((text) => text.startsWith(`${number}. `));
  assert(section !== undefined, `docs/story.md has no section ${number}`);
  return section;
}

/** Each block of code is taken from the statement that the story named last. */
function quotationsIn(section: string): { file: string; quoted: string[] }[] {
  return [...section.matchAll(/^```\n([^`]*)\n```$/gm)].map(({ 1: quoted = "", index }) => {
    const links = [...section.slice(0, index).matchAll(/\((story\/[^)\s]+\.txt)\)/g)];
    return { file: links.at(-1)?.[1] ?? "", quoted: quoted.split("\n") };
  });
}

function textsIn(folder: string): string[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".txt"))
    .toSorted();
}

function statementIn(folder: string, name: string): string {
  return withoutPlaces(readFileSync(join(folder, name), "utf8"));
}

function withoutTransaction(line: string): string {
  return line.replace(/ \[blocco [^\]]*\]$/, "");
}

/** An amount in euro to whole cents, half up. */
function cents(amount: string): bigint {
  const [whole = "", decimals = ""] = amount.split(/[.,]/);
  const micro = BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, "0"));
  return (micro + MICRO_PER_CENT / 2n) / MICRO_PER_CENT;
}
