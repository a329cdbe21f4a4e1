// Choices and sequences: if, cond, case, when, unless, and, or, begin, while.

import * as b from "../../ir/builder.ts";
import type { Node, Variable } from "../../ir/nodes.ts";
import type { Datum, Place } from "./datum.ts";
import { checkCount, listItems } from "./forms.ts";
import { literalOf, yieldsBool } from "./lower-expressions.ts";
import type { Form, Lowering } from "./lowering.ts";

export function lowerIf(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 2, 3)) return null;
  const [test, then, otherwise] = form.args as [Datum, Datum, Datum?];
  return b.ifNode(lw.test(test), lw.expression(then), otherwise === undefined ? lw.nothing(form) : lw.expression(otherwise), lw.at(form));
}

export function lowerWhen(lw: Lowering, form: Form, unless: boolean): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const test = lw.test(form.args[0]!), body = lw.sequence(form.args.slice(1), form), nothing = lw.nothing(form);
  return unless ? b.ifNode(test, nothing, body, lw.at(form)) : b.ifNode(test, body, nothing, lw.at(form));
}

export function lowerWhile(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const test = lw.test(form.args[0]!);
  return b.loop(b.label("while"), test, lw.body(form.args.slice(1), form), null, lw.at(form));
}

/** A value used more than once: computed into a variable of its own scope. */
export function holding(lw: Lowering, name: string, value: Node, at: Place, use: (variable: Variable) => Node): Node {
  const variable = b.variable(name), span = lw.at(at);
  return b.scope([variable], b.block([b.letNode(variable, value, span), use(variable)], span), span);
}

/** and, or: the deciding value. */
export function lowerLogic(lw: Lowering, form: Form, and: boolean): Node {
  const span = lw.at(form);
  if (form.args.length === 0) return b.bool(and, span);
  return lw.expressions(form.args).reduceRight((rest, node) => {
    const choose = (test: Node, value: Node): Node => (and ? b.ifNode(test, rest, value, span) : b.ifNode(test, value, rest, span));
    if (yieldsBool(node)) return choose(node, b.bool(!and, span));
    return holding(lw, "value", node, form, (value) => choose(b.isTrue(b.local(value, span), span), b.local(value, span)));
  });
}

// ---- clauses

/** One branch of a cond or case: given what comes after it, the whole. */
type Branch = { readonly test: Node; readonly body: Node } | { readonly value: Node; readonly use: (value: Node) => Node };

/** More branches than this are laid out one after the other instead of inside each other. */
const MANY = 16;

/** The first branch whose test holds. */
function choose(lw: Lowering, branches: readonly Branch[], otherwise: Node, at: Place): Node {
  const span = lw.at(at);
  const one = (branch: Branch, rest: Node): Node => {
    if ("test" in branch) return b.ifNode(branch.test, branch.body, rest, span);
    return holding(lw, "test", branch.value, at, (value) => b.ifNode(b.isTrue(b.local(value, span), span), branch.use(b.local(value, span)), rest, span));
  };
  if (branches.length <= MANY) return branches.reduceRight((rest, branch) => one(branch, rest), otherwise);
  const done = b.label("chosen");
  const leave = (value: Node): Node => b.breakNode(done, value, span);
  const steps = branches.map((branch) => one("test" in branch ? { ...branch, body: leave(branch.body) } : { ...branch, use: (value) => leave(branch.use(value)) }, lw.nothing(at)));
  return b.labelled(done, b.block([...steps, otherwise], span), span);
}

export function lowerCond(lw: Lowering, form: Form): Node | null {
  return condClauses(lw, form, form.args, lw.nothing(form));
}

/** Clauses of cond and guard; null when one is malformed. */
export function condClauses(lw: Lowering, form: Form, clauses: readonly Datum[], none: Node): Node | null {
  const branches: Branch[] = [];
  for (const clause of clauses) {
    const items = listItems(lw, form, clause);
    if (items === null) return null;
    if (items.length === 0) return lw.malformed(form, "clause must not be empty", "each clause is (test body...) or (else body...)");
    const [test, ...body] = items as [Datum, ...Datum[]];
    if (lw.isWord(test, "else")) return choose(lw, branches, body.length === 0 ? b.bool(true, lw.at(test)) : lw.sequence(body, clause), form);
    branches.push(condBranch(lw, form, clause, test, body));
  }
  return choose(lw, branches, none, form);
}

function condBranch(lw: Lowering, form: Form, clause: Datum, test: Datum, body: readonly Datum[]): Branch {
  if (body.length === 0) return { value: lw.expression(test), use: (value) => value };
  if (!lw.isWord(body[0], "=>")) return { test: lw.test(test), body: lw.sequence(body, clause) };
  if (body.length !== 2) lw.malformed(form, "expected (test => receiver)");
  const value = lw.expression(test), receiver = body[1] === undefined ? lw.nothing(clause) : lw.expression(body[1]);
  return { value, use: (held) => b.properCall(receiver, [held], lw.at(clause)) };
}

export function lowerCase(lw: Lowering, form: Form): Node | null {
  if (!checkCount(lw, form, 2, -1)) return null;
  const key = lw.expression(form.args[0]!), held = b.variable("key"), span = lw.at(form);
  const branches: Branch[] = [];
  let otherwise: Node = lw.nothing(form);
  for (const clause of form.args.slice(1)) {
    const items = listItems(lw, form, clause);
    if (items === null) return null;
    if (items.length === 0) return lw.malformed(form, "clause must not be empty");
    const [data, ...body] = items as [Datum, ...Datum[]];
    if (lw.isWord(data, "else")) {
      otherwise = caseBody(lw, body, clause, held);
      break;
    }
    const values = listItems(lw, form, data);
    if (values === null) return null;
    branches.push({ test: caseTest(lw, held, values, data), body: caseBody(lw, body, clause, held) });
  }
  return b.scope([held], b.block([b.letNode(held, key, span), choose(lw, branches, otherwise, form)], span), span);
}

function caseBody(lw: Lowering, body: readonly Datum[], clause: Datum, held: Variable): Node {
  if (!lw.isWord(body[0], "=>")) return lw.sequence(body, clause);
  return b.properCall(body[1] === undefined ? lw.nothing(clause) : lw.expression(body[1]), [b.local(held, lw.at(clause))], lw.at(clause));
}

function caseTest(lw: Lowering, held: Variable, values: readonly Datum[], at: Place): Node {
  const tests = values.map((datum) => equalsConstant(lw, b.local(held, lw.at(datum)), datum));
  return tests.length === 0 ? b.bool(false, lw.at(at)) : tests.reduce((left, right) => b.logic("Or", left, right, lw.at(at)));
}

/** Does the value equal the datum? Data that is identical when it is equal is compared without a call. */
function equalsConstant(lw: Lowering, value: Node, datum: Datum): Node {
  const span = lw.at(datum), constant = b.constant(literalOf(datum), span);
  switch (datum.kind) {
    case "nil": case "empty": case "bool": case "char": case "symbol": case "keyword": return b.binary("StrictEq", value, constant, span);
    case "number": return lw.options.primitives ? b.primitive("NumEq", [value, constant], span) : lw.native("%case-equal?", [value, constant], datum);
    default: return lw.native("%case-equal?", [value, constant], datum);
  }
}

/** Definitions among the forms belong to the body around. */
export const lowerBegin = (lw: Lowering, form: Form): Node => lw.sequence(form.args, form);

