// Names of nodes and edges: texts by number, each text once. Reads cells without trusting more of them than tracing does.

import { bytesOf, byteLength } from "../../heap/cells/string.ts";
import { slotsItem } from "../../heap/cells/slots.ts";
import { decodeText } from "../../heap/cells/utf8.ts";
import { Bytes, Closure, Code, Keyword, NumberArray, NumberElement, Obj, ParamFlag, Shape, Slots, Struct } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { isDictionary } from "../../heap/shapes.ts";
import { STRUCTS, StructType } from "../../heap/structs.ts";
import { kindOf } from "../../heap/trace.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { findSpan } from "../vm/stack.ts";
import type { WorldView } from "./world-view.ts";
import { NODE_KINDS } from "./node-kinds.ts";

/** Characters of a string that its name shows; DevTools and V8 cut there too. */
export const STRING_LIMIT = 1024;
/** Keys that the name of an object without a type shows. */
const KEYS_SHOWN = 6;
const SPAN_WORDS = 3;

/** Where a function begins; 1-based. */
export interface Place { readonly sourceId: number; readonly line: number; readonly column: number }

export class Names {
  /** Number 0 stands for no name, as in files of V8. */
  readonly texts: string[] = ["<dummy>"];
  readonly #numbers = new Map<string, number>();
  readonly #shapes = new Map<number, number>();
  readonly #codes = new Map<number, number>();
  readonly #symbols = new Map<number, number>();
  readonly #keys = new Map<number, readonly number[]>();

  constructor(private readonly view: WorldView) {}

  /** Number of a text. */
  of(text: string): number {
    let n = this.#numbers.get(text);
    if (n === undefined) this.#numbers.set(text, n = this.texts.push(text) - 1);
    return n;
  }

  /** Name of a node for the cell. */
  ofCell(addr: number): number {
    const { mem } = this.view, kind = kindOf(mem, addr), word = (at: number): number => mem.word(addr + at);
    switch (kind) {
      case CellKind.String: return this.of(shortText(mem, addr));
      case CellKind.Symbol: return this.ofSymbol(addr);
      case CellKind.Keyword: return this.of(`:${shortText(mem, word(Keyword.Name))}`);
      case CellKind.Object: return this.ofShape(word(Obj.Shape));
      case CellKind.Shape: return this.ofShape(addr);
      case CellKind.Closure: return word(Closure.Code) === 0 ? this.of("closure") : this.ofCode(word(Closure.Code));
      case CellKind.Code: return this.ofCode(addr);
      case CellKind.Struct: return this.of(structName(mem, addr));
      case CellKind.NumberArray: return this.of(word(NumberArray.Element) === NumberElement.F64 ? "F64Array" : "I64Array");
      default: return this.of(NODE_KINDS[kind].label);
    }
  }

  ofSymbol(symbol: number): number {
    let n = this.#symbols.get(symbol);
    if (n === undefined) this.#symbols.set(symbol, n = this.of(shortText(this.view.mem, symbol)));
    return n;
  }

  /** What objects of the shape are called: their type, or their keys. */
  ofShape(shape: number): number {
    const { mem } = this.view, type = mem.word(shape + Shape.TypeName);
    if (type !== 0) return this.ofSymbol(type);
    if (isDictionary(mem, shape)) return this.of("Object(…)");
    let n = this.#shapes.get(shape);
    if (n === undefined) {
      const keys = this.keysOf(shape), shown = keys.slice(0, KEYS_SHOWN).map((key) => this.texts[key]!);
      this.#shapes.set(shape, n = this.of(`Object(${shown.join(", ")}${keys.length > KEYS_SHOWN ? ", …" : ""})`));
    }
    return n;
  }

  /** Names of the fields in order; 0 where the key was deleted. */
  keysOf(shape: number): readonly number[] {
    const known = this.#keys.get(shape);
    if (known !== undefined) return known;
    const { mem } = this.view, keys = isDictionary(mem, shape) ? this.#dictionaryKeys(mem.word(shape + Shape.Keys)) : this.#chainKeys(shape);
    // A dictionary belongs to one object, which asks once.
    if (!isDictionary(mem, shape)) this.#keys.set(shape, keys);
    return keys;
  }

  #dictionaryKeys(keys: number): number[] {
    const { mem } = this.view;
    return Array.from({ length: keys === 0 ? 0 : mem.word(keys + Slots.Count) }, (_, i) =>
      mem.hi(slotsItem(keys, i)) === CellHi.Symbol ? this.ofSymbol(mem.lo(slotsItem(keys, i))) : 0);
  }

  #chainKeys(shape: number): number[] {
    const { mem } = this.view, keys: number[] = [];
    for (let s = shape, n = mem.word(shape + Shape.Count); n > 0 && s !== 0; n--, s = mem.word(s + Shape.Parent)) keys[n - 1] = this.ofSymbol(mem.word(s + Shape.Key));
    return keys;
  }

  /** A function and where it begins: `total (orders.hml:12:3)`. */
  ofCode(code: number): number {
    let n = this.#codes.get(code);
    if (n === undefined) this.#codes.set(code, n = this.of(this.#functionText(code, this.placeOf(code))));
    return n;
  }

  /** A running call: its function and the place it is at. `pc` as in WorldView. */
  ofFrame(code: number, pc: number): number {
    const span = this.view.mem.word(code + Code.TreeId) === 0 ? findSpan(this.view.mem, code, pc - 1) : null;
    return this.of(this.#functionText(code, span === null ? null : this.#place(code, span.start)));
  }

  #functionText(code: number, place: Place | null): string {
    const { mem } = this.view, name = mem.word(code + Code.Name), text = name === 0 ? "" : shortText(mem, name);
    const source = this.view.sources[mem.word(code + Code.SourceId)], shown = text === "" ? "<function>" : text;
    if (source === undefined) return shown;
    return `${shown} (${source.name}${place === null ? "" : `:${place.line}:${place.column}`})`;
  }

  /** Where the function's code begins; null when its source is not known. */
  placeOf(code: number): Place | null {
    const { mem } = this.view, spans = mem.word(code + Code.Spans);
    if (spans === 0) return null;
    const first = (spans + Bytes.Data) >> 2, words = mem.word(spans + Bytes.Used) >> 2;
    let start = Infinity;
    // Spans of generated instructions are empty and begin at 0.
    for (let i = first; i + 2 < first + words; i += SPAN_WORDS) if (mem.i32[i + 2]! > mem.i32[i + 1]!) start = Math.min(start, mem.i32[i + 1]!);
    return start === Infinity ? null : this.#place(code, start);
  }

  #place(code: number, offset: number): Place | null {
    const sourceId = this.view.mem.word(code + Code.SourceId), source = this.view.sources[sourceId];
    return source === undefined ? null : { sourceId, ...source.position(offset) };
  }

  /** Names of the variables a closure carries, in order; 0 where the code does not tell. */
  capturesOf(code: number): readonly number[] {
    const { mem } = this.view, names = mem.word(code + Code.CaptureNames);
    return names === 0 ? [] : this.#dictionaryKeys(names);
  }

  /** A key of a map as the name of the edge to its value; 0 when it is no text. */
  ofKey(slot: number): number {
    const { mem } = this.view, hi = mem.hi(slot);
    if (hi === CellHi.String || hi === CellHi.Symbol || hi === CellHi.Keyword) return this.ofCell(mem.lo(slot));
    return hi === Hi.I32 ? this.of(String(mem.lo(slot))) : 0;
  }

  isLibrary(code: number): boolean { return (this.view.mem.word(code + Code.ParamFlags) & ParamFlag.Library) !== 0; }
}

/** The text, cut where names end. */
function shortText(mem: Mem, str: number): string {
  // A character takes at most four bytes, and half of one that is cut off is left out by the second cut.
  const bytes = byteLength(mem, str) > 4 * STRING_LIMIT ? bytesOf(mem, str).subarray(0, 4 * STRING_LIMIT) : bytesOf(mem, str), text = decodeText(bytes);
  if (text.length <= STRING_LIMIT) return text;
  const last = text.charCodeAt(STRING_LIMIT - 1);
  return text.slice(0, last >= 0xd800 && last < 0xdc00 ? STRING_LIMIT - 1 : STRING_LIMIT);
}

/** A record is called by its type, everything else by what it is. */
function structName(mem: Mem, addr: number): string {
  const type = mem.word(addr + Struct.Type) as StructType, first = (addr + Struct.Data) >> 3;
  if (type === StructType.Record && mem.word(addr + Struct.Count) > 0 && mem.hi(first) === CellHi.Struct) {
    const name = (mem.lo(first) + Struct.Data) >> 3;
    if (mem.hi(name) === CellHi.Symbol || mem.hi(name) === CellHi.String) return shortText(mem, mem.lo(name));
  }
  return STRUCTS[type]?.name ?? "struct";
}
