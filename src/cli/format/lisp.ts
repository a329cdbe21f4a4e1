// Layout of Lisp: one blank between elements, and lines that line up as is usual: with the first argument, or two columns
// in where a form has a body, or with the first element where a list is data.

import { FOLDING, Lexer, type Token } from "../../front/lisp/lexer.ts";
import { layOut, piecesOf, type CommentStyle, type Layout, type Piece, type RawToken } from "./pieces.ts";

/** Block comments nest. */
function blockEnd(text: string, at: number): number {
  const edge = /#\||\|#/g;
  edge.lastIndex = at + 2;
  for (let depth = 1; depth > 0;) {
    const found = edge.exec(text);
    if (found === null) return text.length;
    depth += found[0] === "#|" ? 1 : -1;
  }
  return edge.lastIndex;
}

const COMMENTS: CommentStyle = { line: ";", block: "#|", blockEnd, directive: FOLDING };

/** Forms whose later lines are a body. */
const BODIES: ReadonlySet<string> = new Set([
  "lambda", "fn", "λ", "let", "let*", "letrec", "letrec*", "let-values", "let*-values", "when", "unless", "while", "do", "dotimes", "dolist", "for", "case", "case-lambda",
  "match", "parameterize", "guard", "try", "catch", "module", "syntax-rules", "async", "loop", "named-let", "receive",
]);
const hasBody = (name: string): boolean => BODIES.has(name) || /^(?:def|with-)/.test(name);

interface Open {
  /** Column of the opening bracket, and behind it. */
  readonly column: number;
  readonly inside: number;
  /** A form to be called, not data. */
  readonly isForm: boolean;
  /** Its first element when that is a word on the line of the bracket; null until one is met, "" for others. */
  head: string | null;
  /** Column of the second element when it stands on the same line, else -1. */
  argument: number;
  /** No line has ended since the bracket. */
  isFirstLine: boolean;
}

class LispLayout implements Layout {
  readonly #open: Open[] = [];
  #last: Piece | null = null;

  indent(piece: Piece): number {
    const inner = this.#open.at(-1);
    for (const each of this.#open) each.isFirstLine = false;
    if (inner === undefined) return 0;
    if (piece.kind === "close") return inner.column;
    if (!inner.isForm || inner.head === null || inner.head === "") return inner.inside;
    if (hasBody(inner.head)) return inner.column + 2;
    return inner.argument >= 0 ? inner.argument : inner.inside;
  }

  gap(left: Piece, right: Piece): number {
    return left.kind === "open" || left.kind === "prefix" || right.kind === "close" ? 0 : 1;
  }

  placed(piece: Piece, column: number): void {
    if (piece.type !== "token") return;
    const inner = this.#open.at(-1), afterPrefix = this.#last?.kind === "prefix";
    // A quoted element begins at its quote.
    if (inner !== undefined && !afterPrefix && piece.kind !== "close") this.#element(inner, piece, column);
    if (piece.kind === "open") {
      const isForm = piece.text === "(" && !(afterPrefix && /^['`]$/.test(this.#last!.text));
      this.#open.push({ column, inside: column + piece.text.length, isForm, head: null, argument: -1, isFirstLine: true });
    } else if (piece.kind === "close") this.#open.pop();
    this.#last = piece;
  }

  #element(list: Open, { kind, text }: Piece, column: number): void {
    if (list.head === null) list.head = list.isFirstLine && kind === "word" ? text : "";
    else if (list.argument < 0 && list.isFirstLine) list.argument = column;
  }
}

/** Whether a token is a word that can name a form. */
const isWord = (token: Token): boolean => token.kind === "atom" && token.datum.kind === "symbol";

function rawTokens(text: string): RawToken[] {
  const lexer = new Lexer(text, 0, text.length, 0, () => {}), raw: RawToken[] = [];
  for (let token = lexer.next(); token.kind !== "end"; token = lexer.next()) {
    const kind = token.kind === "skip" || (token.kind === "label" && token.defines) ? "prefix" : isWord(token) ? "word" : token.kind;
    raw.push({ start: token.start, end: token.end, kind });
  }
  return raw;
}

/** The text laid out. Its tokens must be without errors. */
export const formatLisp = (text: string): string => layOut(piecesOf(text, rawTokens(text), COMMENTS), new LispLayout());

/** What the tokens of a text are, comments included. */
export const lispTokens = (text: string): string[] => piecesOf(text, rawTokens(text), COMMENTS).map((piece) => piece.kind + piece.text);
