// The guest stack as data: walking frames, finding handlers, traces, growth. Layout: head of bytecode/opcodes.ts.

import { Closure, Code, Bytes, ParamFlag } from "../../heap/layout.ts";
import { growStack as growStackCell } from "../../heap/cells/stack.ts";
import type { Mem } from "../../heap/memory.ts";
import { textOf } from "../../heap/cells/string.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import type { Source, Span } from "../text/source.ts";
import { GUEST_THROW, type TraceEntry } from "./errors.ts";
import type { Vm } from "./vm.ts";

export const STACK_OVERFLOW = "Maximum call stack depth exceeded (infinite recursion?)";

/** Slots above vm.stackEnd that a frame check leaves free: room for natives' scratch and call windows. */
export const STACK_RESERVE = 256;

/** Words of a handler table entry: start, end (exclusive), handler, register; pcs relative to the entry pc, innermost first. */
const HANDLER_WORDS = 4;
/** Words of a span table entry: pc relative to the entry pc, start and end offsets in the source. */
const SPAN_WORDS = 3;

/** Code cell of the frame whose register 0 is slot fp. */
export const codeOf = (mem: Mem, fp: number): number => mem.word(mem.lo(fp - 2) + Closure.Code);
/** Distance to the caller's frame in slots; 0: entry frame. */
export const linkDistance = (mem: Mem, fp: number): number => mem.hi(fp - 1) & 0xffff;
export const linkPc = (mem: Mem, fp: number): number => mem.lo(fp - 1);

/** The handler covering an instruction, as [pc, register]; null when there is none. `pc` is absolute and inside the instruction. */
export function findHandler(mem: Mem, code: number, pc: number): { pc: number; register: number } | null {
  const table = mem.word(code + Code.Handlers);
  if (table === 0) return null;
  const entry = mem.word(code + Code.EntryPc), at = pc - entry, first = (table + Bytes.Data) >> 2;
  const words = mem.word(table + Bytes.Used) >> 2;
  for (let i = first; i < first + words; i += HANDLER_WORDS)
    if (at >= mem.i32[i]! && at < mem.i32[i + 1]!) return { pc: entry + mem.i32[i + 2]!, register: mem.i32[i + 3]! };
  return null;
}

/** Source offsets of the instruction at the absolute pc; null when the code has no spans. */
export function findSpan(mem: Mem, code: number, pc: number): { start: number; end: number } | null {
  const table = mem.word(code + Code.Spans);
  if (table === 0) return null;
  const at = pc - mem.word(code + Code.EntryPc), first = (table + Bytes.Data) >> 2;
  let low = 0, high = (mem.word(table + Bytes.Used) >> 2) / SPAN_WORDS - 1;
  if (high < 0) return null;
  while (low < high) {
    const mid = (low + high + 1) >> 1;
    if (mem.i32[first + mid * SPAN_WORDS]! <= at) low = mid;
    else high = mid - 1;
  }
  return { start: mem.i32[first + low * SPAN_WORDS + 1]!, end: mem.i32[first + low * SPAN_WORDS + 2]! };
}

/** Visits the innermost `limit` frames that are not the library's, from the running one out. */
export function eachFrame(vm: Vm, limit: number, visit: (entry: TraceEntry) => void): void {
  const mem = vm.heap;
  for (let fp = vm.fp, pc = vm.pc; fp > 0 && limit > 0 && mem.hi(fp - 2) === CellHi.Closure;) {
    const code = codeOf(mem, fp), distance = linkDistance(mem, fp);
    if ((mem.word(code + Code.ParamFlags) & ParamFlag.Library) === 0) {
      visit(describe(vm, code, pc - 1));
      limit--;
    }
    if (distance === 0) return;
    pc = linkPc(mem, fp);
    fp -= distance;
  }
}

/** Whether the running frame is that of a Lisp function. */
export function runsLisp(vm: Vm): boolean {
  if (vm.fp === 0) return false;
  return vm.heap.hi(vm.fp - 2) === CellHi.Closure ? (vm.heap.word(codeOf(vm.heap, vm.fp) + Code.ParamFlags) & ParamFlag.Lisp) !== 0 : vm.mainIsLisp;
}

/** Frames kept at each end of a very deep trace. */
const TRACE_ENDS = 30;

/** The guest frames from the running one out, self-hosted library functions left out; the middle of a deep trace is cut. */
export const trace = (vm: Vm): TraceEntry[] => traceFrom(vm, vm.fp, vm.pc, vm.depth);

/** The innermost frames of a run that stands still at a limit; a host may let it go on in small steps, so this must be cheap. */
export function stopTrace(vm: Vm): TraceEntry[] {
  const entries: TraceEntry[] = [];
  eachFrame(vm, TRACE_ENDS, (entry) => entries.push(entry));
  return entries;
}

/** As `trace` from any frame, of which `frames` are in use. */
export function traceFrom(vm: Vm, fp: number, pc: number, frames: number): TraceEntry[] {
  const mem = vm.heap, entries: TraceEntry[] = [], keepFrom = frames - TRACE_ENDS;
  let depth = 0;
  while (fp > 0 && mem.hi(fp - 2) === CellHi.Closure) {
    const code = codeOf(mem, fp);
    if ((mem.word(code + Code.ParamFlags) & ParamFlag.Library) === 0 && (depth < TRACE_ENDS || depth > keepFrom)) {
      entries.push(describe(vm, code, pc - 1));
    }
    const distance = linkDistance(mem, fp);
    if (distance === 0) break;
    pc = linkPc(mem, fp);
    fp -= distance;
    depth++;
  }
  return entries;
}

function describe(vm: Vm, code: number, pc: number): TraceEntry {
  const mem = vm.heap, name = textOf(mem, mem.word(code + Code.Name)), sourceId = mem.word(code + Code.SourceId);
  const span = spanAt(vm, code, pc), source = vm.sources[sourceId];
  if (span === null || source === undefined) return { name, source: source?.name ?? "", line: 0, column: 0, start: 0, end: 0, sourceId };
  const { line, column } = source.position(span.start);
  return { name, source: source.name, line, column, start: span.start, end: span.end, sourceId };
}

/** `pc`: inside the instruction. */
const spanAt = (vm: Vm, code: number, pc: number): Span | null => (vm.heap.word(code + Code.TreeId) !== 0 ? vm.treeSpan(pc + 1) : findSpan(vm.heap, code, pc));

/** Where the running instruction is in its source; null when that is unknown. */
export function runningPlace(vm: Vm): { readonly source: Source; readonly span: Span } | null {
  const code = codeOf(vm.heap, vm.fp), source = vm.sources[vm.heap.word(code + Code.SourceId)], span = spanAt(vm, code, vm.pc - 1);
  return source === undefined || span === null ? null : { source, span };
}

/** 1-based source line of the running instruction, 0 when unknown. */
export function lineOf(vm: Vm): number {
  const place = runningPlace(vm);
  return place === null ? 0 : place.source.lineIndex(place.span.start) + 1;
}

/** A stack that memory has no room for is as good as one that is too deep; Lisp, which nests deeply, says so. */
function grow(vm: Vm, slots: number): number {
  try {
    return growStackCell(vm.heap, slots);
  } catch (thrown) {
    if (thrown === GUEST_THROW && runsLisp(vm)) vm.throwError(vm.rules.stackOverflow);
    throw thrown;
  }
}

/** Makes room so that slots up to `top` and the reserve above them exist. Frames move as one: vm.fp and the result's callers shift by the returned distance. */
export function growStack(vm: Vm, top: number): number {
  const before = vm.stackBase;
  const needed = top - before + vm.stackReserve;
  const shift = grow(vm, needed);
  vm.useStack();
  vm.fp += shift;
  if (vm.nativeTop !== 0) vm.nativeTop += shift;
  return shift;
}

/** Clears the slots [from, to) so that nothing stale is read as a value. */
export function clearSlots(mem: Mem, from: number, to: number): void {
  for (let slot = from; slot < to; slot++) mem.setSlot(slot, Hi.Hole, 0);
}
