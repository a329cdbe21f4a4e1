// Characters: what kind they are, their letter cases, order and numbers. Unicode's own properties decide.

import { foldCase } from "../../../text/letter-case.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { setInteger } from "../../../../heap/cells/bigint.ts";
import { evalError } from "../conditions.ts";
import { characterArgument, integerArgument, lisp, returnBool, returnCharacter } from "./arguments.ts";
import { isScalar } from "./building.ts";
import { ORDERS, type Holds, compareTexts } from "./comparing.ts";

const property = (names: string, what: string, pattern: RegExp): NativeInfo =>
  lisp(names, 1, 1, `whether the character is ${what}`, (vm, base) => returnBool(vm, base, pattern.test(String.fromCodePoint(characterArgument(vm, base)))));

/** A changed character is the first of what the change gives: `ß` has no upper case of one character. */
const changing = (names: string, doc: string, change: (text: string) => string): NativeInfo =>
  lisp(names, 1, 1, doc, (vm, base) => returnCharacter(vm, base, change(String.fromCodePoint(characterArgument(vm, base))).codePointAt(0)!));

function fromInteger(vm: Vm, base: number): void {
  const point = integerArgument(vm, base);
  if (!isScalar(point)) evalError(vm, `integer->char: invalid codepoint ${point}`);
  returnCharacter(vm, base, point);
}

const isDecimal = (point: number): boolean => /\p{Nd}/u.test(String.fromCodePoint(point));

/** Decimal digits stand in runs of ten, so the distance from the start of a run of runs gives the value. */
function digitValue(vm: Vm, base: number): void {
  const point = characterArgument(vm, base);
  if (!isDecimal(point)) return vm.heap.setBool(base - 2, false);
  let first = point;
  while (isDecimal(first - 1)) first--;
  vm.heap.setI32(base - 2, (point - first) % 10);
}

function compareCharacters(vm: Vm, base: number, argc: number, holds: Holds): void {
  let all = true;
  for (let i = 0; i < argc; i++) {
    const point = characterArgument(vm, base + i);
    if (i > 0 && !holds(vm.heap.lo(base + i - 1) - point)) all = false;
  }
  returnBool(vm, base, all);
}

function compareFolded(vm: Vm, base: number, argc: number, holds: Holds): void {
  const texts = Array.from({ length: argc }, (_, i) => foldCase(String.fromCodePoint(characterArgument(vm, base + i))));
  returnBool(vm, base, texts.every((text, i) => i === 0 || holds(compareTexts(texts[i - 1]!, text))));
}

export const CHARACTERS: readonly NativeInfo[] = [
  lisp("char->integer char/to-integer", 1, 1, "code point of the character", (vm, base) => setInteger(vm.heap, base - 2, characterArgument(vm, base))),
  lisp("integer->char integer/to-char", 1, 1, "character of a code point", fromInteger),
  property("char-alphabetic? char/alphabetic?", "a letter", /\p{Alphabetic}/u), property("char-numeric? char/numeric?", "numeric", /\p{N}/u),
  property("char-whitespace? char/whitespace?", "whitespace", /\p{White_Space}/u),
  property("char-upper-case? char/upper-case?", "an upper-case letter", /\p{Uppercase}/u), property("char-lower-case? char/lower-case?", "a lower-case letter", /\p{Lowercase}/u),
  changing("char-upcase char/upcase", "the character in upper case", (text) => text.toUpperCase()),
  changing("char-downcase char/downcase", "the character in lower case", (text) => text.toLowerCase()),
  changing("char-foldcase char/foldcase", "the character with its letter case folded", (text) => ([...foldCase(text)].length === 1 ? foldCase(text) : text)),
  lisp("digit-value char/digit-value", 1, 1, "value of a decimal digit; #f for other characters", digitValue),
  ...ORDERS.flatMap(({ sign, what, holds }) => [
    lisp(`char${sign}?`, 1, -1, `whether the characters ${what}`, (vm, base, argc) => compareCharacters(vm, base, argc, holds)),
    lisp(`char-ci${sign}?`, 1, -1, `whether the characters ${what}, letter case ignored`, (vm, base, argc) => compareFolded(vm, base, argc, holds)),
  ]),
];
