// From a compiled program to bytes. Functions come before those that hold them, so a reader has an inner function when it
// meets its number; what decode.ts reads must be what is written here, field by field.

import { type CompiledFunction, type Constant, type LiteralConstant, innerFirst } from "../bytecode/code.ts";
import { decode } from "../bytecode/encoding.ts";
import { nativeIn } from "../bytecode/register-use.ts";
import { NATIVES } from "../library/registry.ts";
import { VERSION } from "../version.ts";
import { ByteWriter } from "./bytes.ts";
import { ProgramError } from "./errors.ts";
import { CONSTANT_TYPES, HEADER_BYTES, seal } from "./format.ts";
import type { DataCodec, ProgramModule, ProgramParts } from "./program.ts";

export function encodeProgram({ language, source, main, modules, defines, refFunctions, data }: ProgramParts): Uint8Array {
  const out = new ByteWriter(), text = (value: string): void => out.text(value), functions = innerFirst([...modules.map((each) => each.main), main]);
  text(VERSION);
  text(language);
  text(source.name);
  text(source.text);
  out.byte(refFunctions ? 1 : 0);
  out.list(defines, text);
  out.list([...nativesOf(functions.keys())], (id) => {
    out.natural(id);
    text(NATIVES[id]!.name);
  });
  const writer = new FunctionWriter(out, functions, data);
  out.list([...functions.keys()], (each) => writer.write(each));
  out.list(modules, (each) => writeModule(out, each, functions));
  out.natural(functions.get(main)!);
  const bytes = new Uint8Array(HEADER_BYTES + out.length);
  bytes.set(out.bytes, HEADER_BYTES);
  return seal(bytes);
}

/** Ids of the natives that instructions call. */
function nativesOf(functions: Iterable<CompiledFunction>): Set<number> {
  const found = new Set<number>();
  for (const { words } of functions) {
    for (let pc = 0; pc < words.length;) {
      const instruction = decode(words, pc)!, id = nativeIn(instruction);
      if (id >= 0) found.add(id);
      pc += instruction.length;
    }
  }
  return found;
}

function writeModule(out: ByteWriter, { path, id, prefix, names, exports, types, refFunctions, source, main }: ProgramModule, functions: ReadonlyMap<CompiledFunction, number>): void {
  const text = (value: string): void => out.text(value);
  text(path);
  text(source.text);
  out.natural(id);
  text(prefix);
  out.list(names, ([name, global]) => {
    text(name);
    text(global);
  });
  out.list(exports, text);
  out.list(types, text);
  out.byte(refFunctions ? 1 : 0);
  out.natural(functions.get(main)!);
}

/** Compiled programs have data of their own source only; see DataCodec. */
const OWN_DATA = -1;

/** Writes functions, each with the numbers of those inside of it. */
export class FunctionWriter {
  constructor(readonly out: ByteWriter, readonly functions: ReadonlyMap<CompiledFunction, number>, readonly data: DataCodec | null) {}

  write({ name, frameSize, paramCount, requiredCount, flags, captureCount, refParams, paramNames, captureNames, words, constants, handlers, spans }: CompiledFunction): void {
    const { out } = this, text = (value: string): void => out.text(value);
    text(name);
    for (const field of [frameSize, paramCount, requiredCount, flags, captureCount]) out.natural(field);
    out.word(refParams);
    out.list(paramNames, text);
    out.list(captureNames, text);
    out.natural(words.length);
    for (const word of words) out.word(word);
    out.list(constants, (each) => this.#constant(each));
    out.list(handlers, ({ start, end, target, register }) => { for (const field of [start, end, target, register]) out.natural(field); });
    out.list(spans, ({ pc, start, end }) => { for (const field of [pc, start, end]) out.natural(field); });
  }

  #constant(constant: Constant): void {
    const { out } = this;
    out.byte(CONSTANT_TYPES.indexOf(constant.type));
    switch (constant.type) {
      case "global": case "cache": return out.text(constant.name);
      case "cacheState": return;
      case "code": return out.natural(this.functions.get(constant.function)!);
      case "shape":
        out.natural(constant.inlineCapacity);
        return out.list(constant.keys, (key) => out.text(key));
      case "names": return out.list(constant.names, (name) => {
        out.byte(name === null ? 0 : 1);
        if (name !== null) out.text(name);
      });
      default: this.#literal(constant);
    }
  }

  #literal(literal: LiteralConstant): void {
    const { out } = this;
    switch (literal.type) {
      case "null": case "hole": case "empty": return;
      case "bool": return out.byte(literal.value ? 1 : 0);
      case "f32": case "f64": return out.double(literal.value);
      case "i64": case "u64": case "int": return out.text(String(literal.value));
      case "string": return out.raw(literal.value);
      case "symbol": case "native": case "keyword": return out.text(literal.value);
      case "array": return out.list(literal.value, (each) => this.#constant(each));
      case "datum": return out.text(JSON.stringify(this.#datum(literal.value)));
      default: out.word(literal.value);
    }
  }

  #datum(value: unknown): unknown {
    if (this.data === null) throw new ProgramError("constant", "the program has quoted data, which its language cannot write");
    return this.data.write(value, OWN_DATA);
  }
}
