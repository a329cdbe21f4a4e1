// Random and mutated programs: the front end must answer every text with a program or with errors, quickly, and must
// never throw. The seed is fixed; change SEED to look for more.

import { expect, test } from "vitest";
import { isIncomplete } from "../../src/front/hemlock/index.ts";
import { findProblems } from "../../src/ir/verify.ts";
import { diagnosticJson, renderDiagnostic } from "../../src/text/diagnostics.ts";
import { compileText } from "./support.ts";

const SEED = 20_240_607;

/** Small and good enough: a 32-bit xorshift. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed | 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

const PROGRAM = `#!/usr/bin/env run
let total: i64 = 0x1F; const names = ["a", "b\\x41\\u{1F600}", 'c'];
fn add(a, ref b: i32, c?: a + 1, ...rest: string): i32? { defer print(self); b += a ?? c; return b; }
outer: for (let i = 0; i < 10; i++) { for (let k, v in {x: 1, ...names, total}) { if (v == 3) { continue outer; } else if (!v) { break; } else { loop { break outer; } } } }
switch (total) { case 1: case "x": total++; break; default: names[0] ??= \`t\${total + \`in\${1}\`}\\$\`; }
try { throw {code: -1.5e3}; } catch (e) { e?.code?.[0]?.(1, b: 2); } finally { total <<= 2; }
define Point<T> { x: array<array<T>>, y?: 5, z?: string & object, w? } enum Color { Red, Green = 4, }
async fn work(n: Point<u8>?) { let f = fn() { return late; }; let late = await n; self.m(late)(1)[2] = ~late; }
export fn g() { while (true) { let x = x; let x = 1; const y = 2; y = 3; } } add(1, total, c: 2); // end
`;
const PIECES = [..."(){}[];,.?:=+-*/<>!&|^~%'\"`$\\\n \t#@0", "let ", "fn ", "ref ", "${", "/*", "*/", "//", "??=", "1e", "0x", "\0", "é", "😀", "\ud800", "if (1) {", "case 1:", "a: ", "self", "99999999999", "i32", "...", "++"];

function mutate(text: string, random: (below: number) => number): string {
  let result = text;
  for (let i = random(4); i >= 0; i--) {
    const at = random(result.length + 1), length = random(12);
    const piece = random(3) === 0 ? result.slice(at, at + random(60)) : PIECES[random(PIECES.length)]!;
    result = result.slice(0, at) + (random(4) === 0 ? "" : piece) + result.slice(at + (random(2) === 0 ? length : 0));
  }
  return result;
}

function check(text: string): void {
  const library = text.length % 3 === 0, repl = text.length % 2 === 0;
  const { program, diagnostics } = compileText(text, { library, repl });
  const failed = diagnostics.some(({ severity }) => severity === "error");
  expect(program === null).toBe(failed);
  if (program !== null) expect(findProblems(program)).toEqual([]);
  for (const diagnostic of diagnostics) {
    expect(diagnostic.span.start).toBeLessThanOrEqual(diagnostic.span.end);
    expect(diagnostic.span.end).toBeLessThanOrEqual(text.length);
    renderDiagnostic(diagnostic);
    diagnosticJson(diagnostic);
  }
  isIncomplete(text);
}

test("the unmutated program is fine", () => {
  const { program, diagnostics } = compileText(PROGRAM);
  expect(diagnostics.filter(({ severity }) => severity === "error")).toEqual([]);
  expect(findProblems(program!)).toEqual([]);
});

test("mutated programs", () => {
  const random = randomFrom(SEED);
  for (let i = 0; i < 1000; i++) {
    const text = mutate(PROGRAM, random);
    try {
      check(text);
    } catch (error) {
      throw new Error(`seed ${SEED}, program ${i}: ${JSON.stringify(text)}`, { cause: error });
    }
  }
});

test("prefixes of a program", () => {
  for (let end = 0; end < PROGRAM.length; end += 3) check(PROGRAM.slice(0, end));
});

test("piles of pieces", () => {
  const random = randomFrom(SEED + 1);
  for (let i = 0; i < 500; i++) check(Array.from({ length: random(60) }, () => PIECES[random(PIECES.length)]).join(""));
});
