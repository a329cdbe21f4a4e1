// Errors of Lisp as values: condition maps with :type, :message, :stack-trace and what the kind of error adds.
// Whoever raises one here throws GUEST_THROW; whether a handler of the script sees it first is decided in vm/signal.ts.

import { newStringFromText, textOf } from "../../../heap/cells/string.ts";
import { findKeyword, keywordName, keywordText } from "../../../heap/cells/keyword.ts";
import { setInteger } from "../../../heap/cells/bigint.ts";
import { setList } from "../../../heap/cells/pair.ts";
import { emptyMap, mapFromSorted, mapGet, mapPut } from "../../../heap/cells/sorted-map.ts";
import { newSlots, slotsItem } from "../../../heap/cells/slots.ts";
import { Root } from "../../../heap/roots.ts";
import { CellHi, CellKind } from "../../../heap/value.ts";
import { GUEST_THROW, type TraceEntry } from "../../vm/errors.ts";
import { eachFrame } from "../../vm/stack.ts";
import type { Vm } from "../../vm/vm.ts";
import { plainName } from "./modules.ts";
import { typeWord } from "./type-words.ts";

export { typeWord } from "./type-words.ts";

/** A further key of a condition and the slot of its value. */
export type Extra = readonly [key: string, slot: number];
/** What went wrong where: the function, and the number (from 1) of the argument, when known. */
export type Where = string | { readonly fn: string; readonly argument?: number };

/** Frames listed in a condition. */
export const TRACE_FRAMES = 50;
/** Keys of a frame, in the order of the map. */
const FRAME_KEYS = ["col", "file", "line", "name"] as const;

/** Raises a condition; `type` is the name of the keyword, the slots of `extras` are seen by the collector. */
export function raiseCondition(vm: Vm, type: string, message: string, extras: readonly Extra[] = [], frames: readonly TraceEntry[] = []): never {
  makeCondition(vm, vm.heap.rootSlot(Root.Exception), type, message, extras, frames);
  throw GUEST_THROW;
}

/** Writes a condition to dst, a slot the collector sees. `frames` stand in front of those of the stack. */
export function makeCondition(vm: Vm, dst: number, type: string, message: string, extras: readonly Extra[], frames: readonly TraceEntry[] = []): void {
  const heap = vm.heap, value = heap.rootSlot(Root.Temp7);
  heap.setCell(dst, CellKind.SortedMap, emptyMap(heap));
  for (const [key, slot] of extras) put(vm, dst, key, slot);
  heap.setCell(value, CellKind.Keyword, keywordText(heap, type));
  put(vm, dst, "type", value);
  heap.setCell(value, CellKind.String, newStringFromText(heap, message));
  put(vm, dst, "message", value);
  storeTrace(vm, value, frames);
  put(vm, dst, "stack-trace", value);
  heap.setHole(value);
}

/** Makes the condition of running out of memory in advance; once in each world with Lisp, while nothing runs. */
export function prepareConditions(vm: Vm): void {
  makeCondition(vm, vm.heap.rootSlot(Root.OutOfMemoryCondition), "eval", "out of memory", []);
}

function put(vm: Vm, map: number, key: string, value: number): void {
  const heap = vm.heap, hold = heap.rootSlot(Root.Temp6);
  heap.setCell(hold, CellKind.Keyword, keywordText(heap, key));
  heap.setCell(map, CellKind.SortedMap, mapPut(heap, heap.lo(map), hold, value));
  heap.setHole(hold);
}

// ---- the stack trace

/** Writes the list of frames, innermost first, to dst. */
function storeTrace(vm: Vm, dst: number, inner: readonly TraceEntry[]): void {
  const heap = vm.heap, frames = inner.slice(0, TRACE_FRAMES), work = heap.rootSlot(Root.Temp6);
  eachFrame(vm, TRACE_FRAMES - frames.length, (entry) => frames.push(entry));
  heap.setCell(work, CellKind.Slots, newSlots(heap, frames.length + 2 * FRAME_KEYS.length, frames.length + 2 * FRAME_KEYS.length));
  const first = slotsItem(heap.lo(work), 0), entry = first + frames.length;
  frames.forEach((frame, i) => {
    storeFrame(vm, entry, frame);
    heap.setCell(first + i, CellKind.SortedMap, mapFromSorted(heap, entry, FRAME_KEYS.length));
  });
  setList(heap, dst, first, frames.length);
  heap.setHole(work);
}

/** Keys and values of a frame in turn, from slot `at` on. */
function storeFrame(vm: Vm, at: number, { name, source, line, column }: TraceEntry): void {
  const heap = vm.heap;
  FRAME_KEYS.forEach((key, i) => heap.replaceCell(at + 2 * i, CellKind.Keyword, keywordText(heap, key)));
  setInteger(heap, at + 1, column);
  heap.replaceCell(at + 3, CellKind.String, newStringFromText(heap, source));
  setInteger(heap, at + 5, line);
  heap.replaceCell(at + 7, CellKind.String, newStringFromText(heap, name === "" || name === "<main>" ? NAMELESS : name));
}

// ---- kinds of error

export const evalError = (vm: Vm, message: string): never => raiseCondition(vm, "eval", message);
export const ioError = (vm: Vm, message: string): never => raiseCondition(vm, "io", message);
export const readerError = (vm: Vm, message: string): never => raiseCondition(vm, "reader", message);

/** "expected X, got T"; with a function and argument number in front of it, with a function's name alone behind it. */
export function typeError(vm: Vm, expected: string, slot: number, where?: Where): never {
  return typeErrorOf(vm, expected, typeWord(vm.heap, slot), where);
}

/** As typeError, with the word for what was given. */
export function typeErrorOf(vm: Vm, expected: string, got: string, where?: Where): never {
  const fn = typeof where === "object" ? where.fn : where, argument = typeof where === "object" ? where.argument : undefined;
  const text = `expected ${expected}, got ${got}`;
  const message = fn === undefined ? text : argument === undefined ? `${text} in ${fn}` : `${fn} argument ${argument} ${text}`;
  return withTexts(vm, "type-error", message, { expected, got, ...(fn === undefined ? {} : { function: fn }), ...(argument === undefined ? {} : { argument }) });
}

/** Name shown for a function without one. */
export const NAMELESS = "<lambda>";

/** `max` -1: any number from `min` on. */
export function arityError(vm: Vm, fn: string, min: number, max: number, got: number): never {
  const name = fn === "" ? NAMELESS : fn, noun = (count: number): string => (count === 1 ? "argument" : "arguments");
  const wanted = max < 0 ? `${min} or more arguments` : min === max ? (min === 0 ? "no arguments" : `${min} ${noun(min)}`)
    : max === min + 1 ? `${min} or ${max} arguments` : `${min} to ${max} arguments`;
  const expected = max < 0 ? `${min}+` : min === max ? `${min}` : `${min}-${max}`;
  return withTexts(vm, "arity", `${name} expects ${wanted}, got ${got}`, { function: name, expected, got });
}

export function unboundError(vm: Vm, name: string): never {
  const plain = plainName(name);
  return withTexts(vm, "unbound", `Unbound variable: ${plain}`, { name: plain });
}

/** Raises a condition whose extras are texts and numbers. */
export function withTexts(vm: Vm, type: string, message: string, extras: { readonly [key: string]: string | number }): never {
  const heap = vm.heap, entries = Object.entries(extras), hold = heap.rootSlot(Root.Temp5);
  heap.setCell(hold, CellKind.Slots, newSlots(heap, entries.length, entries.length));
  entries.forEach(([, value], i) => {
    const slot = slotsItem(heap.lo(hold), i);
    if (typeof value === "number") setInteger(heap, slot, value);
    else heap.setCell(slot, CellKind.String, newStringFromText(heap, value));
  });
  const list = entries.map(([key], i): Extra => [key, slotsItem(heap.lo(hold), i)]);
  makeCondition(vm, heap.rootSlot(Root.Exception), type, message, list);
  heap.setHole(hold);
  throw GUEST_THROW;
}

// ---- reading conditions

/** Value of a keyword in a map; -1 when it lacks it or the slot holds no map. Allocates nothing: memory may be what has run out. */
export function conditionPart(vm: Vm, slot: number, key: string): number {
  const heap = vm.heap, hold = heap.rootSlot(Root.Temp6), keyword = heap.hi(slot) === CellHi.SortedMap ? findKeyword(heap, key) : 0;
  if (keyword === 0) return -1;
  heap.setCell(hold, CellKind.Keyword, keyword);
  const found = mapGet(heap, heap.lo(slot), hold);
  heap.setHole(hold);
  return found;
}

function textPart(vm: Vm, slot: number, key: string): string | null {
  const found = conditionPart(vm, slot, key), heap = vm.heap;
  if (found < 0) return null;
  if (heap.hi(found) === CellHi.Keyword) return textOf(heap, keywordName(heap, heap.lo(found)));
  return heap.hi(found) === CellHi.String ? textOf(heap, heap.lo(found)) : null;
}

/** Type and message of a condition; null for any other value. */
export function conditionOf(vm: Vm, slot: number): { readonly type: string; readonly message: string } | null {
  const type = textPart(vm, slot, "type"), message = textPart(vm, slot, "message");
  return type === null || message === null ? null : { type, message };
}

const PREFIXES: { readonly [type: string]: string } = {
  eval: "Eval error: ", "type-error": "Type error: ", arity: "Arity error: ", unbound: "", user: "User exception: ", io: "IO error: ", reader: "Reader error: ",
  llm: "LLM error: ", "permission-denied": "Permission denied: ", cancelled: "Cancelled: ", timeout: "Timeout: ",
};

/** What is shown of a condition nobody handled; null for a value that is none. */
export function conditionText(vm: Vm, slot: number): string | null {
  const condition = conditionOf(vm, slot);
  return condition === null ? null : (PREFIXES[condition.type] ?? "Eval error: ") + condition.message;
}
