// Whether a program may run. Whatever its bytes said, a program that passes can do what a program from source can do and
// nothing else. Time and memory are in proportion to its length: code whose paths take longer to follow is refused.

import type { CompiledFunction } from "../bytecode/code.ts";
import { decode, type Instruction, jumpTargets } from "../bytecode/encoding.ts";
import { checkHolds, type FollowedCode, spreadBoxes } from "../bytecode/holds.ts";
import { InvalidBytecode, verify } from "../bytecode/verify.ts";
import type { Decoded } from "./decode.ts";
import { damaged } from "./errors.ts";

/** Steps along paths for each word, and for a program of none. */
const STEPS_A_WORD = 400, LEAST_STEPS = 1_000_000;
/** Bytes that the states of one function may take where paths meet. */
const MOST_STATES = 1 << 27;

/** Throws ProgramError. */
export function checkProgram({ functions, natives }: Decoded): void {
  let left = LEAST_STEPS + STEPS_A_WORD * functions.reduce((sum, { words }) => sum + words.length, 0);
  const work = (steps: number): void => {
    left -= steps;
    if (left < 0) damaged("it takes too long to check");
  };
  try {
    const followed = new Map(functions.map((code) => [code, follow(code, (id) => natives.has(id), work)]));
    const innerOf = ({ code }: FollowedCode, { values }: Instruction): FollowedCode => {
      const constant = code.constants[values[2]!]!;
      return constant.type === "code" ? followed.get(constant.function)! : damaged("a closure of no function");
    };
    spreadBoxes(followed.values(), innerOf);
    for (const each of followed.values()) checkHolds(each, innerOf, null, work);
  } catch (error) {
    if (!(error instanceof InvalidBytecode)) throw error;
    damaged(error.message);
  }
}

/** Verifies one function, and takes it apart. */
function follow(code: CompiledFunction, isNative: (id: number) => boolean, work: (steps: number) => void): FollowedCode {
  const { words, frameSize, handlers } = code, instructions = new Map<number, Instruction>();
  let meetings = handlers.length;
  for (let pc = 0; pc < words.length;) {
    const instruction = decode(words, pc);
    if (instruction === null) throw new InvalidBytecode("unknown or truncated instruction", pc);
    instructions.set(pc, instruction);
    meetings += jumpTargets(words, instruction).length;
    pc += instruction.length;
  }
  if (meetings * frameSize > MOST_STATES) damaged("a function that is too large to check");
  verify(code, { nested: false, isNative, work, instructions });
  return { code, instructions, boxes: new Set() };
}
