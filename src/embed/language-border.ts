// What the border between host and guest must know of a language: how its names and values look from inside. A language brings
// it with its plug-in; Hemlock's is here, since every VM has that.

import { newArrayOf } from "../../heap/cells/array.ts";
import { CellKind } from "../../heap/value.ts";
import { typeName } from "../vm/convert.ts";
import type { Vm } from "../vm/vm.ts";
import { CopyIn, type ResolveHandle } from "./copy-in.ts";
import type { CopyLimits } from "./copy-limits.ts";

export interface LanguageBorder {
  /** What the names of its globals begin with inside of the world. */
  readonly prefix: string;
  /** Name of a host function that belongs to a name space, "files.read"; null when the name space is an object with it. */
  readonly spacedName: ((name: string) => string) | null;
  /** Global that holds a function (callee, sequence of arguments), for callees that are no closures of Hemlock. */
  readonly apply: string;
  /** Global that holds a function which waits for the answer to the call with an id; null: the task of the VM's own scheduler waits. */
  readonly waiter: string | null;
  /** Makes what `apply` takes as arguments of `count` slots. */
  storeArguments(vm: Vm, dst: number, first: number, count: number): void;
  /** Copies a host's value to a slot; `scratch`: two slots. The collector must see all three. */
  write(vm: Vm, dst: number, value: unknown, scratch: number, limits: CopyLimits, handleSlot: ResolveHandle): void;
  /** Raises the error of a wrong argument of a host function. `at` counts from 0; `name` is that of the parameter, when it has one. */
  argumentError(vm: Vm, slot: number, expected: string, owner: string, at: number, name: string | null): never;
  /** Type of the value in a slot, as the language calls it. */
  typeOf(vm: Vm, slot: number): string;
  /** Whether only this language has values like the one in the slot. */
  owns(vm: Vm, slot: number): boolean;
}

export const HEMLOCK_BORDER: LanguageBorder = {
  prefix: "",
  spacedName: null,
  apply: "$apply",
  waiter: null,
  storeArguments: ({ heap }, dst, first, count) => heap.setCell(dst, CellKind.Array, newArrayOf(heap, first, count)),
  write: (vm, dst, value, _scratch, limits, handleSlot) => new CopyIn(vm, limits, handleSlot).write(dst, value),
  argumentError: (vm, slot, expected, owner, at, name) =>
    vm.throwError(`${owner}() expects ${expected} as argument ${at + 1}${name === null ? "" : ` (${name})`}, got ${typeName(vm, slot)}`),
  typeOf: typeName,
  owns: () => false,
};
