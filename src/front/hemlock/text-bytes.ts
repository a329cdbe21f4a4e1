// A growing run of bytes for the value of a string literal. Text is written as UTF-8; unpaired surrogates get their
// three-byte form, because "\u{D800}" is accepted.

export class TextBytes {
  #bytes = new Uint8Array(32);
  #length = 0;

  appendByte(byte: number): void {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
  }

  appendCodePoint(code: number): void {
    this.#reserve(4);
    this.#write(code);
  }

  appendText(text: string, from: number, to: number): void {
    // A UTF-16 unit takes at most three bytes, a pair of them four.
    this.#reserve((to - from) * 3);
    for (let i = from; i < to; i++) {
      const code = text.charCodeAt(i);
      if (code < 0x80) this.#bytes[this.#length++] = code;
      else {
        const point = text.codePointAt(i)!;
        if (point > 0xffff) i++;
        this.#write(point);
      }
    }
  }

  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  upToZero(): Uint8Array {
    return cutAtZero(this.finish());
  }

  #reserve(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(this.#length + count, this.#bytes.length * 2));
    larger.set(this.#bytes);
    this.#bytes = larger;
  }

  #write(code: number): void {
    const bytes = this.#bytes;
    if (code < 0x80) bytes[this.#length++] = code;
    else if (code < 0x800) {
      bytes[this.#length++] = 0xc0 | (code >> 6);
      bytes[this.#length++] = 0x80 | (code & 63);
    } else if (code < 0x10000) {
      bytes[this.#length++] = 0xe0 | (code >> 12);
      bytes[this.#length++] = 0x80 | ((code >> 6) & 63);
      bytes[this.#length++] = 0x80 | (code & 63);
    } else {
      bytes[this.#length++] = 0xf0 | (code >> 18);
      bytes[this.#length++] = 0x80 | ((code >> 12) & 63);
      bytes[this.#length++] = 0x80 | ((code >> 6) & 63);
      bytes[this.#length++] = 0x80 | (code & 63);
    }
  }
}

export function cutAtZero(bytes: Uint8Array): Uint8Array {
  const zero = bytes.indexOf(0);
  return zero < 0 ? bytes : bytes.slice(0, zero);
}

/** UTF-8 bytes of a JS text. */
export function utf8(text: string): Uint8Array {
  const bytes = new TextBytes();
  bytes.appendText(text, 0, text.length);
  return bytes.finish();
}
