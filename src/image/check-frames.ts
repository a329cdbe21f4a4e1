// The frames of the running stack and of continuations: each is that of a function at a point where it can wait, with what the
// function will read in its registers; and the other things a VM goes on with.

import { Closure, Code, Continuation, Stack } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import type { Instruction } from "../bytecode/encoding.ts";
import { checkHolds, Holds, type Point } from "../bytecode/holds.ts";
import { callForm } from "../bytecode/register-use.ts";
import { Op } from "../bytecode/opcodes.ts";
import { Status } from "../vm/errors.ts";
import { STACK_RESERVE } from "../vm/stack.ts";
import type { VmState } from "../vm/vm-state.ts";
import { type CheckedCode, type CodeTable, innerIn, orDamaged } from "./check-code.ts";
import type { CellsByKind } from "./check-world.ts";
import { damaged } from "./errors.ts";

/** Slots [base, end) hold frames. */
interface Frames { readonly base: number; readonly end: number }

export class FrameCheck {
  readonly #points = new Map<string, Uint8Array>();

  constructor(readonly mem: Mem, readonly table: CodeTable) {}

  run(cells: CellsByKind, state: VmState): void {
    for (const continuation of cells.get(CellKind.Continuation) ?? []) this.#continuation(continuation);
    const { mem } = this, stack = mem.rootCell(Root.Stack), base = (stack + Stack.Data) >> 3, top = mem.word(stack + Stack.Top), end = (stack + mem.word(stack + 4)) >> 3;
    if (end - base < 2 * STACK_RESERVE) damaged("a stack without room");
    const isParked = state.parkedAs === Status.OutOfFuel || state.parkedAs === Status.Pending;
    if (isParked !== (state.fp !== 0)) damaged("a run that has no frames");
    if (state.fp === 0) return state.pc === 0 && state.depth === 0 && top === base ? undefined : damaged("frames of no run");
    const checked = this.#frameOf(state.fp, { base, end: top });
    if (top !== state.fp + checked.code.frameSize || top > end) damaged("a stack that does not end with its frame");
    this.#top(checked, state, { base, end: top });
    const frames = this.#walk(state.fp, { base, end: top });
    if (state.depth >= frames + 1 || state.depth > state.maxDepth + state.lent) damaged("another number of frames");
  }

  /** The frames on the stack of a task that is parked; `answer`: slot that the result of the native goes to that it waits in, -1 for none. */
  parked(stack: number, fp: number, pc: number, depth: number, answer: number): void {
    const { mem } = this, frames = { base: (stack + Stack.Data) >> 3, end: mem.word(stack + Stack.Top) }, checked = this.#frameOf(fp, frames);
    if (((stack + mem.word(stack + 4)) >> 3) - frames.end < 0 || frames.end !== fp + checked.code.frameSize || depth < 0) damaged("a task whose stack does not end with its frame");
    const at = pc - entryPc(mem, checked);
    if (answer < 0 && checked.instructions.has(at)) this.#registers(checked, fp, { pc: at, waits: false, found: null }, frames);
    else {
      const { instruction, window } = this.#waiting(checked, at);
      if (answer >= 0 && answer !== fp + window) damaged("a task whose answer goes elsewhere");
      this.#registers(checked, fp, { pc: instruction.pc, waits: true, found: null }, frames);
    }
    this.#walk(fp, frames);
  }

  /** The innermost frame: at an instruction, or behind the native call that waits. */
  #top(checked: CheckedCode, { fp, pc, parkedAs, interaction }: VmState, frames: Frames): void {
    const at = pc - entryPc(this.mem, checked), question = interaction?.question ?? null;
    if (parkedAs !== Status.Pending) {
      if (question !== null) damaged("a question nobody waits for");
      if (checked.instructions.has(at)) return this.#registers(checked, fp, { pc: at, waits: false, found: null }, frames);
      const resume = this.#waiting(checked, at);
      return this.#registers(checked, fp, { pc: resume.instruction.pc, waits: true, found: null }, frames);
    }
    const { instruction, window } = this.#waiting(checked, at);
    if (question !== null && question !== window) damaged("a question that no call asks");
    if (question !== null && fp + window + 3 > frames.end) damaged("a question that no call asks");
    this.#registers(checked, fp, { pc: instruction.pc, waits: true, found: null }, frames);
  }

  /** Checks the frames that wait for the one at `fp`; answers how many they are. */
  #walk(fp: number, frames: Frames): number {
    const { mem } = this;
    let count = 0;
    for (let callee = fp; ; count++) {
      const hi = mem.hi(callee - 1), distance = hi & 0xffff, pc = mem.lo(callee - 1);
      if (hi < Tag.First || (hi & Tag.Mask) !== Tag.Link) damaged("a frame without a link");
      if (distance === 0) return callee === frames.base + 2 ? count : damaged("a first frame that is not the first");
      const caller = callee - distance;
      if (distance < 2 || caller < frames.base + 2) damaged("a link out of the stack");
      this.#waiter(this.#frameOf(caller, frames), caller, pc, distance - 2, frames);
      callee = caller;
    }
  }

  /** A frame that waits for a call whose result goes to the register. */
  #waiter(checked: CheckedCode, fp: number, pc: number, register: number, frames: Frames): void {
    const { instruction, window } = this.#waiting(checked, pc - entryPc(this.mem, checked));
    if (window !== register) damaged("a link to no call");
    this.#registers(checked, fp, { pc: instruction.pc, waits: true, found: null }, frames);
  }

  /** The call behind which the pc is, and the register its result goes to. */
  #waiting({ instructions }: CheckedCode, at: number): { readonly instruction: Instruction; readonly window: number } {
    for (const instruction of instructions.values()) {
      const { op, info, pc, length, values } = instruction;
      if (pc >= at || pc + length < at) continue;
      const resume = info.operands.findIndex(({ kind }) => kind === "resume");
      if (resume >= 0 && at === pc + length - (info.operands.some(({ at: place }) => place === "u") ? 2 : 1)) return { instruction, window: values[resume]! & 255 };
      if (at === pc + length && callForm(instruction) !== undefined) return { instruction, window: op === Op.CallX ? values[2]! : values[0]! };
    }
    return damaged("a place in code where nothing waits");
  }

  /** The code of the frame with register 0 in this slot. */
  #frameOf(fp: number, { base, end }: Frames): CheckedCode {
    const { mem } = this;
    if (fp < base + 2 || fp > end || mem.hi(fp - 2) !== CellHi.Closure) damaged("a frame of no function");
    return this.table.get(mem.word(mem.lo(fp - 2) + Closure.Code)) ?? damaged("a frame of no function");
  }

  /** The frame has what its function counts on at the point. */
  #registers(checked: CheckedCode, fp: number, point: Point, { end }: Frames): void {
    const key = `${checked.addr} ${point.pc} ${point.waits}`, { mem } = this;
    let holds = this.#points.get(key);
    if (holds === undefined) {
      orDamaged(checked.addr, () => checkHolds(checked, innerIn(mem, this.table), point));
      this.#points.set(key, holds = point.found ?? damaged("a place in code that is never reached"));
    }
    holds.forEach((what, register) => {
      const slot = fp + register;
      if (what === Holds.Nothing) return;
      if (slot >= end) damaged("a frame that ends early");
      const hi = mem.hi(slot);
      if (what === Holds.Box ? hi !== CellHi.Box : what === Holds.Container ? !isContainer(hi) : what >= Holds.Index ? hi !== Hi.I32 || mem.lo(slot) < 0 : !isValue(hi)) damaged("a register that does not hold what its function reads");
    });
  }

  #continuation(cell: number): void {
    const { mem } = this, word = (at: number): number => mem.word(cell + at), count = word(Continuation.Count), base = (cell + Continuation.Data) >> 3;
    if (word(Continuation.Depth) < -1) damaged("a continuation of no depth");
    if (count === 0) return;
    const frames = { base, end: base + count }, fp = base + word(Continuation.Fp);
    if (fp < base + 2 || fp > frames.end) damaged("a continuation of no frame");
    this.#waiter(this.#frameOf(fp, frames), fp, word(Continuation.Pc), word(Continuation.Result), frames);
    this.#walk(fp, frames);
  }
}

const entryPc = (mem: Mem, { addr }: CheckedCode): number => mem.word(addr + Code.EntryPc);
const isContainer = (hi: number): boolean => hi === CellHi.Array || hi === CellHi.Object || hi === CellHi.String;
const INTERNAL: ReadonlySet<number> = new Set([CellHi.Bytes, CellHi.SymbolTable, CellHi.Slots, CellHi.Shape, CellHi.Table, CellHi.Code, CellHi.Stack, CellHi.MapNode, CellHi.HashNode]);
const isValue = (hi: number): boolean => hi < Tag.First || ((hi & Tag.Mask) !== Tag.Link && !INTERNAL.has(hi));
