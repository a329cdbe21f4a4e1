// Layout of Hemlock: blanks between tokens, and indentation by open brackets. Lines that go on from the one before stand a
// level deeper, as do the lines under a `case`.

import { lex } from "../../front/hemlock/lexer.ts";
import { KEYWORD_SET, type Token } from "../../front/hemlock/tokens.ts";
import { Source } from "../../text/source.ts";
import { layOut, piecesOf, type CommentStyle, type Layout, type Piece, type RawToken } from "./pieces.ts";

const COMMENTS: CommentStyle = { line: "//", block: "/*", blockEnd: (text, at) => (text.indexOf("*/", at + 2) < 0 ? text.length : text.indexOf("*/", at + 2) + 2) };

/** Tokens between an operator's two operands have a blank on both sides. */
const BINARY: ReadonlySet<string> = new Set(["=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>=", "??=", "==", "!=", "<=", ">=", "&&", "||", "??", "+", "*", "/", "%", "<<", ">>", "&", "|", "^"]);
/** What an author's blank decides: types have these, too, and objects of one line have braces. */
const AS_WRITTEN: ReadonlySet<string> = new Set(["?", ":", "<", ">", "{", "}"]);
const OPENERS: ReadonlySet<string> = new Set(["(", "[", "{"]), CLOSERS: ReadonlySet<string> = new Set([")", "]", "}"]);
/** Words that are values, so that what follows is no operand. */
const VALUE_WORDS: ReadonlySet<string> = new Set(["null", "true", "false", "self", "object"]);
/** Behind these a line is complete. */
const ENDINGS: ReadonlySet<string> = new Set([";", "{", "}", ",", "(", "[", ":"]);
/** A line that begins with one of these goes on from the one before. */
const CONTINUING: ReadonlySet<string> = new Set([...BINARY, "-", "?", ":", ".", "?.", "<", ">"]);
/** Behind these a brace opens a block. */
const BEFORE_BLOCKS: ReadonlySet<string> = new Set([")", "else", "try", "finally", "loop", "type", "]", ">", ";", "{", "}"]);
/** Words in front of a parenthesis that is no list of arguments. */
const SPACED_WORDS: ReadonlySet<string> = new Set([...KEYWORD_SET].filter((word) => !VALUE_WORDS.has(word) && word !== "fn"));

const OPERANDS: ReadonlySet<string> = new Set(["name", "type", "integer", "float", "rune", "string", "++", "--", ...VALUE_WORDS, ...CLOSERS]);

const isOperand = (piece: Piece | null): boolean => piece !== null && OPERANDS.has(piece.kind);

/** Templates are taken whole: what stands in them is text. */
function rawTokens(text: string, tokens: readonly Token[]): RawToken[] {
  const raw: RawToken[] = [];
  let depth = 0, start = 0;
  for (const token of tokens) {
    const isPart = token.kind === "template part", isEnd = token.kind === "template end", opens = (isPart || isEnd) && text[token.start] === "`";
    if (opens && depth++ === 0) start = token.start;
    if (isEnd && --depth === 0) raw.push({ start, end: token.end, kind: "string" });
    else if (depth === 0 && token.kind !== "end") raw.push({ start: token.start, end: token.end, kind: token.kind });
  }
  return raw;
}

interface Open {
  readonly opener: string;
  /** Indentation of the line it stands in. */
  readonly indent: number;
  /** It is a brace around statements. */
  readonly isBlock: boolean;
  /** Blanks behind it, when something follows in its line. */
  blanks: number;
  /** Cases were seen in it. */
  cases: boolean;
}

class HemlockLayout implements Layout {
  readonly #open: Open[] = [];
  /** The token before, and the one before that. */
  #last: Piece | null = null;
  #beforeLast: Piece | null = null;
  #lineIndent = 0;

  constructor(readonly width: number) {}

  indent(piece: Piece, next: Piece | null): number {
    this.#lineIndent = this.#indentOf(piece, next);
    return this.#lineIndent;
  }

  /** A comment in front of a case stands where the case does. */
  #indentOf({ kind, type }: Piece, next: Piece | null): number {
    const inner = this.#open.at(-1), last = this.#last;
    if (CLOSERS.has(kind)) return inner?.indent ?? 0;
    const isCase = next?.kind === "case" || next?.kind === "default";
    const level = (inner === undefined ? 0 : inner.indent + this.width) + (inner?.cases === true && !isCase ? this.width : 0);
    const goesOn = type === "token" && last !== null && (CONTINUING.has(kind) || !ENDINGS.has(last.kind));
    return level + (goesOn ? this.width : 0);
  }

  gap(left: Piece, right: Piece): number {
    const a = left.kind, b = right.kind, written = Math.min(1, right.blanks);
    if (OPENERS.has(a) && CLOSERS.has(b)) return 0;
    if (a === "(" || a === "[" || b === ")" || b === "]" || b === "," || b === ";") return 0;
    if (a === "." || a === "?." || b === "." || b === "?." || a === "..." || a === "!" || a === "~") return 0;
    if (a === "," || a === ";") return 1;
    if (b === "++" || b === "--") return isOperand(left) ? 0 : 1;
    if (a === "++" || a === "--") return isOperand(this.#beforeLast) ? 1 : 0;
    if (a === "-") return isOperand(this.#beforeLast) || b.startsWith("-") ? 1 : 0;
    const inner = this.#open.at(-1);
    if (a === "{") return inner === undefined ? written : (inner.blanks = inner.isBlock ? 1 : written);
    if (b === "}") return inner?.isBlock === true ? 1 : inner?.blanks ?? written;
    if (b === "{" || a === ":") return 1;
    if (AS_WRITTEN.has(a) || AS_WRITTEN.has(b)) return a === "}" && !AS_WRITTEN.has(b) && b !== "(" && b !== "[" ? 1 : written;
    if (BINARY.has(a) || BINARY.has(b) || b === "-") return 1;
    if (b === "(") return SPACED_WORDS.has(a) ? 1 : 0;
    if (b === "[") return isOperand(left) ? 0 : 1;
    return 1;
  }

  placed(piece: Piece): void {
    if (piece.type !== "token") return;
    const { kind } = piece, inner = this.#open.at(-1);
    if (OPENERS.has(kind)) this.#open.push({ opener: kind, indent: this.#lineIndent, isBlock: kind === "{" && BEFORE_BLOCKS.has(this.#last?.kind ?? ";"), blanks: 0, cases: false });
    else if (CLOSERS.has(kind)) this.#open.pop();
    else if ((kind === "case" || kind === "default") && inner?.opener === "{" && [";", "{", "}", ":"].includes(this.#last?.kind ?? "")) inner.cases = true;
    this.#beforeLast = this.#last;
    this.#last = piece;
  }
}

function tokensOf(text: string): RawToken[] {
  return rawTokens(text, lex(new Source("", text), { maxErrors: 1 }).tokens);
}

/** The text laid out, `width` blanks to a level. Its tokens must be without errors. */
export const formatHemlock = (text: string, width: number): string => layOut(piecesOf(text, tokensOf(text), COMMENTS), new HemlockLayout(width));

/** What the tokens of a text are, comments included. */
export const hemlockTokens = (text: string): string[] => piecesOf(text, tokensOf(text), COMMENTS).map((piece) => piece.kind + piece.text);
