// Expressions. Left-nested operator chains of any length are lowered with a loop, and long ones are cut up so that no
// later recursion over the IR runs deep.

import * as b from "../../ir/builder.ts";
import type { Node } from "../../ir/nodes.ts";
import type { BinaryExpr, Expr, LogicExpr, ObjectExpr, TemplateExpr, TypeExpr } from "./ast.ts";
import { lowerAssign, lowerUpdate } from "./lower-assignments.ts";
import { isLibraryName, lowerCall } from "./lower-calls.ts";
import { lowerFunction } from "./lower-functions.ts";
import type { Lowering } from "./lowering.ts";
import { read, resolve, resolveSelf } from "./names.ts";
import { TYPE_WORDS } from "./tokens.ts";

/** Operators in one piece of a chain before its value goes through a temporary variable. */
const CHAIN_PIECE = 200;
/** Operands from which a chain of one logical operator is nested as a balanced tree. */
const BALANCED_FROM = 32;

export function lowerExpression(lw: Lowering, expression: Expr): Node {
  lw.enter(expression.span);
  const node = dispatch(lw, expression);
  lw.leave();
  return node;
}

/** For an expression whose value is not used. */
export function lowerEffect(lw: Lowering, expression: Expr): Node {
  return expression.kind === "Update" ? lowerUpdate(lw, expression, false) : lowerExpression(lw, expression);
}

/** A function expression takes the name of what it is bound to. */
export function lowerNamed(lw: Lowering, expression: Expr, name: string): Node {
  return expression.kind === "Function" ? lowerFunction(lw, expression, name) : lowerExpression(lw, expression);
}

function dispatch(lw: Lowering, e: Expr): Node {
  const { span } = e;
  switch (e.kind) {
    case "Literal": return b.constant(e.value, span);
    case "Name": return read(resolve(lw, e.name, span), span);
    case "Self": return read(resolveSelf(lw), span);
    case "TypeWord": return lowerTypeWord(lw, e);
    case "Template": return lowerTemplate(lw, e);
    case "Array": return b.array(e.elements.map((element) => lowerExpression(lw, element)), span);
    case "Object": return lowerObject(lw, e);
    case "Function": return lowerFunction(lw, e, "");
    case "Unary": return b.unary(e.op, lowerExpression(lw, e.operand), span);
    case "Binary": return lowerBinary(lw, e);
    case "Logic": return lowerLogic(lw, e);
    case "Conditional": return b.ifNode(lowerExpression(lw, e.test), lowerExpression(lw, e.then), lowerExpression(lw, e.else), span);
    case "Assign": return lowerAssign(lw, e);
    case "Update": return lowerUpdate(lw, e, true);
    case "Field": return b.getField(lowerExpression(lw, e.object), e.name, e.optional, span);
    case "Index": return b.getIndex(lowerExpression(lw, e.object), lowerExpression(lw, e.index), e.optional, span);
    case "Call": return lowerCall(lw, e);
    case "Await": return b.awaitNode(lowerExpression(lw, e.value), span);
  }
}

function lowerTypeWord(lw: Lowering, e: TypeExpr): Node {
  if (isLibraryName(lw, e.word)) return read(resolve(lw, e.word, e.span), e.span);
  const type = TYPE_WORDS.get(e.word)!;
  return type.value ? b.constant({ type: "type", value: type.code }, e.span) : b.nullNode(e.span);
}

function lowerTemplate(lw: Lowering, e: TemplateExpr): Node {
  const [first] = e.parts;
  if (first === undefined) return b.text("", e.span);
  if (e.parts.length === 1 && first.kind === "Literal" && first.value.type === "string") return b.constant(first.value, e.span);
  return b.interpolate(e.parts.map((part) => lowerExpression(lw, part)), e.span);
}

function lowerObject(lw: Lowering, e: ObjectExpr): Node {
  return b.object(e.entries.map(({ key, value }) => ({ key, value: lowerNamed(lw, value, key ?? "") })), e.span);
}

function lowerBinary(lw: Lowering, top: BinaryExpr): Node {
  const operators: BinaryExpr[] = [];
  let leftmost: Expr = top;
  while (leftmost.kind === "Binary") {
    operators.push(leftmost);
    leftmost = leftmost.left;
  }
  let result = lowerExpression(lw, leftmost);
  const held = b.variable("partial"), pieces: Node[] = [];
  for (let i = operators.length - 1, done = 0; i >= 0; i--, done++) {
    const { op, right, span } = operators[i]!;
    if (done > 0 && done % CHAIN_PIECE === 0) {
      pieces.push(pieces.length === 0 ? b.letNode(held, result, span) : b.setLocal(held, result, span));
      result = b.local(held, span);
    }
    result = b.binary(op, result, lowerExpression(lw, right), span);
  }
  return pieces.length === 0 ? result : b.scope([held], b.block([...pieces, result], top.span), top.span);
}

function lowerLogic(lw: Lowering, top: LogicExpr): Node {
  const operands: Node[] = [], rights: Expr[] = [];
  let leftmost: Expr = top;
  while (leftmost.kind === "Logic" && leftmost.op === top.op) {
    rights.push(leftmost.right);
    leftmost = leftmost.left;
  }
  operands.push(lowerExpression(lw, leftmost));
  for (const right of rights.reverse()) operands.push(lowerExpression(lw, right));
  const join = (left: Node, right: Node): Node => b.logic(top.op, left, right, { start: left.span.start, end: right.span.end });
  return operands.length < BALANCED_FROM ? operands.reduce(join) : balanced(operands, 0, operands.length, join);
}

/** The operators are associative: same operands, same order, same result. */
function balanced(operands: readonly Node[], from: number, to: number, join: (left: Node, right: Node) => Node): Node {
  if (to - from === 1) return operands[from]!;
  const middle = (from + to) >> 1;
  return join(balanced(operands, from, middle, join), balanced(operands, middle, to, join));
}
