// Numbers as text, byte for byte as C's printf("%g") writes them.
//
// JavaScript's toExponential gives the right digits except in exact ties, which it rounds up in magnitude where C rounds
// half to even. A tie means that the exact binary value has precisely one digit more than asked for, and that digit is 5.

import { POWERS_OF_TEN } from "../../heap/cells/digits.ts";

/** C's `%.<precision>g`. A NaN is written with the sign `negativeNaN` says (JavaScript cannot see it). */
export function formatG(x: number, precision = 6, negativeNaN = false): string {
  if (x !== x) return negativeNaN ? "-nan" : "nan";
  if (x === Infinity) return "inf";
  if (x === -Infinity) return "-inf";
  if (precision === 6) {
    const short = sixDigits(Math.abs(x));
    // The shortest text of this double is the one asked for.
    if (short >= 0) return String((x < 0 ? -1 : 1) * (short >> PLACES_BITS) / POWERS_OF_TEN[short & PLACES_MASK]!);
  }
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  if (x === 0) return `${sign}0`;
  const [digits, exponent] = roundedDigits(Math.abs(x), precision);
  const trimmed = digits.replace(/0+$/, "");
  if (exponent < -4 || exponent >= precision) return sign + exponential(trimmed, exponent);
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${trimmed}`;
  const whole = trimmed.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return trimmed.length > exponent + 1 ? `${sign}${whole}.${trimmed.slice(exponent + 1)}` : sign + whole;
}

export const PLACES_BITS = 4, PLACES_MASK = 15;

/**
 * A number from 10^-4 to less than 10^6, rounded to six significant digits: these as an integer without zeros at the end, shifted
 * left by PLACES_BITS, with the number of places behind the point below. -1 for other numbers, and where doubles do not decide
 * between two results.
 */
export function sixDigits(x: number): number {
  if (x < 1e6 && Math.floor(x) === x) return x === 0 ? -1 : x << PLACES_BITS;
  if (!(x >= 1e-4 && x < 1e6)) return -1;
  let places = x >= 1 ? x >= 1000 ? x >= 100_000 ? 0 : x >= 10_000 ? 1 : 2 : x >= 100 ? 3 : x >= 10 ? 4 : 5 : x >= 0.01 ? x >= 0.1 ? 6 : 7 : x >= 0.001 ? 8 : 9;
  // The product is wrong by less than 10^-9; so what is further from the middle between two integers is on the side it seems to be.
  const scaled = x * POWERS_OF_TEN[places]!, low = Math.floor(scaled), rest = scaled - low;
  if (rest > 0.499999 && rest < 0.500001) return -1;
  let digits = rest > 0.5 ? low + 1 : low;
  if (digits === 1e6 && places === 0) return -1;
  while (places > 0 && digits % 10 === 0) {
    digits /= 10;
    places--;
  }
  return digits << PLACES_BITS | places;
}

function exponential(digits: string, exponent: number): string {
  const mantissa = digits.length > 1 ? `${digits[0]}.${digits.slice(1)}` : digits;
  return `${mantissa}e${exponent < 0 ? "-" : "+"}${String(Math.abs(exponent)).padStart(2, "0")}`;
}

/** The first `precision` significant digits of positive x, rounded half to even, and the decimal exponent of the first. */
function roundedDigits(x: number, precision: number): [digits: string, exponent: number] {
  const exact = exactTie(x, precision);
  if (exact !== null) return exact;
  return split(x.toExponential(precision - 1));
}

function split(text: string): [string, number] {
  const e = text.indexOf("e");
  return [text.slice(0, e).replace(".", ""), Number(text.slice(e + 1))];
}

/**
 * When x lies exactly between two results and the lower one ends in an even digit: that lower one. Otherwise null (JS
 * rounds correctly). 100 digits decide: a double this close to a decimal of so few digits is that decimal.
 */
function exactTie(x: number, precision: number): [string, number] | null {
  const [short] = split(x.toExponential(precision));
  if (short[precision] !== "5" || Number(short[precision - 1]) % 2 !== 0) return null;
  const [long, exponent] = split(x.toExponential(100));
  if (!/^50*$/.test(long.slice(precision))) return null;
  return [long.slice(0, precision), exponent];
}
