// The plug-in interface of languages. A language turns a source into a core IR program and diagnostics; it knows the IR
// and nothing below it, so everything it must know about the library comes in as functions.

import type { Program } from "../ir/nodes.ts";
import type { Diagnostic } from "../text/diagnostics.ts";
import type { Source, Span } from "../text/source.ts";

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
  /** The other files this one uses; left out where there are none to be had. */
  readonly modules?: ModuleLinks;
}

/** What one file asks another for: the request as written, and where. */
export interface ModuleRequest { readonly path: string; readonly span: Span }

/** A module as the files that import it see it. */
export interface ModuleInterface {
  /** What the names of its globals begin with. */
  readonly prefix: string;
  /** Global behind each name that other files may ask for by name. */
  readonly names: ReadonlyMap<string, string>;
  /** Those that come with "everything". */
  readonly exports: ReadonlySet<string>;
  /** Names of its types, which need no import: every loaded file sees them. */
  readonly types: ReadonlySet<string>;
}

/** How the requests of a source were answered. */
export interface ModuleLinks {
  /** What the names of this source's globals begin with; "" for a main program. */
  readonly prefix: string;
  /** Null when the request could not be met, which has been reported. */
  readonly find: (request: string) => ModuleInterface | null;
  /** Globals that hold the bodies of modules that are to run before this program, in order; each is null once it ran. */
  readonly bodies: readonly string[];
}

/** What a language with modules provides besides `compile`. */
export interface LanguageModules {
  /** The other files a source asks for, in order; empty when it cannot be parsed. */
  requests(source: Source): readonly ModuleRequest[];
  /** `links` need not have bodies. */
  interfaceOf(source: Source, links: ModuleLinks): ModuleInterface;
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
  readonly modules?: LanguageModules;
  /** Warnings about a source without errors that are worth looking for only when somebody asks. */
  readonly check?: (source: Source) => readonly Diagnostic[];
  /** Parses and lowers. Never throws for bad programs: they come back as diagnostics. */
  compile(source: Source, options: FrontOptions): Compilation;
}
