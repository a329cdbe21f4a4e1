// The constants of one function while it is assembled: equal constants share a place, inline caches never do.

import type { CompiledFunction, Constant, LiteralConstant } from "./code.ts";
import { CACHE_CONSTANTS } from "./opcodes.ts";

/** Bytes as a string of their values, to be part of a key. */
function bytesKey(bytes: Uint8Array): string {
  let key = "";
  for (let i = 0; i < bytes.length; i += 4096) key += String.fromCharCode(...bytes.subarray(i, i + 4096));
  return key;
}

/** Equal keys: same type and same value; 0 and -0 differ. */
export function literalKey(literal: Exclude<LiteralConstant, { type: "datum" }>): string {
  switch (literal.type) {
    case "null": case "hole": case "empty": return literal.type;
    case "string": return `string:${bytesKey(literal.value)}`;
    case "array": return `array:${JSON.stringify(literal.value.map((each) => (each.type === "datum" ? String(each.value) : literalKey(each))))}`;
    case "f32": case "f64": return `${literal.type}:${Object.is(literal.value, -0) ? "-0" : literal.value}`;
    default: return `${literal.type}:${literal.value}`;
  }
}

export class ConstantPool {
  readonly list: Constant[] = [];
  readonly #places = new Map<string, number>();
  readonly #data = new Map<unknown, number>();
  readonly #codes = new Map<CompiledFunction, number>();

  #shared(key: string, make: () => Constant): number {
    let place = this.#places.get(key);
    if (place === undefined) {
      place = this.list.push(make()) - 1;
      this.#places.set(key, place);
    }
    return place;
  }

  literal(literal: LiteralConstant): number {
    if (literal.type === "datum") return this.#datum(literal);
    return this.#shared(literalKey(literal), () => literal);
  }

  /** Data is shared by identity: what looks alike may be two mutable things. */
  #datum(literal: LiteralConstant & { readonly type: "datum" }): number {
    let place = this.#data.get(literal.value);
    if (place === undefined) this.#data.set(literal.value, place = this.list.push(literal) - 1);
    return place;
  }

  global(name: string): number {
    return this.#shared(`global:${name}`, () => ({ type: "global", name }));
  }

  shape(keys: readonly string[], inlineCapacity: number): number {
    return this.#shared(`shape:${inlineCapacity}:${JSON.stringify(keys)}`, () => ({ type: "shape", keys, inlineCapacity }));
  }

  names(names: readonly (string | null)[]): number {
    return this.#shared(`names:${JSON.stringify(names)}`, () => ({ type: "names", names }));
  }

  code(compiled: CompiledFunction): number {
    let place = this.#codes.get(compiled);
    if (place === undefined) this.#codes.set(compiled, place = this.list.push({ type: "code", function: compiled }) - 1);
    return place;
  }

  /** Reserves the constants of an inline cache; `names` goes into the last of them. */
  cache(name: string, names: readonly (string | null)[] | null = null): number {
    const first = this.list.push({ type: "cache", name }) - 1;
    for (let i = 1; i < CACHE_CONSTANTS; i++) this.list.push({ type: "cacheState" });
    if (names !== null) this.list[first + CACHE_CONSTANTS - 1] = { type: "names", names };
    return first;
  }
}
