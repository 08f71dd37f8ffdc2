/**
 * Text as SEPA takes it: the Latin set that every bank must support (EPC217-08), with the usual letters of Western names
 * written without their marks.
 */

const ALLOWED = /^[A-Za-z0-9/\-?:().,'+ ]$/;

/** Letters that do not come apart into a base letter and a mark, and signs with a common replacement. */
const REPLACED: Readonly<Record<string, string>> = {
  ß: "ss",
  ẞ: "SS",
  æ: "ae",
  Æ: "AE",
  œ: "oe",
  Œ: "OE",
  ø: "o",
  Ø: "O",
  đ: "d",
  Đ: "D",
  ð: "d",
  Ð: "D",
  þ: "th",
  Þ: "Th",
  ł: "l",
  Ł: "L",
  ı: "i",
  "&": "e",
  "’": "'",
  "‘": "'",
  "`": "'",
  "´": "'",
  "–": "-",
  "—": "-",
  _: "-",
  "·": ".",
  ";": ",",
  ª: "a",
  º: "o",
  "\u00a0": " ",
};

const MARKS = /\p{Mark}/gu;

/** The text in the SEPA set, without needless blanks; or the first character that has no place in it. */
export function toSepaText(text: string): { readonly text: string } | { readonly refused: string } {
  let written = "";
  for (const character of text.normalize("NFC")) {
    const plain = REPLACED[character] ?? character.normalize("NFD").replaceAll(MARKS, "");
    const bad = [...plain].find((part) => !ALLOWED.test(part));
    if (bad !== undefined) return { refused: character };
    written += plain;
  }
  return { text: written.trim().replaceAll(/ {2,}/g, " ") };
}

/** Text of our own for a file: what has no place in the set becomes a dot (EPC217-08), and what is too long is cut. */
export function asSepaText(text: string, most: number): string {
  const written = [...text].map((character) => {
    const converted = toSepaText(`x${character}x`);
    return "text" in converted ? converted.text.slice(1, -1) : ".";
  });
  return written
    .join("")
    .trim()
    .replaceAll(/ {2,}/g, " ")
    .replaceAll(/\/{2,}/g, "/")
    .replace(/^\//, "")
    .slice(0, most)
    .trimEnd();
}

/** What identifiers and remittance texts must not do (EPC130-08): begin or end with a slash, or have two in a row. */
export function hasBadSlashes(text: string): boolean {
  return text.startsWith("/") || text.endsWith("/") || text.includes("//");
}
