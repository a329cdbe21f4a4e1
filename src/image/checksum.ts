// The checksum of sections: 32 bits, not cryptographic. Against accidents only; an image from somebody else is made safe by
// the checks that follow (see README.md).
//
// Four lanes of multiply and fold, each step of which is a bijection of the lane for a given word and of the word for a given
// lane: a change of one word is always seen. Some 0.7 ns a word.

const PRIME = 0x01000193, SEEDS = [0x811c9dc5 | 0, 0x3c6ef372, 0xa54ff53a | 0, 0x510e527f] as const;

const step = (lane: number, word: number): number => {
  const mixed = Math.imul(lane ^ word, PRIME);
  return mixed ^ (mixed >>> 15);
};

/** Checksum of words [from, to). */
export function checksumWords(words: Int32Array, from: number, to: number, seed = 0): number {
  let a = SEEDS[0] ^ seed, b: number = SEEDS[1], c: number = SEEDS[2], d: number = SEEDS[3], at = from;
  for (const end = to - 3; at < end; at += 4) {
    a = step(a, words[at]!);
    b = step(b, words[at + 1]!);
    c = step(c, words[at + 2]!);
    d = step(d, words[at + 3]!);
  }
  for (; at < to; at++) a = step(a, words[at]!);
  return step(step(step(step(a, b), c), d), to - from) >>> 0;
}

/** Checksum of a byte array whose start and length are multiples of 4. */
export const checksumBytes = (bytes: Uint8Array, seed = 0): number =>
  checksumWords(new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2), 0, bytes.length >> 2, seed);

/** Checksum of a text, by its UTF-16 units. */
export function checksumText(text: string): number {
  let a: number = SEEDS[0];
  for (let i = 0; i < text.length; i++) a = step(a, text.charCodeAt(i));
  return a >>> 0;
}
