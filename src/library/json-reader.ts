// Reads JSON from the bytes of a string. Values are put on a stack in the world, and a container takes its parts from the top of
// it when it ends: so it is made once, of its final size and shape, and depth cannot overflow the host's stack.
//
// Rules
// 1. The text must not change meanwhile; its bytes do not move. The views of the world are read anew after each allocation.
// 2. Rows have the same keys, each time: their symbols and shapes are kept at hand. All of them are alive in what was read
//    before, unless a key came twice: then they are forgotten.

import { elementSlot, length, newArray, newArrayOf, push, setLength } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { POWERS_OF_TEN } from "../../heap/cells/digits.ts";
import { fieldSlot, findSlot, newObject, newObjectOfShape, prepareKeys, setField, shapeOf } from "../../heap/cells/object.ts";
import { byteLength, copyBytes, dataAddress, newStringOfLength } from "../../heap/cells/string.ts";
import { setInt64 } from "../../heap/cells/wide.ts";
import { Str } from "../../heap/layout.ts";
import { isDictionary, keyCount, keyOfShape } from "../../heap/shapes.ts";
import { intern, internBytes } from "../../heap/symbols.ts";
import { CellKind } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";

const enum Byte { Tab = 9, LineFeed = 10, Return = 13, Space = 32, Quote = 34, Plus = 43, Comma = 44, Minus = 45, Dot = 46, Zero = 48, Nine = 57, Colon = 58, OpenArray = 91, Backslash = 92, CloseArray = 93, SmallE = 101, SmallU = 117, OpenObject = 123, CloseObject = 125 }

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
/** Digits that a double holds exactly, whatever they are. */
const EXACT_DIGITS = 15;
/** Room for fields in the smallest object, and most that lie in the object itself. */
const LEAST_INLINE = 4, MOST_INLINE = 32;
/** Keys and shapes that are kept at hand; the first a power of two. */
const KEYS = 256, SHAPES = 8;

export class JsonReader {
  #at: number;
  readonly #end: number;
  #values = 0;
  /** For each open container the height of the stack below it, times two, and 1 for an array. */
  readonly #open: number[] = [];
  #keys: number[] = [];
  readonly #shapes: number[] = [];
  /** For texts with escapes. */
  readonly #out = new StringBuilder();

  /** Uses the slots from `scratch` on: the stack, the value just read. `text`: the string, which something else keeps alive. */
  constructor(readonly vm: Vm, text: number, readonly scratch: number) {
    this.#at = dataAddress(vm.heap, text);
    this.#end = this.#at + byteLength(vm.heap, text);
    vm.heap.setCell(scratch, CellKind.Array, newArray(vm.heap, 16));
  }

  get #stack(): number { return this.vm.heap.lo(this.scratch); }
  get #value(): number { return this.scratch + 1; }

  /** The byte at the present place, -1 at the end. */
  #byte(): number { return this.#at < this.#end ? this.vm.heap.u8[this.#at]! : -1; }

  /** Reads one value and nothing but blanks behind it, and writes it to dst. */
  read(dst: number): void {
    let opened: boolean;
    do {
      this.#skipBlanks();
      if ((++this.#values & VALUES_BETWEEN) === 0) this.vm.checkStop();
      opened = this.#readValue();
    } while (!this.#finished(opened));
    this.#skipBlanks();
    if (this.#at < this.#end) this.vm.throwError("Unexpected trailing characters in JSON");
    this.vm.heap.copySlot(dst, elementSlot(this.vm.heap, this.#stack, 0));
  }

  #skipBlanks(): void {
    for (const u8 = this.vm.heap.u8; this.#at < this.#end; this.#at++) {
      const byte = u8[this.#at]!;
      if (byte > Byte.Space || (byte !== Byte.Space && byte !== Byte.LineFeed && byte !== Byte.Return && byte !== Byte.Tab)) return;
    }
  }

  #push(): void { push(this.vm.heap, this.#stack, this.#value); }

  /** Reads a scalar, or opens a container (true). */
  #readValue(): boolean {
    const byte = this.#byte(), { heap } = this.vm;
    if (byte === Byte.OpenArray || byte === Byte.OpenObject) {
      this.#open.push(2 * length(heap, this.#stack) + (byte === Byte.OpenArray ? 1 : 0));
      this.#at++;
      return true;
    }
    if (byte === Byte.Quote) heap.setCell(this.#value, CellKind.String, this.#readString());
    else if (byte === Byte.Minus || (byte >= Byte.Zero && byte <= Byte.Nine)) this.#readNumber();
    else this.#readWord();
    this.#push();
    return false;
  }

  /**
   * Goes on after a value, or behind an opening bracket: closes what ends here. True when the outermost value is complete,
   * false when another value follows.
   */
  #finished(opened: boolean): boolean {
    for (; this.#open.length > 0; opened = false) {
      const mark = this.#open[this.#open.length - 1]!, isArray = (mark & 1) !== 0, close = isArray ? Byte.CloseArray : Byte.CloseObject;
      this.#skipBlanks();
      if (!opened && this.#byte() !== close) this.#readComma(isArray);
      if (this.#byte() !== close) {
        if (opened && this.#at >= this.#end) this.vm.throwError(`Unterminated ${isArray ? "array" : "object"} in JSON`);
        if (!isArray) this.#readKey();
        return false;
      }
      this.#open.pop();
      this.#at++;
      this.#close(mark >>> 1, isArray);
    }
    return true;
  }

  /** A comma behind the last entry is tolerated. */
  #readComma(isArray: boolean): void {
    if (this.#byte() !== Byte.Comma) this.vm.throwError(isArray ? "Expected ',' or ']' in JSON array" : "Expected ',' or '}' in JSON object");
    this.#at++;
    this.#skipBlanks();
  }

  /** What is on the stack above this height becomes one value. */
  #close(height: number, isArray: boolean): void {
    const { heap } = this.vm, stack = this.#stack, count = length(heap, stack) - height, first = elementSlot(heap, stack, height);
    if (isArray) heap.setCell(this.#value, CellKind.Array, newArrayOf(heap, first, count));
    else this.#closeObject(first, count >> 1);
    setLength(heap, stack, height);
    this.#push();
  }

  /** The keys and values from slot `first` on become an object. */
  #closeObject(first: number, count: number): void {
    const { heap } = this.vm, known = this.#shapeWith(first, count);
    const object = known === 0 ? newObject(heap, Math.min(MOST_INLINE, Math.max(LEAST_INLINE, count))) : newObjectOfShape(heap, known);
    heap.setCell(this.#value, CellKind.Object, object);
    if (known !== 0) {
      for (let i = 0; i < count; i++) heap.copySlot(fieldSlot(heap, object, i), first + 2 * i + 1);
      return;
    }
    let isTwice = false;
    for (let i = 0; i < count; i++) {
      isTwice ||= findSlot(heap, object, heap.lo(first + 2 * i)) !== 0;
      setField(heap, object, heap.lo(first + 2 * i), first + 2 * i + 1);
    }
    if (isTwice) {
      this.#keys = [];
      this.#shapes.length = 0;
    } else if (count > 0 && !isDictionary(heap, shapeOf(heap, object))) {
      if (this.#shapes.length === SHAPES) this.#shapes.shift();
      prepareKeys(heap, object);
      this.#shapes.push(shapeOf(heap, object));
    }
  }

  /** The shape at hand with the keys from slot `first` on, every second one; 0 when there is none. */
  #shapeWith(first: number, count: number): number {
    const { heap } = this.vm;
    for (const shape of this.#shapes) {
      if (keyCount(heap, shape) !== count) continue;
      let i = count - 1;
      while (i >= 0 && keyOfShape(heap, shape, i) === heap.lo(first + 2 * i)) i--;
      if (i < 0) return shape;
    }
    return 0;
  }

  /** Reads a key, and puts its symbol on the stack. */
  #readKey(): void {
    const { heap } = this.vm;
    if (this.#byte() !== Byte.Quote) this.vm.throwError("Expected '\"' in JSON");
    heap.setCell(this.#value, CellKind.Symbol, this.#readSymbol());
    this.#push();
    this.#skipBlanks();
    if (this.#byte() !== Byte.Colon) this.vm.throwError("Expected ':' in JSON object");
    this.#at++;
  }

  #readSymbol(): number {
    const { heap } = this.vm, u8 = heap.u8, from = this.#at + 1;
    let h = 0, at = from, byte = 0;
    for (; at < this.#end; at++) {
      byte = u8[at]!;
      if (byte === Byte.Quote || byte === Byte.Backslash) break;
      h = (Math.imul(h, 31) + byte) | 0;
    }
    if (byte !== Byte.Quote || at === this.#end) {
      heap.setCell(this.#value, CellKind.String, this.#readString());
      return intern(heap, heap.lo(this.#value));
    }
    this.#at = at + 1;
    const place = (h ^ (h >>> 12)) & (KEYS - 1), known = this.#keys[place] ?? 0;
    if (known !== 0 && this.#isKey(known, from, at - from)) return known;
    const symbol = internBytes(heap, u8.slice(from, at));
    if (this.#keys.length === 0) this.#keys = new Array<number>(KEYS).fill(0);
    return this.#keys[place] = symbol;
  }

  #isKey(symbol: number, from: number, count: number): boolean {
    const { i32, u8 } = this.vm.heap, text = dataAddress(this.vm.heap, symbol);
    if (i32[(symbol + Str.ByteLength) >> 2] !== count) return false;
    for (let i = 0; i < count; i++) if (u8[text + i] !== u8[from + i]) return false;
    return true;
  }

  /** Most texts have no escapes: their bytes are copied as they are. */
  #readString(): number {
    const { heap } = this.vm, u8 = heap.u8, from = this.#at + 1;
    let at = from, all = 0, byte = 0;
    for (; at < this.#end; at++) {
      byte = u8[at]!;
      if (byte === Byte.Quote || byte === Byte.Backslash) break;
      all |= byte;
    }
    if (byte !== Byte.Quote || at === this.#end) return this.#readEscaped();
    const count = at - from, str = newStringOfLength(heap, count, all < 0x80 ? count : -1);
    copyBytes(heap.u8, dataAddress(heap, str), from, count);
    this.#at = at + 1;
    return str;
  }

  #readEscaped(): number {
    const { heap } = this.vm, out = this.#out;
    out.clear();
    let from = ++this.#at;
    for (;; this.#at++) {
      const byte = this.#byte();
      if (byte < 0) this.vm.throwError("Unterminated string in JSON");
      if (byte !== Byte.Quote && byte !== Byte.Backslash) continue;
      out.appendBytes(heap.u8.subarray(from, this.#at));
      if (byte === Byte.Quote) break;
      this.#readEscape(out);
      from = this.#at + 1;
    }
    this.#at++;
    return out.finish(heap);
  }

  /** Leaves the position on the last character of the escape. */
  #readEscape(out: StringBuilder): void {
    this.#at++;
    const byte = this.#byte(), simple = SIMPLE_ESCAPES[byte];
    if (simple !== undefined) out.appendByte(simple);
    else if (byte === Byte.SmallU) out.appendCodePoint(this.#readUnits());
    else this.vm.throwError("Invalid escape sequence in JSON string");
  }

  /** \uXXXX; a high surrogate joins the low one that follows it. */
  #readUnits(): number {
    const { u8 } = this.vm.heap, unit = this.#readHex(this.#at + 1);
    if (unit < 0) this.vm.throwError("Invalid escape sequence in JSON string");
    this.#at += 4;
    if (unit < 0xd800 || unit > 0xdbff || this.#at + 6 >= this.#end || u8[this.#at + 1] !== Byte.Backslash || u8[this.#at + 2] !== Byte.SmallU) return unit;
    const low = this.#readHex(this.#at + 3);
    if (low < 0xdc00 || low > 0xdfff) return unit;
    this.#at += 6;
    return 0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00);
  }

  /** Value of four hexadecimal digits, -1 when they are not. */
  #readHex(at: number): number {
    const text = String.fromCharCode(...this.vm.heap.u8.subarray(at, Math.min(at + 4, this.#end)));
    return /^[0-9a-fA-F]{4}$/.test(text) ? parseInt(text, 16) : -1;
  }

  /**
   * Without point and exponent: i32 if it fits, else i64 if it fits. The quotient or product of an integer below 2^53 and an
   * exact power of ten is rounded once, so it is the nearest double; all other numbers are left to JavaScript.
   */
  #readNumber(): void {
    const { heap } = this.vm, u8 = heap.u8, isNegative = u8[this.#at] === Byte.Minus, from = this.#at + (isNegative ? 1 : 0);
    let at = from, digits = 0, places = 0;
    for (; at < this.#end; at++) {
      const byte = u8[at]!;
      if (byte === Byte.Dot && places === 0) places = at + 1;
      else if (byte >= Byte.Zero && byte <= Byte.Nine) digits = 10 * digits + byte - Byte.Zero;
      else break;
    }
    const byte = at < this.#end ? u8[at]! : 0, isDecimal = places > 0, count = at - from - (isDecimal ? 1 : 0);
    if (count === 0 || count > EXACT_DIGITS || byte === Byte.Plus || byte === Byte.Minus || byte === Byte.Dot || (byte | 0x20) === Byte.SmallE) return this.#readAnyNumber();
    if (!isDecimal && digits > 0x7fff_ffff) return this.#readAnyNumber();
    this.#at = at;
    const x = isDecimal ? digits / POWERS_OF_TEN[at - places]! : digits;
    if (isDecimal) heap.setF64(this.#value, isNegative ? -x : x);
    else heap.setI32(this.#value, isNegative ? -x | 0 : x);
  }

  #readAnyNumber(): void {
    const { vm } = this, { u8 } = vm.heap, from = this.#at;
    let integral = true;
    for (;; this.#at++) {
      const byte = this.#byte(), letter = byte | 0x20;
      if (byte >= Byte.Zero && byte <= Byte.Nine) continue;
      if (byte === Byte.Minus && this.#at === from) continue;
      if (byte !== Byte.Dot && byte !== Byte.Plus && byte !== Byte.Minus && letter !== Byte.SmallE) break;
      integral = false;
    }
    const text = String.fromCharCode(...u8.subarray(from, Math.min(this.#at, from + 4096))), x = Number(text);
    if (text === "-" || x !== x || this.#at - from > 4096) vm.throwError(`Unexpected character in JSON: '${text[0]}'`);
    if (integral && x === (x | 0)) vm.heap.setI32(this.#value, x);
    else if (integral && BigInt.asIntN(64, BigInt(text)) === BigInt(text)) setInt64(vm.heap, this.#value, BigInt(text));
    else vm.heap.setF64(this.#value, x);
  }

  #readWord(): void {
    const { vm } = this;
    for (const { text, store } of WORDS) {
      if (!this.#isAt(text)) continue;
      this.#at += text.length;
      return store(vm, this.#value);
    }
    const byte = this.#byte();
    vm.throwError(byte < 0 ? "Unexpected end of JSON" : `Unexpected character in JSON: '${String.fromCharCode(byte)}'`);
  }

  #isAt(text: string): boolean {
    const { u8 } = this.vm.heap, at = this.#at;
    if (at + text.length > this.#end) return false;
    for (let i = 0; i < text.length; i++) if (u8[at + i] !== text.charCodeAt(i)) return false;
    return true;
  }
}
