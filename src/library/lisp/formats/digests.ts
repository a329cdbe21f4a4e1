// SHA-256 (FIPS 180-4), MD5 (RFC 1321) and HMAC (RFC 2104) over bytes. Both digests work on blocks of 64 bytes; they
// differ in byte order and in what they do with a block. The constants are computed: they are digits of roots and sines.

/** The message with a 1 bit, zeros and its length in bits appended, as 32-bit words. */
function padded(bytes: Uint8Array, littleEndian: boolean): Uint32Array {
  const blocks = ((bytes.length + 8) >> 6) + 1, view = new DataView(new ArrayBuffer(64 * blocks)), bits = bytes.length * 8;
  new Uint8Array(view.buffer).set(bytes);
  view.setUint8(bytes.length, 0x80);
  const high = Math.floor(bits / 2 ** 32), end = view.byteLength;
  view.setUint32(end - 8, littleEndian ? bits >>> 0 : high, littleEndian);
  view.setUint32(end - 4, littleEndian ? high : bits >>> 0, littleEndian);
  return Uint32Array.from({ length: end / 4 }, (_, i) => view.getUint32(4 * i, littleEndian));
}

function bytesOfWords(words: Iterable<number>, littleEndian: boolean): Uint8Array {
  const list = [...words], view = new DataView(new ArrayBuffer(4 * list.length));
  list.forEach((word, i) => view.setUint32(4 * i, word, littleEndian));
  return new Uint8Array(view.buffer);
}

// ---- SHA-256

const PRIMES: readonly number[] = Array.from({ length: 310 }, (_, i) => i + 2).filter((n) => Array.from({ length: n - 2 }, (_, i) => i + 2).every((d) => n % d !== 0));

/** The first 32 bits behind the point of a root of a prime: exact, by integers. */
function rootBits(prime: number, degree: 2 | 3): number {
  const scaled = BigInt(prime) << BigInt(32 * degree);
  let low = 0n, high = 1n << 40n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** BigInt(degree) <= scaled) low = middle;
    else high = middle;
  }
  return Number(low & 0xffff_ffffn) | 0;
}

const SHA_ROUNDS = Int32Array.from(PRIMES.slice(0, 64), (prime) => rootBits(prime, 3));
const SHA_START = Int32Array.from(PRIMES.slice(0, 8), (prime) => rootBits(prime, 2));
const right = (x: number, n: number): number => (x >>> n) | (x << (32 - n));

function shaBlock(state: Int32Array, w: Int32Array): void {
  for (let i = 16; i < 64; i++) {
    const x = w[i - 15]!, y = w[i - 2]!;
    w[i] = (w[i - 16]! + (right(x, 7) ^ right(x, 18) ^ (x >>> 3)) + w[i - 7]! + (right(y, 17) ^ right(y, 19) ^ (y >>> 10))) | 0;
  }
  let [a, b, c, d, e, f, g, h] = state as unknown as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < 64; i++) {
    const first = (h + (right(e, 6) ^ right(e, 11) ^ right(e, 25)) + ((e & f) ^ (~e & g)) + SHA_ROUNDS[i]! + w[i]!) | 0;
    const second = ((right(a, 2) ^ right(a, 13) ^ right(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g; g = f; f = e; e = (d + first) | 0; d = c; c = b; b = a; a = (first + second) | 0;
  }
  [a, b, c, d, e, f, g, h].forEach((word, i) => void (state[i]! += word));
}

export function sha256(bytes: Uint8Array): Uint8Array {
  const words = padded(bytes, false), state = SHA_START.slice(), w = new Int32Array(64);
  for (let block = 0; block < words.length; block += 16) {
    w.set(words.subarray(block, block + 16));
    shaBlock(state, w);
  }
  return bytesOfWords(state, false);
}

// ---- MD5

const MD5_ROUNDS = Int32Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0);
const MD5_START = [0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476];
const MD5_SHIFTS: readonly (readonly number[])[] = [[7, 12, 17, 22], [5, 9, 14, 20], [4, 11, 16, 23], [6, 10, 15, 21]];
/** What each of the four rounds mixes, and the word it takes at each step. */
const MD5_MIX: readonly ((b: number, c: number, d: number) => number)[] = [
  (b, c, d) => (b & c) | (~b & d), (b, c, d) => (d & b) | (~d & c), (b, c, d) => b ^ c ^ d, (b, c, d) => c ^ (b | ~d),
];
const MD5_WORD: readonly ((i: number) => number)[] = [(i) => i, (i) => 5 * i + 1, (i) => 3 * i + 5, (i) => 7 * i];

export function md5(bytes: Uint8Array): Uint8Array {
  const words = padded(bytes, true), state = Int32Array.from(MD5_START);
  for (let block = 0; block < words.length; block += 16) {
    let [a, b, c, d] = state as unknown as [number, number, number, number];
    for (let i = 0; i < 64; i++) {
      const round = i >> 4, sum = (a + MD5_MIX[round]!(b, c, d) + MD5_ROUNDS[i]! + words[block + (MD5_WORD[round]!(i) & 15)]!) | 0;
      a = d; d = c; c = b;
      b = (b + right(sum, 32 - MD5_SHIFTS[round]![i & 3]!)) | 0;
    }
    [a, b, c, d].forEach((word, i) => void (state[i]! += word));
  }
  return bytesOfWords(state, true);
}

// ---- HMAC

const BLOCK = 64;

export function hmacSha256(key: Uint8Array, message: Uint8Array): Uint8Array {
  const block = new Uint8Array(BLOCK);
  block.set(key.length > BLOCK ? sha256(key) : key);
  const keyed = (pad: number, rest: Uint8Array): Uint8Array => {
    const bytes = new Uint8Array(BLOCK + rest.length);
    bytes.set(block.map((byte) => byte ^ pad));
    bytes.set(rest, BLOCK);
    return sha256(bytes);
  };
  return keyed(0x5c, keyed(0x36, message));
}
