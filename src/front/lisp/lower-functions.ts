// Functions: lambda, its parameters and patterns in them, and functions applied where they stand.

import * as b from "../../ir/builder.ts";
import type { FunctionNode, Node, Parameter } from "../../ir/nodes.ts";
import { type Datum, type ListDatum, type Place, type SymbolDatum, properItems } from "./datum.ts";
import { destructure, patternNames } from "./destructure.ts";
import { type ParameterList, checkCount, parametersOf } from "./forms.ts";
import type { Form, Lowering } from "./lowering.ts";
import type { Scope } from "./scope.ts";

/** Null when the form is malformed. */
export function lowerLambda(lw: Lowering, form: Form, name: string): Node | null {
  if (!checkCount(lw, form, 2, -1, form.name === "fn" ? "lambda" : form.name)) return null;
  const params = parametersOf(lw, form, form.args[0]!);
  return params === null ? null : lowerFunction(lw, name, params, form.args.slice(1), form);
}

/** `body`: the forms of the body, or what lowers it in the scope of the parameters. */
export function lowerFunction(lw: Lowering, name: string, { names, rest }: ParameterList, body: readonly Datum[] | (() => Node), at: Place): FunctionNode {
  return lw.inFunction(name, (scope) => {
    const patterns: (readonly [Datum, Parameter])[] = [];
    const parameter = (target: Datum): Parameter => {
      const isName = target.kind === "symbol";
      const made = b.parameter(isName ? scope.parameter(target).variable : b.variable("argument"));
      if (!isName) patterns.push([target, made]);
      return made;
    };
    const params = names.map(parameter), last = rest === null ? null : parameter(rest);
    const lowerBody = (): Node => (typeof body === "function" ? body() : lw.body(body, at));
    const whole = patterns.length === 0 ? lowerBody() : lw.inNewScope((inner) => {
      const steps = patterns.flatMap(([pattern, param]) => bindPattern(lw, inner, pattern, () => b.local(param.variable, lw.at(pattern))));
      return b.scope(inner.variables, b.block([...steps, lowerBody()], lw.at(at)), lw.at(at));
    });
    return functionNode(lw, name, params, last, whole, at);
  });
}

export function functionNode(lw: Lowering, name: string, params: readonly Parameter[], rest: Parameter | null, body: Node, at: Place): FunctionNode {
  return b.functionNode(name, params, body, { rest, library: lw.options.library, language: "lisp" }, lw.at(at));
}

/** A procedure without parameters. */
export function thunk(lw: Lowering, body: () => Node, at: Place): FunctionNode {
  return lowerFunction(lw, "", { names: [], rest: null }, body, at);
}

/** Declares the names of a pattern in the scope; the nodes that take the value apart and initialise them. */
export function bindPattern(lw: Lowering, scope: Scope, pattern: Datum, value: () => Node): Node[] {
  const bindings = new Map<SymbolDatum, ReturnType<Scope["declare"]>>();
  for (const name of patternNames(lw, pattern)) bindings.set(name, scope.declare(name, false));
  const nodes = destructure(lw, scope, pattern, value, (name, part) => {
    const binding = bindings.get(name)!;
    binding.ready = true;
    return b.letNode(binding.variable, part, lw.at(name));
  });
  return nodes;
}

/** `((lambda (x …) body …) value …)` without making the function; null when it is something else. */
export function lowerApplied(lw: Lowering, call: ListDatum, callee: ListDatum, args: readonly Datum[]): Node | null {
  const head = callee.items[0]!;
  if (head.kind !== "symbol") return null;
  const meaning = lw.resolve(head), names = callee.items[1] === undefined ? null : properItems(callee.items[1]);
  if (meaning.kind !== "form" || (meaning.name !== "lambda" && meaning.name !== "fn")) return null;
  if (names === null || names.length !== args.length || callee.items.length < 3 || !names.every((name): name is SymbolDatum => name.kind === "symbol")) return null;
  const values = args.map((arg) => lw.expression(arg));
  return lw.nested(callee, () => lw.inNewScope((scope) => {
    const lets = names.map((name, i) => b.letNode(scope.declare(name, true).variable, values[i]!, lw.at(name)));
    return b.scope(scope.variables, b.block([...lets, lw.body(callee.items.slice(2), callee)], lw.at(call)), lw.at(call));
  }));
}

/** Is the datum sure to make a closure, once its macros are gone? */
export function isLambda(lw: Lowering, datum: Datum): boolean {
  if (datum.kind !== "list" || datum.items[0]!.kind !== "symbol") return false;
  const meaning = lw.resolve(datum.items[0]);
  return meaning.kind === "form" && (meaning.name === "lambda" || meaning.name === "fn");
}

