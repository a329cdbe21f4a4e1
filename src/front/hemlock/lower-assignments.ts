// Assignments, compound assignments, ++ and --.

import * as b from "../../ir/builder.ts";
import type { Node, Variable } from "../../ir/nodes.ts";
import type { Span } from "../../text/source.ts";
import type { AssignExpr, Expr, Place, UpdateExpr } from "./ast.ts";
import type { Lowering } from "./lowering.ts";
import type { Candidate } from "./names.ts";
import { read, resolve, resolveSelf, write } from "./names.ts";

/** `x op= e` is exactly `x = x op e`: the target's parts are evaluated twice. */
export function lowerAssign(lw: Lowering, assign: AssignExpr): Node {
  const { target, op, value, span } = assign;
  if (target.kind === "Name" || target.kind === "Self") {
    const candidates = candidatesOf(lw, target);
    const name = target.kind === "Name" ? target.name : "self";
    return write(candidates, combined(() => read(candidates, target.span), op, lw.named(value, name), span), span);
  }
  const object = lw.expression(target.object);
  const index = target.kind === "Index" ? lw.expression(target.index) : null;
  const old = (): Node => lw.copying(target.span, () => lw.expression(target));
  const before = op === null ? null : old();
  const result = combined(() => before!, op, lw.named(value, target.kind === "Field" ? target.name : ""), span);
  return target.kind === "Field" ? b.setField(object, target.name, result, span) : b.setIndex(object, index!, result, span);
}

function combined(old: () => Node, op: AssignExpr["op"], value: Node, span: Span): Node {
  if (op === null) return value;
  return op === "Coalesce" ? b.logic("Coalesce", old(), value, span) : b.binary(op, old(), value, span);
}

function candidatesOf(lw: Lowering, target: Place & { readonly kind: "Name" | "Self" }): Candidate[] {
  return target.kind === "Name" ? resolve(lw, target.name, target.span) : resolveSelf(lw);
}

/** `wanted`: whether the value of the expression is used; if not, postfix needs no copy of the old value. */
export function lowerUpdate(lw: Lowering, update: UpdateExpr, wanted: boolean): Node {
  const { target, span } = update;
  const keepsOld = wanted && !update.prefix;
  const temporaries: Variable[] = [], steps: Node[] = [];
  const hold = (name: string, value: Node): (() => Node) => {
    const held = b.variable(name);
    temporaries.push(held);
    steps.push(b.letNode(held, value, span));
    return () => b.local(held, span);
  };
  const place = repeatable(lw, target, hold);
  const old = keepsOld ? hold("old", place.read()) : place.read;
  steps.push(place.write(b.unary(update.op, old(), span)));
  if (keepsOld) steps.push(old());
  const body = steps.length === 1 ? steps[0]! : b.block(steps, span);
  return temporaries.length === 0 ? body : b.scope(temporaries, body, span);
}

/** A place whose parts are evaluated once, to be read and then written. */
function repeatable(lw: Lowering, target: Place, hold: (name: string, value: Node) => () => Node): { read: () => Node; write: (value: Node) => Node } {
  const { span } = target;
  if (target.kind === "Name" || target.kind === "Self") {
    const candidates = candidatesOf(lw, target);
    return { read: () => read(candidates, span), write: (value) => write(candidates, value, span) };
  }
  // An object that is a mere variable must still be read first when evaluating the index could change it.
  const plain = isPlain(target.object) && (target.kind === "Field" || isPlain(target.index));
  const once = (name: string, part: Expr): (() => Node) => (plain ? () => lw.expression(part) : hold(name, lw.expression(part)));
  const object = once("object", target.object);
  if (target.kind === "Field") {
    return { read: () => b.getField(object(), target.name, false, span), write: (value) => b.setField(object(), target.name, value, span) };
  }
  const index = once("index", target.index);
  return { read: () => b.getIndex(object(), index(), false, span), write: (value) => b.setIndex(object(), index(), value, span) };
}

/** Evaluating it twice is the same as evaluating it once. */
export function isPlain(expression: Expr): boolean {
  const { kind } = expression;
  return kind === "Name" || kind === "Self" || (kind === "Literal" && expression.value.type !== "string");
}
