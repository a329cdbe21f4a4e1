// Regular expressions of POSIX for Hemlock, on the engine of regex/: as regcomp and regexec have them, but over code points,
// with positions in bytes. A compiled expression is an object of its pattern and flags, so that it lives in images; programs
// are made from it when they are needed, and remembered for a while.

import { newArray, push } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { findSlot, newObject, setField } from "../../heap/cells/object.ts";
import { bytesOf, newString, textOf } from "../../heap/cells/string.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import { checkTextSize } from "../vm/text-limit.ts";
import type { Vm } from "../vm/vm.ts";
import { integerArgument, isString, native, returnText, stringArgument } from "./arguments.ts";
import { Matcher, widthAt } from "./regex/matcher.ts";
import { findWithGroups } from "./regex/posix-groups.ts";
import { ERRORS, parsePosixPattern, PosixFlag } from "./regex/posix-parser.ts";
import { patternCompiler } from "./regex/program.ts";
import { PatternError, WorkLimitError } from "./regex/syntax.ts";

const programOf = patternCompiler(parsePosixPattern);
const MAX_FLAGS = 15, MATCHES = 10, MAX_MATCHES = 100;
/** Scratch slots behind the arguments. */
const PART = 4, VALUE = 5;

/** The integer argument, or another number when it is missing or null. */
function optionalInteger(vm: Vm, slot: number, isThere: boolean, otherwise: number, error: string): number {
  if (!isThere || vm.heap.hi(slot) === Hi.Null) return otherwise;
  const rank = rankOf(vm.heap, slot);
  return isInteger(rank) ? numberOf(vm.heap, slot, rank) : vm.throwError(error);
}

/** Gives null for a pattern that cannot be compiled, or throws the reason if asked to. */
function compile(vm: Vm, base: number, argc: number): void {
  const { heap } = vm, pattern = stringArgument(vm, base, "regex_compile: pattern must be a string");
  const flags = optionalInteger(vm, base + 1, argc > 1, PosixFlag.Extended, "regex_compile: flags must be an integer") & MAX_FLAGS;
  vm.chargeFuel(4 * bytesOf(heap, pattern).length);
  try {
    programOf(textOf(heap, pattern), flags);
  } catch (error) {
    if (!(error instanceof PatternError)) throw error;
    return argc > 2 && heap.hi(base + 2) === Hi.Bool && heap.lo(base + 2) !== 0 ? vm.throwError(`Regex compilation failed: ${error.message}`) : heap.setNull(base - 2);
  }
  heap.setCell(base + PART, CellKind.Object, newObject(heap, 2));
  setField(heap, heap.lo(base + PART), internText(heap, "pattern"), base);
  heap.setI32(base + VALUE, flags);
  setField(heap, heap.lo(base + PART), internText(heap, "flags"), base + VALUE);
  heap.copySlot(base - 2, base + PART);
}

/** Pattern and flags of the compiled expression. Scripts can reach into the object, so nothing about it is certain. */
function compiled(vm: Vm, slot: number, name: string): { readonly pattern: string; readonly flags: number } {
  const { heap } = vm, invalid = (): never => vm.throwError(`${name}: invalid regex, make one with compile() of @stdlib/regex`);
  if (heap.hi(slot) !== CellHi.Object) invalid();
  const pattern = findSlot(heap, heap.lo(slot), internText(heap, "pattern")), flags = findSlot(heap, heap.lo(slot), internText(heap, "flags"));
  if (pattern === 0 || flags === 0 || !isString(vm, pattern) || heap.hi(flags) !== Hi.I32) invalid();
  return { pattern: textOf(heap, heap.lo(pattern)), flags: heap.lo(flags) & MAX_FLAGS };
}

/** Runs the engine for the expression and text given; what it cannot do is an error of the script. Charges for the work done. */
function search<T>(vm: Vm, base: number, name: string, longest: boolean, moreFlags: number, run: (matcher: Matcher) => T): T {
  const { pattern, flags } = compiled(vm, base, name), text = bytesOf(vm.heap, stringArgument(vm, base + 1, `${name}: text must be a string`));
  let matcher: Matcher | undefined;
  vm.work(pattern.length);
  try {
    const program = programOf(pattern, flags | moreFlags);
    matcher = new Matcher(program, text, longest ? 2 : 0, (steps) => vm.work(4 * steps), longest);
    return run(matcher);
  } catch (error) {
    if (error instanceof WorkLimitError || error instanceof PatternError) return vm.throwError(`${name}: ${error.message}`);
    throw error;
  } finally {
    if (matcher !== undefined) vm.chargeFuel(4 * matcher.untold);
  }
}

function test(vm: Vm, base: number, argc: number): void {
  const given = optionalInteger(vm, base + 2, argc > 2, 0, "regex_test: flags must be an integer");
  const more = ((given & 1) !== 0 ? PosixFlag.NotBeginning : 0) | ((given & 2) !== 0 ? PosixFlag.NotEnd : 0);
  vm.heap.setBool(base - 2, search(vm, base, "regex_test", false, more, (matcher) => matcher.find(0) !== null));
}

/** The whole match and its groups, up to the first that takes no part; as many as asked for. */
function match(vm: Vm, base: number, argc: number): void {
  const { heap } = vm, given = optionalInteger(vm, base + 2, argc > 2, MATCHES, "regex_match: max_matches must be an integer");
  const most = given <= 0 ? MATCHES : Math.min(given, MAX_MATCHES);
  const slots = search(vm, base, "regex_match", true, 0, (matcher) => (most === 1 ? matcher.find(0) : findWithGroups(matcher, 0)));
  heap.setCell(base - 2, CellKind.Array, newArray(heap, 4));
  for (let i = 0; slots !== null && i < most && 2 * i < slots.length && slots[2 * i]! >= 0; i++) pushMatch(vm, base, slots[2 * i]!, slots[2 * i + 1]!);
}

function pushMatch(vm: Vm, base: number, start: number, end: number): void {
  const { heap } = vm, part = base + PART, value = base + VALUE, field = (name: string): void => setField(heap, heap.lo(part), internText(heap, name), value);
  heap.setCell(part, CellKind.Object, newObject(heap, 3));
  heap.setI32(value, start);
  field("start");
  heap.setI32(value, end);
  field("end");
  heap.setCell(value, CellKind.String, newString(heap, bytesOf(heap, heap.lo(base + 1)).slice(start, end)));
  field("text");
  push(heap, heap.lo(base - 2), part);
}

/** Matches of nothing are replaced by the one that replaces the first only. */
const replace = (name: string, isAll: boolean) => (vm: Vm, base: number): void => {
  const by = bytesOf(vm.heap, stringArgument(vm, base + 2, `${name}: replacement must be a string`)).slice();
  const result = search(vm, base, name, true, 0, (matcher) => {
    const { text } = matcher, out = new StringBuilder();
    let from = 0;
    for (let found = matcher.find(0); found !== null; found = isAll && from < text.length ? matcher.find(from) : null) {
      const [start, end] = found as [number, number];
      if (isAll && start === end) {
        const next = start + widthAt(text, start);
        out.appendBytes(text.subarray(from, next));
        from = next;
      } else {
        out.appendBytes(text.subarray(from, start)).appendBytes(by);
        from = end;
      }
      checkTextSize(vm, out);
    }
    return out.appendBytes(text.subarray(from));
  });
  vm.chargeFuel(result.length >> 2);
  vm.heap.setCell(base - 2, CellKind.String, result.finish(vm.heap));
};

/** Nothing is compiled but what the object says: the text takes what a freed one has. */
function free(vm: Vm, base: number): void {
  const { heap } = vm;
  if (heap.hi(base) === CellHi.Object) {
    heap.setNull(base + VALUE);
    if (findSlot(heap, heap.lo(base), internText(heap, "flags")) !== 0) setField(heap, heap.lo(base), internText(heap, "flags"), base + VALUE);
  }
  heap.setNull(base - 2);
}

function errorText(vm: Vm, base: number): void {
  returnText(vm, base, ERRORS[integerArgument(vm, base, "regex_error: code must be an integer")] ?? "Unknown error");
}

export const POSIX_REGEX: readonly NativeInfo[] = [
  native("__regex_compile", 1, 3, "compiled regular expression of POSIX; flags 1 extended (without: basic), 2 letter case ignored, 8 lines apart; null for a bad pattern, or its error thrown if the third is true", compile),
  native("__regex_test", 2, 3, "whether a compiled expression is found in a string; flags 1 the string is no beginning, 2 no end", test),
  native("__regex_match", 2, 3, "array of {start, end, text} of the first longest match and its groups, positions in bytes; at most 10 or as many as said", match),
  native("__regex_replace", 3, 3, "the string with the first match replaced, the replacement taken as it is", replace("regex_replace", false)),
  native("__regex_replace_all", 3, 3, "the string with all matches replaced but empty ones", replace("regex_replace_all", true)),
  native("__regex_error", 1, 2, "what an error's number means", errorText),
  native("__regex_free", 1, 1, "the compiled expression cannot be used any more; null", free),
];
