// The guest's global variables as a host sees them.

import { Root } from "../../heap/roots.ts";
import { defineLibraryGlobal } from "../vm/constants.ts";
import { GUEST_THROW, MemoryLimitError } from "../vm/errors.ts";
import { globalValueSlot } from "../vm/globals.ts";
import type { Vm } from "../vm/vm.ts";
import type { Border } from "./border.ts";
import type { GuestHandle } from "./handles.ts";
import { HostFunction } from "./host-functions.ts";
import type { LanguageBorder } from "./language-border.ts";

/** What globals need of the VM they belong to. */
export interface GlobalsOwner {
  readonly vm: () => Vm;
  readonly border: Border;
  readonly language: LanguageBorder;
  addFunction(name: string, fn: HostFunction | ((...args: never[]) => unknown)): void;
}

export class GuestGlobals {
  readonly #owner: GlobalsOwner;

  /** Made by a VM only. */
  constructor(owner: GlobalsOwner) { this.#owner = owner; }

  /** Slot of the value, 0 when there is none. Throws MemoryLimitError when what the library has ready finds no room. */
  #slot(name: string): number {
    const { vm, language: { prefix } } = this.#owner, world = vm(), { globals } = world;
    let slot = 0;
    if (globals.isDefined(prefix + name)) orMemoryError(world, () => { slot = globalValueSlot(globals.find(prefix + name)); });
    return slot;
  }

  has(name: string): boolean {
    const { vm, language: { prefix } } = this.#owner;
    return vm().globals.isDefined(prefix + name);
  }

  /** A structured copy of the value, undefined when there is no such global. Functions come out as handles. */
  get(name: string): unknown {
    const slot = this.#slot(name);
    return slot === 0 ? undefined : this.#owner.border.read(this.#owner.vm(), slot);
  }

  /** A handle for the value; throws RangeError when there is no such global. */
  handle(name: string): GuestHandle {
    const slot = this.#slot(name);
    if (slot === 0) throw new RangeError(`there is no global '${name}'`);
    return this.#owner.border.handles.make(slot);
  }

  /**
   * Gives a global a copy of the value, and makes it if need be; a host function is registered under that name. Throws
   * CopyError for what cannot be copied and MemoryLimitError when there is no room.
   */
  set(name: string, value: unknown): void {
    const { vm, border, language } = this.#owner, { prefix } = language;
    if (isFunction(value)) return this.#owner.addFunction(name, value);
    const world = vm(), { heap } = world, dst = heap.rootSlot(Root.Temp2);
    orMemoryError(world, () => {
      heap.setHole(dst);
      border.write(world, dst, value, heap.rootSlot(Root.Temp3), language);
      defineLibraryGlobal(world, prefix + name, dst);
      if (prefix !== "") world.globalChanged(prefix + name);
    });
    heap.setHole(dst);
  }

  /** Takes the value away, so that the name is undefined; false when it was. */
  delete(name: string): boolean {
    if (!this.has(name)) return false;
    const { vm, language: { prefix } } = this.#owner, world = vm();
    world.globals.undefine(prefix + name);
    if (prefix !== "") world.globalChanged(prefix + name);
    return true;
  }

  /** Names of all that are defined, those of the library included when it is written as globals. */
  names(): string[] {
    const { vm, language: { prefix } } = this.#owner, names = vm().globals.names();
    return prefix === "" ? names.filter((name) => !/^\$|:/.test(name)) : names.filter((name) => name.startsWith(prefix) && !name.startsWith(`${prefix}%`)).map((name) => name.slice(prefix.length));
  }
}

const isFunction = (value: unknown): value is HostFunction | ((...args: never[]) => unknown) => typeof value === "function" || value instanceof HostFunction;

/** Runs a step that copies into the world for the host. */
export function orMemoryError(vm: Vm, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (error !== GUEST_THROW) throw error;
    vm.heap.setHole(vm.heap.rootSlot(Root.Exception));
    throw new MemoryLimitError("out of memory: the value does not fit");
  }
}
