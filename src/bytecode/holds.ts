// Which registers hold what at each point of a function: nothing, a value, a box, or the state of an iteration. What reads a box
// or an iteration must get one on every path; a frame that waits in the function must have what the function will read. This is
// for code from outside, after the verifier, which looks at one function only; boxes go from function to function.

import { ParamFlag } from "../../heap/layout.ts";
import type { CompiledFunction } from "./code.ts";
import { captureIndex, type Instruction, isCaptureOfClosure } from "./encoding.ts";
import { analyse } from "./flow.ts";
import { Op } from "./opcodes.ts";
import { callForm, countedWords, type RegisterUse, useOf } from "./register-use.ts";
import { InvalidBytecode } from "./verify.ts";

/** A function that the verifier accepts, taken apart. */
export interface FollowedCode {
  readonly code: CompiledFunction;
  /** By pc, relative to the first word. */
  readonly instructions: ReadonlyMap<number, Instruction>;
  /** Captures that are read as boxes, here or further in; `spreadBoxes` finds them. */
  readonly boxes: Set<number>;
}

/** The function that a Closure instruction makes closures of. */
export type InnerOf<C extends FollowedCode> = (outer: C, closure: Instruction) => C;

/** Finds the captures that are boxes: those read as such, and those handed on to captures that are. */
export function spreadBoxes<C extends FollowedCode>(all: Iterable<C>, innerOf: InnerOf<C>): void {
  const makers: { readonly outer: C; readonly inner: C; readonly captures: readonly number[] }[] = [];
  for (const outer of all) {
    for (const instruction of outer.instructions.values()) {
      const { op, values } = instruction;
      if (op === Op.GetCaptureBox || op === Op.SetCaptureBox) outer.boxes.add(values[1]!);
      if (op === Op.Closure) makers.push({ outer, inner: innerOf(outer, instruction), captures: countedWords(outer.code.words, instruction) });
    }
  }
  for (let grew = true; grew;) {
    grew = false;
    for (const { outer, inner, captures } of makers) {
      for (const index of inner.boxes) {
        const word = captures[index]!;
        if (!isCaptureOfClosure(word) || outer.boxes.has(captureIndex(word))) continue;
        outer.boxes.add(captureIndex(word));
        grew = true;
      }
    }
  }
}

/** What a register holds. */
export const enum Holds { Nothing, Value, Box, Container, Index, Offset }

/** What the registers hold at a point: before an instruction, or while it waits for a call. */
export interface Point { readonly pc: number; readonly waits: boolean; found: Uint8Array | null }

/** Follows every path through the function; with `point`, finds what the registers hold there. Throws InvalidBytecode. */
export function checkHolds<C extends FollowedCode>(checked: C, innerOf: InnerOf<C>, point: Point | null, work?: (steps: number) => void): void {
  const { code, instructions } = checked, { frameSize, handlers, words, paramCount, flags } = code;
  const bound = paramCount + (flags & ParamFlag.Rest ? 1 : 0) + (flags & ParamFlag.Self ? 1 : 0);
  const remember = (state: Uint8Array, pc: number, waits: boolean): void => { if (point !== null && point.pc === pc && point.waits === waits) point.found = state.slice(); };
  analyse<Uint8Array>({ words, handlers, instructions, ...(work === undefined ? {} : { work }) }, {
    entry: () => new Uint8Array(frameSize).fill(Holds.Value, 0, bound),
    copy: (state) => {
      work?.(state.length >> 6);
      return state.slice();
    },
    meet,
    before(state, instruction) {
      remember(state, instruction.pc, false);
      checkReads(checked, innerOf, state, instruction);
      // What a call leaves behind when it throws is nothing either, and while it waits its result is not there yet.
      const { clobbers } = useOf(words, instruction), result = callForm(instruction) === undefined ? clobbers : clobbers - 1;
      if (clobbers >= 0) state.fill(Holds.Nothing, clobbers);
      if (result < clobbers && state[result] !== Holds.Nothing) state[result] = Holds.Value;
      remember(state, instruction.pc, true);
      if (point?.found != null && point.waits && point.pc === instruction.pc) point.found[result] = Holds.Nothing;
    },
    apply: (state, instruction) => applyTo(state, instruction, useOf(words, instruction), checked.boxes),
    applyNext(state, instruction) {
      if (instruction.op === Op.ForNext) state.fill(Holds.Value, instruction.values[0]! + 3, instruction.values[0]! + 5);
      else for (const reg of useOf(words, instruction).writesNext) state[reg] = Holds.Value;
    },
    enterHandler(state, { register }) { state[register] = Holds.Value; },
  });
}

/** Where two paths meet, a register holds what it does on both: a box is a value too. */
function meet(into: Uint8Array, from: Uint8Array): boolean {
  let changed = false;
  for (let reg = 0; reg < into.length; reg++) {
    const a = into[reg]!, b = from[reg]!, both = a === b ? a : a === Holds.Nothing || b === Holds.Nothing ? Holds.Nothing : Holds.Value;
    if (both === a) continue;
    into[reg] = both;
    changed = true;
  }
  return changed;
}

function checkReads<C extends FollowedCode>(checked: C, innerOf: InnerOf<C>, state: Uint8Array, instruction: Instruction): void {
  const { op, values, pc } = instruction, refuse = (what: string): never => { throw new InvalidBytecode(what, pc); };
  if (op === Op.Halt) refuse("code that runs into what fills a gap");
  if ((op === Op.GetBox && state[values[1]!] !== Holds.Box) || (op === Op.SetBox && state[values[0]!] !== Holds.Box)) refuse("code that reads a box where none need be");
  if (op === Op.ForNext && [Holds.Container, Holds.Index, Holds.Offset].some((holds, i) => state[values[0]! + i] !== holds)) refuse("code that goes on with an iteration where none need be");
  if (op !== Op.Closure) return;
  const captures = countedWords(checked.code.words, instruction);
  for (const index of innerOf(checked, instruction).boxes) {
    const word = captures[index]!;
    if (!isCaptureOfClosure(word) && state[captureIndex(word)] !== Holds.Box) refuse("code that captures no box where one is read");
  }
}

function applyTo(state: Uint8Array, { op, values }: Instruction, { writes }: RegisterUse, boxes: ReadonlySet<number>): void {
  const moved = op === Op.Move || op === Op.MoveFromX ? state[values[1]!]! : op === Op.MoveToX ? state[values[0]!]! : Holds.Value;
  for (const reg of writes) state[reg] = Holds.Value;
  switch (op) {
    case Op.Move: case Op.MoveFromX: if (moved === Holds.Box) state[values[0]!] = Holds.Box; return;
    case Op.MoveToX: if (moved === Holds.Box) state[values[1]!] = Holds.Box; return;
    case Op.NewBox: state[values[0]!] = Holds.Box; return;
    case Op.GetCapture: if (boxes.has(values[1]!)) state[values[0]!] = Holds.Box; return;
    case Op.ForPrep: state.set([Holds.Container, Holds.Index, Holds.Offset], values[0]!); return;
  }
}
