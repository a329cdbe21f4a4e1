// Which registers an instruction reads, writes and destroys, from the operand kinds in OPS plus the few instructions that
// work on runs of registers. The verifier, the register checker and the assembler's bookkeeping share it.

import { primitive, primitiveAt } from "../ir/primitives.ts";
import { captureIndex, type Instruction, isCaptureOfClosure, type Words } from "./encoding.ts";
import { CallForm, Op, type OpInfo, Resume } from "./opcodes.ts";

/** What is needed of an instruction, encoded or not yet. */
export interface Operation { readonly op: number; readonly info: OpInfo; readonly values: readonly number[] }

export interface RegisterUse {
  readonly reads: number[];
  readonly writes: number[];
  /** Registers written only when the instruction falls through. */
  readonly writesNext: number[];
  /** First of the registers that hold nothing meaningful afterwards (all above are gone too), -1 for none. */
  clobbers: number;
}

/** Iteration: three registers of state, then key and value of the entry. */
export const ITERATION = { state: 3, key: 3, value: 4, registers: 5 } as const;

/** Slots between the callee of a call window and its first argument. */
export const WINDOW_ARGUMENTS = 2;

const run = (from: number, count: number): number[] => Array.from({ length: count }, (_, i) => from + i);

/** What a call of the form reads from its window besides the arguments: is register 0 of the window a value already? */
const readsHead = (form: CallForm): boolean => form !== CallForm.CallNative;

function useWindow(use: RegisterUse, window: number, form: CallForm, count: number, tail: boolean): void {
  if (readsHead(form)) use.reads.push(window);
  use.reads.push(...run(window + WINDOW_ARGUMENTS, form === CallForm.Apply ? 1 + count : count));
  if (!tail) use.writes.push(window);
  use.clobbers = window + 1;
}

const FORMS: { readonly [op: number]: CallForm } = {
  [Op.Call]: CallForm.Call, [Op.CallMethod]: CallForm.CallMethod, [Op.CallMethodOpt]: CallForm.CallMethodOpt, [Op.CallNative]: CallForm.CallNative,
  [Op.CallNamed]: CallForm.CallNamed, [Op.CallMethodNamed]: CallForm.CallMethodNamed, [Op.Apply]: CallForm.Apply,
  // The callee of CallGlobal is no register, as with a native.
  [Op.CallGlobal]: CallForm.CallNative, [Op.TailCallGlobal]: CallForm.CallNative, [Op.TailCall]: CallForm.Call, [Op.TailApply]: CallForm.Apply,
};

/** Form of a call instruction, undefined for other instructions. */
export const callForm = ({ op, values }: Operation): CallForm | undefined => (op === Op.CallX ? values[1] : FORMS[op]);

/** The words that follow a counted instruction. */
export function countedWords(words: Words, instruction: Instruction): number[] {
  const list: number[] = [];
  for (let at = instruction.counted; at < instruction.pc + instruction.length; at++) list.push(words[at]!);
  return list;
}

/** Registers above the window's first that a call needs in the frame. */
export const windowSize = (form: CallForm, count: number): number => WINDOW_ARGUMENTS + (form === CallForm.Apply ? 1 + count : count);

/** `counted`: the words after a counted instruction, else empty. */
export function registerUse(operation: Operation, counted: readonly number[]): RegisterUse {
  const use: RegisterUse = { reads: [], writes: [], writesNext: [], clobbers: -1 };
  const { op, info, values } = operation;
  const form = callForm(operation);
  if (form !== undefined) {
    // Operands of CallX: count, form, window, …; of all others: window, count, ….
    const window = op === Op.CallX ? values[2]! : values[0]!, count = op === Op.CallX ? values[0]! : values[1]!;
    useWindow(use, window, form, count, op === Op.TailCall || op === Op.TailCallGlobal || op === Op.TailApply);
    return use;
  }
  switch (op) {
    case Op.NewArray: case Op.Interpolate: case Op.NewObjectFrom:
      use.writes.push(values[0]!);
      use.reads.push(...run(values[1]!, values[2]!));
      return use;
    case Op.ForPrep:
      use.reads.push(values[1]!);
      use.writes.push(...run(values[0]!, ITERATION.state));
      return use;
    case Op.ForNext:
      use.reads.push(...run(values[0]!, ITERATION.state));
      use.writesNext.push(...run(values[0]!, ITERATION.registers));
      return use;
    case Op.Closure:
      for (const word of counted) if (!isCaptureOfClosure(word)) use.reads.push(captureIndex(word));
      use.writes.push(values[0]!);
      return use;
  }
  const skipped = unusedOperand(operation);
  info.operands.forEach(({ kind }, i) => {
    if (i === skipped) return;
    if (kind === "resume") use.clobbers = values[i]! & 0xff;
    if (kind === "src" || kind === "both") use.reads.push(values[i]!);
    if (kind === "dst" || kind === "both") use.writes.push(values[i]!);
  });
  return use;
}

/** The same for an instruction of these words, computed once. */
export const useOf = (words: Words, instruction: Instruction): RegisterUse => (instruction.use ??= registerUse(instruction, instruction.info.counted ? countedWords(words, instruction) : NO_WORDS));
const NO_WORDS: readonly number[] = [];

/** Index of the operand that the general form of a primitive does not read: a number, or one its function does not take; -1 for none. */
function unusedOperand({ op, info, values }: Operation): number {
  if (op !== Op.Primitive && op !== Op.PrimitiveJump && op !== Op.PrimitiveJumpNot) return -1;
  const code = values[info.operands.findIndex(({ kind }) => kind === "resume")]! >> 8, name = primitiveAt(code & Resume.Index);
  if ((code & Resume.Immediate) === 0 && (name === undefined || primitive(name).arity > 1)) return -1;
  return info.operands.findLastIndex(({ kind }) => kind === "src");
}

/** Id of the native that an instruction calls, -1 for none. */
export function nativeIn({ op, values }: Instruction): number {
  if (op === Op.CallNative) return values[2]! < 0 ? Infinity : values[2]!;
  return op === Op.CallX && values[1] === CallForm.CallNative ? values[3]! : -1;
}
