// let, let*, letrec, named let. Loops are functions here that call themselves; loops.ts makes loops of them.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { Datum, Place, SymbolDatum } from "./datum.ts";
import { bindingsOf, checkCount, type NamedValue } from "./forms.ts";
import { bodyParts, lowerParts, type BodyPart } from "./lower-bodies.ts";
import { bindPattern, isLambda, lowerFunction } from "./lower-functions.ts";
import type { Form, Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";

export function lowerLet(lw: Lowering, form: Form): Node | null {
  if (form.args[0]?.kind === "symbol") return lowerNamedLet(lw, form, form.args[0]);
  const bindings = checkedBindings(lw, form);
  if (bindings === null) return null;
  const span = lw.at(form), values = bindings.map(({ name, value }) => valueOf(lw, name, value));
  return lw.inNewScope((scope) => {
    const firsts: Node[] = [], later: (() => Node[])[] = [];
    bindings.forEach(({ name }, i) => {
      if (name.kind === "symbol") return firsts.push(b.letNode(scope.declare(name, true).variable, values[i]!, lw.at(name)));
      // Patterns are taken apart when all values are there.
      const whole = scope.temporary("value");
      later.push(() => bindPattern(lw, scope, name, () => b.local(whole, lw.at(name))));
      return firsts.push(b.letNode(whole, values[i]!, lw.at(name)));
    });
    const nodes = [...firsts, ...later.flatMap((step) => step()), lw.body(form.args.slice(1), form)];
    return b.scope(scope.variables, b.block(nodes, span), span);
  });
}

const valueOf = (lw: Lowering, name: Datum, value: Datum): Node => (name.kind === "symbol" ? lw.named(value, name.name) : lw.expression(value));

function checkedBindings(lw: Lowering, form: Form): readonly NamedValue[] | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const bindings = bindingsOf(lw, form, form.args[0]);
  if (bindings === null) return null;
  const wrong = bindings.find(({ name }) => name.kind !== "symbol" && name.kind !== "vector" && name.kind !== "map");
  if (wrong === undefined) return bindings;
  lw.report("E602", wrong.name, [form.name, "binding name must be a symbol, vector, or map pattern"]);
  return null;
}

/** One IR scope holds all variables; each name is visible from the binding after its own. */
export function lowerLetStar(lw: Lowering, form: Form): Node | null {
  const bindings = checkedBindings(lw, form);
  if (bindings === null) return null;
  const span = lw.at(form), nodes: Node[] = [], held: Scope = new Scope(lw.fn, lw.scope);
  let scope = held;
  for (const { name, value } of bindings) {
    const node = lw.inScope(scope, () => valueOf(lw, name, value));
    scope = new Scope(lw.fn, scope);
    if (name.kind === "symbol") nodes.push(b.letNode(scope.declare(name, true).variable, node, lw.at(name)));
    else nodes.push(...bindPattern(lw, scope, name, () => node));
    held.variables.push(...scope.variables);
  }
  nodes.push(lw.inScope(scope, () => lw.body(form.args.slice(1), form)));
  return b.scope(held.variables, b.block(nodes, span), span);
}

/** letrec and letrec*: definitions in front of a body, in one scope with those of the body. */
export function lowerLetrec(lw: Lowering, form: Form): Node | null {
  const bindings = checkedBindings(lw, form);
  if (bindings === null) return null;
  const span = lw.at(form);
  return lw.inNewScope((scope) => {
    const parts = bindings.map(({ name, value }): BodyPart => recursiveBinding(lw, scope, name, value));
    const nodes = lowerParts(lw, [...parts, ...bodyParts(lw, scope, form.args.slice(1))]);
    return b.scope(scope.variables, b.block(nodes, span), span);
  }, true);
}

function recursiveBinding(lw: Lowering, scope: Scope, name: Datum, value: Datum): BodyPart {
  if (name.kind === "symbol") {
    const bindings = [scope.declare(name, false)];
    return { kind: "definition", at: value, origin: lw.origin, bindings, definition: { targets: [name], isFunction: isLambda(lw, value), lower: (store) => store(name, lw.named(value, name.name)) } };
  }
  return { kind: "definition", at: value, origin: lw.origin, bindings: [], definition: { targets: [], isFunction: false, lower: () => {
    const whole = lw.expression(value);
    return b.block(bindPattern(lw, scope, name, () => whole), lw.at(name));
  } } };
}

function lowerNamedLet(lw: Lowering, form: Form, name: SymbolDatum): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  if (!checkCount(lw, form, 3, -1, "named let")) return null;
  const bindings = bindingsOf(lw, form, form.args[1], "named let");
  if (bindings === null) return null;
  const wrong = bindings.find((binding) => binding.name.kind !== "symbol");
  if (wrong !== undefined) {
    lw.report("E602", wrong.name, ["named let", "expected a symbol"]);
    return null;
  }
  return namedLoop(lw, name, bindings as readonly NamedValue<SymbolDatum>[], (at) => lw.body(form.args.slice(2), at), form);
}

/** A function in a scope of its own, called at once. */
function namedLoop(lw: Lowering, name: SymbolDatum, bindings: readonly NamedValue<SymbolDatum>[], body: (at: Place) => Node, form: Form): Node {
  const span = lw.at(form), values = bindings.map((binding) => valueOf(lw, binding.name, binding.value));
  return lw.inNewScope((scope) => {
    const { variable } = scope.declare(name, true);
    const fn = lowerFunction(lw, name.name, { names: bindings.map((binding) => binding.name), rest: null }, () => body(form), form);
    return b.scope(scope.variables, b.block([b.letNode(variable, fn, span), b.properCall(b.local(variable, span), values, span)], span), span);
  });
}
