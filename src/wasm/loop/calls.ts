// Calls of closures that need no help, array.push, and returns.

import { Arr, Cell, Closure, Code as CodeCell, Global, Obj, Pair, ParamFlag, Slots } from "../../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { findNative, nativeIndex } from "../../library/registry.ts";
import { Engine } from "../../vm/engine-words.ts";
import { block, F64, get, i32, I32, I64, jump, jumpIf, Label, loop, loadI32, loadI64, loadU16, set, storeI32, storeI64, tee, when, type Code } from "../assembler.ts";
import { cellHeader, fill, reserve } from "./allocation.ts";
import {
  A, BASE, byteB, D, header, hi, HX, HY, i64Null, isDouble, isNaN, isNot, isNotI32, KB, K_D, lo, NEXT, next, number, P, PC,
  setHeader, shifted, slow, slowIf, spend, store, storeEmpty, storeNumber, wordAt, X, Y, Z, type Handlers,
} from "./frame.ts";

// In all of these X is the window (address of the callee's slot), Y the code cell, Z the closure.

/** Slow unless the frame of the code Y fits on the stack behind the window X, and a frame and a unit of fuel are left. */
const roomForFrame: Code = () => [
  slowIf(I32.gtU(I32.add(I32.add(get(X), i32(16)), I32.shl(loadI32(get(Y), CodeCell.FrameSize), i32(3))), I32.shl(header(Engine.StackEnd), i32(2)))),
  slowIf(I32.leS(tee(HX, header(Engine.FramesLeft)), i32(0))),
  slowIf(I32.leS(tee(HY, header(Engine.Fuel)), i32(0))),
];

/** Enters the code Y in the window X, to return behind this instruction of so many words. */
const enter = (words: number): Code => [
  setHeader(Engine.FramesLeft, I32.sub(get(HX), i32(1))), setHeader(Engine.Fuel, I32.sub(get(HY), i32(1))),
  storeI32(get(X), 8, I32.add(I32.shrU(get(PC), i32(2)), i32(words))),
  set(X, I32.add(get(X), i32(16))),
  storeI32(I32.sub(get(X), i32(4)), 0, I32.or(I32.shrU(I32.sub(get(X), get(BASE)), i32(3)), i32(Tag.Link))),
  set(BASE, get(X)),
  set(PC, I32.shl(loadI32(get(Y), CodeCell.EntryPc), i32(2))), set(KB, I32.shl(loadI32(get(Y), CodeCell.ConstBase), i32(3))),
  jump(NEXT),
];

const takesExactly = (count: Code): Code => slowIf(I32.ne(loadI32(get(Y), CodeCell.ExactArgs), count));
/** The same, or with an empty list for a rest parameter behind the arguments. */
const takes = (count: Code): Code => when(I32.ne(tee(HX, loadI32(get(Y), CodeCell.ExactArgs)), count), [
  slowIf(I32.ne(get(HX), I32.sub(i32(-2), count))),
  storeEmpty(I32.add(I32.add(get(X), i32(16)), I32.shl(count, i32(3))), Hi.Empty),
]);

const callRegister: Code = () => [
  slowIf(isNot(hi(tee(X, A)), CellHi.Closure)),
  set(Y, loadI32(lo(get(X)), Closure.Code)),
  takes(byteB), roomForFrame, enter(1),
];
/**
 * What a call of the global Z does when that is the native `list`: P = a list of the arguments, made from the last to the
 * first. HY: those left; HX: end of the pair to be made.
 */
const listOfArguments = (id: number): Code => {
  const again = new Label(), done = new Label();
  return [
    slowIf(isNot(loadI32(get(Z), Global.Value + 4), Hi.Native)), slowIf(isNot(loadI32(get(Z), Global.Value), id)),
    set(HY, byteB), reserve(Y, I32.mul(get(HY), i32(Pair.Size))), set(P, shifted(Hi.Empty)),
    block(done, jumpIf(I32.eqz(get(HY)), done), loop(again,
      set(Y, I32.sub(get(HX), i32(Pair.Size))), set(HY, I32.sub(get(HY), i32(1))),
      cellHeader(Y, CellKind.Pair, HX),
      storeI64(get(Y), Pair.Car, loadI64(I32.add(get(X), I32.shl(get(HY), i32(3))), 16)), storeI64(get(Y), Pair.Cdr, get(P)),
      set(P, I64.or(I64.extendI32U(tee(HX, get(Y))), shifted(CellHi.Pair))),
      jumpIf(get(HY), again))),
  ];
};

const callGlobal = (listId: number): Code => [
  set(Z, lo(K_D)), set(X, A),
  when(isNot(loadI32(get(Z), Global.Value + 4), CellHi.Closure), [listOfArguments(listId), storeI64(get(X), 0, get(P)), next(2)]),
  set(Z, loadI32(get(Z), Global.Value)), set(Y, loadI32(get(Z), Closure.Code)),
  takes(byteB), roomForFrame,
  store(get(X), CellHi.Closure, get(Z)), enter(2),
];

/** Enters the code Y of the closure Z in place of the running frame, whose registers the arguments overwrite from below. X: window. */
const enterInstead: Code = () => [
  takesExactly(byteB),
  slowIf(I32.gtU(I32.add(get(BASE), I32.shl(loadI32(get(Y), CodeCell.FrameSize), i32(3))), I32.shl(header(Engine.StackEnd), i32(2)))),
  spend(Engine.Fuel, HX),
  store(I32.sub(get(BASE), i32(16)), CellHi.Closure, get(Z)),
  set(X, I32.add(get(X), i32(16))), set(HX, get(BASE)), set(HY, I32.add(get(HX), I32.shl(byteB, i32(3)))),
  fill(HX, HY, loadI64(get(X)), set(X, I32.add(get(X), i32(8)))),
  set(PC, I32.shl(loadI32(get(Y), CodeCell.EntryPc), i32(2))), set(KB, I32.shl(loadI32(get(Y), CodeCell.ConstBase), i32(3))),
  jump(NEXT),
];
const tailCall: Code = () => [
  slowIf(isNot(hi(tee(X, A)), CellHi.Closure)), set(Z, lo(get(X))), set(Y, loadI32(get(Z), Closure.Code)), enterInstead,
];
const tailCallGlobal = (listId: number): Code => [
  set(Z, lo(K_D)), set(X, A),
  when(isNot(loadI32(get(Z), Global.Value + 4), CellHi.Closure), [slowIf(isEntry), listOfArguments(listId), leave(get(P))]),
  set(Z, loadI32(get(Z), Global.Value)), set(Y, loadI32(get(Z), Closure.Code)), enterInstead,
];

// A method's cache: constants D+1 (shape, or receiver type as an i32) and D+2 (place, or native).
const SHAPE = 8, PLACE = 16;

/** A closure in a field, with the object as `self` behind the arguments. HX: object; HY: cache, then the field. */
const callField: Code = () => [
  set(HX, lo(get(X))),
  slowIf(I32.ne(loadI32(get(HX), Obj.Shape), loadI32(get(HY), SHAPE))),
  slowIf(isNot(loadI32(get(HY), SHAPE + 4), CellHi.Shape)),
  slowIf(I32.ltS(tee(HY, loadI32(get(HY), PLACE)), i32(0))),
  slowIf(isNot(hi(tee(HY, I32.add(get(HX), get(HY)))), CellHi.Closure)),
  set(Z, lo(get(HY))), set(Y, loadI32(get(Z), Closure.Code)),
  slowIf(isNot(loadI32(get(Y), CodeCell.ParamFlags), ParamFlag.Self)),
  slowIf(I32.ne(loadI32(get(Y), CodeCell.ParamCount), byteB)),
  roomForFrame,
  storeI64(I32.add(get(X), I32.shl(byteB, i32(3))), 16, loadI64(get(X))),
  store(get(X), CellHi.Closure, get(Z)), enter(2),
];
/** Appends to an array that has room and takes any value. Y: array; Z: its slots; HX: their number. */
const pushElement = (id: number): Code => [
  slowIf(isNot(get(HX), CellHi.Array)), slowIf(isNot(loadI32(get(HY), PLACE), id)),
  slowIf(isNot(loadI32(get(HY), SHAPE), CellHi.Array)), slowIf(isNot(loadI32(get(HY), SHAPE + 4), Hi.I32)),
  slowIf(loadI32(tee(Y, lo(get(X))), Arr.Element)),
  set(Z, loadI32(get(Y), Arr.Data)), set(HX, loadI32(get(Z), Slots.Count)),
  set(HY, I32.shl(get(HX), i32(3))),
  slowIf(I32.geU(I32.add(get(HY), i32(Slots.Data)), loadI32(get(Z), Cell.Size))),
  storeI64(I32.add(get(Z), get(HY)), Slots.Data, loadI64(get(X), 16)),
  storeI32(get(Z), Slots.Count, I32.add(get(HX), i32(1))),
  storeEmpty(get(X), Hi.Null), next(2),
];
const callMethod = (pushId: number): Code => [
  set(HX, hi(tee(X, A))), set(HY, K_D),
  when(I32.eq(get(HX), i32(CellHi.Object)), callField),
  pushElement(pushId),
];

/** Natives from a number to a double that are one instruction here. Their argument lies two slots above the window X. */
const NUMERIC: readonly { readonly name: string; readonly of: (x: Code) => Code }[] = [
  { name: "sqrt", of: F64.sqrt }, { name: "floor", of: F64.floor }, { name: "ceil", of: F64.ceil }, { name: "trunc", of: F64.trunc },
];
const callNative = (): Code => [
  slowIf(I32.ne(byteB, i32(1))),
  set(HX, loadI32(tee(X, A), 20)), set(Y, wordAt(1)),
  when(isDouble(get(HX)), set(D, number(I32.add(get(X), i32(16)))), [slowIf(isNotI32(get(HX))), set(D, F64.ofI32(loadI32(get(X), 16)))]),
  NUMERIC.map(({ name, of }) => when(I32.eq(get(Y), i32(nativeIndex(name))), [
    // The sign of a NaN is the native's business.
    set(D, of(get(D))), slowIf(isNaN(D)), storeNumber(get(X), get(D)), next(2),
  ])),
  slow,
];

/** Whether the running frame is the one a host entered. */
const isEntry: Code = () => I32.eqz(loadU16(I32.sub(get(BASE), i32(16)), 12));

/** X: the callee's slot, two below register 0; then the link: return pc, and the distance to the caller's frame. */
const leave = (result: Code): Code => [
  slowIf(I32.eqz(tee(Y, loadU16(tee(X, I32.sub(get(BASE), i32(16))), 12)))),
  storeI64(get(X), 0, result),
  set(PC, I32.shl(loadI32(get(X), 8), i32(2))),
  set(BASE, I32.sub(get(BASE), I32.shl(get(Y), i32(3)))),
  setHeader(Engine.FramesLeft, I32.add(header(Engine.FramesLeft), i32(1))),
  set(KB, constants), jump(NEXT),
];

/** First constant of the code that runs in the frame at `base`. */
export const constants: Code = () => I32.shl(loadI32(loadI32(lo(I32.sub(get(BASE), i32(16))), Closure.Code), CodeCell.ConstBase), i32(3));

export const calls = (): Handlers => ({
  [Op.Call]: callRegister,
  [Op.CallGlobal]: callGlobal(findNative("lisp:list")),
  [Op.CallMethod]: callMethod(nativeIndex("array.push")),
  [Op.CallNative]: callNative(),
  [Op.TailCall]: tailCall,
  [Op.TailCallGlobal]: tailCallGlobal(findNative("lisp:list")),
  [Op.Return]: leave(loadI64(A)),
  [Op.ReturnNull]: leave(i64Null),
});
