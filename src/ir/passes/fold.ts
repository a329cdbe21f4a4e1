// Constant folding and what follows from it: operators on literals, tests that are known, branches and code that
// cannot run, constants whose value nobody uses. Only what no program can tell apart: never an operation that fails or
// gives NaN, never string operations (a string constant is a new, mutable string at each evaluation).

import { TYPE_NAMES } from "../types.ts";
import { convertInteger, foldBinary, foldUnary, isInteger, truth } from "../arithmetic.ts";
import type { BlockNode, ConvertNode, FunctionNode, IfNode, Literal, LogicNode, LoopNode, Node, Program, UnaryNode } from "../nodes.ts";
import { transform } from "../walk.ts";

export function foldConstants(program: Program): Program {
  const main = transform(program.main, fold);
  return { ...program, main: main as FunctionNode };
}

/** One node whose children are folded. */
function fold(node: Node): Node {
  switch (node.kind) {
    case "Unary": return foldUnaryNode(node);
    case "Binary": {
      if (node.left.kind !== "Const" || node.right.kind !== "Const") return node;
      const value = foldBinary(node.op, node.left.value, node.right.value);
      return value === null ? node : { kind: "Const", span: node.span, value };
    }
    case "Logic": return foldLogic(node);
    case "If": return foldIf(node);
    case "Loop": return foldLoop(node);
    case "Block": return foldBlock(node);
    case "Scope": return node.variables.length === 0 ? node.body : node;
    case "Convert": return foldConvert(node);
    default: return node;
  }
}

const constant = (node: Node, value: Literal): Node => ({ kind: "Const", span: node.span, value });
const truthOf = (node: Node): boolean | null => (node.kind === "Const" ? truth(node.value) : null);
const truthy = (node: Node): Node => fold({ kind: "Unary", span: node.span, op: "Truthy", operand: node });

const BOOL_OPS: ReadonlySet<string> = new Set(["Eq", "Ne", "Lt", "Le", "Gt", "Ge", "StrictEq", "Not", "Truthy", "And", "Or"]);
const yieldsBool = (node: Node): boolean => (node.kind === "Unary" || node.kind === "Binary" || node.kind === "Logic") && BOOL_OPS.has(node.op);

/** A test without the Truthy that the test itself implies. */
const asTest = (node: Node): Node => (node.kind === "Unary" && node.op === "Truthy" ? node.operand : node);

function foldUnaryNode(node: UnaryNode): Node {
  if (node.op === "Truthy" && yieldsBool(node.operand)) return node.operand;
  if (node.op === "Not") {
    const operand = asTest(node.operand);
    if (operand !== node.operand) return { ...node, operand };
  }
  if (node.operand.kind !== "Const") return node;
  const value = foldUnary(node.op, node.operand.value);
  return value === null ? node : constant(node, value);
}

function foldLogic(node: LogicNode): Node {
  const { op, left, right } = node;
  const known = truthOf(left);
  if (op === "Coalesce") {
    if (left.kind !== "Const" || left.value.type === "hole") return node;
    return left.value.type === "null" ? right : left;
  }
  const and = op === "And" || op === "AndValue";
  if (op === "AndValue" || op === "OrValue") return known === null ? node : known === and ? right : left;
  if (known !== null) return known === and ? truthy(right) : constant(node, { type: "bool", value: known });
  return truthOf(right) === and ? truthy(left) : node;
}

function foldIf(node: IfNode): Node {
  const known = truthOf(node.test);
  if (known !== null) return known ? node.then : node.else;
  const test = asTest(node.test);
  return test === node.test ? node : { ...node, test };
}

function foldLoop(node: LoopNode): Node {
  if (node.test === null) return node;
  const known = truthOf(node.test);
  if (known === false) return constant(node, { type: "null" });
  const test = known === true ? null : asTest(node.test);
  return test === node.test ? node : { ...node, test };
}

/** Splices inner blocks, drops values that nobody uses and everything behind a node that never completes. */
function foldBlock(node: BlockNode): Node {
  const body: Node[] = [];
  const flat = node.body.flatMap((child, i) => splice(child, i === node.body.length - 1));
  for (const [i, child] of flat.entries()) {
    if (i < flat.length - 1 && isPure(child)) continue;
    body.push(child);
    if (diverges(child)) break;
  }
  if (body.length === 0) return constant(node, { type: "null" });
  if (body.length === 1) return body[0]!;
  return body.length === node.body.length && body.every((child, i) => child === node.body[i]) ? node : { ...node, body };
}

/** An empty block in last place still gives the value null. */
function splice(child: Node, last: boolean): readonly Node[] {
  return child.kind === "Block" && (!last || child.body.length > 0) ? child.body : [child];
}

/** Evaluating it can have no effect. */
function isPure(node: Node): boolean {
  return node.kind === "Const" || (node.kind === "Local" && !node.check && node.onHole === null);
}

/** Control never leaves it by completing. */
function diverges(node: Node): boolean {
  switch (node.kind) {
    case "Return": case "Throw": case "Fail": case "Break": case "Continue": return true;
    case "Block": return node.body.length > 0 && diverges(node.body.at(-1)!);
    case "Scope": return diverges(node.body);
    case "If": return diverges(node.then) && diverges(node.else);
    default: return false;
  }
}

/** Integer constants to numeric types, when they are in range; `let x: i64 = 1` is the common case. */
function foldConvert(node: ConvertNode): Node {
  if (node.value.kind !== "Const" || !isInteger(node.value.value)) return node;
  const value = convertInteger(node.value.value, TYPE_NAMES[node.to] ?? "");
  return value === null ? node : constant(node, value);
}
