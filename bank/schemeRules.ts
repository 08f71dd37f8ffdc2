/**
 * Checks a finished document against the written rules of its scheme: which elements in which order how often, what their
 * text looks like, counts and control sums. Neither the ISO's nor CBI's schema may be carried along, so the parts of them
 * that our documents use stand as tables in pain001Rules.ts and cbiRules.ts, read independently of what makes the documents.
 */

import { XMLParser, XMLValidator } from "fast-xml-parser";
import { z } from "zod";
import { formatEuro, sum } from "../settlement/amounts.ts";
import type { OrderProblem, PaymentOrder } from "./order.ts";

export type ElementRule = {
  readonly name: string;
  /** Most occurrences; the least is one unless `optional`. */
  readonly most?: number;
  readonly optional?: true;
  readonly attributes?: Readonly<Record<string, RegExp>>;
} & ({ readonly text: RegExp } | { readonly children: readonly ElementRule[] });

type Element = {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly nodes: unknown;
};

const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: "",
  parseTagValue: false,
  parseAttributeValue: false,
  trimValues: true,
  ignoreDeclaration: true,
});

const nodeShape = z.array(z.record(z.string(), z.unknown()));
const attributesShape = z.record(z.string(), z.string());

/** What is wrong with a document, by path. */
export function documentProblems(document: string, root: ElementRule, order: PaymentOrder): OrderProblem[] {
  const problems: OrderProblem[] = [];
  const report = (field: string, value: string, problem: string) =>
    problems.push({ payment: undefined, field, value, problem });
  const wellFormed = XMLValidator.validate(document);
  if (wellFormed !== true) {
    report("document", document.slice(0, 40), wellFormed.err.msg);
    return problems;
  }
  if (!document.startsWith('<?xml version="1.0" encoding="UTF-8"?>')) report("document", "", "not declared as UTF-8");
  const texts = new Map<string, string[]>();
  checkChildren(elementsOf(parser.parse(document)), [root], "", report, texts);

  const total = formatEuro(sum(order.payments.map(({ amount }) => amount)));
  const valuesOf = (name: string) => texts.get(name) ?? [];
  for (const count of valuesOf("NbOfTxs")) {
    if (Number(count) !== valuesOf("InstdAmt").length) report("NbOfTxs", count, "not the number of payments");
  }
  for (const controlSum of valuesOf("CtrlSum")) {
    if (controlSum !== total) report("CtrlSum", controlSum, `not the sum of the amounts, ${total}`);
  }
  const cents = valuesOf("InstdAmt").map((amount) => BigInt(amount.replace(".", "")));
  if (formatEuro(sum(cents) * 10_000n) !== total) report("InstdAmt", total, "the amounts do not add up to the order");
  const ids = valuesOf("EndToEndId");
  if (new Set(ids).size !== ids.length) report("EndToEndId", "", "an id is used twice");
  return problems;
}

function checkChildren(
  elements: readonly Element[],
  rules: readonly ElementRule[],
  path: string,
  report: (field: string, value: string, problem: string) => void,
  texts: Map<string, string[]>,
): void {
  let next = 0;
  for (const rule of rules) {
    const field = `${path}/${rule.name}`;
    let count = 0;
    while (elements[next]?.name === rule.name) {
      const element = elements[next];
      next++;
      count++;
      if (element !== undefined) checkElement(element, rule, field, report, texts);
    }
    if (count === 0 && !rule.optional) report(field, "", "missing");
    if (count > (rule.most ?? 1)) report(field, String(count), `more than ${rule.most ?? 1}`);
  }
  for (const { name } of elements.slice(next)) report(`${path}/${name}`, "", "not in its place, or not of this format");
}

function checkElement(
  element: Element,
  rule: ElementRule,
  field: string,
  report: (field: string, value: string, problem: string) => void,
  texts: Map<string, string[]>,
): void {
  const attributes = new Map(Object.entries(rule.attributes ?? {}));
  for (const [name, pattern] of attributes) {
    const value = element.attributes[name] ?? "";
    if (!pattern.test(value)) report(`${field}@${name}`, value, `not ${pattern.source}`);
  }
  for (const name of Object.keys(element.attributes)) {
    if (!attributes.has(name)) report(`${field}@${name}`, element.attributes[name] ?? "", "not of this format");
  }
  if ("children" in rule) {
    checkChildren(elementsOf(element.nodes), rule.children, field, report, texts);
    return;
  }
  const text = textOf(element.nodes);
  const name = rule.name.replace(/^.*:/, "");
  const same = texts.get(name) ?? [];
  same.push(text);
  texts.set(name, same);
  if (!rule.text.test(text)) report(field, text, `not ${rule.text.source}`);
}

/** The parser gives each node as an object of its name and, beside it, its attributes under `:@`. */
function elementsOf(nodes: unknown): Element[] {
  return nodeShape.parse(nodes).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ":@" && key !== "#text");
    if (name === undefined) return [];
    return [{ name, attributes: attributesShape.parse(node[":@"] ?? {}), nodes: node[name] }];
  });
}

function textOf(nodes: unknown): string {
  return nodeShape
    .parse(nodes)
    .map((node) => String(node["#text"] ?? "<"))
    .join("");
}
