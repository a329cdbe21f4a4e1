// The one list of natives. A native's id is its place in the list; images of worlds hold ids, so tables are only appended
// to and never reordered. Languages that are loaded later add theirs at places of their own, so that an id means the same
// whichever of them are there.

import { Bug } from "../../heap/debug.ts";
import type { NativeInfo } from "../vm/native.ts";
import { ARRAY_METHODS } from "./arrays.ts";
import { ATOMICS } from "./atomics.ts";
import { BUFFERS } from "./buffers.ts";
import { CHECKING } from "./checking.ts";
import { CORE } from "./core.ts";
import { MATCHING } from "./matching.ts";
import { MATH } from "./math.ts";
import { MEMORY } from "./memory.ts";
import { OBJECT_METHODS } from "./objects.ts";
import { POINTERS } from "./pointers.ts";
import { POSIX_REGEX } from "./posix-regex.ts";
import { STRING_METHODS } from "./strings.ts";
import { SYSTEM } from "./system.ts";
import { TASKS } from "./tasks.ts";
import { TYPES } from "./types.ts";
import { UNAVAILABLE, UNAVAILABLE_LATER, UNAVAILABLE_REST } from "./unavailable.ts";

export { CONSTANTS } from "./constants.ts";

const TABLE: NativeInfo[] = [
  ...CORE, ...STRING_METHODS, ...ARRAY_METHODS, ...OBJECT_METHODS, ...MATH, ...MEMORY, ...BUFFERS, ...POINTERS, ...ATOMICS, ...TYPES,
  ...SYSTEM, ...UNAVAILABLE, ...POSIX_REGEX, ...UNAVAILABLE_REST, ...MATCHING, ...TASKS, ...UNAVAILABLE_LATER, ...CHECKING,
];
/** By id. Ids that nothing has belong to a native without a name. */
export const NATIVES: readonly NativeInfo[] = TABLE;
/** How many of them every VM has; ids from here on are of languages that were added. */
export const OWN_NATIVES = TABLE.length;

/** Methods written in Hemlock, by the global of the prelude that holds them. */
export const SELF_HOSTED_METHODS: readonly { readonly kind: "array"; readonly method: string; readonly global: string }[] = [
  { kind: "array", method: "map", global: "$array_map" },
  { kind: "array", method: "filter", global: "$array_filter" },
  { kind: "array", method: "reduce", global: "$array_reduce" },
];

/** Functions written in Hemlock, by the name scripts use. */
const SELF_HOSTED: { readonly [name: string]: string } = { apply: "$apply", signal: "$signal", raise: "$raise", ffi_bind: "$ffi_bind" };

const INDEX = new Map<string, number>(NATIVES.map((info, index) => [info.name, index]));

/** The natives of a language. */
export interface NativeTable { /** Id of the first one; far enough from other tables for all to grow. */ readonly first: number; readonly rows: readonly NativeInfo[] }

const UNUSED: NativeInfo = { name: "", min: 0, max: -1, doc: "", run: () => { throw new Bug("a world calls a native of a language that is not loaded"); } };

/** Makes the natives of a language known, once and for all worlds. Throws a RangeError when another one has their ids. */
export function addNatives({ first, rows }: NativeTable): void {
  if (TABLE[first] === rows[0]) return;
  while (TABLE.length < first + rows.length) TABLE.push(UNUSED);
  rows.forEach((info, i) => {
    const id = first + i, taken = TABLE[id]!;
    if (taken !== UNUSED || INDEX.has(info.name)) throw new RangeError(`native ${info.name} cannot have the id ${id}: ${taken === UNUSED ? "its name" : taken.name} is there already`);
    TABLE[id] = info;
    INDEX.set(info.name, id);
  });
}

/** Id of the native with this name. */
export function nativeIndex(name: string): number {
  const index = INDEX.get(name);
  if (index === undefined) throw new Bug(`no native is called ${name}`);
  return index;
}

/** As nativeIndex, but -1 when there is none. */
export const findNative = (name: string): number => INDEX.get(name) ?? -1;

/** Whether a native function (not a method) has this name; names starting with $ are for the library itself. */
export const isBuiltin = (name: string): boolean => INDEX.has(name) && !name.includes(".");

/** The global that holds the library function of this name, when it is written in Hemlock. */
export const libraryGlobal = (name: string): string | null => (Object.hasOwn(SELF_HOSTED, name) ? SELF_HOSTED[name]! : null);

/** Names scripts can use without defining them. */
export const builtinNames = (): string[] => [...INDEX.keys(), ...Object.keys(SELF_HOSTED)].filter((name) => !/[.$:]/.test(name));
