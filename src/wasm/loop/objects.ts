// Objects with cached shapes; arrays, and strings of ASCII, with i32 indices; iteration over both; conversions that cannot fail.

import { Arr, Bytes, Obj, Shape, Slots, Str } from "../../../heap/layout.ts";
import { CellHi, CellKind, Hi, Tag } from "../../../heap/value.ts";
import { Op } from "../../bytecode/opcodes.ts";
import { TypeCode } from "../../ir/types.ts";
import { F64, get, i32, I32, I64, loadI32, loadI64, loadU8, set, storeI32, storeI64, tee, when, type Code } from "../assembler.ts";
import { bump, cellHeader, fill, reserve } from "./allocation.ts";
import {
  A, B, byteC, C, copy, hi, HX, HY, i64Null, isI32, isNot, isNotDouble, isNotI32, K_C, K_D, lo, next, overwrite, PC, shifted, slowIf,
  store, storeEmpty, storeNumber, wordAt, X, Y, Z, type Handlers,
} from "./frame.ts";

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

/** X: shape; Y: object; Z runs over its fields; HY: end of the fields given; HX, from bump: end of the object. */
const newObject: Code = () => [
  set(X, lo(K_D)),
  bump(Y, CellKind.Object, I32.add(i32(Obj.Inline), I32.shl(loadI32(get(X), Shape.InlineCapacity), i32(3)))),
  // Shape, and no vector for more fields.
  storeI32(get(Y), Obj.Shape, get(X)), storeI32(get(Y), Obj.More, i32(0)),
  set(Z, I32.add(get(Y), i32(Obj.Inline))), set(HY, I32.add(get(Z), I32.shl(byteC, i32(3)))), set(X, B),
  fill(Z, HY, loadI64(get(X)), set(X, I32.add(get(X), i32(8)))),
  fill(Z, HX, i64Null, []),
  store(A, CellHi.Object, get(Y)), next(2),
];

/** The array behind its slots. X: slots; Y: array; Z runs over the slots; HX, from reserve: end of the array. */
const newArray: Code = () => [
  reserve(X, I32.add(i32(Slots.Data + Arr.Size), I32.shl(byteC, i32(3)))),
  set(Y, I32.sub(get(HX), i32(Arr.Size))), cellHeader(X, CellKind.Slots, Y), cellHeader(Y, CellKind.Array, HX),
  storeI64(get(X), Slots.Count, I64.extendI32U(byteC)),
  storeI32(get(Y), Arr.Data, get(X)), storeI32(get(Y), Arr.Element, i32(0)), storeI32(get(Y), Arr.Descriptor, i32(0)),
  set(Z, I32.add(get(X), i32(Slots.Data))), set(X, B),
  fill(Z, Y, loadI64(get(X)), set(X, I32.add(get(X), i32(8)))),
  store(A, CellHi.Array, get(Y)), next(),
];

/** X: the place that the cache tells. Bit 0: the store adds the field, and the cache's last constant is the shape that leads to. */
const storeField: Code = () => [
  when(I32.and(get(X), i32(1)), storeI32(get(Y), Obj.Shape, loadI32(K_D, 24))),
  copy(placeOfField, B), next(4),
];
const placeOfField: Code = () => I32.add(get(Y), I32.and(get(X), i32(-2)));
const setField: Code = () => [
  slowIf(isNot(hi(tee(X, A)), CellHi.Object)), set(Y, lo(get(X))), set(X, wordAt(3)),
  overwrite(placeOfField, storeField, I32.xor(loadI32(get(Y), Obj.Shape), wordAt(2))),
];

const getLength: Code = () => [
  set(HX, hi(tee(X, B))),
  when(I32.eq(get(HX), i32(CellHi.Array)), set(Z, loadI32(loadI32(lo(get(X)), Arr.Data), Slots.Count)), [
    slowIf(isNot(get(HX), CellHi.String)),
    slowIf(I32.ltS(tee(Z, loadI32(lo(get(X)), Str.CodePoints)), i32(0))),
  ]),
  store(A, Hi.I32, get(Z)), next(2),
];

/** A string of ASCII only: its characters are its bytes. `str` is its cell. */
const isNotAscii = (str: Code): Code => I32.ne(loadI32(str, Str.CodePoints), loadI32(str, Str.ByteLength));
const byteAt = (str: Code, index: Code): Code => loadU8(I32.add(loadI32(str, Str.Data), index), Bytes.Data);

/** Goes by the distance in word 1 when there is no further entry. */
const unlessMore = (more: Code): Code => when(I32.eqz(more), [set(PC, I32.add(get(PC), I32.shl(wordAt(1), i32(2)))), next(2)]);
/** X: state, from register A on: container, index, byte offset in a string; then key and value. Z: index. */
const setEntry = (value: Code): Code => [
  storeI64(get(X), 32, value),
  store(I32.add(get(X), i32(8)), Hi.I32, I32.add(get(Z), i32(1))),
  store(I32.add(get(X), i32(24)), Hi.I32, get(Z)), next(2),
];
const nextElement: Code = () => [
  set(Y, loadI32(lo(get(X)), Arr.Data)),
  unlessMore(I32.ltU(get(Z), loadI32(get(Y), Slots.Count))),
  setEntry(loadI64(I32.add(get(Y), I32.shl(get(Z), i32(3))), Slots.Data)),
];
/** The offset may differ from the index: the string may not always have been ASCII. */
const nextCharacter: Code = () => [
  slowIf(isNot(get(HX), CellHi.String)), slowIf(isNotAscii(tee(Y, lo(get(X))))),
  unlessMore(I32.ltU(tee(HX, loadI32(get(X), 16)), loadI32(get(Y), Str.ByteLength))),
  store(I32.add(get(X), i32(16)), Hi.I32, I32.add(get(HX), i32(1))),
  setEntry(I64.or(I64.extendI32U(byteAt(get(Y), get(HX))), shifted(Hi.Rune))),
];
const forNext: Code = () => [
  set(HX, hi(tee(X, A))), set(Z, loadI32(get(X), 8)),
  when(I32.eq(get(HX), i32(CellHi.Array)), nextElement, nextCharacter),
];

/** In an array that takes any value. */
const setElement = (value: Code): Code => [
  slowIf(isNot(hi(tee(X, A)), CellHi.Array)), set(Y, lo(get(X))), element(B),
  overwrite(I32.add(get(Z), i32(Slots.Data)), [storeI64(get(Z), Slots.Data, loadI64(value)), next()], loadI32(get(Y), Arr.Element)),
];
const getElement: Code = () => [set(Y, lo(get(X))), element(C), storeI64(A, 0, loadI64(get(Z), Slots.Data)), next()];
const getCharacter: Code = () => [
  slowIf(isNot(get(HX), CellHi.String)), slowIf(isNotAscii(tee(Y, lo(get(X))))), slowIf(isNotI32(hi(tee(X, C)))),
  slowIf(I32.geU(tee(X, lo(get(X))), loadI32(get(Y), Str.ByteLength))),
  store(A, Hi.Rune, byteAt(get(Y), get(X))), next(),
];

/** A value that has the type already, a rune as i32, or an i32 as f64. */
const convert: Code = () => [
  set(HX, hi(tee(X, B))), set(Y, byteC),
  when(I32.eq(get(HX), I32.or(get(Y), i32(Tag.First))), [copy(A, get(X)), next()]),
  when(I32.eq(get(Y), i32(TypeCode.F64)), [
    when(isI32(get(HX)), [storeNumber(A, F64.ofI32(lo(get(X)))), next()]),
    slowIf(isNotDouble(get(HX))), copy(A, get(X)), next(),
  ]),
  slowIf(I32.ne(get(Y), i32(TypeCode.I32))), slowIf(isNot(get(HX), Hi.Rune)), store(A, Hi.I32, lo(get(X))), next(),
];

export const objects = (): Handlers => ({
  [Op.NewObjectFrom]: newObject,
  [Op.NewArray]: newArray,
  [Op.GetField]: [cached(B), copy(A, I32.add(get(Y), wordAt(3))), next(4)],
  [Op.SetField]: setField,
  [Op.GetIndex]: [set(HX, hi(tee(X, B))), when(I32.eq(get(HX), i32(CellHi.Array)), getElement, getCharacter)],
  [Op.GetIndexOpt]: [slowIf(isNot(hi(B), Hi.Null)), storeEmpty(A, Hi.Null), next()],
  [Op.SetIndex]: setElement(C),
  [Op.SetIndexK]: setElement(K_C),
  [Op.GetLength]: getLength,
  [Op.ForNext]: forNext,
  [Op.Convert]: convert,
});
