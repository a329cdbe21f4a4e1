// TOML: configuration files as maps with keyword keys.

import { isInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { CellHi, Hi, Tag } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeWord } from "../conditions.ts";
import { numberText } from "../numbers/text.ts";
import { storeText, writtenText } from "../printer.ts";
import { nameText } from "../printer/atoms.ts";
import { VALUE_AFTER_KEY, mapKeys, partSlots } from "../printer/parts.ts";
import { SCRATCH, lisp, listArgument, textArgument } from "../text/arguments.ts";
import { quotedJson } from "./json.ts";
import { readToml } from "./toml-reader.ts";
import { returnPlain } from "./values.ts";

const MAX_DEPTH = 200;

function decode(vm: Vm, base: number): void {
  const text = textArgument(vm, base), read = readToml(text);
  vm.chargeFuel(8 * text.length);
  if ("line" in read) return evalError(vm, `toml/decode: parse error: TOML parse error at line ${read.line}, column ${read.column}`);
  returnPlain(vm, base, read.data, base + SCRATCH);
}

const isMap = (vm: Vm, slot: number): boolean => vm.heap.hi(slot) === CellHi.SortedMap || vm.heap.hi(slot) === CellHi.HashMap;
const isSequence = (vm: Vm, slot: number): boolean => [CellHi.Pair, CellHi.Vector, Hi.Empty].includes(vm.heap.hi(slot));

const quoted = (text: string): string => quotedJson(text).replaceAll("\x7f", "\\u007f");

class TomlWriter {
  readonly out = new StringBuilder();
  #depth = 0;

  constructor(readonly vm: Vm) {}

  #fail(what: string): never { return evalError(this.vm, `toml/encode: ${what}`); }

  #enter(): void {
    if (++this.#depth > MAX_DEPTH) this.#fail("nested too deeply");
    checkTextSize(this.vm, this.out);
  }

  #key(slot: number): string {
    const hi = this.vm.heap.hi(slot), isName = hi === CellHi.String || hi === CellHi.Symbol || hi === CellHi.Keyword;
    const text = isName ? nameText(this.vm.heap, slot) : writtenText(this.vm, slot);
    return /^[A-Za-z0-9_-]+$/.test(text) ? text : quoted(text);
  }

  #parts(slot: number): readonly number[] { return this.vm.heap.hi(slot) === CellHi.Vector ? partSlots(this.vm.heap, slot) : listArgument(this.vm, slot); }

  /** A map, or a sequence of maps: written under headers of their own. */
  #isTable(slot: number): boolean {
    if (isMap(this.vm, slot)) return true;
    if (!isSequence(this.vm, slot)) return false;
    const parts = this.#parts(slot);
    return parts.length > 0 && parts.every((part) => isMap(this.vm, part));
  }

  /** Plain entries first, as what follows a header belongs to it; then tables and lists of tables. */
  table(slot: number, path: string): void {
    this.#enter();
    const keys = mapKeys(this.vm.heap, slot), isLater = (key: number): boolean => this.#isTable(key + VALUE_AFTER_KEY);
    for (const key of keys) if (!isLater(key)) this.out.appendText(`${this.#key(key)} = ${this.#value(key + VALUE_AFTER_KEY)}\n`);
    for (const key of keys) if (isLater(key)) this.#subTables(key + VALUE_AFTER_KEY, path + this.#key(key));
    this.#depth--;
  }

  #subTables(value: number, path: string): void {
    const isOne = isMap(this.vm, value);
    for (const slot of isOne ? [value] : this.#parts(value)) {
      const isImplied = isOne && this.#hasOnlyTables(slot);
      if (this.out.length > 0 && !isImplied) this.out.appendText("\n");
      if (!isImplied) this.out.appendText(isOne ? `[${path}]\n` : `[[${path}]]\n`);
      this.table(slot, `${path}.`);
    }
  }

  /** The headers of its tables imply that of a map with nothing else. */
  #hasOnlyTables(slot: number): boolean {
    const keys = mapKeys(this.vm.heap, slot);
    return keys.length > 0 && keys.every((key) => this.#isTable(key + VALUE_AFTER_KEY));
  }

  #value(slot: number): string {
    this.#enter();
    const text = this.#scalar(slot) ?? (isMap(this.vm, slot) ? this.#inlineTable(slot) : `[${this.#parts(slot).map((part) => this.#value(part)).join(", ")}]`);
    this.#depth--;
    return text;
  }

  #inlineTable(slot: number): string {
    const entries = mapKeys(this.vm.heap, slot).map((key) => `${this.#key(key)} = ${this.#value(key + VALUE_AFTER_KEY)}`);
    return entries.length === 0 ? "{}" : `{ ${entries.join(", ")} }`;
  }

  /** Text of a value without parts; null for one with parts. */
  #scalar(slot: number): string | null {
    const { vm } = this, { heap } = vm, hi = heap.hi(slot);
    if (isMap(vm, slot) || isSequence(vm, slot)) return null;
    if (hi === Hi.Bool) return heap.lo(slot) === 0 ? "false" : "true";
    if (hi === CellHi.String || hi === CellHi.Symbol || hi === CellHi.Keyword) return quoted(nameText(heap, slot));
    const isSmall = isInteger(heap, slot) && smallInteger(heap, slot) === smallInteger(heap, slot);
    return isSmall || hi < Tag.First ? numberText(vm, slot, 10).replace("NaN", "nan") : this.#wide(slot);
  }

  /** Integers of 64 bits are the largest there are. */
  #wide(slot: number): string {
    const text = isInteger(this.vm.heap, slot) ? numberText(this.vm, slot, 10) : "";
    return text !== "" && BigInt.asIntN(64, BigInt(text)) === BigInt(text) ? text : this.#fail(`cannot encode ${typeWord(this.vm.heap, slot)}`);
  }
}

function encode(vm: Vm, base: number): void {
  if (!isMap(vm, base)) evalError(vm, "toml/encode: top-level value must be a map");
  const writer = new TomlWriter(vm);
  writer.table(base, "");
  storeText(vm, base - 2, writer.out);
}

export const TOML: readonly NativeInfo[] = [
  lisp("toml/decode", 1, 1, "map of a TOML text", decode),
  lisp("toml/encode", 1, 1, "TOML text of a map", encode),
];
