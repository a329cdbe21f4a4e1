// Expressions and types. Binary operators are parsed with explicit stacks and postfix chains with a loop, so that only
// real nesting recurses (and is counted by enter/leave).

import type { BinaryOp, Literal } from "../../ir/nodes.ts";
import { TypeCode } from "../../ir/types.ts";
import type { Span } from "../../text/source.ts";
import type { Arg, Block, Expr, FunctionExpr, LogicExpr, Name, Param, Place, TypeRef } from "./ast.ts";
import { integerLiteral, negatedLiteral } from "./numbers.ts";
import { cutAtZero } from "./text-bytes.ts";
import { TokenCursor } from "./token-cursor.ts";
import type { TokenKind } from "./tokens.ts";
import { TYPE_WORDS } from "./tokens.ts";

/** A function remembers in one word which parameters are references. */
const MAX_REF_PARAMETERS = 31;
const MAX_PARAMETERS = 64;

interface Operator { readonly level: number; readonly binary: BinaryOp | null; readonly logic: LogicExpr["op"] | null }
const binary = (level: number, op: BinaryOp): Operator => ({ level, binary: op, logic: null });
const logic = (level: number, op: LogicExpr["op"]): Operator => ({ level, binary: null, logic: op });

/** Left-associative operators; a higher level binds tighter. */
const OPERATORS: { readonly [K in TokenKind]?: Operator } = {
  "*": binary(13, "Mul"), "/": binary(13, "Div"), "%": binary(13, "Mod"),
  "+": binary(12, "Add"), "-": binary(12, "Sub"),
  "<<": binary(11, "Shl"), ">>": binary(11, "Shr"),
  "<": binary(10, "Lt"), "<=": binary(10, "Le"), ">": binary(10, "Gt"), ">=": binary(10, "Ge"),
  "==": binary(9, "Eq"), "!=": binary(9, "Ne"),
  "&": binary(8, "BitAnd"), "^": binary(7, "BitXor"), "|": binary(6, "BitOr"),
  "&&": logic(5, "And"), "||": logic(4, "Or"), "??": logic(3, "Coalesce"),
};

const ASSIGNMENTS: { readonly [K in TokenKind]?: BinaryOp | "Coalesce" | "plain" } = {
  "=": "plain", "+=": "Add", "-=": "Sub", "*=": "Mul", "/=": "Div", "%=": "Mod", "&=": "BitAnd", "|=": "BitOr",
  "^=": "BitXor", "<<=": "Shl", ">>=": "Shr", "??=": "Coalesce",
};

const PREFIXES: { readonly [K in TokenKind]?: "Neg" | "BitNot" | "Not" } = { "-": "Neg", "~": "BitNot", "!": "Not" };

export abstract class ExpressionParser extends TokenCursor {
  protected readonly assigned = new Set<string>();
  protected readonly refPositions = new Set<number>();
  /** Set by a defer statement of the function being parsed. */
  protected defers = false;

  protected abstract parseBlock(where: string): Block;

  parseExpression(): Expr {
    this.enter();
    const start = this.token.start;
    const left = this.#conditional();
    const op = ASSIGNMENTS[this.token.kind];
    let result = left;
    if (op !== undefined) {
      const target = this.#place(left, "E203");
      this.advance();
      const value = this.parseExpression();
      result = { kind: "Assign", target, op: op === "plain" ? null : op, value, span: this.spanFrom(start) };
    }
    this.leave();
    return result;
  }

  #conditional(): Expr {
    const start = this.token.start;
    const test = this.#binary();
    if (!this.accept("?")) return test;
    this.enter();
    const then = this.parseExpression();
    this.expect(":", "':' in conditional expression");
    const otherwise = this.#conditional();
    this.leave();
    return { kind: "Conditional", test, then, else: otherwise, span: this.spanFrom(start) };
  }

  /** Operands and operators wait on stacks until an operator that binds no tighter arrives. */
  #binary(): Expr {
    const operands = [this.#unary()], waiting: Operator[] = [];
    for (;;) {
      const operator = OPERATORS[this.token.kind];
      while (waiting.length > 0 && waiting[waiting.length - 1]!.level >= (operator?.level ?? 0)) {
        const right = operands.pop()!, left = operands.pop()!;
        operands.push(joined(waiting.pop()!, left, right));
      }
      if (operator === undefined) return operands[0]!;
      waiting.push(operator);
      this.advance();
      operands.push(this.#unary());
    }
  }

  #unary(): Expr {
    const { kind, start } = this.token;
    const op = PREFIXES[kind];
    if (op === undefined && kind !== "await" && kind !== "++" && kind !== "--") return this.#postfix();
    this.enter();
    this.advance();
    const literal = this.token;
    const operand = this.#unary();
    this.leave();
    const span = this.spanFrom(start);
    if (kind === "await") return { kind: "Await", value: operand, span };
    if (op === undefined) return { kind: "Update", op: kind === "++" ? "Inc" : "Dec", prefix: true, target: this.#place(operand, "E204", kind), span };
    // A minus directly in front of an integer literal belongs to the literal.
    if (op === "Neg" && literal.kind === "integer" && operand.kind === "Literal" && operand.span.start === literal.start) {
      return { kind: "Literal", value: negatedLiteral(literal.value as number | bigint), span };
    }
    return { kind: "Unary", op, operand, span };
  }

  #place(expression: Expr, code: "E203" | "E204", ...args: string[]): Place {
    const { kind } = expression;
    if (kind === "Name") this.assigned.add(expression.name);
    if (kind === "Name" || kind === "Self" || ((kind === "Field" || kind === "Index") && !expression.optional)) return expression as Place;
    return this.failAt(code, expression.span, ...args);
  }

  #postfix(): Expr {
    const start = this.token.start;
    let result = this.#primary();
    for (;;) {
      const { kind } = this.token;
      if (kind === ".") {
        this.advance();
        result = { kind: "Field", object: result, name: this.#fieldName("'.'"), optional: false, span: this.spanFrom(start) };
      } else if (kind === "?.") {
        this.advance();
        if (this.at("[")) result = this.#index(result, start, true);
        else if (this.at("(")) result = this.#call(result, start, true);
        else result = { kind: "Field", object: result, name: this.#fieldName("'?.'"), optional: true, span: this.spanFrom(start) };
      } else if (kind === "[") result = this.#index(result, start, false);
      else if (kind === "(") result = this.#call(result, start, false);
      else if (kind === "++" || kind === "--") {
        const target = this.#place(result, "E204", kind);
        this.advance();
        result = { kind: "Update", op: kind === "++" ? "Inc" : "Dec", prefix: false, target, span: this.spanFrom(start) };
      } else return result;
    }
  }

  #fieldName(after: string): string {
    if (this.at("void")) {
      this.advance();
      return "void";
    }
    return this.at("type") ? this.advance().text : this.expect("name", `a field name after ${after}`).text;
  }

  #index(object: Expr, start: number, optional: boolean): Expr {
    this.advance();
    const index = this.parseExpression();
    this.expect("]", "']' after index");
    return { kind: "Index", object, index, optional, span: this.spanFrom(start) };
  }

  #call(callee: Expr, start: number, optional: boolean): Expr {
    this.advance();
    const args: Arg[] = [];
    if (!this.at(")")) {
      do {
        const name = this.#argumentName();
        if (name === null && args.some((arg) => arg.name !== null)) this.report("E205", this.token);
        if (args.length === MAX_PARAMETERS) this.report("E210", this.token, [String(MAX_PARAMETERS)]);
        args.push({ name, value: this.parseExpression() });
      } while (this.accept(","));
    }
    this.expect(")", "')' after arguments");
    return { kind: "Call", callee, args, optional, span: this.spanFrom(start) };
  }

  #argumentName(): string | null {
    if (!(this.at("name") || this.at("type")) || this.ahead(1).kind !== ":") return null;
    const { text } = this.advance();
    this.advance();
    return text;
  }

  #primary(): Expr {
    const { token } = this, { kind, start } = token;
    const span: Span = { start, end: token.end };
    const literal = (value: Literal): Expr => {
      this.advance();
      return { kind: "Literal", value, span };
    };
    switch (kind) {
      case "integer": return literal(integerLiteral(token.value as number | bigint));
      case "float": return literal({ type: "f64", value: token.value as number });
      case "rune": return literal({ type: "rune", value: token.value as number });
      case "string": return literal({ type: "string", value: token.value as Uint8Array });
      case "true": case "false": return literal({ type: "bool", value: kind === "true" });
      case "null": return literal({ type: "null" });
      case "name": return this.advance(), { kind: "Name", name: token.text, span };
      case "self": return this.advance(), { kind: "Self", span };
      case "type": return this.advance(), { kind: "TypeWord", word: token.text, span };
      case "template part": case "template end": return this.#template();
      case "(": return this.#parenthesised();
      case "[": return this.#array();
      case "{": return this.#object();
      case "fn": return this.parseFunction(false);
      case "async": return this.#asyncFunction();
      default: return this.fail("E202");
    }
  }

  #parenthesised(): Expr {
    this.advance();
    const inner = this.parseExpression();
    this.expect(")", "')' after expression");
    return inner;
  }

  #asyncFunction(): Expr {
    this.advance();
    if (!this.at("fn")) this.fail("E201", "'fn' after 'async'");
    return this.parseFunction(true);
  }

  /** A zero byte in the text ends the value of the whole template, as in a C string. */
  #template(): Expr {
    const start = this.token.start, parts: Expr[] = [];
    let cut = false;
    for (;;) {
      const { kind, value, start: at, end } = this.token;
      if (kind !== "template part" && kind !== "template end") this.fail("E201", "'}' after the expression in a template");
      this.advance();
      const bytes = value as Uint8Array, shown = cutAtZero(bytes);
      if (!cut && shown.length > 0) parts.push({ kind: "Literal", value: { type: "string", value: shown }, span: { start: at, end } });
      cut ||= shown !== bytes;
      if (kind === "template end") return { kind: "Template", parts, span: this.spanFrom(start) };
      const part = this.parseExpression();
      if (!cut) parts.push(part);
    }
  }

  #array(): Expr {
    const start = this.advance().start, elements: Expr[] = [];
    if (!this.at("]")) do elements.push(this.parseExpression()); while (this.accept(","));
    this.expect("]", "']' after array elements");
    return { kind: "Array", elements, span: this.spanFrom(start) };
  }

  #object(): Expr {
    const start = this.advance().start, entries: { key: string | null; value: Expr }[] = [];
    while (!this.at("}")) {
      entries.push(this.#entry());
      if (!this.accept(",")) break;
    }
    this.expect("}", "'}' after object fields");
    return { kind: "Object", entries, span: this.spanFrom(start) };
  }

  #entry(): { key: string | null; value: Expr } {
    if (this.accept("...")) return { key: null, value: this.parseExpression() };
    const { kind, text, start, end } = this.token;
    if (kind !== "name" && kind !== "type") this.fail("E201", "a field name");
    this.advance();
    if (this.accept(":")) return { key: text, value: this.parseExpression() };
    const span = { start, end };
    return { key: text, value: kind === "name" ? { kind: "Name", name: text, span } : { kind: "TypeWord", word: text, span } };
  }

  /** From "fn" of an anonymous function, or from the "(" of a named one. */
  protected parseFunction(isAsync: boolean): FunctionExpr {
    this.enter();
    const start = this.token.start;
    this.accept("fn");
    const { params, rest } = this.#parameters();
    const returns = this.accept(":") ? this.parseType() : null;
    const outer = this.defers;
    this.defers = false;
    const body = this.parseBlock("before function body");
    const { defers } = this;
    this.defers = outer;
    this.leave();
    return { kind: "Function", params, rest, returns, body, isAsync, defers, span: this.spanFrom(start) };
  }

  #parameters(): { params: Param[]; rest: Param | null } {
    this.expect("(", "'(' before parameters");
    const params: Param[] = [];
    let rest: Param | null = null;
    if (!this.at(")")) {
      do {
        if (rest !== null) this.report("E208", rest.name.span);
        if (params.length === MAX_PARAMETERS) this.report("E209", this.token, [String(MAX_PARAMETERS)]);
        if (this.accept("...")) rest = { name: this.parseName("a parameter name"), type: this.#annotation(), default: null, byRef: false };
        else params.push(this.#parameter(params));
      } while (this.accept(","));
    }
    this.expect(")", "')' after parameters");
    return { params, rest };
  }

  #parameter(before: readonly Param[]): Param {
    const byRef = this.accept("ref");
    if (byRef && before.length >= MAX_REF_PARAMETERS) this.report("E304", this.token, [`only the first ${MAX_REF_PARAMETERS} parameters can be 'ref'`]);
    if (byRef) this.refPositions.add(before.length);
    const name = this.parseName("a parameter name");
    const type = this.#annotation();
    let value: Expr | null = null;
    if (this.accept("?")) {
      this.expect(":", "':' after '?' of an optional parameter");
      value = this.parseExpression();
      if (byRef) this.report("E207", name.span);
    } else if (before.some((param) => param.default !== null)) this.report("E206", name.span);
    return { name, type, default: value, byRef };
  }

  #annotation(): TypeRef | null {
    return this.accept(":") ? this.parseType() : null;
  }

  protected parseName(what: string): Name {
    const { text, start, end } = this.expect("name", what);
    return { text, span: { start, end } };
  }

  parseType(): TypeRef {
    this.enter();
    const start = this.token.start;
    const parts = [this.#nullableType()];
    while (this.accept("&")) parts.push(this.#nullableType());
    this.leave();
    return parts.length === 1 ? parts[0]! : { kind: "Compound", parts, span: this.spanFrom(start) };
  }

  /** The "?" of "name: i32 ?: 5" belongs to the parameter. */
  #nullableType(): TypeRef {
    const start = this.token.start;
    const inner = this.#typeAtom();
    if (!this.at("?") || this.ahead(1).kind === ":") return inner;
    this.advance();
    return { kind: "Nullable", inner, span: this.spanFrom(start) };
  }

  #typeAtom(): TypeRef {
    const { kind, text, start } = this.token;
    const plain = (code: number): TypeRef => ({ kind: "Plain", code, span: this.spanFrom(start) });
    if (kind !== "type" && kind !== "object" && kind !== "void" && kind !== "null" && kind !== "name") this.fail("E201", "a type name");
    this.advance();
    if (kind === "object") return plain(TypeCode.Object);
    if (kind === "void") return plain(TypeCode.Void);
    if (kind === "null") return plain(TypeCode.Null);
    const args = this.at("<") && (kind === "name" || text === "array") ? this.#typeArguments() : [];
    if (kind === "name") return { kind: "Named", name: text, args, span: this.spanFrom(start) };
    if (args.length > 0) return { kind: "ArrayOf", element: args[0]!, span: this.spanFrom(start) };
    return plain(TYPE_WORDS.get(text)!.code);
  }

  #typeArguments(): TypeRef[] {
    const args: TypeRef[] = [];
    this.advance();
    do args.push(this.parseType()); while (this.accept(","));
    this.expectClosingAngle();
    return args;
  }
}

function joined(operator: Operator, left: Expr, right: Expr): Expr {
  const span = { start: left.span.start, end: right.span.end };
  return operator.binary !== null
    ? { kind: "Binary", op: operator.binary, left, right, span }
    : { kind: "Logic", op: operator.logic!, left, right, span };
}
