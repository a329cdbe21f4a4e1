// StringBuilder: collects text on the JS side, for natives that make a string in many steps. It never touches the world
// until `finish`.

import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { bytesOf, newString } from "./string.ts";
import { encodedWidth, encodeInto, encodeText } from "./utf8.ts";

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
  appendString(mem: Mem, str: number): this { return this.appendBytes(bytesOf(mem, str)); }

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
