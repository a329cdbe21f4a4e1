// serialize and deserialize. Reading keeps its own stack and links every container into its parent before it is filled, so
// one root slot keeps the whole result alive and depth cannot overflow the host's stack.

import { newArray, push } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { newObject, setField } from "../../heap/cells/object.ts";
import { bytesOf } from "../../heap/cells/string.ts";
import { intern } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import { setInt64 } from "../../heap/cells/wide.ts";
import { appendJson } from "../vm/json-text.ts";
import type { Vm } from "../vm/vm.ts";
import { receiver } from "./arguments.ts";

const enum Byte { Tab = 9, LineFeed = 10, Return = 13, Space = 32, Quote = 34, Plus = 43, Comma = 44, Minus = 45, Dot = 46, Zero = 48, Nine = 57, Colon = 58, OpenArray = 91, Backslash = 92, CloseArray = 93, SmallU = 117, OpenObject = 123, CloseObject = 125 }

const SIMPLE_ESCAPES: { readonly [byte: number]: number } = {
  34: 34, 92: 92, 47: 47, 98: 8, 102: 12, 110: 10, 114: 13, 116: 9,
};
const WORDS: readonly { readonly text: string; readonly store: (vm: Vm, slot: number) => void }[] = [
  { text: "null", store: (vm, slot) => vm.heap.setNull(slot) },
  { text: "true", store: (vm, slot) => vm.heap.setBool(slot, true) },
  { text: "false", store: (vm, slot) => vm.heap.setBool(slot, false) },
];

/** A mask: how often the reader asks whether to go on. */
const VALUES_BETWEEN = 0xfff;

interface Open { readonly cell: number; readonly isArray: boolean }

class JsonReader {
  #at = 0;
  #values = 0;
  readonly #path: Open[] = [];

  constructor(
    readonly vm: Vm,
    readonly bytes: Uint8Array,
    /** The outermost value. */
    readonly root: number,
    /** Scratch: the value just read, and the key it belongs to. */
    readonly value: number,
    readonly key: number,
  ) {}

  /** Reads one value and nothing but blanks behind it. */
  read(): void {
    let opened: boolean;
    do {
      this.#skipBlanks();
      if ((++this.#values & VALUES_BETWEEN) === 0) this.vm.checkStop();
      opened = this.#readValue();
    } while (!this.#finished(opened));
    this.#skipBlanks();
    if (this.#at < this.bytes.length) this.vm.throwError("Unexpected trailing characters in JSON");
  }

  #skipBlanks(): void {
    for (;; this.#at++) {
      const byte = this.bytes[this.#at];
      if (byte !== Byte.Space && byte !== Byte.LineFeed && byte !== Byte.Return && byte !== Byte.Tab) return;
    }
  }

  /** Reads a scalar, or opens a container (true), and links it into its parent. */
  #readValue(): boolean {
    const byte = this.bytes[this.#at], vm = this.vm;
    if (byte === Byte.OpenArray || byte === Byte.OpenObject) {
      this.#open(byte === Byte.OpenArray);
      return true;
    }
    if (byte === Byte.Quote) vm.heap.setCell(this.value, CellKind.String, this.#readString());
    else if (byte !== undefined && (byte === Byte.Minus || (byte >= Byte.Zero && byte <= Byte.Nine))) this.#readNumber();
    else this.#readWord();
    this.#link();
    return false;
  }

  #link(): void {
    const heap = this.vm.heap, parent = this.#path[this.#path.length - 1];
    if (parent === undefined) heap.copySlot(this.root, this.value);
    else if (parent.isArray) push(heap, parent.cell, this.value);
    else setField(heap, parent.cell, heap.lo(this.key), this.value);
  }

  #open(isArray: boolean): void {
    const heap = this.vm.heap, cell = isArray ? newArray(heap, 4) : newObject(heap, 4);
    heap.setCell(this.value, isArray ? CellKind.Array : CellKind.Object, cell);
    this.#link();
    this.#path.push({ cell, isArray });
    this.#at++;
  }

  /**
   * Goes on after a value, or behind an opening bracket: closes what ends here. True when the outermost value is complete,
   * false when another value follows.
   */
  #finished(opened: boolean): boolean {
    for (; this.#path.length > 0; opened = false) {
      const { isArray } = this.#path[this.#path.length - 1]!, close = isArray ? Byte.CloseArray : Byte.CloseObject;
      this.#skipBlanks();
      if (!opened && this.bytes[this.#at] !== close) this.#readComma(isArray);
      if (this.bytes[this.#at] !== close) {
        if (opened && this.#at >= this.bytes.length) this.vm.throwError(`Unterminated ${isArray ? "array" : "object"} in JSON`);
        if (!isArray) this.#readKey();
        return false;
      }
      this.#path.pop();
      this.#at++;
    }
    return true;
  }

  /** A comma behind the last entry is tolerated. */
  #readComma(isArray: boolean): void {
    if (this.bytes[this.#at] !== Byte.Comma) {
      this.vm.throwError(isArray ? "Expected ',' or ']' in JSON array" : "Expected ',' or '}' in JSON object");
    }
    this.#at++;
    this.#skipBlanks();
  }

  #readKey(): void {
    const heap = this.vm.heap;
    if (this.bytes[this.#at] !== Byte.Quote) this.vm.throwError("Expected '\"' in JSON");
    heap.setCell(this.key, CellKind.String, this.#readString());
    heap.setCell(this.key, CellKind.Symbol, intern(heap, heap.lo(this.key)));
    this.#skipBlanks();
    if (this.bytes[this.#at] !== Byte.Colon) this.vm.throwError("Expected ':' in JSON object");
    this.#at++;
  }

  #readString(): number {
    const { bytes, vm } = this, out = new StringBuilder();
    let from = ++this.#at;
    for (;; this.#at++) {
      const byte = bytes[this.#at];
      if (byte === undefined) vm.throwError("Unterminated string in JSON");
      if (byte !== Byte.Quote && byte !== Byte.Backslash) continue;
      out.appendBytes(bytes.subarray(from, this.#at));
      if (byte === Byte.Quote) break;
      this.#readEscape(out);
      from = this.#at + 1;
    }
    this.#at++;
    return out.finish(vm.heap);
  }

  /** Leaves the position on the last character of the escape. */
  #readEscape(out: StringBuilder): void {
    const byte = this.bytes[++this.#at] ?? 0, simple = SIMPLE_ESCAPES[byte];
    if (simple !== undefined) out.appendByte(simple);
    else if (byte === Byte.SmallU) out.appendCodePoint(this.#readUnits());
    else this.vm.throwError("Invalid escape sequence in JSON string");
  }

  /** \uXXXX; a high surrogate joins the low one that follows it. */
  #readUnits(): number {
    const unit = this.#readHex(this.#at + 1);
    if (unit < 0) this.vm.throwError("Invalid escape sequence in JSON string");
    this.#at += 4;
    if (unit < 0xd800 || unit > 0xdbff || this.bytes[this.#at + 1] !== Byte.Backslash || this.bytes[this.#at + 2] !== Byte.SmallU) return unit;
    const low = this.#readHex(this.#at + 3);
    if (low < 0xdc00 || low > 0xdfff) return unit;
    this.#at += 6;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }

  /** Value of four hexadecimal digits, -1 when they are not. */
  #readHex(at: number): number {
    const text = String.fromCharCode(...this.bytes.subarray(at, at + 4));
    return /^[0-9a-fA-F]{4}$/.test(text) ? parseInt(text, 16) : -1;
  }

  /** Without point and exponent: i32 if it fits, else i64 if it fits. */
  #readNumber(): void {
    const { bytes, vm } = this, from = this.#at;
    let integral = true;
    for (;; this.#at++) {
      const byte = bytes[this.#at] ?? 0, letter = byte | 0x20;
      if (byte >= Byte.Zero && byte <= Byte.Nine) continue;
      if (byte === Byte.Minus && this.#at === from) continue;
      if (byte !== Byte.Dot && byte !== Byte.Plus && byte !== Byte.Minus && letter !== 0x65) break;
      integral = false;
    }
    const text = String.fromCharCode(...bytes.subarray(from, Math.min(this.#at, from + 4096))), x = Number(text);
    if (text === "-" || x !== x || this.#at - from > 4096) vm.throwError(`Unexpected character in JSON: '${text[0]}'`);
    if (integral && x === (x | 0)) vm.heap.setI32(this.value, x);
    else if (integral && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) setInt64(vm.heap, this.value, BigInt(text));
    else vm.heap.setF64(this.value, x);
  }

  #readWord(): void {
    const { bytes, vm } = this, at = this.#at;
    const word = WORDS.find(({ text }) => [...text].every((letter, i) => bytes[at + i] === letter.charCodeAt(0)));
    if (word === undefined) {
      const byte = bytes[at];
      return vm.throwError(byte === undefined ? "Unexpected end of JSON" : `Unexpected character in JSON: '${String.fromCharCode(byte)}'`);
    }
    word.store(vm, this.value);
    this.#at += word.text.length;
  }
}

export function deserialize(vm: Vm, base: number): void {
  const bytes = bytesOf(vm.heap, receiver(vm, base)).slice();
  vm.work(4 * bytes.length);
  new JsonReader(vm, bytes, base, base + 1, base + 2).read();
  vm.heap.copySlot(base - 2, base);
}

export function serialize(vm: Vm, base: number): void {
  const out = new StringBuilder();
  appendJson(vm, out, base - 2);
  vm.heap.setCell(base - 2, CellKind.String, out.finish(vm.heap));
}
