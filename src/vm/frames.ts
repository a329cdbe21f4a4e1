// Entering functions: room on the stack, arguments, the frame.

import { Closure, Code, ParamFlag } from "../../heap/layout.ts";
import { Tag } from "../../heap/value.ts";
import { bindArguments } from "./arguments.ts";
import { SCRATCH_SLOTS } from "./native.ts";
import { clearSlots, growStack } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** Lays the arguments out as the function wants them. `names`: array of argument names (address), 0 for none. */
export function bind(vm: Vm, code: number, base: number, argc: number, names: number): void {
  vm.nativeTop = base + argc + SCRATCH_SLOTS;
  bindArguments(vm, code, base, argc, names);
  vm.nativeTop = 0;
}

/** Makes sure the callee's frame fits on the stack; answers the window's slot, which moves when the stack does. */
export function makeRoom(vm: Vm, window: number, argc: number, code: number): number {
  const size = Math.max(vm.heap.word(code + Code.FrameSize), vm.heap.word(code + Code.ParamCount) + argc + 2);
  const top = window + 2 + size;
  return top <= vm.stackEnd ? window : window + growStack(vm, top);
}

/** The frame of the closure in the window, whose arguments are bound, becomes the running one. */
export function pushFrame(vm: Vm, window: number, code: number): void {
  const heap = vm.heap, fp = window + 2;
  heap.setSlot(fp - 1, Tag.Link | (fp - vm.fp), vm.pc);
  vm.fp = fp;
  vm.pc = heap.word(code + Code.EntryPc);
  vm.depth++;
}

/** Puts an entry frame for the closure in slot `window` (its arguments behind it) on an idle stack. */
export function enterFromHost(vm: Vm, window: number, argc: number): void {
  const heap = vm.heap, code = heap.word(heap.lo(window) + Closure.Code);
  vm.fp = window + 2;
  vm.pc = 0;
  vm.chooseDepth((heap.word(code + Code.ParamFlags) & ParamFlag.Lisp) !== 0);
  vm.depth = 0;
  window = makeRoom(vm, window, argc, code);
  clearSlots(heap, window + 2 + argc, window + 2 + heap.word(code + Code.FrameSize));
  if (heap.word(code + Code.ExactArgs) !== argc) bind(vm, code, window + 2, argc, 0);
  heap.setSlot(window + 1, Tag.Link, 0);
  vm.fp = window + 2;
  vm.pc = heap.word(code + Code.EntryPc);
}
