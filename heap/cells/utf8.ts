// UTF-8 over the world's bytes. Strings may hold invalid UTF-8 (byte writes, splitting), so every function here is total:
// a code point starts at each byte that is not a continuation byte (10xxxxxx), and one that is malformed stands for its
// first byte. Counts are therefore additive under concatenation, whatever is concatenated.

import type { Mem } from "../memory.ts";

/** True for 10xxxxxx. */
const isContinuation = (byte: number): boolean => (byte & 0xc0) === 0x80;

/** Number of code points in `length` bytes from `from` (8-aligned): bytes that are not continuation bytes, four at a time. */
export function countCodePoints(mem: Mem, from: number, length: number): number {
  const i32 = mem.i32, words = length >> 2, first = from >> 2;
  let continuations = 0;
  for (let w = first; w < first + words; w++) {
    const x = i32[w]!;
    if ((x & 0x80808080) === 0) continue;
    // Bit 0 of each byte: bit 7 set and bit 6 clear; the product sums the four into the top byte.
    continuations += Math.imul((x >>> 7) & ~(x >>> 6) & 0x01010101, 0x01010101) >>> 24;
  }
  for (let at = from + (words << 2); at < from + length; at++) if (isContinuation(mem.u8[at]!)) continuations++;
  return length - continuations;
}

/** Distance from the code point at `at` to the next one, at most to `end`. */
export function widthAt(mem: Mem, at: number, end: number): number {
  const u8 = mem.u8;
  if (u8[at]! < 0x80 && (at + 1 >= end || u8[at + 1]! < 0x80)) return 1;
  let next = at + 1;
  while (next < end && isContinuation(u8[next]!)) next++;
  return next - at;
}

/** Code point at `at`; a malformed one is its first byte. */
export function decodeAt(mem: Mem, at: number, end: number): number {
  const u8 = mem.u8, b0 = u8[at]!;
  if (b0 < 0xc2 || b0 > 0xf4) return b0;
  const b1 = at + 1 < end ? u8[at + 1]! : 0;
  if (!isContinuation(b1)) return b0;
  if (b0 < 0xe0) return ((b0 & 0x1f) << 6) | (b1 & 0x3f);
  const b2 = at + 2 < end ? u8[at + 2]! : 0;
  if (!isContinuation(b2)) return b0;
  if (b0 < 0xf0) {
    const point = ((b0 & 0x0f) << 12) | ((b1 & 0x3f) << 6) | (b2 & 0x3f);
    return point < 0x800 ? b0 : point;
  }
  const b3 = at + 3 < end ? u8[at + 3]! : 0;
  if (!isContinuation(b3)) return b0;
  const point = ((b0 & 0x07) << 18) | ((b1 & 0x3f) << 12) | ((b2 & 0x3f) << 6) | (b3 & 0x3f);
  return point < 0x10000 || point > 0x10ffff ? b0 : point;
}

/** Address of code point number `index` of the bytes [from, end); `end` when there are fewer. */
export function addressOfCodePoint(mem: Mem, from: number, end: number, index: number): number {
  const u8 = mem.u8, i32 = mem.i32;
  let at = from;
  // Four bytes at a time while all four are ASCII or the index is further away than four starts.
  while (at + 4 <= end && (at & 3) === 0 && index >= 4) {
    const x = i32[at >> 2]!;
    index -= (x & 0x80808080) === 0 ? 4 : 4 - (Math.imul((x >>> 7) & ~(x >>> 6) & 0x01010101, 0x01010101) >>> 24);
    at += 4;
  }
  for (; at < end; at++) if (!isContinuation(u8[at]!) && index-- === 0) return at;
  return end;
}

/** Writes a code point as UTF-8 at `at`; returns its width. Surrogates are written as they come (three bytes). */
export function encodeInto(u8: Uint8Array, at: number, point: number): number {
  if (point < 0x80) {
    u8[at] = point;
    return 1;
  }
  if (point < 0x800) {
    u8[at] = 0xc0 | (point >> 6);
    u8[at + 1] = 0x80 | (point & 0x3f);
    return 2;
  }
  if (point < 0x10000) {
    u8[at] = 0xe0 | (point >> 12);
    u8[at + 1] = 0x80 | ((point >> 6) & 0x3f);
    u8[at + 2] = 0x80 | (point & 0x3f);
    return 3;
  }
  u8[at] = 0xf0 | (point >> 18);
  u8[at + 1] = 0x80 | ((point >> 12) & 0x3f);
  u8[at + 2] = 0x80 | ((point >> 6) & 0x3f);
  u8[at + 3] = 0x80 | (point & 0x3f);
  return 4;
}

/** Bytes `encodeInto` writes for the code point. */
export const encodedWidth = (point: number): number => (point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4);

const DECODER = new TextDecoder("utf-8", { ignoreBOM: true });
const ENCODER = new TextEncoder();

/** JS text of the bytes; what is malformed becomes U+FFFD. */
export const decodeText = (bytes: Uint8Array): string => decodeRange(bytes, 0, bytes.length);

/** The same for a part of the bytes. A view of it costs more than a short text itself, so short ones do without. */
export function decodeRange(u8: Uint8Array, from: number, length: number): string {
  const end = from + length;
  let text = "", at = from, all = 0;
  if (length > 40) return DECODER.decode(u8.subarray(from, end));
  // Eight at a time: what costs is each string that is made.
  for (; at + 8 <= end; at += 8) {
    const a = u8[at]!, b = u8[at + 1]!, c = u8[at + 2]!, d = u8[at + 3]!, e = u8[at + 4]!, f = u8[at + 5]!, g = u8[at + 6]!, h = u8[at + 7]!;
    all |= a | b | c | d | e | f | g | h;
    text += String.fromCharCode(a, b, c, d, e, f, g, h);
  }
  if (at + 4 <= end) {
    const a = u8[at]!, b = u8[at + 1]!, c = u8[at + 2]!, d = u8[at + 3]!;
    all |= a | b | c | d;
    text += String.fromCharCode(a, b, c, d);
    at += 4;
  }
  if (at + 2 <= end) {
    const a = u8[at]!, b = u8[at + 1]!;
    all |= a | b;
    text += String.fromCharCode(a, b);
    at += 2;
  }
  if (at < end) {
    all |= u8[at]!;
    text += String.fromCharCode(u8[at]!);
  }
  return all < 0x80 ? text : DECODER.decode(u8.subarray(from, end));
}

/** UTF-8 bytes of JS text; lone surrogates become U+FFFD. */
export const encodeText = (text: string): Uint8Array => ENCODER.encode(text);
