// What becomes of the answers of atomic operations in a task. Where several threads do such operations at once, the answers are
// others than where one does: who comes first is a matter of time. That is of no consequence as long as they only decide - a loop
// that tries again, who takes which piece of the work - or end up in memory that is shared. It is when the task shows them: returns
// them, throws them, keeps them in a value, writes them. Such a task *observes*.
//
// Followed are values, through registers, operators and calls of functions of the program, not what is decided by them. In doubt a
// task observes.

import { type CompiledFunction, innerFirst } from "../bytecode/code.ts";
import type { Instruction } from "../bytecode/encoding.ts";
import { analyse, type Analysis } from "../bytecode/flow.ts";
import { Op } from "../bytecode/opcodes.ts";
import { nativeIn, useOf } from "../bytecode/register-use.ts";
import { ATOMICS } from "../library/atomics.ts";
import { MATH } from "../library/math.ts";
import { NATIVES } from "../library/registry.ts";
import { callsOfGlobals, instructionsOf, RAW_NATIVES } from "./purity.ts";

/** The atomic operations that answer something. */
const ANSWERING: ReadonlySet<string> = new Set(ATOMICS.map(({ name }) => name).filter((name) => !name.startsWith("atomic_store") && name !== "atomic_fence"));
/** What only computes, or works on memory. */
const PASSING: ReadonlySet<string> = new Set([...RAW_NATIVES, ...ATOMICS.map(({ name }) => name), ...MATH.map(({ name }) => name), "typeof", "assert", "sizeof"]);

const PASSING_OPS: ReadonlySet<number> = new Set<Op>([Op.Move, Op.MoveFromX, Op.MoveToX, Op.Convert, Op.GetIndex]);
/** Operators, and jumps that depend on them. */
const passes = (op: number): boolean => (op >= Op.Add && op <= Op.JumpTable) || (op >= Op.JumpIfLessK && op <= Op.LoopIfGreaterEqK) || PASSING_OPS.has(op);

/** The function of the program that a global holds; null for anything else. */
export type FunctionIn = (global: string) => CompiledFunction | null;

/** A function with the constants that name what its calls call, by their pcs. */
interface FollowedCode { readonly compiled: CompiledFunction; readonly callees: ReadonlyMap<number, number> }
/** What a call of a function comes to, some of its arguments being answers. */
interface Outcome { observes: boolean; answers: boolean }
type Tainted = Set<number>;

/** Whether a task that begins with the function may show what an atomic operation answered. */
export function observes(entry: CompiledFunction, functionIn: FunctionIn): boolean {
  const following = new Following(functionIn);
  for (;;) {
    const { observes: shows, answers } = following.pass(entry);
    if (shows || answers) return true;
    if (!following.hasLearnt) return false;
  }
}

class Following {
  /** By function, and by the parameters that are answers. It only ever gets worse. */
  readonly #known = new Map<CompiledFunction, Map<string, Outcome>>();
  readonly #done = new Set<Outcome>();
  hasLearnt = false;

  constructor(readonly functionIn: FunctionIn) {}

  /** Goes through all that is called once, with what is known of functions that call each other. */
  pass(entry: CompiledFunction): Outcome {
    this.#done.clear();
    this.hasLearnt = false;
    return this.#function(entry, []);
  }

  #function(compiled: CompiledFunction, params: readonly number[]): Outcome {
    const all = this.#known.get(compiled) ?? new Map<string, Outcome>(), key = params.join(), outcome = all.get(key) ?? { observes: hasAtomicValue(compiled), answers: false };
    this.#known.set(compiled, all.set(key, outcome));
    if (this.#done.has(outcome)) return outcome;
    this.#done.add(outcome);
    const { words, handlers } = compiled, list = instructionsOf(words), instructions = new Map(list.map((each) => [each.pc, each])), before = { ...outcome };
    const callees = new Map([...callsOfGlobals(words, list)].map(([call, read]) => [call, instructions.get(read)!.values[1]!]));
    analyse({ words, handlers, instructions }, this.#rules({ compiled, callees }, params, outcome));
    if (before.observes !== outcome.observes || before.answers !== outcome.answers) this.hasLearnt = true;
    return outcome;
  }

  #rules(code: FollowedCode, params: readonly number[], outcome: Outcome): Analysis<Tainted> {
    return {
      entry: () => new Set(params), copy: (state) => new Set(state), before: () => {}, applyNext: () => {}, enterHandler: () => {},
      meet: (into, from) => {
        const count = into.size;
        for (const register of from) into.add(register);
        return into.size > count;
      },
      apply: (state, instruction) => {
        const { reads, writes, writesNext } = useOf(code.compiled.words, instruction);
        const answers = this.#step(code, state, instruction, reads.filter((register) => state.has(register)), outcome);
        for (const register of [...writes, ...writesNext]) {
          if (answers) state.add(register);
          else state.delete(register);
        }
      },
    };
  }

  /** Whether what the instruction makes is an answer, or made from one. */
  #step({ compiled: { constants }, callees }: FollowedCode, state: Tainted, instruction: Instruction, tainted: readonly number[], outcome: Outcome): boolean {
    const { op, pc, values } = instruction, native = nativeIn(instruction), callee = op === Op.CallGlobal || op === Op.TailCallGlobal ? values[2] : callees.get(pc);
    if (native >= 0) {
      const name = NATIVES[native]?.name ?? "";
      if (tainted.length > 0 && !PASSING.has(name)) outcome.observes = true;
      return tainted.length > 0 || ANSWERING.has(name);
    }
    if (callee !== undefined) {
      const constant = constants[callee], called = constant?.type === "global" ? this.functionIn(constant.name) : null;
      // Arguments with names need not be in the order of the parameters.
      if (op === Op.CallNamed && tainted.length > 0) outcome.observes = true;
      return this.#call(called, Array.from({ length: values[1]! }, (_, i) => i).filter((i) => state.has(values[0]! + 2 + i)), outcome);
    }
    if (tainted.length === 0) return false;
    if (op === Op.Return) outcome.answers = true;
    else if (!passes(op)) outcome.observes = true;
    return true;
  }

  #call(callee: CompiledFunction | null, params: readonly number[], outcome: Outcome): boolean {
    if (callee === null) {
      if (params.length > 0) outcome.observes = true;
      return params.length > 0;
    }
    const { observes: shows, answers } = this.#function(callee, params);
    if (shows) outcome.observes = true;
    return answers;
  }
}

/** An atomic operation that is a value may be called from anywhere. */
function hasAtomicValue(compiled: CompiledFunction): boolean {
  return [...innerFirst([compiled]).keys()].some(({ constants }) => constants.some((constant) => constant.type === "native" && ANSWERING.has(constant.value)));
}
