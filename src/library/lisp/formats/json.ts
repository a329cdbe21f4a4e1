// JSON. Reading builds values from the inside out and writing keeps its own stack, so depth cannot overflow the host's.
// Objects are maps with keyword keys, arrays lists; integers are of any size.

import { isInteger } from "../../../../heap/cells/bigint.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { StringBuilder } from "../../../../heap/cells/builder.ts";

import { CellHi, Hi, Tag } from "../../../../heap/value.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeWord } from "../conditions.ts";
import { numberText } from "../numbers/text.ts";
import { storeText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { mapKeys, partSlots, VALUE_AFTER_KEY } from "../printer/parts.ts";
import { writtenText } from "../printer.ts";
import { SCRATCH, lisp, listArgument, textArgument } from "../text/arguments.ts";
import { JsonReader } from "./json-reader.ts";
import { ValueStack } from "./values.ts";

/** Fuel for a value, in the units of chargeFuel. */
const VALUE_FUEL = 16;

const ESCAPES: { readonly [character: string]: string } = { '"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t", "\b": "\\b", "\f": "\\f" };

/** The text in quotes. */
export function quotedJson(text: string): string {
  const escape = (each: string): string => ESCAPES[each] ?? `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`;
  return `"${text.replace(/["\\\0-\x1f]/g, escape)}"`;
}

/** Floats show that they are: whole ones end in .0, large ones have an exponent. */
function floatText(x: number): string {
  if (Number.isInteger(x)) return Math.abs(x) < 1e16 ? `${Object.is(x, -0) ? "-0" : x}.0` : x.toExponential();
  return String(x);
}

/** A list, vector or map being written: its parts, and the next of them. */
interface Open { readonly parts: readonly number[]; readonly isMap: boolean; next: number; readonly cell: number }

class JsonWriter {
  readonly out = new StringBuilder();
  readonly #open: Open[] = [];
  readonly #cells = new Set<number>();

  constructor(readonly vm: Vm, readonly indent: string) {}

  write(root: number): StringBuilder {
    this.#value(root);
    while (this.#open.length > 0) {
      this.#step(this.#open[this.#open.length - 1]!);
      this.vm.work(VALUE_FUEL);
      checkTextSize(this.vm, this.out);
    }
    return this.out;
  }

  #fail(what: string): never { return evalError(this.vm, `json/encode: Eval error: cannot encode ${what} as JSON`); }

  #step(top: Open): void {
    const { out } = this, isDone = top.next === top.parts.length;
    if (!isDone && top.next > 0) out.appendText(",");
    if (top.parts.length > 0) this.#line(isDone ? 1 : 0);
    if (isDone) {
      out.appendText(top.isMap ? "}" : "]");
      this.#cells.delete(top.cell);
      return void this.#open.pop();
    }
    const part = top.parts[top.next++]!;
    if (!top.isMap) return this.#value(part);
    out.appendText(quotedJson(this.#keyText(part))).appendText(this.indent === "" ? ":" : ": ");
    this.#value(part + VALUE_AFTER_KEY);
  }

  /** A new line when pretty, `back` levels less deep than its parts. */
  #line(back: number): void {
    if (this.indent !== "") this.out.appendText(`\n${this.indent.repeat(this.#open.length - back)}`);
  }

  #keyText(slot: number): string {
    const hi = this.vm.heap.hi(slot), isName = hi === CellHi.String || hi === CellHi.Symbol || hi === CellHi.Keyword;
    return isName ? nameText(this.vm.heap, slot) : writtenText(this.vm, slot);
  }

  #begin(slot: number, parts: readonly number[], isMap: boolean): void {
    const cell = this.vm.heap.lo(slot);
    if (this.#cells.has(cell)) this.#fail("cyclic data");
    if (parts.length > 0) this.#cells.add(cell);
    this.out.appendText(isMap ? "{" : "[");
    this.#open.push({ parts, isMap, next: 0, cell: parts.length > 0 ? cell : 0 });
  }

  #value(slot: number): void {
    const { vm, out } = this, { heap } = vm, hi = heap.hi(slot);
    switch (hi) {
      case Hi.Null: return void out.appendText("null");
      case Hi.Bool: return void out.appendText(heap.lo(slot) === 0 ? "false" : "true");
      case Hi.Empty: return void out.appendText("[]");
      case CellHi.String: case CellHi.Symbol: case CellHi.Keyword: return void out.appendText(quotedJson(nameText(heap, slot)));
      case CellHi.Rational: case CellHi.Complex: return void out.appendText(quotedJson(numberText(vm, slot, 10)));
      case CellHi.Pair: return this.#begin(slot, listArgument(vm, slot, "list"), false);
      case CellHi.Vector: return this.#begin(slot, partSlots(heap, slot), false);
      case CellHi.SortedMap: case CellHi.HashMap: return this.#begin(slot, mapKeys(heap, slot), true);
    }
    if (isInteger(heap, slot)) return void out.appendText(numberText(vm, slot, 10));
    if (hi >= Tag.First) return this.#fail(typeWord(heap, slot));
    const x = heap.f64[slot]!;
    if (!Number.isFinite(x)) this.#fail("NaN/Infinity");
    out.appendText(floatText(x));
  }
}

function decode(vm: Vm, base: number): void {
  const text = textArgument(vm, base), values = new ValueStack(vm, base + SCRATCH);
  const error = new JsonReader(text, values).read();
  if (error !== null) evalError(vm, `json/decode: parse error at line ${error.line} column ${error.column}: ${error.what}`);
  values.result(base - 2);
}

export const JSON_FUNCTIONS: readonly NativeInfo[] = [
  lisp("json/encode", 1, 1, "the value as JSON text", (vm, base) => storeText(vm, base - 2, new JsonWriter(vm, "").write(base))),
  lisp("json/encode-pretty", 1, 1, "the value as JSON text on many lines", (vm, base) => storeText(vm, base - 2, new JsonWriter(vm, "  ").write(base))),
  lisp("json/decode", 1, 1, "the value of a JSON text: maps with keyword keys, lists, strings, numbers, booleans, nil", decode),
];
