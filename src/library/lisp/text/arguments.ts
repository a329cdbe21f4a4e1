// Reading the arguments of text natives and storing their results. Texts are handled as JS strings; where only bytes or
// counts matter, natives look at the cell itself.

import { elementSlot, length as arrayLength } from "../../../../heap/cells/array.ts";
import { isInteger, smallInteger, integerValue } from "../../../../heap/cells/bigint.ts";
import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { carSlot, cdrSlot, newPair } from "../../../../heap/cells/pair.ts";
import { byteLength, newStringFromText, textOf } from "../../../../heap/cells/string.ts";
import { vectorCount, vectorItem } from "../../../../heap/cells/vector.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { Native, NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { improperList } from "../collections/arguments.ts";
import { evalError, typeError } from "../conditions.ts";

/** A Lisp function; `names` are its name and aliases, separated by blanks. */
export function lisp(names: string, min: number, max: number, doc: string, run: Native): NativeInfo {
  const [name, ...aliases] = names.split(" ");
  return { name: `lisp:${name}`, ...(aliases.length > 0 ? { aliases } : {}), min, max, doc, run };
}

/** First of the slots that natives of at most 8 arguments may use freely. */
export const SCRATCH = 8;

/** Charges for scanning or making so many bytes. */
export const chargeBytes = (vm: Vm, bytes: number): void => vm.chargeFuel(bytes >> 2);

/** Cell of the string argument. */
export function stringArgument(vm: Vm, slot: number): number {
  if (vm.heap.hi(slot) !== CellHi.String) typeError(vm, "string", slot);
  return vm.heap.lo(slot);
}

/** The string argument as JS text. */
export function textArgument(vm: Vm, slot: number): string {
  const str = stringArgument(vm, slot);
  chargeBytes(vm, byteLength(vm.heap, str));
  return textOf(vm.heap, str);
}

/** Code point of the character argument. */
export function characterArgument(vm: Vm, slot: number): number {
  if (vm.heap.hi(slot) !== Hi.Rune) typeError(vm, "char", slot);
  return vm.heap.lo(slot);
}

/** The int argument; one beyond 48 bits becomes infinite. */
export function integerArgument(vm: Vm, slot: number): number {
  if (!isInteger(vm.heap, slot)) typeError(vm, "int", slot);
  const small = smallInteger(vm.heap, slot);
  return small === small ? small : Number(integerValue(vm.heap, slot)) * Infinity;
}

/** The int argument, which must not be negative. */
export function countArgument(vm: Vm, slot: number, name: string): number {
  const count = integerArgument(vm, slot);
  if (count < 0) evalError(vm, `${name}: expected a non-negative integer, got ${integerValue(vm.heap, slot)}`);
  return count;
}

/** Slots of the elements of a list, vector or mutable array; `expected` names what is wanted. */
export function sequenceArgument(vm: Vm, slot: number, expected = "list, vector, or mutable-array"): number[] {
  const mem = vm.heap, cell = mem.lo(slot), slots: number[] = [];
  switch (mem.hi(slot)) {
    case Hi.Empty: return slots;
    case CellHi.Vector: for (let i = 0; i < vectorCount(mem, cell); i++) slots.push(vectorItem(cell, i)); break;
    case CellHi.Array: for (let i = 0; i < arrayLength(mem, cell); i++) slots.push(elementSlot(mem, cell, i)); break;
    case CellHi.Pair: return listArgument(vm, slot, expected);
    default: typeError(vm, expected, slot);
  }
  vm.chargeFuel(4 * slots.length);
  return slots;
}

/** Slots of the elements of a proper list. */
export function listArgument(vm: Vm, slot: number, expected = "list"): number[] {
  const mem = vm.heap, slots: number[] = [], most = mem.worldBytes >> 4;
  let rest = slot;
  for (; mem.hi(rest) === CellHi.Pair; rest = cdrSlot(mem.lo(rest))) {
    if (slots.push(carSlot(mem.lo(rest))) > most) improperList(vm, "circular list");
  }
  vm.chargeFuel(4 * slots.length);
  if (mem.hi(rest) === Hi.Empty) return slots;
  return slots.length > 0 ? improperList(vm, "improper list") : typeError(vm, expected, slot);
}

/** Stores a new string in a slot. */
export function storeString(vm: Vm, slot: number, text: string): void {
  chargeBytes(vm, text.length);
  if (text.length > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
  vm.heap.setCell(slot, CellKind.String, newStringFromText(vm.heap, text));
}

/** The text as result. */
export const returnText = (vm: Vm, base: number, text: string): void => storeString(vm, base - 2, text);
export const returnBool = (vm: Vm, base: number, value: boolean): void => vm.heap.setBool(base - 2, value);
export const returnCharacter = (vm: Vm, base: number, point: number): void => vm.heap.setSlot(base - 2, Hi.Rune, point);

/** Stores a list of `count` values in a slot; `put` writes number i into the scratch slot it is given. */
export function storeList(vm: Vm, dst: number, scratch: number, count: number, put: (i: number, slot: number) => void): void {
  const heap = vm.heap;
  heap.setSlot(dst, Hi.Empty, 0);
  for (let i = count - 1; i >= 0; i--) {
    put(i, scratch);
    heap.setCell(dst, CellKind.Pair, newPair(heap, scratch, dst));
  }
  vm.chargeFuel(8 * count);
}

/** Bytes a list takes for each string in it, at least. */
const BYTES_PER_TEXT = 72;
/** Bytes of a pair. */
const BYTES_PER_ITEM = 24;

/** Raises out of memory unless a list of so many values may fit. */
export function allowList(vm: Vm, count: number): void {
  if (count * BYTES_PER_ITEM > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
}

/** The same for strings that are yet to be made. */
export function allowTexts(vm: Vm, count: number): void {
  if (count * BYTES_PER_TEXT > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
}

/** The parts between separators, an empty one standing between all characters, unless they are too many for a list. */
export function splitText(vm: Vm, text: string, separator: string): string[] {
  if (separator === "") allowTexts(vm, text.length >> 1);
  const parts = separator === "" ? [...text] : text.split(separator, Math.floor(vm.heap.settings.maxBytes / BYTES_PER_TEXT) + 1);
  allowTexts(vm, parts.length);
  return parts;
}

/** A list of strings as result. */
export function returnTexts(vm: Vm, base: number, texts: readonly string[]): void {
  storeList(vm, base - 2, base + SCRATCH, texts.length, (i, slot) => storeString(vm, slot, texts[i]!));
}

/** A list of characters as result. */
export function returnCharacters(vm: Vm, base: number, points: readonly number[]): void {
  storeList(vm, base - 2, base + SCRATCH, points.length, (i, slot) => vm.heap.setSlot(slot, Hi.Rune, points[i]!));
}

/** Joins texts that together may be too long for a string. */
export function joined(vm: Vm, texts: Iterable<string>, separator = ""): StringBuilder {
  const out = new StringBuilder();
  let isFirst = true;
  for (const text of texts) {
    if (!isFirst) out.appendText(separator);
    out.appendText(text);
    checkTextSize(vm, out);
    isFirst = false;
  }
  return out;
}

/** Code points of a text. */
export const pointsOf = (text: string): number[] => Array.from(text, (each) => each.codePointAt(0)!);

/** A native of one text that answers a text. */
export const textFunction = (names: string, doc: string, change: (text: string) => string): NativeInfo =>
  lisp(names, 1, 1, doc, (vm, base) => returnText(vm, base, change(textArgument(vm, base))));

/** A native of two texts that answers a text. */
export const textPairFunction = (names: string, doc: string, change: (text: string, part: string) => string): NativeInfo =>
  lisp(names, 2, 2, doc, (vm, base) => returnText(vm, base, change(textArgument(vm, base), textArgument(vm, base + 1))));
