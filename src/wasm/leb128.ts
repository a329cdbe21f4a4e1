// LEB128, the variable-length integers of WebAssembly's binary format.

export function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value >>> 0;
  for (; rest > 127; rest >>>= 7) bytes.push(rest & 127 | 128);
  bytes.push(rest);
  return bytes;
}

/** Of a signed 32-bit value. */
export function signed(value: number): number[] {
  const bytes: number[] = [];
  let rest = value | 0;
  for (; rest > 63 || rest < -64; rest >>= 7) bytes.push(rest & 127 | 128);
  bytes.push(rest & 127);
  return bytes;
}

/** Of a signed 64-bit value. */
export function signed64(value: bigint): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asIntN(64, value);
  for (; rest > 63n || rest < -64n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  bytes.push(Number(rest & 127n));
  return bytes;
}
