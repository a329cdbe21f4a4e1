// Functions that cut strings up and change what stands at their ends or between given parts. Parts to look for are literal
// text; one that is absent usually leaves the string as it is.

import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { storeText } from "../printer.ts";
import { joined, lisp, returnText, returnTexts, splitText, textArgument, textFunction, textPairFunction } from "./arguments.ts";

const BLANK = /\p{White_Space}/u;
/** All white space lies in the basic plane, so single units can be looked at. */
const isBlank = (text: string, at: number): boolean => BLANK.test(text[at]!);

function trimStart(text: string): string {
  let from = 0;
  while (from < text.length && isBlank(text, from)) from++;
  return text.slice(from);
}

function trimEnd(text: string): string {
  let to = text.length;
  while (to > 0 && isBlank(text, to - 1)) to--;
  return text.slice(0, to);
}

export const trim = (text: string): string => trimEnd(trimStart(text));

/** The non-empty parts between white space. */
export const blankSeparated = (text: string): string[] => text.split(/\p{White_Space}+/u).filter((part) => part !== "");

/** Parts between occurrences; nothing as separator stands before, between and behind all characters. */
function split(vm: Vm, text: string, separator: string): string[] {
  const parts = splitText(vm, text, separator);
  return separator === "" ? ["", ...parts, ""] : parts;
}

/** Lines end with a line feed or return and line feed; there is no line behind the last end. */
function linesOf(vm: Vm, text: string): string[] {
  const lines = splitText(vm, text, "\n");
  if (lines[lines.length - 1] === "") lines.pop();
  return lines.map((line, i) => (line.endsWith("\r") && (i < lines.length - 1 || text.endsWith("\n")) ? line.slice(0, -1) : line));
}

/** What `cut` makes of the text around an occurrence at `at`; the text itself when there is none. */
const around = (find: "indexOf" | "lastIndexOf", cut: (text: string, at: number, width: number) => string) => (text: string, part: string): string => {
  const at = text[find](part);
  return at < 0 ? text : cut(text, at, part.length);
};
const before = (text: string, at: number): string => text.slice(0, at);
const after = (text: string, at: number, width: number): string => text.slice(at + width);

function between(vm: Vm, base: number): void {
  const text = textArgument(vm, base), left = textArgument(vm, base + 1), right = textArgument(vm, base + 2);
  const at = text.indexOf(left), from = at + left.length, to = text.indexOf(right, from);
  returnText(vm, base, at < 0 ? "" : text.slice(from, to < 0 ? text.length : to));
}

/** Delimiters of wrap and unwrap: the right one is as the left one unless given. */
const delimiters = (vm: Vm, base: number, argc: number): [string, string] => {
  const left = textArgument(vm, base + 1);
  return [left, argc > 2 ? textArgument(vm, base + 2) : left];
};

function wrap(vm: Vm, base: number, argc: number): void {
  const text = textArgument(vm, base), [left, right] = delimiters(vm, base, argc);
  returnText(vm, base, left + text + right);
}

function unwrap(vm: Vm, base: number, argc: number): void {
  const text = textArgument(vm, base), [left, right] = delimiters(vm, base, argc);
  const isWrapped = text.length >= left.length + right.length && text.startsWith(left) && text.endsWith(right);
  returnText(vm, base, isWrapped ? text.slice(left.length, text.length - right.length) : text);
}

/** Every occurrence replaced; nothing as pattern stands before, between and behind all characters. */
function replaceAll(vm: Vm, base: number, by: string): void {
  const text = textArgument(vm, base), part = textArgument(vm, base + 1);
  storeText(vm, base - 2, joined(vm, part === "" && text === "" ? ["", ""] : split(vm, text, part), by));
}

/** One occurrence replaced. */
const replaceOne = (find: "indexOf" | "lastIndexOf") => (vm: Vm, base: number): void => {
  const text = textArgument(vm, base), part = textArgument(vm, base + 1), by = textArgument(vm, base + 2), at = text[find](part);
  returnText(vm, base, at < 0 ? text : text.slice(0, at) + by + text.slice(at + part.length));
};

export const CUTTING: readonly NativeInfo[] = [
  lisp("string/split string-split", 2, 2, "list of the parts between occurrences of a string",
    (vm, base) => returnTexts(vm, base, split(vm, textArgument(vm, base), textArgument(vm, base + 1)))),
  lisp("string/lines", 1, 1, "list of the lines", (vm, base) => returnTexts(vm, base, linesOf(vm, textArgument(vm, base)))),
  textFunction("string/trim string-trim", "without white space at both ends", trim),
  textFunction("string/trim-left", "without white space at the start", trimStart),
  textFunction("string/trim-right", "without white space at the end", trimEnd),
  textPairFunction("string/after", "what follows the first occurrence of a string", around("indexOf", after)),
  textPairFunction("string/after-last", "what follows the last occurrence of a string", around("lastIndexOf", after)),
  textPairFunction("string/before", "what stands before the first occurrence of a string", around("indexOf", before)),
  textPairFunction("string/before-last", "what stands before the last occurrence of a string", around("lastIndexOf", before)),
  lisp("string/between", 3, 3, "what stands between two strings, or behind the first; empty when that does not occur", between),
  textPairFunction("string/chop-start", "without a string at the start", (text, part) => (text.startsWith(part) ? text.slice(part.length) : text)),
  textPairFunction("string/chop-end", "without a string at the end", (text, part) => (text.endsWith(part) ? text.slice(0, text.length - part.length) : text)),
  textPairFunction("string/ensure-start", "with a string at the start", (text, part) => (text.startsWith(part) ? text : part + text)),
  textPairFunction("string/ensure-end", "with a string at the end", (text, part) => (text.endsWith(part) ? text : text + part)),
  lisp("string/wrap", 2, 3, "between two strings, or twice the same", wrap),
  lisp("string/unwrap", 2, 3, "without two strings around it, when both are there", unwrap),
  lisp("string/replace", 3, 3, "every occurrence of a string replaced by another", (vm, base) => replaceAll(vm, base, textArgument(vm, base + 2))),
  lisp("string/replace-first", 3, 3, "the first occurrence of a string replaced by another", replaceOne("indexOf")),
  lisp("string/replace-last", 3, 3, "the last occurrence of a string replaced by another", replaceOne("lastIndexOf")),
  lisp("string/remove", 2, 2, "without any occurrence of a string", (vm, base) => replaceAll(vm, base, "")),
];
