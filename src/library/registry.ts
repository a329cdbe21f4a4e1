// The one list of natives. A native's id is its place in the list; images of worlds hold ids, so tables are only appended
// to and never reordered.

import { Bug } from "../../heap/debug.ts";
import type { NativeInfo } from "../vm/native.ts";
import { ARRAY_METHODS } from "./arrays.ts";
import { ATOMICS } from "./atomics.ts";
import { BUFFERS } from "./buffers.ts";
import { CORE } from "./core.ts";
import { LISP_COLLECTIONS } from "./lisp/collections.ts";
import { LISP_COMPILE } from "./lisp/compile.ts";
import { LISP_CONTROL } from "./lisp/control.ts";
import { LISP_FORMATS } from "./lisp/formats.ts";
import { LISP_NUMBERS } from "./lisp/numbers.ts";
import { LISP_TEXT } from "./lisp/text.ts";
import { MATCHING } from "./matching.ts";
import { MATH } from "./math.ts";
import { MEMORY } from "./memory.ts";
import { OBJECT_METHODS } from "./objects.ts";
import { POINTERS } from "./pointers.ts";
import { STRING_METHODS } from "./strings.ts";
import { SYSTEM } from "./system.ts";
import { TASKS } from "./tasks.ts";
import { TYPES } from "./types.ts";
import { UNAVAILABLE } from "./unavailable.ts";

export { CONSTANTS } from "./constants.ts";

export const NATIVES: readonly NativeInfo[] = [
  ...CORE, ...STRING_METHODS, ...ARRAY_METHODS, ...OBJECT_METHODS, ...MATH, ...MEMORY, ...BUFFERS, ...POINTERS, ...ATOMICS, ...TYPES,
  ...SYSTEM, ...UNAVAILABLE, ...MATCHING, ...TASKS,
  ...LISP_NUMBERS, ...LISP_TEXT, ...LISP_COLLECTIONS, ...LISP_CONTROL, ...LISP_FORMATS, ...LISP_COMPILE,
];

/** Methods written in Hemlock, by the global of the prelude that holds them. */
export const SELF_HOSTED_METHODS: readonly { readonly kind: "array"; readonly method: string; readonly global: string }[] = [
  { kind: "array", method: "map", global: "$array_map" },
  { kind: "array", method: "filter", global: "$array_filter" },
  { kind: "array", method: "reduce", global: "$array_reduce" },
];

/** Functions written in Hemlock, by the name scripts use. */
const SELF_HOSTED: { readonly [name: string]: string } = { apply: "$apply" };

const INDEX: ReadonlyMap<string, number> = new Map(NATIVES.map((info, index) => [info.name, index]));

/** Id of the native with this name. */
export function nativeIndex(name: string): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new Bug(`no native is called ${name}`);
  return index;
}

/** Whether a native function (not a method) has this name; names starting with $ are for the library itself. */
export const isBuiltin = (name: string): boolean => INDEX.has(name) && !name.includes(".");

/** The global that holds the library function of this name, when it is written in Hemlock. */
export const libraryGlobal = (name: string): string | null => (Object.hasOwn(SELF_HOSTED, name) ? SELF_HOSTED[name]! : null);

/** Names scripts can use without defining them. */
export const builtinNames = (): string[] => [...INDEX.keys(), ...Object.keys(SELF_HOSTED)].filter((name) => !/[.$:]/.test(name));
