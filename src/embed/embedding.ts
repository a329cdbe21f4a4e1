// What a VM gives its host besides running programs: functions of the host, handles, globals, calls of guest functions. The VM
// itself (src/api.ts) runs steps and turns their ends into results.

import { Root } from "../../heap/roots.ts";
import type { Status } from "../vm/errors.ts";
import type { Vm } from "../vm/vm.ts";
import { Border } from "./border.ts";
import { CopyError, copyLimits, type CopyLimits } from "./copy-limits.ts";
import { GuestGlobals, orMemoryError } from "./globals.ts";
import { callGuest } from "./guest-calls.ts";
import { GuestHandle, Handles, type HandleActions } from "./handles.ts";
import { HostBindings, HostFunction, type HostFunctions } from "./host-functions.ts";
import type { LanguageBorder } from "./language-border.ts";
import { partSlot, setPart } from "./parts.ts";
import { valueOf, type Done, type RunFailure } from "./results.ts";
import { PendingCalls } from "./pending.ts";

export interface EmbedOptions {
  /** Functions of the host that scripts may call, by name: declared with `hostFunction`, or bare. Objects become name spaces. */
  readonly functions?: HostFunctions;
  /** Global variables, copied in when the VM is made. */
  readonly globals?: { readonly [name: string]: unknown };
  /** How much may be copied between host and guest at a time. */
  readonly copy?: Partial<CopyLimits>;
  /** Note where each handle is made, for `vm.handles.report()`; costs a stack trace each. */
  readonly trackHandles?: boolean;
}

/** Exceptions are copied unasked, so only as far as anybody looks. */
const ERROR_LIMITS = copyLimits({ maxValues: 100_000 });

/** The VM as its embedding sees it. */
export interface Machine {
  readonly vm: () => Vm;
  /** Those of its languages, Hemlock's first. */
  readonly languages: readonly LanguageBorder[];
  /** Runs a step of a language to its end and reads its result from a slot. */
  perform<T>(step: () => Status, read: (slot: number) => T, language: LanguageBorder): Done<T> | RunFailure;
}

export class Embedding {
  readonly handles: Handles;
  readonly border: Border;
  readonly bindings: HostBindings;
  readonly pending: PendingCalls;

  constructor(readonly options: EmbedOptions, readonly machine: Machine) {
    const actions: HandleActions = {
      typeOf: (vm, slot) => this.border.ownerOf(vm, slot).typeOf(vm, slot),
      toJS: (handle) => this.border.read(this.#vm, this.handles.slotOf(handle)),
      get: (handle, key) => this.#get(handle, key),
      set: (handle, key, value) => this.#set(handle, key, value),
      call: (handle, args) => this.call(handle, args),
    };
    this.handles = new Handles(machine.vm, actions, options.trackHandles === true);
    this.border = new Border(copyLimits(options.copy), this.handles, machine.languages);
    this.pending = new PendingCalls(machine.vm, this.border, () => this.bindings);
    this.bindings = new HostBindings(options.functions ?? {}, this.border, (...call) => this.pending.begin(...call));
  }

  get #vm(): Vm { return this.machine.vm(); }

  /** Binds the host's functions to a world, and defines them in one that is new. */
  attach(isNew: boolean): readonly string[] {
    const missing = this.bindings.bind(this.#vm);
    this.#vm.suspend = this.pending.suspend;
    this.pending.endSystemCalls();
    // What handles of another VM refer to is of no use here.
    if (!isNew) this.handles.forgetAll();
    if (!isNew) return missing;
    this.bindings.define(this.#vm);
    const { globals = {} } = this.options;
    for (const language of this.machine.languages) for (const name of Object.keys(globals)) this.globals(language).set(name, globals[name]);
    return missing;
  }

  globals(language: LanguageBorder): GuestGlobals {
    const { machine, border } = this;
    return new GuestGlobals({
      vm: machine.vm, border, language, addFunction: (name, fn) => this.bindings.add(this.#vm, name, fn instanceof HostFunction ? fn : new HostFunction({}, fn)),
    });
  }

  /** Calls a global of Hemlock by name, or the value of a handle. Throws ScriptError. */
  call(callee: string | GuestHandle, args: readonly unknown[]): unknown { return valueOf(this.attempt(callee, args, (result) => this.border.read(this.#vm, result))); }

  /** The same; a failure is a result. */
  attempt<T>(callee: string | GuestHandle, args: readonly unknown[], read: (slot: number) => T): Done<T> | RunFailure {
    const vm = this.#vm, handle = typeof callee === "string" ? this.globals(this.machine.languages[0]!).handle(callee) : callee;
    const language = this.border.ownerOf(vm, this.handles.slotOf(handle));
    try {
      return this.machine.perform(() => callGuest(vm, this.border, this.handles.slotOf(handle), args, language), read, language);
    } finally {
      if (handle !== callee) handle.release();
    }
  }

  /** What a failure says about the exception in a slot: the value, and the host's error behind it. */
  exception(slot: number): { readonly exception: unknown; readonly cause: unknown } {
    const cause = this.bindings.errorBehind(this.#vm, slot);
    try {
      return { exception: this.border.read(this.#vm, slot, ERROR_LIMITS, () => undefined), cause };
    } catch (error) {
      if (!(error instanceof CopyError)) throw error;
      return { exception: undefined, cause };
    }
  }

  #get(handle: GuestHandle, key: string | number): unknown {
    const slot = partSlot(this.#vm, this.handles.slotOf(handle), key, handle.type);
    return slot < 0 ? undefined : this.border.read(this.#vm, slot);
  }

  #set(handle: GuestHandle, key: string | number, value: unknown): void {
    const vm = this.#vm, { heap } = vm, copy = heap.rootSlot(Root.Temp2);
    orMemoryError(vm, () => {
      heap.setHole(copy);
      this.border.write(vm, copy, value, heap.rootSlot(Root.Temp3), this.border.ownerOf(vm, this.handles.slotOf(handle)));
      setPart(vm, this.handles.slotOf(handle), key, copy, handle.type);
    });
    heap.setHole(copy);
  }
}
