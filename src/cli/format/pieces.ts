// A text as pieces - tokens and comments - with what stood between them, and lines made of them again. The formatters keep
// every piece and every break between lines; they decide on blanks and indentation only. Lines that are empty stay one.

/** What the text of a token is may be anything; a comment of one line ends its line. */
export interface Piece {
  readonly type: "token" | "line comment" | "comment";
  readonly text: string;
  /** Of the language: what kind of token it is. */
  readonly kind: string;
  /** Breaks of lines before it, and blanks in front of it on its line. */
  readonly breaks: number;
  readonly blanks: number;
}

export interface RawToken { readonly start: number; readonly end: number; readonly kind: string }

/** Where comments of a language begin; blocks end where `blockEnd` says. */
export interface CommentStyle {
  readonly line: string;
  readonly block: string;
  /** Behind the end of the block comment that begins at an offset. */
  readonly blockEnd: (text: string, at: number) => number;
  /** Sticky: what stands between tokens and tells the reader something. */
  readonly directive?: RegExp;
}

/** The pieces of a text whose tokens are given in order. A first line of `#!` counts as a comment. */
export function piecesOf(given: string, tokens: readonly RawToken[], style: CommentStyle): Piece[] {
  const text = given.replace(/\r\n?/g, (ending) => (ending === "\r\n" ? " \n" : "\n")), pieces: Piece[] = [];
  let at = text.charCodeAt(0) === 0xfeff ? 1 : 0, seen = at;
  const add = (type: Piece["type"], kind: string, start: number, end: number): void => {
    const gap = text.slice(seen, start), breaks = gap.split("\n").length - 1;
    const written = given.slice(start, end);
    pieces.push({ type, kind, text: type === "line comment" ? written.trimEnd() : written, breaks, blanks: gap.length - gap.lastIndexOf("\n") - 1 });
    seen = end;
  };
  const lineEnd = (from: number): number => (text.indexOf("\n", from) < 0 ? text.length : text.indexOf("\n", from));
  const directiveEnd = (from: number): number => {
    if (style.directive === undefined) return from;
    style.directive.lastIndex = from;
    return style.directive.test(text) ? style.directive.lastIndex : from;
  };
  const comments = (until: number): void => {
    while (at < until) {
      const start = at, directive = directiveEnd(at);
      if (directive > at) add("comment", "", start, at = directive);
      else if (text.startsWith(style.line, at) || (at <= 1 && text.startsWith("#!", at))) add("line comment", "", start, at = lineEnd(at));
      else if (text.startsWith(style.block, at)) add("comment", "", start, at = style.blockEnd(text, at));
      else at++;
    }
  };
  for (const { start, end, kind } of tokens) {
    comments(start);
    add("token", kind, start, end);
    at = end;
  }
  comments(text.length);
  return pieces;
}

/** How a language lays out lines. It is asked in the order of the pieces. */
export interface Layout {
  /** Blanks in front of a piece that begins a line; `next`: the first token that is it or follows it. */
  indent(piece: Piece, next: Piece | null): number;
  /** Blanks between two pieces of a line, the second of them a token. */
  gap(left: Piece, right: Piece): number;
  /** Is told of each piece, and the column it has got. */
  placed(piece: Piece, column: number): void;
}

/** For each piece the first token from it on. */
function nextTokens(pieces: readonly Piece[]): (Piece | null)[] {
  let next: Piece | null = null;
  return pieces.toReversed().map((piece) => (next = piece.type === "token" ? piece : next)).reverse();
}

/** The text of the pieces, ending in a line break unless it is empty. */
export function layOut(pieces: readonly Piece[], layout: Layout): string {
  let out = "", column = 0, left: Piece | null = null;
  const nexts = nextTokens(pieces);
  pieces.forEach((piece, i) => {
    const begins = left === null || piece.breaks > 0 || left.type === "line comment";
    if (begins) {
      if (left !== null) out += piece.breaks > 1 ? "\n\n" : "\n";
      column = layout.indent(piece, nexts[i]!);
      out += " ".repeat(column);
    } else {
      // Comments stay where their author put them: they may stand in columns.
      const blanks = piece.type === "token" && left!.type === "token" ? layout.gap(left!, piece) : Math.max(piece.type === "line comment" ? 1 : 0, piece.blanks);
      column += blanks;
      out += " ".repeat(blanks);
    }
    out += piece.text;
    layout.placed(piece, column);
    column = piece.text.includes("\n") ? piece.text.length - piece.text.lastIndexOf("\n") - 1 : column + piece.text.length;
    left = piece;
  });
  return out === "" ? "" : `${out}\n`;
}
