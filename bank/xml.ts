/** XML of nested objects: keys in order, `@_` before attributes, arrays for repeated elements. */

import { XMLBuilder } from "fast-xml-parser";

export type XmlNode = { readonly [name: string]: string | XmlNode | readonly XmlNode[] };

const builder = new XMLBuilder({
  ignoreAttributes: false,
  attributeNamePrefix: "@_",
  textNodeName: "#text",
  format: true,
  indentBy: "  ",
});

/** A whole document in UTF-8. */
export function xmlDocument(root: XmlNode): string {
  return builder.build({ "?xml": { "@_version": "1.0", "@_encoding": "UTF-8" }, ...root }).trimEnd();
}

/** The same elements with a namespace prefix. */
export function withPrefix(prefix: string, node: XmlNode): XmlNode {
  const rename = (value: XmlNode[string]): XmlNode[string] => {
    if (typeof value === "string") return value;
    if (isList(value)) return value.map((part) => withPrefix(prefix, part));
    return withPrefix(prefix, value);
  };
  return Object.fromEntries(
    Object.entries(node).map(([name, value]) => [
      name.startsWith("@_") || name === "#text" ? name : `${prefix}:${name}`,
      rename(value),
    ]),
  );
}

function isList(value: XmlNode | readonly XmlNode[]): value is readonly XmlNode[] {
  return Array.isArray(value);
}
