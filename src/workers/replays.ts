// Tasks that were elsewhere for some time and begin anew here: what they were told meanwhile, they are told again, so they come to
// where they were without anybody noticing. An answer that could not be moved is kept as it is.

import { elementSlot, length as arrayLength, newArray, push } from "../../heap/cells/array.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { globalValueSlot } from "../vm/globals.ts";
import type { Vm } from "../vm/vm.ts";
import { RESIDENTS } from "./deputy.ts";
import type { Answer } from "./messages.ts";
import { readValues } from "./read-values.ts";

/** What a task was told: a copy, or the number of a value that is kept, and whether that is an exception; or that it had written. */
export type Told = Answer | "wrote" | { readonly held: number; readonly failed: boolean };

/** Global that keeps values; no script can name it. */
const HELD = "$held for tasks";

export class Replays {
  readonly #told = new Map<number, Told[]>();

  constructor(readonly vm: Vm) {}

  get isEmpty(): boolean { return this.#told.size === 0; }
  begin(task: number, told: readonly Told[]): void { if (told.length > 0) this.#told.set(task, [...told]); }
  end(): void { this.#told.clear(); }

  /** Keeps the value in a slot. */
  hold(slot: number): number {
    const { heap, globals } = this.vm, list = globalValueSlot(globals.cell(HELD));
    if (heap.hi(list) !== CellHi.Array) heap.setCell(list, CellKind.Array, newArray(heap, 4));
    push(heap, heap.lo(list), slot);
    return arrayLength(heap, heap.lo(list)) - 1;
  }

  /** dst = what the task was told next, or that is thrown; false when it was told nothing more. */
  tell(task: number, dst: number): boolean {
    const told = this.#told.get(task), next = told?.shift();
    if (told?.length === 0) this.#told.delete(task);
    if (next === undefined) return false;
    if (next === "wrote") return true;
    const { vm } = this, { heap } = vm, hold = heap.rootSlot(Root.Temp7);
    const isHeld = "held" in next;
    if (!isHeld) readValues(vm, hold, next.values, RESIDENTS);
    const value = isHeld ? elementSlot(heap, heap.lo(globalValueSlot(vm.globals.cell(HELD))), next.held) : elementSlot(heap, heap.lo(hold), 0);
    heap.copySlot(next.failed ? heap.rootSlot(Root.Exception) : dst, value);
    heap.setHole(hold);
    if (isHeld) heap.forget(value);
    if (isHeld) heap.setNull(value);
    return next.failed ? vm.throwSlot(heap.rootSlot(Root.Exception)) : true;
  }
}
