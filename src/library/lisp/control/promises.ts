// Promises. A promise that stands for another one (delay-force) takes over its state, and the other refers to it from then
// on; so forcing a chain of them goes round in one place, however long the chain is.

import { setInteger } from "../../../../heap/cells/bigint.ts";
import { isStruct, newStruct, structItem } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { typeError } from "../conditions.ts";
import { lisp, returnBool } from "../text/arguments.ts";

/** What the first item of a promise says; the printer knows true. The second item is the thunk, value or promise. */
const enum State {
  /** #f: the thunk gives the value. */
  Delayed,
  /** The int 0: the thunk gives another promise. */
  Lazy,
  /** #t: the value is known. */
  Forced,
  /** nil: same as another promise. */
  Same,
}

function stateOf(vm: Vm, promise: number): State {
  const first = structItem(promise, 0), hi = vm.heap.hi(first);
  if (hi === Hi.Null) return State.Same;
  if (hi !== Hi.Bool) return State.Lazy;
  return vm.heap.lo(first) === 0 ? State.Delayed : State.Forced;
}

const isPromise = (vm: Vm, slot: number): boolean => isStruct(vm.heap, slot, StructType.Promise);

/** The promise in a slot, or the one it is the same as. */
function promiseIn(vm: Vm, slot: number, expected: string): number {
  if (!isPromise(vm, slot)) typeError(vm, expected, slot);
  let promise = vm.heap.lo(slot);
  while (stateOf(vm, promise) === State.Same) promise = vm.heap.lo(structItem(promise, 1));
  return promise;
}

function storePromise(vm: Vm, dst: number, state: State, value: number): void {
  const heap = vm.heap, promise = newStruct(heap, StructType.Promise, 2);
  if (state === State.Lazy) heap.setI32(structItem(promise, 0), 0);
  else heap.setBool(structItem(promise, 0), state === State.Forced);
  heap.copySlot(structItem(promise, 1), value);
  heap.setCell(dst, CellKind.Struct, promise);
}

/** (promise, value): keeps the value unless forcing it gave one meanwhile; the value kept. */
function resolve(vm: Vm, base: number): void {
  const heap = vm.heap, promise = promiseIn(vm, base, "promise");
  if (stateOf(vm, promise) !== State.Forced) {
    heap.setBool(structItem(promise, 0), true);
    heap.replace(structItem(promise, 1), base + 1);
  }
  heap.copySlot(base - 2, structItem(promise, 1));
}

/** (promise, other): the promise takes over the other's state, unless it got a value meanwhile. */
function follow(vm: Vm, base: number): void {
  const heap = vm.heap, promise = promiseIn(vm, base, "promise"), other = promiseIn(vm, base + 1, "promise");
  if (stateOf(vm, promise) !== State.Forced && other !== promise) {
    heap.copySlot(structItem(promise, 0), structItem(other, 0));
    heap.replace(structItem(promise, 1), structItem(other, 1));
    heap.setNull(structItem(other, 0));
    heap.replaceCell(structItem(other, 1), CellKind.Struct, promise);
  }
  heap.setNull(base - 2);
}

const maker = (name: string, state: State, doc: string): NativeInfo => lisp(name, 1, 1, doc, (vm, base) => storePromise(vm, base - 2, state, base));

export const PROMISES: readonly NativeInfo[] = [
  maker("%make-promise", State.Delayed, "a promise of what the thunk gives"),
  maker("%make-lazy-promise", State.Lazy, "a promise of what the promise promises that the thunk gives"),
  lisp("make-promise", 1, 1, "a promise of the value, which is known; a promise is itself", (vm, base) => {
    if (isPromise(vm, base)) vm.heap.copySlot(base - 2, base);
    else storePromise(vm, base - 2, State.Forced, base);
  }),
  lisp("promise?", 1, 1, "whether the value is a promise", (vm, base) => returnBool(vm, base, isPromise(vm, base))),
  lisp("promise-forced? async/forced?", 1, 1, "whether the value of a promise is known", (vm, base) =>
    returnBool(vm, base, stateOf(vm, promiseIn(vm, base, "promise")) === State.Forced)),
  lisp("%promise-state", 1, 1, "0: a thunk gives the value, 1: a thunk gives a promise, 2: the value is known", (vm, base) =>
    setInteger(vm.heap, base - 2, stateOf(vm, promiseIn(vm, base, "thunk")))),
  lisp("%promise-content", 1, 1, "thunk or value of a promise", (vm, base) => vm.heap.copySlot(base - 2, structItem(promiseIn(vm, base, "thunk"), 1))),
  lisp("%promise-resolve", 2, 2, "(promise, value): the value, kept unless there was one", resolve),
  lisp("%promise-follow", 2, 2, "(promise, other): the two become the same; nil", follow),
];
