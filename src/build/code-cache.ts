// Makes the code that lets the command start quickly: runs the command's script, so that V8 has compiled what short programs
// need, and writes what it made. The programs print nothing: this runs in the middle of a build.

import { writeFileSync } from "node:fs";
import { CODE, compile, load, SCRIPT } from "../cli/compiled-command.ts";
import { dist } from "./entry-files.ts";

const PROGRAMS: readonly (readonly string[])[] = [
  ["-e", 'fn add(a, b) { return a + b; } let all = [1, 2.5].map(fn(x) { return add(x, 1); }); for (let i = 0; i < 3; i++) { all.push({ i: i, text: "n" + i }); } try { throw "x"; } catch (e) { all.pop(); }'],
  ["--language", "lisp", "-e", '(define (add a b) (+ a b)) (let loop ((i 0)) (if (< i 3) (loop (add i 1)))) (map (lambda (x) (* x 2)) (list 1 2)) (display "")'],
];

export async function makeCode(): Promise<void> {
  const file = dist + SCRIPT, script = compile(file, undefined), { main } = load(script, file);
  for (const words of PROGRAMS) await main(words);
  if (process.exitCode) throw new Error("the programs that warm up the command do not run");
  writeFileSync(dist + CODE, script.createCachedData());
}
