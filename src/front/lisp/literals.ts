// The insides of string and character literals: escapes and character names.

import type { MessageCode } from "../../text/messages.ts";

/** Takes a message and where in the text it belongs. */
export type ReportText = (code: MessageCode, start: number, end: number, ...args: string[]) => void;

const SIMPLE: ReadonlyMap<string, string> = new Map([
  ["n", "\n"], ["t", "\t"], ["r", "\r"], ["\\", "\\"], ['"', '"'], ["0", "\0"], ["$", "$"], ["a", "\x07"], ["b", "\b"],
]);

export const CHAR_NAMES: ReadonlyMap<string, number> = new Map([
  ["space", 32], ["newline", 10], ["tab", 9], ["return", 13], ["nul", 0], ["null", 0], ["alarm", 7], ["backspace", 8],
  ["delete", 127], ["escape", 27], ["linefeed", 10], ["page", 12], ["rubout", 127], ["altmode", 27],
]);

const isScalar = (value: number): boolean => value <= 0x10ffff && !(value >= 0xd800 && value <= 0xdfff);

/** The character an escape stands for and where it ends; `at` is behind the backslash. Unknown escapes keep the backslash. */
export function readEscape(text: string, at: number, report: ReportText): { readonly value: string; readonly end: number } {
  const letter = text[at] ?? "", simple = SIMPLE.get(letter);
  if (simple !== undefined) return { value: simple, end: at + 1 };
  if (letter === "x") return readHexEscape(text, at, report);
  if (letter === "u" || letter === "U") return readFixedEscape(text, at, letter === "u" ? 4 : 8, report);
  const continuation = /[ \t]*\r?\n[ \t]*/y;
  continuation.lastIndex = at;
  if (continuation.test(text)) return { value: "", end: continuation.lastIndex };
  const whole = String.fromCodePoint(text.codePointAt(at) ?? 0x5c);
  return { value: `\\${whole}`, end: at + whole.length };
}

function readHexEscape(text: string, at: number, report: ReportText): { value: string; end: number } {
  const digits = /[0-9a-fA-F]*/y;
  digits.lastIndex = at + 1;
  const hex = digits.exec(text)![0], end = at + 1 + hex.length;
  if (text[end] !== ";") {
    report("E504", at - 1, end);
    return { value: "\ufffd", end };
  }
  if (hex === "") report("E503", at - 1, end + 1);
  return { value: scalar(hex, at - 1, end + 1, report), end: end + 1 };
}

function readFixedEscape(text: string, at: number, count: number, report: ReportText): { value: string; end: number } {
  const hex = /^[0-9a-fA-F]*/.exec(text.slice(at + 1, at + 1 + count))![0], end = at + 1 + hex.length;
  if (hex.length < count) {
    report("E505", at - 1, end, text[at]!, String(count));
    return { value: "\ufffd", end };
  }
  return { value: scalar(hex, at - 1, end, report), end };
}

function scalar(hex: string, start: number, end: number, report: ReportText): string {
  const value = hex === "" ? 0xfffd : Number.parseInt(hex, 16);
  if (isScalar(value)) return String.fromCodePoint(value);
  report("E506", start, end, hex);
  return "\ufffd";
}

/** The character with this name (of more than one character), or null. */
export function namedChar(name: string): number | null {
  const known = CHAR_NAMES.get(name);
  if (known !== undefined) return known;
  const hex = /^[xuU]([0-9a-fA-F]+)$/.exec(name)?.[1];
  if (hex === undefined) return null;
  const value = Number.parseInt(hex, 16);
  return isScalar(value) ? value : null;
}
