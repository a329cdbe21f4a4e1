// Calls of script functions by functions of libraries, which wait for the answer: while a task waits for such a function, a
// task of its own runs the script's, and no other does until that has ended.

import { newArray, push } from "../../heap/cells/array.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind } from "../../heap/value.ts";
import { Status } from "./errors.ts";
import type { Store } from "./native.ts";
import { run } from "./run.ts";
import { isParked, spawn } from "./scheduler.ts";
import { flagItem, intItem, itemSlot, TaskItem, TaskState } from "./task-cells.ts";
import type { Vm } from "./vm.ts";

/** How a call ended: with a value or an exception in a slot, which is good until anything is allocated; or not at all. */
export type CalledBack = { readonly kind: "value" | "exception"; readonly slot: number } | { readonly kind: "busy" | "waits" | "stopped" | "ended" };

/** Whether a function can be called back now: the run waits, as for the function that calls back. */
export const canCallBack = (vm: Vm): boolean => vm.heap.rootCell(Root.Tasks) !== 0 && vm.exclusive === 0 && isParked(vm);

/** Calls the function that the first store makes with the values of the others. What it does besides waiting is done. */
export function callBack(vm: Vm, parts: readonly Store[]): CalledBack {
  if (!canCallBack(vm)) return { kind: "busy" };
  const { heap } = vm, start = heap.rootSlot(Root.Temp6), part = heap.rootSlot(Root.Temp2);
  heap.setCell(start, CellKind.Array, newArray(heap, parts.length));
  for (const store of parts) {
    heap.setHole(part);
    store(vm, part);
    push(heap, heap.lo(start), part);
  }
  const task = vm.exclusive = spawn(vm, start);
  heap.setHole(start);
  heap.setHole(part);
  try {
    run(vm);
  } catch (thrown) {
    vm.ended = thrown;
    return { kind: "ended" };
  } finally {
    vm.exclusive = 0;
  }
  if (intItem(heap, task, TaskItem.State) !== TaskState.Done) return { kind: vm.parkedAs === Status.OutOfFuel ? "stopped" : "waits" };
  return { kind: flagItem(heap, task, TaskItem.Throws) ? "exception" : "value", slot: itemSlot(task, TaskItem.Value) };
}
