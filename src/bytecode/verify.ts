// The verifier: what it accepts, the interpreter runs without any check of its own. Compiled and loaded code both go
// through it. Whatever the words are, it answers or throws InvalidBytecode, nothing else.

import { ParamFlag } from "../../heap/layout.ts";
import { primitive, primitiveAt } from "../ir/primitives.ts";
import { TYPE_NAMES } from "../ir/types.ts";
import { CACHE_CONSTANTS, CallForm, Op, type OperandKind, Resume, THROUGH_NOT_ARGUMENTS } from "./opcodes.ts";
import type { CompiledFunction, Constant, Handler } from "./code.ts";
import { captureIndex, decode, endsFlow, type Instruction, isCaptureOfClosure, jumpTargets, resumeTail } from "./encoding.ts";
import { analyse } from "./flow.ts";
import { callForm, useOf, WINDOW_ARGUMENTS, windowSize } from "./register-use.ts";

/** The code must not be run. */
export class InvalidBytecode extends Error {
  constructor(message: string, readonly pc: number) {
    super(`${message} (at word ${pc})`);
    this.name = "InvalidBytecode";
  }
}

export interface VerifyOptions {
  /** Whether there is a native with this id; any passes when not given. */
  readonly isNative?: (id: number) => boolean;
  /** Told about each step of following the code's paths; may throw. For code from outside, whose paths may be endless. */
  readonly work?: (steps: number) => void;
  /** The instructions of the function by pc, when somebody has decoded them already. */
  readonly instructions?: ReadonlyMap<number, Instruction>;
  /** Verify the functions among the constants too (default). */
  readonly nested?: boolean;
}

export function verify(compiled: CompiledFunction, options: VerifyOptions = {}): void {
  const seen = new Set<CompiledFunction>(), pending = [compiled];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    if (seen.has(next)) continue;
    seen.add(next);
    new Verifier(next, options).run();
    if (options.nested !== false) for (const constant of next.constants) if (constant.type === "code") pending.push(constant.function);
  }
}

const NUMERIC: ReadonlySet<string> = new Set(["i8", "u8", "i16", "u16", "i32", "u32", "i64", "u64", "f32", "f64"]);
const isNumber = (constant: Constant): boolean => NUMERIC.has(constant.type);
const LITERAL: ReadonlySet<string> = new Set([...NUMERIC, "null", "hole", "bool", "rune", "symbol", "type", "native", "array", "empty", "int", "keyword", "datum"]);
const isLoaded = (constant: Constant): boolean => LITERAL.has(constant.type) || constant.type === "string" || constant.type === "global";

/** What a constant operand of each instruction must be. */
const CONSTANTS: { readonly [op: number]: (constant: Constant) => boolean } = {
  [Op.LoadK]: isLoaded, [Op.LoadKX]: isLoaded,
  [Op.LoadString]: (k) => k.type === "string", [Op.LoadStringX]: (k) => k.type === "string", [Op.Fail]: (k) => k.type === "string",
  [Op.GetGlobal]: (k) => k.type === "global", [Op.CallGlobal]: (k) => k.type === "global", [Op.TailCallGlobal]: (k) => k.type === "global", [Op.GetGlobalOrHole]: (k) => k.type === "global",
  [Op.SetGlobal]: (k) => k.type === "global", [Op.DefineGlobal]: (k) => k.type === "global",
  [Op.CheckHole]: (k) => k.type === "symbol", [Op.InitField]: (k) => k.type === "symbol",
  [Op.Closure]: (k) => k.type === "code", [Op.NewObjectFrom]: (k) => k.type === "shape", [Op.CallNamed]: (k) => k.type === "names",
  [Op.AddK]: isNumber, [Op.SubK]: isNumber, [Op.MulK]: isNumber, [Op.DivK]: isNumber, [Op.ModK]: isNumber,
  [Op.JumpIfLessK]: isNumber, [Op.JumpIfNotLessK]: isNumber, [Op.JumpIfLessEqK]: isNumber, [Op.JumpIfNotLessEqK]: isNumber,
  [Op.JumpIfGreaterK]: isNumber, [Op.JumpIfNotGreaterK]: isNumber, [Op.JumpIfGreaterEqK]: isNumber, [Op.JumpIfNotGreaterEqK]: isNumber,
  [Op.LoopIfLessK]: isNumber, [Op.LoopIfLessEqK]: isNumber, [Op.LoopIfGreaterK]: isNumber, [Op.LoopIfGreaterEqK]: isNumber,
  [Op.SetIndexK]: (k) => LITERAL.has(k.type),
};

/** All instructions, one after the other. */
function decodeAll(words: Int32Array): ReadonlyMap<number, Instruction> {
  const found = new Map<number, Instruction>();
  for (let pc = 0; pc < words.length;) {
    const instruction = decode(words, pc);
    if (instruction === null) throw new InvalidBytecode(`unknown or truncated instruction ${words[pc]! & 0xff}`, pc);
    found.set(pc, instruction);
    pc += instruction.length;
  }
  return found;
}

class Verifier {
  #instructions: ReadonlyMap<number, Instruction> = new Map();
  #at = 0;

  constructor(readonly code: CompiledFunction, readonly options: VerifyOptions) {}

  run(): void {
    const { words, frameSize, paramCount, flags } = this.code;
    const bound = paramCount + (flags & ParamFlag.Rest ? 1 : 0) + (flags & ParamFlag.Self ? 1 : 0);
    this.#check(bound <= frameSize, "frame too small for the parameters");
    this.#check(words.length > 0, "no code");
    this.#instructions = this.options.instructions ?? decodeAll(words);
    let last: Instruction | null = null;
    for (const instruction of this.#instructions.values()) last = instruction;
    this.#check(last !== null && endsFlow(last), "the code does not end");
    for (const instruction of this.#instructions.values()) this.#instruction(instruction);
    for (const handler of this.code.handlers) this.#handler(handler);
    this.#spans();
    checkAssigned(this.code, this.#instructions, bound, this.options.work);
  }

  #check(holds: boolean, message: string): asserts holds {
    if (!holds) throw new InvalidBytecode(message, this.#at);
  }

  #instruction(instruction: Instruction): void {
    const { words } = this.code;
    this.#at = instruction.pc;
    const form = callForm(instruction);
    if (form !== undefined) this.#call(instruction, form);
    const { reads, writes, writesNext } = useOf(words, instruction);
    this.#registers(reads);
    this.#registers(writes);
    this.#registers(writesNext);
    for (const target of jumpTargets(words, instruction)) {
      this.#check(this.#instructions.has(target), `jump to ${target}, which is no instruction`);
      this.#check(target > instruction.pc || instruction.info.name.startsWith("Loop"), "jump backwards that costs no fuel");
    }
    const operandWords = instruction.info.operands.filter(({ at }) => at === "d" || at === "e").length;
    if (instruction.info.resume !== undefined) this.#resume(instruction);
    else for (let at = instruction.pc + 1 + operandWords; at < instruction.counted; at++) this.#check(words[at] === 0, "a cache that is not empty");
    instruction.info.operands.forEach(({ kind }, i) => this.#operand(instruction, kind, instruction.values[i]!));
    this.#special(instruction);
  }

  #registers(list: readonly number[]): void {
    for (const reg of list) if (reg < 0 || reg >= this.code.frameSize) this.#check(false, `register ${reg} is outside the frame`);
  }

  #operand({ op }: Instruction, kind: OperandKind, value: number): void {
    if (kind === "const") this.#constant(op, value);
    else if (kind === "cache") this.#cache(value, op === Op.CallMethodNamed);
    else if (kind === "native") this.#native(value);
  }

  #constant(op: number, place: number): void {
    const constant = this.code.constants[place], accepts = CONSTANTS[op];
    this.#check(constant !== undefined && accepts !== undefined && accepts(constant), `constant ${place} is not what the instruction needs`);
  }

  #cache(place: number, named: boolean): void {
    const { constants } = this.code;
    this.#check(place >= 0 && constants[place]?.type === "cache", `constant ${place} is not an inline cache`);
    for (let i = 1; i < CACHE_CONSTANTS; i++) {
      const wanted = named && i === CACHE_CONSTANTS - 1 ? "names" : "cacheState";
      this.#check(constants[place + i]?.type === wanted, `constant ${place + i} is not part of an inline cache`);
    }
  }

  #resume({ info, pc, length, values }: Instruction): void {
    const tail = resumeTail(info, values), { words, frameSize } = this.code;
    this.#check(tail.every((word, i) => words[pc + length - tail.length + i] === word), "a malformed resume tail");
    const resume = values[info.operands.findIndex(({ kind }) => kind === "resume")]!, name = primitiveAt(resume >> 8 & Resume.Index);
    this.#check(name !== undefined && primitive(name).arity <= (info.operands.some(({ at }) => at === "v") ? 3 : 2), "not a primitive for this instruction");
    const before = resume >> 8 & (Resume.Negated | Resume.ThroughNot) ? THROUGH_NOT_ARGUMENTS : 0;
    this.#check((resume & 0xff) + WINDOW_ARGUMENTS + before + primitive(name).arity <= frameSize, "the window of a resume tail is outside the frame");
  }

  #native(index: number): void {
    this.#check(index >= 0 && (this.options.isNative?.(index) ?? true), `there is no native ${index}`);
  }

  #call({ op, values }: Instruction, form: CallForm): void {
    const wide = op === Op.CallX;
    const window = wide ? values[2]! : values[0]!, count = wide ? values[0]! : values[1]!, extra = wide ? values[3]! : values[2] ?? 0;
    this.#check(window >= 0 && window + windowSize(form, count) <= this.code.frameSize, `call window ${window} is outside the frame`);
    if (form === CallForm.Apply) this.#check(count <= 1, "Apply takes an array and at most a receiver");
    if (wide) this.#wideForm(form, extra);
    if (form === CallForm.CallNamed) this.#names(extra, count);
    else if (form === CallForm.CallMethodNamed) this.#names(extra + CACHE_CONSTANTS - 1, count);
  }

  /** The operand `e` of CallX. */
  #wideForm(form: CallForm, extra: number): void {
    this.#check(form <= CallForm.Apply, `unknown call form ${form}`);
    if (form === CallForm.CallNative) this.#native(extra);
    else if (form === CallForm.CallNamed) this.#constant(Op.CallNamed, extra);
    else if (form === CallForm.CallMethod || form === CallForm.CallMethodOpt || form === CallForm.CallMethodNamed) this.#cache(extra, form === CallForm.CallMethodNamed);
  }

  #names(place: number, count: number): void {
    const constant = this.code.constants[place];
    this.#check(constant?.type === "names" && constant.names.length === count, `constant ${place} does not name ${count} arguments`);
  }

  /** What operand kinds do not say. */
  #special({ op, pc, length, values, counted }: Instruction): void {
    const { constants, captureCount, words } = this.code;
    switch (op) {
      case Op.GetCapture: case Op.GetCaptureBox: case Op.SetCaptureBox:
        this.#check(values[1]! < captureCount, `there is no capture ${values[1]!}`);
        break;
      case Op.Convert: this.#check(TYPE_NAMES[values[2]!] !== undefined, `there is no type ${values[2]!}`); break;
      case Op.LoadBool: this.#check(values[1]! <= 1, "not a bool"); break;
      case Op.NewObjectFrom: {
        const shape = constants[values[3]!]!;
        this.#check(shape.type === "shape" && shape.keys.length === values[2]! && shape.inlineCapacity >= values[2]!, "the shape does not fit the fields");
        break;
      }
      case Op.Closure: {
        const code = constants[values[2]!]!;
        this.#check(code.type === "code" && code.function.captureCount === length - (counted - pc), "captures do not fit the function");
        for (let at = counted; at < pc + length; at++) {
          const word = words[at]!;
          this.#check(word >>> 17 === 0, "malformed capture");
          this.#check(!isCaptureOfClosure(word) || captureIndex(word) < captureCount, `there is no capture ${captureIndex(word)}`);
        }
      }
    }
  }

  #handler({ start, end, target, register }: Handler): void {
    this.#at = target;
    const { words, frameSize } = this.code;
    const isBoundary = (pc: number): boolean => this.#instructions.has(pc) || pc === words.length;
    this.#check(start < end && isBoundary(start) && isBoundary(end), "malformed handler range");
    this.#check(this.#instructions.has(target) && (target < start || target >= end), "handler starts at no instruction or inside its own range");
    this.#check(register >= 0 && register < frameSize, `register ${register} is outside the frame`);
  }

  #spans(): void {
    let before = -1;
    for (const { pc } of this.code.spans) {
      this.#at = pc;
      this.#check(pc > before && this.#instructions.has(pc), "source map out of order");
      before = pc;
    }
  }
}

/** No register is read before it has been written, on any path. `bound` registers are set by the call. */
function checkAssigned(code: CompiledFunction, instructions: ReadonlyMap<number, Instruction>, bound: number, work?: (steps: number) => void): void {
  const { frameSize, handlers, words } = code;
  analyse<Uint8Array>({ words, handlers, instructions, ...(work === undefined ? {} : { work }) }, {
    entry: () => new Uint8Array(frameSize).fill(1, 0, bound),
    copy: (state) => {
      work?.(state.length >> 6);
      return state.slice();
    },
    meet(into, from) {
      let changed = false;
      for (let reg = 0; reg < frameSize; reg++) {
        if (into[reg] === 1 && from[reg] === 0) {
          into[reg] = 0;
          changed = true;
        }
      }
      return changed;
    },
    before(state, instruction) {
      for (const reg of useOf(words, instruction).reads) if (state[reg] !== 1) throw new InvalidBytecode(`register ${reg} may be read before it is written`, instruction.pc);
    },
    apply(state, instruction) {
      const use = useOf(words, instruction);
      if (use.clobbers >= 0) state.fill(0, use.clobbers);
      for (const reg of use.writes) state[reg] = 1;
    },
    applyNext(state, instruction) {
      for (const reg of useOf(words, instruction).writesNext) state[reg] = 1;
    },
    enterHandler(state, { register }) { state[register] = 1; },
  });
}
