// Functions of scripts as libraries call them. A library runs on a thread of its own as long as a script has callbacks, and
// waits there for the answer, which a task of the script gives while the one that called the library waits.

import { elementSlot, length, push } from "../../../heap/cells/array.ts";
import { textOf } from "../../../heap/cells/string.ts";
import { Root } from "../../../heap/roots.ts";
import { CellHi } from "../../../heap/value.ts";
import { addressOf, isPointer } from "../../library/arguments.ts";
import { storePointer } from "../../vm/arithmetic.ts";
import { callBack } from "../../vm/call-back.ts";
import { globalValueSlot } from "../../vm/globals.ts";
import { GUEST_THROW } from "../../vm/errors.ts";
import type { Native, Store } from "../../vm/native.ts";
import type { Vm } from "../../vm/vm.ts";
import { koffi } from "./koffi.ts";
import { toGuest, type LentMemory } from "./memory.ts";
import type { ForeignType, ForeignTypes } from "./types.ts";

/** Global of the library's prelude: the functions, where the collector sees them. */
const FUNCTIONS = "$callbacks";

interface Callback { readonly pointer: bigint; readonly index: number }

export class Callbacks {
  /** By address, as scripts know it. */
  readonly #live = new Map<number, Callback>();
  /** What a callback failed with: the call of the library throws it when it ends. */
  failure: string | null = null;

  constructor(readonly types: ForeignTypes, readonly memory: (vm: Vm) => LentMemory) {}

  get count(): number { return this.#live.size; }

  freeAll(): void {
    for (const { pointer } of this.#live.values()) koffi().unregister(pointer);
    this.#live.clear();
  }

  readonly create: Native = (vm, base, argc) => {
    const { heap } = vm;
    if (argc < 2 || argc > 3) vm.throwError("callback() expects 2-3 arguments (fn, param_types, [return_type])");
    if (heap.hi(base) !== CellHi.Closure) vm.throwError("callback() first argument must be a function");
    if (heap.hi(base + 1) !== CellHi.Array) vm.throwError("callback() second argument must be an array of type names");
    const names = Array.from({ length: length(heap, heap.lo(base + 1)) }, (_, i) => typeName(vm, elementSlot(heap, heap.lo(base + 1), i), "callback() param_types must contain type name strings"));
    const params = names.map((name, i) => this.types.find(vm, name, `callback() parameter ${i + 1}`));
    const result = this.types.find(vm, argc === 3 ? typeName(vm, base + 2, "callback() return_type must be a type name string") : "void", "callback() result");
    const functions = heap.lo(globalValueSlot(vm.globals.cell(FUNCTIONS))), index = length(heap, functions);
    push(heap, functions, base);
    const type = koffi().proto(result.native, params.map(({ native }) => native)), pointer = this.#register(vm, index, params, result, type);
    this.#live.set(toGuest(pointer), { pointer, index });
    storePointer(vm, base - 2, toGuest(pointer));
  };

  #register(vm: Vm, index: number, params: readonly ForeignType[], result: ForeignType, type: ReturnType<ReturnType<typeof koffi>["proto"]>): bigint {
    try {
      return koffi().register((...args: unknown[]) => this.#answer(vm, index, params, result, args), koffi().pointer(type));
    } catch (error) {
      return vm.throwError(`callback() failed: ${(error as Error).message}`);
    }
  }

  readonly free: Native = (vm, base, argc) => {
    if (argc !== 1) vm.throwError("callback_free() expects 1 argument (ptr)");
    if (!isPointer(vm, base)) vm.throwError("callback_free() argument must be a ptr returned by callback()");
    const address = addressOf(vm, base), callback = this.#live.get(address) ?? vm.throwError("callback_free(): pointer is not a valid callback");
    koffi().unregister(callback.pointer);
    this.#live.delete(address);
    const kept = elementSlot(vm.heap, vm.heap.lo(globalValueSlot(vm.globals.cell(FUNCTIONS))), callback.index);
    vm.heap.forget(kept);
    vm.heap.setNull(kept);
    vm.heap.setNull(base - 2);
  };

  /** Never throws: a library cannot take exceptions. */
  #answer(vm: Vm, index: number, params: readonly ForeignType[], result: ForeignType, args: readonly unknown[]): unknown {
    const none = emptyOf(result), memory = this.memory(vm);
    if (this.failure !== null) return none;
    try {
      const fn: Store = ({ heap }, slot) => heap.copySlot(slot, elementSlot(heap, heap.lo(globalValueSlot(vm.globals.cell(FUNCTIONS))), index));
      const ended = callBack(vm, [fn, ...params.map((type, i) => type.take(args[i], memory, null))]);
      if (ended.kind === "value") return this.#result(vm, ended.slot, result, memory);
      this.failure = ended.kind === "exception" ? exceptionText(vm, ended.slot) : COMPLAINTS[ended.kind];
    } catch (error) {
      this.failure = error === GUEST_THROW ? exceptionText(vm, vm.heap.rootSlot(Root.Exception)) : (error as Error).message;
    }
    return none;
  }

  #result(vm: Vm, slot: number, type: ForeignType, memory: LentMemory): unknown {
    const loan = memory.begin(), value = type.give(vm, slot, loan, "the result of a callback");
    loan.end();
    // What was lent for it would be gone before the library looks at it.
    if (value instanceof Uint8Array) throw new Error("a callback can give numbers and a library's own pointers, not memory of the script");
    return value;
  }
}

const COMPLAINTS = {
  busy: "a library called back at a time when the script did not wait for it", waits: "a callback must not wait: its answer is needed at once", stopped: "the program was stopped in a callback", ended: "the program ended in a callback",
} as const;

const typeName = (vm: Vm, slot: number, complaint: string): string => (vm.heap.hi(slot) === CellHi.String ? textOf(vm.heap, vm.heap.lo(slot)) : vm.throwError(complaint));

const exceptionText = ({ heap }: Vm, slot: number): string => (heap.hi(slot) === CellHi.String ? textOf(heap, heap.lo(slot)) : "a callback threw an exception");

/** What a library gets where there is no answer. */
const emptyOf = ({ name, native }: ForeignType): unknown =>
  (name === "void" ? undefined : native === "void *" ? null : native === "bool" ? false : typeof native === "string" ? 0 : {});
