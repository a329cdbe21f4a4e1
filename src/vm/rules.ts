// What the engine asks of a language whose functions have rules of calling and errors of their own (ParamFlag.Lisp). A VM
// has those of one language at most, which its plug-in brings; in a VM without them no such function exists, so nothing
// here is ever asked. Must not know any language.

import { Bug } from "../../heap/debug.ts";
import type { TraceEntry } from "./errors.ts";
import type { Vm } from "./vm.ts";

/** What an instruction that failed can be given: the value of its call, nothing, or a function to call. */
export type Remedy = "value" | "nothing" | "callee";

/** Whatever raises an error leaves it in Root.Exception and throws GUEST_THROW. */
export interface GuestRules {
  /** Guest frames that may be in use at a time, unless the host gave a limit. */
  readonly stackDepth: number;
  /** Message of the error of calls that nest deeper. */
  readonly stackOverflow: string;
  /** The language's own error with this message. */
  raise(vm: Vm, message: string): never;
  /** A wrong number of arguments. `name` as the language writes it or with its prefix; max -1: any number from min on. */
  arity(vm: Vm, name: string, min: number, max: number, given: number): never;
  /** A global without a value. */
  unbound(vm: Vm, name: string): never;
  /** A call of the value in the slot, which is no function. */
  notCallable(vm: Vm, slot: number): never;
  /** A call whose arguments are to come from the value in the slot, which is no sequence. */
  notSequence(vm: Vm, slot: number): never;
  /** Calls the keyword in the window. */
  callKeyword(vm: Vm, window: number, argc: number): void;
  /** Slot of the guest function that errors are signalled with before they unwind, else 0. */
  signalFunction(vm: Vm, remedy: Remedy): number;
  /** Can the answer to a signal take the place of this native's value? `inLibrary`: in a function of the library. */
  isValued(native: string, inLibrary: boolean): boolean;
  /** Starts it for Root.Exception, at the instruction vm.fp and vm.pc describe. False: the exception is to unwind. */
  startSignal(vm: Vm): boolean;
  /** The frames that an error remembers to have been raised in, innermost first; null when it remembers none. */
  raisedIn(vm: Vm, slot: number): readonly TraceEntry[] | null;
}

const missing = (): never => { throw new Bug("this VM was made without the rules of a language that runs in it"); };

export const NO_RULES: GuestRules = {
  stackDepth: 0, stackOverflow: "", raise: missing, arity: missing, unbound: missing, notCallable: missing, notSequence: missing, callKeyword: missing,
  signalFunction: () => 0, isValued: () => false, startSignal: () => false, raisedIn: () => null,
};
