// From bytes to a program, checked as far as types and ranges go: what comes out is of the form the compiler makes. Whether it
// may run is for check.ts to say.

import { ParamFlag } from "../../heap/layout.ts";
import { type CompiledFunction, type Constant, type LiteralConstant } from "../bytecode/code.ts";
import { findNative, NATIVES } from "../library/registry.ts";
import { Source } from "../text/source.ts";
import { ByteReader } from "./bytes.ts";
import { damaged, ProgramError } from "./errors.ts";
import { CONSTANT_TYPES, unseal } from "./format.ts";
import { mayCall, mayHold, mayName } from "../library/internals.ts";
import type { DataCodec, ProgramModule, ProgramParts } from "./program.ts";

/** Most registers of a frame: what a link has room for. */
const MOST_REGISTERS = 0xffff;
const MOST_FLAGS = 2 * ParamFlag.Lisp - 1;
/** Room for fields inside an object, at most. */
const MOST_INLINE = 32;
/** Levels of arrays within a constant. */
const MOST_LEVELS = 100;
const MAX_WORD = 0x7fff_ffff;

export interface Decoded extends Omit<ProgramParts, "data"> {
  /** Every function once. */
  readonly functions: readonly CompiledFunction[];
  /** Ids of the natives it may call. */
  readonly natives: ReadonlySet<number>;
}

/** What a program says of itself. */
export interface ProgramDescription { readonly boxelder: string; readonly language: string; readonly name: string }

/** Reads what a program says of itself. Throws ProgramError. */
export function describeProgram(bytes: Uint8Array): ProgramDescription {
  const read = new ByteReader(unseal(bytes));
  return { boxelder: read.text(), language: read.text(), name: read.text() };
}

/** `dataOf`: how a language writes its data, null for one that has none; throws for a language that is not there. */
export function decodeProgram(bytes: Uint8Array, dataOf: (language: string) => DataCodec | null): Decoded {
  const read = new ByteReader(unseal(bytes)), text = (): string => read.text();
  text();
  const language = text(), data = dataOf(language), source = new Source(text(), text()), refFunctions = flag(read), defines = read.list(text), natives = readNatives(read);
  const functions: CompiledFunction[] = [], reader = new FunctionReader(read, functions, data);
  read.list(() => functions.push(reader.read()));
  const main = (): CompiledFunction => mainOf(functions[read.natural()]), modules = read.list(() => readModule(read, main));
  if (new Set(modules.map(({ id }) => id)).size !== modules.length) damaged("two modules with one number");
  const program = { language, source, main: main(), modules, defines, refFunctions, functions, natives };
  if (!read.isAtEnd) damaged("it holds more than a program");
  return program;
}

function flag(read: ByteReader): boolean {
  const byte = read.byte();
  return byte < 2 ? byte === 1 : damaged("neither true nor false");
}

/** A function that runs by itself. */
function mainOf(found: CompiledFunction | undefined): CompiledFunction {
  if (found === undefined || found.paramCount !== 0 || found.captureCount !== 0 || (found.flags & (ParamFlag.Rest | ParamFlag.Self)) !== 0) damaged("a main function that is none");
  return found;
}

/** The natives by the ids they have here, which are the same in every build that has them. */
function readNatives(read: ByteReader): Set<number> {
  const missing: string[] = [], ids = read.list(() => {
    const id = read.natural(), name = read.text();
    if (NATIVES[id]?.name !== name || name === "") missing.push(name);
    else if (!mayCall(name)) damaged(`it calls ${name}, which no program can`);
    return id;
  });
  if (missing.length > 0) {
    throw new ProgramError("missing", `the compiled program needs functions of the library that this build lacks: ${missing.sort().join(", ")}; run it with the version that compiled it, or compile it again`, missing);
  }
  return new Set(ids);
}

function readModule(read: ByteReader, main: () => CompiledFunction): ProgramModule {
  const text = (): string => read.text(), path = text(), source = new Source(path, text()), id = read.natural(MAX_WORD), prefix = text();
  if (prefix !== `${id}:`) damaged("a module whose names begin with another number than its own");
  const names = read.list((): readonly [string, string] => [text(), text()]);
  return { path, source, id, prefix, names, exports: read.list(text), types: read.list(text), refFunctions: flag(read), main: main() };
}

/** Which globals and native functions code may name. */
export interface NameRules { readonly mayName: (global: string) => boolean; readonly mayHold: (native: string) => boolean }
const OF_PROGRAMS: NameRules = { mayName, mayHold };

/** Reads functions, those before others hold among the ones that are known. */
export class FunctionReader {
  constructor(readonly in_: ByteReader, readonly known: readonly CompiledFunction[], readonly data: DataCodec | null, readonly rules: NameRules = OF_PROGRAMS) {}

  read(): CompiledFunction {
    const { in_: read } = this, text = (): string => read.text(), natural = (most = MAX_WORD): number => read.natural(most);
    const name = text(), frameSize = natural(MOST_REGISTERS), paramCount = natural(MOST_REGISTERS), requiredCount = natural(paramCount), flags = natural(MOST_FLAGS), captureCount = natural(MOST_REGISTERS);
    const refParams = read.word(), paramNames = read.list(text), captureNames = read.list(text), words = Int32Array.from(read.list(() => read.word()));
    if (paramNames.length !== paramCount + (flags & ParamFlag.Rest ? 1 : 0)) damaged("a function with another number of names than parameters");
    if (captureNames.length !== captureCount && captureNames.length !== 0) damaged("a function with another number of names than captures");
    const constants = read.list(() => this.#constant(0));
    const handlers = read.list(() => ({ start: natural(), end: natural(), target: natural(), register: natural() }));
    const spans = read.list(() => ({ pc: natural(), start: natural(), end: natural() }));
    return { name, words, constants, handlers, spans, frameSize, paramCount, requiredCount, flags, captureCount, captureNames, paramNames, refParams, claims: null };
  }

  #constant(level: number): Constant {
    const { in_: read } = this, type = CONSTANT_TYPES[read.byte()];
    switch (type) {
      case "cache": return { type, name: read.text() };
      case "global": {
        const name = read.text();
        return this.rules.mayName(name) ? { type, name } : damaged(`it names ${name}, which no program can`);
      }
      case "cacheState": return { type };
      case "code": return { type, function: this.known[read.natural()] ?? damaged("a function that comes later") };
      case "shape": {
        const inlineCapacity = read.natural(MOST_INLINE), keys = read.list(() => read.text());
        return new Set(keys).size === keys.length ? { type, keys, inlineCapacity } : damaged("an object with one key twice");
      }
      case "names": return { type, names: read.list(() => (flag(read) ? read.text() : null)) };
      case undefined: return damaged("a constant of no type");
      default: return this.#literal(type, level);
    }
  }

  #literal(type: LiteralConstant["type"], level: number): LiteralConstant {
    const { in_: read } = this;
    switch (type) {
      case "null": case "hole": case "empty": return { type };
      case "bool": return { type, value: flag(read) };
      case "f32": case "f64": return { type, value: read.double() };
      case "i64": case "u64": case "int": return { type, value: integer(type, read.text()) };
      case "string": return { type, value: read.raw().slice() };
      case "symbol": case "keyword": return { type, value: read.text() };
      case "native": return { type, value: this.#nativeName(read.text()) };
      case "array": return { type, value: this.#items(level + 1) };
      case "datum": return { type, value: this.#datum(read.text()) };
      default: return { type, value: small(type, read.word()) };
    }
  }

  #items(level: number): LiteralConstant[] {
    if (level > MOST_LEVELS) damaged("a constant of too many levels");
    return this.in_.list(() => {
      const item = this.#constant(level);
      return item.type in LITERALS ? item as LiteralConstant : damaged("an array of what is no literal");
    });
  }

  #nativeName(name: string): string { return findNative(name) < 0 || !this.rules.mayHold(name) ? damaged(`there is no native ${name}`) : name; }

  #datum(text: string): unknown {
    if (this.data === null) damaged("quoted data of a language that has none");
    let written: unknown;
    try {
      written = JSON.parse(text);
    } catch {
      damaged("quoted data that cannot be read");
    }
    return this.data.read(written);
  }
}

/** What an array among the constants may hold. */
const LITERALS: { readonly [T in Constant["type"]]?: true } = {
  null: true, bool: true, i8: true, i16: true, i32: true, u8: true, u16: true, u32: true, f32: true, f64: true, rune: true, type: true, i64: true, u64: true, string: true, symbol: true, native: true, array: true,
};

/** Digits of an integer constant, at most; reading them takes time that grows faster than their number. */
const MOST_DIGITS = 20_000;

function integer(type: "i64" | "u64" | "int", text: string): bigint {
  if (!/^-?\d+$/.test(text) || text.length > MOST_DIGITS) damaged("a number that is none");
  const value = BigInt(text);
  if (type !== "int" && value !== (type === "i64" ? BigInt.asIntN(64, value) : BigInt.asUintN(64, value))) damaged("a number out of its range");
  return value;
}

type Small = "i8" | "i16" | "i32" | "u8" | "u16" | "u32" | "rune" | "type";
const RANGES: { readonly [T in Small]: readonly [number, number] } = {
  i8: [-0x80, 0x7f], i16: [-0x8000, 0x7fff], i32: [-0x8000_0000, MAX_WORD], u8: [0, 0xff], u16: [0, 0xffff], u32: [-0x8000_0000, MAX_WORD], rune: [0, 0x10ffff], type: [0, 0x40],
};

function small(type: Small, word: number): number {
  const [low, high] = RANGES[type];
  if (word < low || word > high) damaged("a number out of its range");
  return type === "u32" ? word >>> 0 : word;
}
