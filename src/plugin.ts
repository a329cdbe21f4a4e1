// A language as a plug-in: all a VM needs of it. Nothing else in the core knows a language by name, so a bundle carries
// only those it imports. How to make one: README.md.

import type { LanguageBorder } from "./embed/language-border.ts";
import type { Restart } from "./embed/results.ts";
import type { CompileSettings, Engine } from "./engines.ts";
import type { Compilation, FrontOptions, Language } from "./front/language.ts";
import type { NativeTable } from "./library/registry.ts";
import type { DataCodec } from "./program/program.ts";
import type { PrebuiltWorld } from "./prebuilt-world.ts";
import type { Diagnostic } from "./text/diagnostics.ts";
import type { Source } from "./text/source.ts";
import type { GuestRules } from "./vm/rules.ts";
import type { Services } from "./vm/services.ts";
import type { Vm } from "./vm/vm.ts";

export interface LanguagePlugin {
  /** Name, file extensions, front end. */
  readonly language: Language;
  /** Guest frames that may be in use at a time, unless the host gives a limit. */
  readonly stackDepth: number;
  /** What worlds have for it besides the library of Hemlock, which all have. */
  readonly library: LanguageLibrary | null;
  /** The program that a run of the text starts with. `interactive`: errors nobody handles offer restarts. */
  readonly program: (source: Source, options: FrontOptions, interactive: boolean) => Compilation;
  /**
   * Compiles a program that is to be kept, for languages whose `program` is not compiled before it runs. `vm`: a scratch copy of the
   * VM, in which it may run what compiling needs. Null: what `program` gives will do.
   */
  readonly ahead: ((vm: Vm, source: Source) => Compilation) | null;
  /** How quoted data is written, null for a language without any. */
  readonly data: DataCodec | null;
  /** Text of the value in a slot, as the language writes the value of a program. */
  readonly valueText: (vm: Vm, slot: number) => string;
  /** Text of the exception in a slot that nobody caught. */
  readonly errorText: (vm: Vm, slot: number) => string;
  /** What to do about it; null when there is nothing to say. */
  readonly hint: (vm: Vm, slot: number) => string | null;
  /** What valueText gives for no value; sessions do not show it. */
  readonly nothing: string;
  /** Matches the name before the cursor at the end of a line, for completion. */
  readonly word: RegExp;
  /** Names for completion: what globals hold, builtins, … */
  readonly names: (vm: Vm) => string[];
  /** How its names and values look to a host. */
  readonly border: LanguageBorder;
  /** Ways to go on after an error, for languages that have any. */
  readonly restarts: Restarts | null;
}

/** A language's part of a world, and what serves it there. */
export interface LanguageLibrary {
  readonly natives: NativeTable;
  /** Rules of calling and errors of its functions, if they are not Hemlock's. */
  readonly rules: GuestRules | null;
  /** Globals that hold natives, by their whole names. */
  readonly nativeGlobals: () => Iterable<readonly [global: string, id: number]>;
  /** Functions of its sources that every world has from the start: what the engine calls by itself, and what each program needs. */
  readonly always: readonly string[];
  /** How it writes quoted data, as in the plug-in. */
  readonly data: DataCodec | null;
  /** Numbers that are values of globals. */
  readonly constants: { readonly [global: string]: number };
  /** The parts written in the language itself, in the order they run. */
  readonly sources: () => Source[];
  readonly compile: (source: Source) => Compilation;
  /** Prepares a world for the sources. */
  readonly prepare: (vm: Vm) => void;
  /** Compiling at run time, for a VM that runs on this engine. */
  readonly services: (engine: Engine, settings: CompileSettings) => Services;
  /** A world with the library of Hemlock and this one, when the build made it. */
  readonly prebuilt: PrebuiltWorld | null;
}

/** The restarts of a run that is parked and asks for one. */
export interface Restarts {
  readonly offered: (vm: Vm) => Restart[];
  /** Answers with one of them and the text of its arguments; problems with the text come back, and nothing is answered. */
  readonly choose: (vm: Vm, index: number, argument: Source) => readonly Diagnostic[];
}
