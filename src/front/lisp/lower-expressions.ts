// Expressions: constants, names, calls, and the choice of what a list means.

import * as b from "../../ir/builder.ts";
import type { Literal, Node } from "../../ir/nodes.ts";
import { isTest, primitiveFor } from "../../ir/primitives.ts";
import { type Datum, type ListDatum, type Place, type SymbolDatum, Quoted, datumText } from "./datum.ts";
import { type Head, expandHead } from "./expansion.ts";
import { foldPrimitive } from "./fold.ts";
import { lowerApplied, lowerLambda } from "./lower-functions.ts";
import { type Form, type Lowering, PREFIX } from "./lowering.ts";

export function lowerExpression(lw: Lowering, datum: Datum): Node {
  switch (datum.kind) {
    case "symbol": return readName(lw, datum);
    case "list": return lowerHead(lw, expandHead(lw, datum), datum);
    case "vector": return lw.nested(datum, () => lw.native("vector", lw.expressions(datum.items), datum));
    case "map": return lw.nested(datum, () => lw.native("hash-map", lw.expressions(datum.items), datum));
    case "empty": return lw.nothing(datum);
    case "label": return lw.fail("E608", datum, "a datum label");
    default: return quote(lw, datum);
  }
}

export function lowerHead(lw: Lowering, head: Head, original: Datum): Node {
  switch (head.kind) {
    case "pending": return lw.nothing(original);
    case "other": return lw.expanded(head.origin, () => lw.nested(original, () => lowerExpression(lw, head.datum)));
    case "call": return lw.expanded(head.origin, () => lw.nested(head.datum, () => lowerCall(lw, head.datum)));
    case "form": return lw.expanded(head.origin, () => lw.nested(head.form.list, () => lw.rules.forms.get(head.name)!(lw, head.form)));
  }
}

/** A value bound to a name, which a function takes as its own. */
export function lowerNamed(lw: Lowering, datum: Datum, name: string): Node {
  if (datum.kind !== "list") return lowerExpression(lw, datum);
  const head = expandHead(lw, datum);
  if (head.kind !== "form" || (head.name !== "lambda" && head.name !== "fn")) return lowerHead(lw, head, datum);
  return lw.expanded(head.origin, () => lw.nested(datum, () => lowerLambda(lw, head.form, name) ?? lw.nothing(datum)));
}

// ---- constants

/** Atoms as literals of their own, everything else as quoted data. */
export function literalOf(datum: Datum): Literal {
  switch (datum.kind) {
    case "nil": return { type: "null" };
    case "empty": return { type: "empty" };
    case "bool": return { type: "bool", value: datum.value };
    case "char": return { type: "rune", value: datum.value };
    case "symbol": return { type: "symbol", value: datum.name };
    case "keyword": return { type: "keyword", value: datum.name };
    case "number":
      if (datum.value.type === "int") return { type: "int", value: datum.value.value };
      return datum.value.type === "float" ? { type: "f64", value: datum.value.value } : { type: "datum", value: new Quoted(datum) };
    default: return { type: "datum", value: new Quoted(datum) };
  }
}

export const quote = (lw: Lowering, datum: Datum): Node => b.constant(literalOf(datum), lw.at(datum));

// ---- names

function readName(lw: Lowering, symbol: SymbolDatum): Node {
  const meaning = lw.resolve(symbol), span = lw.at(symbol);
  switch (meaning.kind) {
    case "local": return meaning.ready ? b.local(meaning.variable, span) : b.localOr(meaning.variable, b.nullNode(span), span);
    case "accessor": return lw.library("%environment-get", [environment(lw, symbol), lw.symbol(meaning.name, symbol)], symbol);
    case "rules": case "expander": return lw.fail("E608", symbol, `the macro ${symbol.name}`);
    case "form": return readGlobal(lw, symbol.name, symbol);
    default: return readGlobal(lw, meaning.name, symbol);
  }
}

function readGlobal(lw: Lowering, name: string, at: Place): Node {
  if (lw.options.library && lw.options.isBuiltin(PREFIX + name)) return b.constant({ type: "native", value: PREFIX + name }, lw.at(at));
  return b.global(PREFIX + name, lw.library("%unbound", [lw.symbol(name, at)], at), lw.at(at));
}

const environment = (lw: Lowering, at: Place): Node => lw.quoted(lw.options.environment!.value, at);

/** Assigns; yields the value. */
export function writeName(lw: Lowering, symbol: SymbolDatum, value: Node, at: Place): Node {
  const meaning = lw.resolve(symbol);
  switch (meaning.kind) {
    case "local":
      meaning.variable.shared = true;
      return b.setLocal(meaning.variable, value, lw.at(at));
    case "accessor": return lw.library("%environment-set!", [environment(lw, at), lw.symbol(meaning.name, at), value], at);
    case "rules": case "expander": return lw.fail("E602", at, "set!", `${symbol.name} is a macro`);
    default: return lw.native("%set-global", [lw.symbol(meaning.name, at), value], at);
  }
}

/** Defines a name of the program, or of the environment a form is evaluated in. */
export function defineGlobal(lw: Lowering, symbol: SymbolDatum, value: Node, at: Place): Node {
  const { name } = symbol;
  if (lw.options.environment !== null) return lw.library("%environment-define", [environment(lw, at), lw.symbol(name, at), value], at);
  return lw.native("%define", [lw.symbol(lw.ownName(name), at), value], at);
}

// ---- calls

function lowerCall(lw: Lowering, call: ListDatum): Node {
  if (call.tail !== null) return lw.fail("E608", call, datumText(call));
  const callee = call.items[0]!, args = call.items.slice(1);
  if (callee.kind === "list") {
    const applied = lowerApplied(lw, call, callee, args);
    if (applied !== null) return applied;
  }
  if (callee.kind !== "symbol") return b.properCall(lowerExpression(lw, callee), lw.expressions(args), lw.at(call));
  const meaning = lw.resolve(callee);
  if (meaning.kind !== "global" && meaning.kind !== "macro") return b.properCall(readName(lw, callee), lw.expressions(args), lw.at(call));
  return lowerGlobalCall(lw, meaning.name, args, call, lw.options.library || (meaning.kind === "global" && meaning.core));
}

/** `core`: the library's function is meant, whatever the program defines. */
function lowerGlobalCall(lw: Lowering, name: string, args: readonly Datum[], call: Place, core: boolean): Node {
  const nodes = lw.expressions(args), full = PREFIX + name, span = lw.at(call);
  const op = lw.options.primitives ? primitiveFor(full, nodes.length) : null;
  // A program may define `+` anew at any time, so its constants are left to run time.
  if (op !== null) return (core ? foldPrimitive(op, nodes, span) : null) ?? b.primitive(op, nodes, span);
  if (lw.options.library && name === "%apply" && nodes.length === 2) return b.apply(nodes[0]!, nodes[1]!, true, span);
  if (core && lw.options.isBuiltin(full)) return b.callNative(full, nodes, span);
  const callee = b.global(full, null, span);
  return ENDING.has(name) && !lw.options.library ? b.call(callee, nodes, span) : b.properCall(callee, nodes, span);
}

/** Calls that do not come back: they keep their caller's frame, for an error shall tell where it was raised. */
const ENDING: ReadonlySet<string> = new Set(["error", "raise", "assert", "assert=", "exit"]);

// ---- tests

/** An expression as the test of an If: a bool. */
export function lowerTest(lw: Lowering, datum: Datum): Node {
  if (datum.kind !== "list") return asBool(lowerExpression(lw, datum));
  const head = expandHead(lw, datum);
  if (head.kind !== "form" || (head.name !== "and" && head.name !== "or")) return asBool(lowerHead(lw, head, datum));
  return lw.expanded(head.origin, () => lw.nested(datum, () => testLogic(lw, head.form, head.name === "and")));
}

function testLogic(lw: Lowering, form: Form, and: boolean): Node {
  const span = lw.at(form), tests = form.args.map((arg) => lowerTest(lw, arg));
  const [first, ...rest] = tests;
  return first === undefined ? b.bool(and, span) : rest.reduce((left, right) => b.logic(and ? "And" : "Or", left, right, span), first);
}

/** Lisp truth as a bool, unless the value is one anyway. */
function asBool(node: Node): Node {
  return yieldsBool(node) ? node : b.isTrue(node, node.span);
}

const BOOL_NATIVES: ReadonlySet<string> = new Set([
  "%match-key?", "%case-equal?", "%record-is?",
].map((name) => PREFIX + name));

export function yieldsBool(node: Node): boolean {
  switch (node.kind) {
    case "Const": return node.value.type === "bool";
    case "Primitive": return isTest(node.op);
    case "Unary": return node.op === "IsTrue" || node.op === "Not";
    case "Binary": return node.op === "StrictEq";
    case "Logic": return node.op === "And" || node.op === "Or";
    case "CallNative": return BOOL_NATIVES.has(node.native);
    default: return false;
  }
}
