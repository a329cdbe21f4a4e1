// Numbers from text as C's strtoll and strtod read them, for type values called on strings and for JSON.

const BLANKS = "[ \\t\\n\\v\\f\\r]*";
const INTEGER = new RegExp(`^${BLANKS}([+-]?)(0[xX][0-9a-fA-F]+|[0-9]+)$`);
// No two neighbouring parts may match the same character: trying all divisions of a long text would be quadratic.
const DECIMAL = new RegExp(`^${BLANKS}([+-]?)((?:[0-9]+(?:\\.[0-9]*)?|\\.[0-9]+)(?:[eE][+-]?[0-9]+)?)$`);
const HEXADECIMAL = new RegExp(`^${BLANKS}([+-]?)0[xX]([0-9a-fA-F]*)(?:\\.([0-9a-fA-F]*))?(?:[pP]([+-]?[0-9]+))?$`);

const INT64_MAX = 2n ** 63n - 1n;
/** No 64-bit integer has more significant digits in any base we read. */
const MAX_DIGITS = 22;
/** Hexadecimal digits that decide the value of a double; of the rest it only matters whether all are zero. */
const DECIDING_DIGITS = 16;

/** strtoll with base 0 over the whole text: decimal, 0x, leading 0 for octal; clamps to 64 bits. Null: not a number. */
export function parseInteger(text: string): bigint | null {
  const match = INTEGER.exec(text);
  if (match === null) return null;
  const digits = match[2]!;
  const octal = digits.length > 1 && digits[0] === "0" && !/[xX]/.test(digits);
  if (octal && /[89]/.test(digits)) return null;
  const significant = digits.replace(/^0[xX]?0*/, "");
  const magnitude = significant.length > MAX_DIGITS ? INT64_MAX + 1n : BigInt(octal ? `0o${digits.slice(1)}` : digits);
  if (match[1] === "-") return magnitude > INT64_MAX ? -INT64_MAX - 1n : -magnitude;
  return magnitude > INT64_MAX ? INT64_MAX : magnitude;
}

/** strtod over the whole text, without its words for infinity and NaN. Null: not a number. */
export function parseFloating(text: string): number | null {
  const decimal = DECIMAL.exec(text);
  if (decimal !== null) return Number(decimal[2]) * (decimal[1] === "-" ? -1 : 1);
  const hexadecimal = HEXADECIMAL.exec(text);
  if (hexadecimal === null) return null;
  const [, sign, whole, fraction = "", exponent] = hexadecimal;
  if (whole === "" && fraction === "") return null;
  const digits = `${whole}${fraction}`.replace(/^0+/, ""), rest = digits.slice(DECIDING_DIGITS);
  const mantissa = BigInt(`0x0${digits.slice(0, DECIDING_DIGITS)}${/[^0]/.test(rest) ? "1" : "0"}`);
  const magnitude = scale(Number(mantissa), Number(exponent ?? 0) - 4 * fraction.length + 4 * rest.length - 4);
  return sign === "-" ? -magnitude : magnitude;
}

/** x times two to the power, in steps that keep the powers themselves within range. */
function scale(x: number, power: number): number {
  for (; power > 1000 && x > 0 && x < Infinity; power -= 1000) x *= 2 ** 1000;
  for (; power < -1000 && x > 0; power += 1000) x *= 2 ** -1000;
  return x === 0 || x === Infinity ? x : x * 2 ** power;
}
