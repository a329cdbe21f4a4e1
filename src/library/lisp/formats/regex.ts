// Regular expressions: searching, replacing and splitting. The engine is in src/library/regex; its positions are byte offsets into
// the UTF-8 text, and so are those that scripts see.

import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { bytesOf } from "../../../../heap/cells/string.ts";
import { decodeText, encodeText } from "../../../../heap/cells/utf8.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { storeText } from "../printer.ts";
import { SCRATCH, allowTexts, lisp, returnBool, returnTexts, stringArgument, textArgument } from "../text/arguments.ts";
import { Matcher, widthAt } from "../../regex/matcher.ts";
import { programOf } from "../../regex/parser.ts";
import type { Program } from "../../regex/program.ts";
import { PatternError, WorkLimitError } from "../../regex/syntax.ts";
import { returnPlain } from "./values.ts";

/** Runs the engine; what is wrong with a pattern becomes an error of the script. Charges for the work done. */
function search<T>(vm: Vm, pattern: number, text: number, groups: number, run: (matcher: Matcher, program: Program) => T): T {
  const source = textArgument(vm, pattern), bytes = bytesOf(vm.heap, stringArgument(vm, text));
  let matcher: Matcher | undefined;
  vm.work(source.length);
  try {
    const program = programOf(source);
    matcher = new Matcher(program, bytes, Math.min(2 * program.groups, groups), (steps) => vm.work(4 * steps));
    return run(matcher, program);
  } catch (error) {
    if (error instanceof WorkLimitError) return evalError(vm, `regex: ${error.message}`);
    if (error instanceof PatternError) return evalError(vm, `invalid regex pattern: ${error.message}`);
    throw error;
  } finally {
    if (matcher !== undefined) vm.chargeFuel(4 * matcher.untold);
  }
}

/** All matches, from left to right. An empty one right behind another does not count. */
function* allMatches(matcher: Matcher): Generator<readonly number[]> {
  const { text } = matcher;
  let last = -1;
  for (let from = 0; from <= text.length;) {
    const match = matcher.find(from);
    if (match === null) return;
    const [start, end] = match as [number, number];
    if (start !== end || end !== last) yield match;
    last = end;
    from = end > start ? end : end + (end < text.length ? widthAt(text, end) : 1);
  }
}

const part = (text: Uint8Array, from: number, to: number): string => decodeText(text.subarray(from, to));

function isMatch(vm: Vm, base: number): void {
  returnBool(vm, base, search(vm, base, base + 1, 0, (matcher) => matcher.find(0) !== null));
}

function firstMatch(vm: Vm, base: number): void {
  const result = search(vm, base, base + 1, Infinity, (matcher) => {
    const match = matcher.find(0), { text } = matcher;
    if (match === null) return null;
    const groups = match.flatMap((from, slot) => (slot < 2 || slot % 2 === 1 ? [] : [from < 0 || match[slot + 1]! < 0 ? null : part(text, from, match[slot + 1]!)]));
    return { keys: [["match", part(text, match[0]!, match[1]!)], ["groups", groups], ["start", match[0]!], ["end", match[1]!]] as const };
  });
  returnPlain(vm, base, result, base + SCRATCH);
}

function findAll(vm: Vm, base: number): void {
  returnTexts(vm, base, search(vm, base, base + 1, 2, (matcher) => {
    const found: string[] = [];
    for (const [from, to] of allMatches(matcher)) allowTexts(vm, found.push(part(matcher.text, from!, to!)));
    return found;
  }));
}

function split(vm: Vm, base: number): void {
  returnTexts(vm, base, search(vm, base, base + 1, 2, (matcher) => {
    const { text } = matcher, parts: string[] = [];
    let from = 0;
    for (const [start, end] of allMatches(matcher)) {
      allowTexts(vm, parts.push(part(text, from, start!)));
      from = end!;
    }
    return [...parts, part(text, from, text.length)];
  }));
}

/** Literal bytes of a replacement, or the number of the group that stands there (-1: one that does not exist). */
type Piece = Uint8Array | number;

/** `$1`, `${1}`, `$name` and `$$`; any other dollar sign stands for itself. */
function replacementPieces(text: string, program: Program): Piece[] {
  const pieces: Piece[] = [];
  let from = 0;
  for (const match of text.matchAll(/\$(?:\$|\{([^}]*)\}|([0-9A-Za-z_]+))/g)) {
    pieces.push(encodeText(text.slice(from, match.index)));
    const name = match[1] ?? match[2], index = name === undefined ? -1 : /^\d+$/.test(name) ? Number(name) : program.names.get(name) ?? -1;
    pieces.push(name === undefined ? encodeText("$") : index);
    from = match.index + match[0].length;
  }
  return [...pieces, encodeText(text.slice(from))];
}

const replace = (isAll: boolean) => (vm: Vm, base: number): void => {
  const replacement = textArgument(vm, base + 1);
  storeText(vm, base - 2, search(vm, base, base + 2, replacement.includes("$") ? Infinity : 2, (matcher, program) => {
    const { text } = matcher, pieces = replacementPieces(replacement, program), out = new StringBuilder();
    let from = 0;
    for (const match of allMatches(matcher)) {
      out.appendBytes(text.subarray(from, match[0]!));
      for (const piece of pieces) {
        if (typeof piece !== "number") out.appendBytes(piece);
        else if ((match[2 * piece] ?? -1) >= 0) out.appendBytes(text.subarray(match[2 * piece]!, match[2 * piece + 1]!));
      }
      checkTextSize(vm, out);
      from = match[1]!;
      if (!isAll) break;
    }
    return out.appendBytes(text.subarray(from));
  }));
};

export const REGEX: readonly NativeInfo[] = [
  lisp("regex/match?", 2, 2, "whether the pattern matches anywhere in the string", isMatch),
  lisp("regex/match", 2, 2, "the first match as a map of :match, :groups, :start and :end; nil", firstMatch),
  lisp("regex/find-all", 2, 2, "list of the texts of all matches", findAll),
  lisp("regex/replace", 3, 3, "the first match replaced; $1 and $name stand for groups", replace(false)),
  lisp("regex/replace-all", 3, 3, "every match replaced; $1 and $name stand for groups", replace(true)),
  lisp("regex/split", 2, 2, "list of the parts between matches", split),
];
