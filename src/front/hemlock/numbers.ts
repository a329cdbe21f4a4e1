// Values of integer literals: i32 when it fits, else i64, and whatever is too large becomes the largest i64.

import type { Literal } from "../../ir/nodes.ts";

export const MAX_I64 = 2n ** 63n - 1n;
const MAX_I32 = 2 ** 31 - 1;
/** More significant digits than this exceed i64 in every base; BigInt is slow on very long texts. */
const MAX_DIGITS = 64;
const PREFIXES = { 2: "0b", 8: "0o", 10: "", 16: "0x" } as const;

/** Value of digits with "_" in them: a number when it fits i32, else a bigint. */
export function integerValue(digits: string, radix: keyof typeof PREFIXES): number | bigint {
  const significant = digits.replaceAll("_", "").replace(/^0+(?=.)/, "");
  if (significant.length > MAX_DIGITS) return MAX_I64;
  const value = BigInt(PREFIXES[radix] + significant);
  if (value <= MAX_I32) return Number(value);
  return value > MAX_I64 ? MAX_I64 : value;
}

export function integerLiteral(value: number | bigint): Literal {
  return typeof value === "number" ? { type: "i32", value } : { type: "i64", value };
}

/** The literal for a minus directly in front of an integer literal: -2147483648 is an i32. */
export function negatedLiteral(value: number | bigint): Literal {
  const negative = -BigInt(value);
  return negative >= -(2n ** 31n) ? { type: "i32", value: Number(negative) } : { type: "i64", value: negative };
}
