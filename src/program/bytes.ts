// Numbers, texts and lists as bytes, and back. Small numbers take one byte (LEB128, seven bits a byte, the lowest first), words
// four in little-endian order; so programs are the same on every machine. The reader believes nothing.

import { damaged } from "./errors.ts";

export class ByteWriter {
  #bytes = new Uint8Array(1024);
  length = 0;

  /** The bytes so far. */
  get bytes(): Uint8Array { return this.#bytes.slice(0, this.length); }

  #room(count: number): number {
    const at = this.length;
    this.length += count;
    if (this.length > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(this.length, 2 * this.#bytes.length));
      larger.set(this.#bytes);
      this.#bytes = larger;
    }
    return at;
  }

  byte(value: number): void {
    const at = this.#room(1);
    this.#bytes[at] = value;
  }

  /** 0 … 2^32 - 1. */
  natural(value: number): void {
    if (!Number.isSafeInteger(value) || value < 0) throw new RangeError(`${value} is no natural number`);
    for (; value > 0x7f; value = Math.floor(value / 128)) this.byte(value % 128 | 0x80);
    this.byte(value);
  }

  word(value: number): void {
    const at = this.#room(4);
    for (let i = 0; i < 4; i++) this.#bytes[at + i] = value >>> 8 * i;
  }

  double(value: number): void {
    const at = this.#room(8);
    new DataView(this.#bytes.buffer).setFloat64(at, value, true);
  }

  raw(bytes: Uint8Array): void {
    this.natural(bytes.length);
    const at = this.#room(bytes.length);
    this.#bytes.set(bytes, at);
  }

  text(value: string): void { this.raw(new TextEncoder().encode(value)); }

  list<T>(items: readonly T[], write: (item: T) => void): void {
    this.natural(items.length);
    for (const item of items) write(item);
  }
}

export class ByteReader {
  #at = 0;

  constructor(readonly bytes: Uint8Array) {}

  get isAtEnd(): boolean { return this.#at === this.bytes.length; }

  byte(): number {
    if (this.#at >= this.bytes.length) damaged("it ends inside of what it holds");
    return this.bytes[this.#at++]!;
  }

  /** At most `most`. */
  natural(most = 0xffff_ffff): number {
    let value = 0, scale = 1, byte = 0;
    do {
      byte = this.byte();
      value += (byte & 0x7f) * scale;
      scale *= 128;
    } while (byte > 0x7f && scale < 2 ** 35);
    if (byte > 0x7f || value > most) damaged("a number that is too large");
    return value;
  }

  /** So many bytes, as a view. */
  #take(count: number): Uint8Array {
    if (count > this.bytes.length - this.#at) damaged("it ends inside of what it holds");
    this.#at += count;
    return this.bytes.subarray(this.#at - count, this.#at);
  }

  word(): number {
    const [a, b, c, d] = this.#take(4) as unknown as [number, number, number, number];
    return a | b << 8 | c << 16 | d << 24;
  }

  double(): number {
    const bytes = this.#take(8);
    return new DataView(bytes.buffer, bytes.byteOffset).getFloat64(0, true);
  }

  raw(): Uint8Array { return this.#take(this.natural()); }

  text(): string {
    try {
      return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(this.raw());
    } catch {
      return damaged("a text that is none");
    }
  }

  /** Items take at least a byte each, so that no short file makes a long list. */
  list<T>(read: () => T): T[] {
    const count = this.natural(this.bytes.length - this.#at);
    return Array.from({ length: count }, read);
  }
}
