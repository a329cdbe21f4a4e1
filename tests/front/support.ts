// Shared by the front-end tests: compiling a text with a small made-up library, and short forms of the results.

import { hemlock } from "../../src/front/hemlock/index.ts";
import type { Compilation, FrontOptions } from "../../src/front/language.ts";
import { printProgram } from "../../src/ir/print.ts";
import { findProblems } from "../../src/ir/verify.ts";
import type { Diagnostic } from "../../src/text/diagnostics.ts";
import { Source } from "../../src/text/source.ts";

const NATIVES = new Set(["print", "floor", "typeof", "buffer", "$construct"]);

export const OPTIONS: FrontOptions = {
  isBuiltin: (name) => NATIVES.has(name),
  libraryGlobal: (name) => (name === "apply" ? "$apply" : null),
  builtinNames: NATIVES,
};

export const compileText = (text: string, options: Partial<FrontOptions> = {}): Compilation =>
  hemlock.compile(new Source("test.hml", text), { ...OPTIONS, ...options });

/** `code line:column` of each diagnostic. */
export const places = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ code, source, span }) => {
    const { line, column } = source.position(span.start);
    return `${code} ${line}:${column}`;
  });

export const problems = (text: string, options: Partial<FrontOptions> = {}): string[] => places(compileText(text, options).diagnostics);

/** The IR of a program on one line, without the wrapping of the main function and the final null. */
export function lowered(text: string, options: Partial<FrontOptions> = {}): string {
  const { program, diagnostics } = compileText(text, options);
  if (program === null) throw new Error(places(diagnostics).join(", "));
  const found = findProblems(program);
  if (found.length > 0) throw new Error(found.join("; "));
  const flat = printProgram(program).replace(/\s+/g, " ").trim();
  return flat.replace(/^\(function <main> \(\) \(block ?(.*)\)\)$/, "$1").replace(/ null$/, "");
}
