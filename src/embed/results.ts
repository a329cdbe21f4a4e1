// What a run gives back: a value, or a failure as data. Those who would rather have exceptions get a ScriptError around it.

import { LimitError } from "../compile/limits.ts";
import { diagnose, type Diagnostic } from "../text/diagnostics.ts";
import type { Source } from "../text/source.ts";
import { INTERRUPT, ProgramEnd, UnsupportedByEngine, type EndKind, type TraceEntry } from "../vm/errors.ts";
import type { StopReason } from "../vm/vm.ts";

/**
 * Why a run did not come to its end. `outOfFuel`, `timeLimit`, `outputLimit` and `pending` (it waits for answers of the host)
 * stand still and can be resumed, as does a run whose signal fired while it ran (`aborted`); the others are over.
 */
export type FailureKind = "uncaught" | "outOfFuel" | "pending" | "timeLimit" | "outputLimit" | "aborted" | "syntax" | EndKind;

export interface RunFailure {
  readonly status: "error";
  readonly kind: FailureKind;
  readonly message: string;
  /** What the command line exits with. */
  readonly exitCode: number;
  /** For kind "syntax": all of them. */
  readonly diagnostics: readonly Diagnostic[];
  /** Where it happened: the innermost guest frame, or the first error of the source; null when unknown. */
  readonly span: FailureSpan | null;
  /** Guest frames, innermost first: the 30 innermost of a run that stands still, and both ends of a very deep one that failed. */
  readonly trace: readonly TraceEntry[];
  /** For kind "uncaught": the exception as a structured copy; undefined when it cannot be copied, and for all other kinds. */
  readonly exception: unknown;
  /** The host's own error, when the exception is that of a host function; else undefined. */
  readonly cause: unknown;
  /** What to do about it, where something can be said; languages that know put it here. */
  readonly hint: string | null;
  /** Ways to go on, innermost first, for `restart`. Only inputs of a session (`repl`) in Lisp have any, and only for kind "uncaught". */
  readonly restarts: readonly Restart[];
}

/** A place in a source. */
export interface FailureSpan {
  /** Name of the source. */
  readonly file: string;
  /** From 1. */
  readonly line: number;
  readonly column: number;
  /** Offsets into the source's text. */
  readonly start: number;
  readonly end: number;
}

/** A run that came to its end, with its value. */
export interface Done<T> { readonly status: "done"; readonly value: T }

/** The value is the display text of the program's value. */
export type RunResult = Done<string> | RunFailure;

/** A way to go on after an error that nobody handled. */
export interface Restart {
  /** As the script named it; the library's own are use-value, store-value, retry and abort. */
  readonly name: string;
  /** What it does, for people; may be empty. */
  readonly report: string;
}

/** A script failed in `vm.eval` or `vm.call`. */
export class ScriptError extends Error {
  constructor(readonly failure: RunFailure) {
    const { message, span, cause } = failure;
    super(span === null ? message : `${message} (${span.file}:${span.line}:${span.column})`, cause === undefined ? undefined : { cause });
    this.name = "ScriptError";
  }
}

/** The value of a run, or a ScriptError. */
export function valueOf<T>(result: Done<T> | RunFailure): T {
  if (result.status === "error") throw new ScriptError(result);
  return result.value;
}

/** The host called into a VM in which a script is running: from a host function, or while a value was copied. */
export class VmBusyError extends Error {
  constructor() {
    super("this VM is running a script: a host function must not run, resume or call anything in it; return a value or a promise instead");
    this.name = "VmBusyError";
  }
}

const NOTHING = { status: "error", exitCode: 1, diagnostics: [], span: null, trace: [], exception: undefined, cause: undefined, hint: null, restarts: [] } as const;

/** What is said about a run that stopped at a limit. */
export const STOPPED: { readonly [R in StopReason]: string } = {
  outOfFuel: "the script used up its fuel: cancelled at its step limit", timeLimit: "the script used up its time",
  outputLimit: "the script wrote more than it may", aborted: "the host stopped the script",
};

/** A failure of a program that ran. */
export const failure = (kind: FailureKind, message: string, trace: readonly TraceEntry[], more: Partial<RunFailure> = {}): RunFailure =>
  ({ ...NOTHING, kind, message, span: spanOf(trace), trace: [...trace], ...more });

function spanOf([top]: readonly TraceEntry[]): FailureSpan | null {
  return top === undefined || top.line === 0 ? null : { file: top.source, line: top.line, column: top.column, start: top.start, end: top.end };
}

/** The failure that ended a run by a JS exception which scripts cannot catch; others are thrown on. */
export function thrownFailure(thrown: unknown, trace: readonly TraceEntry[], stopped: StopReason | null): RunFailure {
  // On an engine that cannot park.
  if (thrown === INTERRUPT) return failure(stopped ?? "outOfFuel", STOPPED[stopped ?? "outOfFuel"], trace);
  if (thrown instanceof ProgramEnd) return failure(thrown.kind, thrown.message, trace, { exitCode: thrown.exitCode });
  if (thrown instanceof UnsupportedByEngine) return failure("fatal", thrown.message, trace);
  throw thrown;
}

/** A program that has errors, and did not run. */
export function syntaxFailure(diagnostics: readonly Diagnostic[]): RunFailure {
  const first = diagnostics.find((each) => each.severity === "error");
  if (first === undefined) return { ...NOTHING, kind: "syntax", message: "", diagnostics };
  const { source, span } = first, { line, column } = source.position(span.start);
  return { ...NOTHING, kind: "syntax", message: first.message, diagnostics, span: { file: source.name, line, column, start: span.start, end: span.end } };
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
