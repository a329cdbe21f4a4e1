// Globals every program starts with: named constants of the library, and the script's arguments.

import { newArray, push } from "../../heap/cells/array.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { GlobalFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import { globalValueSlot, setGlobalFlags } from "./globals.ts";
import type { Vm } from "./vm.ts";

/** Defines a global whose value is in the slot; programs may define the name anew. */
export function defineLibraryGlobal(vm: Vm, name: string, slot: number): void {
  const cell = vm.globals.cell(name);
  vm.heap.replace(globalValueSlot(cell), slot);
  setGlobalFlags(vm.heap, cell, GlobalFlag.Library);
}

/** Numbers by name: integers become i32, all others f64. `isAsked`: which of them; NaN differs between machines, so a world made on another one needs it anew. */
export function defineConstants(vm: Vm, constants: { readonly [name: string]: number }, isAsked: (value: number) => boolean = () => true): void {
  const heap = vm.heap, hold = heap.rootSlot(Root.Temp0);
  for (const name in constants) {
    const value = constants[name]!;
    if (!isAsked(value)) continue;
    if (Number.isInteger(value)) heap.setI32(hold, value);
    else heap.setF64(hold, value);
    defineLibraryGlobal(vm, name, hold);
  }
  heap.setHole(hold);
}

/** The global `args`: an array of strings, the script's name first. */
export function defineArguments(vm: Vm, args: readonly string[]): void {
  const heap = vm.heap, hold = heap.rootSlot(Root.Temp0), text = heap.rootSlot(Root.Temp1);
  heap.setCell(hold, CellKind.Array, newArray(heap, args.length));
  for (const arg of args) {
    heap.setCell(text, CellKind.String, newStringFromText(heap, arg));
    push(heap, heap.lo(hold), text);
  }
  defineLibraryGlobal(vm, "args", hold);
  heap.setHole(hold);
  heap.setHole(text);
}
