// A position in the tokens, with error reporting and panic-mode recovery: a parse function that cannot go on reports
// and throws PANIC; the innermost statement list catches it, skips to the next statement and goes on. ABORT ends the
// parse. Neither leaves the parser.

import type { Diagnostic } from "../../text/diagnostics.ts";
import { diagnose } from "../../text/diagnostics.ts";
import type { MessageCode } from "../../text/messages.ts";
import type { Source, Span } from "../../text/source.ts";
import type { Token, TokenKind } from "./tokens.ts";

export const PANIC = Symbol("panic");
export const ABORT = Symbol("abort");

/** Errors reported for one source; the parse stops there. */
export const MAX_ERRORS = 20;
/**
 * Levels of blocks, parentheses, operators and functions inside each other. Parser, lowering and passes recurse once or
 * a few times a level, so this bounds their use of the JS stack.
 */
export const MAX_NESTING = 500;

/** Tokens that start a statement: recovery stops in front of them. */
const STATEMENT_STARTS: ReadonlySet<TokenKind> = new Set<TokenKind>([
  "let", "const", "fn", "if", "while", "loop", "for", "switch", "break", "continue", "return", "throw", "defer", "try",
  "define", "enum", "import", "export", "extern",
]);

export class TokenCursor {
  protected token: Token;
  readonly diagnostics: Diagnostic[] = [];
  /** An error was that the text ended too early. */
  endedEarly = false;
  #index = 0;
  #lastError = -1;
  #depth = 0;

  constructor(protected readonly source: Source, readonly tokens: Token[]) {
    this.token = tokens[0]!;
  }

  protected get depth(): number { return this.#depth; }

  protected advance(): Token {
    const token = this.token;
    if (token.kind !== "end") this.token = this.tokens[++this.#index]!;
    return token;
  }

  protected ahead(count: number): Token {
    return this.tokens[Math.min(this.#index + count, this.tokens.length - 1)]!;
  }

  /** End of the token before the current one. */
  protected get lastEnd(): number {
    return this.#index === 0 ? this.token.start : this.tokens[this.#index - 1]!.end;
  }

  protected spanFrom(start: number): Span {
    return { start, end: Math.max(start, this.lastEnd) };
  }

  protected at(kind: TokenKind): boolean { return this.token.kind === kind; }

  protected accept(kind: TokenKind): boolean {
    if (this.token.kind !== kind) return false;
    this.advance();
    return true;
  }

  /** `what`: the end of the sentence "expected …". */
  protected expect(kind: TokenKind, what: string): Token {
    return this.token.kind === kind ? this.advance() : this.fail("E201", what);
  }

  /** A ">" that closes type arguments; splits ">>", ">=" and ">>=". */
  protected expectClosingAngle(): void {
    const { kind, start, end } = this.token;
    if (kind === ">>" || kind === ">=" || kind === ">>=") {
      const rest = { kind: kind.slice(1) as TokenKind, start: start + 1, end, text: "", value: null };
      this.tokens[this.#index] = rest;
      this.token = rest;
    } else this.expect(">", "'>' after type arguments");
  }

  /** Enters one level of nesting; `leave` undoes it, recovery resets it. */
  protected enter(): void {
    if (++this.#depth <= MAX_NESTING) return;
    this.report("E215", this.token);
    throw ABORT;
  }

  protected leave(): void { this.#depth--; }

  /** Reports at the current token and panics. A token missing at the end of a line is reported there. */
  protected fail(code: MessageCode, ...args: string[]): never {
    const { token } = this;
    if (token.kind === "end") this.endedEarly = true;
    const before = this.lastEnd;
    const missing = token.kind === "end" || this.source.text.slice(before, token.start).includes("\n");
    return this.failAt(code, missing && code === "E201" ? { start: before, end: before } : token, ...args);
  }

  /** Reports and panics; only the first of several errors at one token is reported. */
  protected failAt(code: MessageCode, span: Span, ...args: string[]): never {
    if (this.#lastError !== this.#index) {
      this.#lastError = this.#index;
      this.report(code, span, args);
    }
    throw PANIC;
  }

  protected report(code: MessageCode, span: Span, args: readonly string[] = [], hint: string | null = null): void {
    this.diagnostics.push(diagnose(this.source, code, { start: span.start, end: span.end }, args, hint));
    if (this.diagnostics.length >= MAX_ERRORS) throw ABORT;
  }

  /** Runs one statement's parser; after a panic skips to where the next statement may start. Null after a panic. */
  protected recovering<T>(parse: () => T): T | null {
    const depth = this.#depth, start = this.#index;
    try {
      return parse();
    } catch (signal) {
      if (signal !== PANIC) throw signal;
      this.#depth = depth;
      this.#synchronise(start);
      return null;
    }
  }

  /**
   * Skips past the next ";" or up to a statement word or the "}" of the surrounding block; at least one token.
   * `pending`: braces the statement had opened before the error (of an object, a switch …). `open`: those opened since.
   */
  #synchronise(start: number): void {
    let pending = this.#openBraces(start), open = 0;
    for (;;) {
      const { kind } = this.token;
      if (kind === "end" || (kind === "}" && open + pending === 0)) return;
      if (open === 0 && this.#startsStatement(start, pending > 0)) return;
      if (kind === "{") open++;
      if (kind === "}" && open > 0) open--;
      else if (kind === "}") pending--;
      this.advance();
      const closed = open + pending === 0 && (kind === ";" || kind === "}");
      if (closed && kind === "}") this.accept(";");
      if (closed) return;
    }
  }

  #openBraces(start: number): number {
    let open = 0;
    for (let i = start; i < this.#index; i++) {
      const { kind } = this.tokens[i]!;
      if (kind === "{") open++;
      if (kind === "}") open--;
    }
    return Math.max(0, open);
  }

  /** Inside braces, and where the error was, only a word at the start of a line counts. */
  #startsStatement(start: number, inside: boolean): boolean {
    const { kind } = this.token;
    if (this.#index === start || !(STATEMENT_STARTS.has(kind) || kind === "case" || kind === "default")) return false;
    return (!inside && this.#index !== this.#lastError) || this.source.text.slice(this.lastEnd, this.token.start).includes("\n");
  }
}
