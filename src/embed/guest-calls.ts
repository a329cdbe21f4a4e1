// Calling a function of the guest from the host, on an idle stack.

import { Root } from "../../heap/roots.ts";
import { CellHi } from "../../heap/value.ts";
import { enterFromHost } from "../vm/frames.ts";
import type { Status } from "../vm/errors.ts";
import { globalValueSlot } from "../vm/globals.ts";
import { SCRATCH_SLOTS } from "../vm/native.ts";
import { run } from "../vm/run.ts";
import { clearSlots } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";
import type { Border } from "./border.ts";
import { HEMLOCK_BORDER, type LanguageBorder } from "./language-border.ts";

/** More than anybody writes, and few enough for the smallest stack. */
const MAX_ARGUMENTS = 250;

/** Calls the value in a slot; ends like run.ts. The result is then in Root.Result. */
export function callGuest(vm: Vm, border: Border, callee: number, args: readonly unknown[], language: LanguageBorder): Status {
  const { heap } = vm, window = vm.stackBase, count = args.length;
  if (count > MAX_ARGUMENTS) throw new RangeError(`a call takes at most ${MAX_ARGUMENTS} arguments: pass an array`);
  heap.setHole(heap.rootSlot(Root.Dynamic));
  heap.setHole(heap.rootSlot(Root.Receiver));
  const scratch = window + 2 + Math.max(count, 2);
  clearSlots(heap, window, scratch + SCRATCH_SLOTS);
  vm.nativeTop = scratch + SCRATCH_SLOTS;
  heap.copySlot(window, callee);
  args.forEach((value, i) => border.write(vm, window + 2 + i, value, scratch, language));
  const direct = heap.hi(window) === CellHi.Closure && language === HEMLOCK_BORDER;
  if (!direct) throughApply(vm, window, count, scratch, language);
  vm.nativeTop = 0;
  enterFromHost(vm, window, direct ? count : 2);
  return run(vm);
}

/** Makes the call one of the library's function that applies the callee to a sequence. */
function throughApply(vm: Vm, window: number, count: number, scratch: number, language: LanguageBorder): void {
  const { heap } = vm;
  language.storeArguments(vm, scratch, window + 2, count);
  heap.copySlot(window + 2, window);
  heap.copySlot(window + 3, scratch);
  clearSlots(heap, window + 4, scratch + 1);
  heap.copySlot(window, globalValueSlot(vm.globals.cell(language.apply)));
}
