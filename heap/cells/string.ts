// String cells: a header with identity over Bytes that several headers may share.
//
//   header A ─ ByteLength 5 ──┐
//   header B ─ ByteLength 9 ──┴─► Bytes │ h e l l o + x y z │ free … │     Used = 9
//
// Rules
// 1. The bytes [0, ByteLength) of a header never change unless that header writes; a writer copies first when the Bytes are
//    Shared.
// 2. Only the header whose ByteLength equals Used may append in place; it moves Used, so no other can do it again.
// 3. A write resets CodePoints, Hash and Symbol of its header.
//
// Most functions also take a Symbol: the layouts are the same.

import { Bytes, Str } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { Root } from "../roots.ts";
import { CellKind } from "../value.ts";
import { bytesCapacity, newBytes } from "./bytes.ts";
import { integerWidth, writeInteger } from "./digits.ts";
import { addressOfCodePoint, countCodePoints, decodeAt, decodeRange, encodedWidth, encodeInto, encodeText, widthAt } from "./utf8.ts";

/** Cell flag of a String made by `concat`: extending it again reserves double the room. */
const FLAG_BUILT = 1 << 16;
/** From this many bytes on, extending a built string reserves room. */
const RESERVE_FROM = 32;

/** A header over the first `length` bytes of `data`, which must be reachable or held. */
function newHeader(heap: Heap, data: number, length: number, points: number, flags: number): number {
  const str = heap.allocate(CellKind.String, Str.Size), w = str >> 2, i32 = heap.i32;
  i32[w] = CellKind.String | flags;
  i32[w + (Str.Data >> 2)] = data;
  i32[w + (Str.ByteLength >> 2)] = length;
  i32[w + (Str.CodePoints >> 2)] = points;
  i32[w + (Str.Hash >> 2)] = 0;
  i32[w + (Str.Symbol >> 2)] = 0;
  return str;
}

/** A new string of `length` bytes that the caller fills before anything else happens; room for `capacity`. */
export function newStringOfLength(heap: Heap, length: number, points: number, capacity = length, built = false): number {
  const data = newBytes(heap, capacity, length), flags = built ? FLAG_BUILT : 0;
  if (heap.fits(Str.Size)) return newHeader(heap, data, length, points, flags);
  heap.setRoot(Root.HoldString, CellKind.Bytes, data);
  const str = newHeader(heap, data, length, points, flags);
  heap.clearRoot(Root.HoldString);
  return str;
}

/** Address of the first byte of the text. */
export const dataAddress = (mem: Mem, str: number): number => mem.i32[(str + Str.Data) >> 2]! + Bytes.Data;
export const byteLength = (mem: Mem, str: number): number => mem.i32[(str + Str.ByteLength) >> 2]!;

/** A new string with a copy of the bytes, which must not be a view of the world. */
export function newString(heap: Heap, bytes: Uint8Array): number {
  const str = newStringOfLength(heap, bytes.length, -1);
  heap.u8.set(bytes, dataAddress(heap, str));
  return str;
}

/** A new string with the UTF-8 of a JS text. */
export function newStringFromText(heap: Heap, text: string): number {
  const length = text.length;
  if (length > 256) return newString(heap, encodeText(text));
  const str = newStringOfLength(heap, length, length), at = dataAddress(heap, str), u8 = heap.u8;
  let all = 0;
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    all |= unit;
    u8[at + i] = unit;
  }
  // Most short texts are ASCII; what was begun for another is left to the collector.
  return all < 0x80 ? str : newString(heap, encodeText(text));
}

/** A new string with an integer of up to 32 bits in decimal. */
export function newStringFromInteger(heap: Heap, x: number): number {
  const width = integerWidth(x), str = newStringOfLength(heap, width, width);
  writeInteger(heap.u8, dataAddress(heap, str), x);
  return str;
}

/** JS text; malformed UTF-8 becomes U+FFFD. */
export const textOf = (mem: Mem, str: number): string => decodeRange(mem.u8, dataAddress(mem, str), byteLength(mem, str));

/** The bytes as a view into the world, valid until the next allocation. */
export function bytesOf(mem: Mem, str: number): Uint8Array {
  const at = dataAddress(mem, str);
  return mem.u8.subarray(at, at + byteLength(mem, str));
}

/** Number of code points, counted once. */
export function codePoints(mem: Mem, str: number): number {
  const known = mem.i32[(str + Str.CodePoints) >> 2]!;
  if (known >= 0) return known;
  const count = countCodePoints(mem, dataAddress(mem, str), byteLength(mem, str));
  mem.i32[(str + Str.CodePoints) >> 2] = count;
  return count;
}

/** True when every byte is a code point of its own: code point and byte indices agree. Exactly the ASCII strings when valid. */
export const isAscii = (mem: Mem, str: number): boolean => codePoints(mem, str) === byteLength(mem, str);

/** A new string with the same text, sharing its bytes: evaluating a literal, a symbol's text. */
export function freshString(heap: Heap, source: number): number {
  const str = heap.allocate(CellKind.String, Str.Size), i32 = heap.i32, from = source >> 2, to = str >> 2;
  const data = i32[from + (Str.Data >> 2)]!;
  i32[(data + Bytes.Shared) >> 2] = 1;
  i32[to + (Str.Data >> 2)] = data;
  i32[to + (Str.ByteLength >> 2)] = i32[from + (Str.ByteLength >> 2)]!;
  i32[to + (Str.CodePoints >> 2)] = i32[from + (Str.CodePoints >> 2)]!;
  i32[to + (Str.Hash >> 2)] = i32[from + (Str.Hash >> 2)]!;
  i32[to + (Str.Symbol >> 2)] = (i32[from]! & 0xff) === CellKind.Symbol ? source : i32[from + (Str.Symbol >> 2)]!;
  return str;
}

/** A new string: the text of a, then that of b. Extends a's bytes in place when it may. */
export function concat(heap: Heap, a: number, b: number): number {
  const la = byteLength(heap, a), lb = byteLength(heap, b);
  if (lb === 0) return freshString(heap, a);
  if (la === 0) return freshString(heap, b);
  const str = extended(heap, a, lb, heap.i32[(b + Str.CodePoints) >> 2]!);
  copyBytes(heap.u8, dataAddress(heap, str) + la, dataAddress(heap, b), lb);
  return str;
}

/** The same of the strings in `count` slots from `first` on, which keep them alive. */
export function concatAll(heap: Heap, first: number, count: number): number {
  let rest = 0, points = 0;
  for (let i = 1; i < count; i++) {
    const str = heap.lo(first + i), counted = heap.i32[(str + Str.CodePoints) >> 2]!;
    rest += byteLength(heap, str);
    points = counted < 0 || points < 0 ? -1 : points + counted;
  }
  const str = extended(heap, heap.lo(first), rest, points);
  let to = dataAddress(heap, str) + byteLength(heap, heap.lo(first));
  for (let i = 1; i < count; i++) {
    const part = heap.lo(first + i), length = byteLength(heap, part);
    copyBytes(heap.u8, to, dataAddress(heap, part), length);
    to += length;
  }
  return str;
}

/** The same with an integer of up to 32 bits on the right, in decimal. */
export function concatInteger(heap: Heap, a: number, x: number): number {
  const width = integerWidth(x), str = extended(heap, a, width, width);
  writeInteger(heap.u8, dataAddress(heap, str) + byteLength(heap, a), x);
  return str;
}

/** And on the left. */
export function integerConcat(heap: Heap, x: number, b: number): number {
  const width = integerWidth(x), lb = byteLength(heap, b), points = heap.i32[(b + Str.CodePoints) >> 2]!, total = width + lb;
  const str = newStringOfLength(heap, total, points < 0 ? -1 : width + points, total, true);
  copyBytes(heap.u8, writeInteger(heap.u8, dataAddress(heap, str), x), dataAddress(heap, b), lb);
  return str;
}

/** The same with a short ASCII text of JS on the right. */
export function concatAscii(heap: Heap, a: number, text: string): number {
  const str = extended(heap, a, text.length, text.length), to = dataAddress(heap, str) + byteLength(heap, a), u8 = heap.u8;
  for (let i = 0; i < text.length; i++) u8[to + i] = text.charCodeAt(i);
  return str;
}

/** A new string that begins with the text of a, in its bytes if it may, and has room for `lb` bytes more, `pb` code points (-1: not counted), which the caller fills in at once. */
function extended(heap: Heap, a: number, lb: number, pb: number): number {
  const i32 = heap.i32, la = i32[(a + Str.ByteLength) >> 2]!, total = la + lb, pa = i32[(a + Str.CodePoints) >> 2]!;
  const points = pa < 0 || pb < 0 ? -1 : pa + pb, data = i32[(a + Str.Data) >> 2]!;
  if (i32[(data + Bytes.Used) >> 2] === la && bytesCapacity(heap, data) >= total) {
    const str = newHeader(heap, data, total, points, FLAG_BUILT);
    heap.i32[(data + Bytes.Used) >> 2] = total;
    heap.i32[(data + Bytes.Shared) >> 2] = 1;
    return str;
  }
  const built = (i32[a >> 2]! & FLAG_BUILT) !== 0 && total > RESERVE_FROM;
  const str = newStringOfLength(heap, total, points, built ? 2 * total : total, true);
  copyAligned(heap, dataAddress(heap, str), data + Bytes.Data, la);
  return str;
}

/** Copies the text at the start of one Bytes cell to that of another with room for it; may spoil up to three bytes after it. */
function copyAligned(mem: Mem, to: number, from: number, count: number): void {
  if (count > 128) mem.u8.copyWithin(to, from, from + count);
  else for (let i32 = mem.i32, wt = to >> 2, wf = from >> 2, end = wf + ((count + 3) >> 2); wf < end;) i32[wt++] = i32[wf++]!;
}

/** Copies bytes within the world; the built-in copy only pays from a few dozen bytes on. */
export function copyBytes(u8: Uint8Array, to: number, from: number, count: number): void {
  if (count > 48) u8.copyWithin(to, from, from + count);
  else for (let i = 0; i < count; i++) u8[to + i] = u8[from + i]!;
}

/** A new string with the bytes [from, to) of another. */
export function substringBytes(heap: Heap, source: number, from: number, to: number): number {
  const length = to - from;
  if (length === byteLength(heap, source)) return freshString(heap, source);
  const ascii = heap.i32[(source + Str.CodePoints) >> 2] === byteLength(heap, source);
  const str = newStringOfLength(heap, length, ascii ? length : -1);
  copyBytes(heap.u8, dataAddress(heap, str), dataAddress(heap, source) + from, length);
  return str;
}

/** Same text. */
export function equals(mem: Mem, a: number, b: number): boolean {
  if (a === b) return true;
  const length = byteLength(mem, a);
  if (length !== byteLength(mem, b)) return false;
  const i32 = mem.i32, ha = i32[(a + Str.Hash) >> 2]!, hb = i32[(b + Str.Hash) >> 2]!;
  if (ha !== 0 && hb !== 0 && ha !== hb) return false;
  return sameBytes(mem, dataAddress(mem, a), dataAddress(mem, b), length);
}

/** Same bytes at two 8-aligned addresses. */
export function sameBytes(mem: Mem, a: number, b: number, length: number): boolean {
  if (a === b) return true;
  const i32 = mem.i32, u8 = mem.u8, words = length >> 2;
  for (let i = 0, wa = a >> 2, wb = b >> 2; i < words; i++) if (i32[wa + i] !== i32[wb + i]) return false;
  for (let i = words << 2; i < length; i++) if (u8[a + i] !== u8[b + i]) return false;
  return true;
}

/** Bytewise order, which for valid UTF-8 is that of the code points. */
export function compare(mem: Mem, a: number, b: number): -1 | 0 | 1 {
  const la = byteLength(mem, a), lb = byteLength(mem, b), da = dataAddress(mem, a), db = dataAddress(mem, b), u8 = mem.u8;
  const common = Math.min(la, lb);
  for (let i = 0; i < common; i++) {
    const d = u8[da + i]! - u8[db + i]!;
    if (d !== 0) return d < 0 ? -1 : 1;
  }
  return la === lb ? 0 : la < lb ? -1 : 1;
}

/** FNV-1a of bytes, never 0. */
export function hashBytes(u8: Uint8Array, from: number, length: number): number {
  let h = 0x811c9dc5 | 0;
  for (let i = from; i < from + length; i++) h = Math.imul(h ^ u8[i]!, 0x01000193);
  return h === 0 ? 1 : h;
}

/** Hash of the text, computed once. */
export function hash(mem: Mem, str: number): number {
  const known = mem.i32[(str + Str.Hash) >> 2]!;
  if (known !== 0) return known;
  return mem.i32[(str + Str.Hash) >> 2] = hashBytes(mem.u8, dataAddress(mem, str), byteLength(mem, str));
}

/** Byte offset of the code point with this index; the byte length when there are fewer. O(1) when `isAscii`. */
export function byteIndexOf(mem: Mem, str: number, index: number): number {
  const length = byteLength(mem, str);
  if (isAscii(mem, str)) return Math.min(index, length);
  const from = dataAddress(mem, str);
  return addressOfCodePoint(mem, from, from + length, index) - from;
}

/** Code point that starts at a byte offset. */
export function codePointAt(mem: Mem, str: number, offset: number): number {
  const from = dataAddress(mem, str);
  return decodeAt(mem, from + offset, from + byteLength(mem, str));
}

/** Bytes from the code point at a byte offset to the next one. */
export function byteWidthAt(mem: Mem, str: number, offset: number): number {
  const from = dataAddress(mem, str);
  return widthAt(mem, from + offset, from + byteLength(mem, str));
}

/** Makes the bytes the string's own and forgets what was derived from them. */
function prepareWrite(heap: Heap, str: number): void {
  const data = heap.i32[(str + Str.Data) >> 2]!, length = byteLength(heap, str);
  if (heap.i32[(data + Bytes.Shared) >> 2] !== 0) {
    const copy = newBytes(heap, length, length);
    copyBytes(heap.u8, copy + Bytes.Data, heap.i32[(str + Str.Data) >> 2]! + Bytes.Data, length);
    heap.forgetRef(str + Str.Data);
    heap.i32[(str + Str.Data) >> 2] = copy;
  }
  heap.forgetRef(str + Str.Symbol);
  heap.i32[(str + Str.CodePoints) >> 2] = -1;
  heap.i32[(str + Str.Hash) >> 2] = 0;
  heap.i32[(str + Str.Symbol) >> 2] = 0;
}

/** Replaces the code point that starts at a byte offset; the length may change. */
export function replaceCodePoint(heap: Heap, str: number, index: number, point: number): void {
  const old = byteWidthAt(heap, str, index), width = encodedWidth(point), count = heap.i32[(str + Str.CodePoints) >> 2]!;
  // Replacing one character by one keeps their number, unless bytes around it are malformed. Counting anew in a loop of
  // writes would be quadratic.
  const kept = count === byteLength(heap, str) || (point < 0x80 && heap.u8[dataAddress(heap, str) + index]! < 0x80) ? count : -1;
  if (old === width) prepareWrite(heap, str);
  else resizeAt(heap, str, index, old, width);
  encodeInto(heap.u8, dataAddress(heap, str) + index, point);
  heap.i32[(str + Str.CodePoints) >> 2] = kept;
}

/** Copies the string's bytes with the `old` ones at `index` widened or narrowed to `width`. */
function resizeAt(heap: Heap, str: number, index: number, old: number, width: number): void {
  const length = byteLength(heap, str), copy = newBytes(heap, length - old + width, length - old + width);
  const from = dataAddress(heap, str), to = copy + Bytes.Data;
  copyBytes(heap.u8, to, from, index);
  copyBytes(heap.u8, to + index + width, from + index + old, length - index - old);
  const i32 = heap.i32, w = str >> 2;
  heap.forgetRef(str + Str.Data);
  heap.forgetRef(str + Str.Symbol);
  i32[w + (Str.Data >> 2)] = copy;
  i32[w + (Str.ByteLength >> 2)] = length - old + width;
  i32[w + (Str.CodePoints >> 2)] = -1;
  i32[w + (Str.Hash >> 2)] = 0;
  i32[w + (Str.Symbol >> 2)] = 0;
}
