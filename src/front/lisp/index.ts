// The Lisp language plug-in.
//
// A program is run form by form: `readProgram` reads all forms, `compileForm` compiles one when those before it have run,
// so that it can know their macros. Procedural macros are procedures of the program, which nobody here may call:
// compileForm then gives the calls to be expanded (`pending`), and is asked again with the expansions. `compile` lowers a
// whole source at once, for tools and for the library's own sources.

import * as b from "../../ir/builder.ts";
import type { Node, Program } from "../../ir/nodes.ts";
import type { Diagnostic } from "../../text/diagnostics.ts";
import { Source } from "../../text/source.ts";
import type { Compilation, FrontOptions, Language } from "../language.ts";
import { type Datum, type HeapDatum, type ListDatum, listDatum, symbol, THIS_SOURCE } from "./datum.ts";
import { definedName } from "./definitions.ts";
import { expandOnce } from "./expansion.ts";
import { callsFrom, type GlobalMeaning, type LoweringOptions, type Origin, type PendingCall } from "./lowering.ts";
import { type Reading, type Spend, readAll, readFirst } from "./reader.ts";
import { attempt, lowerTopLevel, mainFunction, newLowering } from "./top-level.ts";
import { USAGE } from "./usage.ts";

export type { Reading } from "./reader.ts";
export type { GlobalMeaning, PendingCall } from "./lowering.ts";
export { definedNames } from "./definitions.ts";

export const lisp: Language = { name: "lisp", extensions: [".lisp", ".scm", ".sema"], keywords: [...USAGE.keys()], forms: USAGE, isIncomplete, compile };

export interface FormOptions {
  /** What diagnostics point into, and the source of data that stands in it (default: data that was just read). */
  readonly source: Source;
  readonly sourceId?: number;
  /** Is there a native of this name (with prefix)? Needed for library code only. */
  readonly isBuiltin?: (name: string) => boolean;
  /** Meaning of a global name (without prefix). Default: unknown. */
  readonly global?: (name: string) => GlobalMeaning;
  /** The module the form belongs to; default: the program. */
  readonly module?: string | null;
  /** The name of the global that a name means in a module. */
  readonly qualify?: (name: string, module: string) => string;
  /** The expansion of the call with this key, when an earlier round gave it; null for one that contains itself. */
  readonly expansion?: (key: string) => Datum | null | undefined;
  /** The text that data with another source stand in. */
  readonly sourceOf?: (source: number) => Source | undefined;
  /** Macro calls that the form came of, innermost first. */
  readonly origin?: readonly ListDatum[];
  /** Default true: calls of some library functions become Primitive nodes. */
  readonly primitives?: boolean;
  readonly library?: boolean;
  /** Called before memory is taken, with about how many bytes. */
  readonly spend?: Spend;
  /** Default false: the last call of the form takes the place of the form. */
  readonly keepsFrame?: boolean;
  /** Variables the form can see besides globals, and the Environment value that has them. */
  readonly environment?: { readonly names: readonly string[]; readonly value: HeapDatum } | null;
}

/** Exactly one of program, forms and pending calls, or diagnostics with errors. */
export interface FormResult {
  readonly program: Program | null;
  /** The form stands for these (a top-level begin): compile and run one after the other; the value is that of the last. */
  readonly forms: readonly Datum[] | null;
  /** Macro calls that these forms came of, innermost first. */
  readonly origin: readonly ListDatum[];
  /** Macro calls to be expanded before the form can be compiled. */
  readonly pending: readonly PendingCall[];
  readonly diagnostics: readonly Diagnostic[];
}

const UNKNOWN: GlobalMeaning = { kind: "unknown" };

function loweringOptions(options: FormOptions): LoweringOptions {
  return {
    source: options.source, sourceOf: options.sourceOf ?? (() => undefined), origin: options.origin ?? [], sourceId: options.sourceId ?? THIS_SOURCE, isBuiltin: options.isBuiltin ?? (() => false), global: options.global ?? (() => UNKNOWN),
    expansion: options.expansion ?? (() => undefined), primitives: options.primitives ?? true, library: options.library ?? false, module: options.module ?? null, qualify: options.qualify ?? ((name) => name), environment: options.environment ?? null, spend: options.spend ?? (() => {}),
  };
}

/** All forms of a text, in the order they are to be run; `folded`: letter case in names does not count. */
export function readProgram(source: Source, spend?: Spend, folded?: boolean): Reading {
  const reading = readAll(source, spend, folded);
  return { ...reading, forms: hoistMacros(reading.forms) };
}

/** Forms to be evaluated: they travel as values, of which only lists know where they stand. */
export const placedForms = (forms: readonly Datum[]): Datum[] =>
  forms.map((form) => (form.kind === "symbol" || form.kind === "vector" || form.kind === "map" ? listDatum([symbol("%form", form), form], form) : form));
/** The first datum of a text, from an offset on. */
export const readDatum = (source: Source, spend?: Spend, from = 0): Reading => readFirst(source, from, spend);
/** Could more lines turn this into a complete input? */
export function isIncomplete(text: string): boolean { return readAll(new Source("<repl>", text)).incomplete; }

export function compileForm(datum: Datum, options: FormOptions): FormResult {
  const lw = newLowering(loweringOptions(options)), lowered = lowerTopLevel(lw, datum);
  const result = (parts: Partial<FormResult>): FormResult => ({ program: null, forms: null, origin: [], pending: [], diagnostics: lw.diagnostics, ...parts });
  if (lowered === null || lw.diagnostics.some(isError)) return result({});
  if (lw.pending.length > 0) return result({ pending: lw.pending });
  if ("forms" in lowered) return result({ forms: lowered.forms, origin: callsFrom(lowered.origin).map(({ call }) => call) });
  const main = mainFunction(lw, lowered.node, lw.at(datum), options.keepsFrame ?? false);
  return result({ program: main === null ? null : b.program(main, lisp.name) });
}

/** Expands the outermost macro call of a form once; the form itself when it is none. Null: see pending and diagnostics. */
export function expandForm(datum: Datum, options: FormOptions): { readonly datum: Datum | null; readonly pending: readonly PendingCall[]; readonly diagnostics: readonly Diagnostic[] } {
  const lw = newLowering(loweringOptions(options)), expanded = attempt(lw, () => expandOnce(lw, datum));
  return { datum: expanded, pending: lw.pending, diagnostics: lw.diagnostics };
}

const isError = (diagnostic: Diagnostic): boolean => diagnostic.severity === "error";

/** Moves definitions of macros to the front, so that functions written before them can use them, unless the name has another meaning before. */
function hoistMacros(forms: readonly Datum[]): readonly Datum[] {
  const names = forms.map(definedName), count = (name: string | null): number => names.filter((each) => each === name).length;
  const first = forms.filter((form, i) => names[i] !== null && isMacroDefinition(form) && count(names[i]!) === 1);
  return first.length === 0 ? forms : [...first, ...forms.filter((form) => !first.includes(form))];
}

const isMacroDefinition = (form: Datum): boolean => form.kind === "list" && form.items[0]!.kind === "symbol" && ["defmacro", "define-syntax"].includes(form.items[0].name);

/** Lowers a whole source as one program. Calls of procedural macros of the source are left out. */
function compile(source: Source, options: FrontOptions): Compilation {
  const { forms, diagnostics } = readProgram(source), nothing = { refFunctions: false, definedGlobals: new Set<string>() };
  if (diagnostics.some(isError)) return { program: null, diagnostics, ...nothing };
  const lw = newLowering(loweringOptions({ source, isBuiltin: options.isBuiltin, library: options.library === true, primitives: options.primitives }));
  const nodes: Node[] = [], waiting = (data: readonly Datum[], origin: Origin | null) => data.map((form) => ({ form, origin })).reverse(), pending = waiting(forms, null);
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { form, origin } = next, lowered = lw.expanded(origin, () => lowerTopLevel(lw, form));
    if (lowered === null) continue;
    if ("forms" in lowered) pending.push(...waiting(lowered.forms, lowered.origin));
    else nodes.push(lowered.node);
  }
  const span = { start: 0, end: source.text.length };
  const failed = lw.diagnostics.some(isError), main = failed ? null : mainFunction(lw, b.block(nodes.length === 0 ? [b.nullNode(span)] : nodes, span), span, false);
  return { program: main === null ? null : b.program(main, lisp.name), diagnostics: lw.diagnostics, refFunctions: false, definedGlobals: new Set(lw.defined.keys()) };
}
