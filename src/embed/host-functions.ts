// Functions of the host as scripts call them: arguments checked and copied out, the result copied in, an exception of the
// host's turned into one of the script's, which has its message and nothing else of it.

import { newObject, setField } from "../../heap/cells/object.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi, Tag } from "../../heap/value.ts";
import { defineLibraryGlobal } from "../vm/constants.ts";
import { GUEST_THROW } from "../vm/errors.ts";
import { FIRST_HOST_NATIVE } from "../library/host-natives.ts";
import type { NativeInfo } from "../vm/native.ts";
import type { Outcome } from "../vm/outcome.ts";
import type { Vm } from "../vm/vm.ts";
import type { Border } from "./border.ts";
import { addHostName, hostNames, isHostError, isSystemName, keepHostError } from "../vm/host-table.ts";
import { checkArgument, hostArgument, isOfType, parameterOf, parametersOf, wordsOf, type HostType, type Parameter } from "./parameters.ts";
import { dataProperty } from "./plain-values.ts";

/** What a host function promises; see `hostFunction`. */
export interface HostFunctionSpec {
  /** "name: type", "name?: type", "...name: type", or a type alone. Not given: any number of any values. */
  readonly params?: readonly string[];
  /** Type of the result, checked; not given: anything that can be copied. */
  readonly returns?: string;
  /** One line about it, for scripts that ask. */
  readonly doc?: string;
  /** The first argument is an AbortSignal, which fires when the call is cancelled, given up or takes too long; scripts do not see it. */
  readonly signal?: boolean;
  /** Milliseconds that an answer which comes later may take; then the script gets an error. */
  readonly timeout?: number;
  /** The answer comes by `vm.settle` and no other way; what the function returns is not looked at. */
  readonly deferred?: boolean;
}

/** A function of the host with what it promises. */
export class HostFunction {
  readonly params: readonly Parameter[];
  readonly isDeclared: boolean;
  readonly returns: HostType;

  constructor(readonly spec: HostFunctionSpec, readonly call: (...args: never[]) => unknown) {
    this.params = parametersOf(spec.params ?? [], call.name);
    this.isDeclared = spec.params !== undefined;
    this.returns = spec.returns === undefined ? "any" : parameterOf(spec.returns, call.name).type;
  }
}

/**
 * Declares a function of the host: its parameters, its result, what it is for. Arguments are structured copies and are
 * checked before `call` sees them. What `call` returns is copied to the script. When it
 * is a promise the script waits: the task that made the call parks, others go on, and a run in which none can go on is left
 * with kind "pending". Throws TypeError when the declaration is malformed.
 */
export const hostFunction = (spec: HostFunctionSpec, call: (...args: never[]) => unknown): HostFunction => new HostFunction(spec, call);

/** Functions by name; an object becomes a name space: `files.read(path)` in Hemlock, `(files/read path)` in Lisp. */
export interface HostFunctions { readonly [name: string]: HostFunction | ((...args: never[]) => unknown) | HostFunctions }

/** Makes the script wait for the answer to a call; answers how the native ends. Without a promise the host will settle it. */
export type Park = (vm: Vm, bound: BoundFunction, base: number, argc: number, promise: PromiseLike<unknown> | null, abort: AbortController | null) => Outcome;

export interface BoundFunction { readonly name: string; readonly index: number; readonly fn: HostFunction }

const NAME = /^[\p{L}_][^\s()[\]{}"'`,;:.\\/%$#|]*$/u;

export class HostBindings {
  readonly #functions = new Map<string, HostFunction>();
  readonly #spaces: HostFunctions;
  /** The error behind the last exception that a host function raised. */
  #lastError: unknown = undefined;

  constructor(given: HostFunctions, readonly border: Border, readonly park: Park) {
    this.#spaces = given;
    this.#collect(given, "");
  }

  #collect(given: HostFunctions, prefix: string): void {
    for (const key of Object.keys(given)) {
      const name = prefix + key, value = dataProperty(given, key, (reason) => new TypeError(`option functions: ${reason}`) as never);
      if (!key.split(".").every((part) => NAME.test(part))) throw new TypeError(`option functions: '${name}' is no name for a function`);
      if (typeof value === "function") this.#functions.set(name, new HostFunction({}, value as () => unknown));
      else if (value instanceof HostFunction) this.#functions.set(name, value);
      else if (typeof value === "object" && value !== null) this.#collect(value as HostFunctions, `${name}.`);
      else throw new TypeError(`option functions: '${name}' is neither a function nor an object of functions`);
    }
  }

  /** All of them by their full names, for a VM that goes on in the same state. */
  get functions(): HostFunctions { return Object.fromEntries(this.#functions); }

  /** Adds a function after the VM was made. */
  add(vm: Vm, name: string, fn: HostFunction): void {
    if (!NAME.test(name)) throw new TypeError(`'${name}' is no name for a function`);
    this.#functions.set(name, fn);
    this.bind(vm);
    this.#defineAll(vm, { [name]: fn });
  }

  /**
   * Binds the functions to the ids the world knows them by, and gives those it does not know yet an id. Answers the names the
   * world refers to that this host lacks; calling one of those raises an error in the script.
   */
  bind(vm: Vm): string[] {
    const known = hostNames(vm);
    for (const name of this.#functions.keys()) if (!known.includes(name)) known[addHostName(vm, name)] = name;
    vm.hostNatives = known.map((name, index) => this.#native(name, index));
    return known.filter((name) => !this.#functions.has(name) && !isSystemName(name));
  }

  /** Defines the globals, of all languages. */
  define(vm: Vm): void { this.#defineAll(vm, this.#spaces); }

  #defineAll(vm: Vm, functions: HostFunctions): void {
    const { heap } = vm, ids = new Map(hostNames(vm).map((name, index) => [name, FIRST_HOST_NATIVE + index])), hold = heap.rootSlot(Root.Temp1);
    for (const key of Object.keys(functions)) {
      const id = ids.get(key);
      if (id !== undefined) heap.setSlot(hold, Hi.Native, id);
      else heap.setCell(hold, CellKind.Object, newObject(heap, Object.keys(functions[key]!).length));
      defineLibraryGlobal(vm, key, hold);
      if (id === undefined) this.#fill(vm, heap.lo(hold), functions[key] as HostFunctions, `${key}.`, ids);
    }
    heap.setHole(hold);
    for (const { prefix, spacedName } of this.border.languages) {
      if (spacedName !== null) for (const [name, id] of ids) if (!isSystemName(name)) this.#defineFlat(vm, prefix + spacedName(name), id);
    }
  }

  /** A global without name space. */
  #defineFlat(vm: Vm, name: string, id: number): void {
    const hold = vm.heap.rootSlot(Root.Temp1);
    vm.heap.setSlot(hold, Hi.Native, id);
    defineLibraryGlobal(vm, name, hold);
    vm.heap.setHole(hold);
    vm.globalChanged(name);
  }

  /** Gives the object of a name space, which is reachable, its functions and the objects of those within. */
  #fill(vm: Vm, object: number, space: HostFunctions, prefix: string, ids: ReadonlyMap<string, number>): void {
    const { heap } = vm, part = heap.rootSlot(Root.Temp2);
    for (const key of Object.keys(space)) {
      const id = ids.get(prefix + key), inner = id === undefined ? newObject(heap, Object.keys(space[key]!).length) : 0;
      if (id === undefined) heap.setCell(part, CellKind.Object, inner);
      else heap.setSlot(part, Hi.Native, id);
      setField(heap, object, internText(heap, key), part);
      if (id === undefined) this.#fill(vm, inner, space[key] as HostFunctions, `${prefix}${key}.`, ids);
    }
    heap.setHole(part);
  }

  #native(name: string, index: number): NativeInfo {
    const fn = this.#functions.get(name);
    if (fn === undefined) {
      return { name, min: 0, max: -1, doc: "a function this host does not have", run: (vm) => vm.throwError(`the host function '${name}' is not given here`) };
    }
    const { params, isDeclared } = fn, bound: BoundFunction = { name, index, fn };
    const required = params.filter((each) => !each.isOptional && !each.isRest).length, hasRest = !isDeclared || params.at(-1)?.isRest === true;
    const { call, spec } = fn, isPlain = spec.signal !== true && spec.deferred !== true && fn.returns === "any" && params.every(({ type }) => type === "any" || type === "number");
    return {
      name, min: required, max: hasRest ? -1 : params.length, doc: spec.doc ?? "a function of the host",
      run: (vm, base, argc) => {
        // What the host did is done: the instruction cannot be done again.
        const { canInterrupt } = vm;
        vm.canInterrupt = false;
        try {
          return isPlain && argc === 1 ? this.#runOnNumber(vm, bound, call as (x: number) => unknown, base) : this.#run(vm, bound, base, argc);
        } finally {
          vm.canInterrupt = canInterrupt;
        }
      },
    };
  }

  /** The shortest way there and back: a number in, a number out. */
  #runOnNumber(vm: Vm, bound: BoundFunction, call: (x: number) => unknown, base: number): void | Outcome {
    const { heap } = vm, hi = heap.hi(base);
    if (hi !== Hi.I32 && hi >= Tag.First) return this.#run(vm, bound, base, 1);
    let result: unknown;
    try {
      result = call(hi === Hi.I32 ? heap.lo(base) : heap.f64[base]!);
    } catch (error) {
      return this.raise(vm, error);
    }
    return this.#finish(vm, bound, base, 1, result, null);
  }

  #run(vm: Vm, bound: BoundFunction, base: number, argc: number): void | Outcome {
    let result: unknown;
    const abort = bound.fn.spec.signal === true ? new AbortController() : null;
    try {
      result = this.#call(vm, bound, base, argc, abort);
    } catch (error) {
      if (error === GUEST_THROW) throw error;
      return this.raise(vm, error);
    }
    return this.#finish(vm, bound, base, argc, result, abort);
  }

  /** Hands the result to the script, or lets the script wait for it. */
  #finish(vm: Vm, bound: BoundFunction, base: number, argc: number, result: unknown, abort: AbortController | null): void | Outcome {
    const isDeferred = bound.fn.spec.deferred === true;
    if (typeof result === "number" && !isDeferred && bound.fn.returns === "any") {
      if (result === (result | 0) && (result !== 0 || 1 / result > 0)) return vm.heap.setI32(base - 2, result);
    } else if (isDeferred || isThenable(result)) return this.park(vm, bound, base, argc, isDeferred ? null : result as PromiseLike<unknown>, abort);
    this.store(vm, bound, base - 2, result, base + argc);
  }

  #call(vm: Vm, { fn, name }: BoundFunction, base: number, argc: number, abort: AbortController | null): unknown {
    const { params } = fn, args: unknown[] = abort === null ? [] : [abort.signal];
    for (let i = 0; i < argc; i++) {
      const parameter = params[Math.min(i, params.length - 1)], slot = base + i;
      if (parameter !== undefined) checkArgument(vm, slot, parameter, name, i, this.border.language(vm));
      const value = this.#argument(vm, slot);
      args.push(parameter === undefined ? value : hostArgument(value, parameter.type));
    }
    const call = fn.call as (...args: unknown[]) => unknown;
    return args.length === 1 ? call(args[0]) : call(...args);
  }

  /** Numbers, which need no machinery, at once. */
  #argument(vm: Vm, slot: number): unknown {
    const { heap } = vm, hi = heap.hi(slot);
    return hi === Hi.I32 ? heap.lo(slot) : hi < Tag.First ? heap.f64[slot] : this.border.read(vm, slot);
  }

  /** Copies a result to a slot; `scratch`: two slots behind it that the collector sees. */
  store(vm: Vm, { name }: BoundFunction, dst: number, result: unknown, scratch: number): void {
    try {
      this.check(name, result);
      this.border.write(vm, dst, result, scratch);
    } catch (error) {
      if (error === GUEST_THROW) throw error;
      this.raise(vm, error);
    }
  }

  /** Throws TypeError unless the function's result is what it promises. */
  check(name: string, result: unknown): void {
    const returns = this.#functions.get(name)?.returns ?? "any";
    if (!isOfType(result, returns)) throw new TypeError(`host function '${name}' returned ${shown(result)} where it promises ${wordsOf(returns)}`);
  }

  /** Raises the exception that stands for an error of the host's: its message is all that a script gets to see. */
  raise(vm: Vm, error: unknown): never {
    this.#lastError = error;
    try {
      return vm.throwError(messageOf(error));
    } finally {
      keepHostError(vm, vm.heap.rootSlot(Root.Exception));
    }
  }

  /** The host's error behind the exception in the slot, undefined when there is none. */
  errorBehind(vm: Vm, exception: number): unknown {
    return isHostError(vm, exception) ? this.#lastError : undefined;
  }
}

/** Longest message a script gets to see. */
const MAX_MESSAGE = 2000;

function messageOf(error: unknown): string {
  let text = "the host function failed";
  try {
    const given: unknown = typeof error === "object" && error !== null ? (error as { message?: unknown }).message : error;
    if (typeof given === "string" || typeof given === "number" || typeof given === "boolean") text = String(given);
  } catch { /* What an accessor of the host's throws says no more than that. */ }
  return text.length > MAX_MESSAGE ? `${text.slice(0, MAX_MESSAGE)}…` : text;
}

const isThenable = (value: unknown): boolean =>
  value instanceof Promise || (typeof value === "object" && value !== null && typeof (value as { then?: unknown }).then === "function");

const shown = (value: unknown): string => (value === null ? "null" : Array.isArray(value) ? "an array" : typeof value);
