// Statements. A statement list becomes a block, in a scope when it declares names.

import * as b from "../../ir/builder.ts";
import type { Label, Node } from "../../ir/nodes.ts";
import { TypeCode } from "../../ir/types.ts";
import type { Block, EnumStmt, Expr, ExternStmt, ForInStmt, ForStmt, FunctionExpr, IfStmt, JumpStmt, LetStmt, DefineStmt, Name, ReturnStmt, Stmt, SwitchStmt, TryStmt, WhileStmt } from "./ast.ts";
import { lowerEffect, lowerExpression, lowerNamed } from "./lower-expressions.ts";
import { lowerDefer, thunk } from "./lower-functions.ts";
import { ConvertMode, converted, descriptor, nativeType, textList } from "./lower-types.ts";
import type { Lowering } from "./lowering.ts";
import { lowerExportList, lowerImport } from "./modules.ts";
import { declarationsOf } from "./scope.ts";

/** Else-ifs beyond which a chain is lowered flat instead of nested. */
const NESTED_ELSE_IFS = 32;

/** A block with a scope of its own. */
export function lowerBlock(lw: Lowering, block: Block): Node {
  return lw.inNewScope((scope) => {
    for (const { name, constant } of declarationsOf(block.body)) scope.declare(name, { constant });
    const body = b.block(block.body.map((statement) => lowerStatement(lw, statement)), block.span);
    return scope.names.size === 0 ? body : b.scope(scope.variables, body, block.span);
  });
}

export function lowerStatement(lw: Lowering, statement: Stmt): Node {
  lw.enter(statement.span);
  const node = dispatch(lw, statement);
  lw.leave();
  return node;
}

function dispatch(lw: Lowering, s: Stmt): Node {
  switch (s.kind) {
    case "Let": return lowerLet(lw, s);
    case "Expression": return lowerEffect(lw, s.value);
    case "Block": return lowerBlock(lw, s.block);
    case "If": return lowerIf(lw, s);
    case "While": return lowerWhile(lw, s);
    case "For": return lowerFor(lw, s);
    case "ForIn": return lowerForIn(lw, s);
    case "Switch": return lowerSwitch(lw, s);
    case "Break": case "Continue": return lowerJump(lw, s);
    case "Return": return lowerReturn(lw, s);
    case "Throw": return b.throwNode(lowerExpression(lw, s.value), s.span);
    case "Defer": return lowerDefer(lw, s.value, s.span);
    case "Try": return lowerTry(lw, s);
    case "Define": return lowerDefine(lw, s);
    case "Enum": return lowerEnum(lw, s);
    case "Export": return lowerStatement(lw, s.declaration);
    case "ExportList": return lowerExportList(lw, s);
    case "Import": return lowerImport(lw, s);
    case "NativeImport": return libraryCall("$import_library", [b.text(s.path, s.span)], s.span);
    case "Extern": return lowerExtern(lw, s);
  }
}

function lowerLet(lw: Lowering, s: LetStmt): Node {
  return bind(lw, s.name, s.constant, s.value.kind === "Function" ? s.value : null, s.span, () => {
    const value = lowerNamed(lw, s.value, s.name.text);
    return s.type === null ? value : converted(s.type, value, ConvertMode.Let, s.value.span);
  });
}

/**
 * Declares a name in the scope at hand. `fn`: the value when it is a function expression; that cannot run before the
 * declaration is complete, so inside it the name counts as initialised.
 */
function bind(lw: Lowering, name: Name, constant: boolean, fn: FunctionExpr | null, span: Stmt["span"], lowerValue: () => Node): Node {
  if (lw.scope === null) return b.defineGlobal(lw.globalName(name.text), lowerValue(), constant, span);
  const local = lw.scope.declare(name.text, { constant });
  if (local.ready) return b.block([lowerValue(), b.fail(`Variable '${name.text}' already defined in this scope`, false, name.span)], span);
  local.ready = fn !== null;
  local.fn = fn;
  const value = lowerValue();
  local.ready = true;
  return b.letNode(local.variable, value, span);
}

function lowerIf(lw: Lowering, s: IfStmt): Node {
  const arms = s.branches.map(({ test, body }) => ({ test: lowerExpression(lw, test), then: lowerBlock(lw, body), span: body.span }));
  const last = s.otherwise === null ? b.nullNode(s.span) : lowerBlock(lw, s.otherwise);
  if (arms.length <= NESTED_ELSE_IFS) {
    return arms.reduceRight((otherwise: Node, arm, i) => b.ifNode(arm.test, arm.then, otherwise, i === 0 ? s.span : arm.span), last);
  }
  const done = b.label("if");
  const steps = arms.map((arm) => b.ifNode(arm.test, b.block([arm.then, b.breakNode(done, null, arm.span)], arm.span), b.nullNode(arm.span), arm.span));
  return b.labelled(done, b.block([...steps, last], s.span), s.span);
}

/** Runs `lower` with a loop or switch that break and continue can mean. */
function withTarget<T>(lw: Lowering, name: string | null, loop: boolean, lower: (label: Label) => T): T {
  const label = b.label(name ?? (loop ? "loop" : "switch"));
  lw.fn.targets.push({ label, name, loop });
  const result = lower(label);
  lw.fn.targets.pop();
  return result;
}

function lowerWhile(lw: Lowering, s: WhileStmt): Node {
  const test = s.test === null ? null : lowerExpression(lw, s.test);
  return withTarget(lw, s.label, true, (label) => b.loop(label, test, lowerBlock(lw, s.body), null, s.span));
}

/** The loop variable is one variable for the whole loop. */
function lowerFor(lw: Lowering, s: ForStmt): Node {
  return lw.inNewScope((scope) => {
    const init = s.init === null ? [] : [lowerStatement(lw, s.init)];
    const test = s.test === null ? null : lowerExpression(lw, s.test);
    const update = s.update === null ? null : lowerEffect(lw, s.update);
    const loop = withTarget(lw, s.label, true, (label) => b.loop(label, test, lowerBlock(lw, s.body), update, s.span));
    const body = init.length === 0 ? loop : b.block([...init, loop], s.span);
    return scope.names.size === 0 ? body : b.scope(scope.variables, body, s.span);
  });
}

function lowerForIn(lw: Lowering, s: ForInStmt): Node {
  const iterable = lowerExpression(lw, s.iterable);
  return lw.inNewScope((scope) => {
    const key = s.key === null ? null : scope.declare(s.key.text, { ready: true }).variable;
    // "for (let x, x in …)": the second one hides the first.
    if (s.key?.text === s.value.text) scope.names.delete(s.value.text);
    const value = scope.declare(s.value.text, { ready: true }).variable;
    return withTarget(lw, s.label, true, (label) => b.forEach(label, key, value, iterable, lowerBlock(lw, s.body), s.span));
  });
}

function lowerSwitch(lw: Lowering, s: SwitchStmt): Node {
  const subject = lowerExpression(lw, s.subject);
  const fallback = s.cases.findIndex((arm) => arm.test === null);
  return withTarget(lw, null, false, (label) => {
    const cases = s.cases.map(({ test, body }) => ({ test: test === null ? null : lowerExpression(lw, test), body: lowerBlock(lw, body) }));
    return b.switchNode(label, subject, cases, fallback, s.span);
  });
}

function lowerJump(lw: Lowering, s: JumpStmt): Node {
  const isBreak = s.kind === "Break";
  const target = lw.fn.targets.findLast((candidate) => (s.label !== null ? candidate.name === s.label.text : isBreak || candidate.loop));
  if (target !== undefined) return isBreak ? b.breakNode(target.label, null, s.span) : b.continueNode(target.label, s.span);
  if (s.label !== null) lw.report("E301", s.label.span, [s.label.text]);
  else lw.report("W402", s.span, [isBreak ? "break" : "continue"]);
  return b.nullNode(s.span);
}

function lowerReturn(lw: Lowering, s: ReturnStmt): Node {
  const value = s.value === null ? b.nullNode(s.span) : lowerExpression(lw, s.value);
  const { returns } = lw.fn;
  if (lw.fn.kind === "main") {
    lw.report("W403", s.span);
    return value;
  }
  // A bare return is how a void function ends; there is nothing to convert.
  const bareVoid = s.value === null && returns?.kind === "Plain" && returns.code === TypeCode.Void;
  return b.returnNode(returns === null || bareVoid ? value : converted(returns, value, ConvertMode.Return, s.span), s.span);
}

function lowerTry(lw: Lowering, s: TryStmt): Node {
  const body = lowerBlock(lw, s.body);
  const caught = s.catch;
  const handler = caught === null ? null : lw.inNewScope((scope) => {
    const { variable } = scope.declare(caught.name.text, { ready: true });
    return { variable, body: lowerBlock(lw, caught.body) };
  });
  return b.tryNode(body, handler, s.finally === null ? null : lowerBlock(lw, s.finally), s.span);
}

const libraryCall = (name: string, args: readonly Node[], span: Stmt["span"]): Node => b.call(b.global(name, null, span), args, span);

/** `$define_type(name, parameters, fields)`; a field is [name, descriptor or null, optional, default function or null]. */
function lowerDefine(lw: Lowering, s: DefineStmt): Node {
  const { span } = s;
  const fallback = (value: Expr | null): Node => (value === null ? b.nullNode(span) : thunk(lw, value, s.name, false));
  const fields = s.fields.map((field) => b.array([
    b.text(field.name, field.span),
    field.type === null ? b.nullNode(field.span) : b.constant(descriptor(field.type), field.span),
    b.bool(field.optional, field.span),
    fallback(field.default),
  ], field.span));
  return libraryCall("$define_type", [b.text(s.name, span), b.constant(textList(s.params), span), b.array(fields, span)], span);
}

/** `$ffi_bind(null, name, parameter types, result type)`: of the library that was loaded last. */
function lowerExtern(lw: Lowering, { name, params, returns, span }: ExternStmt): Node {
  const types = b.constant(textList(params.map(nativeType)), span), result = b.text(returns === null ? "void" : nativeType(returns), span);
  return bind(lw, name, false, null, span, () => libraryCall("$ffi_bind", [b.nullNode(span), b.text(name.text, span), types, result], span));
}

/** `$make_enum(name, names, values)` with null for values that count on from the one before. */
function lowerEnum(lw: Lowering, s: EnumStmt): Node {
  const { span } = s;
  return bind(lw, s.name, true, null, span, () => {
    const values = s.members.map((member) => (member.value === null ? b.nullNode(member.span) : lowerExpression(lw, member.value)));
    const names = b.constant(textList(s.members.map((member) => member.name)), span);
    return libraryCall("$make_enum", [b.text(s.name.text, span), names, b.array(values, span)], span);
  });
}
