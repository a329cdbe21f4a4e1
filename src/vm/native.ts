// Natives: functions written in TypeScript that scripts call. A native never calls back into guest code.

import type { Outcome } from "./outcome.ts";
import type { Vm } from "./vm.ts";

/**
 * Runs with its arguments in slots base … base+argc-1 and its result expected in slot base-2, which holds the receiver of
 * a method call on entry. The slots base+argc … base+argc+Native.Scratch-1 are its scratch space, seen by the collector.
 */
export type Native = (vm: Vm, base: number, argc: number) => void | Outcome;

/** Scratch slots above the arguments of a native. */
export const SCRATCH_SLOTS = 16;

/** Writes one value; the slot, and the two behind it, are roots. */
export type Store = (vm: Vm, slot: number) => void;

/**
 * Lets the task wait whose native has its arguments from `base` on. `begin` starts what is waited for; what its promise gives
 * stores the result, and its error becomes an exception of the script. `name`: of the builtin, for those who ask what is waited for.
 */
export type Suspend = (vm: Vm, name: string, base: number, begin: () => PromiseLike<Store>) => Outcome;

/** A part of the system a VM may be given: it does the work of builtins that need the outside world, by their names. */
export interface SystemPart {
  readonly natives: ReadonlyMap<string, Native>;
  /** Lets go of what scripts left open: sockets, connections, libraries. What they still wait for then fails. */
  readonly close?: () => void;
}

export interface NativeInfo {
  /** As scripts write it; methods are "kind.method", internals start with "$"; those of Lisp start with "lisp:", its internals with "lisp:%". */
  readonly name: string;
  /** Lisp: further global names of the function, without prefix. */
  readonly aliases?: readonly string[];
  /** Argument counts allowed; max -1: any number. Checked before `run` unless `checksArity`. */
  readonly min: number;
  readonly max: number;
  /** The native checks its own argument count, to give its own message. */
  readonly checksArity?: boolean;
  /** Wrong argument counts are fatal instead of catchable. */
  readonly fatalArity?: boolean;
  /** One line for the manual: arguments, result, errors. */
  readonly doc: string;
  readonly run: Native;
}
