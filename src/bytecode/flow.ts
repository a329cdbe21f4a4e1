// Forward analysis over encoded code: follows every path, loops to a fixpoint, exceptions into their handlers. What is
// tracked is up to the caller; states are only kept where paths meet.

import type { Handler } from "./code.ts";
import { endsFlow, type Instruction, jumpTargets, type Words } from "./encoding.ts";

export interface Analysis<S> {
  entry(): S;
  copy(state: S): S;
  /** Keeps in `into` only what holds in both; true when that changed it. */
  meet(into: S, from: S): boolean;
  /** Called with the state before each instruction; may throw. */
  before(state: S, instruction: Instruction): void;
  /** What the instruction does on every way out of it. */
  apply(state: S, instruction: Instruction): void;
  /** What it does besides when it falls through. */
  applyNext(state: S, instruction: Instruction): void;
  /** The state at the start of a handler, given the state before the instruction that throws. */
  enterHandler(state: S, handler: Handler, index: number): void;
}

export interface FlowInput { readonly words: Words; readonly handlers: readonly Handler[]; /** All instructions by pc. */ readonly instructions: ReadonlyMap<number, Instruction>; /** Told about what is done, in steps; may throw. */ readonly work?: (steps: number) => void }

export function analyse<S>({ words, handlers, instructions, work }: FlowInput, analysis: Analysis<S>): void {
  const states = new Map<number, S>();
  const pending: number[] = [];
  const leaders = new Set(handlers.map(({ target }) => target));
  for (const instruction of instructions.values()) for (const target of jumpTargets(words, instruction)) leaders.add(target);

  const flow = (pc: number, state: S): void => {
    const known = states.get(pc);
    if (known === undefined) states.set(pc, analysis.copy(state));
    else if (!analysis.meet(known, state)) return;
    pending.push(pc);
  };
  const throwFrom = (state: S, pc: number): void => {
    const index = handlers.findIndex(({ start, end }) => pc >= start && pc < end);
    if (index < 0) return;
    const handler = handlers[index]!, inside = analysis.copy(state);
    analysis.enterHandler(inside, handler, index);
    flow(handler.target, inside);
  };
  const walk = (start: number): void => {
    const state = analysis.copy(states.get(start)!);
    for (let pc = start; ;) {
      const instruction = instructions.get(pc)!;
      work?.(instruction.length);
      analysis.before(state, instruction);
      throwFrom(state, pc);
      analysis.apply(state, instruction);
      for (const target of jumpTargets(words, instruction)) flow(target, state);
      if (endsFlow(instruction)) return;
      analysis.applyNext(state, instruction);
      pc += instruction.length;
      if (leaders.has(pc)) return flow(pc, state);
    }
  };

  states.set(0, analysis.entry());
  for (let pc: number | undefined = 0; pc !== undefined; pc = pending.pop()) walk(pc);
}
