// Wide forms: instructions whose registers lie beyond 255. Five scratch registers just above the parameters stand in for
// them: values are moved in before and out after. Runs of registers are taken apart, call windows use CallX.
//
// Rules
// 1. Nothing stays in a scratch register from one IR operation to the next.
// 2. A scratch register means what the register it stands for means, so that the register checker sees through it.

import { assert } from "../../heap/debug.ts";
import { RANGES } from "../bytecode/encoding.ts";
import { CallForm, Op, opInfo } from "../bytecode/opcodes.ts";
import { ITERATION, WINDOW_ARGUMENTS } from "../bytecode/register-use.ts";
import type { Emitter, Operand } from "./emitter.ts";

/** Scratch registers of a wide function. */
export const WIDE_SCRATCH = 5;
const LAST = 0xff;

const isRegister = (kind: string): boolean => kind === "src" || kind === "dst" || kind === "both" || kind === "window";

/** Highest register an instruction that works on a run of registers touches. */
function runEnd(op: Op, operands: readonly Operand[]): number {
  switch (op) {
    case Op.NewArray: case Op.Interpolate: case Op.NewObjectFrom: return (operands[1] as number) + (operands[2] as number) - 1;
    case Op.ForPrep: case Op.ForNext: return (operands[0] as number) + ITERATION.registers - 1;
    default: return 0;
  }
}

export function needsWide(op: Op, operands: readonly Operand[]): boolean {
  if (runEnd(op, operands) > LAST) return true;
  return opInfo(op)!.operands.some(({ at, kind }, i) => isRegister(kind) && (operands[i] as number) > LAST && RANGES[at][1] === LAST);
}

const FORMS: { readonly [op: number]: CallForm } = {
  [Op.Call]: CallForm.Call, [Op.CallMethod]: CallForm.CallMethod, [Op.CallMethodOpt]: CallForm.CallMethodOpt, [Op.CallNative]: CallForm.CallNative,
  [Op.CallNamed]: CallForm.CallNamed, [Op.CallMethodNamed]: CallForm.CallMethodNamed, [Op.Apply]: CallForm.Apply,
};

export function emitWide(e: Emitter, op: Op, operands: readonly Operand[]): void {
  const numbers = operands as readonly number[];
  const form = FORMS[op];
  if (form !== undefined) e.emitPlain(Op.CallX, [numbers[1]!, form, numbers[0]!, numbers[2] ?? 0]);
  else switch (op) {
    case Op.Move: moveWide(e, numbers[0]!, numbers[1]!); break;
    case Op.TailCall: case Op.TailApply: tailWide(e, op, numbers[0]!, numbers[1]!); break;
    case Op.NewArray: arrayWide(e, numbers); break;
    case Op.NewObjectFrom: objectWide(e, numbers); break;
    case Op.Interpolate: interpolateWide(e, numbers); break;
    case Op.ForPrep: {
      const iterable = moveIn(e, numbers[1]!, ITERATION.state);
      for (let i = 0; i < ITERATION.state; i++) e.claim(e.scratch + i, e.meaning(numbers[0]! + i));
      e.emitPlain(Op.ForPrep, [e.scratch, iterable]);
      for (let i = 0; i < ITERATION.state; i++) moveOut(e, numbers[0]! + i, i);
      break;
    }
    case Op.ForNext: {
      for (let i = 0; i < ITERATION.state; i++) forceIn(e, numbers[0]! + i, i);
      for (let i = ITERATION.state; i < ITERATION.registers; i++) e.claim(e.scratch + i, e.meaning(numbers[0]! + i));
      e.emitPlain(Op.ForNext, [e.scratch, operands[1]!]);
      for (let i = 0; i < ITERATION.registers; i++) moveOut(e, numbers[0]! + i, i);
      break;
    }
    default: registersWide(e, op, operands);
  }
}

/** Copies a register into scratch register i. */
function forceIn(e: Emitter, reg: number, i: number): number {
  const low = e.scratch + i;
  e.claim(low, e.meaning(reg));
  e.emitPlain(Op.MoveFromX, [low, reg]);
  return low;
}

/** The register itself when an operand reaches it, else scratch register i with its value. */
const moveIn = (e: Emitter, reg: number, i: number): number => (reg <= LAST ? reg : forceIn(e, reg, i));

/** Moves scratch register i to where its value belongs. */
function moveOut(e: Emitter, reg: number, i: number): void {
  e.claim(e.scratch + i, e.meaning(reg));
  e.emitPlain(Op.MoveToX, [e.scratch + i, reg]);
}

function moveWide(e: Emitter, dst: number, src: number): void {
  if (dst <= LAST) e.emitPlain(Op.MoveFromX, [dst, src]);
  else e.emitPlain(Op.MoveToX, [moveIn(e, src, 0), dst]);
}

/** Any instruction without runs: scratch 0 for what it writes, the others for what it reads. */
function registersWide(e: Emitter, op: Op, operands: readonly Operand[]): void {
  const info = opInfo(op)!;
  let used = 1, out = -1;
  const low = operands.map((operand, i) => {
    const { kind } = info.operands[i]!;
    if (!isRegister(kind) || (operand as number) <= LAST) return operand;
    if (kind === "src") return forceIn(e, operand as number, used++);
    assert(kind === "dst" && out < 0, `${info.name} has no wide form`);
    out = operand as number;
    return e.scratch;
  });
  if (out >= 0) e.claim(e.scratch, e.meaning(out));
  e.emitPlain(op, low);
  if (out >= 0) moveOut(e, out, 0);
}

/** The frame ends here, so the window may overwrite anything below: it moves down to the scratch registers. */
function tailWide(e: Emitter, op: Op, window: number, count: number): void {
  const argc = op === Op.TailApply ? 1 + count : count;
  if (e.scratch + WINDOW_ARGUMENTS + argc > LAST) {
    e.emit(op === Op.TailApply ? Op.Apply : Op.Call, window, count);
    e.emit(Op.Return, window);
    return;
  }
  forceIn(e, window, 0);
  for (let i = WINDOW_ARGUMENTS; i < WINDOW_ARGUMENTS + argc; i++) forceIn(e, window + i, i);
  e.emitPlain(op, [e.scratch, count]);
}

function arrayWide(e: Emitter, [dst, first, count]: readonly number[]): void {
  e.claim(e.scratch, e.meaning(dst!));
  e.emitPlain(Op.NewArray, [e.scratch, 0, 0]);
  for (let i = 0; i < count!; i++) e.emitPlain(Op.ArrayAppend, [e.scratch, moveIn(e, first! + i, 1)]);
  e.emitPlain(Op.MoveToX, [e.scratch, dst!]);
}

function objectWide(e: Emitter, [dst, first, count, shape]: readonly number[]): void {
  const constant = e.constants.list[shape!]!;
  assert(constant.type === "shape", "NewObjectFrom needs a shape");
  e.claim(e.scratch, e.meaning(dst!));
  e.emitPlain(Op.NewObject, [e.scratch, constant.inlineCapacity]);
  for (let i = 0; i < count!; i++) {
    const key = e.constants.literal({ type: "symbol", value: constant.keys[i]! });
    e.emitPlain(Op.InitField, [e.scratch, moveIn(e, first! + i, 1), key]);
  }
  e.emitPlain(Op.MoveToX, [e.scratch, dst!]);
}

/** Joins part by part: a text displays as itself. */
function interpolateWide(e: Emitter, [dst, first, count]: readonly number[]): void {
  const joined = e.scratch;
  for (let i = 0; i < count!; i++) {
    const part = forceIn(e, first! + i, 1);
    e.claim(joined, e.meaning(dst!));
    e.emitPlain(Op.Interpolate, i === 0 ? [joined, part, 1] : [joined, joined, 2]);
  }
  e.emitPlain(Op.MoveToX, [joined, dst!]);
}
