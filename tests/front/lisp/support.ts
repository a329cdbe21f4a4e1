// Shared by the tests of the Lisp front end: reading and lowering a text, and short forms of the results.

import { BoxelderVm } from "../../../src/api.ts";
import { type Datum, datumText } from "../../../src/front/lisp/datum.ts";
import { compileForm, lisp, type FormOptions, type FormResult } from "../../../src/front/lisp/index.ts";
import { readAll } from "../../../src/front/lisp/reader.ts";
import type { Compilation, FrontOptions } from "../../../src/front/language.ts";
import { printProgram } from "../../../src/ir/print.ts";
import { findProblems } from "../../../src/ir/verify.ts";
import type { Diagnostic } from "../../../src/text/diagnostics.ts";
import { lisp as plugin } from "../../../src/lisp.ts";
import { Source } from "../../../src/text/source.ts";

const OPTIONS: FrontOptions = { isBuiltin: () => false, libraryGlobal: () => null };

export const compileText = (text: string, options: Partial<FrontOptions> = {}): Compilation => lisp.compile(new Source("test.lisp", text), { ...OPTIONS, ...options });

/** The data of a text, as text. */
export const read = (text: string): string => {
  const { forms, diagnostics } = readAll(new Source("test.lisp", text));
  if (diagnostics.length > 0) throw new Error(messages(diagnostics).join("; "));
  return forms.map(datumText).join(" ");
};

export const messages = (diagnostics: readonly Diagnostic[]): string[] => diagnostics.map(({ message }) => message);

/** `line:column message` of each error of reading. */
export const readErrors = (text: string): string[] => placed(readAll(new Source("test.lisp", text)).diagnostics);

const placed = (diagnostics: readonly Diagnostic[]): string[] =>
  diagnostics.map(({ message, source, span }) => {
    const { line, column } = source.position(span.start);
    return `${line}:${column} ${message}`;
  });

/** The same of compiling. */
export const errors = (text: string): string[] => placed(compileText(text).diagnostics);

/** The IR of a program on one line, without the main function around it. */
export function lowered(text: string, options: Partial<FrontOptions> = {}): string {
  const { program, diagnostics } = compileText(text, options);
  if (program === null) throw new Error(messages(diagnostics).join("; "));
  const found = findProblems(program);
  if (found.length > 0) throw new Error(found.join("; "));
  const flat = printProgram(program).replace(/\s+/g, " ").trim();
  return flat.replace(/^\(function <main> (?:library )?lisp \(\) (.*)\)$/, "$1").replace(/^\(block (.*)\)$/, "$1").replaceAll("%lisp:", "%").replaceAll("@lisp:", "@").replace(/\(global @([^\s()]+) \(on-hole \(call @%unbound [^\s()]+\)\)\)/g, "@$1");
}

/** One form as the driver of a program compiles it. */
export function compileOne(text: string, options: Partial<FormOptions> = {}): FormResult {
  const source = new Source("test.lisp", text);
  return compileForm(readAll(source).forms[0]!, { source, ...options });
}

/** The value of a program, written; or the message of its error. */
export function run(text: string): string {
  const result = new BoxelderVm({ languages: [plugin] }).run(text, { language: "lisp" });
  return result.status === "done" ? result.value : result.message;
}

export const texts = (data: readonly Datum[] | null): string[] => (data ?? []).map(datumText);
