// `boxelder heap`: runs a script, or opens an image of a frozen VM, then writes what its heap holds as a .heapsnapshot and shows it in a page of text.

import { closeSync, openSync, readFileSync, readSync } from "node:fs";
import { basename } from "node:path";
import { ImageError, type BoxelderVm } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { heapGraph, heapReport, heapSnapshot, openImage, pageMap, pageMapSvg, worldOf } from "../profile.ts";
import { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { LANGUAGES, partsFor } from "./parts.ts";
import { writePieces } from "./pieces.ts";
import { progress } from "./progress.ts";
import { failureText, styleOf } from "./report.ts";
import { Session } from "./session.ts";
import { readSource } from "./source-file.ts";

/** Rows of each table unless the user asks for more. */
const TOP = 10;

/** The heap is looked at when the script has ended, however it did: that decides the exit code. */
export async function heap(values: OptionValues, file: string, args: readonly string[]): Promise<number> {
  if (isImage(file)) return await lookAtImage(values, file);
  const source = readSource(file, values.language), host = new ConsoleHost([source.name, ...args]);
  const session = new Session(values, host, await partsFor(values, [source.language])), { vm } = session;
  const result = await vm.runAsync(source.text, { language: source.language, name: source.name });
  host.flush();
  if (result.status === "error") process.stderr.write(failureText(result, vm, styleOf(values)));
  lookAt(vm, values, source.name, host);
  session.finish();
  return result.status === "error" ? result.exitCode : 0;
}

/** The first bytes of an image. */
const IMAGE_START = [0x89, 0x42, 0x58, 0x49];

function isImage(file: string): boolean {
  const start = Buffer.alloc(IMAGE_START.length);
  try {
    const opened = openSync(file, "r");
    try {
      readSync(opened, start, 0, start.length, 0);
    } finally {
      closeSync(opened);
    }
  } catch {
    // Reading it as a script will say what is wrong.
    return false;
  }
  return IMAGE_START.every((byte, i) => start[i] === byte);
}

/** A frozen VM is not run on. */
async function lookAtImage(values: OptionValues, file: string): Promise<number> {
  const host = new ConsoleHost([]), { languages } = await partsFor(values, LANGUAGES.map(({ name }) => name));
  try {
    lookAt(openImage(readFileSync(file), { languages }), values, file, host);
    return 0;
  } catch (error) {
    if (error instanceof ImageError) throw new CommandError(`cannot open '${file}': ${error.message}`);
    throw error;
  }
}

/** Writes the files and shows the report. */
function lookAt(vm: BoxelderVm, values: OptionValues, name: string, host: ConsoleHost): void {
  progress("collecting garbage");
  vm.collect();
  const view = worldOf(vm);
  progress("looking at every cell");
  const graph = heapGraph(vm), target = values.output ?? `${basename(name).replace(/^<(.*)>$/, "$1")}.heapsnapshot`;
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
}
