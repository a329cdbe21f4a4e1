// Running text: counting and cleaning words, excerpts, and pieces of limited size. Sizes count characters.

import { keywordText } from "../../../../heap/cells/keyword.ts";
import { hashMapGet } from "../../../../heap/cells/hash-map.ts";
import { mapGet } from "../../../../heap/cells/sorted-map.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { CellHi, CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { SCRATCH, countArgument, integerArgument, lisp, returnText, returnTexts, splitText, textArgument, textFunction } from "../text/arguments.ts";
import { blankSeparated, trim } from "../text/cutting.ts";

// ---- options: a map with keyword keys as last argument

/** Slot of an option's value, -1 without. */
export function option(vm: Vm, options: number, name: string, scratch: number): number {
  const { heap } = vm, hi = heap.hi(options);
  if (hi !== CellHi.SortedMap && hi !== CellHi.HashMap) return -1;
  heap.setCell(scratch, CellKind.Keyword, keywordText(heap, name));
  return hi === CellHi.SortedMap ? mapGet(heap, heap.lo(options), scratch) : hashMapGet(heap, heap.lo(options), scratch);
}

function countOption(vm: Vm, base: number, argc: number, at: number, name: string, fallback: number, fn: string): number {
  const slot = argc > at ? option(vm, base + at, name, base + SCRATCH) : -1;
  return slot < 0 ? fallback : countArgument(vm, slot, fn);
}

// ---- cleaning

const ENTITIES: { readonly [entity: string]: string } = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'", "&apos;": "'", "&nbsp;": " " };

/** Without tags, and with the commonest entities as characters. */
function stripHtml(html: string): string {
  let text = "", from = 0;
  for (let at = html.indexOf("<"); at >= 0; at = html.indexOf("<", from)) {
    text += html.slice(from, at);
    const close = html.indexOf(">", at);
    from = close < 0 ? html.length : close + 1;
  }
  return (text + html.slice(from)).replace(/&(?:amp|lt|gt|quot|#39|apos|nbsp);/g, (entity) => ENTITIES[entity]!);
}

const isBlankLine = (line: string): boolean => trim(line) === "";
const indentOf = (line: string): number => line.length - line.replace(/^[ \t]+/, "").length;

/** Without the indentation that all lines share. */
function trimIndent(text: string): string {
  const lines = text.split("\n");
  let shared = Infinity;
  for (const line of lines) if (!isBlankLine(line)) shared = Math.min(shared, indentOf(line));
  return lines.map((line) => line.slice(Math.min(indentOf(line), shared))).join("\n");
}

/** A sentence ends with marks that white space follows. */
function sentencesOf(text: string): string[] {
  const sentences: string[] = [];
  let from = 0;
  for (const { index, 0: marks } of text.matchAll(/[.!?](?=\s)/g)) {
    sentences.push(trim(text.slice(from, index + marks.length)));
    from = index + marks.length;
  }
  return [...sentences, trim(text.slice(from))].filter((sentence) => sentence !== "");
}

// ---- parts

function truncate(vm: Vm, base: number, argc: number): void {
  const text = [...textArgument(vm, base)], count = integerArgument(vm, base + 1), mark = argc > 2 ? textArgument(vm, base + 2) : "...";
  if (count < 0 || text.length <= count) return returnText(vm, base, text.join(""));
  returnText(vm, base, text.slice(0, Math.max(0, count - [...mark].length)).join("") + mark);
}

/** First index of the part among the characters, letter case ignored; -1: none. */
function findIgnoringCase(points: readonly string[], part: readonly string[]): number {
  const lower = points.map((each) => each.toLowerCase()), wanted = part.map((each) => each.toLowerCase()).join("");
  const at = lower.join("").indexOf(wanted);
  if (at < 0) return -1;
  let index = 0;
  for (let units = 0; units < at; index++) units += lower[index]!.length;
  return index;
}

const DEFAULT_RADIUS = 100;

function excerpt(vm: Vm, base: number, argc: number): void {
  const points = [...textArgument(vm, base)], part = [...textArgument(vm, base + 1)];
  const radius = countOption(vm, base, argc, 2, "radius", DEFAULT_RADIUS, "text/excerpt");
  const omissionSlot = argc > 2 ? option(vm, base + 2, "omission", base + SCRATCH) : -1, omission = omissionSlot < 0 ? "..." : textArgument(vm, omissionSlot);
  const at = findIgnoringCase(points, part);
  if (at < 0) return vm.heap.setNull(base - 2);
  const from = Math.max(0, at - radius), to = Math.min(points.length, at + part.length + radius);
  returnText(vm, base, (from > 0 ? omission : "") + points.slice(from, to).join("") + (to < points.length ? omission : ""));
}

const separated = (vm: Vm, text: string, separator: string): string[] => splitText(vm, text, separator).filter((part) => part !== "");

/** Where a text is cut, best places first. */
const BORDERS: readonly string[] = ["\n\n", "\n", ". ", " "];
const DEFAULT_SIZE = 1000, DEFAULT_OVERLAP = 200;

interface Sizes { readonly size: number; readonly overlap: number }
const lengthOf = (text: string): number => [...text].length;

/** Pieces of a text without borders; each begins with the end of the one before. */
function windows(vm: Vm, text: string, { size, overlap }: Sizes): string[] {
  const points = [...text], found: string[] = [], step = size - overlap;
  if ((points.length / step) * Math.min(size, points.length) > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
  for (let from = 0; from < points.length; from += step) {
    found.push(points.slice(from, from + size).join(""));
    if (from + size >= points.length) break;
  }
  return found;
}

/** The parts between borders, as many together as fit; too large ones are cut at lesser borders. */
function cut(vm: Vm, text: string, sizes: Sizes, border: number): string[] {
  if (lengthOf(text) <= sizes.size) return [text];
  const separator = BORDERS[border], pieces: string[] = [];
  if (separator === undefined) return windows(vm, text, sizes);
  let current: string[] = [], length = 0;
  const finish = (): void => {
    if (current.length > 0) pieces.push(current.join(separator));
    current = [];
    length = 0;
  };
  for (const part of separated(vm, text, separator)) {
    const partLength = lengthOf(part), together = length + (current.length > 0 ? separator.length : 0) + partLength;
    if (together > sizes.size) finish();
    length = current.length === 0 ? partLength : together;
    if (partLength <= sizes.size) current.push(part);
    else for (const piece of cut(vm, part, sizes, border + 1)) pieces.push(piece);
    if (partLength > sizes.size) length = 0;
  }
  finish();
  return pieces;
}

function chunk(vm: Vm, base: number, argc: number): void {
  const text = trim(textArgument(vm, base)), size = Math.max(1, countOption(vm, base, argc, 1, "size", DEFAULT_SIZE, "text/chunk"));
  const wanted = countOption(vm, base, argc, 1, "overlap", DEFAULT_OVERLAP, "text/chunk"), overlap = wanted < size ? wanted : 0;
  const hasBorder = BORDERS.some((border) => text.includes(border)), pieces = cut(vm, text, { size, overlap }, 0).map(trim).filter((piece) => piece !== "");
  vm.chargeFuel(8 * text.length);
  const tail = (piece: string): string => (overlap === 0 ? "" : [...piece].slice(-overlap).join(""));
  returnTexts(vm, base, hasBorder ? pieces.map((piece, i) => (i === 0 ? piece : tail(pieces[i - 1]!) + piece)) : pieces);
}

export const PASSAGES: readonly NativeInfo[] = [
  lisp("text/word-count", 1, 1, "number of words", (vm, base) => setInteger(vm.heap, base - 2, blankSeparated(textArgument(vm, base)).length)),
  textFunction("text/clean-whitespace", "the words with one blank between them", (text) => blankSeparated(text).join(" ")),
  textFunction("text/strip-html", "without tags, and entities as characters", stripHtml),
  lisp("text/truncate", 2, 3, "cut to so many characters, a mark at the end included", truncate),
  textFunction("text/trim-indent", "without the indentation all lines share", trimIndent),
  lisp("text/split-sentences", 1, 1, "list of the sentences", (vm, base) => returnTexts(vm, base, sentencesOf(textArgument(vm, base)))),
  textFunction("text/normalize-newlines", "every line end a line feed", (text) => text.replace(/\r\n?/g, "\n")),
  lisp("text/excerpt", 2, 3, "what stands around a text, within :radius characters; nil when it does not occur", excerpt),
  lisp("text/chunk", 1, 2, "list of pieces of at most :size characters, each beginning with the last :overlap of the one before", chunk),
  lisp("text/chunk-by-separator", 2, 2, "list of the parts between separators that are not empty",
    (vm, base) => returnTexts(vm, base, separated(vm, textArgument(vm, base), textArgument(vm, base + 1)))),
];
