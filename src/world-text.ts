// An image of a world as text that fits into a source file: its words as numbers in base 36, runs of zero words as their length.
// Most of a fresh world is an empty stack, so the text is short and quickly read; and words that are alike look alike in it,
// which whatever compresses the file thrives on, unlike on base64.

import { Bug } from "../heap/debug.ts";

const RADIX = 36;
/** Before the length of a run of zero words; between items. */
const RUN = ".", END = " ";

/** Number of words, then words and runs, each item with END behind it. */
export function encodeWorld(image: Uint8Array): string {
  const words = new Int32Array(image.buffer, image.byteOffset, image.length >> 2), items = [words.length.toString(RADIX)];
  for (let at = 0; at < words.length;) {
    const start = endOfRun(words, at);
    if (start > at) items.push(RUN + (start - at).toString(RADIX));
    if (start < words.length) items.push(words[start]!.toString(RADIX));
    at = start + 1;
  }
  return items.join(END) + END;
}

/** First index from `at` on whose word is not zero. */
function endOfRun(words: Int32Array, at: number): number {
  while (at < words.length && words[at] === 0) at++;
  return at;
}

export function decodeWorld(text: string): Uint8Array<ArrayBuffer> {
  const first = text.indexOf(END), words = new Int32Array(parseInt(text.slice(0, first), RADIX));
  // By hand: there are tens of thousands of items, each of which would be a text of its own.
  let to = 0, value = 0, isRun = false, isNegative = false;
  for (let at = first + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code >= 97) value = value * RADIX + code - 87;
    else if (code >= 48) value = value * RADIX + code - 48;
    else if (code === 46) isRun = true;
    else if (code === 45) isNegative = true;
    else {
      if (isRun) to += value;
      else words[to++] = isNegative ? -value : value;
      value = 0;
      isRun = isNegative = false;
    }
  }
  if (to !== words.length) throw new Bug("the prebuilt world is damaged");
  return new Uint8Array(words.buffer);
}
