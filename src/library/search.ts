// Finding text in text, in time linear in both however repetitive they are: a script must not be able to hang its host
// with one call.

import { byteLength, bytesOf, find } from "../../heap/cells/string.ts";
import type { Mem } from "../../heap/memory.ts";

/** Needles up to this long are searched naively: fast in practice, and at worst this many steps per byte. */
const NAIVE_BYTES = 32;

/** Byte index of the first occurrence of `needle` in `hay` at or after `from`, -1 when there is none. */
export function findText(mem: Mem, hay: number, needle: number, from: number): number {
  if (byteLength(mem, needle) <= NAIVE_BYTES) return find(mem, hay, needle, from);
  return findLong(bytesOf(mem, hay), bytesOf(mem, needle), from);
}

/** Knuth-Morris-Pratt. */
function findLong(hay: Uint8Array, needle: Uint8Array, from: number): number {
  if (from + needle.length > hay.length) return -1;
  const borders = bordersOf(needle);
  let matched = 0;
  for (let at = from; at < hay.length; at++) {
    while (matched > 0 && hay[at] !== needle[matched]) matched = borders[matched - 1]!;
    if (hay[at] === needle[matched]) matched++;
    if (matched === needle.length) return at + 1 - matched;
  }
  return -1;
}

/** For each prefix, the length of the longest proper prefix of it that is also its suffix. */
function bordersOf(needle: Uint8Array): Int32Array {
  const borders = new Int32Array(needle.length);
  for (let i = 1, length = 0; i < needle.length; i++) {
    while (length > 0 && needle[i] !== needle[length]) length = borders[length - 1]!;
    if (needle[i] === needle[length]) length++;
    borders[i] = length;
  }
  return borders;
}
