// Numbers as text, byte for byte as C's printf("%g") writes them.
//
// JavaScript's toExponential gives the right digits except in exact ties, which it rounds up in magnitude where C rounds
// half to even. A tie means that the exact binary value has precisely one digit more than asked for, and that digit is 5.

/** C's `%.<precision>g`. A NaN is written with the sign `negativeNaN` says (JavaScript cannot see it). */
export function formatG(x: number, precision = 6, negativeNaN = false): string {
  if (x !== x) return negativeNaN ? "-nan" : "nan";
  if (x === Infinity) return "inf";
  if (x === -Infinity) return "-inf";
  // The common case: whole numbers of few digits, where String() agrees.
  if (Math.abs(x) < 1e5 && Math.floor(x) === x && x !== 0) return String(x);
  const sign = x < 0 || Object.is(x, -0) ? "-" : "";
  if (x === 0) return `${sign}0`;
  const [digits, exponent] = roundedDigits(Math.abs(x), precision);
  const trimmed = digits.replace(/0+$/, "");
  if (exponent < -4 || exponent >= precision) return sign + exponential(trimmed, exponent);
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${trimmed}`;
  const whole = trimmed.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  return trimmed.length > exponent + 1 ? `${sign}${whole}.${trimmed.slice(exponent + 1)}` : sign + whole;
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
