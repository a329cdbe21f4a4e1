// Objects with cached shapes, arrays with i32 indices, iteration over arrays.

import { Arr, Obj, Shape, Slots, Str } from "../../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { TypeCode } from "../../ir/types.ts";
import { get, i32, I32, i64, jumpIf, Label, loadI32, loadI64, loop, set, storeI32, storeI64, tee, when, type Code } from "../assembler.ts";
import { bump } from "./allocation.ts";
import { A, B, byteC, C, copy, hi, HX, HY, isNot, isNotDouble, isNotI32, KD, lo, next, PC, slowIf, store, storeConstant, wordAt, X, Y, Z, type Handlers } from "./frame.ts";

/** Sets Y to the object in the slot; slow unless it has the shape of the cache in words 2 and 3. */
const cached = (object: Code): Code => [
  slowIf(isNot(hi(tee(X, object)), CellHi.Object)),
  slowIf(I32.ne(loadI32(tee(Y, lo(get(X))), Obj.Shape), wordAt(2))),
];

/** Sets Z such that element index `index` of the array in Y lies at + Slots.Data; slow when there is no such element. */
const element = (index: Code): Code => [
  slowIf(isNotI32(hi(tee(X, index)))),
  set(Z, loadI32(get(Y), Arr.Data)),
  slowIf(I32.geU(tee(X, lo(get(X))), loadI32(get(Z), Slots.Count))),
  set(Z, I32.add(get(Z), I32.shl(get(X), i32(3)))),
];

/** Stores slots from `from` on to `to` until that is `end`; all three are locals. */
function fill(value: Code, step: Code): Code {
  const again = new Label();
  return when(I32.ltU(get(Z), get(HY)), loop(again, storeI64(get(Z), 0, value), step, jumpIf(I32.ltU(tee(Z, I32.add(get(Z), i32(8))), get(HY)), again)));
}

/** X: shape; Y: object; Z runs over its fields; HY: end of the fields given; HX, from bump: end of the object. */
const newObject: Code = () => [
  set(X, lo(KD)),
  bump(Y, CellKind.Object, I32.add(i32(Obj.Inline), I32.shl(loadI32(get(X), Shape.InlineCapacity), i32(3)))),
  // Shape, and no vector for more fields.
  storeI32(get(Y), Obj.Shape, get(X)), storeI32(get(Y), Obj.More, i32(0)),
  set(Z, I32.add(get(Y), i32(Obj.Inline))), set(HY, I32.add(get(Z), I32.shl(byteC, i32(3)))), set(X, B),
  fill(loadI64(get(X)), set(X, I32.add(get(X), i32(8)))),
  set(HY, get(HX)),
  fill(i64(BigInt(Hi.Null) << 32n), []),
  store(A, CellHi.Object, get(Y)), next(2),
];

const setField: Code = () => [
  cached(A),
  set(X, wordAt(3)),
  // Bit 0: the store adds the field, and the cache's last constant is the shape that leads to.
  when(I32.and(get(X), i32(1)), storeI32(get(Y), Obj.Shape, loadI32(KD, 24))),
  copy(I32.add(get(Y), I32.and(get(X), i32(-2))), B), next(4),
];

const getLength: Code = () => [
  set(HX, hi(tee(X, B))),
  when(I32.eq(get(HX), i32(CellHi.Array)), set(Z, loadI32(loadI32(lo(get(X)), Arr.Data), Slots.Count)), [
    slowIf(isNot(get(HX), CellHi.String)),
    slowIf(I32.ltS(tee(Z, loadI32(lo(get(X)), Str.CodePoints)), i32(0))),
  ]),
  store(A, Hi.I32, get(Z)), next(2),
];

/** State from register A on: array, index, unused; then key and value. */
const forNext: Code = () => [
  slowIf(isNot(hi(tee(X, A)), CellHi.Array)),
  set(Y, loadI32(lo(get(X)), Arr.Data)), set(Z, loadI32(get(X), 8)),
  when(I32.geU(get(Z), loadI32(get(Y), Slots.Count)), [set(PC, I32.add(get(PC), I32.shl(wordAt(1), i32(2)))), next(2)]),
  store(I32.add(get(X), i32(8)), Hi.I32, I32.add(get(Z), i32(1))),
  store(I32.add(get(X), i32(24)), Hi.I32, get(Z)),
  storeI64(get(X), 32, loadI64(I32.add(get(Y), I32.shl(get(Z), i32(3))), Slots.Data)),
  next(2),
];

/** A value that has the type already, or a rune as i32. */
const convert: Code = () => [
  set(HX, hi(tee(X, B))),
  when(I32.ne(get(HX), I32.or(tee(Y, byteC), i32(Tag.First))), [slowIf(I32.ne(get(Y), i32(TypeCode.F64))), slowIf(isNotDouble(get(HX)))]),
  copy(A, get(X)), next(),
];

export const objects = (): Handlers => ({
  [Op.NewObjectFrom]: newObject,
  [Op.GetField]: [cached(B), copy(A, I32.add(get(Y), wordAt(3))), next(4)],
  [Op.SetField]: setField,
  [Op.GetIndex]: [slowIf(isNot(hi(tee(X, B)), CellHi.Array)), set(Y, lo(get(X))), element(C), storeI64(A, 0, loadI64(get(Z), Slots.Data)), next()],
  [Op.GetIndexOpt]: [slowIf(isNot(hi(B), Hi.Null)), storeConstant(A, Hi.Null), next()],
  [Op.SetIndex]: [
    slowIf(isNot(hi(tee(X, A)), CellHi.Array)), set(Y, lo(get(X))),
    slowIf(loadI32(get(Y), Arr.Element)), element(B), storeI64(get(Z), Slots.Data, loadI64(C)), next(),
  ],
  [Op.GetLength]: getLength,
  [Op.ForNext]: forNext,
  [Op.Convert]: convert,
});
