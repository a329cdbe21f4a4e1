// Functions that look into strings: length, characters, parts by index, and searching. Indices count Unicode scalars.

import { byteLength, byteWidthAt, bytesOf, codePointAt, codePoints, newString, substringBytes } from "../../../../heap/cells/string.ts";
import { find } from "../../../../heap/cells/search.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { locate } from "../../../vm/indexing.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import {
  SCRATCH, allowList, chargeBytes, countArgument, integerArgument, lisp,
  pointsOf, returnBool, returnCharacters, returnText, storeList, stringArgument, textArgument,
} from "./arguments.ts";
import { stringOrKeyword } from "./names.ts";

function stringRef(vm: Vm, base: number): void {
  const str = stringArgument(vm, base), index = integerArgument(vm, base + 1), length = codePoints(vm.heap, str);
  if (index < 0) evalError(vm, `string-ref: index ${index} must be non-negative`);
  if (index >= length) evalError(vm, `string-ref: index ${index} out of bounds (string length ${length})`);
  vm.heap.setSlot(base - 2, Hi.Rune, codePointAt(vm.heap, str, locate(vm, str, index)));
}

/** Bytes [from, to) of a string for the optional scalar indices in slots first and first + 1. */
function byteRange(vm: Vm, str: number, first: number, last: number, name: string): [from: number, to: number] {
  const length = codePoints(vm.heap, str);
  const start = first < last ? integerArgument(vm, first) : 0, end = first + 1 < last ? integerArgument(vm, first + 1) : length;
  if (start < 0) evalError(vm, `${name}: start index ${start} must be non-negative`);
  if (end < 0) evalError(vm, `${name}: end index ${end} must be non-negative`);
  if (start > end || end > length) evalError(vm, `${name}: index out of bounds`);
  return [locate(vm, str, start), locate(vm, str, end)];
}

const substring = (name: string) => (vm: Vm, base: number, argc: number): void => {
  const str = stringArgument(vm, base), [from, to] = byteRange(vm, str, base + 1, base + argc, name);
  chargeBytes(vm, to - from);
  vm.heap.setCell(base - 2, CellKind.String, substringBytes(vm.heap, str, from, to));
};

/** The text of an optional range, for functions that go through characters. */
function rangeText(vm: Vm, base: number, argc: number, name: string): string {
  const str = stringArgument(vm, base);
  allowList(vm, codePoints(vm.heap, str));
  if (argc === 1) return textArgument(vm, base);
  const [from, to] = byteRange(vm, str, base + 1, base + argc, name);
  chargeBytes(vm, to - from);
  return new TextDecoder().decode(bytesOf(vm.heap, str).subarray(from, to));
}

function characters(vm: Vm, base: number): void {
  allowList(vm, codePoints(vm.heap, stringArgument(vm, base)));
  returnCharacters(vm, base, pointsOf(textArgument(vm, base)));
}

/** Number of scalars in the first bytes of a string. */
function pointsBefore(vm: Vm, str: number, bytes: number): number {
  if (codePoints(vm.heap, str) === byteLength(vm.heap, str)) return bytes;
  let count = 0;
  const view = bytesOf(vm.heap, str);
  for (let i = 0; i < bytes; i++) if ((view[i]! & 0xc0) !== 0x80) count++;
  chargeBytes(vm, 4 * bytes);
  return count;
}

/** Stores a byte index as a scalar index, -1 as nil. */
function returnIndex(vm: Vm, base: number, str: number, at: number): void {
  if (at < 0) vm.heap.setNull(base - 2);
  else setInteger(vm.heap, base - 2, pointsBefore(vm, str, at));
}

function indexOf(vm: Vm, base: number, argc: number): void {
  const str = stringArgument(vm, base), part = stringArgument(vm, base + 1);
  const start = argc > 2 ? countArgument(vm, base + 2, "string/index-of") : 0;
  if (start > codePoints(vm.heap, str)) return vm.heap.setNull(base - 2);
  const from = locate(vm, str, start), at = find(vm.heap, str, part, from, () => vm.checkStop());
  chargeBytes(vm, (at < 0 ? byteLength(vm.heap, str) : at) - from);
  returnIndex(vm, base, str, at);
}

function lastIndexOf(vm: Vm, base: number): void {
  const text = textArgument(vm, base), at = text.lastIndexOf(textArgument(vm, base + 1));
  if (at < 0) return vm.heap.setNull(base - 2);
  setInteger(vm.heap, base - 2, pointsOf(text.slice(0, at)).length);
}

function contains(vm: Vm, base: number): void {
  const str = stringArgument(vm, base), part = stringArgument(vm, base + 1);
  chargeBytes(vm, byteLength(vm.heap, str));
  returnBool(vm, base, find(vm.heap, str, part, 0, () => vm.checkStop()) >= 0);
}

/** Whether the second string stands in the first at a byte index. */
function standsAt(vm: Vm, base: number, at: (length: number, part: number) => number): boolean {
  const bytes = bytesOf(vm.heap, stringArgument(vm, base)), part = bytesOf(vm.heap, stringArgument(vm, base + 1));
  const from = at(bytes.length, part.length);
  chargeBytes(vm, part.length);
  if (from < 0 || from + part.length > bytes.length) return false;
  for (let i = 0; i < part.length; i++) if (bytes[from + i] !== part[i]) return false;
  return true;
}

function take(vm: Vm, base: number): void {
  const str = stringArgument(vm, base), count = integerArgument(vm, base + 1), length = codePoints(vm.heap, str);
  const from = count < 0 ? Math.max(0, length + count) : 0, to = count < 0 ? length : Math.min(count, length);
  const first = locate(vm, str, from), end = locate(vm, str, to);
  chargeBytes(vm, end - first);
  vm.heap.setCell(base - 2, CellKind.String, substringBytes(vm.heap, str, first, end));
}

function reverse(vm: Vm, base: number): void {
  const heap = vm.heap, str = stringArgument(vm, base), bytes = bytesOf(heap, str), result = new Uint8Array(bytes.length);
  for (let at = 0; at < bytes.length;) {
    const width = byteWidthAt(heap, str, at);
    result.set(bytes.subarray(at, at + width), bytes.length - at - width);
    at += width;
  }
  chargeBytes(vm, 4 * bytes.length);
  heap.setCell(base - 2, CellKind.String, newString(heap, result));
}

function codePointList(vm: Vm, base: number): void {
  allowList(vm, codePoints(vm.heap, stringArgument(vm, base)));
  const points = pointsOf(textArgument(vm, base));
  storeList(vm, base - 2, base + SCRATCH, points.length, (i, slot) => vm.heap.setI32(slot, points[i]!));
}

function toCharacter(vm: Vm, base: number): void {
  const str = stringArgument(vm, base), count = codePoints(vm.heap, str);
  if (count === 0) evalError(vm, "string->char: empty string");
  if (count !== 1) evalError(vm, "string->char: string must have exactly one character");
  vm.heap.setSlot(base - 2, Hi.Rune, codePointAt(vm.heap, str, 0));
}

const FORMS: readonly string[] = ["NFC", "NFD", "NFKC", "NFKD"];

/** Name of a normal form, a keyword or string. */
function formName(vm: Vm, slot: number): string {
  const name = stringOrKeyword(vm, slot);
  return name ?? typeError(vm, "string or keyword", slot);
}

function normalize(vm: Vm, base: number): void {
  const text = textArgument(vm, base), given = formName(vm, base + 1), form = given.toUpperCase();
  if (!FORMS.includes(form)) evalError(vm, `string/normalize: unknown form "${given}"`);
  returnText(vm, base, text.normalize(form));
}

export const READING: readonly NativeInfo[] = [
  lisp("string-length string/length", 1, 1, "number of characters",
    (vm, base) => vm.heap.setI32(base - 2, codePoints(vm.heap, stringArgument(vm, base)))),
  lisp("string/byte-length", 1, 1, "number of bytes of the UTF-8 form",
    (vm, base) => vm.heap.setI32(base - 2, byteLength(vm.heap, stringArgument(vm, base)))),
  lisp("string-ref string/ref", 2, 2, "character at an index", stringRef),
  lisp("substring string/slice", 2, 3, "part from an index up to another or the end", substring("substring")),
  lisp("string-copy", 1, 3, "the string, or a part of it", substring("string-copy")),
  lisp("string->list string/to-list", 1, 3, "list of the characters", (vm, base, argc) => returnCharacters(vm, base, pointsOf(rangeText(vm, base, argc, "string->list")))),
  lisp("string/chars", 1, 1, "list of the characters", characters),
  lisp("%string-characters", 1, 1, "list of the characters", characters),
  lisp("string/codepoints", 1, 1, "list of the code points", codePointList),
  lisp("string->char string/to-char", 1, 1, "the only character of a string", toCharacter),
  lisp("string/index-of", 2, 3, "index of the first occurrence of a string, from an index on; nil", indexOf),
  lisp("string/last-index-of", 2, 2, "index of the last occurrence of a string; nil", lastIndexOf),
  lisp("string/contains?", 2, 2, "whether the second string occurs in the first", contains),
  lisp("string/starts-with?", 2, 2, "whether the first string starts with the second", (vm, base) => returnBool(vm, base, standsAt(vm, base, () => 0))),
  lisp("string/ends-with?", 2, 2, "whether the first string ends with the second",
    (vm, base) => returnBool(vm, base, standsAt(vm, base, (length, part) => length - part))),
  lisp("string/take", 2, 2, "the first characters; a negative count takes the last ones", take),
  lisp("string/reverse", 1, 1, "the characters in reverse order", reverse),
  lisp("string/empty?", 1, 1, "whether the string has no characters", (vm, base) => returnBool(vm, base, byteLength(vm.heap, stringArgument(vm, base)) === 0)),
  lisp("string/intern", 1, 1, "the string itself", (vm, base) => { stringArgument(vm, base); vm.heap.copySlot(base - 2, base); }),
  lisp("string/normalize", 2, 2, "the Unicode normal form :nfc, :nfd, :nfkc or :nfkd", normalize),
];
