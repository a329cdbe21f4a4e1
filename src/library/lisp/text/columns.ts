// Text in terminal columns: how wide it is, padding, wrapping and truncating it. A column is half as wide as an ideograph;
// combining characters, joiners and terminal escapes take none.

import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { countArgument, lisp, returnText, returnTexts, textArgument } from "./arguments.ts";

/** First and last code points of the wide blocks, ascending. Emoji are wide besides, by their property. */
const WIDE: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f], [0x2329, 0x232a], [0x2e80, 0x303e], [0x3041, 0xa4cf], [0xa960, 0xa97f], [0xac00, 0xd7a3], [0xf900, 0xfaff], [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f], [0xff01, 0xff60], [0xffe0, 0xffe6], [0x16fe0, 0x18cff], [0x1aff0, 0x1b2ff], [0x1f200, 0x1f265], [0x20000, 0x3fffd],
];
const NO_WIDTH = /[\p{Mn}\p{Me}\p{Cf}\u1160-\u11ff\ud7b0-\ud7ff\uff9e\uff9f\n]/u;
const EMOJI = /\p{Emoji_Presentation}/u, EMOJI_TEXT = /\p{Emoji}/u;
const isFlagLetter = (point: number): boolean => point >= 0x1f1e6 && point <= 0x1f1ff;
const isSkinTone = (point: number): boolean => point >= 0x1f3fb && point <= 0x1f3ff;
const JOINER = 0x200d, EMOJI_SELECTOR = 0xfe0f;

const isWide = (point: number): boolean => point >= 0x1100 && WIDE.some(([first, last]) => point >= first && point <= last);

function pointWidth(point: number): number {
  if (point < 0x300) return point === 10 || point === 0xad ? 0 : 1;
  const text = String.fromCodePoint(point);
  if (NO_WIDTH.test(text)) return 0;
  return isWide(point) || (!isFlagLetter(point) && EMOJI.test(text)) ? 2 : 1;
}

/** What is drawn in one place: a character with what combines with it, a joined emoji, a flag. */
interface Cluster { text: string; width: number; last: number; letters: number }

/** Whether the next character belongs to the cluster, which is then widened as it asks. */
function extend(cluster: Cluster, point: number, width: number): boolean {
  if (cluster.last === JOINER && cluster.width === 2 && EMOJI_TEXT.test(String.fromCodePoint(point))) return true;
  if (point === EMOJI_SELECTOR) {
    if (EMOJI_TEXT.test(cluster.text)) cluster.width = 2;
    return true;
  }
  if (isSkinTone(point) && cluster.width === 2) return true;
  if (isFlagLetter(point) && cluster.letters === 1) {
    cluster.letters = 2;
    cluster.width = 2;
    return true;
  }
  return width === 0;
}

function clustersOf(text: string): Cluster[] {
  const clusters: Cluster[] = [];
  for (const each of text) {
    const point = each.codePointAt(0)!, width = pointWidth(point), last = clusters[clusters.length - 1];
    if (last !== undefined && extend(last, point, width)) {
      last.text += each;
      last.last = point;
    } else clusters.push({ text: each, width, last: point, letters: isFlagLetter(point) ? 1 : 0 });
  }
  return clusters;
}

/** Without the escape sequences terminals understand: colours, cursor movement, titles. */
export function withoutEscapes(text: string): string {
  let plain = "", from = 0;
  for (let at = text.indexOf("\x1b"); at >= 0; at = text.indexOf("\x1b", from)) {
    plain += text.slice(from, at);
    from = escapeEnd(text, at + 1);
  }
  return plain + text.slice(from);
}

/** Index behind an escape sequence whose second character is at `at`. */
function escapeEnd(text: string, at: number): number {
  if (text[at] === "[") {
    for (at++; at < text.length; at++) if (text[at]! >= "@" && text[at]! <= "~") return at + 1;
    return at;
  }
  if (text[at] !== "]") return Math.min(at + (text.codePointAt(at)! > 0xffff ? 2 : 1), text.length);
  for (; at < text.length; at++) {
    if (text[at] === "\x07") return at + 1;
    if (text[at] === "\x1b" && text[at + 1] === "\\") return at + 2;
  }
  return at;
}

/** Units the longest text of the host may have. */
const MAX_TEXT = (1 << 29) - 24;
const SIMPLE = /^[ -~]*$/;

/** Columns the text takes. */
function widthOf(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  return clustersOf(withoutEscapes(text)).reduce((sum, { width }) => sum + width, 0);
}

/** The longest start that fits. */
function fitting(text: string, columns: number): string {
  let taken = "", width = 0;
  for (const cluster of clustersOf(text)) {
    width += cluster.width;
    if (width > columns) break;
    taken += cluster.text;
  }
  return taken;
}

function truncate(vm: Vm, base: number, argc: number): void {
  const text = textArgument(vm, base), columns = countArgument(vm, base + 1, "string/truncate-width"), mark = argc > 2 ? textArgument(vm, base + 2) : "";
  if (widthOf(text) <= columns) return returnText(vm, base, text);
  const shortMark = fitting(mark, columns);
  returnText(vm, base, shortMark === mark ? fitting(text, columns - widthOf(mark)) + mark : shortMark);
}

/** The word in pieces of at most so many columns, but of a cluster at least. */
function pieces(word: string, columns: number): string[] {
  const found: string[] = [];
  let piece = "", width = 0;
  for (const cluster of clustersOf(word)) {
    if (piece !== "" && width + cluster.width > columns) {
      found.push(piece);
      piece = "";
      width = 0;
    }
    piece += cluster.text;
    width += cluster.width;
  }
  found.push(piece);
  return found;
}

/** Lines of at most so many columns: as many words as fit, too long ones broken. */
function wrapLine(line: string, columns: number): string[] {
  const lines: string[] = [];
  let current = "", width = 0;
  for (const word of line.split(" ").filter((part) => part !== "")) {
    const wordWidth = widthOf(word);
    if (current !== "" && width + 1 + wordWidth <= columns) {
      current += ` ${word}`;
      width += 1 + wordWidth;
      continue;
    }
    if (current !== "") lines.push(current);
    const parts = wordWidth <= columns ? [word] : pieces(word, columns);
    current = parts.pop()!;
    width = widthOf(current);
    for (const part of parts) lines.push(part);
  }
  lines.push(current);
  return lines;
}

function wordWrap(vm: Vm, base: number): void {
  const text = textArgument(vm, base), columns = countArgument(vm, base + 1, "string/word-wrap");
  returnTexts(vm, base, text.split("\n").flatMap((line) => wrapLine(line, columns)));
}

/** Padding with whole characters that does not go beyond the columns. */
function pad(vm: Vm, base: number, argc: number, isLeft: boolean): void {
  const text = textArgument(vm, base), columns = countArgument(vm, base + 1, "string/pad");
  const [first] = argc > 2 ? textArgument(vm, base + 2) : " ", filler = first ?? " ";
  const count = Math.max(0, Math.floor((columns - widthOf(text)) / Math.max(1, widthOf(filler))));
  if (count * filler.length > Math.min(vm.heap.settings.maxBytes, MAX_TEXT)) vm.heap.outOfMemory();
  const padding = filler.repeat(count);
  returnText(vm, base, isLeft ? padding + text : text + padding);
}

export const COLUMNS: readonly NativeInfo[] = [
  lisp("string/width", 1, 1, "number of terminal columns", (vm, base) => setInteger(vm.heap, base - 2, widthOf(textArgument(vm, base)))),
  lisp("string/pad-left", 2, 3, "filled up on the left to so many columns", (vm, base, argc) => pad(vm, base, argc, true)),
  lisp("string/pad-right", 2, 3, "filled up on the right to so many columns", (vm, base, argc) => pad(vm, base, argc, false)),
  lisp("string/truncate-width", 2, 3, "cut to so many columns, a mark at the end of what was cut", truncate),
  lisp("string/word-wrap", 2, 2, "list of lines of at most so many columns", wordWrap),
];
