// What natives and literals need of the layers above the engine: reading and compiling text while a script runs. Whoever
// puts a VM together hands them in; a VM without them has languages that need none.

import { Bug } from "../../heap/debug.ts";
import type { Diagnostic } from "../text/diagnostics.ts";
import type { Vm } from "./vm.ts";

/** All work on slots: they may collect, and raise errors of the script. */
export interface Services {
  /** Index in vm.sources of the source that stands for data made by programs, -1 for none yet. A world that is copied takes it along. */
  evalSource: number;
  /** Why the last form was refused, for whoever shows the exception that says so to a person. `condition`: its cell. */
  readonly refused: { readonly condition: number; readonly diagnostics: readonly Diagnostic[] } | null;
  /**
   * Compiles a form that is data. dst becomes a procedure without parameters; a vector of the forms it stands for, with in
   * front of them what is to be `origin` for these; or, when procedural macros must be expanded first, a list of their calls
   * (see the front end's `pending`). `expansions`: what earlier rounds gave, `environment`: an Environment or null,
   * `origin`: list of the macro calls that the form came of.
   */
  compile(vm: Vm, dst: number, form: number, expansions: number, environment: number, origin: number): void;
  /** Expands the outermost macro call of a form once; like compile, it may ask for an expansion first. */
  expand(vm: Vm, dst: number, form: number, expansions: number): void;
  /** Reads the first datum of a text (nil when there is none), or a list of all. The place behind it; -1 when there was none. */
  read(vm: Vm, dst: number, text: string, all: boolean): number;
  /** Reads a file: dst becomes the list of its forms, whose places are known by the path. `folded`: letter case in names does not count. */
  readFile(vm: Vm, dst: number, path: string, text: string, folded: boolean): void;
  /** Length of the datum that begins at an offset of a text; 0 when there is none. */
  datumLength(text: string, at: number): number;
  /** Names of the library's globals, without prefix. */
  libraryNames(): readonly string[];
  /** The names that a list of forms defines, as far as their shapes tell. */
  definedNames(vm: Vm, forms: number): readonly string[];
  /** Makes quoted data, as the front end described it, into a value. `sourceId`: index in vm.sources of where it was read. */
  storeDatum(vm: Vm, dst: number, datum: unknown, sourceId: number): void;
  /** How the special form of this name is written; null when there is none. */
  describeForm(name: string): string | null;
}

const missing = (): never => { throw new Bug("this VM was made without the services of a language that compiles at run time"); };

export const NO_SERVICES: Services = {
  evalSource: -1, refused: null, compile: missing, expand: missing, read: missing, readFile: missing, datumLength: () => 0, storeDatum: missing, libraryNames: missing, definedNames: missing, describeForm: () => null,
};
