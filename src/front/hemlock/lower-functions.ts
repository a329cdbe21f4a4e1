// Functions: parameters, defaults, conversions, deferred expressions, and what happens at the end of the body.

import * as b from "../../ir/builder.ts";
import type { FunctionNode, Node, Parameter, Variable } from "../../ir/nodes.ts";
import type { Span } from "../../text/source.ts";
import type { Block, Expr, FunctionExpr, Param, Stmt } from "./ast.ts";
import { ConvertMode, converted, convertedRest, missingReturn } from "./lower-types.ts";
import type { Lowering } from "./lowering.ts";
import type { BlockScope } from "./scope.ts";
import { FunctionContext } from "./scope.ts";

/** `name`: what the function is bound to, for stack traces. */
export function lowerFunction(lw: Lowering, fn: FunctionExpr, name: string): FunctionNode {
  lw.enter(fn.span);
  const context = new FunctionContext("function", lw.fn, fn.returns);
  if (fn.defers) context.defers = b.variable("$defers");
  const node = lw.inFunction(context, () => {
    // Defaults are evaluated where the function was made: they must not see the parameters, so they are lowered first.
    const defaults = fn.params.map((param) => (param.default === null ? null : lw.expression(param.default)));
    const scope = lw.scope!;
    const params = fn.params.map((param, i) => lowerParameter(lw, scope, param, defaults[i]!));
    const rest = fn.rest === null ? null : lowerRest(lw, scope, fn.rest);
    const body = functionBody(lw, fn, context);
    return b.functionNode(name, params, body, { rest, self: context.self, isAsync: fn.isAsync, library: lw.options.library === true }, fn.span);
  });
  lw.leave();
  return node;
}

/** Of several parameters with one name, the first is the one the body sees. */
function declareParameter(lw: Lowering, scope: BlockScope, { name, byRef }: Param): Variable {
  if (!scope.names.has(name.text)) return scope.declare(name.text, { ready: true, byRef }).variable;
  lw.report("W405", name.span, [name.text]);
  return b.variable(name.text);
}

function lowerParameter(lw: Lowering, scope: BlockScope, param: Param, fallback: Node | null): Parameter {
  const variable = declareParameter(lw, scope, param);
  const { span } = param.name;
  // Annotations on by-reference parameters have no effect.
  const convert = param.type === null || param.byRef ? null : converted(param.type, b.local(variable, span), ConvertMode.Parameter, span);
  return b.parameter(variable, { default: fallback, convert, byRef: param.byRef });
}

function lowerRest(lw: Lowering, scope: BlockScope, param: Param): Parameter {
  const variable = declareParameter(lw, scope, param);
  const { span } = param.name;
  return b.parameter(variable, { convert: param.type === null ? null : convertedRest(param.type, b.local(variable, span), span) });
}

function functionBody(lw: Lowering, fn: FunctionExpr, context: FunctionContext): Node {
  const { span } = fn;
  const nodes = [lw.block(fn.body)];
  if (completes(fn.body)) nodes.push(endOfBody(fn, span));
  const body = nodes.length === 1 ? nodes[0]! : b.block(nodes, span);
  const { defers } = context;
  if (defers === null) return body;
  const run = b.call(b.global("$run_defers", null, span), [b.local(defers, span)], span);
  return b.scope([defers], b.block([b.letNode(defers, b.array([], span), span), b.tryNode(body, null, run, span)], span), span);
}

function endOfBody(fn: FunctionExpr, span: Span): Node {
  const message = fn.returns === null ? null : missingReturn(fn.returns);
  const end = { start: Math.max(span.start, span.end - 1), end: span.end };
  return message === null ? b.nullNode(end) : b.fail(message, false, end);
}

/** `defer e` of a function: e becomes a function without a receiver of its own, run by the library at the end. */
export function lowerDefer(lw: Lowering, value: Expr, span: Span): Node {
  const owner = owningFunction(lw.fn);
  if (owner?.defers == null) {
    lw.report("W404", span);
    return b.nullNode(span);
  }
  return b.callMethod(b.local(owner.defers, span), "push", [thunk(lw, value, "defer", true)], false, span);
}

function owningFunction(fn: FunctionContext): FunctionContext | null {
  return fn.kind === "main" ? null : fn.kind === "thunk" ? owningFunction(fn.parent!) : fn;
}

/** A function without parameters that evaluates an expression later. */
export function thunk(lw: Lowering, value: Expr, name: string, effectOnly: boolean): FunctionNode {
  const context = new FunctionContext("thunk", lw.fn);
  const body = lw.inFunction(context, () => (effectOnly ? lw.effect(value) : lw.expression(value)));
  return b.functionNode(name, [], body, { library: lw.options.library === true }, value.span);
}

/** Can control reach the end of the block? True when in doubt. */
function completes(block: Block): boolean {
  const last = block.body.at(-1);
  return last === undefined || statementCompletes(last);
}

function statementCompletes(statement: Stmt): boolean {
  switch (statement.kind) {
    case "Return": case "Throw": return false;
    case "Block": return completes(statement.block);
    case "If": return statement.otherwise === null || completes(statement.otherwise) || statement.branches.some((branch) => completes(branch.body));
    case "Try": {
      if (statement.finally !== null && !completes(statement.finally)) return false;
      return completes(statement.body) || (statement.catch !== null && completes(statement.catch.body));
    }
    default: return true;
  }
}
