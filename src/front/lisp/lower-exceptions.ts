// Forms about the dynamic state: try, throw, guard, handlers, restarts, parameters, promises. Most of them are calls of
// library functions with closures; only try is something the engines know.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import { type Datum, type Place, properItems } from "./datum.ts";
import { checkCount, bindingsOf, listItems, parametersOf, symbolOf } from "./forms.ts";
import { condClauses, holding } from "./lower-control.ts";
import { lowerFunction, thunk } from "./lower-functions.ts";
import { PREFIX, type Form, type Lowering } from "./lowering.ts";

/** Evaluates `body` so that `handle` gets the condition of anything it raises, back in the dynamic state of now. */
function catching(lw: Lowering, at: Place, body: () => Node, handle: (condition: () => Node) => Node): Node {
  const span = lw.at(at);
  return holding(lw, "saved", lw.native("%dynamic", [], at), at, (saved) => {
    const thrown = b.variable("thrown"), value = b.variable("value");
    const guarded = b.scope([value], b.block([
      lw.native("%push-try", [], at),
      b.letNode(value, body(), span),
      lw.native("%dynamic!", [b.local(saved, span)], at),
      b.local(value, span),
    ], span), span);
    const caught = lw.library("%caught", [b.local(saved, span), b.local(thrown, span)], at);
    const handler = holding(lw, "condition", caught, at, (condition) => handle(() => b.local(condition, span)));
    return b.tryNode(guarded, { variable: thrown, body: handler }, null, span);
  });
}

export function lowerTry(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const body = form.args.slice(0, -1), clause = listItems(lw, form, form.args.at(-1));
  if (clause === null) return null;
  if (!lw.isWord(clause[0], "catch")) return lw.malformed(form, "the last form must be (catch var handler...)");
  if (clause.length < 3) return lw.malformed(form, "catch needs (catch var handler...)");
  const name = symbolOf(lw, form, clause[1], "try catch");
  if (name === null) return null;
  return catching(lw, form, () => lw.sequence(body, form), (condition) => lw.inNewScope((scope) => {
    const { variable } = scope.declare(name, true), span = lw.at(form);
    return b.scope(scope.variables, b.block([b.letNode(variable, condition(), span), lw.body(clause.slice(2), form)], span), span);
  }));
}

export function lowerThrow(lw: Lowering, form: Form): Node | null {
  // No tail call: the frame shall tell where it was thrown.
  return checkCount(lw, form, 1, 1) ? b.call(b.global(`${PREFIX}%raise`, null, lw.at(form)), [lw.expression(form.args[0]!)], lw.at(form)) : null;
}

/** `(guard (name clause …) body …)` */
export function lowerGuard(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const spec = listItems(lw, form, form.args[0]), name = spec === null ? null : symbolOf(lw, form, spec[0]);
  if (spec === null || name === null) return null;
  return catching(lw, form, () => lw.body(form.args.slice(1), form), (condition) => lw.inNewScope((scope) => {
    const span = lw.at(form), { variable } = scope.declare(name, true);
    const clauses = condClauses(lw, form, spec.slice(1), lw.library("%reraise", [condition()], form)) ?? lw.nothing(form);
    return b.scope(scope.variables, b.block([b.letNode(variable, lw.native("%guard-value", [condition()], form), span), clauses], span), span);
  }));
}

export function lowerParameterize(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const bindings = bindingsOf(lw, form, form.args[0]);
  if (bindings === null) return null;
  const parameters = lw.expressions(bindings.map(({ name }) => name)), values = lw.expressions(bindings.map(({ value }) => value));
  return lw.library("%parameterize", [lw.native("list", parameters, form), lw.native("list", values, form), bodyThunk(lw, form, 1)], form);
}

const bodyThunk = (lw: Lowering, form: Form, from: number): Node => thunk(lw, () => lw.body(form.args.slice(from), form), form);

export function lowerDelay(lw: Lowering, form: Form, lazy: boolean): Node | null {
  if (!checkCount(lw, form, 1, 1)) return null;
  return lw.native(lazy ? "%make-lazy-promise" : "%make-promise", [thunk(lw, () => lw.expression(form.args[0]!), form)], form);
}

/** `(handler-bind ((spec handler) …) body …)` */
export function lowerHandlerBind(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const bindings = bindingsOf(lw, form, form.args[0]);
  if (bindings === null) return null;
  const handlers = bindings.map(({ name, value }) => lw.native("cons", [lw.expression(name), lw.expression(value)], name));
  return lw.library("%handler-bind", [lw.native("list", handlers, form), bodyThunk(lw, form, 1)], form);
}

/** `(with-restarts ((name (param …) [:report text] body …) …) body …)` */
export function lowerWithRestarts(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 1, -1)) return null;
  const clauses = listItems(lw, form, form.args[0])?.map((clause) => lowerRestart(lw, form, clause));
  if (clauses === undefined || clauses.includes(null)) return null;
  return lw.library("%with-restarts", [lw.native("list", clauses as Node[], form), bodyThunk(lw, form, 1)], form);
}

function lowerRestart(lw: Lowering, form: Form, clause: Datum): Node | null {
  const [name, formals, ...rest] = properItems(clause) ?? [];
  if (name === undefined || formals === undefined) return lw.malformed(form, "each restart must be (name (params...) body...)");
  const symbol = symbolOf(lw, form, name), params = parametersOf(lw, form, formals);
  if (symbol === null || params === null) return null;
  const reports = rest[0]?.kind === "keyword" && rest[0].name === "report" && rest[1] !== undefined;
  const report = reports ? lw.expression(rest[1]!) : lw.nothing(clause);
  const body = lowerFunction(lw, symbol.name, params, reports ? rest.slice(2) : rest, clause);
  return lw.native("list", [lw.symbol(symbol.name, symbol), report, body], clause);
}

/** `(case-lambda (params body …) …)` */
export function lowerCaseLambda(lw: Lowering, form: Form): Node | null {
  const clauses: Node[] = [];
  for (const clause of form.args) {
    const [formals, ...body] = listItems(lw, form, clause) ?? [];
    if (formals === undefined || body.length === 0) return lw.malformed(form, "each clause must be (params body...)");
    const params = parametersOf(lw, form, formals);
    if (params === null) return null;
    clauses.push(lowerFunction(lw, "", params, body, clause));
  }
  return lw.library("%case-lambda", [lw.nothing(form), lw.native("list", clauses, form)], form);
}

