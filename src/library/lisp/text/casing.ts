// Letter case, and identifiers in their many spellings: the words of a text and what can be made of them.

import { foldCase } from "../../../text/letter-case.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { lisp, returnTexts, textArgument, textFunction } from "./arguments.ts";
import { blankSeparated } from "./cutting.ts";

const isSeparator = (each: string): boolean => each === "_" || each === "-" || each === " " || each === ".";
const isUpper = (each: string): boolean => /\p{Uppercase}/u.test(each);
const isLower = (each: string | undefined): boolean => each !== undefined && /\p{Lowercase}/u.test(each);

/** Whether a word begins with the capital at `i`: behind anything but a capital, or as the last of several before a small letter. */
const startsWord = (points: readonly string[], i: number): boolean => isUpper(points[i]!) && (!isUpper(points[i - 1]!) || isLower(points[i + 1]));

/** Words stand between separators; within them a capital begins a new one, but capitals in a row stay together. */
export function wordsOf(text: string): string[] {
  const points = [...text], words: string[] = [];
  let word = "";
  const finish = (): void => {
    if (word !== "") words.push(word);
    word = "";
  };
  points.forEach((each, i) => {
    if (isSeparator(each)) return finish();
    if (word !== "" && startsWord(points, i)) finish();
    word += each;
  });
  finish();
  return words;
}

/** First letter in upper case, the others in lower. */
function capitalize(text: string): string {
  const first = text === "" ? "" : String.fromCodePoint(text.codePointAt(0)!);
  return first.toUpperCase() + text.slice(first.length).toLowerCase();
}

const lower = (word: string): string => word.toLowerCase();
const spelled = (names: string, doc: string, spell: (words: string[]) => string): NativeInfo => textFunction(names, doc, (text) => spell(wordsOf(text)));

export const CASING: readonly NativeInfo[] = [
  textFunction("string/upper string-upcase", "in upper case", (text) => text.toUpperCase()),
  textFunction("string/lower string-downcase", "in lower case", lower),
  textFunction("string/foldcase string-foldcase", "with letter case folded, for comparisons", foldCase),
  textFunction("string/capitalize", "the first letter in upper case, the others in lower", capitalize),
  textFunction("string/title-case", "every word capitalized, one blank between words", (text) => blankSeparated(text).map(capitalize).join(" ")),
  lisp("string/words", 1, 1, "list of the words: parts between _ - . and blanks, and from capital to capital", (vm, base) => returnTexts(vm, base, wordsOf(textArgument(vm, base)))),
  spelled("string/snake-case", "the words in lower case, joined by _", (words) => words.map(lower).join("_")),
  spelled("string/kebab-case", "the words in lower case, joined by -", (words) => words.map(lower).join("-")),
  spelled("string/camel-case", "the words capitalized but for the first, joined", (words) => words.map((word, i) => (i === 0 ? lower(word) : capitalize(word))).join("")),
  spelled("string/pascal-case", "the words capitalized, joined", (words) => words.map(capitalize).join("")),
  spelled("string/headline", "the words capitalized, joined by blanks", (words) => words.map(capitalize).join(" ")),
];
