// Finding text in text, in time linear in both however repetitive they are: a script must not be able to hang its host
// with one call.

import type { Mem } from "../memory.ts";
import { byteLength, bytesOf, dataAddress } from "./string.ts";

/** Needles up to this long are searched naively: fast in practice, and at worst this many steps per byte. */
const NAIVE_BYTES = 32;

/** A mask: how often a long search asks whether to go on. */
const BYTES_BETWEEN = 0xfffff;

/** Byte offset of the first occurrence of `needle` in `hay` at or after `from`, -1 when there is none. `ask` may throw, to end a long search. */
export function find(mem: Mem, hay: number, needle: number, from: number, ask: () => void = () => {}): number {
  const width = byteLength(mem, needle);
  if (from + width > byteLength(mem, hay)) return -1;
  if (width === 0) return from;
  return width <= NAIVE_BYTES ? findShort(mem, hay, needle, from) : findLong(bytesOf(mem, hay), bytesOf(mem, needle), from, ask);
}

function findShort(mem: Mem, hay: number, needle: number, from: number): number {
  const width = byteLength(mem, needle), u8 = mem.u8, h = dataAddress(mem, hay), n = dataAddress(mem, needle);
  // A view of its own, so that indexOf does not go on through the world behind the text.
  const first = u8[n]!, starts = u8.subarray(h, h + byteLength(mem, hay) - width + 1);
  for (let at = starts.indexOf(first, from); at >= 0; at = starts.indexOf(first, at + 1)) {
    let i = 1;
    while (i < width && u8[h + at + i] === u8[n + i]) i++;
    if (i === width) return at;
  }
  return -1;
}

/** Offset of the first occurrence of a needle of at least one byte, -1 when there is none: Knuth-Morris-Pratt. */
export function findLong(hay: Uint8Array, needle: Uint8Array, from: number, ask: () => void = () => {}): number {
  const borders = bordersOf(needle, ask);
  let matched = 0;
  for (let at = from; at < hay.length; at++) {
    if ((at & BYTES_BETWEEN) === 0) ask();
    while (matched > 0 && hay[at] !== needle[matched]) matched = borders[matched - 1]!;
    if (hay[at] === needle[matched]) matched++;
    if (matched === needle.length) return at + 1 - matched;
  }
  return -1;
}

/** For each prefix, the length of the longest proper prefix of it that is also its suffix. */
function bordersOf(needle: Uint8Array, ask: () => void): Int32Array {
  const borders = new Int32Array(needle.length);
  for (let i = 1, length = 0; i < needle.length; i++) {
    if ((i & BYTES_BETWEEN) === 0) ask();
    while (length > 0 && needle[i] !== needle[length]) length = borders[length - 1]!;
    if (needle[i] === needle[length]) length++;
    borders[i] = length;
  }
  return borders;
}
