// Constructors for IR nodes: the way front ends build trees. Import as `import * as b from "…/ir/builder.ts"`.
//
// Rules
// 1. One function for each kind, named like it; where that is a reserved word, with the suffix Node (ifNode, letNode).
// 2. Children first, the span last. It may be left out in tests and for code without a source.
// 3. Annotation fields (captures, tail, boxed …) start empty: the passes own them.
// 4. Nothing is checked here; verify.ts does that for whole programs.

import { NO_SPAN, type Span } from "../text/source.ts";
import type {
  Argument, BinaryOp, DecisionTree, FunctionNode, Label, Literal, MakeRefNode, MatchArm, Node, Parameter, Program, SwitchNode, UnaryOp, Variable,
} from "./nodes.ts";
import type { PrimitiveName } from "./primitives.ts";
import type { NodeOf } from "./walk.ts";

// ---- variables, labels, programs

export const variable = (name: string): Variable => ({ name, reassigned: false, captured: false, boxed: false, owner: null, shared: false });
export const label = (name: string): Label => ({ name });
export const program = (main: FunctionNode, language: string): Program => ({ main, language });

// ---- constants

export const constant = (value: Literal, span: Span = NO_SPAN): NodeOf<"Const"> => ({ kind: "Const", span, value });
export const nullNode = (span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "null" }, span);
export const bool = (value: boolean, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "bool", value }, span);
export const int = (value: number, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "i32", value }, span);
export const float = (value: number, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "f64", value }, span);
export const empty = (span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "empty" }, span);
/** An integer of Lisp. */
export const integer = (value: bigint, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "int", value }, span);
export const keyword = (name: string, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "keyword", value: name }, span);
/** Quoted data, as the front end describes it. */
export const datum = (value: unknown, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "datum", value }, span);
export const text = (value: string, span: Span = NO_SPAN): NodeOf<"Const"> => constant({ type: "string", value: new TextEncoder().encode(value) }, span);

// ---- variables and globals

/** A variable that is known to be initialised. */
export const local = (v: Variable, span: Span = NO_SPAN): NodeOf<"Local"> => ({ kind: "Local", span, variable: v, onHole: null, check: false });
/** A variable that may not be initialised yet: then an error, or the value of `onHole`. */
export const localOr = (v: Variable, onHole: Node | null, span: Span = NO_SPAN): NodeOf<"Local"> => ({ kind: "Local", span, variable: v, onHole, check: onHole === null });
export const setLocal = (v: Variable, value: Node, span: Span = NO_SPAN): NodeOf<"SetLocal"> => ({ kind: "SetLocal", span, variable: v, value });
export const letNode = (v: Variable, value: Node, span: Span = NO_SPAN): NodeOf<"Let"> => ({ kind: "Let", span, variable: v, value });
export const scope = (variables: readonly Variable[], body: Node, span: Span = NO_SPAN): NodeOf<"Scope"> => ({ kind: "Scope", span, variables, body });
export const global = (name: string, onHole: Node | null = null, span: Span = NO_SPAN): NodeOf<"Global"> => ({ kind: "Global", span, name, onHole });
export const setGlobal = (name: string, value: Node, span: Span = NO_SPAN): NodeOf<"SetGlobal"> => ({ kind: "SetGlobal", span, name, value });
export const defineGlobal = (name: string, value: Node, isConstant = false, span: Span = NO_SPAN): NodeOf<"DefineGlobal"> => ({ kind: "DefineGlobal", span, name, value, constant: isConstant });
export const makeRef = (target: MakeRefNode["target"], span: Span = NO_SPAN): NodeOf<"MakeRef"> => ({ kind: "MakeRef", span, target });
export const isRefParam = (callee: Node, index: number, span: Span = NO_SPAN): NodeOf<"IsRefParam"> => ({ kind: "IsRefParam", span, callee, index });
export const getRef = (v: Variable, span: Span = NO_SPAN): NodeOf<"GetRef"> => ({ kind: "GetRef", span, variable: v });
export const setRef = (v: Variable, value: Node, span: Span = NO_SPAN): NodeOf<"SetRef"> => ({ kind: "SetRef", span, variable: v, value });
export const withDynamic = (name: string, value: Node, body: Node, span: Span = NO_SPAN): NodeOf<"WithDynamic"> => ({ kind: "WithDynamic", span, global: name, value, body });

// ---- functions and calls

export const parameter = (v: Variable, options: Partial<Omit<Parameter, "variable">> = {}): Parameter =>
  ({ variable: v, default: null, convert: null, byRef: false, ...options });

export type FunctionOptions = Partial<Pick<FunctionNode, "rest" | "self" | "isAsync" | "library" | "keepsFrame" | "language">>;
/** Parameters may be given as plain variables. */
export const functionNode = (
  name: string, params: readonly (Parameter | Variable)[], body: Node, options: FunctionOptions = {}, span: Span = NO_SPAN,
): FunctionNode => ({
  kind: "Function", span, name, params: params.map((p) => ("variable" in p ? p : parameter(p))),
  rest: null, self: null, isAsync: false, library: false, keepsFrame: false, language: "hemlock", ...options, body, captures: [], selfVariable: null,
});

/** Arguments may be given as plain nodes when none is named. */
type Arguments = readonly (Argument | Node)[];
const argumentsOf = (args: Arguments): Argument[] => args.map((arg) => ("kind" in arg ? { name: null, value: arg } : arg));

export const call = (callee: Node, args: Arguments, span: Span = NO_SPAN): NodeOf<"Call"> =>
  ({ kind: "Call", span, callee, args: argumentsOf(args), tail: false, properTail: false });
/** A call that must not grow the stack when it is in tail position. */
export const properCall = (callee: Node, args: Arguments, span: Span = NO_SPAN): NodeOf<"Call"> => ({ ...call(callee, args, span), properTail: true });
export const callMethod = (receiver: Node, name: string, args: Arguments, optional = false, span: Span = NO_SPAN): NodeOf<"CallMethod"> =>
  ({ kind: "CallMethod", span, receiver, name, args: argumentsOf(args), optional });
export const callNative = (native: string, args: readonly Node[], span: Span = NO_SPAN): NodeOf<"CallNative"> => ({ kind: "CallNative", span, native, args });
export const apply = (callee: Node, args: Node, properTail = false, span: Span = NO_SPAN): NodeOf<"Apply"> =>
  ({ kind: "Apply", span, callee, args, tail: false, properTail });
export const returnNode = (value: Node, span: Span = NO_SPAN): NodeOf<"Return"> => ({ kind: "Return", span, value });
export const awaitNode = (value: Node, span: Span = NO_SPAN): NodeOf<"Await"> => ({ kind: "Await", span, value });

// ---- control

export const block = (body: readonly Node[], span: Span = NO_SPAN): NodeOf<"Block"> => ({ kind: "Block", span, body });
export const ifNode = (test: Node, then: Node, otherwise: Node = nullNode(), span: Span = NO_SPAN): NodeOf<"If"> => ({ kind: "If", span, test, then, else: otherwise });
export const loop = (l: Label, test: Node | null, body: Node, update: Node | null = null, span: Span = NO_SPAN): NodeOf<"Loop"> => ({ kind: "Loop", span, label: l, test, body, update });
export const forEach = (l: Label, key: Variable | null, value: Variable, iterable: Node, body: Node, span: Span = NO_SPAN): NodeOf<"ForEach"> =>
  ({ kind: "ForEach", span, label: l, key, value, iterable, body });
export const labelled = (l: Label, body: Node, span: Span = NO_SPAN): NodeOf<"Labelled"> => ({ kind: "Labelled", span, label: l, body });
export const breakNode = (l: Label, value: Node | null = null, span: Span = NO_SPAN): NodeOf<"Break"> => ({ kind: "Break", span, label: l, value });
export const continueNode = (l: Label, span: Span = NO_SPAN): NodeOf<"Continue"> => ({ kind: "Continue", span, label: l });
export const switchNode = (l: Label, subject: Node, cases: SwitchNode["cases"], fallback = -1, span: Span = NO_SPAN): SwitchNode =>
  ({ kind: "Switch", span, label: l, subject, cases, fallback });
export const throwNode = (value: Node, span: Span = NO_SPAN): NodeOf<"Throw"> => ({ kind: "Throw", span, value });
export const fail = (message: string, fatal = false, span: Span = NO_SPAN): NodeOf<"Fail"> => ({ kind: "Fail", span, message, fatal });
export const tryNode = (body: Node, handler: NodeOf<"Try">["catch"], last: Node | null = null, span: Span = NO_SPAN): NodeOf<"Try"> =>
  ({ kind: "Try", span, body, catch: handler, finally: last });
/** Arms and tree come from match.ts. */
export const match = (scrutinee: Node, arms: readonly MatchArm[], tree: DecisionTree, span: Span = NO_SPAN): NodeOf<"Match"> => ({ kind: "Match", span, scrutinee, arms, tree });

// ---- operators and data

export const unary = (op: UnaryOp, operand: Node, span: Span = NO_SPAN): NodeOf<"Unary"> => ({ kind: "Unary", span, op, operand });
export const primitive = (op: PrimitiveName, args: readonly Node[], span: Span = NO_SPAN): NodeOf<"Primitive"> => ({ kind: "Primitive", span, op, args, tail: false });
/** Truth in Lisp, as a bool. */
export const isTrue = (operand: Node, span: Span = NO_SPAN): NodeOf<"Unary"> => unary("IsTrue", operand, span);
export const binary = (op: BinaryOp, left: Node, right: Node, span: Span = NO_SPAN): NodeOf<"Binary"> => ({ kind: "Binary", span, op, left, right });
export const logic = (op: NodeOf<"Logic">["op"], left: Node, right: Node, span: Span = NO_SPAN): NodeOf<"Logic"> => ({ kind: "Logic", span, op, left, right });
export const convert = (to: number, value: Node, span: Span = NO_SPAN): NodeOf<"Convert"> => ({ kind: "Convert", span, to, value });
export const array = (elements: readonly Node[], span: Span = NO_SPAN): NodeOf<"Array"> => ({ kind: "Array", span, elements });
export const object = (entries: NodeOf<"Object">["entries"], span: Span = NO_SPAN): NodeOf<"Object"> => ({ kind: "Object", span, entries });
export const interpolate = (parts: readonly Node[], span: Span = NO_SPAN): NodeOf<"Interpolate"> => ({ kind: "Interpolate", span, parts });
export const getField = (target: Node, name: string, optional = false, span: Span = NO_SPAN): NodeOf<"GetField"> => ({ kind: "GetField", span, object: target, name, optional });
export const setField = (target: Node, name: string, value: Node, span: Span = NO_SPAN): NodeOf<"SetField"> => ({ kind: "SetField", span, object: target, name, value });
export const getIndex = (target: Node, index: Node, optional = false, span: Span = NO_SPAN): NodeOf<"GetIndex"> => ({ kind: "GetIndex", span, object: target, index, optional });
export const setIndex = (target: Node, index: Node, value: Node, span: Span = NO_SPAN): NodeOf<"SetIndex"> => ({ kind: "SetIndex", span, object: target, index, value });
