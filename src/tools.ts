// The entry point boxelder/tools: looking at what a program is compiled to, and putting programs under stress.

import { internalsOf, type BoxelderVm } from "./api.ts";
import { disassemble as list } from "./bytecode/disassemble.ts";
import { syntaxFailure, withinLimits, type RunFailure } from "./embed/results.ts";
import { toBytecode, toIr } from "./engines.ts";
import { printAst } from "./front/hemlock/print-ast.ts";
import { printProgram } from "./ir/print.ts";
import { NATIVES } from "./library/registry.ts";
import { Source } from "./text/source.ts";
import type { CheckOptions } from "./vm-options.ts";

export { stress, STRESS_MODES, stressModeText, type StressFinding, type StressMode, type StressOptions, type StressReport } from "./stress/stress.ts";
export type { StressProgram } from "./stress/trial.ts";

/** What `disassemble` shows: the syntax tree (Hemlock only), the core IR, or bytecode. */
export type Stage = "ast" | "ir" | "bytecode";

/** A program as the given stage sees it, compiled for the VM with its options; nothing runs. A program with errors is a failure. */
export function disassemble(vm: BoxelderVm, text: string, options: CheckOptions & { readonly stage?: Stage } = {}): string | RunFailure {
  if (options.stage === "ast") return printAst(new Source(options.name ?? "<script>", text));
  const { settings, compile } = internalsOf(vm), { program, diagnostics, source } = compile(text, options);
  if (program === null) return syntaxFailure(diagnostics);
  const optimised = toIr(program, settings);
  if (options.stage === "ir") return printProgram(optimised);
  const listing = (): string => list(toBytecode(optimised, settings), { nativeName: (index) => NATIVES[index]!.name });
  return withinLimits<string | RunFailure>(source, listing, (found) => syntaxFailure([found]));
}
