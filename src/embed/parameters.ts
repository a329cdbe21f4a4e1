// The parameters a host function declares: "name: type", "name?: type" for one that may be left out, "...name: type" for any
// number more, or a type alone. Arguments are checked before the host sees them, and a script is told what it got wrong.

import { CellHi, Hi, numericRank, Rank } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";
import type { LanguageBorder } from "./language-border.ts";

/** Types a declaration may name. */
export type HostType = "any" | "null" | "boolean" | "number" | "integer" | "bigint" | "string" | "bytes" | "array" | "object" | "function";

export interface Parameter {
  /** Null when only the type was given. */
  readonly name: string | null;
  readonly type: HostType;
  readonly isOptional: boolean;
  readonly isRest: boolean;
}

interface TypeInfo {
  /** Whether a guest value with this hi word is of the type. */
  readonly accepts: (hi: number) => boolean;
  /** Whether the host's value, as a result, is. */
  readonly isValue: (value: unknown) => boolean;
  /** In messages. */
  readonly words: string;
  /** The host's argument, from what structured copy made of the guest's. */
  readonly convert?: (value: unknown) => unknown;
}

const among = (...his: readonly number[]) => (hi: number): boolean => his.includes(hi);
const isNumeric = (hi: number): boolean => numericRank(hi) !== Rank.None || hi === CellHi.BigInt;
const isFloating = (hi: number): boolean => numericRank(hi) >= Rank.F32;
const isObject = (value: unknown): value is object => typeof value === "object" && value !== null;

const TYPES: { readonly [T in HostType]: TypeInfo } = {
  any: { accepts: () => true, isValue: () => true, words: "any value" },
  null: { accepts: among(Hi.Null), isValue: (value) => value === null || value === undefined, words: "null" },
  boolean: { accepts: among(Hi.Bool), isValue: (value) => typeof value === "boolean", words: "a boolean" },
  number: { accepts: isNumeric, isValue: (value) => typeof value === "number", words: "a number", convert: Number },
  integer: {
    accepts: (hi) => isNumeric(hi) && !isFloating(hi), isValue: (value) => Number.isInteger(value) || typeof value === "bigint", words: "an integer",
  },
  bigint: {
    accepts: (hi) => isNumeric(hi) && !isFloating(hi), isValue: (value) => typeof value === "bigint", words: "an integer",
    convert: (value) => BigInt(value as number | bigint),
  },
  string: { accepts: among(CellHi.String), isValue: (value) => typeof value === "string", words: "a string" },
  bytes: {
    accepts: among(CellHi.Buffer, CellHi.Bytevector), isValue: (value) => value instanceof ArrayBuffer || ArrayBuffer.isView(value), words: "bytes",
  },
  array: {
    accepts: among(CellHi.Array, CellHi.Pair, CellHi.Vector, CellHi.NumberArray, Hi.Empty),
    isValue: (value) => Array.isArray(value) || value instanceof Set || ArrayBuffer.isView(value), words: "an array",
  },
  object: { accepts: among(CellHi.Object, CellHi.SortedMap, CellHi.HashMap, CellHi.Struct), isValue: isObject, words: "an object" },
  function: { accepts: among(CellHi.Closure, Hi.Native, CellHi.Continuation, CellHi.Struct), isValue: isObject, words: "a function" },
};

const FORM = /^(\.\.\.)?(?:([A-Za-z_]\w*)(\?)?\s*:\s*)?([a-z]+)(\?)?$/;

/** Throws TypeError for what is no declaration; `owner` is the function's name. */
export function parameterOf(text: string, owner: string): Parameter {
  const found = FORM.exec(text), type = found?.[4];
  if (found === null || type === undefined || !Object.hasOwn(TYPES, type)) {
    throw new TypeError(`host function '${owner}': '${text}' is no parameter; write "type", "name: type", "name?: type" or "...name: type", with a type of ${Object.keys(TYPES).join(", ")}`);
  }
  return { name: found[2] ?? null, type: type as HostType, isOptional: (found[3] ?? found[5]) !== undefined, isRest: found[1] !== undefined };
}

/** The same for a whole list, in which optional ones come after the others and a rest is last. */
export function parametersOf(texts: readonly string[], owner: string): Parameter[] {
  const parameters = texts.map((text) => parameterOf(text, owner));
  parameters.forEach((each, i) => {
    const next = parameters[i + 1];
    if (next !== undefined && (each.isRest || (each.isOptional && !next.isOptional && !next.isRest))) {
      throw new TypeError(`host function '${owner}': '${texts[i]!}' may not come before '${texts[i + 1]!}'`);
    }
  });
  return parameters;
}

/** Raises the guest's error unless the argument is what the parameter wants. `at` counts from 0. */
export function checkArgument(vm: Vm, slot: number, parameter: Parameter, owner: string, at: number, language: LanguageBorder): void {
  const info = TYPES[parameter.type], hi = vm.heap.hi(slot);
  if (info.accepts(hi) || (parameter.isOptional && hi === Hi.Null)) return;
  language.argumentError(vm, slot, info.words, owner, at, parameter.name);
}

/** The argument as the host's function gets it. */
export function hostArgument(value: unknown, type: HostType): unknown {
  const { convert } = TYPES[type];
  return convert === undefined || value === null ? value : convert(value);
}

/** Whether the host's function kept its word about the result. */
export const isOfType = (value: unknown, type: HostType): boolean => TYPES[type].isValue(value);
export const wordsOf = (type: HostType): string => TYPES[type].words;
