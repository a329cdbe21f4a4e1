// An image of a world as text that fits into a source file: runs of zero words left out, the rest in base64. Most of a
// fresh world is an empty stack, so what is left is small and quickly decoded. Uses only what every JavaScript host has.

import { Bug } from "../heap/debug.ts";

/** Number of bytes, then again and again: zero words to skip, words that follow, those words. Numbers are varints. */
export function encodeWorld(image: Uint8Array): string {
  const words = new Int32Array(image.buffer, image.byteOffset, image.length >> 2), bytes: number[] = [];
  pushVarint(bytes, image.length);
  for (let at = 0; at < words.length;) {
    const start = endOfRun(words, at, true), end = endOfRun(words, start, false);
    pushVarint(bytes, start - at);
    pushVarint(bytes, end - start);
    for (const byte of image.subarray(start << 2, end << 2)) bytes.push(byte);
    at = end;
  }
  return btoa(bytes.map((byte) => String.fromCharCode(byte)).join(""));
}

/** First index from `at` on whose word is not zero, or not other than zero. */
function endOfRun(words: Int32Array, at: number, zero: boolean): number {
  while (at < words.length && (words[at] === 0) === zero) at++;
  return at;
}

function pushVarint(bytes: number[], value: number): void {
  for (; value > 127; value >>>= 7) bytes.push((value & 127) | 128);
  bytes.push(value);
}

export function decodeWorld(text: string): Uint8Array {
  const packed = atob(text);
  let at = 0;
  const varint = (): number => {
    let value = 0, shift = 0, byte: number;
    do {
      byte = packed.charCodeAt(at++);
      value |= (byte & 127) << shift;
      shift += 7;
    } while (byte > 127);
    return value;
  };
  const image = new Uint8Array(varint());
  let to = 0;
  while (to < image.length && at < packed.length) {
    to += varint() << 2;
    const end = to + (varint() << 2);
    while (to < end) image[to++] = packed.charCodeAt(at++);
  }
  if (to !== image.length || at !== packed.length) throw new Bug("the prebuilt world is damaged");
  return image;
}
