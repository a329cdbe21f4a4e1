// Global cells: named boxes. The value is a hole until the global is defined.

import { Global, GlobalFlag } from "../layout.ts";
import type { Heap } from "../heap.ts";
import type { Mem } from "../memory.ts";
import { CellKind } from "../value.ts";

/** An undefined global with this name (a Symbol). */
export function newGlobal(heap: Heap, symbol: number): number {
  const addr = heap.allocate(CellKind.Global, Global.Size);
  heap.setHole(globalSlot(addr));
  heap.i32[(addr + Global.Name) >> 2] = symbol;
  return addr;
}

export const globalSlot = (global: number): number => (global + Global.Value) >> 3;
export const globalName = (mem: Mem, global: number): number => mem.i32[(global + Global.Name) >> 2]!;
export const isConst = (mem: Mem, global: number): boolean => (mem.u16[(global + 2) >> 1]! & GlobalFlag.Const) !== 0;
export const setConst = (mem: Mem, global: number, value: boolean): void => { mem.u16[(global + 2) >> 1] = value ? GlobalFlag.Const : 0; };
