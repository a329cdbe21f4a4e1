// Names: what a name or `self` refers to, and reading, writing and referencing it.
//
// Resolution gives a list of candidates, nearest first. All but the last are locals that may not be initialised yet
// when the code runs; the last is certain, or the list runs out and the name may be undefined.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { Span } from "../../text/source.ts";
import { suggest } from "../../text/diagnostics.ts";
import type { FunctionExpr } from "./ast.ts";
import type { Lowering } from "./lowering.ts";
import type { FunctionContext, LocalName } from "./scope.ts";

export type Candidate =
  | { readonly at: "local"; readonly local: LocalName }
  /** `fallback`: the library value that shows through until the global is defined. */
  | { readonly at: "global"; readonly name: string; readonly fallback: MakeNode | null }
  /** A library value no statement of the program touches. */
  | { readonly at: "library"; readonly value: MakeNode };

/** A node is part of one tree only, so what may be used several times is made each time. */
type MakeNode = () => Node;

export function resolve(lw: Lowering, name: string, span: Span): Candidate[] {
  const found: Candidate[] = [];
  for (let scope = lw.scope; scope !== null; scope = scope.parent) {
    const local = scope.names.get(name);
    if (local === undefined) continue;
    if (local.ready || scope.fn !== lw.fn) found.push({ at: "local", local });
    if (local.ready) return found;
  }
  const outermost = resolveGlobal(lw, name, span, found.length > 0);
  if (outermost !== null) found.push(outermost);
  return found;
}

/** Null when a local comes first and nothing is known to define the global. */
function resolveGlobal(lw: Lowering, name: string, span: Span, hasLocal: boolean): Candidate | null {
  const value = libraryValue(lw, name, span);
  const defined = lw.globals.has(name) || lw.options.knownGlobals?.has(name) === true;
  const global = lw.globalName(name);
  if (defined) return { at: "global", name: global, fallback: value };
  if (value !== null) {
    if (!lw.facts.assigned.has(name)) return { at: "library", value };
    lw.promoted.set(name, value());
    return { at: "global", name: global, fallback: null };
  }
  if (hasLocal && !lw.options.repl) return null;
  if (!hasLocal) warnUndefined(lw, name, span);
  return { at: "global", name: global, fallback: null };
}

function libraryValue(lw: Lowering, name: string, span: Span): MakeNode | null {
  if (lw.options.isBuiltin(name)) return () => b.constant({ type: "native", value: name }, span);
  const global = lw.options.libraryGlobal(name);
  return global === null ? null : () => b.global(global, null, span);
}

function warnUndefined(lw: Lowering, name: string, span: Span): void {
  if (lw.undefinedNames.has(name)) return;
  lw.undefinedNames.add(name);
  const near = suggest(name, visibleNames(lw));
  lw.report("W401", span, [name], near === null ? null : `did you mean '${near}'?`);
}

function* visibleNames(lw: Lowering): Iterable<string> {
  for (let scope = lw.scope; scope !== null; scope = scope.parent) yield* scope.names.keys();
  yield* lw.globals;
  yield* lw.options.knownGlobals ?? [];
  yield* lw.options.builtinNames ?? [];
}

/** The receivers `self` can mean: that of each surrounding function, if it was called as a method. */
export function resolveSelf(lw: Lowering): Candidate[] {
  const found: Candidate[] = [];
  for (let fn: FunctionContext | null = lw.fn; fn !== null && fn.kind !== "main"; fn = fn.parent) {
    if (fn.kind === "thunk") continue;
    fn.self ??= b.variable("self");
    found.push({ at: "local", local: { variable: fn.self, constant: false, byRef: false, ready: false, fn: null } });
  }
  if (found.length === 0) found.push({ at: "global", name: "self", fallback: null });
  return found;
}

export function read(candidates: readonly Candidate[], span: Span, from = 0): Node {
  const candidate = candidates[from]!;
  if (candidate.at === "library") return candidate.value();
  if (candidate.at === "global") return b.global(candidate.name, candidate.fallback?.() ?? null, span);
  const { local } = candidate;
  if (local.byRef) return b.getRef(local.variable, span);
  if (local.ready) return b.local(local.variable, span);
  return b.localOr(local.variable, from + 1 < candidates.length ? read(candidates, span, from + 1) : null, span);
}

/** Assigns; yields the value. */
export function write(candidates: readonly Candidate[], value: Node, span: Span): Node {
  const [first] = candidates;
  if (isCertain(first!)) return store(first!, value, span);
  const held = b.variable("value");
  const assign = choose(candidates, span, (candidate) => store(candidate, b.local(held, span), span));
  return b.scope([held], b.block([b.letNode(held, value, span), assign], span), span);
}

/** A reference to what the name stands for; null when it cannot be referred to. */
export function makeRef(candidates: readonly Candidate[], span: Span): Node | null {
  if (candidates.some((candidate) => candidate.at === "library" || (candidate.at === "local" && candidate.local.constant))) return null;
  return choose(candidates, span, (candidate) =>
    b.makeRef(candidate.at === "local" ? b.local(candidate.local.variable, span) : b.global((candidate as { name: string }).name, null, span), span));
}

/** The function a callee is sure to be, when only one function was ever bound to the name. */
export function knownFunction(lw: Lowering, name: string, candidates: readonly Candidate[]): FunctionExpr | null {
  const [first] = candidates;
  if (first === undefined || first.at === "library" || lw.facts.assigned.has(name)) return null;
  if (first.at === "local") return first.local.ready ? first.local.fn : null;
  // A session may define a global anew.
  return lw.options.repl ? null : lw.functions.get(name) ?? null;
}

const isCertain = (candidate: Candidate): boolean => candidate.at !== "local" || candidate.local.ready;

/** Does `act` with the first candidate that is initialised when the code runs. */
function choose(candidates: readonly Candidate[], span: Span, act: (candidate: Candidate) => Node, from = 0): Node {
  const candidate = candidates[from]!;
  if (candidate.at !== "local" || candidate.local.ready) return act(candidate);
  if (from + 1 === candidates.length) return b.block([b.localOr(candidate.local.variable, null, span), act(candidate)], span);
  const done = b.label("assigned");
  const next = b.breakNode(done, choose(candidates, span, act, from + 1), span);
  return b.labelled(done, b.block([b.localOr(candidate.local.variable, next, span), act(candidate)], span), span);
}

function store(candidate: Candidate, value: Node, span: Span): Node {
  if (candidate.at === "library") return b.block([value], span);
  if (candidate.at === "global") return b.setGlobal(candidate.name, value, span);
  const { variable, constant, byRef } = candidate.local;
  if (constant) return b.block([value, b.fail(`Cannot assign to constant '${variable.name}'`, false, span)], span);
  return byRef ? b.setRef(variable, value, span) : b.setLocal(variable, value, span);
}
