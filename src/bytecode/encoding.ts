// Words to operands and back, for tools: everything here is driven by OPS and knows no single instruction. The
// interpreter decodes by hand instead. The drawing of the word is in opcodes.ts.

import { type OperandAt, type OpInfo, opInfo } from "./opcodes.ts";
import type { RegisterUse } from "./register-use.ts";

/** Code as tools see it: an Int32Array, a view of the world, or a plain array. */
export type Words = ArrayLike<number>;

/** A word with the registers or numbers of its three bytes. */
export const packABC = (op: number, a: number, b: number, c: number): number => op | a << 8 | b << 16 | c << 24;
/** A word with one byte and one 16-bit field, signed or not. */
export const packABx = (op: number, a: number, bx: number): number => op | a << 8 | bx << 16;
/** A word with one signed 24-bit field. */
export const packSJ = (op: number, distance: number): number => op | distance << 8;

/** Smallest and largest value of each operand position. */
export const RANGES: { readonly [K in OperandAt]: readonly [number, number] } = {
  a: [0, 0xff], b: [0, 0xff], c: [0, 0xff], bx: [0, 0xffff], sbx: [-0x8000, 0x7fff], sc: [-0x80, 0x7f], sj: [-0x80_0000, 0x7f_ffff],
  d: [-0x8000_0000, 0x7fff_ffff], e: [-0x8000_0000, 0x7fff_ffff], t: [0, 0xffff], u: [0, 0x3_ffff], v: [0, 0xff],
};

/** Value of the operand at a position of the instruction whose first word is at `pc`. */
export function operandAt(words: Words, pc: number, at: OperandAt): number {
  const word = words[pc]!;
  switch (at) {
    case "a": return word >>> 8 & 0xff;
    case "b": return word >>> 16 & 0xff;
    case "c": return word >>> 24;
    case "bx": return word >>> 16;
    case "sbx": return word >> 16;
    case "sc": return word >> 24;
    case "sj": return word >> 8;
    case "d": return words[pc + 1]! | 0;
    case "e": return words[pc + 2]! | 0;
    case "t": return words[pc + 1]! >>> 16;
    case "u": return words[pc + 2]! >>> 8 & 0x3_ffff;
    case "v": return words[pc + 1]! >>> 8 & 0xff;
  }
}

/** Bits an operand contributes to the first word; 0 for operands in words of their own. */
export function operandBits(at: OperandAt, value: number): number {
  switch (at) {
    case "a": return (value & 0xff) << 8;
    case "b": return (value & 0xff) << 16;
    case "c": case "sc": return value << 24;
    case "bx": case "sbx": return value << 16;
    case "sj": return value << 8;
    case "d": case "e": case "t": case "u": case "v": return 0;
  }
}

/** The words of the resume tail of an instruction with these operands; empty when it has none. */
export function resumeTail(info: OpInfo, values: readonly number[]): number[] {
  if (info.resume === undefined) return [];
  const value = (at: OperandAt): number | undefined => values[info.operands.findIndex((operand) => operand.at === at)];
  const jump = value("u");
  return jump === undefined ? [packABx(info.resume, value("v") ?? values[0]!, value("t")!)] : [info.resume | jump << 8, value("d")!];
}

/** One instruction, decoded. */
export interface Instruction {
  readonly op: number;
  readonly info: OpInfo;
  readonly pc: number;
  /** Words it takes, with extra and counted ones. */
  readonly length: number;
  /** In the order of info.operands. */
  readonly values: readonly number[];
  /** First of the counted words; equals pc + length when there are none. */
  readonly counted: number;
  /** What `useOf` in register-use.ts found, since several analyses ask again and again. */
  use: RegisterUse | null;
}

/** Decodes the instruction at `pc`; null when the opcode is unknown or the instruction does not fit in the words. */
export function decode(words: Words, pc: number): Instruction | null {
  const op = words[pc]! & 0xff, info = opInfo(op);
  if (info === undefined || pc + 1 + info.extra > words.length) return null;
  const counted = pc + 1 + info.extra;
  const count = info.counted ? words[pc + 1]! | 0 : 0;
  if (count < 0 || count > words.length - counted) return null;
  return { op, info, pc, length: 1 + info.extra + count, values: info.operands.map(({ at }) => operandAt(words, pc, at)), counted, use: null };
}

/** Pc a jump of this instruction with this distance goes to. */
export const jumpTarget = (instruction: Instruction, distance: number): number => instruction.pc + instruction.length + distance;

const byOp = (holds: (info: OpInfo) => boolean): readonly boolean[] => Array.from({ length: 256 }, (_, op) => {
  const info = opInfo(op);
  return info !== undefined && holds(info);
});
const JUMPS = byOp(({ name, operands }) => name === "JumpTable" || operands.some(({ kind }) => kind === "jump"));
const ENDS = byOp(({ effects }) => effects.includes("ends"));
const NO_TARGETS: readonly number[] = [];

/** Pcs the instruction may jump to, without falling through. */
export function jumpTargets(words: Words, instruction: Instruction): readonly number[] {
  const { op, info, values } = instruction;
  if (!JUMPS[op]!) return NO_TARGETS;
  const targets: number[] = [];
  info.operands.forEach(({ kind }, i) => { if (kind === "jump") targets.push(jumpTarget(instruction, values[i]!)); });
  if (info.name === "JumpTable") {
    for (let at = instruction.counted; at < instruction.pc + instruction.length; at++) targets.push(jumpTarget(instruction, words[at]!));
  }
  return targets;
}

/** True when control never reaches the next instruction by falling through. */
export const endsFlow = ({ op }: Instruction): boolean => ENDS[op]!;

/** A register above 255 or a captured variable, as the counted words of Closure hold it. */
export const captureWord = (index: number, ofClosure: boolean): number => index | (ofClosure ? 0x1_0000 : 0);
export const isCaptureOfClosure = (word: number): boolean => (word & 0x1_0000) !== 0;
export const captureIndex = (word: number): number => word & 0xffff;
