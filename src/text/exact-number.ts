// Arithmetic of exact numbers that both the reader and the library need: greatest common divisors and the nearest double of
// a ratio, on JS integers of any size. Pure functions; how large an operand may be is the caller's to decide.

const magnitude = (x: bigint): bigint => (x < 0n ? -x : x);

/** Number of bits of the magnitude; 0 for 0. */
export function bitLength(x: bigint): number {
  if (x === 0n) return 0;
  const text = magnitude(x).toString(16);
  return 4 * text.length - (Math.clz32(Number.parseInt(text[0]!, 16)) - 28);
}

/** Bits of the leading parts that Lehmer's steps are found from. */
const WINDOW = 52;
/** Below this every step is a division anyway. */
const SAFE = 1n << 53n;

function gcdOfNumbers(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b];
  return a;
}

/**
 * The greatest common divisor, not negative. Lehmer's method: the quotients of many divisions are found from the leading
 * 52 bits alone and applied at once, some 20 divisions at the price of four products with a small factor.
 */
export function gcd(x: bigint, y: bigint): bigint {
  let a = magnitude(x), b = magnitude(y);
  if (a < b) [a, b] = [b, a];
  for (let bits = bitLength(a); b >= SAFE;) {
    const shift = BigInt(Math.max(0, bits - WINDOW)), top = Number(a >> shift);
    const lost = bits - Number(shift) - Math.floor(Math.log2(top)) - 1;
    // Asking for the exact length would cost more than the step; the leading part shows how much was lost since.
    bits -= lost;
    if (lost > 8 && shift > 0n) continue;
    const step = lehmerStep(top, Number(b >> shift));
    if (step === null) [a, b, bits] = [b, a % b, bitLength(b)];
    else {
      const [p, q, r, s] = step;
      [a, b] = [BigInt(p) * a + BigInt(q) * b, BigInt(r) * a + BigInt(s) * b];
    }
  }
  if (b === 0n) return a;
  return BigInt(gcdOfNumbers(Number(b), Number(a % b)));
}

/** The matrix of as many division steps as the leading bits x and y of two numbers decide; null when they decide none. */
function lehmerStep(x: number, y: number): readonly [number, number, number, number] | null {
  let p = 1, q = 0, r = 0, s = 1;
  // The quotient is certain while both ends of the interval the true operands lie in give the same one. The cofactors
  // stay below 2^26, so that no product here leaves the exact range of a double.
  while (y + r !== 0 && y + s !== 0) {
    const quotient = Math.floor((x + p) / (y + r));
    if (quotient !== Math.floor((x + q) / (y + s))) break;
    const nextR = p - quotient * r, nextS = q - quotient * s;
    if (Math.abs(nextR) > 0x3ff_ffff || Math.abs(nextS) > 0x3ff_ffff) break;
    [p, q, r, s] = [r, s, nextR, nextS];
    [x, y] = [y, x - quotient * y];
  }
  return q === 0 ? null : [p, q, r, s];
}

/** Doubles below this lose precision gradually. */
const LEAST_NORMAL_EXPONENT = -1022;

/** The double nearest to n / d, ties to even; d is positive. */
export function ratio(n: bigint, d: bigint): number {
  if (n === 0n) return 0;
  const top = magnitude(n), sign = n < 0n ? -1 : 1;
  // 66 bits or more of the quotient, the last one standing for all that follow, decide every rounding.
  const shift = 67 + bitLength(d) - bitLength(top);
  const [scaled, by] = shift >= 0 ? [top << BigInt(shift), d] : [top, d << BigInt(-shift)];
  let quotient = scaled / by;
  if (quotient * by !== scaled) quotient |= 1n;
  const exponent = bitLength(quotient) - 1 - shift;
  if (exponent > 1023) return sign * Infinity;
  if (exponent < LEAST_NORMAL_EXPONENT) return sign * subnormal(quotient, shift);
  const half = Math.trunc(-shift / 2);
  return sign * Number(quotient) * 2 ** half * 2 ** (-shift - half);
}

/** quotient * 2^-shift as a multiple of the least double, rounded once. */
function subnormal(quotient: bigint, shift: number): number {
  const drop = BigInt(shift - 1074), whole = quotient >> drop, rest = quotient - (whole << drop), half = 1n << (drop - 1n);
  const up = rest > half || (rest === half && (whole & 1n) === 1n);
  return Number(up ? whole + 1n : whole) * Number.MIN_VALUE;
}

const double = new Float64Array(1), words = new Uint32Array(double.buffer);

/** The finite double x is exactly mantissa * 2^exponent. */
export function partsOfDouble(x: number): { readonly mantissa: bigint; readonly exponent: number } {
  double[0] = x;
  const biased = (words[1]! >>> 20) & 0x7ff, high = (words[1]! & 0xf_ffff) + (biased === 0 ? 0 : 0x10_0000);
  const value = BigInt(high * 0x1_0000_0000 + words[0]!);
  return { mantissa: x < 0 ? -value : value, exponent: Math.max(biased, 1) - 1075 };
}

/** The finite double x as a fraction in lowest terms. */
export function fractionOfDouble(x: number): { readonly n: bigint; readonly d: bigint } {
  if (Number.isInteger(x)) return { n: BigInt(x), d: 1n };
  let { mantissa, exponent } = partsOfDouble(x);
  // The denominator is a power of two: halving both until one is odd is all the reduction there is.
  const even = Math.min(trailingZeros(mantissa), -exponent);
  mantissa >>= BigInt(even);
  exponent += even;
  return { n: mantissa, d: 1n << BigInt(-exponent) };
}

/** Of an integer that is not 0 and has at most 53 bits. */
function trailingZeros(x: bigint): number {
  let count = 0, rest = Number(magnitude(x));
  for (; rest % 2 === 0; rest /= 2) count++;
  return count;
}
