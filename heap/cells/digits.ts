// Integers as decimal digits, written to bytes without a text of the host's in between.

const MINUS = 45, ZERO = 48;
/** Up to the greatest one that is exact. */
export const POWERS_OF_TEN: readonly number[] = Array.from({ length: 23 }, (_, i) => Number(`1e${i}`));

/** Number of bytes of an integer of up to 32 bits, signed or not, as text. */
export function integerWidth(x: number): number {
  if (x < 0) return 1 + integerWidth(-x);
  if (x < 10000) return x < 100 ? (x < 10 ? 1 : 2) : x < 1000 ? 3 : 4;
  if (x < 100_000_000) return x < 1_000_000 ? (x < 100_000 ? 5 : 6) : x < 10_000_000 ? 7 : 8;
  return x < 1_000_000_000 ? 9 : 10;
}

/** Writes such an integer at `at`; returns the index behind it. */
export function writeInteger(u8: Uint8Array, at: number, x: number): number {
  const end = at + integerWidth(x);
  if (x < 0) {
    u8[at] = MINUS;
    x = -x;
  }
  return writeDigits(u8, end, x);
}

/** Writes the digits of an integer that is not negative so that they end before `end`, which it returns. */
function writeDigits(u8: Uint8Array, end: number, x: number): number {
  let at = end;
  do {
    const rest = (x / 10) >>> 0;
    u8[--at] = ZERO + x - 10 * rest;
    x = rest;
  } while (x > 0);
  return end;
}

/** Writes `count` digits of a smaller integer, with zeros in front, at `at`; returns the index behind them. */
export function writePadded(u8: Uint8Array, at: number, x: number, count: number): number {
  for (let i = at + count - 1; i >= at; i--) {
    const rest = (x / 10) >>> 0;
    u8[i] = ZERO + x - 10 * rest;
    x = rest;
  }
  return at + count;
}
