// Differences of texts in the unified format: made, looked at, and applied.

import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { SCRATCH, countArgument, lisp, returnText, textArgument } from "../text/arguments.ts";
import { lineChanges, type Change } from "./line-diff.ts";
import { returnPlain, type Plain } from "./values.ts";

const DEFAULT_CONTEXT = 3;
const NO_LINE_END = "\\ No newline at end of file";

/** Lines with their ends. */
function linesOf(text: string): string[] {
  const lines = text.split(/(?<=\n)/);
  return text === "" ? [] : lines;
}

/** The line behind a mark, with a note when it has no end. */
const marked = (mark: string, line: string): string => (line.endsWith("\n") ? mark + line : `${mark}${line}\n${NO_LINE_END}\n`);

/** Start and count of lines in a header: a start counts from 1, but nothing stands behind the line of its number. */
const rangeText = (from: number, count: number): string => (count === 1 ? `${from + 1}` : `${count === 0 ? from : from + 1},${count}`);

/** Changes so close that their context meets go into one hunk. */
function groups(changes: readonly Change[], context: number): Change[][] {
  const found: Change[][] = [];
  for (const change of changes) {
    const last = found[found.length - 1];
    if (last !== undefined && change.oldFrom - last[last.length - 1]!.oldTo <= 2 * context) last.push(change);
    else found.push([change]);
  }
  return found;
}

function hunkText(old: readonly string[], neu: readonly string[], changes: readonly Change[], context: number): string {
  const first = changes[0]!, last = changes[changes.length - 1]!;
  const lead = Math.min(context, first.oldFrom), tail = Math.min(context, old.length - last.oldTo), lines: string[] = [];
  let at = first.oldFrom - lead;
  for (const change of changes) {
    for (; at < change.oldFrom; at++) lines.push(marked(" ", old[at]!));
    for (; at < change.oldTo; at++) lines.push(marked("-", old[at]!));
    for (let i = change.newFrom; i < change.newTo; i++) lines.push(marked("+", neu[i]!));
  }
  for (; at < last.oldTo + tail; at++) lines.push(marked(" ", old[at]!));
  const oldRange = rangeText(first.oldFrom - lead, last.oldTo + tail - first.oldFrom + lead), newRange = rangeText(first.newFrom - lead, last.newTo + tail - first.newFrom + lead);
  return `@@ -${oldRange} +${newRange} @@\n${lines.join("")}`;
}

function unified(vm: Vm, base: number, argc: number): void {
  const old = linesOf(textArgument(vm, base)), neu = linesOf(textArgument(vm, base + 1));
  const context = argc > 2 ? countArgument(vm, base + 2, "diff/unified") : DEFAULT_CONTEXT, changes = lineChanges(old, neu);
  vm.chargeFuel(64 * (old.length + neu.length) * (1 + Math.min(changes.length, 1000)));
  returnText(vm, base, changes.length === 0 ? "" : `--- old\n+++ new\n${groups(changes, context).map((group) => hunkText(old, neu, group, context)).join("")}`);
}

// ---- reading

interface Hunk { readonly header: string; readonly oldStart: number; readonly oldCount: number; readonly newStart: number; readonly newCount: number; readonly lines: string[] }
interface FileDiff { oldPath: string; newPath: string; readonly hunks: Hunk[] }

const HEADER = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@/;

function newHunk(line: string, [, oldStart, oldCount, newStart, newCount]: RegExpExecArray): Hunk {
  return { header: line, oldStart: Number(oldStart), oldCount: Number(oldCount ?? 1), newStart: Number(newStart), newCount: Number(newCount ?? 1), lines: [] };
}

/** The path in a line of a file header, without what follows a tab. */
const pathOf = (line: string): string => line.slice(4).split("\t")[0]!;

/** What a text of differences says; lines that belong to none are passed over. */
function parseDiff(text: string): FileDiff[] {
  const files: FileDiff[] = [];
  let hunk: Hunk | null = null, oldLeft = 0, newLeft = 0;
  for (const line of text.split("\n")) {
    const mark = line[0] ?? "", file = files[files.length - 1];
    if (hunk !== null && (oldLeft > 0 || newLeft > 0 || mark === "\\")) {
      if (mark === "-" || mark === " " || mark === "") oldLeft--;
      if (mark === "+" || mark === " " || mark === "") newLeft--;
      hunk.lines.push(line === "" ? " " : line);
      continue;
    }
    const header = HEADER.exec(line);
    if (header !== null) {
      hunk = newHunk(line, header);
      oldLeft = hunk.oldCount;
      newLeft = hunk.newCount;
      (file ?? files[files.push({ oldPath: "", newPath: "", hunks: [] }) - 1]!).hunks.push(hunk);
    } else if (line.startsWith("--- ")) files.push({ oldPath: pathOf(line), newPath: "", hunks: [] });
    else if (line.startsWith("+++ ") && file !== undefined) file.newPath = pathOf(line);
  }
  return files;
}

const hunksOf = (text: string): Hunk[] => parseDiff(text).flatMap(({ hunks }) => hunks);

const plainHunk = ({ header, oldStart, oldCount, newStart, newCount, lines }: Hunk): Plain =>
  ({ keys: [["header", header], ["lines", lines], ["old-start", oldStart], ["old-count", oldCount], ["new-start", newStart], ["new-count", newCount]] });

function stat(vm: Vm, base: number): void {
  const hunks = hunksOf(textArgument(vm, base)), lines = hunks.flatMap((hunk) => hunk.lines);
  const count = (mark: string): number => lines.filter((line) => line.startsWith(mark)).length;
  returnPlain(vm, base, { keys: [["added", count("+")], ["removed", count("-")], ["hunks", hunks.length]] }, base + SCRATCH);
}

function parse(vm: Vm, base: number): void {
  const files = parseDiff(textArgument(vm, base)).map(({ oldPath, newPath, hunks }): Plain => ({ keys: [["old-path", oldPath], ["new-path", newPath], ["hunks", hunks.map(plainHunk)]] }));
  returnPlain(vm, base, { keys: [["files", files]] }, base + SCRATCH);
}

/** Lines of one side of a hunk, with their ends: those marked with a blank or `mark`. */
function sideOf({ lines }: Hunk, mark: "-" | "+"): string[] {
  const side: string[] = [];
  lines.forEach((line, i) => {
    if (line[0] === " " || line[0] === mark) side.push(line.slice(1) + (lines[i + 1]?.startsWith("\\") === true ? "" : "\n"));
  });
  return side;
}

function apply(vm: Vm, base: number): void {
  const lines = linesOf(textArgument(vm, base)), hunks = hunksOf(textArgument(vm, base + 1)), result: string[] = [];
  let at = 0;
  for (const hunk of hunks) {
    const start = hunk.oldCount === 0 ? hunk.oldStart : hunk.oldStart - 1, old = sideOf(hunk, "-");
    const fits = start >= at && old.every((line, i) => lines[start + i] === line);
    if (!fits) evalError(vm, `diff/apply: hunk does not apply (context mismatch near old line ${hunk.oldStart})`);
    for (const line of lines.slice(at, start)) result.push(line);
    for (const line of sideOf(hunk, "+")) result.push(line);
    at = start + old.length;
  }
  returnText(vm, base, result.join("") + lines.slice(at).join(""));
}

export const DIFF: readonly NativeInfo[] = [
  lisp("diff/unified", 2, 3, "the differences of two texts, with so many lines of context", unified),
  lisp("diff/apply", 2, 2, "the text with differences applied", apply),
  lisp("diff/stat", 1, 1, "map of :added, :removed and :hunks of differences", stat),
  lisp("diff/hunks", 1, 1, "list of the hunks as maps", (vm, base) => returnPlain(vm, base, hunksOf(textArgument(vm, base)).map(plainHunk), base + SCRATCH)),
  lisp("diff/parse", 1, 1, "map with :files, each of its :old-path, :new-path and :hunks", parse),
];
