// Calls that need help, returns from entry frames, and unwinding. The interpreter's own cases handle the common call; all
// others come here with vm.fp and vm.pc saved, and leave these describing where to go on.
//
// Rules
// 1. A function that answers `boolean` says whether the task parked; vm.parkedAs then holds the status.
// 2. The window (slot of the callee) may shift when the stack grows: use the value `makeRoom` returns from then on.
// 3. Root.Receiver is a hole except between callMethod and bindArguments: a function called plainly has no `self`.

import type { Heap } from "../../heap/heap.ts";
import { Closure, Code, ParamFlag } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import { findField, isDictionary } from "../../heap/shapes.ts";
import { fieldByteOffset, fieldSlot, shapeOf } from "../../heap/cells/object.ts";
import { CallForm, Op } from "../bytecode/opcodes.ts";
import { NATIVES } from "../library/registry.ts";
import { selfRegister } from "./arguments.ts";
import { redirect } from "./callables.ts";
import { constructType } from "./convert.ts";
import { Engine } from "./engine-words.ts";
import { Status } from "./errors.ts";
import { bind, makeRoom, pushFrame } from "./frames.ts";
import { skipsOptionalCall } from "./indexing.ts";
import { globalValueSlot } from "./globals.ts";
import { FIRST_HOST_NATIVE, nativeInfo } from "../library/host-natives.ts";
import { methodOf, noSuchMethod } from "./methods.ts";
import { SCRATCH_SLOTS } from "./native.ts";
import { Outcome } from "./outcome.ts";
import { operandName, throwNotFunction } from "./operand-name.ts";
import { copySequence, countArguments } from "./sequences.ts";
import { undefinedGlobal } from "./slow-paths.ts";
import { caughtIn, traceOf } from "./failure.ts";
import { clearSlots, codeOf, findHandler, growStack, linkDistance, linkPc, runsLisp, STACK_OVERFLOW } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** Calls the value in the window with argc arguments behind it. */
export function call(vm: Vm, window: number, argc: number): boolean {
  return enter(vm, window, argc, 0);
}

/** Calls the value of a global, given by its cell. */
export function callGlobal(vm: Vm, window: number, argc: number, cell: number): boolean {
  if (vm.heap.hi(globalValueSlot(cell)) === Hi.Hole) undefinedGlobal(vm, cell);
  vm.heap.copySlot(window, globalValueSlot(cell));
  return enter(vm, window, argc, 0);
}

/** As call, with an array of argument names (address, 0 for none). */
function enter(vm: Vm, window: number, argc: number, names: number): boolean {
  const heap = vm.heap;
  while (heap.hi(window) !== CellHi.Closure) {
    const redirected = redirect(vm, window, argc);
    if (redirected < 0) {
      const outcome = callBuiltin(vm, window, argc);
      if (outcome !== Outcome.Replaced) return finishNative(vm, outcome);
    }
    argc = redirected < 0 ? 1 : redirected;
  }
  if (vm.depth >= vm.maxDepth) stackOverflow(vm);
  const code = heap.word(heap.lo(window) + Closure.Code);
  window = makeRoom(vm, window, argc, code);
  if (names !== 0 || heap.word(code + Code.ExactArgs) !== argc) bind(vm, code, window + 2, argc, names);
  pushFrame(vm, window, code);
  return chargeCall(vm);
}

function stackOverflow(vm: Vm): never {
  return vm.throwError(runsLisp(vm) ? vm.rules.stackOverflow : STACK_OVERFLOW);
}

/** One unit of fuel for a call that is already entered; parks at its first instruction when none is left. */
function chargeCall(vm: Vm): boolean {
  vm.heap.setWord(Engine.Fuel, vm.heap.word(Engine.Fuel) - 1);
  if (vm.heap.word(Engine.Fuel) >= 0) return false;
  refuel(vm);
  return true;
}

/** Calls the value in the window, which is not a closure: a native, a keyword or a type value. Everything else is an error. */
export function callBuiltin(vm: Vm, window: number, argc: number): void | Outcome {
  const heap = vm.heap, hi = heap.hi(window);
  if (hi === Hi.Native) return runNative(vm, heap.lo(window), window + 2, argc);
  if (hi === CellHi.Keyword) return vm.rules.callKeyword(vm, window, argc);
  if (runsLisp(vm)) vm.rules.notCallable(vm, window);
  if (hi !== Hi.Type) throwNotFunction(vm, window, operandName(vm));
  if (argc !== 1) vm.throwError("Type constructor expects exactly 1 argument");
  constructType(vm, window, window + 2, heap.lo(window));
}

/** Checks the argument count and runs a native on slots first … first+argc-1. */
export function runNative(vm: Vm, id: number, first: number, argc: number): void | Outcome {
  const native = nativeInfo(vm, id);
  if (!native.checksArity && (argc < native.min || (native.max >= 0 && argc > native.max))) nativeArity(vm, id, argc);
  vm.nativeTop = first + argc + SCRATCH_SLOTS;
  const outcome = native.run(vm, first, argc);
  vm.nativeTop = 0;
  return outcome;
}

/** What the names of Lisp natives start with. */
const LISP = "lisp:";

function nativeArity(vm: Vm, id: number, argc: number): never {
  const native = nativeInfo(vm, id), { min, max } = native, isHost = id >= FIRST_HOST_NATIVE;
  if (native.name.startsWith(LISP) || (isHost && runsLisp(vm))) vm.rules.arity(vm, native.name, min, max, argc);
  const name = isHost ? native.name : native.name.slice(native.name.lastIndexOf(".") + 1).replace(/^(__|\$)/, "");
  const many = max < 0 ? `at least ${min}` : min === max ? `${min}` : `${min}-${max}`;
  const text = max === 0 ? `${name}() expects no arguments` : `${name}() expects ${many} argument${many === "1" ? "" : "s"}`;
  return native.fatalArity ? vm.fatal(text) : vm.throwError(text);
}

/** After a native that answered this; true: parked. */
function finishNative(vm: Vm, outcome: void | Outcome): boolean {
  if (outcome !== Outcome.Pending && outcome !== Outcome.Finished) return false;
  stopIn(vm, outcome);
  return true;
}

/** Leaves the loop in a native: it will be answered later, when vm.pc is after the call, or it ended the run. */
export function stopIn(vm: Vm, outcome: Outcome.Pending | Outcome.Finished): Status {
  vm.nativeTop = 0;
  return vm.parkedAs = outcome === Outcome.Pending ? Status.Pending : Status.Done;
}

/** Leaves the loop at vm.fp, vm.pc: to enter it again with fuel from the Vm's reserve, or for good when that is empty. */
export function refuel(vm: Vm): Status {
  return vm.parkedAs = vm.refuel() ? Status.Refuelled : Status.OutOfFuel;
}

/** The entry frame returned: its result, already in fp - 2, becomes the result of the run. */
export function leave(vm: Vm, fp: number): Status {
  vm.heap.copySlot(vm.heap.rootSlot(Root.Result), fp - 2);
  vm.fp = fp;
  return Status.Done;
}

/**
 * Calls method K[cache] of the receiver in the window. A function stored in the object comes first and gets the receiver as
 * self; otherwise the methods of the builtin kinds. Fills the cache with [shape, place] or [receiver type, native].
 */
export function callMethod(vm: Vm, window: number, argc: number, cache: number, optional: boolean, names = 0): boolean {
  const heap = vm.heap, symbol = heap.lo(cache);
  if (optional && skipsOptionalCall(heap, window, symbol)) { heap.setNull(window); return false; }
  if (heap.hi(window) === CellHi.Object) {
    const object = heap.lo(window), shape = shapeOf(heap, object), index = findField(heap, shape, symbol);
    if (index >= 0) {
      const slot = fieldSlot(heap, object, index), fieldHi = heap.hi(slot);
      if (fieldHi === CellHi.Closure || fieldHi === Hi.Native) {
        rememberField(vm, cache, shape, index);
        return callWithReceiver(vm, window, argc, slot, names);
      }
    }
  }
  return callBuiltinMethod(vm, window, argc, cache, symbol, names);
}

/** Caches where an object of the shape keeps the field, unless the shape is a dictionary. */
function rememberField(vm: Vm, cache: number, shape: number, index: number): void {
  const heap = vm.heap;
  if (isDictionary(heap, shape)) return;
  heap.replaceCell(cache + 1, CellKind.Shape, shape);
  heap.setI32(cache + 2, fieldByteOffset(heap, shape, index));
}

function callBuiltinMethod(vm: Vm, window: number, argc: number, cache: number, symbol: number, names: number): boolean {
  const heap = vm.heap, hi = heap.hi(window), method = methodOf(vm, hi, symbol);
  if (method === 0) return noSuchMethod(vm, window, symbol);
  if (typeof method === "string") {
    const cell = vm.globals.cell(method), temp = heap.rootSlot(Root.Temp4);
    heap.copySlot(temp, (cell + 8) >> 3);
    return callWithReceiver(vm, window, argc, temp, names);
  }
  const native = NATIVES[method - 1]!;
  if (native.checksArity || (argc >= native.min && (native.max < 0 || argc <= native.max))) {
    heap.forget(cache + 1);
    heap.setI32(cache + 1, hi);
    heap.setI32(cache + 2, method - 1);
  }
  return finishNative(vm, runNative(vm, method - 1, window + 2, argc));
}

/** Calls the function in `slot` with the value in the window as receiver. */
function callWithReceiver(vm: Vm, window: number, argc: number, slot: number, names: number): boolean {
  const heap = vm.heap, receiver = heap.rootSlot(Root.Receiver);
  heap.copySlot(receiver, window);
  heap.copySlot(window, slot);
  const parked = enter(vm, window, argc, names);
  heap.setHole(receiver);
  return parked;
}

/** The rarer calls, decoded here; vm.pc is after the first word. */
export function callOther(vm: Vm, w: number, constants: number): boolean {
  const heap = vm.heap, argc = w >>> 16 & 255, window = vm.fp + (w >>> 8 & 255);
  const op = (w & 255) as Op;
  switch (op) {
    case Op.CallX: {
      const at = vm.fp + heap.i32[vm.pc]!, operand = heap.i32[vm.pc + 1]!;
      vm.pc += 2;
      return callForm(vm, w >>> 24, at, argc, operand, constants);
    }
    case Op.CallMethodOpt: return callForm(vm, CallForm.CallMethodOpt, window, argc, heap.i32[vm.pc++]!, constants);
    case Op.CallNamed: return callForm(vm, CallForm.CallNamed, window, argc, heap.i32[vm.pc++]!, constants);
    case Op.CallMethodNamed: return callForm(vm, CallForm.CallMethodNamed, window, argc, heap.i32[vm.pc++]!, constants);
    case Op.Apply: return callForm(vm, CallForm.Apply, window, argc, 0, constants);
    case Op.TailApply: {
      const before = vm.stackBase, count = spreadArguments(vm, window);
      return tailCall(vm, window + vm.stackBase - before, count);
    }
    case Op.TailCallGlobal: return tailCallGlobal(vm, window, argc, heap.lo(constants + heap.i32[vm.pc++]!));
    default: return tailCall(vm, window, argc);
  }
}

function callForm(vm: Vm, form: CallForm, window: number, argc: number, operand: number, constants: number): boolean {
  const heap = vm.heap, constant = constants + operand;
  switch (form) {
    case CallForm.Call: return call(vm, window, argc);
    case CallForm.CallMethod: return callMethod(vm, window, argc, constant, false);
    case CallForm.CallMethodOpt: return callMethod(vm, window, argc, constant, true);
    case CallForm.CallNative: return finishNative(vm, runNative(vm, operand, window + 2, argc));
    case CallForm.CallNamed: return enter(vm, window, argc, heap.lo(constant));
    case CallForm.CallMethodNamed: return callMethod(vm, window, argc, constant, false, heap.lo(constant + 3));
    case CallForm.Apply: return applyArray(vm, window, argc);
  }
}

function applyArray(vm: Vm, window: number, withReceiver: number): boolean {
  const heap = vm.heap, receiver = heap.rootSlot(Root.Receiver);
  if (withReceiver) heap.copySlot(receiver, window + 3);
  const before = vm.stackBase, count = spreadArguments(vm, window);
  const parked = call(vm, window + vm.stackBase - before, count);
  heap.setHole(receiver);
  return parked;
}

/** As callGlobal, in place of the running frame. */
function tailCallGlobal(vm: Vm, window: number, argc: number, cell: number): boolean {
  if (vm.heap.hi(globalValueSlot(cell)) === Hi.Hole) undefinedGlobal(vm, cell);
  vm.heap.copySlot(window, globalValueSlot(cell));
  return tailCall(vm, window, argc);
}

/** Lays the values of the sequence in window + 2 out as arguments; answers how many. May move the stack. */
function spreadArguments(vm: Vm, window: number): number {
  const heap = vm.heap, count = countArguments(vm, window + 2);
  // A continuation that is called takes one slot more.
  const top = window + 3 + count;
  if (top > vm.stackEnd) window += growStack(vm, top);
  const hold = heap.rootSlot(Root.Temp4);
  heap.copySlot(hold, window + 2);
  copySequence(heap, hold, window + 2, count);
  heap.setHole(hold);
  return count;
}

/** Calls the value in the window in place of the running frame: same link, same depth. */
export function tailCall(vm: Vm, window: number, argc: number): boolean {
  const heap = vm.heap;
  while (heap.hi(window) !== CellHi.Closure) {
    const redirected = redirect(vm, window, argc);
    if (redirected < 0) {
      const outcome = callBuiltin(vm, window, argc);
      if (outcome !== Outcome.Replaced) return outcome === Outcome.Jumped ? false : finishNative(vm, outcome) || returnFrom(vm, window);
    }
    argc = redirected < 0 ? 1 : redirected;
  }
  const code = heap.word(heap.lo(window) + Closure.Code);
  window = makeRoom(vm, window, argc, code);
  if (heap.word(code + Code.ExactArgs) !== argc) bind(vm, code, window + 2, argc, 0);
  const flags = heap.word(code + Code.ParamFlags), params = heap.word(code + Code.ParamCount);
  const count = selfRegister(params, flags) + (flags & ParamFlag.Self ? 1 : 0);
  heap.copySlot(vm.fp - 2, window);
  for (let i = 0; i < count; i++) heap.copySlot(vm.fp + i, window + 2 + i);
  vm.pc = heap.word(code + Code.EntryPc);
  return chargeCall(vm);
}

/** Returns the value in `slot` from the running frame, as the Return instruction does. */
export function returnFrom(vm: Vm, slot: number): boolean {
  const heap = vm.heap, distance = linkDistance(heap, vm.fp);
  const pc = linkPc(heap, vm.fp);
  heap.copySlot(vm.fp - 2, slot);
  if (distance === 0) {
    vm.parkedAs = leave(vm, vm.fp);
    return true;
  }
  vm.pc = pc;
  vm.fp -= distance;
  vm.depth--;
  return false;
}

const isOutOfMemory = (heap: Heap): boolean => heap.lo(heap.rootSlot(Root.Exception)) === heap.lo(heap.rootSlot(Root.OutOfMemory)) && heap.hi(heap.rootSlot(Root.Exception)) === CellHi.String;

/** Raises the value in the slot; false when nobody catches it. */
export function throwValue(vm: Vm, slot: number): boolean {
  vm.heap.copySlot(vm.heap.rootSlot(Root.Exception), slot);
  return unwind(vm);
}

/**
 * Goes to the innermost handler for Root.Exception: vm.fp, vm.pc and vm.depth then describe it. False when there is none:
 * the frames are left as they are, and vm.trace tells where the exception was raised.
 */
export function unwind(vm: Vm): boolean {
  const heap = vm.heap;
  let fp = vm.fp, pc = vm.pc, above = fp, popped = 0;
  vm.nativeTop = 0;
  vm.unwinding = false;
  heap.setHole(heap.rootSlot(Root.Receiver));
  for (;;) {
    const code = codeOf(heap, fp), handler = findHandler(heap, code, pc - 1);
    if (handler !== null) {
      caughtIn(vm, code);
      // Natives have slots above this frame that are seen as values: what the frames there held must not take up memory that has run out.
      if (popped > 0 && isOutOfMemory(heap)) clearSlots(heap, above, vm.fp + heap.word(codeOf(heap, vm.fp) + Code.FrameSize) + SCRATCH_SLOTS);
      vm.fp = fp;
      vm.pc = handler.pc;
      vm.depth -= popped;
      vm.settleFrames();
      heap.copySlot(fp + handler.register, heap.rootSlot(Root.Exception));
      heap.setHole(heap.rootSlot(Root.Exception));
      return true;
    }
    const distance = linkDistance(heap, fp);
    if (distance === 0) break;
    pc = linkPc(heap, fp);
    above = fp;
    fp -= distance;
    popped++;
  }
  vm.trace = traceOf(vm, heap.rootSlot(Root.Exception));
  vm.failure = null;
  return false;
}
