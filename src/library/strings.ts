// The methods of strings. Indices count code points unless a method says bytes; casing and trimming are ASCII. The receiver
// is never changed: every result is a new string.

import { newArray, push } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { find } from "../../heap/cells/search.ts";
import { byteLength, byteWidthAt, bytesOf, codePointAt, codePoints, newString, substringBytes } from "../../heap/cells/string.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import type { NativeInfo } from "../vm/native.ts";
import { locate } from "../vm/indexing.ts";
import { checkTextSize } from "../vm/text-limit.ts";
import type { Vm } from "../vm/vm.ts";
import { integerArgument, isString, method, receiver, stringArgument } from "./arguments.ts";
import { newBufferOf } from "./buffers.ts";
import { deserialize } from "./json.ts";

/** Charges for scanning or copying bytes. */
function chargeBytes(vm: Vm, bytes: number): void {
  vm.chargeFuel(bytes >> 2);
}

/** Stores the bytes [from, to) of the receiver as the result. */
function returnPart(vm: Vm, base: number, from: number, to: number): void {
  chargeBytes(vm, to - from);
  vm.heap.setCell(base - 2, CellKind.String, substringBytes(vm.heap, receiver(vm, base), from, to));
}

/** Stores the code points [from, to) of the receiver as the result. */
function returnCodePoints(vm: Vm, base: number, from: number, to: number): void {
  const str = receiver(vm, base);
  returnPart(vm, base, locate(vm, str, from), locate(vm, str, Math.max(from, to)));
}

const clamp = (x: number, high: number): number => (x < 0 ? 0 : x > high ? high : x);

/** Both arguments as integers, for substr and slice. */
function integerPair(vm: Vm, base: number, name: string): [number, number] {
  const error = `${name}() arguments must be integers`;
  return [integerArgument(vm, base, error), integerArgument(vm, base + 1, error)];
}

function substr(vm: Vm, base: number): void {
  const [start, count] = integerPair(vm, base, "substr");
  const length = codePoints(vm.heap, receiver(vm, base)), from = clamp(start, length);
  returnCodePoints(vm, base, from, from + clamp(count, length - from));
}

function slice(vm: Vm, base: number): void {
  const [start, end] = integerPair(vm, base, "slice");
  const length = codePoints(vm.heap, receiver(vm, base));
  returnCodePoints(vm, base, clamp(start, length), clamp(end, length));
}

/** Byte index of the string argument in the receiver, from a byte index on. */
function search(vm: Vm, base: number, from: number): number {
  const str = receiver(vm, base), at = find(vm.heap, str, vm.heap.lo(base), from, () => vm.checkStop());
  chargeBytes(vm, (at < 0 ? byteLength(vm.heap, str) : at) - from);
  return at;
}

function findMethod(vm: Vm, base: number): void {
  stringArgument(vm, base, "find() argument must be a string");
  vm.heap.setI32(base - 2, search(vm, base, 0));
}

function contains(vm: Vm, base: number): void {
  stringArgument(vm, base, "contains() argument must be a string");
  vm.heap.setBool(base - 2, search(vm, base, 0) >= 0);
}

/** Whether the argument's bytes stand in the receiver at the byte index. */
function matchesAt(vm: Vm, base: number, at: number): boolean {
  const hay = bytesOf(vm.heap, receiver(vm, base)), needle = bytesOf(vm.heap, vm.heap.lo(base));
  if (at < 0 || at + needle.length > hay.length) return false;
  chargeBytes(vm, needle.length);
  for (let i = 0; i < needle.length; i++) if (hay[at + i] !== needle[i]) return false;
  return true;
}

function startsWith(vm: Vm, base: number): void {
  stringArgument(vm, base, "starts_with() argument must be a string");
  vm.heap.setBool(base - 2, matchesAt(vm, base, 0));
}

function endsWith(vm: Vm, base: number): void {
  const suffix = stringArgument(vm, base, "ends_with() argument must be a string");
  vm.heap.setBool(base - 2, matchesAt(vm, base, byteLength(vm.heap, receiver(vm, base)) - byteLength(vm.heap, suffix)));
}

/** Appends the bytes [from, to) of the receiver as a new string to the array in slot `list`; base + 2 is scratch. */
function pushPart(vm: Vm, base: number, list: number, from: number, to: number): void {
  const part = substringBytes(vm.heap, receiver(vm, base), from, to);
  vm.heap.setCell(base + 2, CellKind.String, part);
  push(vm.heap, vm.heap.lo(list), base + 2);
}

/** An empty delimiter splits into single bytes, valid text or not. */
function split(vm: Vm, base: number): void {
  const heap = vm.heap, delimiter = stringArgument(vm, base, "split() delimiter must be a string");
  const list = base + 1, width = byteLength(heap, delimiter);
  heap.setCell(list, CellKind.Array, newArray(heap, 4));
  const total = byteLength(heap, receiver(vm, base));
  let from = 0;
  if (width === 0) {
    for (; from < total; from++) pushPart(vm, base, list, from, from + 1);
    vm.chargeFuel(16 * total);
  } else {
    for (let at = search(vm, base, 0); at >= 0; at = search(vm, base, from)) {
      pushPart(vm, base, list, from, at);
      vm.chargeFuel(16);
      from = at + width;
    }
    pushPart(vm, base, list, from, total);
  }
  heap.copySlot(base - 2, list);
}

const isBlank = (byte: number | undefined): boolean => byte === 0x20 || byte === 0x09 || byte === 0x0a || byte === 0x0d;

function trim(vm: Vm, base: number): void {
  const bytes = bytesOf(vm.heap, receiver(vm, base));
  let from = 0, to = bytes.length;
  while (from < to && isBlank(bytes[from])) from++;
  while (to > from && isBlank(bytes[to - 1])) to--;
  chargeBytes(vm, bytes.length - (to - from));
  returnPart(vm, base, from, to);
}

/** The receiver with each byte of [low, high] moved by `shift`. */
function mapBytes(vm: Vm, base: number, low: number, high: number, shift: number): void {
  const bytes = bytesOf(vm.heap, receiver(vm, base)).slice();
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte >= low && byte <= high) bytes[i] = byte + shift;
  }
  chargeBytes(vm, bytes.length);
  vm.heap.setCell(base - 2, CellKind.String, newString(vm.heap, bytes));
}

function stringPair(vm: Vm, base: number, name: string): void {
  if (!isString(vm, base) || !isString(vm, base + 1)) vm.throwError(`${name}() arguments must be strings`);
}

function replace(vm: Vm, base: number): void {
  stringPair(vm, base, "replace");
  replaceFrom(vm, base, 1);
}

function replaceAll(vm: Vm, base: number): void {
  stringPair(vm, base, "replace_all");
  const nothing = byteLength(vm.heap, vm.heap.lo(base)) === 0;
  replaceFrom(vm, base, nothing ? 0 : Infinity);
}

/** The receiver with the first `limit` occurrences of the first argument replaced by the second. */
function replaceFrom(vm: Vm, base: number, limit: number): void {
  const heap = vm.heap, str = receiver(vm, base), text = bytesOf(heap, str), by = bytesOf(heap, heap.lo(base + 1));
  const width = byteLength(heap, heap.lo(base)), out = new StringBuilder();
  let from = 0;
  for (let done = 0; done < limit; done++) {
    const at = search(vm, base, from);
    if (at < 0) break;
    out.appendBytes(text.subarray(from, at)).appendBytes(by);
    checkTextSize(vm, out);
    from = at + width;
  }
  if (from === 0 && out.length === 0) return returnPart(vm, base, 0, text.length);
  out.appendBytes(text.subarray(from));
  chargeBytes(vm, out.length);
  heap.setCell(base - 2, CellKind.String, out.finish(heap));
}

function repeat(vm: Vm, base: number): void {
  const count = integerArgument(vm, base, "repeat() count must be an integer"), heap = vm.heap;
  if (count < 0) vm.throwError("repeat() count cannot be negative");
  const bytes = bytesOf(heap, receiver(vm, base)), total = count * bytes.length;
  if (total > heap.settings.maxBytes) heap.outOfMemory();
  chargeBytes(vm, total);
  const result = new Uint8Array(total);
  if (total > 0) {
    // Doubling what is there already: few copies however many repetitions.
    result.set(bytes);
    for (let filled = bytes.length; filled < total; filled *= 2) result.copyWithin(filled, 0, Math.min(filled, total - filled));
  }
  heap.setCell(base - 2, CellKind.String, newString(heap, result));
}

function charAt(vm: Vm, base: number): void {
  const index = integerArgument(vm, base, "char_at() index must be an integer"), str = receiver(vm, base);
  const length = codePoints(vm.heap, str);
  if (index < 0 || index >= length) vm.throwError(`char_at() index ${index} out of bounds (length=${length})`);
  vm.heap.setSlot(base - 2, Hi.Rune, codePointAt(vm.heap, str, locate(vm, str, index)));
}

function byteAt(vm: Vm, base: number): void {
  const index = integerArgument(vm, base, "byte_at() index must be an integer"), bytes = bytesOf(vm.heap, receiver(vm, base));
  if (index < 0 || index >= bytes.length) vm.throwError(`byte_at() index ${index} out of bounds (byte_length=${bytes.length})`);
  vm.heap.setSlot(base - 2, Hi.U8, bytes[index]!);
}

function chars(vm: Vm, base: number): void {
  const heap = vm.heap, list = base, item = base + 1, str = receiver(vm, base), total = byteLength(heap, str);
  heap.setCell(list, CellKind.Array, newArray(heap, codePoints(heap, str)));
  for (let at = 0; at < total; at += byteWidthAt(heap, str, at)) {
    heap.setSlot(item, Hi.Rune, codePointAt(heap, str, at));
    push(heap, heap.lo(list), item);
  }
  chargeBytes(vm, 16 * total);
  heap.copySlot(base - 2, list);
}

function bytesMethod(vm: Vm, base: number): void {
  const heap = vm.heap, list = base, item = base + 1, bytes = bytesOf(heap, receiver(vm, base)).slice();
  heap.setCell(list, CellKind.Array, newArray(heap, bytes.length));
  for (const byte of bytes) {
    heap.setSlot(item, Hi.U8, byte);
    push(heap, heap.lo(list), item);
  }
  chargeBytes(vm, 16 * bytes.length);
  heap.copySlot(base - 2, list);
}

function toBytes(vm: Vm, base: number): void {
  newBufferOf(vm, base - 2, bytesOf(vm.heap, receiver(vm, base)).slice());
}

export const STRING_METHODS: readonly NativeInfo[] = [
  method("string.substr", "start, length", "part by code points; clamped", substr),
  method("string.slice", "start, end", "part by code points, end exclusive; clamped", slice),
  method("string.find", "substring", "byte index of the first occurrence, -1 when there is none", findMethod),
  method("string.contains", "substring", "whether it occurs", contains),
  method("string.split", "delimiter", "array of the pieces; an empty delimiter gives single bytes", split),
  method("string.trim", "", "without spaces, tabs, LF and CR at both ends", trim),
  method("string.to_upper", "", "ASCII letters in upper case", (vm, base) => mapBytes(vm, base, 0x61, 0x7a, -32)),
  method("string.to_lower", "", "ASCII letters in lower case", (vm, base) => mapBytes(vm, base, 0x41, 0x5a, 32)),
  method("string.starts_with", "prefix", "whether it begins so", startsWith),
  method("string.ends_with", "suffix", "whether it ends so", endsWith),
  method("string.replace", "old, new", "with the first occurrence replaced", replace),
  method("string.replace_all", "old, new", "with every occurrence replaced", replaceAll),
  method("string.repeat", "count", "that many copies", repeat),
  method("string.char_at", "index", "rune at a code point index", charAt),
  method("string.byte_at", "index", "u8 at a byte index", byteAt),
  method("string.chars", "", "array of runes", chars),
  method("string.bytes", "", "array of u8", bytesMethod),
  method("string.to_bytes", "", "buffer with the bytes", toBytes),
  method("string.deserialize", "", "the JSON value it holds", deserialize),
];
