// The benchmark programs: scripts of bench/programs. Those of Hemlock have a JavaScript twin whose result must be the same;
// those of Lisp say their result in a comment, define (bench), and run as they are on other Schemes.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = fileURLToPath(new URL("programs/", import.meta.url));

export interface BenchProgram {
  readonly name: string;
  readonly path: string;
  readonly language: "hemlock" | "lisp";
  /** The tree engine has none. */
  readonly usesContinuations: boolean;
  /** What is loaded before the clock starts: the whole program of Lisp but its last line. */
  readonly definitions: string;
  /** The program, which prints its result. */
  readonly source: string;
  /** The same algorithm in JavaScript, where there is one. */
  readonly twin: (() => unknown) | null;
  /** What all of them print. */
  readonly expected: string;
}

export async function benchPrograms(filter: RegExp): Promise<BenchProgram[]> {
  return [...await hemlockPrograms(filter), ...lispPrograms(filter)];
}

function lispPrograms(filter: RegExp): BenchProgram[] {
  const names = readdirSync(`${folder}lisp`).map((file) => `lisp/${file.slice(0, -".scm".length)}`).filter((name) => filter.test(name));
  return names.sort().map((name) => {
    const path = `${folder}${name}.scm`, text = readFileSync(path, "utf8"), expected = /^; result: (.*)$/m.exec(text)![1]!;
    return { name, path, language: "lisp", usesContinuations: text.includes("call-with-current-continuation"), definitions: text, source: "(println (bench))", twin: null, expected };
  });
}

async function hemlockPrograms(filter: RegExp): Promise<BenchProgram[]> {
  const names = readdirSync(folder).filter((file) => file.endsWith(".hml")).map((file) => file.slice(0, -".hml".length)).filter((name) => filter.test(name));
  return Promise.all(names.sort().map(async (name) => {
    const { run } = await import(pathToFileURL(`${folder}${name}.js`).href) as { run: () => unknown };
    const path = `${folder}${name}.hml`;
    return { name, path, language: "hemlock", usesContinuations: false, definitions: "", source: readFileSync(path, "utf8"), twin: run, expected: String(run()) };
  }));
}
