// Moves, constants, globals, captures and boxes.

import { Box, Bytes, Closure, Global, GlobalFlag, Str } from "../../../heap/layout.ts";
import { CellHi, CellKind, Hi } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { get, i32, I32, loadI32, loadI64, loadU8, select, set, storeI32, storeI64, type Code } from "../assembler.ts";
import { bump, fill } from "./allocation.ts";
import {
  A, B, BASE, BX, byteB, copy, hi, HX, HY, isNot, KB, K_BX, K_D, lo, next, overwrite, P, PC, signedBx, slowIf, store, storeEmpty,
  unsignedBx, wordAt, X, Y, Z, type Handlers,
} from "./frame.ts";

/** The running closure; the callee lies two slots below register 0. */
const SELF: Code = () => lo(I32.sub(get(BASE), i32(16)));
/** Address such that capture Bx of the running closure lies at + Closure.Captures. */
const CAPTURE: Code = () => I32.add(SELF, I32.shl(unsignedBx, i32(3)));

const fromGlobal: Code = () => [set(X, lo(K_D)), slowIf(I32.eq(loadI32(get(X), Global.Value + 4), i32(Hi.Hole)))];

export const moves = (): Handlers => ({
  [Op.Nop]: next(),
  [Op.Move]: [copy(A, B), next()],
  [Op.LoadNull]: [storeEmpty(A, Hi.Null), next()],
  [Op.LoadBool]: [store(A, Hi.Bool, I32.and(byteB, i32(1))), next()],
  [Op.LoadInt]: [store(A, Hi.I32, signedBx), next()],
  [Op.LoadHole]: [storeEmpty(A, Hi.Hole), next()],
  [Op.LoadK]: [copy(A, K_BX), next()],
  [Op.LoadKX]: [copy(A, K_D), next(2)],
  [Op.LoadString]: [set(X, lo(K_BX)), freshString, next()],
  [Op.MoveFromX]: [copy(A, BX), next()],
  [Op.MoveToX]: [copy(BX, A), next()],

  [Op.GetGlobal]: [fromGlobal, storeI64(A, 0, loadI64(get(X), Global.Value)), next(2)],
  [Op.GetGlobalOrHole]: [storeI64(A, 0, loadI64(lo(K_D), Global.Value)), next(2)],
  // The flags of a cell are bytes 2 and 3 of its header.
  [Op.SetGlobal]: [
    fromGlobal,
    overwrite(I32.add(get(X), i32(Global.Value)), [storeI64(get(X), Global.Value, loadI64(A)), next(2)], I32.and(loadU8(get(X), 2), i32(GlobalFlag.Const))),
  ],
  [Op.GetCapture]: [storeI64(A, 0, loadI64(CAPTURE, Closure.Captures)), next()],
  [Op.NewBox]: [
    set(P, loadI64(B)), bump(X, CellKind.Box, i32(Box.Size)),
    storeI64(get(X), Box.Value, get(P)), store(A, CellHi.Box, get(X)), next(),
  ],
  [Op.GetBox]: [storeI64(A, 0, loadI64(lo(B), Box.Value)), next()],
  [Op.SetBox]: [set(X, lo(A)), overwrite(I32.add(get(X), i32(Box.Value)), [storeI64(get(X), Box.Value, loadI64(B)), next()])],
  [Op.GetCaptureBox]: [storeI64(A, 0, loadI64(loadI32(CAPTURE, Closure.Captures), Box.Value)), next()],
  [Op.SetCaptureBox]: [
    set(X, loadI32(CAPTURE, Closure.Captures)), overwrite(I32.add(get(X), i32(Box.Value)), [storeI64(get(X), Box.Value, loadI64(A)), next()]),
  ],
  [Op.CheckHole]: [slowIf(I32.eq(hi(A), i32(Hi.Hole))), next(2)],
  [Op.Closure]: newClosure,
  [Op.LoadSelf]: [store(A, CellHi.Closure, SELF), next()],
  [Op.Await]: [slowIf(I32.eq(hi(B), i32(CellHi.Task))), copy(A, B), next()],
});

/** The value that the word behind HY and two more names: of a register, or with bit 16 a capture of the running closure. */
const captured: Code = () => [
  set(X, loadI32(get(HY), 12)),
  loadI64(select(
    I32.add(get(BASE), I32.shl(get(X), i32(3))),
    I32.add(SELF, I32.add(I32.shl(I32.and(get(X), i32(0xffff)), i32(3)), i32(Closure.Captures))),
    I32.eqz(I32.and(get(X), i32(0x10000))),
  )),
];
/** Y: closure; Z runs over its captures; HY: the word before the next capture's; HX, from bump: end of the closure. */
const newClosure: Code = () => [
  bump(Y, CellKind.Closure, I32.add(i32(Closure.Captures), I32.shl(wordAt(1), i32(3)))),
  storeI32(get(Y), Closure.Code, lo(I32.add(get(KB), I32.shl(wordAt(2), i32(3))))), storeI32(get(Y), Closure.Count, wordAt(1)),
  set(Z, I32.add(get(Y), i32(Closure.Captures))), set(HY, get(PC)),
  fill(Z, HX, captured, set(HY, I32.add(get(HY), i32(4)))),
  store(A, CellHi.Closure, get(Y)),
  set(PC, I32.add(get(PC), I32.shl(wordAt(1), i32(2)))), next(3),
];

/** R[a] = a string header that shares the bytes of the string X, as freshString in heap/cells/string.ts makes it. */
const freshString: Code = () => [
  slowIf(isNot(loadU8(get(X)), CellKind.String)),
  bump(Y, CellKind.String, i32(Str.Size)),
  storeI32(loadI32(get(X), Str.Data), Bytes.Shared, i32(1)),
  // Data and ByteLength, CodePoints and Hash.
  storeI64(get(Y), Str.Data, loadI64(get(X), Str.Data)),
  storeI64(get(Y), Str.CodePoints, loadI64(get(X), Str.CodePoints)),
  storeI32(get(Y), Str.Symbol, loadI32(get(X), Str.Symbol)),
  store(A, CellHi.String, get(Y)),
];
