// The plug-in interface of languages. A language turns a source into a core IR program and diagnostics; it knows the IR
// and nothing below it, so everything it must know about the library comes in as functions.

import type { Program } from "../ir/nodes.ts";
import type { Diagnostic } from "../text/diagnostics.ts";
import type { Source } from "../text/source.ts";

export interface FrontOptions {
  /** Is this the name of a native function of the library? */
  readonly isBuiltin: (name: string) => boolean;
  /** Global that holds the library value of this name when it is not a native (apply -> $apply), else null. */
  readonly libraryGlobal: (name: string) => string | null;
  /** Names for "did you mean" hints. */
  readonly builtinNames?: Iterable<string>;
  /** Library mode: names may start with $ and then contain dots. */
  readonly library?: boolean;
  /** May library calls become Primitive nodes (languages that have them)? Default true. */
  readonly primitives?: boolean;
  /** One input of an interactive session: globals may be redefined, the last ";" may be missing. */
  readonly repl?: boolean;
  /** Globals that exist before the program runs. */
  readonly knownGlobals?: ReadonlySet<string>;
  /** Earlier code of the session has functions with by-reference parameters. */
  readonly refFunctions?: boolean;
}

export interface Compilation {
  /** Null when there are errors. */
  readonly program: Program | null;
  readonly diagnostics: readonly Diagnostic[];
  /** The source has functions with by-reference parameters: a session passes it on as `refFunctions`. */
  readonly refFunctions: boolean;
  /** Global names the source defines, for the `knownGlobals` of later inputs. */
  readonly definedGlobals: ReadonlySet<string>;
}

export interface Language {
  readonly name: string;
  readonly extensions: readonly string[];
  /** Words of the syntax, for completion. */
  readonly keywords: readonly string[];
  /** How each special form is written, by name, for languages made of forms. */
  readonly forms?: ReadonlyMap<string, string>;
  /** Could more lines turn this into a complete input? Without it, that is so when the first error is at the end. */
  readonly isIncomplete?: (text: string) => boolean;
  /** Parses and lowers. Never throws for bad programs: they come back as diagnostics. */
  compile(source: Source, options: FrontOptions): Compilation;
}
