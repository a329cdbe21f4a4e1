// Statements. Every statement list recovers from errors by itself, so that one run reports several of them.

import type { Diagnostic } from "../../text/diagnostics.ts";
import type { Source, Span } from "../../text/source.ts";
import type { Block, DefineField, Expr, ExpressionStmt, ForInStmt, ForStmt, IfStmt, LetStmt, Name, NamePair, Request, Script, Stmt, SwitchStmt, TryStmt, TypeRef } from "./ast.ts";
import { ExpressionParser } from "./expression-parser.ts";
import { lex } from "./lexer.ts";
import { ABORT, MAX_ERRORS } from "./token-cursor.ts";
import type { Token } from "./tokens.ts";

export interface ParseOptions {
  readonly library?: boolean;
  /** The last ";" of the text may be missing. */
  readonly repl?: boolean;
}

export interface Parsed {
  /** What could be parsed; complete when there are no diagnostics. */
  readonly script: Script;
  readonly diagnostics: readonly Diagnostic[];
  /** The only thing wrong is that the text ends too early. */
  readonly incomplete: boolean;
}

export function parse(source: Source, options: ParseOptions = {}): Parsed {
  const lexed = lex(source, { library: options.library === true, maxErrors: MAX_ERRORS });
  const parser = new Parser(source, lexed.tokens, options);
  const script = parser.parseScript();
  const diagnostics = [...lexed.diagnostics, ...parser.diagnostics].sort((a, b) => a.span.start - b.span.start).slice(0, MAX_ERRORS);
  const early = lexed.unterminated ? lexed.diagnostics.length === 1 : lexed.diagnostics.length === 0 && parser.endedEarly && parser.diagnostics.length === 1;
  return { script, diagnostics, incomplete: early };
}

class Parser extends ExpressionParser {
  constructor(source: Source, tokens: Token[], readonly options: ParseOptions) {
    super(source, tokens);
  }

  parseScript(): Script {
    const body: Stmt[] = [];
    try {
      while (!this.at("end")) {
        this.#statements(body);
        if (this.at("end")) break;
        // Only "}", "case" and "default" end a statement list before the end of the text.
        this.report("E218", this.token, [this.token.kind]);
        this.advance();
      }
    } catch (signal) {
      if (signal !== ABORT) throw signal;
    }
    return { body, span: { start: 0, end: this.source.text.length }, facts: { assigned: this.assigned, refPositions: this.refPositions } };
  }

  #statements(into: Stmt[]): void {
    while (!this.at("end") && !this.at("}") && !this.at("case") && !this.at("default")) {
      const statement = this.recovering(() => this.#statement());
      if (statement !== null) into.push(statement);
    }
  }

  protected parseBlock(where: string): Block {
    const { start } = this.expect("{", `'{' ${where}`);
    const body: Stmt[] = [];
    this.#statements(body);
    this.expect("}", "'}' after block");
    return { body, span: this.spanFrom(start) };
  }

  #statement(): Stmt {
    this.enter();
    const statement = this.#dispatch();
    this.leave();
    return statement;
  }

  #dispatch(): Stmt {
    switch (this.token.kind) {
      case "let": case "const": return this.#let();
      case "fn": return this.#functionStatement(false);
      case "async": return this.ahead(1).kind === "fn" ? this.#functionStatement(true) : this.#expressionStatement();
      case "if": return this.#if();
      case "while": case "loop": case "for": return this.#loop(null);
      case "switch": return this.#switch();
      case "break": case "continue": return this.#jump();
      case "return": return this.#return();
      case "throw": return this.#throw();
      case "defer": return this.#defer();
      case "try": return this.#try();
      case "define": return this.#define();
      case "enum": return this.#enum();
      case "import": return this.#import();
      case "export": return this.#export();
      case "extern": return this.#extern();
      case "{": return this.#blockStatement();
      case "name": return this.ahead(1).kind === ":" ? this.#labelled() : this.#expressionStatement();
      default: return this.#expressionStatement();
    }
  }

  #semicolon(after: string): void {
    if (this.options.repl && this.at("end")) return;
    this.expect(";", `';' after ${after}`);
  }

  #blockStatement(): Stmt {
    const block = this.parseBlock("before block");
    return { kind: "Block", block, span: block.span };
  }

  #expressionStatement(): ExpressionStmt {
    const start = this.token.start;
    const value = this.parseExpression();
    this.#semicolon("expression");
    return { kind: "Expression", value, span: this.spanFrom(start) };
  }

  #let(): LetStmt {
    const start = this.token.start;
    const constant = this.advance().kind === "const";
    const statement = this.#letRest(start, constant);
    this.#semicolon("variable declaration");
    return statement;
  }

  /** From the name to the end of the initialiser. */
  #letRest(start: number, constant: boolean): LetStmt {
    const name = this.parseName("a variable name");
    const type = this.accept(":") ? this.parseType() : null;
    this.expect("=", "'=' after variable name");
    const value = this.parseExpression();
    return { kind: "Let", name, type, value, constant, span: this.spanFrom(start) };
  }

  #functionStatement(isAsync: boolean): LetStmt {
    const start = this.token.start;
    if (isAsync) this.advance();
    this.advance();
    if (this.at("(")) this.fail("E213");
    const name = this.parseName("a function name");
    const value = this.parseFunction(isAsync);
    return { kind: "Let", name, type: null, value, constant: false, span: this.spanFrom(start) };
  }

  #condition(word: string): Expr {
    this.expect("(", `'(' after '${word}'`);
    const test = this.parseExpression();
    this.expect(")", "')' after condition");
    return test;
  }

  #if(): IfStmt {
    const start = this.token.start, branches: { test: Expr; body: Block }[] = [];
    let otherwise: Block | null = null;
    for (;;) {
      this.expect("if", "'if'");
      const test = this.#condition("if");
      branches.push({ test, body: this.parseBlock("after if condition") });
      if (!this.accept("else")) break;
      if (this.at("if")) continue;
      otherwise = this.parseBlock("after 'else'");
      break;
    }
    return { kind: "If", branches, otherwise, span: this.spanFrom(start) };
  }

  #labelled(): Stmt {
    const label = this.advance();
    this.advance();
    if (this.at("while") || this.at("loop") || this.at("for")) return this.#loop(label.text);
    this.report("E217", label);
    return this.#dispatch();
  }

  #loop(label: string | null): Stmt {
    const start = this.token.start, word = this.advance().kind;
    if (word === "for") return this.#for(start, label);
    const test = word === "while" ? this.#condition("while") : null;
    const body = this.parseBlock(`after '${word}'`);
    return { kind: "While", label, test, body, span: this.spanFrom(start) };
  }

  #for(start: number, label: string | null): ForStmt | ForInStmt {
    this.expect("(", "'(' after 'for'");
    const declares = this.at("let");
    const first = declares ? 1 : 0, after = this.ahead(first + 1).kind;
    if (this.ahead(first).kind === "name" && (after === "in" || after === ",")) return this.#forIn(start, label);
    let init: LetStmt | ExpressionStmt | null = null;
    if (declares) init = this.#letRest(this.advance().start, false);
    else if (!this.at(";")) {
      const value = this.parseExpression();
      init = { kind: "Expression", value, span: value.span };
    }
    this.expect(";", "';' after loop initialiser");
    const test = this.at(";") ? null : this.parseExpression();
    this.expect(";", "';' after loop condition");
    const update = this.at(")") ? null : this.parseExpression();
    this.expect(")", "')' after for clauses");
    const body = this.parseBlock("after for clauses");
    return { kind: "For", label, init, test, update, body, span: this.spanFrom(start) };
  }

  #forIn(start: number, label: string | null): ForInStmt {
    this.accept("let");
    let value = this.parseName("a variable name"), key: Name | null = null;
    if (this.accept(",")) [key, value] = [value, this.parseName("a variable name")];
    this.expect("in", "'in' after loop variables");
    const iterable = this.parseExpression();
    this.expect(")", "')' after for clauses");
    const body = this.parseBlock("after for clauses");
    return { kind: "ForIn", label, key, value, iterable, body, span: this.spanFrom(start) };
  }

  #switch(): SwitchStmt {
    const start = this.advance().start;
    const subject = this.#condition("switch");
    this.expect("{", "'{' after switch subject");
    const cases: { test: Expr | null; body: Block }[] = [];
    while (!this.at("}") && !this.at("end")) {
      const arm = this.recovering(() => this.#case());
      if (arm === null) continue;
      if (arm.test === null && cases.some((other) => other.test === null)) this.report("E216", arm.span);
      cases.push(arm);
    }
    this.expect("}", "'}' after switch body");
    return { kind: "Switch", subject, cases, span: this.spanFrom(start) };
  }

  #case(): { test: Expr | null; body: Block; span: Span } {
    const { start, end } = this.token;
    let test: Expr | null = null;
    if (this.accept("case")) test = this.parseExpression();
    else if (!this.accept("default")) this.fail("E212");
    this.expect(":", "':' after case");
    const bodyStart = this.token.start, body: Stmt[] = [];
    this.#statements(body);
    return { test, body: { body, span: this.spanFrom(bodyStart) }, span: { start, end } };
  }

  #jump(): Stmt {
    const { start, kind } = this.advance();
    const label = this.at("name") ? this.parseName("a label") : null;
    this.#semicolon(`'${kind}'`);
    return { kind: kind === "break" ? "Break" : "Continue", label, span: this.spanFrom(start) };
  }

  #return(): Stmt {
    const { start } = this.advance();
    const bare = this.at(";") || (this.options.repl === true && this.at("end"));
    const value = bare ? null : this.parseExpression();
    this.#semicolon("return statement");
    return { kind: "Return", value, span: this.spanFrom(start) };
  }

  #throw(): Stmt {
    const { start } = this.advance();
    const value = this.parseExpression();
    this.#semicolon("throw statement");
    return { kind: "Throw", value, span: this.spanFrom(start) };
  }

  #defer(): Stmt {
    const { start } = this.advance();
    const value = this.parseExpression();
    this.#semicolon("defer statement");
    this.defers = true;
    return { kind: "Defer", value, span: this.spanFrom(start) };
  }

  #try(): TryStmt {
    const { start } = this.advance();
    const body = this.parseBlock("after 'try'");
    let caught: TryStmt["catch"] = null;
    if (this.accept("catch")) {
      this.expect("(", "'(' after 'catch'");
      const name = this.parseName("a variable name");
      this.expect(")", "')' after catch variable");
      caught = { name, body: this.parseBlock("after 'catch'") };
    }
    const last = this.accept("finally") ? this.parseBlock("after 'finally'") : null;
    const span = this.spanFrom(start);
    if (caught === null && last === null) this.report("E211", { start, end: start + 3 });
    return { kind: "Try", body, catch: caught, finally: last, span };
  }

  #define(): Stmt {
    const { start } = this.advance();
    const name = this.parseName("a type name").text, params: string[] = [];
    if (this.accept("<")) {
      do params.push(this.parseName("a type parameter").text); while (this.accept(","));
      this.expectClosingAngle();
    }
    this.expect("{", "'{' after type name");
    const fields: DefineField[] = [];
    while (!this.at("}")) {
      fields.push(this.#defineField());
      this.accept(",");
    }
    this.advance();
    return { kind: "Define", name, params, fields, span: this.spanFrom(start) };
  }

  /** After "?:", a word that can start a type does; anything else is a default value. */
  #defineField(): DefineField {
    const { text: name, span } = this.parseName("a field name");
    const optional = this.accept("?");
    if (!this.accept(":")) return { name, type: null, optional, default: null, span };
    const typed = !optional || this.at("type") || this.at("object") || this.at("name");
    const type = typed ? this.parseType() : null;
    let value = typed ? null : this.parseExpression();
    if (typed && this.accept("=")) {
      value = this.parseExpression();
      // "f: T = e" stays required: its default has no effect.
      if (!optional) value = null;
    }
    return { name, type, optional, default: value, span };
  }

  #enum(): Stmt {
    const { start } = this.advance();
    const name = this.parseName("an enum name");
    this.expect("{", "'{' after enum name");
    const members: { name: string; value: Expr | null; span: Name["span"] }[] = [];
    while (!this.at("}")) {
      const member = this.parseName("a variant name");
      members.push({ name: member.text, value: this.accept("=") ? this.parseExpression() : null, span: member.span });
      if (!this.accept(",")) break;
    }
    this.expect("}", "'}' after enum variants");
    return { kind: "Enum", name, members, span: this.spanFrom(start) };
  }

  #word(text: string): void {
    if (!(this.at("name") && this.token.text === text)) this.fail("E201", `'${text}'`);
    this.advance();
  }

  /** `{ a, b as c }` of imports and exports. */
  #nameList(): NamePair[] {
    const names: NamePair[] = [];
    this.expect("{", "'{' before names");
    do {
      const from = this.parseName("a name");
      names.push({ from, to: this.#as() ?? from });
    } while (this.accept(",") && !this.at("}"));
    this.expect("}", "'}' after names");
    return names;
  }

  /** The name after `as`, null when there is none. */
  #as(): Name | null {
    if (!(this.at("name") && this.token.text === "as")) return null;
    this.advance();
    return this.parseName("a name after 'as'");
  }

  #request(): Request {
    const { value, start, end } = this.expect("string", "a module path");
    return { path: new TextDecoder().decode(value as Uint8Array), span: { start, end } };
  }

  #import(): Stmt {
    const { start } = this.advance();
    if (this.at("string")) {
      const { path } = this.#request();
      this.#semicolon("import statement");
      return { kind: "NativeImport", path, span: this.spanFrom(start) };
    }
    const all = this.accept("*");
    const space = all ? this.#as() : null, names = all ? [] : this.#nameList();
    this.#word("from");
    const request = this.#request();
    this.#semicolon("import statement");
    return { kind: "Import", request, names, all, space, span: this.spanFrom(start) };
  }

  #export(): Stmt {
    const { start } = this.advance(), { kind } = this.token;
    if (kind === "{") {
      const names = this.#nameList();
      const from = this.at("name") && this.token.text === "from";
      if (from) this.advance();
      const request = from ? this.#request() : null;
      this.#semicolon("export statement");
      return { kind: "ExportList", names, request, span: this.spanFrom(start) };
    }
    const allowed = kind === "let" || kind === "const" || kind === "fn" || kind === "define" || kind === "extern" || kind === "enum"
      || (kind === "async" && this.ahead(1).kind === "fn");
    if (!allowed) this.fail("E214");
    return { kind: "Export", declaration: this.#statement(), span: this.spanFrom(start) };
  }

  #extern(): Stmt {
    const { start } = this.advance();
    this.expect("fn", "'fn' after 'extern'");
    const name = this.parseName("a function name"), params: TypeRef[] = [];
    this.expect("(", "'(' after function name");
    if (!this.at(")")) {
      do {
        this.parseName("a parameter name");
        this.expect(":", "':' after parameter name");
        params.push(this.parseType());
      } while (this.accept(","));
    }
    this.expect(")", "')' after parameters");
    const returns = this.accept(":") ? this.parseType() : null;
    this.#semicolon("extern declaration");
    return { kind: "Extern", name, params, returns, span: this.spanFrom(start) };
  }
}
