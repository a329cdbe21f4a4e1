// Says where bytes are no UTF-8.

/** Lead bytes: how many follow, and the range of the first of them. */
function follow(lead: number): readonly [count: number, low: number, high: number] | null {
  if (lead < 0x80) return [0, 0, 0];
  if (lead >= 0xc2 && lead <= 0xdf) return [1, 0x80, 0xbf];
  if (lead >= 0xe0 && lead <= 0xef) return [2, lead === 0xe0 ? 0xa0 : 0x80, lead === 0xed ? 0x9f : 0xbf];
  if (lead >= 0xf0 && lead <= 0xf4) return [3, lead === 0xf0 ? 0x90 : 0x80, lead === 0xf4 ? 0x8f : 0xbf];
  return null;
}

/** What is wrong and where; null when nothing is. */
export function invalidUtf8(bytes: Uint8Array): string | null {
  for (let at = 0; at < bytes.length;) {
    const rest = follow(bytes[at]!);
    if (rest === null) return `invalid utf-8 sequence of 1 bytes from index ${at}`;
    const [count, low, high] = rest;
    for (let i = 1; i <= count; i++) {
      const byte = bytes[at + i];
      if (byte === undefined) return `incomplete utf-8 byte sequence from index ${at}`;
      if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return `invalid utf-8 sequence of ${i} bytes from index ${at}`;
    }
    at += count + 1;
  }
  return null;
}
