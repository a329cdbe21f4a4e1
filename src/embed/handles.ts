// Handles: a host's references to values of the guest. What a handle refers to lives until the handle is released: by
// release(), at the end of a scope, or, as a last resort, when the host's collector finds it unused. A released place is used
// again under a new generation number, so a handle can never come to mean another value.

import { elementSlot, length, newArray, push, setLength } from "../../heap/cells/array.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";

/** A handle was used that is released, or that belongs to another VM. */
export class HandleError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "HandleError";
  }
}

/** A live handle, as `vm.handles.report()` lists it. */
export interface HandleReport {
  /** Type of the value, as the guest calls it. */
  readonly type: string;
  /** Where the host made it: the lines of a stack trace; null without the option trackHandles. */
  readonly site: string | null;
}

/** What handles can do with their values; the VM that made them does it. */
export interface HandleActions {
  typeOf(vm: Vm, slot: number): string;
  toJS(handle: GuestHandle): unknown;
  get(handle: GuestHandle, key: string | number): unknown;
  set(handle: GuestHandle, key: string | number, value: unknown): void;
  call(handle: GuestHandle, args: readonly unknown[]): unknown;
}

/** A reference to a value of the guest. It is no copy: what scripts do to the value shows. */
export class GuestHandle {
  readonly #table: Handles;
  readonly index: number;
  readonly generation: number;

  /** Made by a VM only. */
  constructor(table: Handles, index: number, generation: number) {
    this.#table = table;
    this.index = index;
    this.generation = generation;
  }

  /** Type of the value, as the guest calls it: "function", "array", "lambda". */
  get type(): string { return this.#table.typeOf(this); }
  /** False once it was released. */
  get isLive(): boolean { return this.#table.isLive(this); }
  /** A structured copy of the value. */
  toJS(): unknown { return this.#actions.toJS(this); }
  /** A copy of a field, of an element, or of the value of a key; undefined when there is none. */
  get(key: string | number): unknown { return this.#actions.get(this, key); }
  /** Changes a field or an element to a copy of the value. */
  set(key: string | number, value: unknown): void { this.#actions.set(this, key, value); }
  /** Calls the function with copies of the arguments; see `vm.call`. */
  call(...args: readonly unknown[]): unknown { return this.#actions.call(this, args); }
  /** Lets go of the value; the handle is of no use afterwards. A second time does nothing. */
  release(): void { this.#table.release(this.index, this.generation); }

  get #actions(): HandleActions { return this.#table.actions; }
  /** Whether the handle is one of this table's. */
  isOf(table: Handles): boolean { return table === this.#table; }
}

// `using` releases handles where the host has it.
const dispose = (Symbol as { readonly dispose?: symbol }).dispose;
if (dispose !== undefined) Object.defineProperty(GuestHandle.prototype, dispose, { value: function release(this: GuestHandle): void { this.release(); } });

interface Entry { generation: number; isLive: boolean; site: string | null }

export class Handles {
  readonly #entries: Entry[] = [];
  readonly #free: number[] = [];
  /** Handles made within the scopes that are open, innermost last. */
  readonly #scopes: GuestHandle[][] = [];
  readonly #unused: FinalizationRegistry<{ readonly index: number; readonly generation: number }> | null;

  constructor(readonly vm: () => Vm, readonly actions: HandleActions, readonly isTracking: boolean) {
    this.#unused = typeof FinalizationRegistry === "undefined" ? null
      : new FinalizationRegistry(({ index, generation }) => this.release(index, generation));
  }

  /** The array of the values in the world. */
  #values(): number {
    const { heap } = this.vm(), root = heap.rootSlot(Root.Handles);
    if (heap.hi(root) !== CellHi.Array) {
      heap.setCell(root, CellKind.Array, newArray(heap, 8));
      setLength(heap, heap.lo(root), this.#entries.length);
    }
    return heap.lo(root);
  }

  /** A handle for the value in a slot that the collector sees. */
  make(slot: number): GuestHandle {
    const { heap } = this.vm(), values = this.#values(), reused = this.#free.pop(), index = reused ?? length(heap, values);
    if (reused === undefined) push(heap, values, slot);
    else heap.replace(elementSlot(heap, values, index), slot);
    const entry = this.#entries[index] ??= { generation: 0, isLive: false, site: null };
    entry.isLive = true;
    entry.site = this.isTracking ? callerSite() : null;
    const handle = new GuestHandle(this, index, entry.generation);
    this.#unused?.register(handle, { index, generation: entry.generation });
    this.#scopes.at(-1)?.push(handle);
    return handle;
  }

  isLive(handle: GuestHandle): boolean {
    const entry = this.#entries[handle.index];
    return entry !== undefined && entry.isLive && entry.generation === handle.generation;
  }

  /** Slot of the handle's value, good until another handle is made. Throws HandleError when it is of no use. */
  slotOf(handle: GuestHandle): number {
    if (!handle.isOf(this)) throw new HandleError("this handle belongs to another VM");
    if (!this.isLive(handle)) throw new HandleError("this handle was released");
    return elementSlot(this.vm().heap, this.#values(), handle.index);
  }

  typeOf(handle: GuestHandle): string {
    return this.actions.typeOf(this.vm(), this.slotOf(handle));
  }

  release(index: number, generation: number): void {
    const entry = this.#entries[index];
    if (entry === undefined || !entry.isLive || entry.generation !== generation) return;
    entry.isLive = false;
    entry.generation++;
    entry.site = null;
    this.#free.push(index);
    const { heap } = this.vm();
    const slot = elementSlot(heap, this.#values(), index);
    heap.forget(slot);
    heap.setNull(slot);
  }

  /** Runs a function and releases the handles made meanwhile, also when it is asynchronous or throws. */
  scope<T>(run: () => T): T {
    const made: GuestHandle[] = [], close = (): void => {
      this.#scopes.splice(this.#scopes.indexOf(made), 1);
      for (const handle of made) handle.release();
    };
    this.#scopes.push(made);
    let result: T;
    try {
      result = run();
    } catch (error) {
      close();
      throw error;
    }
    if (result instanceof Promise) return result.finally(close) as T;
    close();
    return result;
  }

  /** The handles that were not released, in order of their places. */
  report(): HandleReport[] {
    return this.#entries.flatMap((entry, index) =>
      entry.isLive ? [{ type: this.typeOf(new GuestHandle(this, index, entry.generation)), site: entry.site }] : []);
  }

  /** Where the handle at this place of the array was made; null when it is not live or nobody tracks that. */
  siteAt(index: number): string | null { return this.#entries[index]?.site ?? null; }

  /** Number of live handles. */
  get count(): number { return this.#entries.length - this.#free.length; }

  /** The world is another one: no handle means anything any more. */
  forgetAll(): void {
    this.#entries.forEach((entry, index) => {
      if (!entry.isLive) return;
      entry.isLive = false;
      entry.generation++;
      this.#free.push(index);
    });
    const { heap } = this.vm();
    heap.setSlot(heap.rootSlot(Root.Handles), 0, 0);
  }
}

/**
 * The stack of the host's code: without the innermost frames as long as they are in our own files, which the first of them tells.
 * Everything where that cannot be told: one file with all code in it, or an engine that writes stacks in another way.
 */
function callerSite(): string {
  const lines = (new Error("site").stack ?? "").split("\n").slice(1).map((line) => line.trim());
  const own = /(?:\(|at )([^()]*\/dist\/|[^()]*?\/src\/)/.exec(lines[0] ?? "")?.[1];
  const first = own === undefined ? 0 : lines.findIndex((line) => !line.includes(own) && !line.includes("<anonymous>)"));
  return lines.slice(Math.max(0, first)).join("\n");
}
