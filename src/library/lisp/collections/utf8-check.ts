// Whether bytes are UTF-8, and where they stop being it.

/** What is wrong with the bytes, null when they are valid. */
export function invalidUtf8(bytes: Uint8Array): string | null {
  for (let at = 0; at < bytes.length;) {
    const width = sequenceWidth(bytes, at);
    if (width <= 0) return width === 0 ? `incomplete utf-8 byte sequence from index ${at}` : `invalid utf-8 sequence of ${-width} bytes from index ${at}`;
    at += width;
  }
  return null;
}

/** Bytes of the well-formed sequence at an index; 0: it is cut off by the end; negative: so many bytes are wrong. */
function sequenceWidth(bytes: Uint8Array, at: number): number {
  const lead = bytes[at]!;
  if (lead < 0x80) return 1;
  const width = lead >= 0xc2 && lead < 0xe0 ? 2 : lead >= 0xe0 && lead < 0xf0 ? 3 : lead >= 0xf0 && lead < 0xf5 ? 4 : 0;
  if (width === 0) return -1;
  // The second byte rules out overlong forms, surrogates and what is beyond the last code point.
  const low = lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80, high = lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
  for (let i = 1; i < width; i++) {
    const byte = bytes[at + i];
    if (byte === undefined) return 0;
    if (byte < (i === 1 ? low : 0x80) || byte > (i === 1 ? high : 0xbf)) return -i;
  }
  return width;
}
