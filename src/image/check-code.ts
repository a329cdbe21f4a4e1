// Code cells that came from outside. What a compiler emits goes through the verifier of src/bytecode; a cell is taken apart
// into the same form and goes through it too. Beyond that the engines count on boxes being where boxes are read, which no
// verifier of single functions can know: here is followed where they come from.
//
// Inline caches are emptied: they hold addresses that nobody checks when they are used.

import { textOf } from "../../heap/cells/string.ts";
import { Arr, Bytes, Code, Closure, Global, ParamFlag, Shape, Slots } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { CellHi, CellKind, Hi, numericRank, Tag } from "../../heap/value.ts";
import type { CompiledFunction, Constant, Handler, SpanEntry } from "../bytecode/code.ts";
import { decode, type Instruction } from "../bytecode/encoding.ts";
import { checkHolds, type FollowedCode, type InnerOf, spreadBoxes } from "../bytecode/holds.ts";
import { CACHE_CONSTANTS, CallForm, Op } from "../bytecode/opcodes.ts";
import { nativeIn } from "../bytecode/register-use.ts";
import { InvalidBytecode, verify } from "../bytecode/verify.ts";
import { NATIVES } from "../library/registry.ts";
import { mayCall, mayHold, mayName } from "../library/internals.ts";
import type { CellsByKind } from "./check-world.ts";
import { damaged } from "./errors.ts";

/** A Code cell, taken apart. */
export interface CheckedCode extends FollowedCode { readonly addr: number }
export type CodeTable = ReadonlyMap<number, CheckedCode>;

/** Most registers of a frame: what a link has room for. */
const MOST_REGISTERS = 0xffff;

export function checkCodes(mem: Mem, cells: CellsByKind, isNative: (id: number) => boolean): CodeTable {
  const table = new Map<number, CheckedCode>();
  for (const addr of cells.get(CellKind.Code) ?? []) table.set(addr, takeApart(mem, addr, isNative));
  const innerOf = innerIn(mem, table);
  for (const { addr, code, instructions } of table.values()) orDamaged(addr, () => verify(code, { nested: false, instructions }));
  spreadBoxes(table.values(), innerOf);
  for (const each of table.values()) orDamaged(each.addr, () => checkHolds(each, innerOf, null));
  for (const closure of cells.get(CellKind.Closure) ?? []) {
    for (const index of table.get(mem.word(closure + Closure.Code))!.boxes) {
      if (mem.hi(((closure + Closure.Captures) >> 3) + index) !== CellHi.Box) damaged("a function that captured no box where it reads one");
    }
  }
  return table;
}

/** What is wrong with code, as what is wrong with its image. */
export function orDamaged(addr: number, step: () => void): void {
  try {
    step();
  } catch (error) {
    if (!(error instanceof InvalidBytecode)) throw error;
    damaged(`code at ${addr}: ${error.message}`);
  }
}

function takeApart(mem: Mem, addr: number, isNative: (id: number) => boolean): CheckedCode {
  const word = (at: number): number => mem.word(addr + at), constCount = word(Code.ConstCount), wordCount = word(Code.WordCount), wordsAt = addr + Code.Constants + 8 * constCount;
  if (wordCount < 1 || wordCount > (addr + word(4) - wordsAt) / 4 || word(Code.EntryPc) !== wordsAt >> 2 || word(Code.ConstBase) !== (addr + Code.Constants) >> 3) damaged("code beyond its cell");
  const frameSize = word(Code.FrameSize), paramCount = word(Code.ParamCount), requiredCount = word(Code.RequiredCount), flags = word(Code.ParamFlags), captureCount = word(Code.CaptureCount);
  if (frameSize < 0 || frameSize > MOST_REGISTERS || paramCount < 0 || requiredCount < 0 || requiredCount > paramCount || captureCount < 0 || captureCount > MOST_REGISTERS) damaged("code of impossible size");
  if (word(Code.TreeId) !== 0 || word(Code.SourceId) < 0 || word(Code.ExactArgs) !== exactArgs(flags, paramCount) || flags >>> 0 > 127) damaged("code of another engine");
  const names = word(Code.ParamNames), parameters = paramCount + (flags & ParamFlag.Rest ? 1 : 0);
  if (names === 0 || mem.word(names + Slots.Count) !== parameters) damaged("code with another number of names than parameters");
  const words = mem.i32.subarray(wordsAt >> 2, (wordsAt >> 2) + wordCount), instructions = new Map<number, Instruction>();
  for (let pc = 0; pc < wordCount;) {
    const instruction = decode(words, pc);
    if (instruction === null) damaged("code with an instruction that does not exist");
    const native = nativeIn(instruction);
    if (native >= 0 && !isNative(native)) damaged("code that calls a native function that does not exist");
    if (native >= 0 && isMethod(native)) damaged("code that calls a method without looking for it");
    if (native >= 0 && (flags & ParamFlag.Library) === 0 && !mayCall(NATIVES[native]?.name ?? "")) damaged(`code that calls ${NATIVES[native]!.name}, which no program can`);
    instructions.set(pc, instruction);
    pc += instruction.length;
  }
  if ((flags & ParamFlag.Library) === 0) checkNames(mem, (addr + Code.Constants) >> 3, constCount);
  const code: CompiledFunction = {
    name: "", words, constants: constantsOf(mem, addr, constCount, words, instructions), handlers: handlersOf(mem, word(Code.Handlers)), spans: spansOf(mem, word(Code.Spans)),
    frameSize, paramCount, requiredCount, flags, captureCount, paramNames: [], captureNames: [], refParams: word(Code.RefParams), claims: null,
  };
  return { addr, code, instructions, boxes: new Set() };
}

/** The code of a program names of the library's own only what front ends emit, as in compiled programs. */
function checkNames(mem: Mem, first: number, count: number): void {
  for (let slot = first; slot < first + count; slot++) {
    const hi = mem.hi(slot), lo = mem.lo(slot);
    if (hi === CellHi.Global) {
      const name = textOf(mem, mem.word(lo + Global.Name));
      if (!mayName(name)) damaged(`code that names ${name}, which no program can`);
    } else if (hi === Hi.Native && NATIVES[lo] !== undefined && !mayHold(NATIVES[lo].name)) damaged(`code that holds ${NATIVES[lo].name}, which no program can`);
  }
}

/** Methods count on their receiver, which only calls of methods see to. */
const isMethod = (id: number): boolean => /^\w+\./.test(NATIVES[id]?.name ?? "");

/** As the linker computes Code.ExactArgs. */
function exactArgs(flags: number, paramCount: number): number {
  if ((flags & ~ParamFlag.Library) === (ParamFlag.Lisp | ParamFlag.Rest)) return -2 - paramCount;
  return (flags & (ParamFlag.Rest | ParamFlag.Self)) !== 0 ? -1 : paramCount;
}

/** The words of a table of so many words an entry. */
function tableOf(mem: Mem, bytes: number, entry: number): number[][] {
  if (bytes === 0) return [];
  const used = mem.word(bytes + Bytes.Used), first = (bytes + Bytes.Data) >> 2;
  if (used % (4 * entry) !== 0) damaged("code with half a table");
  return Array.from({ length: used / (4 * entry) }, (_, i) => [...mem.i32.subarray(first + i * entry, first + (i + 1) * entry)]);
}

const handlersOf = (mem: Mem, bytes: number): Handler[] => tableOf(mem, bytes, 4).map(([start, end, target, register]) => ({ start: start!, end: end!, target: target!, register: register! }));
const spansOf = (mem: Mem, bytes: number): SpanEntry[] => tableOf(mem, bytes, 3).map(([pc, start, end]) => {
  if (start! < 0 || end! < 0) damaged("code with a place before its source");
  return { pc: pc!, start: start!, end: end! };
});

/** The constants as the verifier knows them: by what they are, and where instructions use them as caches or names, by that. */
function constantsOf(mem: Mem, addr: number, count: number, words: Int32Array, instructions: ReadonlyMap<number, Instruction>): Constant[] {
  const slot = (place: number): number => ((addr + Code.Constants) >> 3) + place, constants: Constant[] = [];
  const caches = new Set<number>(), names = new Set<number>();
  for (const instruction of instructions.values()) {
    const { op, info, values } = instruction, form = op === Op.CallX ? values[1] : undefined;
    info.operands.forEach(({ kind }, i) => { if (kind === "cache") caches.add(values[i]!); });
    if (form === CallForm.CallMethod || form === CallForm.CallMethodOpt || form === CallForm.CallMethodNamed) caches.add(values[3]!);
    if (op === Op.CallNamed) names.add(values[2]!);
    else if (form === CallForm.CallNamed) names.add(values[3]!);
    else if (op === Op.CallMethodNamed) names.add(values[2]! + CACHE_CONSTANTS - 1);
    else if (form === CallForm.CallMethodNamed) names.add(values[3]! + CACHE_CONSTANTS - 1);
    emptyCache(words, instruction);
  }
  for (let place = 0; place < count; place++) {
    constants.push(names.has(place) ? namesOf(mem, slot(place)) : constantOf(mem, slot(place)));
  }
  for (const place of caches) {
    if (place < 0 || place + CACHE_CONSTANTS > count || mem.hi(slot(place)) !== CellHi.Symbol) damaged("code with an inline cache that is none");
    constants[place] = { type: "cache", name: "" };
    for (let i = 1; i < CACHE_CONSTANTS; i++) {
      if (names.has(place + i)) continue;
      mem.setHole(slot(place + i));
      constants[place + i] = { type: "cacheState" };
    }
  }
  return constants;
}

/** Makes the words of an instruction that are a cache zero. */
function emptyCache(words: Int32Array, { info, pc, counted }: Instruction): void {
  if (info.resume !== undefined) return;
  const operandWords = info.operands.filter(({ at }) => at === "d" || at === "e").length;
  words.fill(0, pc + 1 + operandWords, counted);
}

function namesOf(mem: Mem, slot: number): Constant {
  const data = mem.hi(slot) === CellHi.Array ? mem.word(mem.lo(slot) + Arr.Data) : 0, first = (data + Slots.Data) >> 3;
  if (data === 0) damaged("code with names that are none");
  return {
    type: "names", names: Array.from({ length: mem.word(data + Slots.Count) }, (_, i) => {
      if (mem.hi(first + i) !== Hi.Null && mem.hi(first + i) !== CellHi.Symbol) damaged("code with names that are none");
      return null;
    }),
  };
}

/** Kinds of quoted data; strings and symbols are constants of their own. */
const DATA: ReadonlySet<number> = new Set([
  CellHi.Pair, CellHi.Vector, CellHi.BigInt, CellHi.Rational, CellHi.Complex, CellHi.Bytevector, CellHi.NumberArray, CellHi.SortedMap, CellHi.HashMap, CellHi.Int64,
  CellHi.Uint64, CellHi.Struct,
]);
const RANKS: { readonly [rank: number]: "i8" | "u8" | "i16" | "u16" | "i32" | "u32" | "f32" | "f64" } = {
  0x10: "i8", 0x11: "u8", 0x12: "i16", 0x13: "u16", 0x14: "i32", 0x15: "u32", 0x18: "f32", 0x19: "f64",
};

function constantOf(mem: Mem, slot: number): Constant {
  const hi = mem.hi(slot), lo = mem.lo(slot), rank = RANKS[numericRank(hi)];
  if (rank !== undefined) return { type: rank, value: 0 };
  switch (hi) {
    case Hi.Hole: return { type: "hole" };
    case Hi.Null: return { type: "null" };
    case Hi.Bool: return { type: "bool", value: true };
    case Hi.Rune: return { type: "rune", value: 0 };
    case Hi.Type: return { type: "type", value: 0 };
    case Hi.Native: return { type: "native", value: "" };
    case Hi.Empty: return { type: "empty" };
    case CellHi.String: return { type: "string", value: new Uint8Array(0) };
    case CellHi.Symbol: return { type: "symbol", value: "" };
    case CellHi.Keyword: return { type: "keyword", value: "" };
    case CellHi.Array: return { type: "array", value: [] };
    case CellHi.Global: return { type: "global", name: "" };
    case CellHi.Code: return { type: "code", function: stubOf(mem, lo) };
    case CellHi.Shape: return { type: "shape", keys: new Array<string>(mem.word(lo + Shape.Count)).fill(""), inlineCapacity: mem.word(lo + Shape.InlineCapacity) };
  }
  if ((hi & Tag.Mask) === Tag.Int64 || hi === CellHi.Int64) return { type: "i64", value: 0n };
  if ((hi & Tag.Mask) === Tag.Uint64 || hi === CellHi.Uint64) return { type: "u64", value: 0n };
  if (DATA.has(hi)) return { type: "datum", value: null };
  return damaged("code with a constant that is none");
}

/** What is asked about inner functions. */
function stubOf(mem: Mem, code: number): CompiledFunction {
  return {
    name: "", words: new Int32Array(0), constants: [], handlers: [], spans: [], frameSize: 0, paramCount: 0, requiredCount: 0, flags: 0,
    captureCount: mem.word(code + Code.CaptureCount), paramNames: [], captureNames: [], refParams: 0, claims: null,
  };
}

/** Finds the function that a Closure instruction makes closures of. */
export const innerIn = (mem: Mem, table: CodeTable): InnerOf<CheckedCode> =>
  ({ addr }, { values }) => table.get(mem.lo(((addr + Code.Constants) >> 3) + values[2]!))!;
