// A compiled program: bytecode for a VM of any world, as plain data. It belongs to no VM; each that runs it links it anew.

import type { CompiledFunction } from "../bytecode/code.ts";
import type { ModuleState } from "../image/frozen.ts";
import type { Source } from "../text/source.ts";
import { encodeProgram } from "./encode.ts";

/** A module that is to run before the program that needs it. Its id, and those in names of globals, count within the program. */
export interface ProgramModule extends ModuleState { readonly source: Source; readonly main: CompiledFunction }

/** How a language writes its quoted data, the constants of type "datum". */
export interface DataCodec {
  /** As what JSON can hold, with positions in the source of number `own`; throws ProgramError for data that has no written form. */
  readonly write: (datum: unknown, own: number) => unknown;
  /** Back; throws ProgramError for all that `write` cannot have made. */
  readonly read: (written: unknown) => unknown;
}

export interface ProgramParts {
  readonly language: string;
  readonly source: Source;
  readonly main: CompiledFunction;
  /** Dependencies first. */
  readonly modules: readonly ProgramModule[];
  /** Names of the globals it defines. */
  readonly defines: readonly string[];
  /** It has functions with by-reference parameters. */
  readonly refFunctions: boolean;
  /** Null for a language without quoted data. */
  readonly data: DataCodec | null;
}

export let partsOf: (program: Program) => ProgramParts;

/** A program that is compiled and needs no front end any more; made by `vm.compile` and `vm.load`, run by `vm.run`, in any VM that has its language. */
export class Program {
  static {
    partsOf = (program) => program.#parts;
  }

  readonly #parts: ProgramParts;

  /** Not for embedders: `vm.compile` and `vm.load` make programs. */
  constructor(parts: ProgramParts) { this.#parts = parts; }

  /** Name of its source. */
  get name(): string { return this.#parts.source.name; }
  /** Name of its language. */
  get language(): string { return this.#parts.language; }
  /** Paths of the modules it brings along, in the order they run. */
  get modules(): readonly string[] { return this.#parts.modules.map(({ path }) => path); }

  /** The program as bytes that can be kept: `vm.load` gives it back, on builds with the same instruction set. Throws ProgramError when a constant cannot be written. */
  toBytes(): Uint8Array { return encodeProgram(this.#parts); }
}
