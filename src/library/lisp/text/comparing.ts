// Comparison of strings, by their characters' code points or without regard to letter case, with any number of arguments.

import { compare } from "../../../../heap/cells/string.ts";
import { foldCase } from "../../../text/letter-case.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { chargeBytes, lisp, returnBool, stringArgument, textArgument } from "./arguments.ts";

const ASCII = /^[\0-\x7f]*$/;
const folded = (text: string): string => (ASCII.test(text) ? text.toLowerCase() : foldCase(text));

/** Compares by code points, as UTF-8 bytes do. */
export function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  let i = 0;
  while (i < a.length && a[i] === b[i]) i++;
  const x = a.charCodeAt(i), y = b.charCodeAt(i);
  // A surrogate stands for a code point above all other units.
  const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdfff;
  if (i >= a.length) return -1;
  if (i >= b.length) return 1;
  return isHigh(x) !== isHigh(y) ? (isHigh(x) ? 1 : -1) : x < y ? -1 : 1;
}

export type Holds = (order: number) => boolean;

export const ORDERS: readonly { readonly sign: string; readonly what: string; readonly holds: Holds }[] = [
  { sign: "=", what: "are equal", holds: (order) => order === 0 },
  { sign: "<", what: "ascend", holds: (order) => order < 0 },
  { sign: ">", what: "descend", holds: (order) => order > 0 },
  { sign: "<=", what: "do not descend", holds: (order) => order <= 0 },
  { sign: ">=", what: "do not ascend", holds: (order) => order >= 0 },
];

/** Every argument is checked, also behind a pair that decides. */
function compareStrings(vm: Vm, base: number, argc: number, holds: Holds): void {
  let all = true;
  for (let i = 0; i < argc; i++) {
    const str = stringArgument(vm, base + i);
    if (all && i > 0) all = holds(compare(vm.heap, vm.heap.lo(base + i - 1), str));
  }
  returnBool(vm, base, all);
}

function compareFolded(vm: Vm, base: number, argc: number, holds: Holds): void {
  let all = true, before = "";
  for (let i = 0; i < argc; i++) {
    const text = folded(textArgument(vm, base + i));
    chargeBytes(vm, 4 * text.length);
    if (all && i > 0) all = holds(compareTexts(before, text));
    before = text;
  }
  returnBool(vm, base, all);
}

export const COMPARING: readonly NativeInfo[] = ORDERS.flatMap(({ sign, what, holds }) => [
  lisp(`string${sign}?`, 1, -1, `whether the strings ${what}`, (vm, base, argc) => compareStrings(vm, base, argc, holds)),
  lisp(`string-ci${sign}?`, 1, -1, `whether the strings ${what}, letter case ignored`, (vm, base, argc) => compareFolded(vm, base, argc, holds)),
]);
