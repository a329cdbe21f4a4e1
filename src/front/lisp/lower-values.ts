// Multiple values: let-values, let*-values, define-values, receive.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { Datum, SymbolDatum } from "./datum.ts";
import { properItems } from "./datum.ts";
import { checkCount, listItems, parametersOf, type ParameterList } from "./forms.ts";
import type { Definition, Form, Lowering } from "./lowering.ts";
import { Scope } from "./scope.ts";

export function valuesDefinition(lw: Lowering, form: Form): Definition | null {
  if (!checkCount(lw, form, 2, 2)) return null;
  const params = parametersOf(lw, form, form.args[0]!, false);
  if (params === null) return null;
  const targets = namesOf(params);
  const lower: Definition["lower"] = (store) => lw.inNewScope((scope) => {
    const nodes = take(lw, scope, params, lw.expression(form.args[1]!), form, store);
    return b.scope(scope.variables, b.block([...nodes, lw.nothing(form)], lw.at(form)), lw.at(form));
  });
  return { targets, isFunction: false, lower };
}

const namesOf = ({ names, rest }: ParameterList): SymbolDatum[] => (rest === null ? names : [...names, rest]) as SymbolDatum[];

/** Checks how many values there are and stores each. */
function take(lw: Lowering, scope: Scope, params: ParameterList, value: Node, at: Form, store: (target: SymbolDatum, value: Node) => Node): Node[] {
  const span = lw.at(at), count = params.names.length;
  const bundle = scope.temporary("values"), index = (i: number): Node => b.integer(BigInt(i), span);
  const checked = lw.native("%check-values", [value, index(count), b.bool(params.rest === null, span), lw.symbol(at.name, at)], at);
  const nodes: Node[] = [b.letNode(bundle, checked, span)];
  params.names.forEach((name, i) => nodes.push(store(name as SymbolDatum, lw.native("%value-ref", [b.local(bundle, span), index(i)], name))));
  if (params.rest !== null) nodes.push(store(params.rest as SymbolDatum, lw.native("%values-rest", [b.local(bundle, span), index(count)], params.rest)));
  return nodes;
}

/** `sequential`: each clause sees the names of those before it. */
export function lowerLetValues(lw: Lowering, form: Form, sequential: boolean): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const clauses = listItems(lw, form, form.args[0])?.map((clause) => parseClause(lw, form, clause));
  if (clauses === undefined || clauses.some((clause) => clause === null)) return null;
  return bindClauses(lw, form, clauses as Clause[], form.args.slice(1), sequential);
}

/** `(receive formals producer body …)` */
export function lowerReceive(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 3, -1)) return null;
  const params = parametersOf(lw, form, form.args[0]!, false);
  return params === null ? null : bindClauses(lw, form, [{ params, producer: form.args[1]! }], form.args.slice(2), false);
}

interface Clause { readonly params: ParameterList; readonly producer: Datum }

function parseClause(lw: Lowering, form: Form, datum: Datum): Clause | null {
  const items = properItems(datum), [formals, producer] = items ?? [];
  if (items?.length !== 2) return lw.malformed(form, "each clause must be (formals producer)");
  const params = parametersOf(lw, form, formals!, false);
  return params === null ? null : { params, producer: producer! };
}

function bindClauses(lw: Lowering, form: Form, clauses: readonly Clause[], body: readonly Datum[], sequential: boolean): Node {
  const span = lw.at(form), nodes: Node[] = [], outer = lw.scope, held = new Scope(lw.fn, outer);
  let scope = held;
  for (const { params, producer } of clauses) {
    const value = lw.inScope(sequential ? scope : outer, () => lw.expression(producer));
    if (sequential) scope = new Scope(lw.fn, scope);
    nodes.push(...take(lw, held, params, value, form, (target, part) => {
      const binding = scope.declare(target, true);
      if (scope !== held) held.variables.push(binding.variable);
      return b.letNode(binding.variable, part, lw.at(target));
    }));
  }
  nodes.push(lw.inScope(scope, () => lw.body(body, form)));
  return b.scope(held.variables, b.block(nodes, span), span);
}
