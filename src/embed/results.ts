// What a run gives back: a value, or a failure as data.

import { LimitError } from "../compile/limits.ts";
import { diagnose, type Diagnostic } from "../text/diagnostics.ts";
import type { Source } from "../text/source.ts";
import type { TraceEntry } from "../vm/errors.ts";

export type FailureKind = "uncaught" | "fatal" | "panic" | "exit" | "outOfFuel" | "syntax";
export interface RunFailure {
  readonly status: "error";
  readonly kind: FailureKind;
  readonly message: string;
  /** What the command line exits with. */
  readonly exitCode: number;
  /** For kind "syntax": all of them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Guest frames, innermost first. */
  readonly trace: readonly TraceEntry[];
  /** What to do about it, where something can be said; languages that know put it here. */
  readonly hint: string | null;
  /** Ways to go on, innermost first, for `restart`. Only inputs of a session (`repl`) in Lisp have any, and only for kind "uncaught". */
  readonly restarts: readonly Restart[];
}
export type RunResult = { readonly status: "done"; /** Display text of the program's value. */ readonly value: string } | RunFailure;

/** A way to go on after an error that nobody handled. */
export interface Restart {
  /** As the script named it; the library's own are use-value, store-value, retry and abort. */
  readonly name: string;
  /** What it does, for people; may be empty. */
  readonly report: string;
}

export const failure = (kind: FailureKind, message: string, exitCode: number, trace: readonly TraceEntry[], restarts: readonly Restart[] = []): RunFailure =>
  ({ status: "error", kind, message, exitCode, diagnostics: [], trace: [...trace], hint: null, restarts });

export function syntaxFailure(diagnostics: readonly Diagnostic[]): RunFailure {
  const first = diagnostics.find((each) => each.severity === "error");
  return { status: "error", kind: "syntax", message: first?.message ?? "", exitCode: 1, diagnostics, trace: [], hint: null, restarts: [] };
}

/** A step that compiles the source; a limit it exceeds is reported like any other mistake in the program. */
export function withinLimits<T>(source: Source, step: () => T, otherwise: (found: Diagnostic) => T): T {
  try {
    return step();
  } catch (error) {
    if (!(error instanceof LimitError)) throw error;
    return otherwise(diagnose(source, "E304", error.span, [error.message]));
  }
}
