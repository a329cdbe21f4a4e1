// What all handlers of the compiled loop share: its variables, operands, jumps back and out, and how slots are read and
// written.
//
// Rules
// 1. A handler begins with `pc` at its instruction and ends in `next`, `take` or `slow`; it writes nothing before it is
//    certain not to end in `slow`, for then the instruction is done anew from its beginning.
// 2. Slots are written as one 64-bit store and copied by 64-bit load and store: a load of 64 bits that two stores of 32 wrote
//    waits for the cache. WebAssembly leaves the bits of an i64 alone, and f64 only carries numbers.
// 3. Pieces that are made once for all are functions, so that loading the program does not make them: few runs get here.
// 4. Everything is a byte address here, where interpreter.ts has indices: pc, base (register 0), kb (constant 0).

import { Hi, Tag } from "../../../heap/value.ts";
import { Header } from "../../../heap/world-layout.ts";
import type { Op } from "../../bytecode/opcodes.ts";
import { Engine } from "../../vm/engine-words.ts";
import {
  block, F64, get, i32, I32, i64, I64, jump, jumpIf, Label, loadF64, loadI16, loadI32, loadI64, loadI8, loadU16, loadU8, set,
  storeF64, storeI32, storeI64, tee, Type, when, type Code, type Local,
} from "../assembler.ts";

/** Code of the instructions that the loop does itself. */
export type Handlers = { readonly [K in Op]?: Code };

export const PC: Local = 0, BASE: Local = 1, KB: Local = 2;
/** Free to use within a handler, which must set them on every path before it reads them: else they live on around the loop. */
export const X: Local = 3, Y: Local = 4, Z: Local = 5, HX: Local = 6, HY: Local = 7;
/** The same for a whole slot, and for a number. */
export const P: Local = 8, D: Local = 9;
/** Types of the locals behind the two parameters, pc and base. */
export const LOCALS: readonly Type[] = [Type.I32, Type.I32, Type.I32, Type.I32, Type.I32, Type.I32, Type.I64, Type.F64];

/** The loop's head, and the way out for an instruction that is left to slowStep. */
export const NEXT = new Label(), SLOW = new Label();

/** Goes on behind this instruction of so many words. */
export const next = (words = 1): Code => [set(PC, I32.add(get(PC), i32(4 * words))), jump(NEXT)];
export const slow: Code = jump(SLOW);
export const slowIf = (condition: Code): Code => jumpIf(condition, SLOW);

// ---- operands

const register = (index: Code): Code => I32.add(get(BASE), I32.shl(index, i32(3)));
/** Addresses of the registers A, B, C and Bx. */
export const A: Code = () => register(byteA), B: Code = () => register(byteB), C: Code = () => register(byteC), BX: Code = () => register(unsignedBx);
const constant = (index: Code): Code => I32.add(get(KB), I32.shl(index, i32(3)));
/** Addresses of the constants B, C, Bx and D. */
export const K_B: Code = () => constant(byteB), K_C: Code = () => constant(byteC), K_BX: Code = () => constant(unsignedBx), K_D: Code = () => constant(wordAt(1));
const byteA: Code = () => loadU8(get(PC), 1);
/** The operands as numbers. */
export const byteB: Code = () => loadU8(get(PC), 2), byteC: Code = () => loadU8(get(PC), 3), signedC: Code = () => loadI8(get(PC), 3);
export const signedBx: Code = () => loadI16(get(PC), 2), unsignedBx: Code = () => loadU16(get(PC), 2);
/** Word i of the instruction, from 1 on. */
export const wordAt = (i: number): Code => loadI32(get(PC), 4 * i);

// ---- slots

export const lo = (address: Code): Code => loadI32(address, 0);
export const hi = (address: Code): Code => loadI32(address, 4);
export const copy = (to: Code, from: Code): Code => storeI64(to, 0, loadI64(from));
/** A word in the upper half of an i64. */
export const shifted = (word: number): Code => i64(BigInt(word) << 32n);
/** Stores a slot with this hi word and the i32 as lo word. */
export const store = (to: Code, hiWord: number, value: Code): Code => storeI64(to, 0, I64.or(I64.extendI32U(value), shifted(hiWord)));
/** The bits of null. */
export const i64Null: Code = () => shifted(Hi.Null);
/** Stores a slot with this hi word and lo word 0. */
export const storeEmpty = (to: Code, hiWord: number): Code => storeI64(to, 0, shifted(hiWord));
export const storeNumber = (to: Code, value: Code): Code => storeF64(to, 0, value);
export const number = (address: Code): Code => loadF64(address);

export const isI32 = (hiWord: Code): Code => I32.eq(hiWord, i32(Hi.I32));
export const isNotI32 = (hiWord: Code): Code => I32.ne(hiWord, i32(Hi.I32));
export const isDouble = (hiWord: Code): Code => I32.ltS(hiWord, i32(Tag.First));
export const isNotDouble = (hiWord: Code): Code => I32.geS(hiWord, i32(Tag.First));
export const isNot = (hiWord: Code, wanted: number): Code => I32.ne(hiWord, i32(wanted));

// ---- jumps

/** Goes by the distance in word 1 of this two-word instruction when the condition holds. */
export const take = (condition: Code): Code =>
  [when(condition, set(PC, I32.add(get(PC), I32.shl(wordAt(1), i32(2))))), next(2)];

/**
 * Overwrites a value in a cell that may be old; slow when marking must hear of it, which is when the old one, in the slot at
 * `place`, is a cell. `store` ends in `next`. `reason` is not zero when the store must not be done for another reason: the two
 * are one test, and what comes after it is out of the way, for marking seldom runs.
 */
export function overwrite(place: Code, store: Code, reason: Code = i32(0)): Code {
  const perhaps = new Label();
  return [
    block(perhaps, jumpIf(I32.or(header(Header.Marking), reason), perhaps), store),
    slowIf(reason), slowIf(I32.geS(hi(place), i32(Tag.Cell))), store,
  ];
}

/** A word of the world's header. */
export const header = (at: number): Code => loadI32(i32(0), at);
export const setHeader = (at: number, value: Code): Code => storeI32(i32(0), at, value);
/** Takes one from a counter of the engine; slow when nothing is left. */
export const spend = (counter: Engine, scratch: Local): Code =>
  [slowIf(I32.leS(tee(scratch, header(counter)), i32(0))), setHeader(counter, I32.sub(get(scratch), i32(1)))];

/** As `take`, costing fuel when taken. */
export const takeBack = (condition: Code): Code =>
  [when(condition, [spendFuel, set(PC, I32.add(get(PC), I32.shl(wordAt(1), i32(2))))]), next(2)];
export const spendFuel: Code = () => spend(Engine.Fuel, HX);

/** 1 for a NaN. */
export const isNaN = (local: Local): Code => I32.eqz(F64.eq(get(local), get(local)));
