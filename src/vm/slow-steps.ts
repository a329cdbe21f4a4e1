// One whole instruction without any short cut: what the interpreter loop does not do itself, be it always or in this
// instance. Every loop over the bytecode leaves the same instructions to this one function.
//
// Rules for this file
// 1. On entry vm.fp is the running frame and vm.pc is past the first word of the instruction, nothing of which was done yet.
// 2. vm.pc stays inside the instruction, or just behind it, while something may throw: handlers and source positions are
//    looked up from vm.pc - 1. In a call it is behind the whole instruction, for that is where the caller goes on.
// 3. On leaving, vm.fp and vm.pc say where to go on.
// 4. A destination is written last and may be the same register as a source. Operands are slots.

import { unreachable } from "../../heap/debug.ts";
import { boxSlot } from "../../heap/cells/box.ts";
import { captureSlot } from "../../heap/cells/closure.ts";
import { Hi, CellHi } from "../../heap/value.ts";
import { Op } from "../bytecode/opcodes.ts";
import { NATIVES } from "../library/registry.ts";
import * as arithmetic from "./arithmetic.ts";
import * as calls from "./calls.ts";
import { equal, less, lessEqual, strictEqual, truthy } from "./compare.ts";
import { convertScalar } from "./convert.ts";
import { Engine } from "./engine-words.ts";
import { Status } from "./errors.ts";
import { globalValueSlot } from "./globals.ts";
import { forNext, forPrep, getFieldOptional, getIndex, setIndex } from "./indexing.ts";
import { SCRATCH_SLOTS } from "./native.ts";
import { Outcome } from "./outcome.ts";
import { perform } from "./primitives.ts";
import * as slow from "./slow-paths.ts";
import { waitFor } from "./task-values.ts";
import type { Vm } from "./vm.ts";

/** Does the instruction that begins with the word w. Running, or why the loop has to stop. */
export function slowStep(vm: Vm, w: number): Status {
  vm.worked = 0;
  const heap = vm.heap, a = vm.fp + (w >>> 8 & 255), b = vm.fp + (w >>> 16 & 255), c = vm.fp + (w >>> 24), op = (w & 255) as Op;
  switch (op) {
    // ---- moves and constants
    case Op.LoadString: slow.loadString(vm, a, vm.constBase() + (w >>> 16)); return Status.Running;
    case Op.LoadStringX: slow.loadString(vm, a, constant(vm)); return Status.Running;

    // ---- globals, captures, boxes
    case Op.GetGlobal: return slow.undefinedGlobal(vm, heap.lo(constant(vm)));
    case Op.SetGlobal: slow.setGlobal(vm, heap.lo(constant(vm)), a); return stored(vm);
    case Op.SetBox: heap.replace(boxSlot(heap.lo(a)), b); return stored(vm);
    case Op.SetCaptureBox: heap.replace(boxSlot(heap.lo(captureSlot(heap.lo(vm.fp - 2), w >>> 16))), a); return stored(vm);
    case Op.DefineGlobal: slow.defineGlobal(vm, heap.lo(constant(vm)), a, (w >>> 16 & 255) !== 0); return Status.Running;
    case Op.NewBox: slow.newBox(vm, a, b); return Status.Running;
    case Op.CheckHole: return slow.undefinedVariable(vm, constant(vm));
    case Op.Closure: {
      const pc = vm.pc, count = heap.i32[pc]!;
      slow.newClosure(vm, a, vm.constBase() + heap.i32[pc + 1]!, pc + 2, count);
      vm.pc = pc + 2 + count;
      return Status.Running;
    }

    // ---- arithmetic and bits
    case Op.Add: arithmetic.add(vm, a, b, c); return Status.Running;
    case Op.Sub: arithmetic.sub(vm, a, b, c); return Status.Running;
    case Op.Mul: arithmetic.mul(vm, a, b, c); return Status.Running;
    case Op.Div: arithmetic.div(vm, a, b, c); return Status.Running;
    case Op.Mod: arithmetic.mod(vm, a, b, c); return Status.Running;
    case Op.AddI: arithmetic.add(vm, a, b, slow.immediate(vm, w >> 24)); return Status.Running;
    case Op.SubI: arithmetic.sub(vm, a, b, slow.immediate(vm, w >> 24)); return Status.Running;
    case Op.AddK: arithmetic.add(vm, a, b, vm.constBase() + (w >>> 24)); return Status.Running;
    case Op.SubK: arithmetic.sub(vm, a, b, vm.constBase() + (w >>> 24)); return Status.Running;
    case Op.MulK: arithmetic.mul(vm, a, b, vm.constBase() + (w >>> 24)); return Status.Running;
    case Op.DivK: arithmetic.div(vm, a, b, vm.constBase() + (w >>> 24)); return Status.Running;
    case Op.ModK: arithmetic.mod(vm, a, b, vm.constBase() + (w >>> 24)); return Status.Running;
    case Op.Neg: arithmetic.neg(vm, a, b); return Status.Running;
    case Op.Inc: arithmetic.inc(vm, a, b); return Status.Running;
    case Op.Dec: arithmetic.dec(vm, a, b); return Status.Running;
    case Op.BitAnd: arithmetic.bitAnd(vm, a, b, c); return Status.Running;
    case Op.BitOr: arithmetic.bitOr(vm, a, b, c); return Status.Running;
    case Op.BitXor: arithmetic.bitXor(vm, a, b, c); return Status.Running;
    case Op.Shl: arithmetic.shl(vm, a, b, c); return Status.Running;
    case Op.Shr: arithmetic.shr(vm, a, b, c); return Status.Running;
    case Op.BitNot: arithmetic.bitNot(vm, a, b); return Status.Running;

    // ---- comparison to a value
    case Op.Eq: heap.setBool(a, equal(vm, b, c)); return Status.Running;
    case Op.Ne: heap.setBool(a, !equal(vm, b, c)); return Status.Running;
    case Op.Lt: heap.setBool(a, less(vm, b, c)); return Status.Running;
    case Op.Le: heap.setBool(a, lessEqual(vm, b, c)); return Status.Running;
    case Op.StrictEq: heap.setBool(a, strictEqual(vm, b, c)); return Status.Running;
    case Op.Not: heap.setBool(a, !truthy(heap, b)); return Status.Running;
    case Op.Truthy: heap.setBool(a, truthy(heap, b)); return Status.Running;

    // ---- jumps
    case Op.Loop: vm.pc += w >> 8; return backEdge(vm);
    case Op.JumpIfTrue: return jumpIf(vm, truthy(heap, a));
    case Op.JumpIfFalse: return jumpIf(vm, !truthy(heap, a));
    case Op.JumpIfLess: return jumpIf(vm, less(vm, a, b));
    case Op.JumpIfNotLess: return jumpIf(vm, !less(vm, a, b));
    case Op.JumpIfLessEq: return jumpIf(vm, lessEqual(vm, a, b));
    case Op.JumpIfNotLessEq: return jumpIf(vm, !lessEqual(vm, a, b));
    case Op.JumpIfEq: return jumpIf(vm, equal(vm, a, b));
    case Op.JumpIfNotEq: return jumpIf(vm, !equal(vm, a, b));
    case Op.JumpIfStrictEq: return jumpIf(vm, strictEqual(vm, a, b));
    case Op.JumpIfNotStrictEq: return jumpIf(vm, !strictEqual(vm, a, b));
    case Op.JumpIfLessI: return jumpIf(vm, less(vm, a, slow.immediate(vm, w >> 16)));
    case Op.JumpIfNotLessI: return jumpIf(vm, !less(vm, a, slow.immediate(vm, w >> 16)));
    case Op.JumpIfLessEqI: return jumpIf(vm, lessEqual(vm, a, slow.immediate(vm, w >> 16)));
    case Op.JumpIfNotLessEqI: return jumpIf(vm, !lessEqual(vm, a, slow.immediate(vm, w >> 16)));
    case Op.JumpIfGreaterI: return jumpIf(vm, less(vm, slow.immediate(vm, w >> 16), a));
    case Op.JumpIfNotGreaterI: return jumpIf(vm, !less(vm, slow.immediate(vm, w >> 16), a));
    case Op.JumpIfGreaterEqI: return jumpIf(vm, lessEqual(vm, slow.immediate(vm, w >> 16), a));
    case Op.JumpIfNotGreaterEqI: return jumpIf(vm, !lessEqual(vm, slow.immediate(vm, w >> 16), a));
    case Op.JumpIfEqI: return jumpIf(vm, equal(vm, a, slow.immediate(vm, w >> 16)));
    case Op.JumpIfNotEqI: return jumpIf(vm, !equal(vm, a, slow.immediate(vm, w >> 16)));
    case Op.JumpIfLessK: return jumpIf(vm, less(vm, a, constantB(vm, w)));
    case Op.JumpIfNotLessK: return jumpIf(vm, !less(vm, a, constantB(vm, w)));
    case Op.JumpIfLessEqK: return jumpIf(vm, lessEqual(vm, a, constantB(vm, w)));
    case Op.JumpIfNotLessEqK: return jumpIf(vm, !lessEqual(vm, a, constantB(vm, w)));
    case Op.JumpIfGreaterK: return jumpIf(vm, less(vm, constantB(vm, w), a));
    case Op.JumpIfNotGreaterK: return jumpIf(vm, !less(vm, constantB(vm, w), a));
    case Op.JumpIfGreaterEqK: return jumpIf(vm, lessEqual(vm, constantB(vm, w), a));
    case Op.JumpIfNotGreaterEqK: return jumpIf(vm, !lessEqual(vm, constantB(vm, w), a));
    case Op.LoopIfTrue: return loopIf(vm, truthy(heap, a));
    case Op.LoopIfLess: return loopIf(vm, less(vm, a, b));
    case Op.LoopIfLessEq: return loopIf(vm, lessEqual(vm, a, b));
    case Op.LoopIfLessI: return loopIf(vm, less(vm, a, slow.immediate(vm, w >> 16)));
    case Op.LoopIfLessEqI: return loopIf(vm, lessEqual(vm, a, slow.immediate(vm, w >> 16)));
    case Op.LoopIfGreaterI: return loopIf(vm, less(vm, slow.immediate(vm, w >> 16), a));
    case Op.LoopIfGreaterEqI: return loopIf(vm, lessEqual(vm, slow.immediate(vm, w >> 16), a));
    case Op.LoopIfNotEqI: return loopIf(vm, !equal(vm, a, slow.immediate(vm, w >> 16)));
    case Op.LoopIfLessK: return loopIf(vm, less(vm, a, constantB(vm, w)));
    case Op.LoopIfLessEqK: return loopIf(vm, lessEqual(vm, a, constantB(vm, w)));
    case Op.LoopIfGreaterK: return loopIf(vm, less(vm, constantB(vm, w), a));
    case Op.LoopIfGreaterEqK: return loopIf(vm, lessEqual(vm, constantB(vm, w), a));

    // ---- objects, arrays, strings
    case Op.NewObject: slow.newObjectOf(vm, a, w >>> 16 & 255); return Status.Running;
    case Op.NewObjectFrom: slow.newObjectFrom(vm, a, b, w >>> 24, heap.lo(constant(vm))); return Status.Running;
    case Op.ObjectSpread: slow.objectSpread(vm, a, b); return Status.Running;
    case Op.InitField: slow.initField(vm, a, b, constant(vm)); return Status.Running;
    case Op.GetField: {
      const cache = constant(vm);
      vm.pc += 2;
      slow.getFieldCached(vm, a, b, cache, vm.pc - 2);
      return Status.Running;
    }
    case Op.GetFieldOpt: getFieldOptional(vm, a, b, heap.lo(constant(vm))); return Status.Running;
    case Op.SetField: {
      const cache = constant(vm);
      vm.pc += 2;
      slow.setFieldCached(vm, a, b, cache, vm.pc - 2);
      return stored(vm);
    }
    case Op.GetIndex: case Op.GetIndexOpt: getIndex(vm, a, b, c); return Status.Running;
    case Op.SetIndex: setIndex(vm, a, b, c); return stored(vm);
    case Op.SetIndexK: setIndex(vm, a, b, vm.constBase() + (w >>> 24)); return stored(vm);
    case Op.GetLength: slow.getFieldCached(vm, a, b, constant(vm), 0); return Status.Running;
    case Op.NewArray: slow.newArrayFrom(vm, a, b, w >>> 24); return Status.Running;
    case Op.ArrayAppend: slow.arrayAppend(vm, a, b); return Status.Running;
    case Op.Interpolate: slow.interpolate(vm, a, b, w >>> 24); return Status.Running;
    case Op.ForPrep: forPrep(vm, a, b); return Status.Running;
    case Op.ForNext: {
      const distance = heap.i32[vm.pc++]!;
      if (!forNext(vm, a)) vm.pc += distance;
      return Status.Running;
    }
    case Op.Slice: slow.sliceFrom(vm, a, b, w >>> 24); return Status.Running;

    // ---- calls
    case Op.Call: return calls.call(vm, a, w >>> 16 & 255) ? vm.parkedAs : Status.Running;
    case Op.CallGlobal: {
      const cell = heap.lo(constant(vm)), value = globalValueSlot(cell);
      if (heap.hi(value) === Hi.Native) {
        const outcome = calls.runNative(vm, heap.lo(value), a + 2, w >>> 16 & 255);
        if (outcome !== Outcome.Replaced) return afterNative(vm, outcome);
        return calls.call(vm, a, 1) ? vm.parkedAs : Status.Running;
      }
      return calls.callGlobal(vm, a, w >>> 16 & 255, cell) ? vm.parkedAs : Status.Running;
    }
    case Op.CallMethod: return callMethod(vm, a, w >>> 16 & 255, constant(vm));
    case Op.CallNative: {
      const id = heap.i32[vm.pc++]!;
      return afterNative(vm, calls.runNative(vm, id, a + 2, w >>> 16 & 255));
    }
    case Op.CallMethodOpt: case Op.CallNamed: case Op.CallMethodNamed: case Op.TailCall: case Op.TailCallGlobal: case Op.Apply: case Op.TailApply: case Op.CallX:
      return calls.callOther(vm, w, vm.constBase()) ? vm.parkedAs : Status.Running;
    case Op.Return: return calls.returnFrom(vm, a) ? vm.parkedAs : Status.Running;
    case Op.ReturnNull: {
      heap.setNull(vm.fp - 2);
      return calls.returnFrom(vm, vm.fp - 2) ? vm.parkedAs : Status.Running;
    }
    case Op.IsRefParam: heap.setBool(a, slow.isRefParam(heap, b, w >>> 24)); return Status.Running;
    case Op.NewRef: slow.makeRef(vm, a, b, c); return Status.Running;
    case Op.GetRef: slow.getRef(vm, a, b); return Status.Running;
    case Op.SetRef: slow.setRef(vm, a, b); return Status.Running;
    case Op.CheckRef: slow.checkRef(vm, a); return Status.Running;

    // ---- exceptions, types, tasks
    case Op.Throw: return calls.throwValue(vm, a) ? Status.Running : Status.Uncaught;
    case Op.Fail: return slow.fail(vm, vm.constBase() + heap.i32[vm.pc]!, (w >>> 16 & 255) !== 0);
    case Op.Convert: convertScalar(vm, a, b, w >>> 24); return Status.Running;
    case Op.Await: return afterNative(vm, waitFor(vm, a, b));

    // ---- Lisp: primitives
    case Op.Primitive: case Op.Primitive3: case Op.LispAdd: case Op.LispSub: case Op.LispMul: case Op.LispDiv: case Op.LispAddI:
    case Op.LispSubI: case Op.LispQuotient: case Op.LispRemainder: case Op.LispModulo: case Op.LispLess: case Op.LispLessEq:
    case Op.LispNumEq: case Op.LispNot: case Op.LispEq: case Op.IsEmpty: case Op.IsPair: case Op.Car: case Op.Cdr: case Op.Cons:
    case Op.VectorRef: case Op.PrimitiveJump: case Op.PrimitiveJumpNot: case Op.JumpIfLispNotLess:
    case Op.JumpIfLispNotLessEq: case Op.JumpIfLispNotNumEq: case Op.JumpIfLispNotLessI: case Op.JumpIfLispNotLessEqI:
    case Op.JumpIfLispNotGreaterI: case Op.JumpIfLispNotGreaterEqI: case Op.JumpIfLispNotNumEqI: case Op.JumpIfLispNotEq:
    case Op.JumpIfEmpty: case Op.JumpIfNotEmpty: case Op.JumpIfPair: case Op.JumpIfNotPair:
      return perform(vm, w) ? vm.parkedAs : Status.Running;
    case Op.VectorSet: return perform(vm, w) ? vm.parkedAs : stored(vm);

    // ---- never left to this function
    case Op.Nop: case Op.Halt: case Op.Move: case Op.LoadNull: case Op.LoadBool: case Op.LoadInt: case Op.LoadHole: case Op.LoadK:
    case Op.LoadKX: case Op.MoveFromX: case Op.MoveToX: case Op.GetGlobalOrHole: case Op.GetCapture: case Op.GetBox:
    case Op.GetCaptureBox: case Op.LoadSelf: case Op.Jump: case Op.JumpIfNull: case Op.JumpIfNotNull:
    case Op.JumpIfHole: case Op.JumpIfNotHole: case Op.JumpTable: case Op.IsTrue: case Op.JumpIfNotNil: case Op.JumpIfNil:
      return unreachable(`opcode ${op} has no slow step`);
    default: return slow.unknownOpcode(op);
  }
}

/** After a store into a cell: marking may have to go on because of it. */
function stored({ heap }: Vm): Status {
  heap.payForgotten();
  return Status.Running;
}

/** Slot of the constant that the next word of the instruction names. */
function constant(vm: Vm): number {
  return vm.constBase() + vm.heap.i32[vm.pc++]!;
}

/** Slot of the constant that operand B names. */
const constantB = (vm: Vm, w: number): number => vm.constBase() + (w >>> 16 & 255);

function jumpIf(vm: Vm, yes: boolean): Status {
  const distance = vm.heap.i32[vm.pc++]!;
  if (yes) vm.pc += distance;
  return Status.Running;
}

function loopIf(vm: Vm, yes: boolean): Status {
  jumpIf(vm, yes);
  return yes ? backEdge(vm) : Status.Running;
}

/** One unit of fuel for a jump that is already made. */
function backEdge(vm: Vm): Status {
  const fuel = vm.heap.word(Engine.Fuel) - 1;
  vm.heap.setWord(Engine.Fuel, fuel);
  return fuel >= 0 ? Status.Running : calls.refuel(vm);
}

/** How a native that was run ends its instruction. */
function afterNative(vm: Vm, outcome: void | Outcome): Status {
  return outcome === Outcome.Pending || outcome === Outcome.Finished ? calls.stopIn(vm, outcome) : Status.Running;
}

/** A native that is cached for the receiver's type is run at once: its argument count was checked when it was cached. */
function callMethod(vm: Vm, window: number, argc: number, cache: number): Status {
  const heap = vm.heap;
  if (heap.hi(cache + 1) !== Hi.I32 || heap.lo(cache + 1) !== heap.hi(window) || heap.hi(window) === CellHi.Object) {
    return calls.callMethod(vm, window, argc, cache, false) ? vm.parkedAs : Status.Running;
  }
  vm.nativeTop = window + 2 + argc + SCRATCH_SLOTS;
  const outcome = NATIVES[heap.lo(cache + 2)]!.run(vm, window + 2, argc);
  vm.nativeTop = 0;
  return afterNative(vm, outcome);
}
