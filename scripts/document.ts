/** A report of headings, paragraphs and tables: for a terminal, as Markdown, as one HTML page without outside resources. */

import { table } from "./table.ts";

export type Block =
  | { readonly kind: "heading"; readonly text: string }
  | { readonly kind: "paragraph"; readonly text: string }
  /** A column is right-aligned if its heading begins with a space. */
  | { readonly kind: "table"; readonly headings: readonly string[]; readonly rows: readonly (readonly string[])[] };

export type Report = { readonly title: string; readonly language: string; readonly blocks: readonly Block[] };

const LINE_WIDTH = 120;

export function terminalText({ title, blocks }: Report): string {
  const parts = blocks.map((block) => {
    if (block.kind === "heading") return `━━ ${block.text}`;
    return block.kind === "table" ? table(block.headings, block.rows) : wrapped(block.text);
  });
  return [title, ...parts].join("\n\n");
}

export function markdown({ title, blocks }: Report): string {
  const parts = blocks.map((block) => {
    if (block.kind === "heading") return `## ${block.text}`;
    if (block.kind === "paragraph") return block.text;
    const line = (cells: readonly string[]) =>
      `| ${cells.map((cell) => cell.trim().replaceAll("|", "\\|")).join(" | ")} |`;
    const rule = block.headings.map((heading) => (heading.startsWith(" ") ? "---:" : "---"));
    return [line(block.headings), line(rule), ...block.rows.map(line)].join("\n");
  });
  return [`# ${title}`, ...parts].join("\n\n");
}

export function html({ title, language, blocks }: Report): string {
  const parts = blocks.map((block) => {
    if (block.kind === "heading") return `<h2>${escaped(block.text)}</h2>`;
    if (block.kind === "paragraph") return `<p>${escaped(block.text)}</p>`;
    const row = (tag: "th" | "td", cells: readonly string[]) =>
      `<tr>${cells
        .map((cell, column) => {
          const right = block.headings[column]?.startsWith(" ") ? ' class="number"' : "";
          return `<${tag}${right}>${escaped(cell.trim())}</${tag}>`;
        })
        .join("")}</tr>`;
    const body = block.rows.map((cells) => row("td", cells)).join("\n");
    // A unit stays with its word.
    const headings = block.headings.map((heading) => heading.replace(/ (€|kWh|%|±)$/, "\u00a0$1"));
    return `<table>\n<thead>${row("th", headings)}</thead>\n<tbody>\n${body}\n</tbody>\n</table>`;
  });
  return `<!doctype html>
<html lang="${language}">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>${escaped(title)}</title>
<style>
body { font: 16px/1.5 system-ui, sans-serif; max-width: 84rem; margin: 2rem auto; padding: 0 1rem; color: #1b1b1b; background: #fff; }
p { max-width: 48rem; }
/* A table wider than the window scrolls, with a shadow where it goes on; its first column stays. */
table { border-collapse: collapse; display: block; width: fit-content; max-width: 100%; overflow-x: auto; font-size: 0.875rem; font-variant-numeric: tabular-nums;
  background: linear-gradient(to left, #fff 50%, transparent) right / 3rem 100% no-repeat local, linear-gradient(to left, #0003, transparent) right / 0.75rem 100% no-repeat scroll; }
th, td { padding: 0.3rem 0.5rem; border-bottom: 1px solid #ccc; text-align: left; vertical-align: top; }
th { vertical-align: bottom; }
th:first-child, td:first-child { position: sticky; left: 0; background: #fff; }
td + td:not(.number) { min-width: 8rem; }
td.number { white-space: nowrap; }
.number { text-align: right; }
</style>
<h1>${escaped(title)}</h1>
${parts.join("\n")}
</html>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function wrapped(text: string): string {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= LINE_WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join("\n");
}
