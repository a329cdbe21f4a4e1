// StringBuilder: collects text on the JS side, for natives that make a string in many steps. It never touches the world
// until `finish`.

import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { POWERS_OF_TEN, writeInteger, writePadded } from "./digits.ts";
import { byteLength, bytesOf, dataAddress, newString } from "./string.ts";
import { encodedWidth, encodeInto, encodeText } from "./utf8.ts";

/** Up to so many bytes are copied one by one: a view of them costs more. */
const FEW = 48;
const POINT = 46;

export class StringBuilder {
  #bytes = new Uint8Array(64);
  #length = 0;

  get length(): number { return this.#length; }

  #reserve(count: number): void {
    const needed = this.#length + count;
    if (needed <= this.#bytes.length) return;
    const larger = new Uint8Array(Math.max(needed, 2 * this.#bytes.length));
    larger.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = larger;
  }

  appendText(text: string): this {
    const length = text.length;
    if (length > 64) return this.appendBytes(encodeText(text));
    this.#reserve(length);
    for (let i = 0; i < length; i++) {
      const unit = text.charCodeAt(i);
      if (unit >= 0x80) return this.appendBytes(encodeText(text.slice(i)));
      this.#bytes[this.#length++] = unit;
    }
    return this;
  }

  appendBytes(bytes: Uint8Array): this {
    this.#reserve(bytes.length);
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
    return this;
  }

  appendByte(byte: number): this {
    this.#reserve(1);
    this.#bytes[this.#length++] = byte;
    return this;
  }

  /** Appends the text of a string or symbol. */
  appendString(mem: Mem, str: number): this {
    const count = byteLength(mem, str);
    if (count > FEW) return this.appendBytes(bytesOf(mem, str));
    this.#reserve(count);
    const u8 = mem.u8, bytes = this.#bytes, from = dataAddress(mem, str), to = this.#length;
    for (let i = 0; i < count; i++) bytes[to + i] = u8[from + i]!;
    this.#length = to + count;
    return this;
  }

  /** Appends the world's bytes from `at` up to the first that `isSpecial` has a 1 for, at most to `end`; returns where it stopped. */
  appendUntil(mem: Mem, at: number, end: number, isSpecial: Uint8Array): number {
    this.#reserve(end - at);
    const u8 = mem.u8, bytes = this.#bytes;
    let to = this.#length;
    for (; at < end; at++) {
      const byte = u8[at]!;
      if (isSpecial[byte] !== 0) break;
      bytes[to++] = byte;
    }
    this.#length = to;
    return at;
  }

  /** Appends an integer of up to 32 bits, signed or not. */
  appendInteger(x: number): this {
    this.#reserve(11);
    this.#length = writeInteger(this.#bytes, this.#length, x);
    return this;
  }

  /** Appends `digits`, at most 10^6, with the last `places` of them, at most 9, behind a decimal point. */
  appendDecimal(digits: number, places: number): this {
    if (places === 0) return this.appendInteger(digits);
    const unit = POWERS_OF_TEN[places]!, whole = Math.floor(digits / unit);
    this.#reserve(24);
    const at = writeInteger(this.#bytes, this.#length, whole);
    this.#bytes[at] = POINT;
    this.#length = writePadded(this.#bytes, at + 1, digits - whole * unit, places);
    return this;
  }

  appendCodePoint(point: number): this {
    this.#reserve(encodedWidth(point));
    this.#length += encodeInto(this.#bytes, this.#length, point);
    return this;
  }

  /** The bytes so far, as a view valid until the next append. */
  view(): Uint8Array { return this.#bytes.subarray(0, this.#length); }
  clear(): void { this.#length = 0; }
  /** The text so far as a new string. */
  finish(heap: Heap): number { return newString(heap, this.view()); }
}
