// Signalling: before an error of Lisp unwinds anything, the innermost handler of the script is asked, by a guest function of
// the library that is called with the condition. Where the instruction that failed is a call, or can become one, the function
// is called in its place, in the same window, and what it answers is that call's value. All other instructions cannot go on:
// their function is called on top of the frame, and only leaves it. When a try comes first on the chain, or when nobody
// defined the function, the error unwinds at once.
//
// The chain is Root.Dynamic; control/dynamics.ts has its layout.

import { vectorItem } from "../../../heap/cells/vector.ts";
import { Code, ParamFlag } from "../../../heap/layout.ts";
import { Root } from "../../../heap/roots.ts";
import { CellHi, Hi } from "../../../heap/value.ts";
import { callForm } from "../../bytecode/register-use.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { EntryKind, handlerEntry } from "./control/dynamics.ts";
import { NATIVES } from "../registry.ts";
import { callForCallee } from "../../vm/callables.ts";
import { call, tailCall } from "../../vm/calls.ts";
import { globalValueSlot } from "../../vm/globals.ts";
import type { Remedy } from "../../vm/rules.ts";
import { rememberFailure } from "../../vm/failure.ts";
import { codeOf } from "../../vm/stack.ts";
import { runningInstruction } from "../../vm/running-instruction.ts";
import type { Vm } from "../../vm/vm.ts";

/** The functions, by what the failing instruction can be given: the value of its call, nothing, or a function to call. */
const FUNCTIONS : { readonly [R in Remedy]: string } = { value: "lisp:%signal", nothing: "lisp:%signal-only", callee: "lisp:%signal-unbound" };
/** Internal natives whose value is that of the expression they stand for; that of the others is for what is around them. */
const VALUED: ReadonlySet<string> = new Set(["lisp:%record-ref", "lisp:%record-set!", "lisp:%match-failed"]);
/** What the names of internal natives start with. */
const INTERNAL = "lisp:%";
/** Whether a handler of the script comes before any try. */
function hasHandler({ heap }: Vm): boolean {
  const chain = heap.rootSlot(Root.Dynamic);
  if (heap.hi(chain) !== CellHi.Vector) return false;
  const entry = handlerEntry(heap, heap.lo(chain));
  return entry !== 0 && heap.lo(vectorItem(entry, 0)) === EntryKind.Handler;
}

/** Slot of the function that signals errors, 0 when they are to unwind. */
export function signalFunction(vm: Vm, remedy: Remedy): number {
  if (!hasHandler(vm)) return 0;
  const slot = globalValueSlot(vm.globals.cell(FUNCTIONS[remedy]));
  return vm.heap.hi(slot) === CellHi.Closure ? slot : 0;
}

/** Can a value take the place of this native's? The library's own functions count on what their natives answer. */
export const isValued = (native: string, inLibrary: boolean): boolean => !inLibrary && (!native.startsWith(INTERNAL) || VALUED.has(native));

/** How a failing instruction goes on. */
interface Site {
  readonly remedy: Remedy; readonly window: number; readonly isTail: boolean;
  /** Where to go on with the value in the window. */
  readonly resume: number;
  /** Arguments of a call whose callee has no value, and the Global cell of that, else 0. */
  readonly argc: number; readonly global: number;
}

function failedSite(vm: Vm): Site {
  const { heap, fp } = vm, code = codeOf(heap, fp), { at, found } = runningInstruction(vm), { op, info, values, length } = found;
  const inLibrary = (heap.word(code + Code.ParamFlags) & ParamFlag.Library) !== 0;
  const onTop: Site = { remedy: "nothing", window: fp + heap.word(code + Code.FrameSize), isTail: false, resume: vm.pc, argc: 0, global: 0 };
  const resume = info.operands.findIndex(({ kind }) => kind === "resume");
  if (resume >= 0) {
    if (inLibrary) return onTop;
    return { ...onTop, remedy: "value", window: fp + (values[resume]! & 255), resume: at + length - (info.operands[resume]!.at === "u" ? 2 : 1) };
  }
  const form = callForm(found), native = info.operands.findIndex(({ kind }) => kind === "native");
  if (form === undefined) return onTop;
  if (native >= 0 && !isValued(NATIVES[values[native]!]!.name, inLibrary)) return onTop;
  const isTail = op === Op.TailCall || op === Op.TailCallGlobal || op === Op.TailApply;
  const call: Site = { ...onTop, remedy: "value", window: fp + values[op === Op.CallX ? 2 : 0]!, isTail, resume: at + length };
  if (op !== Op.CallGlobal && op !== Op.TailCallGlobal) return call;
  const cell = heap.lo(heap.word(code + Code.ConstBase) + values[2]!);
  return heap.hi(globalValueSlot(cell)) === Hi.Hole ? { ...call, remedy: "callee", argc: values[1]!, global: cell } : call;
}

/**
 * Starts the handlers for Root.Exception, at the instruction vm.fp and vm.pc describe. False: the exception is to unwind.
 * It may fail itself, for want of stack or memory.
 */
export function startSignal(vm: Vm): boolean {
  if (!hasHandler(vm)) return false;
  const { remedy, window, isTail, resume, argc, global } = failedSite(vm), target = signalFunction(vm, remedy);
  if (target === 0) return false;
  const { heap } = vm, exception = heap.rootSlot(Root.Exception);
  vm.nativeTop = 0;
  if (vm.interaction !== null) rememberFailure(vm, heap.lo(exception));
  heap.setHole(heap.rootSlot(Root.Receiver));
  if (vm.isCramped(window)) vm.lendFrames();
  const count = callForCallee(vm, window, argc, target, global);
  heap.setSlot(exception, Hi.Hole, 0);
  vm.pc = resume;
  // Whether it parked is seen at the next instruction: the loop is entered again either way.
  if (isTail) tailCall(vm, window, count);
  else call(vm, window, count);
  return true;
}
