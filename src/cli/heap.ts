// `boxelder heap`: runs a script, then writes what its heap holds as a .heapsnapshot and shows it in a page of text.

import { closeSync, openSync, writeSync } from "node:fs";
import { basename } from "node:path";
import type { OptionValues } from "../options.ts";
import { heapGraph, heapReport, heapSnapshot, pageMap, pageMapSvg, worldOf } from "../profile.ts";
import { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { partsFor } from "./parts.ts";
import { failureText, styleOf } from "./report.ts";
import { Session } from "./session.ts";
import { readSource } from "./source-file.ts";
import { isTerminal } from "./thread.ts";

/** Rows of each table unless the user asks for more. */
const TOP = 10;

/** The heap is looked at when the script has ended, however it did: that decides the exit code. */
export async function heap(values: OptionValues, file: string, args: readonly string[]): Promise<number> {
  const source = readSource(file, values.language), host = new ConsoleHost([source.name, ...args]);
  const session = new Session(values, host, await partsFor(values, [source.language])), { vm } = session;
  const result = vm.run(source.text, { language: source.language, name: source.name });
  host.flush();
  if (result.status === "error") process.stderr.write(failureText(result, vm, styleOf(values)));
  progress("collecting garbage");
  vm.collect();
  const view = worldOf(vm);
  progress("looking at every cell");
  const graph = heapGraph(vm), target = values.output ?? `${basename(source.name).replace(/^<(.*)>$/, "$1")}.heapsnapshot`;
  if (target !== "none") {
    progress(`writing ${target}`);
    writePieces(target, heapSnapshot(graph));
  }
  if (values.svg !== undefined) writePieces(values.svg, [pageMapSvg(pageMap(view))]);
  progress("finding out what keeps what alive");
  const report = heapReport(view, graph, values.top ?? TOP);
  progress("");
  host.write(new TextEncoder().encode(target === "none" ? report : `${report}\nWritten to ${target}: open it in Chrome DevTools, Memory, Load profile.\n`));
  host.flush();
  session.finish();
  return result.status === "error" ? result.exitCode : 0;
}

/** A line on standard error that the next one replaces, when somebody watches. */
function progress(text: string): void {
  if (isTerminal("stderr")) process.stderr.write(`\r\u001b[K${text}`);
}

function writePieces(path: string, pieces: Iterable<string>): void {
  try {
    const file = openSync(path, "w");
    try {
      for (const piece of pieces) writeSync(file, piece);
    } finally {
      closeSync(file);
    }
  } catch (error) {
    throw new CommandError(`cannot write '${path}': ${(error as Error).message}`);
  }
}
