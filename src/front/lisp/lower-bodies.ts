// Bodies: forms with definitions of their own among them. All names a body defines are visible in all of it (letrec*);
// reading one before its definition has run gives nil. A run of definitions of functions is ready as a whole: none of
// them can be called before the last one is made.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import { type Datum, type Place, type SymbolDatum, core, listDatum } from "./datum.ts";
import { expandHead, transformer, type Head } from "./expansion.ts";
import { condExpand } from "./cond-expand.ts";
import { checkCount } from "./forms.ts";
import { defineGlobal } from "./lower-expressions.ts";
import type { Definition, Form, Lowering, Origin } from "./lowering.ts";
import type { LocalBinding, Scope } from "./scope.ts";

interface DefinitionPart { readonly kind: "definition"; readonly at: Place; readonly definition: Definition; readonly bindings: readonly LocalBinding[]; readonly origin: Origin | null }
export type BodyPart = DefinitionPart | { readonly kind: "expression"; readonly datum: Datum; readonly origin: Origin | null };

export function lowerBody(lw: Lowering, items: readonly Datum[], at: Place): Node {
  return lw.inNewScope((scope) => {
    const nodes = lowerParts(lw, bodyParts(lw, scope, items)), span = lw.at(at);
    const body = nodes.length === 1 ? nodes[0]! : b.block(nodes.length === 0 ? [b.nullNode(span)] : nodes, span);
    return scope.variables.length === 0 ? body : b.scope(scope.variables, body, span);
  }, true);
}

/** The parts of a body, with their names declared in the scope. */
export function bodyParts(lw: Lowering, scope: Scope, items: readonly Datum[]): BodyPart[] {
  const parts: BodyPart[] = [];
  scan(lw, scope, items, parts);
  return parts;
}

/** Finds the definitions among the items; false when it had to stop at a macro call that waits for its expansion. */
function scan(lw: Lowering, scope: Scope, items: readonly Datum[], parts: BodyPart[]): boolean {
  for (const item of items) {
    const head = expandHead(lw, item);
    // What follows may mean anything, depending on what the expansion defines.
    if (head.kind === "pending") return false;
    if (!scanPart(lw, scope, head, item, parts)) return false;
  }
  return true;
}

function scanPart(lw: Lowering, scope: Scope, head: Head, item: Datum, parts: BodyPart[]): boolean {
  const scanned = head.kind === "form" ? lw.expanded(head.origin, () => scanForm(lw, scope, head.name, head.form, parts)) : null;
  if (scanned !== null) return scanned;
  parts.push({ kind: "expression", datum: head.kind === "form" ? head.form.list : head.kind === "pending" ? item : head.datum, origin: head.origin });
  return true;
}

/** Null for a form that is an expression. */
function scanForm(lw: Lowering, scope: Scope, name: string, form: Form, parts: BodyPart[]): boolean | null {
  const define = lw.rules.definitions.get(name);
  switch (name) {
    case "begin": case "progn": return scan(lw, scope, form.args, parts);
    case "cond-expand": return scan(lw, scope, condExpand(lw, form) ?? [], parts);
    case "define-syntax": bindSyntax(lw, scope, form); return true;
    case "defmacro": bindMacro(lw, scope, form); return true;
  }
  if (define === undefined) return null;
  const definition = define(lw, form);
  if (definition !== null) parts.push({ kind: "definition", at: form, definition, bindings: definition.targets.map((target) => scope.declare(target, false)), origin: lw.origin });
  return true;
}

/** A macro of this scope. */
export function bindSyntax(lw: Lowering, scope: Scope, form: Form): void {
  const [name, rules, more] = form.args;
  if (name?.kind !== "symbol" || rules === undefined || more !== undefined) {
    lw.malformed(form, "expected (define-syntax name (syntax-rules ...))");
    return;
  }
  const parsed = transformer(lw, form, rules);
  if (parsed !== null) scope.bind(name.alias ?? name.name, { kind: "rules", rules: parsed, scope });
}

/** A procedural macro of this scope. Its calls are expanded while the body is compiled, so it sees globals only. */
export function bindMacro(lw: Lowering, scope: Scope, form: Form): void {
  const parts = macroParts(lw, form);
  if (parts === null) return;
  // A binding gives the function its name.
  const { name, params } = parts, lambda = listDatum([core("lambda", form), params, ...form.args.slice(2)], form);
  const expander = listDatum([core("let", form), listDatum([listDatum([name, lambda], form)], form), name], form);
  scope.bind(name.alias ?? name.name, { kind: "expander", expander });
}

/** Name and parameters of `(defmacro name params body …)`. */
export function macroParts(lw: Lowering, form: Form): { readonly name: SymbolDatum; readonly params: Datum } | null {
  if (!checkCount(lw, form, 3, -1)) return null;
  const [name, params] = form.args as [Datum, Datum];
  if (name.kind !== "symbol") return lw.malformed(form, "name must be a symbol");
  // A list of nothing but a rest parameter, `(. body)`, is read as that symbol.
  if (!["list", "empty", "vector", "symbol"].includes(params.kind)) return lw.malformed(form, "params must be a list");
  return { name, params };
}

/** Nodes of the parts, in order. */
export function lowerParts(lw: Lowering, parts: readonly BodyPart[]): Node[] {
  const nodes: Node[] = [];
  parts.forEach((part, i) => {
    if (part.kind === "expression") return nodes.push(lw.expanded(part.origin, () => lw.expression(part.datum)));
    if (part.definition.isFunction && !isFunction(parts[i - 1])) {
      for (let j = i; isFunction(parts[j]); j++) for (const binding of (parts[j] as DefinitionPart).bindings) binding.ready = true;
    }
    return nodes.push(lw.expanded(part.origin, () => lowerDefinition(lw, part)));
  });
  // A definition has the value nil.
  if (parts.at(-1)?.kind === "definition") nodes.push(lw.nothing((parts.at(-1) as DefinitionPart).at));
  return nodes;
}

const isFunction = (part: BodyPart | undefined): boolean => part?.kind === "definition" && part.definition.isFunction;

function lowerDefinition(lw: Lowering, { definition, bindings, at }: DefinitionPart): Node {
  return lw.nested(at, () => {
    const node = definition.lower((target, value) => b.letNode(bindings[definition.targets.indexOf(target)]!.variable, value, lw.at(target)));
    for (const binding of bindings) binding.ready = true;
    return node;
  });
}

/** A definition where no body has looked for it: at the top level, or inside of an expression. */
export function lowerDefinitionForm(lw: Lowering, form: Form): Node {
  const definition = lw.rules.definitions.get(definitionName(lw, form))!(lw, form);
  if (definition === null) return lw.nothing(form);
  const scope = lw.bodyScope;
  if (scope === lw.root) {
    // Values that mention the names, recursive functions above all, mean what is being defined.
    if (lw.options.environment === null) for (const { name } of definition.targets) lw.defined.set(lw.ownName(name), { kind: "value" });
    return definition.lower((target, value) => defineGlobal(lw, target, value, target));
  }
  // It belongs to the body around, whose other parts may have been lowered already.
  const bindings = new Map<SymbolDatum, LocalBinding>(definition.targets.map((target) => [target, scope.declare(target, false)]));
  return b.block([definition.lower((target, value) => b.setLocal(bindings.get(target)!.variable, value, lw.at(target))), lw.nothing(form)], lw.at(form));
}

/** The form's name as the tables have it, whatever alias the program uses. */
function definitionName(lw: Lowering, form: Form): string {
  const meaning = lw.resolve(form.list.items[0] as SymbolDatum);
  return meaning.kind === "form" ? meaning.name : form.name;
}
