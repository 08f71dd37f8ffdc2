/** What the sections of a document need beside what they tell. */

import type { Language } from "../../settlement/terms.ts";
import type { Names } from "./names.ts";
import { DOCUMENT_WORDS, type DocumentWords } from "./words.ts";

export type DocumentOptions = {
  readonly language: Language;
  /** The newest block that the document knows of, and when it was made: seconds since the Unix epoch. */
  readonly asOf: { readonly block: bigint; readonly time: number };
  /** Where a reader can compare the document with the chain, and the hash to be compared. */
  readonly verification: { readonly url: string; readonly hash: string };
};

export type Telling = {
  readonly names: Names;
  readonly words: DocumentWords;
  readonly language: Language;
};

export function tellingIn(language: Language, names: Names): Telling {
  return { names, words: DOCUMENT_WORDS[language], language };
}
