// Character classes: sets of code points as tests. Unicode properties are asked of the host one character at a time, which
// cannot backtrack; everything else is ranges.

import { PatternError, type Test } from "./syntax.ts";

/** A table for ASCII in front of a test that may be slow. */
export function fast(test: Test): Test {
  const ascii = Uint8Array.from({ length: 128 }, (_, point) => (test(point) ? 1 : 0));
  return (point) => (point < 128 ? ascii[point] === 1 : test(point));
}

export const range = (low: number, high: number): Test => (point) => point >= low && point <= high;
export const not = (test: Test): Test => (point) => !test(point);
export const anyOf = (tests: readonly Test[]): Test => (tests.length === 1 ? tests[0]! : (point) => tests.some((test) => test(point)));

const property = (pattern: RegExp): Test => fast((point) => pattern.test(String.fromCodePoint(point)));

/** The characters of a string: single ones, and ranges written with a hyphen. */
function listed(text: string): Test {
  return anyOf([...text.matchAll(/(.)-(.)|(.)/gsu)].map(([, low, high, single]) => range((low ?? single)!.codePointAt(0)!, (high ?? single)!.codePointAt(0)!)));
}

const UNICODE: { readonly [letter: string]: Test } = { d: property(/\p{Nd}/u), s: property(/\p{White_Space}/u), w: property(/[\p{Alphabetic}\p{M}\p{Nd}\p{Pc}\p{Join_Control}]/u) };
const ASCII: { readonly [letter: string]: Test } = { d: fast(listed("0-9")), s: fast(listed(" \t\n\v\f\r")), w: fast(listed("0-9A-Za-z_")) };

/** \d \s \w, and in upper case their opposites; null for other letters. */
export function perlClass(letter: string, unicode: boolean): Test | null {
  const lower = letter.toLowerCase(), test = (unicode ? UNICODE : ASCII)[lower];
  return test === undefined ? null : letter === lower ? test : fast(not(test));
}

export const isWord = UNICODE["w"]!, isAsciiWord = ASCII["w"]!;

const POSIX: { readonly [name: string]: string } = {
  alnum: "0-9A-Za-z", alpha: "A-Za-z", ascii: "\0-\x7f", blank: "\t ", cntrl: "\0-\x1f\x7f", digit: "0-9", graph: "!-~", lower: "a-z",
  print: " -~", punct: "!-/:-@[-`{-~", space: "\t\n\v\f\r ", upper: "A-Z", word: "0-9A-Za-z_", xdigit: "0-9A-Fa-f",
};

/** The class between [: and :], which a ^ in front of its name turns round. */
export function posixClass(name: string): Test {
  const isNegated = name.startsWith("^"), letters = POSIX[isNegated ? name.slice(1) : name];
  if (letters === undefined) throw new PatternError(`unrecognized POSIX class [:${name}:]`);
  return fast(isNegated ? not(listed(letters)) : listed(letters));
}

/** \p{name}: a general category, script or binary property. */
export function unicodeClass(given: string): Test {
  const name = given.replace(":", "="), capital = name.replace(/(^|_)([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
  for (const spelling of /^[A-Za-z_]+(?:=[A-Za-z_]+)?$/.test(name) ? [name, capital, `Script=${capital}`] : []) {
    try {
      return property(new RegExp(`\\p{${spelling}}`, "u"));
    } catch {
      // Not a property of this spelling: the next one may be.
    }
  }
  throw new PatternError(`Unicode property not found: ${given}`);
}

// ---- letter case

/** Last code point with letter case. */
const LAST_CASED = 0x1e943;
let orbits: Map<number, readonly number[]> | null = null;

const single = (text: string): number => (text.length === String.fromCodePoint(text.codePointAt(0)!).length ? text.codePointAt(0)! : -1);

/** What stands for all letters that differ in case only. */
function folding(point: number): number {
  // The dotted and dotless i of Turkish fold to nothing else.
  if (point === 0x130 || point === 0x131) return point;
  const text = String.fromCodePoint(point), upper = single(text.toUpperCase());
  const lower = single((upper < 0 ? text : String.fromCodePoint(upper)).toLowerCase());
  return lower < 0 ? point : lower;
}

function makeOrbits(): Map<number, readonly number[]> {
  const byFolding = new Map<number, number[]>(), found = new Map<number, readonly number[]>();
  for (let point = 0x41; point <= LAST_CASED; point++) {
    // Ideographs and Hangul have no letter case: most of the plane.
    if (point === 0x2e80) point = 0xa640;
    if (point === 0xac00) point = 0xfb00;
    if (point === 0x10000) point = 0x10400;
    const key = folding(point), known = byFolding.get(key);
    if (known === undefined) byFolding.set(key, [point]);
    else known.push(point);
  }
  for (const points of byFolding.values()) if (points.length > 1) for (const point of points) found.set(point, points);
  return found;
}

/** The letters that differ from one in case only, it included. */
export function caseVariants(point: number): readonly number[] {
  orbits ??= makeOrbits();
  return orbits.get(point) ?? [point];
}

/** The class with letter case ignored. */
export const foldedClass = (test: Test): Test => fast((point) => caseVariants(point).some(test));
