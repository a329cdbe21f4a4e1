// Bytecode as text: for people, goldens and `boxelder dis`. No addresses: jumps name instruction numbers, constants show
// their values. Works on whatever decodes, verified or not.
//
//   function add(a, b)  params 2, frame 5
//      0  Add              r2 r0 r1
//      1  JumpIfLessI      r2 10 ->3
//      …
//   handlers:  0..2 ->5 r3

import { ParamFlag } from "../../heap/layout.ts";
import { type CompiledFunction, type Constant, nestedFunctions } from "./code.ts";
import { captureIndex, decode, type Instruction, isCaptureOfClosure, jumpTarget } from "./encoding.ts";
import { primitiveAt } from "../ir/primitives.ts";
import { CallForm, Op, type Operand, Resume } from "./opcodes.ts";
import { countedWords } from "./register-use.ts";

export interface DisassembleOptions {
  /** Text for a native, by index. */
  readonly nativeName?: (index: number) => string;
  /** Text put behind an instruction, given the start of its source range. */
  readonly note?: (offset: number) => string;
}

const NAME_WIDTH = 17;
const FORM_NAMES: { readonly [form: number]: string } = {
  [CallForm.Call]: "Call", [CallForm.CallMethod]: "CallMethod", [CallForm.CallMethodOpt]: "CallMethodOpt", [CallForm.CallNative]: "CallNative",
  [CallForm.CallNamed]: "CallNamed", [CallForm.CallMethodNamed]: "CallMethodNamed", [CallForm.Apply]: "Apply",
};
const FLAG_NAMES: readonly (readonly [ParamFlag, string])[] = [
  [ParamFlag.Rest, "rest"], [ParamFlag.Self, "self"], [ParamFlag.Defaults, "defaults"], [ParamFlag.Async, "async"], [ParamFlag.HasRefs, "refs"], [ParamFlag.Library, "library"], [ParamFlag.Lisp, "lisp"],
];

/** The function and all functions within, outermost first. */
export function disassemble(compiled: CompiledFunction, options: DisassembleOptions = {}): string {
  const seen = new Set<CompiledFunction>(), parts: string[] = [];
  const pending = [compiled];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    parts.push(new Listing(next, options).text());
    pending.unshift(...nestedFunctions(next));
  }
  return parts.join("\n");
}

const textOfBytes = (bytes: Uint8Array): string => JSON.stringify(new TextDecoder().decode(bytes));

export function constantText(constant: Constant | undefined): string {
  if (constant === undefined) return "?";
  switch (constant.type) {
    case "null": case "hole": return constant.type;
    case "empty": return "'()";
    case "keyword": return `:${constant.value}`;
    case "int": return String(constant.value);
    case "datum": return "datum";
    case "bool": return String(constant.value);
    case "string": return textOfBytes(constant.value);
    case "f64": return Object.is(constant.value, -0) ? "-0.0" : Number.isInteger(constant.value) ? constant.value.toFixed(1) : String(constant.value);
    case "array": return `[${constant.value.map(constantText).join(", ")}]`;
    case "symbol": return constant.value;
    case "global": return `$${constant.name}`;
    case "code": return `fn ${constant.function.name}`;
    case "shape": return `{${constant.keys.join(", ")}} inline ${constant.inlineCapacity}`;
    case "cache": return `.${constant.name}`;
    case "cacheState": return "cache";
    case "names": return `(${constant.names.map((name) => name ?? "_").join(", ")})`;
    default: return `${constant.value}${constant.type === "i32" ? "" : `:${constant.type}`}`;
  }
}

class Listing {
  readonly #instructions: Instruction[] = [];
  /** Instruction number by pc. */
  readonly #numbers = new Map<number, number>();

  constructor(readonly code: CompiledFunction, readonly options: DisassembleOptions) {
    for (let pc = 0; pc < code.words.length;) {
      const instruction = decode(code.words, pc);
      if (instruction === null) break;
      this.#numbers.set(pc, this.#instructions.push(instruction) - 1);
      pc += instruction.length;
    }
  }

  text(): string {
    const lines = [this.#head()];
    for (const instruction of this.#instructions) lines.push(this.#line(instruction));
    const { handlers } = this.code;
    if (handlers.length > 0) lines.push("  handlers:");
    for (const { start, end, target, register } of handlers) {
      lines.push(`    ${this.#number(start)}..${this.#number(end)} ->${this.#number(target)} r${register}`);
    }
    return `${lines.join("\n")}\n`;
  }

  #head(): string {
    const { name, paramNames, frameSize, captureCount, flags, paramCount, requiredCount } = this.code;
    const facts = [`frame ${frameSize}`];
    if (captureCount > 0) facts.push(`captures ${captureCount}`);
    if (requiredCount !== paramCount) facts.push(`required ${requiredCount}`);
    for (const [flag, text] of FLAG_NAMES) if ((flags & flag) !== 0) facts.push(text);
    return `function ${name}(${paramNames.join(", ")})  ${facts.join(", ")}`;
  }

  /** Number of the instruction at a pc; one past the last for the end of the code. */
  #number(pc: number): string {
    const number = this.#numbers.get(pc);
    return number === undefined ? pc === this.code.words.length ? String(this.#instructions.length) : `?${pc}` : String(number);
  }

  #line(instruction: Instruction): string {
    const { info, pc, values } = instruction;
    const operands = info.operands.map((operand, i) => this.#operand(instruction, operand, values[i]!)).concat(this.#counted(instruction));
    const number = String(this.#numbers.get(pc)).padStart(5);
    const note = this.options.note?.(this.#offset(pc)) ?? "";
    return `${number}  ${info.name.padEnd(NAME_WIDTH)} ${operands.join(" ")}`.trimEnd() + (note === "" ? "" : `  ; ${note}`);
  }

  #operand(instruction: Instruction, { kind, at }: Operand, value: number): string {
    const { op, values } = instruction;
    switch (kind) {
      case "dst": case "src": case "both": case "window": return `r${value}`;
      case "const": case "cache": return `k${value}=${constantText(this.code.constants[value])}`;
      case "jump": return `->${this.#number(jumpTarget(instruction, value))}`;
      case "native": return this.#native(value);
      case "resume": return `(${value >> 8 & (Resume.Negated | Resume.ThroughNot) ? "not " : ""}${primitiveAt(value >> 8 & Resume.Index) ?? "?"} r${value & 0xff})`;
      case "count": return `#${value}`;
      case "imm":
        if (op !== Op.CallX) return String(value);
        return at === "c" ? FORM_NAMES[value] ?? `form ${value}` : this.#extra(values[1]!, value);
    }
  }

  /** Last operand of CallX. */
  #extra(form: number, value: number): string {
    if (form === CallForm.CallNative) return this.#native(value);
    return form === CallForm.Call || form === CallForm.Apply ? String(value) : `k${value}=${constantText(this.code.constants[value])}`;
  }

  #native(index: number): string {
    return this.options.nativeName?.(index) ?? `native${index}`;
  }

  /** Captured variables of a Closure, targets of a JumpTable. */
  #counted(instruction: Instruction): string[] {
    const words = countedWords(this.code.words, instruction);
    if (instruction.op === Op.JumpTable) return words.map((distance) => `->${this.#number(jumpTarget(instruction, distance))}`);
    return words.map((word) => (isCaptureOfClosure(word) ? `c${captureIndex(word)}` : `r${captureIndex(word)}`));
  }

  /** Start of the source range an instruction belongs to. */
  #offset(pc: number): number {
    const { spans } = this.code;
    let found = 0;
    for (const span of spans) {
      if (span.pc > pc) break;
      found = span.start;
    }
    return found;
  }
}
