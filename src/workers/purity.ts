// What a function may do wherever it runs, as its bytecode says: which natives it calls, which globals it reads, what it
// changes. Decided for the function with all functions inside of it, and conservatively: what is not known to be harmless is
// a reason to stay.
//
// Functions that follow pointers may do so where the memory is shared (sharing.ts), and nowhere else.
//
// A task may run elsewhere when nothing it can reach tells one world from another. Natives are harmless when they only look
// at their arguments, or change values that are the task's own. Globals may be read that nobody assigns; the values they
// have, and those that functions hold, are judged by values.ts and remote-tasks.ts.

import { nativeIn, useOf } from "../bytecode/register-use.ts";
import { type CompiledFunction, innerFirst, type Constant } from "../bytecode/code.ts";
import { decode, type Instruction, type Words } from "../bytecode/encoding.ts";
import { Op } from "../bytecode/opcodes.ts";
import { ParamFlag } from "../../heap/layout.ts";
import { ATOMICS } from "../library/atomics.ts";
import { MATH } from "../library/math.ts";
import { POINTERS } from "../library/pointers.ts";
import { NATIVES } from "../library/registry.ts";
import { namesInConstant } from "./type-names.ts";

export interface FunctionFacts {
  /** Why it has to stay; null when that depends on the globals only. */
  readonly obstacle: string | null;
  /** Globals it reads. */
  readonly reads: ReadonlySet<string>;
  /** Globals that it defines, and those it uses in any other way than reading. */
  readonly defines: ReadonlySet<string>;
  readonly assigns: ReadonlySet<string>;
  /** Types of the program that it may convert to. */
  readonly types: ReadonlySet<string>;
  /** It may write into a string. */
  readonly writesIndex: boolean;
  /** What it does to memory, for which that has to be shared; null when it does nothing to it. */
  readonly touches: string | null;
  /** Globals whose values it may hand on, and do more with than call them. */
  readonly handsOn: ReadonlySet<string>;
  /** It makes functions, or has itself as a value. */
  readonly makesFunctions: boolean;
}

/** Besides those of the tables that are harmless as a whole. */
const HARMLESS = [
  "typeof", "assert", "panic", "string_concat_many", "sizeof", "buffer", "__string_from_bytes", "$construct", "$convert_scalar", "$convert_elements", "$array_element_type", "$kind",
  "$stamp", "$has_field", "$check_callback", "$check_arity", "$takes_ref", "$is_callable", "$fatal", "$match_part", "$is_integer", "$match_extent", "$match_item", "$match_items",
  "$match_entry", "$has_entry", "$is_map", "$same_structure", "$skips_call",
];
/** What these do on values that tasks share is done by the VM (../vm/workers.ts). */
const DONE_BY_VM = ["print", "eprint", "select", "__sleep", ...ATOMICS.map(({ name }) => name)];
const ALLOWED: ReadonlySet<string> = new Set([...HARMLESS, ...DONE_BY_VM, ...MATH.map(({ name }) => name)]);

/** What reads and writes memory, and neither allocates nor frees. */
export const RAW_NATIVES: ReadonlySet<string> = new Set([
  ...POINTERS.map(({ name }) => name).filter((name) => name.startsWith("ptr_") || name.startsWith("__read_")), "memset", "memcpy", "__cstr_to_string",
]);

export const isHarmlessNative = (id: number): boolean => ALLOWED.has(NATIVES[id]?.name ?? "");

/** Functions of the library that are written in Hemlock and do nothing but call others: every world has them. */
const LIBRARY: ReadonlySet<string> = new Set(["$convert", "$convert_rest", "$array_map", "$array_filter", "$array_reduce", "$apply", "$run_defers"]);
export const isHarmlessLibrary = (global: string): boolean => LIBRARY.has(global);

const READS: ReadonlySet<number> = new Set<Op>([Op.GetGlobal, Op.GetGlobalOrHole, Op.CallGlobal]);
const WRITES_INDEX: ReadonlySet<number> = new Set<Op>([Op.SetIndex, Op.SetIndexK, Op.NewRef]);

/**
 * The calls of what was read from a global before their arguments were made: by the pc of the call, the pc of that read. It is so when
 * the next instruction that uses its register is that call.
 */
export function callsOfGlobals(words: Words, instructions: readonly Instruction[]): Map<number, number> {
  const reads = new Map<number, number>(), calls = new Map<number, number>();
  for (const instruction of instructions) {
    const { op, pc, values } = instruction, use = useOf(words, instruction), callee = reads.get(values[0]!);
    if ((op === Op.Call || op === Op.CallNamed) && callee !== undefined) calls.set(pc, callee);
    for (const register of [...reads.keys()]) if (use.reads.includes(register) || use.writes.includes(register) || (use.clobbers >= 0 && use.clobbers <= register)) reads.delete(register);
    if (op === Op.GetGlobal) reads.set(values[0]!, pc);
  }
  return calls;
}

/** All instructions of a function, in order. */
export function instructionsOf(words: Words): Instruction[] {
  const instructions: Instruction[] = [];
  for (let pc = 0; pc < words.length; pc += instructions.at(-1)!.length) instructions.push(decode(words, pc)!);
  return instructions;
}

class Facts {
  obstacle: string | null = null;
  readonly reads = new Set<string>();
  readonly defines = new Set<string>();
  readonly assigns = new Set<string>();
  readonly types = new Set<string>();
  writesIndex = false;
  touches: string | null = null;
  readonly handsOn = new Set<string>();
  makesFunctions = false;

  add({ words, constants, flags, name }: CompiledFunction): void {
    if ((flags & ParamFlag.Lisp) !== 0) this.#refuse(`${name} is a function of Lisp`);
    for (const constant of constants) {
      if (constant.type === "native") this.#native(constant.value);
      for (const type of namesInConstant(constant)) this.types.add(type);
    }
    const instructions = instructionsOf(words), called = new Set(callsOfGlobals(words, instructions).values());
    for (const instruction of instructions) this.#instruction(instruction, constants, called.has(instruction.pc));
  }

  #instruction(instruction: Instruction, constants: readonly Constant[], isCalled: boolean): void {
    const { op, values, info } = instruction, native = nativeIn(instruction);
    if (native >= 0) this.#native(NATIVES[native]?.name ?? "a function of the host");
    if (op === Op.Closure || op === Op.LoadSelf) this.makesFunctions = true;
    if (WRITES_INDEX.has(op)) this.writesIndex = true;
    info.operands.forEach(({ kind }, i) => {
      const constant = kind === "const" ? constants[values[i]!] : undefined;
      if (constant?.type === "global") this.#global(op, constant.name, isCalled);
    });
  }

  #native(name: string): void {
    if (RAW_NATIVES.has(name)) this.touches ??= `${name}()`;
    else if (!ALLOWED.has(name)) this.#refuse(`${name}()`);
  }

  #global(op: number, name: string, isCalled: boolean): void {
    if (READS.has(op) && op !== Op.CallGlobal && !isCalled) this.handsOn.add(name);
    if (READS.has(op)) this.reads.add(name);
    else if (op === Op.DefineGlobal) this.defines.add(name);
    else this.assigns.add(name);
  }

  #refuse(what: string): void { this.obstacle ??= what; }
}

const known = new WeakMap<CompiledFunction, FunctionFacts>();

/** The facts about a function and all inside of it. */
export function factsOf(compiled: CompiledFunction): FunctionFacts {
  const before = known.get(compiled);
  if (before !== undefined) return before;
  const facts = new Facts();
  for (const each of innerFirst([compiled]).keys()) facts.add(each);
  if (facts.assigns.size + facts.defines.size > 0) facts.obstacle ??= `the global variable ${[...facts.assigns, ...facts.defines][0]!}, which it sets`;
  known.set(compiled, facts);
  return facts;
}
