// How errors look on the command line: what happened, where, the line with carets, and the script's calls.

import pc from "picocolors";
import { diagnosticJson, excerpt, renderDiagnostic, type BoxelderVm, type Diagnostic, type RunFailure, type Style, type TraceEntry } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { isTerminal } from "./thread.ts";

/** Colours for standard error; `auto` asks whether somebody looks at it. */
export function styleOf(values: OptionValues): Style {
  const auto = isTerminal("stderr") && process.env["NO_COLOR"] === undefined;
  const color = pc.createColors(values.color === undefined || values.color === "auto" ? auto : values.color === "always");
  return { error: color.red, warning: color.yellow, place: color.bold, hint: color.dim };
}

/** How the report of each kind begins; tools that watch scripts rely on these words. */
const HEADINGS: { readonly [K in RunFailure["kind"]]: string } = {
  uncaught: "Uncaught exception: ", fatal: "Runtime error: ", panic: "panic: ", outOfFuel: "Out of fuel: ", pending: "Waiting: ", aborted: "Aborted: ", timeLimit: "Out of time: ", outputLimit: "Too much output: ", syntax: "", exit: "",
};

/** Calls shown at each end of a long trace. */
const TRACE_HEAD = 12, TRACE_TAIL = 4;

/** The whole report of a run that failed, ending in a newline; empty when the script left by its own wish. */
export function failureText(failure: RunFailure, vm: BoxelderVm, style: Style): string {
  if (failure.kind === "exit") return "";
  if (failure.kind === "syntax") return failure.diagnostics.map((found) => diagnosticText(found, style)).join("");
  const [top] = failure.trace;
  const lines = [
    `${style.error(HEADINGS[failure.kind])}${failure.message}`,
    ...(top === undefined ? [] : context(top, vm, style)),
    ...(failure.trace.length > 1 ? traceLines(failure.trace, style) : []),
    ...(failure.hint === null ? [] : [style.hint(`hint: ${failure.hint}`)]),
  ];
  return `${lines.join("\n")}\n`;
}

export const diagnosticText = (found: Diagnostic, style: Style): string => `${renderDiagnostic(found, style)}\n`;

const place = (entry: TraceEntry): string => (entry.line === 0 ? entry.source : `${entry.source}:${entry.line}:${entry.column}`);

/** Where it happened, and the source line with carets when we have it. */
function context(entry: TraceEntry, vm: BoxelderVm, style: Style): string[] {
  if (entry.line === 0) return [];
  const source = vm.sourceOf(entry);
  return [`  at ${style.place(place(entry))}`, ...(source === null ? [] : excerpt(source, entry, style.error))];
}

function traceLines(trace: readonly TraceEntry[], style: Style): string[] {
  const lines = trace.map((entry, i) => `  #${i}  ${entry.name === "" ? "<function>" : entry.name} (${place(entry)})`);
  const left = lines.length - TRACE_HEAD - TRACE_TAIL;
  if (left > 1) lines.splice(TRACE_HEAD, left, style.hint(`  … ${left} more calls …`));
  return ["Stack trace (most recent call first):", ...lines];
}

/** The same facts for programs: one JSON object on one line. */
export function failureJson(failure: RunFailure): string {
  const { kind, message, exitCode, diagnostics, trace, hint } = failure;
  const calls = trace.map(({ name, source, line, column }) => ({ name, file: source, line, column }));
  return `${JSON.stringify({ kind, message, exitCode, diagnostics: diagnostics.map(diagnosticJson), trace: calls, hint })}\n`;
}
