// WebAssembly instructions as nested pieces of code: an expression is written as its tree, and a jump names the block it
// leaves. `encodeBody` turns the tree into bytes, finding out how deep each jump target lies. Knows nothing of the VM.

import { signed, signed64, unsigned } from "./leb128.ts";

/** Names a block, loop or `if` for the jumps in it. */
export class Label {}

/** A piece of a function body; a number is one byte, and a function is asked for its piece when the body is encoded. */
export type Code = number | Scope | Jump | readonly Code[] | (() => Code);
interface Scope { readonly opcode: number; readonly label: Label | null; readonly body: Code }
interface Jump { readonly opcode: number; readonly targets: readonly Label[] }

export const enum Type { I32 = 0x7f, I64 = 0x7e, F64 = 0x7c, Empty = 0x40 }

const enum Byte { Block = 0x02, Loop = 0x03, If = 0x04, Else = 0x05, End = 0x0b, Br = 0x0c, BrIf = 0x0d, BrTable = 0x0e }

const isList = (code: Exclude<Code, number>): code is readonly Code[] => Array.isArray(code);

/** The bytes of a body, with its final `end`. */
export function encodeBody(code: Code): number[] {
  const out: number[] = [];
  write(code, out, []);
  out.push(Byte.End);
  return out;
}

function write(code: Code, out: number[], scopes: (Label | null)[]): void {
  if (typeof code === "number") out.push(code);
  else if (isList(code)) for (let i = 0; i < code.length; i++) write(code[i]!, out, scopes);
  else if (typeof code === "function") write(code(), out, scopes);
  else if ("body" in code) {
    out.push(code.opcode, Type.Empty);
    scopes.push(code.label);
    write(code.body, out, scopes);
    scopes.pop();
    out.push(Byte.End);
  } else {
    out.push(code.opcode);
    if (code.opcode === Byte.BrTable) write(unsigned(code.targets.length - 1), out, scopes);
    for (const target of code.targets) write(unsigned(depthOf(target, scopes)), out, scopes);
  }
}

function depthOf(target: Label, scopes: readonly (Label | null)[]): number {
  const at = scopes.lastIndexOf(target);
  if (at < 0) throw new RangeError("a jump to a block it is not in");
  return scopes.length - 1 - at;
}

// ---- control

export const block = (label: Label, ...body: Code[]): Code => ({ opcode: Byte.Block, label, body });
export const loop = (label: Label, ...body: Code[]): Code => ({ opcode: Byte.Loop, label, body });
export const when = (condition: Code, then: Code, otherwise?: Code): Code =>
  [condition, { opcode: Byte.If, label: null, body: otherwise === undefined ? then : [then, Byte.Else, otherwise] }];
export const jump = (to: Label): Code => ({ opcode: Byte.Br, targets: [to] });
export const jumpIf = (condition: Code, to: Label): Code => [condition, { opcode: Byte.BrIf, targets: [to] }];
/** Jumps to targets[index], or to `otherwise` when there is none. */
export const jumpTable = (index: Code, targets: readonly Label[], otherwise: Label): Code =>
  [index, { opcode: Byte.BrTable, targets: [...targets, otherwise] }];

// ---- values

/** A local variable, by its index. */
export type Local = number;
export const get = (local: Local): Code => [0x20, unsigned(local)];
export const set = (local: Local, value: Code): Code => [value, 0x21, unsigned(local)];
/** Sets the local and is its value. */
export const tee = (local: Local, value: Code): Code => [value, 0x22, unsigned(local)];
export const i32 = (value: number): Code => [0x41, signed(value)];
export const i64 = (value: bigint): Code => [0x42, signed64(value)];
export const f64 = (value: number): Code => [0x44, [...new Uint8Array(new Float64Array([value]).buffer)]];

/** Which value when the condition holds, else the other; both are computed. */
export const select = (yes: Code, no: Code, condition: Code): Code => [yes, no, condition, 0x1b];

type Binary = (x: Code, y: Code) => Code;
type Unary = (x: Code) => Code;
const binary = (opcode: number): Binary => (x, y) => [x, y, opcode];
const unary = (opcode: number): Unary => (x) => [x, opcode];

export const I32 = {
  eqz: unary(0x45), eq: binary(0x46), ne: binary(0x47), ltS: binary(0x48), ltU: binary(0x49), gtS: binary(0x4a), gtU: binary(0x4b),
  leS: binary(0x4c), leU: binary(0x4d), geS: binary(0x4e), geU: binary(0x4f),
  add: binary(0x6a), sub: binary(0x6b), mul: binary(0x6c), divS: binary(0x6d), remS: binary(0x6f), and: binary(0x71), or: binary(0x72), xor: binary(0x73),
  shl: binary(0x74), shrS: binary(0x75), shrU: binary(0x76), wrapI64: unary(0xa7),
} as const;
export const I64 = {
  eq: binary(0x51), ne: binary(0x52), add: binary(0x7c), sub: binary(0x7d), mul: binary(0x7e),
  or: binary(0x84), shl: binary(0x86), shrU: binary(0x88), extendI32S: unary(0xac), extendI32U: unary(0xad), ofF64Bits: unary(0xbd),
} as const;
export const F64 = {
  eq: binary(0x61), lt: binary(0x63), gt: binary(0x64), le: binary(0x65), ge: binary(0x66),
  neg: unary(0x9a), ceil: unary(0x9b), floor: unary(0x9c), trunc: unary(0x9d), sqrt: unary(0x9f),
  add: binary(0xa0), sub: binary(0xa1), mul: binary(0xa2), div: binary(0xa3), ofI32: unary(0xb7),
} as const;

// ---- memory: an address, and a constant offset that costs nothing

const access = (opcode: number, align: number) => (address: Code, offset = 0): Code => [address, opcode, align, unsigned(offset)];
const store = (opcode: number, align: number) => (address: Code, offset: number, value: Code): Code => [address, value, opcode, align, unsigned(offset)];

export const loadI32 = access(0x28, 2), loadI64 = access(0x29, 3), loadF64 = access(0x2b, 3);
export const loadU8 = access(0x2d, 0), loadI8 = access(0x2c, 0), loadI16 = access(0x2e, 1), loadU16 = access(0x2f, 1);
export const storeI32 = store(0x36, 2), storeI64 = store(0x37, 3), storeF64 = store(0x39, 3);
