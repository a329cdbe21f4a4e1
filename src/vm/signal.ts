// Signalling: before an error of Lisp unwinds anything, the innermost handler of the script is asked. The guest function
// lisp:%signal is called with the condition in place of the call that failed, in the same window, and what it answers is that
// call's value. When a try comes first on the chain, when the failing instruction is no call, or when nobody defined the
// function, the error unwinds at once.
//
// The chain is Root.Dynamic; library/lisp/control/dynamics.ts has its layout.

import { entryPc } from "../../heap/cells/code.ts";
import { vectorItem } from "../../heap/cells/vector.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { decode, type Instruction } from "../bytecode/encoding.ts";
import { callForm } from "../bytecode/register-use.ts";
import { Op } from "../bytecode/opcodes.ts";
import { EntryKind, handlerEntry } from "../library/lisp/control/dynamics.ts";
import { call, tailCall } from "./calls.ts";
import { globalValueSlot } from "./globals.ts";
import { codeOf } from "./stack.ts";
import type { Vm } from "./vm.ts";

const SIGNAL = "lisp:%signal";
/** Frames that handlers of a stack overflow may use on top of what overflowed. */
const LENT_FRAMES = 2000;

/** Whether a handler of the script comes before any try. */
function hasHandler({ heap }: Vm): boolean {
  const chain = heap.rootSlot(Root.Dynamic);
  if (heap.hi(chain) !== CellHi.Vector) return false;
  const entry = handlerEntry(heap, heap.lo(chain));
  return entry !== 0 && heap.lo(vectorItem(entry, 0)) === EntryKind.Handler;
}

/** Slot of lisp:%signal when errors are to be signalled with it, else 0. */
export function signalFunction(vm: Vm): number {
  if (!hasHandler(vm)) return 0;
  const slot = globalValueSlot(vm.globals.cell(SIGNAL));
  return vm.heap.hi(slot) === CellHi.Closure ? slot : 0;
}

/** Where a failing instruction has its call. */
interface Site { readonly window: number; readonly isTail: boolean; /** Where to go on with the value in the window. */ readonly resume: number }

/** The call that the running instruction makes, or can make; null for all other instructions. */
function failedCall(vm: Vm): Site | null {
  const { heap, fp } = vm, words = heap.i32;
  let pc = entryPc(heap, codeOf(heap, fp)), found: Instruction;
  for (found = decode(words, pc)!; pc + found.length < vm.pc; found = decode(words, pc)!) pc += found.length;
  const { op, info, values, length } = found, resume = info.operands.findIndex(({ kind }) => kind === "resume");
  if (resume >= 0) return { window: fp + (values[resume]! & 255), isTail: false, resume: pc + length - (info.operands[resume]!.at === "u" ? 2 : 1) };
  if (callForm(found) === undefined) return null;
  const isTail = op === Op.TailCall || op === Op.TailCallGlobal || op === Op.TailApply;
  return { window: fp + values[op === Op.CallX ? 2 : 0]!, isTail, resume: pc + length };
}

/**
 * Starts the handlers for Root.Exception, at the instruction vm.fp and vm.pc describe. False: the exception is to unwind.
 * It may fail itself, for want of stack or memory.
 */
export function startSignal(vm: Vm): boolean {
  const target = signalFunction(vm);
  if (target === 0) return false;
  const site = failedCall(vm);
  if (site === null) return false;
  const { heap } = vm, exception = heap.rootSlot(Root.Exception), { window } = site;
  vm.nativeTop = 0;
  vm.interaction?.remember(vm, heap.lo(exception));
  heap.setHole(heap.rootSlot(Root.Receiver));
  if (vm.depth >= vm.maxDepth) vm.lendFrames(LENT_FRAMES);
  heap.copySlot(window, target);
  heap.copySlot(window + 2, exception);
  heap.setSlot(exception, Hi.Hole, 0);
  vm.pc = site.resume;
  // Whether it parked is seen at the next instruction: the loop is entered again either way.
  if (site.isTail) tailCall(vm, window, 1);
  else call(vm, window, 1);
  return true;
}
