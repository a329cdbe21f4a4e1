// Functions that make strings out of values: str and its kin, format, join, repeat, and the constructors.

import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { byteLength, bytesOf, concatAll, newString } from "../../../../heap/cells/string.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { appendDisplayed, appendWritten, storeText } from "../printer.ts";
import { codeText } from "../pretty.ts";
import { characterArgument, chargeBytes, countArgument, integerArgument, lisp, listArgument, returnText, sequenceArgument, stringArgument, textArgument } from "./arguments.ts";

/** Columns of program text. */
const CODE_WIDTH = 80;

/** Joins strings; the first one is extended in place when it may be, so building a text piece by piece is linear. */
function append(vm: Vm, dst: number, first: number, count: number): void {
  const { heap } = vm;
  let bytes = 0;
  for (let i = 1; i < count; i++) bytes += byteLength(heap, heap.lo(first + i));
  chargeBytes(vm, bytes);
  heap.setCell(dst, CellKind.String, concatAll(heap, first, count));
}

function str(vm: Vm, base: number, argc: number): void {
  const { heap } = vm, startsWithString = argc > 1 && heap.hi(base) === CellHi.String;
  let strings = 0;
  while (strings < argc && heap.hi(base + strings) === CellHi.String) strings++;
  if (startsWithString && strings === argc) return append(vm, base - 2, base, argc);
  const out = new StringBuilder();
  for (let i = startsWithString ? 1 : 0; i < argc; i++) appendDisplayed(vm, out, base + i);
  if (!startsWithString) return storeText(vm, base - 2, out);
  storeText(vm, base + argc + 1, out);
  heap.copySlot(base + argc, base);
  append(vm, base - 2, base + argc, 2);
}

/** ~a displays, ~s writes the next argument, ~% is a line feed, ~~ a tilde; anything else stays as it is. */
function format(vm: Vm, base: number, argc: number): void {
  const pattern = textArgument(vm, base), out = new StringBuilder();
  let next = 1, from = 0;
  for (let at = pattern.indexOf("~"); at >= 0 && at + 1 < pattern.length; at = pattern.indexOf("~", from)) {
    out.appendText(pattern.slice(from, at));
    const directive = pattern[at + 1]!.toLowerCase(), isKnown = "as%~".includes(directive);
    if (directive === "a" || directive === "s") {
      if (next < argc) (directive === "a" ? appendDisplayed : appendWritten)(vm, out, base + next);
      next++;
    } else out.appendText(directive === "%" ? "\n" : "~");
    checkTextSize(vm, out);
    from = at + (isKnown ? 2 : 1);
  }
  storeText(vm, base - 2, out.appendText(pattern.slice(from)));
}

function join(vm: Vm, base: number): void {
  const slots = sequenceArgument(vm, base, "list or vector"), separator = bytesOf(vm.heap, stringArgument(vm, base + 1)), out = new StringBuilder();
  slots.forEach((slot, i) => {
    if (i > 0) out.appendBytes(separator);
    appendDisplayed(vm, out, slot);
  });
  storeText(vm, base - 2, out);
}

/** Stores `count` copies of the bytes. */
function storeRepeated(vm: Vm, dst: number, bytes: Uint8Array, count: number): void {
  const total = count * bytes.length;
  if (total > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
  chargeBytes(vm, total || 0);
  const result = new Uint8Array(total || 0);
  if (total > 0) {
    // Doubling what is there already: few copies however many repetitions.
    result.set(bytes);
    for (let filled = bytes.length; filled < total; filled *= 2) result.copyWithin(filled, 0, Math.min(filled, total - filled));
  }
  vm.heap.setCell(dst, CellKind.String, newString(vm.heap, result));
}

function repeat(vm: Vm, base: number): void {
  const str = stringArgument(vm, base), count = countArgument(vm, base + 1, "string/repeat");
  storeRepeated(vm, base - 2, bytesOf(vm.heap, str).slice(), count);
}

/** (make-string string count) repeats; (make-string count [char]) fills. */
function makeString(vm: Vm, base: number, argc: number): void {
  if (vm.heap.hi(base) === CellHi.String) {
    if (argc < 2) typeError(vm, "int", base);
    return repeat(vm, base);
  }
  const count = countArgument(vm, base, "make-string"), point = argc > 1 ? characterArgument(vm, base + 1) : 32;
  storeRepeated(vm, base - 2, new StringBuilder().appendCodePoint(point).view(), count);
}

/** Appends the characters in the slots. */
function storeCharacters(vm: Vm, dst: number, slots: readonly number[]): void {
  const out = new StringBuilder();
  for (const slot of slots) out.appendCodePoint(characterArgument(vm, slot));
  storeText(vm, dst, out);
}

function stringOf(vm: Vm, base: number, argc: number): void {
  storeCharacters(vm, base - 2, Array.from({ length: argc }, (_, i) => base + i));
}

/** For string/map: what the function answered, characters or strings. */
function joinMapped(vm: Vm, base: number): void {
  const out = new StringBuilder();
  for (const slot of listArgument(vm, base)) {
    if (vm.heap.hi(slot) !== Hi.Rune && vm.heap.hi(slot) !== CellHi.String) typeError(vm, "char or string", slot);
    appendDisplayed(vm, out, slot);
  }
  storeText(vm, base - 2, out);
}

function fromCodePoints(vm: Vm, base: number): void {
  const out = new StringBuilder();
  for (const slot of sequenceArgument(vm, base, "list or vector")) {
    const point = integerArgument(vm, slot);
    if (!isScalar(point)) evalError(vm, `string/from-codepoints: invalid codepoint ${point}`);
    out.appendCodePoint(point);
  }
  storeText(vm, base - 2, out);
}

/** A Unicode scalar value: any code point but a surrogate. */
export const isScalar = (point: number): boolean => (point >= 0 && point < 0xd800) || (point > 0xdfff && point <= 0x10ffff);

/** Changing strings in place is what this dialect leaves out. */
const refuse = (name: string, min: number, max: number): NativeInfo => lisp(name, min, max, "raises: strings cannot be changed",
  (vm) => evalError(vm, `${name}: strings are immutable (build a new one, for example with string-append or list->string)`));

export const BUILDING: readonly NativeInfo[] = [
  lisp("string-append string/append str", 0, -1, "the displayed forms of the values, joined", str),
  lisp("format", 1, -1, "the pattern with ~a (displayed) and ~s (written) replaced by the values", format),
  lisp("format/form", 1, 1, "the written form of program text, broken into lines", (vm, base) => returnText(vm, base, codeText(vm, base, CODE_WIDTH))),
  lisp("string/join string-join", 2, 2, "the displayed elements with the separator between them", join),
  lisp("string/repeat", 2, 2, "the string so many times", repeat),
  lisp("make-string", 1, 2, "the string so many times; or so many copies of a character", makeString),
  lisp("string", 0, -1, "string of the characters", stringOf),
  lisp("list->string", 1, 1, "string of a list of characters", (vm, base) => storeCharacters(vm, base - 2, listArgument(vm, base))),
  lisp("%join-mapped", 1, 1, "string of a list of characters and strings", joinMapped),
  lisp("string/from-codepoints", 1, 1, "string of a sequence of code points", fromCodePoints),
  lisp("char->string char/to-string", 1, 1, "string of one character", (vm, base) => returnText(vm, base, String.fromCodePoint(characterArgument(vm, base)))),
  refuse("string-set!", 3, 3), refuse("string-fill!", 2, 4), refuse("string-copy!", 3, 5),
];
