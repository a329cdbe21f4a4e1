// Diagnostics: what is wrong with a program, where, and how it is shown. Front ends collect them and never print; the
// command line chooses between the text form and the JSON form. Columns count code points; the caret line is aligned
// for a terminal, where tabs are expanded and long lines are clipped around the caret.

import type { MessageCode } from "./messages.ts";
import { formatMessage } from "./messages.ts";
import type { Source, Span } from "./source.ts";

export type Severity = "error" | "warning";

/** A macro call whose expansion a place belongs to. */
export interface Expansion {
  /** The call as it is written, cut when it is long. */
  readonly form: string;
  readonly span: Span;
  readonly source: Source;
}

export interface Diagnostic {
  readonly severity: Severity;
  readonly code: MessageCode;
  readonly message: string;
  readonly span: Span;
  readonly source: Source;
  /** What to do about it, one sentence. */
  readonly hint: string | null;
  /** The macro calls that what is wrong came of, innermost first. */
  readonly expansions: readonly Expansion[];
}

/** A diagnostic; its severity follows from the first letter of the code. */
export function diagnose(
  source: Source, code: MessageCode, span: Span, args: readonly string[] = [], hint: string | null = null, expansions: readonly Expansion[] = [],
): Diagnostic {
  return { severity: code.startsWith("W") ? "warning" : "error", code, message: formatMessage(code, args), span, source, hint, expansions };
}

/** Colour functions of the caller's terminal library; the identity when there is no colour. */
export interface Style {
  readonly error: (text: string) => string;
  readonly warning: (text: string) => string;
  readonly place: (text: string) => string;
  readonly hint: (text: string) => string;
}

const same = (text: string): string => text;
export const PLAIN_STYLE: Style = { error: same, warning: same, place: same, hint: same };

/** Longest source line shown whole; longer ones are clipped around the caret. */
const MAX_WIDTH = 120;
const TAB_WIDTH = 4;
const ELLIPSIS = "…";

/** `file:line:column: error: message`, the source line, and carets under the span. */
export function renderDiagnostic(diagnostic: Diagnostic, style: Style = PLAIN_STYLE): string {
  const { source, span, severity } = diagnostic;
  const { line, column } = source.position(span.start);
  const mark = style[severity];
  const lines = [
    `${style.place(`${source.name}:${line}:${column}:`)} ${mark(`${severity}:`)} ${diagnostic.message} [${diagnostic.code}]`,
    ...excerpt(source, span, mark),
  ];
  lines.push(...expansionLines(diagnostic.expansions, style));
  if (diagnostic.hint !== null) lines.push(`  ${style.hint(diagnostic.hint)}`);
  return lines.join("\n");
}

/** Expansions told of at each end of a long chain. */
const CHAIN_HEAD = 5, CHAIN_TAIL = 2;

function expansionLines(expansions: readonly Expansion[], style: Style): string[] {
  const told = expansions.map(({ form, span, source }) => {
    const { line, column } = source.position(span.start);
    return `  in the expansion of ${form} at ${style.place(`${source.name}:${line}:${column}`)}`;
  });
  // A macro that expands to its own call tells the same again and again.
  const lines: string[] = [];
  for (let i = 0, count = 0; i < told.length; i++) {
    count++;
    if (told[i] === told[i + 1]) continue;
    lines.push(count === 1 ? told[i]! : `${told[i]!} (${count} times)`);
    count = 0;
  }
  const left = lines.length - CHAIN_HEAD - CHAIN_TAIL;
  if (left > 1) lines.splice(CHAIN_HEAD, left, style.hint(`  … ${left} more expansions …`));
  return lines;
}

/** The source line and the caret line of a span, both indented by two. Also used for run-time errors. */
export function excerpt(source: Source, span: Span, mark: (text: string) => string = same): string[] {
  const index = source.lineIndex(span.start);
  const lineStart = source.lineStarts[index]!;
  const text = source.line(index);
  const from = Math.min(span.start - lineStart, text.length);
  // A span that runs over the end of the line is underlined to the end of the line.
  const to = Math.max(from, Math.min(span.end - lineStart, text.length));
  const window = clip(text, from, to);
  const before = expand(window.before), under = expand(window.marked);
  const carets = "^".repeat(Math.max(1, [...under].length));
  return [`  ${before}${under}${expand(window.after)}`, `  ${" ".repeat([...before].length)}${mark(carets)}`];
}

/** The part of a line that is shown, cut in three at the marked range; at most about MAX_WIDTH code units. */
function clip(text: string, from: number, to: number): { before: string; marked: string; after: string } {
  if (text.length <= MAX_WIDTH) return { before: text.slice(0, from), marked: text.slice(from, to), after: text.slice(to) };
  const left = Math.max(0, Math.min(from - MAX_WIDTH / 2, text.length - MAX_WIDTH));
  const right = Math.min(text.length, left + MAX_WIDTH);
  const end = Math.min(to, right);
  return {
    before: (left > 0 ? ELLIPSIS : "") + text.slice(left, from),
    marked: text.slice(from, end),
    after: text.slice(end, right) + (right < text.length ? ELLIPSIS : ""),
  };
}

/** Tabs become spaces and other control characters one visible character, so the caret stays aligned. */
const expand = (text: string): string => text.replace(/\t/g, " ".repeat(TAB_WIDTH)).replace(/[\u0000-\u001f\u007f]/g, "\ufffd");

/** Expansions of a chain that the machine-readable form has. */
const CHAIN_JSON = 50;

/** Machine-readable form, one object for each diagnostic; lines and columns are 1-based. */
export function diagnosticJson(diagnostic: Diagnostic): object {
  const { source, span, severity, code, message, hint } = diagnostic;
  const expansions = diagnostic.expansions.slice(0, CHAIN_JSON).map((each) => ({ form: each.form, file: each.source.name, ...each.source.position(each.span.start) }));
  const start = source.position(span.start), end = source.position(span.end);
  return {
    file: source.name, line: start.line, column: start.column, endLine: end.line, endColumn: end.column,
    severity, code, message, ...(hint === null ? {} : { hint }), ...(expansions.length === 0 ? {} : { expansions }),
  };
}

/** The candidate most like `name`, when one is close enough to be a slip of the keyboard. */
export function suggest(name: string, candidates: Iterable<string>): string | null {
  const limit = name.length <= 2 ? 1 : Math.max(1, Math.floor(name.length / 3));
  let best: string | null = null, bestDistance = limit + 1;
  for (const candidate of candidates) {
    if (candidate === name || Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const distance = editDistance(name, candidate);
    // One-letter names are too short to guess from anything but themselves.
    if (distance < bestDistance && distance < Math.max(name.length, candidate.length)) [best, bestDistance] = [candidate, distance];
  }
  return best;
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours each cost one. */
export function editDistance(a: string, b: string): number {
  let older: number[] = [], previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let distance = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) distance = Math.min(distance, older[j - 2]! + 1);
      row.push(distance);
    }
    [older, previous] = [previous, row];
  }
  return previous[b.length]!;
}
