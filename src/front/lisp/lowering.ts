// The state of one lowering from data to core IR: options, the scope we are in, macro calls to be expanded first, and the
// diagnostics. The functions in lower-*.ts take it as their first argument and reach each other through it, so that no two
// modules need each other to load.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { Diagnostic, Expansion } from "../../text/diagnostics.ts";
import { diagnose } from "../../text/diagnostics.ts";
import type { MessageCode } from "../../text/messages.ts";
import type { Source, Span } from "../../text/source.ts";
import { type Datum, type HeapDatum, type Key, type ListDatum, type Place, type SymbolDatum, Quoted, datumStart, keyOf } from "./datum.ts";
import type { Spend } from "./reader.ts";
import { type Binding, type FunctionContext, Scope } from "./scope.ts";

/** Before the names of globals and natives. */
export const PREFIX = "lisp:";
/** Between a module's name and that of its global. */
const MODULE_MARK = "\0";

/** What a global name stands for when a form is compiled. */
export type GlobalMeaning =
  | { readonly kind: "unknown" | "value" }
  /** A macro whose expander is a procedure of the program. */
  | { readonly kind: "procedural" }
  /** `rules`: the quoted (syntax-rules …) form. */
  | { readonly kind: "rules"; readonly rules: Datum; /** The module it was defined in. */ readonly home?: string | null };

export interface LoweringOptions {
  readonly source: Source;
  /** Data with this source has spans in `source`. */
  readonly sourceId: number;
  /** Is there a native of this name (with prefix)? */
  readonly isBuiltin: (name: string) => boolean;
  /** Meaning of a global, by its name without prefix. */
  readonly global: (name: string) => GlobalMeaning;
  /** The module the form belongs to, null for the program. */
  readonly module: string | null;
  /** The name of the global that a name means in a module. */
  readonly qualify: (name: string, module: string) => string;
  /** The text that data with this source stand in. */
  readonly sourceOf: (source: number) => Source | undefined;
  /** Macro calls that the whole form came of, innermost first. */
  readonly origin: readonly ListDatum[];
  /** The expansion of the macro call with this key, when it is known; null for one that contains itself. */
  readonly expansion: (key: string) => Datum | null | undefined;
  /** May calls of library functions become Primitive nodes? */
  readonly primitives: boolean;
  /** Code of the library itself. */
  readonly library: boolean;
  /** See FormOptions. */
  readonly spend: Spend;
  /** Variables of the environment the form is evaluated in, and that environment. */
  readonly environment: { readonly names: readonly string[]; readonly value: HeapDatum } | null;
}

export interface PendingCall {
  /** Under this key the expansion is to be known next time. */
  readonly key: string;
  /** Global name of the macro, without prefix; or the lambda expression of one that is local. */
  readonly macro: string | Datum;
  /** The arguments, a list. */
  readonly args: Datum;
  /** The call itself and those it came of, innermost first. */
  readonly chain: readonly Expansion[];
}

/** A macro call, the span that what has none of its own gets in its expansion, and the call in whose expansion it stands; `depth` counts them. */
export interface Origin { readonly call: ListDatum; readonly span: Span; readonly outer: Origin | null; readonly depth: number }

export type Meaning = Binding
  | { readonly kind: "form"; readonly name: string }
  /** `core`: named by the front end itself, which means the library's value. */
  | { readonly kind: "global"; readonly name: string; readonly core: boolean }
  | { readonly kind: "macro"; readonly name: string; readonly macro: Extract<GlobalMeaning, { readonly kind: "procedural" | "rules" }> };

/** Gives up the lowering; a diagnostic says why. */
export const ABORT = Symbol("abort");
/** What a form stands for waits for an expansion. */
export const PENDING: unique symbol = Symbol("pending");

/** Levels of nested forms: each becomes up to three levels of IR, over which everything behind recurses. */
const MAX_DEPTH = 240;
/** What an expression takes until it is code: nodes, instructions, spans. */
const NODE_BYTES = 1000;
/** Macro calls told of at the inner end of a long chain, besides the outermost. */
const CHAIN = 2;
/** Characters shown of a macro call. */
const MAX_SHOWN = 60;
/** Expansions around each other, and all in all. */
const MAX_EXPANSION_DEPTH = 1000, MAX_EXPANSIONS = 100_000;

export interface Form extends Place {
  /** What the program calls it. */
  readonly name: string;
  readonly list: ListDatum;
  readonly args: readonly Datum[];
}

/** A definition before anybody has decided where its names live. */
export interface Definition {
  readonly targets: readonly SymbolDatum[];
  /** Its value is sure to be a closure. */
  readonly isFunction: boolean;
  /** `store` gives the node that initialises or defines a target. */
  readonly lower: (store: (target: SymbolDatum, value: Node) => Node) => Node;
}

/** What lowering recurses through. */
export interface Rules {
  readonly forms: ReadonlyMap<string, (lw: Lowering, form: Form) => Node>;
  /** Forms that define names; they stand in `forms` too. */
  readonly definitions: ReadonlyMap<string, (lw: Lowering, form: Form) => Definition | null>;
  /** Forms that are other forms in disguise; null for malformed ones. */
  readonly derived: ReadonlyMap<string, (lw: Lowering, form: Form) => Datum | typeof PENDING | null>;
  /** Forms that count only as long as the program defines no global of the name. */
  readonly weak: ReadonlySet<string>;
  readonly expression: (lw: Lowering, datum: Datum) => Node;
  readonly test: (lw: Lowering, datum: Datum) => Node;
  readonly named: (lw: Lowering, datum: Datum, name: string) => Node;
  /** With definitions of its own. */
  readonly body: (lw: Lowering, items: readonly Datum[], at: Place) => Node;
}

export class Lowering {
  readonly diagnostics: Diagnostic[] = [];
  readonly pending: PendingCall[] = [];
  /** Macros and variables that forms before this one define, when several are lowered without running any. */
  readonly defined = new Map<string, GlobalMeaning>();
  readonly root: Scope;
  fn: FunctionContext = { name: "", parent: null };
  scope: Scope;
  /** Span of the innermost form around that stands in the source. */
  span: Span;
  /** The innermost macro call around, whose expansion is being lowered. */
  origin: Origin | null = null;
  #depth = 0;
  #expansions = 0;
  /** Key of the innermost list around that came out of the world, and how many unkeyed macro calls it has had. */
  #parentKey = "";
  readonly #unkeyed = new Map<string, number>();

  constructor(readonly rules: Rules, readonly options: LoweringOptions) {
    this.root = new Scope(this.fn, null, true, options.module);
    this.scope = this.root;
    this.span = { start: 0, end: options.source.text.length };
    this.origin = options.origin.reduceRight<Origin | null>((outer, call) => this.originOf(call, outer), null);
    for (const name of options.environment?.names ?? []) this.root.bind(name, { kind: "accessor", name });
  }

  expression(datum: Datum): Node {
    this.options.spend(NODE_BYTES);
    return this.rules.expression(this, datum);
  }
  test(datum: Datum): Node { return this.rules.test(this, datum); }
  named(datum: Datum, name: string): Node { return this.rules.named(this, datum, name); }
  body(items: readonly Datum[], at: Place): Node { return this.rules.body(this, items, at); }

  expressions(items: readonly Datum[]): Node[] { return items.map((item) => this.expression(item)); }

  /** In order, the value of the last; definitions belong to the body around. */
  sequence(items: readonly Datum[], at: Place): Node {
    const nodes = this.expressions(items);
    return nodes.length === 1 ? nodes[0]! : nodes.length === 0 ? b.nullNode(this.at(at)) : b.block(nodes, this.at(at));
  }

  /** Span for nodes made of a datum: its own, if it stands in the source, else that of what is around. */
  at({ span, source }: Place): Span {
    return source === this.options.sourceId && span.end > span.start ? span : this.span;
  }

  report(code: MessageCode, at: Place, args: readonly string[] = [], hint: string | null = null): void {
    this.diagnostics.push(diagnose(this.options.source, code, this.at(at), args, hint, callsFrom(this.origin).map((each) => this.expansionOf(each))));
  }

  fail(code: MessageCode, at: Place, ...args: string[]): never {
    this.report(code, at, args);
    throw ABORT;
  }

  /** Reports a malformed form; null for the caller to give back. */
  malformed(form: Form, text: string, hint: string | null = null): null {
    this.report("E602", form, [form.name, text], hint);
    return null;
  }

  nothing(at: Place): Node { return b.nullNode(this.at(at)); }
  native(name: string, args: readonly Node[], at: Place): Node { return b.callNative(PREFIX + name, args, this.at(at)); }
  /** A call of a library function that may call back into the program. */
  library(name: string, args: readonly Node[], at: Place): Node { return b.properCall(b.global(PREFIX + name, null, this.at(at)), args, this.at(at)); }
  symbol(name: string, at: Place): Node { return b.constant({ type: "symbol", value: name }, this.at(at)); }
  quoted(datum: Datum, at: Place): Node { return b.datum(new Quoted(datum), this.at(at)); }

  // ---- meanings

  resolve(symbol: SymbolDatum): Meaning {
    let key: Key = keyOf(symbol), scope: Scope | null = this.scope, { module } = this.root;
    for (;;) {
      for (; scope !== null; scope = scope.parent) {
        const binding = scope.get(key);
        if (binding !== undefined) return binding;
        ({ module } = scope);
      }
      if (typeof key === "string") return this.#globalMeaning(key, module);
      if (key.core) return this.#coreMeaning(key.name, true);
      scope = key.scope as Scope | null;
      key = key.of;
    }
  }

  #coreMeaning(name: string, core: boolean, full = name): Meaning {
    return this.rules.forms.has(name) || this.rules.derived.has(name) ? { kind: "form", name } : { kind: "global", name: full, core };
  }

  /** The scope that names of a module's macros are looked up in. */
  rootOf(module: string | null): Scope { return module === this.root.module ? this.root : new Scope(this.fn, null, true, module); }

  /** The name of the global that a definition of the name makes. */
  ownName(name: string): string { return this.options.module === null ? name : this.options.module + MODULE_MARK + name; }

  globalMeaning(name: string): GlobalMeaning { return this.defined.get(name) ?? this.options.global(name); }

  #globalMeaning(name: string, module: string | null): Meaning {
    const full = module === null ? name : this.options.qualify(name, module), global = this.globalMeaning(full);
    if (global.kind === "procedural" || global.kind === "rules") return { kind: "macro", name: full, macro: global };
    if (global.kind === "value" && this.rules.weak.has(name)) return { kind: "global", name: full, core: false };
    return this.#coreMeaning(name, false, full);
  }

  /** Does the datum mean this word (`else`, `=>`, `catch` …), which only is one where nothing local has its name? */
  isWord(datum: Datum | undefined, word: string): boolean {
    return datum !== undefined && datum.kind === "symbol" && datum.name === word && !["local", "rules", "expander"].includes(this.resolve(datum).kind);
  }

  // ---- where we are

  inScope<T>(scope: Scope, lower: (scope: Scope) => T): T {
    const outer = this.scope;
    this.scope = scope;
    const result = lower(scope);
    this.scope = outer;
    return result;
  }

  /** In a new scope of the running function. */
  inNewScope<T>(lower: (scope: Scope) => T, isBody = false): T {
    return this.inScope(new Scope(this.fn, this.scope, isBody), lower);
  }

  inFunction<T>(name: string, lower: (scope: Scope) => T): T {
    const outer = this.fn;
    this.fn = { name, parent: outer };
    const result = this.inNewScope(lower);
    this.fn = outer;
    return result;
  }

  /** The body that definitions belong to. */
  get bodyScope(): Scope {
    let scope = this.scope;
    while (!scope.isBody) scope = scope.parent!;
    return scope;
  }

  /** Lowers something one level deeper. */
  nested<T>(at: Place, lower: () => T): T {
    if (++this.#depth > MAX_DEPTH) this.fail("E606", at, String(MAX_DEPTH));
    const span = this.span, parentKey = this.#parentKey;
    this.span = this.at(at);
    if ("cell" in at && typeof at.cell === "number" && at.cell !== 0) this.#parentKey = `@${at.cell}`;
    const result = lower();
    this.#parentKey = parentKey;
    this.span = span;
    this.#depth--;
    return result;
  }

  // ---- macros

  pend(key: string, macro: string | Datum, args: Datum, call: ListDatum): void {
    const calls = callsFrom(this.originOf(call, this.origin)), shown = calls.length <= CHAIN + 1 ? calls : [...calls.slice(0, CHAIN), calls.at(-1)!];
    this.pending.push({ key, macro, args, chain: shown.map((each) => this.expansionOf(each)) });
  }

  /** Key of a macro call: of the pair it is, or counted within the list around. */
  callKey(call: ListDatum, macro: string): string {
    if (call.cell !== 0) return `@${call.cell}:${macro}`;
    const count = this.#unkeyed.get(this.#parentKey) ?? 0;
    this.#unkeyed.set(this.#parentKey, count + 1);
    return `${this.#parentKey}.${count}:${macro}`;
  }

  originOf(call: ListDatum, outer: Origin | null): Origin { return { call, span: this.at(call), outer, depth: (outer?.depth ?? 0) + 1 }; }

  /** As it is told of. */
  expansionOf({ call, span }: Origin): Expansion {
    const text = datumStart(call, MAX_SHOWN), form = text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
    const source = call.source === this.options.sourceId || call.span.end <= call.span.start ? undefined : this.options.sourceOf(call.source);
    return { form, span: source === undefined ? span : call.span, source: source ?? this.options.source };
  }

  /** What follows came of the macro call. */
  enter(origin: Origin): void {
    this.origin = origin;
    this.span = origin.span;
  }

  countExpansion(name: string, at: Place): void {
    if (this.origin !== null && this.origin.depth >= MAX_EXPANSION_DEPTH) this.fail("E604", at, name, String(MAX_EXPANSION_DEPTH));
    if (++this.#expansions > MAX_EXPANSIONS) this.fail("E604", at, name, String(MAX_EXPANSIONS));
  }

  /** Lowers what came of a macro call. */
  expanded<T>(origin: Origin | null, lower: () => T): T {
    const outer = this.origin, { span } = this;
    if (origin !== null && origin !== outer) this.enter(origin);
    const result = lower();
    this.origin = outer;
    this.span = span;
    return result;
  }
}

/** The macro calls around, from the innermost out. */
export function callsFrom(origin: Origin | null): Origin[] {
  const calls: Origin[] = [];
  for (let at = origin; at !== null; at = at.outer) calls.push(at);
  return calls;
}
