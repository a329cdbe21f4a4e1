// Between numbers and text, and from anything to an int or a float.

import { newStringFromInteger, newStringFromText, textOf } from "../../../../heap/cells/string.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { MAX_DIGITS, scanNumber, type NumberDatum } from "../../../text/lisp-number.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { answer, lisp, realArgument, smallArgument } from "./arguments.ts";
import { Cost, allowBits, bitsAt } from "./limits.ts";
import { Kind, isInt, kindAt, realAt, storeDatum } from "./slots.ts";
import { floatText, numberText } from "./text.ts";
import { Fraction, denominatorOf, isExact, numeratorOf, signOf, toExact, toFloat, type Real } from "./tower.ts";

const INTEGER = /^[+-]?[0-9]+$/;
// No two neighbouring parts may match the same character: trying all divisions of a long text would be quadratic.
const FLOAT = /^[+-]?(?:(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?|inf(?:inity)?|nan)$/i;

const storeText = (vm: Vm, dst: number, text: string): void => vm.heap.setCell(dst, CellKind.String, newStringFromText(vm.heap, text));

/** Text of the string in the slot, the digits of which somebody is going to read. */
function digitsArgument(vm: Vm, slot: number, expected = "string"): string {
  if (vm.heap.hi(slot) !== CellHi.String) typeError(vm, expected, slot);
  const text = textOf(vm.heap, vm.heap.lo(slot));
  if (text.length > MAX_DIGITS) vm.heap.outOfMemory();
  allowBits(vm, 3 * text.length, Cost.Division);
  return text;
}

function radixArgument(vm: Vm, slot: number, argc: number, index: number, name: string): number {
  if (argc <= index) return 10;
  const radix = smallArgument(vm, slot + index);
  if (![2, 8, 10, 16].includes(radix)) evalError(vm, `${name}: unsupported radix ${radix} (expected 2, 8, 10, or 16)`);
  return radix;
}

function numberToString(vm: Vm, base: number, argc: number): void {
  const kind = kindAt(vm.heap, base);
  if (kind === Kind.None) typeError(vm, "number", base);
  const radix = radixArgument(vm, base, argc, 1, "number->string");
  if (radix !== 10 && !isInt(kind)) typeError(vm, "exact integer", base);
  if (radix === 10 && vm.heap.hi(base) === Hi.I32) vm.heap.setCell(base - 2, CellKind.String, newStringFromInteger(vm.heap, vm.heap.lo(base)));
  else storeText(vm, base - 2, numberText(vm, base, radix));
}

/** End of the spaces and comments at this place. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    if (text[at] === ";") at = (text.indexOf("\n", at) + 1 || text.length + 1) - 1;
    else if (" \t\r\n".includes(text[at]!)) at++;
    else break;
  }
  return at;
}

/** The number that is all of the text; in decimal, but for spaces and comments around it. */
function numberIn(text: string, radix: number): NumberDatum | null {
  const start = radix === 10 ? skipBlanks(text, 0) : 0, scan = scanNumber(text, start, { radix });
  if (scan === null) return null;
  return (radix === 10 ? skipBlanks(text, scan.end) : scan.end) === text.length ? scan.datum : null;
}

function stringToNumber(vm: Vm, base: number, argc: number): void {
  const text = digitsArgument(vm, base), radix = radixArgument(vm, base, argc, 1, "string->number"), datum = numberIn(text, radix);
  if (datum === null) vm.heap.setBool(base - 2, false);
  else storeDatum(vm.heap, base - 2, datum);
}

function isNumberText(vm: Vm, base: number): void {
  vm.heap.setBool(base - 2, numberIn(digitsArgument(vm, base), 10) !== null);
}

/** The float the text is, written as most languages do; null when it is none. */
function parseFloatText(text: string): number | null {
  if (!FLOAT.test(text)) return null;
  const word = /^([+-]?)(?:inf|(nan))/i.exec(text);
  if (word === null) return Number(text);
  return word[2] !== undefined ? NaN : word[1] === "-" ? -Infinity : Infinity;
}

function stringToFloat(vm: Vm, base: number): void {
  const kind = kindAt(vm.heap, base);
  if (kind !== Kind.None && kind !== Kind.Complex) return vm.heap.setF64(base - 2, toFloat(realAt(vm.heap, base)));
  const text = digitsArgument(vm, base, "string or number"), x = parseFloatText(text);
  vm.heap.setF64(base - 2, x ?? evalError(vm, `cannot parse '${text}' as float`));
}

function toFloatValue(vm: Vm, base: number): void {
  const kind = kindAt(vm.heap, base);
  if (kind !== Kind.None) return vm.heap.setF64(base - 2, toFloat(realArgument(vm, base)));
  const text = digitsArgument(vm, base, "number or string"), x = parseFloatText(text);
  vm.heap.setF64(base - 2, x ?? evalError(vm, `cannot convert '${text}' to float`));
}

function toInteger(vm: Vm, base: number): void {
  const kind = kindAt(vm.heap, base);
  if (isInt(kind)) return vm.heap.copySlot(base - 2, base);
  if (kind === Kind.Rational || kind === Kind.Float) return answer(vm, base, truncated(vm, realAt(vm.heap, base)));
  const text = digitsArgument(vm, base, "number or string");
  if (!INTEGER.test(text)) evalError(vm, `cannot convert '${text}' to int`);
  answer(vm, base, BigInt(text.replace(/^\+/, "")));
}

function truncated(vm: Vm, x: Real): bigint {
  if (x instanceof Fraction) return x.n / x.d;
  if (Number(x) >= -(2 ** 63) && Number(x) < 2 ** 63) return BigInt(Math.trunc(Number(x)));
  return evalError(vm, `int: cannot convert ${floatText(Number(x)).replace(/\.0$/, "")} to an integer (not finite or out of i64 range)`);
}

/** The number with exactly so many decimal places, ties to even. */
function formatFixed(vm: Vm, base: number): void {
  const x = realArgument(vm, base), places = Math.max(0, smallArgument(vm, base + 1)), exact = toExact(x);
  if (!isExact(exact)) return storeText(vm, base - 2, floatText(toFloat(x)));
  allowBits(vm, bitsAt(vm.heap, base) + 4 * places, Cost.Digits);
  const n = numeratorOf(exact), d = denominatorOf(exact), scaled = (n < 0n ? -n : n) * 10n ** BigInt(places);
  const down = scaled / d, twice = 2n * (scaled - down * d);
  const digits = String(twice < d || (twice === d && (down & 1n) === 0n) ? down : down + 1n).padStart(places + 1, "0");
  const whole = digits.slice(0, digits.length - places), sign = signOf(x) < 0 || Object.is(x, -0) ? "-" : "";
  storeText(vm, base - 2, `${sign}${whole}${places === 0 ? "" : `.${digits.slice(-places)}`}`);
}

export const CONVERSIONS = [
  lisp("number->string", 1, 2, "text of a number; the radix 2, 8 or 16 for integers", numberToString, ["number/to-string"]),
  lisp("string->number", 1, 2, "the number a text is, in the radix 2, 8, 10 or 16, or #f", stringToNumber, ["string/to-number"]),
  lisp("string/number?", 1, 1, "whether the text is a number", isNumberText),
  lisp("string->float", 1, 1, "the float a text or number stands for; error when it is none", stringToFloat, ["string/to-float"]),
  lisp("int", 1, 1, "integer: of a number without its fraction, of a text the one it shows", toInteger),
  lisp("float", 1, 1, "float nearest to a number, or the one a text shows", toFloatValue),
  lisp("math/format-fixed", 2, 2, "text of a number with so many decimal places, ties to even", formatFixed),
];
