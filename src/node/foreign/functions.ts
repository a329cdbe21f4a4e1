// Libraries and their functions. Symbols are looked up at the first call, as linkers do. A function is called at once, unless
// the script has callbacks: then it runs on a thread of its own, and the task waits, so that it can call back.

import { elementSlot, length } from "../../../heap/cells/array.ts";
import { textOf } from "../../../heap/cells/string.ts";
import { RawError } from "../../../heap/raw-access.ts";
import { CellHi, Hi } from "../../../heap/value.ts";
import type { Native, Store } from "../../vm/native.ts";
import type { Outcome } from "../../vm/outcome.ts";
import type { Vm } from "../../vm/vm.ts";
import type { Folder } from "../file-system.ts";
import { i32, returning, stringAt } from "../results.ts";
import { Callbacks } from "./callbacks.ts";
import { koffi, type Library } from "./koffi.ts";
import { LentMemory, type Loan } from "./memory.ts";
import { ForeignTypes, type ForeignType } from "./types.ts";

interface OpenLibrary { readonly path: string; readonly library: Library }
interface Signature { readonly params: readonly ForeignType[]; readonly result: ForeignType; readonly call: (...args: unknown[]) => unknown; readonly later: (...args: unknown[]) => void }
interface Bound { readonly library: OpenLibrary; readonly name: string; readonly params: readonly string[]; readonly result: string; signature: Signature | null }

/** The libraries of one VM. */
export class ForeignFunctions {
  readonly #libraries = new Map<number, OpenLibrary>();
  readonly #bound: Bound[] = [];
  #lastId = 0;
  /** The one opened last, which `extern fn` is about. */
  #current: OpenLibrary | null = null;
  readonly #types = new ForeignTypes();
  #memory: LentMemory | null = null;
  readonly #callbacks = new Callbacks(this.#types, (vm) => this.#memoryOf(vm));

  constructor(readonly folder: Folder) {}

  /** Callbacks end with the script; libraries stay where they are, since their code may still run. */
  close(): void { this.#callbacks.freeAll(); }

  #memoryOf(vm: Vm): LentMemory { return this.#memory ??= new LentMemory(vm.raw); }

  natives(): (readonly [string, Native])[] {
    return [
      returning("ffi_open", 1, 1, (vm, base) => i32(this.#open(vm, stringAt(vm, base, "ffi_open")))),
      returning("ffi_close", 1, 1, (vm, base) => {
        if (!this.#libraries.delete(vm.heap.hi(base) === Hi.I32 ? vm.heap.lo(base) : 0)) vm.throwError("ffi_close() argument must be a library that ffi_open() gave");
        return ({ heap }, slot) => heap.setNull(slot);
      }),
      returning("$foreign_bind", 1, 1, (vm, base) => i32(this.#bind(vm, base))),
      ["$foreign_call", (vm, base, argc) => this.#call(vm, base, argc)],
      ["callback", this.#withKoffi(this.#callbacks.create)], ["callback_free", this.#withKoffi(this.#callbacks.free)],
    ];
  }

  #withKoffi(native: Native): Native {
    return (vm, base, argc) => {
      this.#attempt(vm, "", koffi);
      this.#memoryOf(vm);
      return native(vm, base, argc);
    };
  }

  #attempt<T>(vm: Vm, failed: string, act: () => T): T {
    try {
      return act();
    } catch (error) {
      return vm.throwError(`${failed}${(error as Error).message}`);
    }
  }

  #open(vm: Vm, path: string): number {
    const wrong = path === "" ? "Empty library path" : path.includes("\0") ? "Library path contains a NUL" : path.split("/").includes("..") ? "Library path contains directory traversal (..)" : null;
    if (wrong !== null) vm.throwError(`FFI security error: ${wrong} (path: ${path})`);
    this.#attempt(vm, "", koffi);
    this.#memoryOf(vm);
    const known = [...this.#libraries].find(([, each]) => each.path === path);
    // A name alone is looked for by the system, a path is one as the script sees it.
    const library = known?.[1] ?? { path, library: this.#attempt(vm, `Failed to load library '${path}': `, () => koffi().load(path.includes("/") ? this.folder.path(path) : path)) };
    const id = known?.[0] ?? ++this.#lastId;
    this.#libraries.set(id, library);
    this.#current = library;
    return id;
  }

  /** The argument is an array: library or null, name, types of the parameters, type of the result. */
  #bind(vm: Vm, base: number): number {
    const { heap } = vm, given = heap.lo(base), count = length(heap, given), part = (i: number): number => elementSlot(heap, given, i);
    if (count < 3 || count > 4) vm.throwError("ffi_bind() expects 3-4 arguments (library, name, param_types, return_type?)");
    const library = heap.hi(part(0)) === Hi.Null ? this.#current ?? vm.throwError("No library imported before extern declaration")
      : this.#libraries.get(heap.hi(part(0)) === Hi.I32 ? heap.lo(part(0)) : 0) ?? vm.throwError("ffi_bind() first argument must be a library that ffi_open() gave");
    const word = (slot: number, what: string): string => (heap.hi(slot) === CellHi.String ? textOf(heap, heap.lo(slot)) : vm.throwError(`ffi_bind() ${what}`));
    const name = word(part(1), "name must be a string"), types = part(2);
    if (heap.hi(types) !== CellHi.Array) vm.throwError("ffi_bind() param_types must be an array of type names");
    const params = Array.from({ length: length(heap, heap.lo(types)) }, (_, i) => word(elementSlot(heap, heap.lo(types), i), "param_types must be an array of type names"));
    return this.#bound.push({ library, name, params, result: count === 4 ? word(part(3), "return_type must be a type name") : "void", signature: null }) - 1;
  }

  #signature(vm: Vm, bound: Bound): Signature {
    const { library, name } = bound;
    if (bound.signature !== null) return bound.signature;
    const params = bound.params.map((type, i) => this.#types.find(vm, type, `parameter ${i + 1} of FFI function '${name}'`));
    const result = this.#types.find(vm, bound.result, `the result of FFI function '${name}'`);
    const call = this.#attempt(vm, `FFI function '${name}' not found in '${library.path}': `, () => library.library.func(name, result.native, params.map(({ native }) => native)));
    return bound.signature = { params, result, call, later: call.async };
  }

  /** Arguments: the number of the function, and an array with those of the call. */
  #call(vm: Vm, base: number, argc: number): void | Outcome {
    const { heap } = vm, bound = this.#bound[heap.lo(base)] ?? vm.throwError("this FFI function belongs to a program that went on from an image: bind it again");
    const { params, result, call, later } = this.#signature(vm, bound), given = heap.lo(base + 1), count = length(heap, given);
    if (count !== params.length) vm.throwError(`FFI function '${bound.name}' expects ${params.length} arguments, got ${count}`);
    const memory = this.#memoryOf(vm), loan = memory.begin();
    let args: unknown[];
    try {
      args = params.map((type, i) => type.give(vm, elementSlot(heap, given, i), loan, `argument ${i + 1} of FFI function '${bound.name}'`));
    } catch (error) {
      loan.end();
      throw error;
    }
    if (this.#callbacks.count > 0) return vm.suspend(vm, bound.name, base, () => this.#callLater(later, args, result, memory, loan));
    this.#finish(vm, base + argc, () => result.take(call(...args), memory, loan), loan);
    heap.copySlot(base - 2, base + argc);
  }

  #finish(vm: Vm, slot: number, take: () => Store, loan: Loan): void {
    let store: Store;
    try {
      store = take();
    } catch (error) {
      return vm.throwError((error as Error).message);
    } finally {
      loan.end();
    }
    store(vm, slot);
  }

  async #callLater(later: Signature["later"], args: readonly unknown[], result: ForeignType, memory: LentMemory, loan: Loan): Promise<Store> {
    try {
      const value = await new Promise((resolve, reject) => { later(...args, (error: unknown, found: unknown) => (error ? reject(error as Error) : resolve(found))); });
      const { failure } = this.#callbacks;
      this.#callbacks.failure = null;
      if (failure !== null) throw new RawError(failure);
      return result.take(value, memory, loan);
    } finally {
      loan.end();
    }
  }
}
