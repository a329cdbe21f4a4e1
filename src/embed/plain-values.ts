// What of a host's value may be copied: plain data only. A property is looked at as a descriptor, so that no accessor runs
// unnoticed; toJSON, then and inherited properties mean nothing here.

import type { CopyError } from "./copy-limits.ts";

/** Ways in which a host's object is copied. */
export type Plainness = "array" | "object" | "map" | "set" | "date" | "bytes" | "numbers" | "other";

export type NumberArrayLike = Float64Array | Float32Array | Int8Array | Int16Array | Int32Array | Uint16Array | Uint32Array | BigInt64Array | BigUint64Array;

export function plainness(value: object): Plainness {
  if (Array.isArray(value)) return "array";
  const prototype: unknown = Object.getPrototypeOf(value);
  // Object.prototype, of whatever realm, is the end of its chain.
  if (prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null) return "object";
  if (ArrayBuffer.isView(value)) return value instanceof Uint8Array || value instanceof Uint8ClampedArray || value instanceof DataView ? "bytes" : "numbers";
  if (value instanceof ArrayBuffer) return "bytes";
  if (value instanceof Map) return "map";
  if (value instanceof Set) return "set";
  return value instanceof Date ? "date" : "other";
}

/** A copy of the bytes of a view or buffer. */
export function bytesIn(value: object): Uint8Array {
  if (value instanceof ArrayBuffer) return new Uint8Array(value.slice(0));
  const view = value as ArrayBufferView;
  return new Uint8Array(view.buffer, view.byteOffset, view.byteLength).slice();
}

/** Value of an own data property, undefined when there is none; `fail` raises the error for an accessor. */
export function dataProperty(value: object, key: string | number, fail: (reason: string) => CopyError): unknown {
  const found = Object.getOwnPropertyDescriptor(value, key), item: unknown = found?.value;
  // Looking for what most descriptors do not have is dear: `get` and `set` are asked for only where there is no value.
  if (item === undefined && found !== undefined && (found.get !== undefined || found.set !== undefined)) throw fail(`'${key}' is an accessor: only plain data is copied`);
  return item;
}

/** Finds the getter of a property without calling it; undefined where there is none. Not every host has it. */
const lookupGetter = (Object.prototype as { readonly __lookupGetter__?: (this: object, key: number) => unknown }).__lookupGetter__;

/** The same of an array's element: descriptors of elements are five times as dear. */
export function dataElement(items: readonly unknown[], i: number, fail: (reason: string) => CopyError): unknown {
  if (lookupGetter !== undefined && lookupGetter.call(items, i) === undefined && Object.hasOwn(items, i)) {
    const item = items[i];
    if (item !== undefined) return item;
  }
  return dataProperty(items, i, fail);
}

/** What is wrong with a value that no rule covers. */
export function refusal(value: unknown): string {
  if (typeof value === "function") return "a function cannot be copied: register it with a name, in the option functions or with vm.globals.set";
  if (typeof value === "symbol") return "a symbol cannot be copied";
  const name: unknown = (value as object).constructor?.name;
  if (value instanceof Promise) return "a promise cannot be copied: await it first";
  return `an instance of ${typeof name === "string" && name !== "" ? name : "a class"} cannot be copied: pass a plain object or array of its data`;
}
