// Lisp primitives where the interpreter's inline code gives up: the work is done in the window of the resume tail, by the
// library's native or, once the global was redefined, by a call of what it holds; the tail then fetches the value. Also
// what happens to code when a primitive is redefined. Layout of the instructions: bytecode/opcodes.ts.

import { setInteger, smallInteger } from "../../heap/cells/bigint.ts";
import { entryPc } from "../../heap/cells/code.ts";
import { reachable } from "../../heap/inspect.ts";
import { Code, ParamFlag } from "../../heap/layout.ts";
import type { Heap } from "../../heap/heap.ts";
import { kindOf } from "../../heap/trace.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import { Op, opInfo, Resume, THROUGH_NOT_ARGUMENTS } from "../bytecode/opcodes.ts";
import { decode, type Instruction } from "../bytecode/encoding.ts";
import { primitive, primitiveAt, primitiveIndex, PRIMITIVES, type PrimitiveName } from "../ir/primitives.ts";
import { NATIVES } from "../library/registry.ts";
import { callGlobal, runNative } from "./calls.ts";
import { isLibraryFunction } from "./convert.ts";
import { globalValueSlot } from "./globals.ts";
import type { Vm } from "./vm.ts";

/** What is known of a primitive, in every world. */
interface Entry { readonly name: PrimitiveName; readonly arity: number; readonly global: string; /** Id of the native; -1 when the library function is no native. */ readonly native: number }

/** Id of the native that the library makes the value of a global; -1 for none. */
const nativeOf = (global: string): number => NATIVES.findIndex(({ name, aliases }) => name === global || aliases?.some((alias) => `lisp:${alias}` === global));

let entries: readonly Entry[] = [];

/** The primitives by number; found anew as long as their library is not loaded. */
function primitives(): readonly Entry[] {
  if (entries.length > 0 && entries[0]!.native >= 0) return entries;
  return entries = Object.keys(PRIMITIVES).map((_, i) => {
    const name = primitiveAt(i)!, { global, arity } = primitive(name);
    return { name, arity, global, native: nativeOf(global) };
  });
}

/** The Global cells of a VM's primitives, by number: 0 where the world had none when somebody looked. */
export type PrimitiveCells = number[];

/** Address of the cell, 0 when the world has none; then the global has the library's value. */
function knownCell(vm: Vm, index: number): number {
  const cells = (vm.primitives ??= primitives().map(() => 0));
  return cells[index]! !== 0 ? cells[index]! : (cells[index] = vm.globals.known(primitives()[index]!.global));
}

/** The same; made when there is none. May collect. */
function cellOf(vm: Vm, index: number): number {
  const known = knownCell(vm, index);
  return known !== 0 ? known : (vm.primitives![index] = vm.globals.cell(primitives()[index]!.global));
}

/** Whether the cell of the global still, or again, holds the library's native. */
function holdsNative({ heap }: Vm, cell: number, { native }: Entry): boolean {
  const slot = globalValueSlot(cell);
  return heap.hi(slot) === Hi.Native && heap.lo(slot) === native;
}

/** Id of the native that a function of the library means by the primitive, whatever the program made of its global; -1 for none. */
export const libraryNative = (name: PrimitiveName): number => primitives()[primitiveIndex(name)]!.native;

/**
 * For the compiler: whether instructions may do the primitive's work themselves. A library function that is no native counts as
 * long as it has no value yet. What was redefined once may be again, and code is searched for it only once.
 */
export function isIntact(vm: Vm, name: PrimitiveName): boolean {
  const index = primitiveIndex(name), cell = knownCell(vm, index), entry = primitives()[index]!;
  if (cell === 0) return true;
  if (vm.generalised.has(cell)) return false;
  return entry.native < 0 || vm.heap.hi(globalValueSlot(cell)) === Hi.Hole || holdsNative(vm, cell, entry);
}

/** Instructions with a jump before their tail. */
const IS_JUMP: readonly boolean[] = Array.from({ length: 256 }, (_, op) => opInfo(op)?.operands.some(({ at }) => at === "u") ?? false);
/** Where the operands of the others are: Primitive3 and its kind start at A. */
const IS_TRIPLE: readonly boolean[] = Array.from({ length: 256 }, (_, op) => opInfo(op)?.operands.some(({ at }) => at === "v") ?? false);

/** The primitive instruction with first word w, whose tail (or its jump distance) is at vm.pc. Leaves vm.pc at the tail. True: parked. */
export function perform(vm: Vm, w: number): boolean {
  const { heap } = vm, jump = IS_JUMP[w & 255]!, at = vm.pc + (jump ? 1 : 0), tail = heap.i32[at]!;
  const code = jump ? tail >>> 16 & 255 : tail >>> 24, window = vm.fp + (jump ? tail >>> 8 & 255 : tail >>> 16 & 255);
  const entry = primitives()[code & Resume.Index]!;
  vm.pc = at;
  if (jump && (tail >>> 16 & Resume.ThroughNot) !== 0) return performThroughNot(vm, w, code, entry, window);
  const cell = cellOf(vm, code & Resume.Index);
  placeOperands(vm, w, jump, code, entry.arity, window + 2);
  if (!holdsNative(vm, cell, entry) && !isLibraryFunction(heap, heap.lo(vm.fp - 2))) return callGlobal(vm, window, entry.arity, cell);
  if (!quick(heap, entry.name, window)) runNative(vm, entry.native, window + 2, entry.arity);
  return false;
}

/** A library function, so that either of the two may be guest code: (not test argument …). */
const THROUGH_NOT = "lisp:%through-not";

function performThroughNot(vm: Vm, w: number, code: number, entry: Entry, window: number): boolean {
  const { heap } = vm, not = cellOf(vm, NOT), cell = cellOf(vm, code & Resume.Index), through = vm.globals.cell(THROUGH_NOT);
  placeOperands(vm, w, true, code, entry.arity, window + 2 + THROUGH_NOT_ARGUMENTS);
  heap.copySlot(window + 2, globalValueSlot(not));
  heap.copySlot(window + 3, globalValueSlot(cell));
  return callGlobal(vm, window, THROUGH_NOT_ARGUMENTS + entry.arity, through);
}

function placeOperands({ heap, fp }: Vm, w: number, jump: boolean, code: number, arity: number, first: number): void {
  const a = fp + (w >>> 8 & 255), b = fp + (w >>> 16 & 255), c = fp + (w >>> 24), triple = IS_TRIPLE[w & 255]!;
  const start = jump || triple ? a : b, next = jump || triple ? b : c, swapped = (code & Resume.Swapped) !== 0;
  heap.copySlot(first + (swapped ? 1 : 0), start);
  if (arity === 1) return;
  const second = first + (swapped ? 0 : 1);
  if (code & Resume.Immediate) heap.setI32(second, jump ? w >> 16 : w >> 24);
  else heap.copySlot(second, next);
  if (triple) heap.copySlot(first + 2, c);
}

/**
 * (eq? b c) of the values at two i32 indices as far as their words tell: 1, 0, or -1 for those whose contents decide. Here
 * because the loop has no room for it twice; V8 inlines it.
 */
export function quickEq(i32: Int32Array, b: number, c: number): number {
  const hb = i32[b + 1]!, hc = i32[c + 1]!;
  if (hb === hc) {
    if (hb === Hi.I32 || hb === CellHi.Symbol || hb === CellHi.Keyword || isPlain(hb)) return i32[b] === i32[c] ? 1 : 0;
    // Everything but a double is equal to itself.
    return i32[b] === i32[c] && hb > Tag.First ? 1 : -1;
  }
  return hb === CellHi.Symbol || hc === CellHi.Symbol || hb === CellHi.Keyword || hc === CellHi.Keyword || isPlain(hb) || isPlain(hc) ? 0 : -1;
}

/** nil, booleans, characters, '() … : equal to nothing of another type. */
const isPlain = (hi: number): boolean => hi > Hi.Hole && hi <= Hi.Eof;

// ---- arithmetic on mixed and wider numbers

/** The number in a slot as a JS number: a double, or an integer of up to 48 bits. NaN for all others, and for NaN. */
function realOf(heap: Heap, slot: number): number {
  return heap.hi(slot) < Tag.First ? heap.f64[slot]! : smallInteger(heap, slot);
}

/**
 * Does arithmetic on doubles and integers of up to 48 bits where the inline code did not: mixed operands, sums beyond 32 bits.
 * False, with nothing done, when it takes more than that.
 */
function quick(heap: Heap, name: PrimitiveName, window: number): boolean {
  const x = realOf(heap, window + 2), y = realOf(heap, window + 3);
  if (x !== x || y !== y) return false;
  const exact = heap.hi(window + 2) >= Tag.First && heap.hi(window + 3) >= Tag.First;
  switch (name) {
    case "Add": return store(heap, window, x + y, exact);
    case "Sub": return store(heap, window, x - y, exact);
    case "Mul": return store(heap, window, x * y, exact);
    case "Lt": heap.setBool(window, x < y); return true;
    case "Le": heap.setBool(window, x <= y); return true;
    case "Gt": heap.setBool(window, x > y); return true;
    case "Ge": heap.setBool(window, x >= y); return true;
    case "NumEq": heap.setBool(window, x === y); return true;
    case "Quotient": return exact && y !== 0 && store(heap, window, Math.trunc(x / y), true);
    case "Remainder": return exact && y !== 0 && store(heap, window, x % y, true);
    case "Mod": case "FlooredMod": return exact && y !== 0 && store(heap, window, floored(x, y), true);
    case "Div": return exact ? y !== 0 && x % y === 0 && store(heap, window, x / y, true) : store(heap, window, x / y, false);
    default: return false;
  }
}

/** Remainder with the sign of the divisor. */
function floored(x: number, y: number): number {
  const rest = x % y;
  return rest !== 0 && rest < 0 !== y < 0 ? rest + y : rest;
}

function store(heap: Heap, dst: number, value: number, exact: boolean): boolean {
  if (!exact) heap.setF64(dst, value);
  else if (Number.isSafeInteger(value)) setInteger(heap, dst, value);
  else return false;
  return true;
}

// ---- redefinition

/** The primitives of each global, by their numbers. */
const NUMBERS = new Map<string, number[]>();
for (const [i, { global }] of Object.values(PRIMITIVES).entries()) NUMBERS.set(global, [...NUMBERS.get(global) ?? [], i]);

/** After a global got a new value: instructions that took a primitive's meaning for granted now look. Scripts assign often. */
export function globalChanged(vm: Vm, name: string): void {
  const affected = NUMBERS.get(name), cell = affected === undefined ? 0 : knownCell(vm, affected[0]!);
  if (cell === 0 || vm.generalised.has(cell)) return;
  vm.generalised.add(cell);
  generaliseThese(vm, new Set(affected));
}

/** For code that came from elsewhere: what redefinitions so far mean for it. */
export function generaliseAll(vm: Vm): void {
  generaliseThese(vm, new Set(primitives().flatMap((_, i) => (vm.generalised.has(knownCell(vm, i)) ? [i] : []))));
}

function generaliseThese({ heap }: Vm, indices: ReadonlySet<number>): void {
  for (const addr of reachable(heap)) if (kindOf(heap, addr) === CellKind.Code && !isLibraryCode(heap, addr)) generalise(heap, addr, indices);
}

/** The library's own functions go on with what it defined: programs must not be able to break them. */
const isLibraryCode = (heap: Heap, code: number): boolean => (heap.word(code + Code.ParamFlags) & ParamFlag.Library) !== 0;

/** Turns the instructions of these primitives in a Code cell into those that look at the global first. */
function generalise(heap: Heap, code: number, indices: ReadonlySet<number>): void {
  const { i32 } = heap, end = entryPc(heap, code) + heap.word(code + Code.WordCount);
  for (let pc = entryPc(heap, code); pc < end;) {
    const instruction = decode(i32, pc)!, { info, values } = instruction;
    if (info.resume !== undefined) {
      const code = values[info.operands.findIndex(({ kind }) => kind === "resume")]! >> 8;
      if (code & Resume.Negated && indices.has(NOT)) goThroughNot(i32, instruction, info.resume);
      else if (indices.has(code & Resume.Index)) i32[pc] = (i32[pc]! & ~255) | generalOp(instruction.op, info.resume);
    }
    pc += instruction.length;
  }
}

const NOT = primitiveIndex("Not");

/** The jump of a test inside `not` now jumps by what `not` says of it, so the other way. */
function goThroughNot(i32: Int32Array, { pc, length }: Instruction, resume: Op): void {
  const turned = resume === Op.JumpIfNil ? Op.JumpIfNotNil : Op.JumpIfNil, tail = pc + length - 2;
  i32[pc] = (i32[pc]! & ~255) | (turned === Op.JumpIfNil ? Op.PrimitiveJumpNot : Op.PrimitiveJump);
  i32[tail] = (i32[tail]! & ~(255 | Resume.Negated << 16) | turned | Resume.ThroughNot << 16);
}

function generalOp(op: number, resume: Op): Op {
  if (IS_JUMP[op]!) return resume === Op.JumpIfNil ? Op.PrimitiveJumpNot : Op.PrimitiveJump;
  return IS_TRIPLE[op]! ? Op.Primitive3 : Op.Primitive;
}
