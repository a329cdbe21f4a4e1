// `boxelder profile`: runs a script and writes where its time and memory went: one page to look at, and files for other tools.

import { basename } from "node:path";
import type { RunResult } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { ALLOCATION_GAP, CPU_EVERY, heapGraph, heapProfile, heapSnapshot, heapTimeline, profileAllocations, profileCpu, recordMemory, reportPage, type MemoryLog } from "../profile.ts";
import { ConsoleHost } from "./console-host.ts";
import { partsFor } from "./parts.ts";
import { writePieces } from "./pieces.ts";
import { progress } from "./progress.ts";
import { failureText, styleOf } from "./report.ts";
import { Session } from "./session.ts";
import { readSource } from "./source-file.ts";

/** Rows of each table unless the user asks for more. */
const TOP = 20;
const now = (): number => performance.now();

/** The files are written however the script ended; that decides the exit code. */
export async function profile(values: OptionValues, file: string, args: readonly string[]): Promise<number> {
  const source = readSource(file, values.language), host = new ConsoleHost([source.name, ...args]);
  const session = new Session(values, host, await partsFor(values, [source.language])), { vm } = session;
  const memory = recordMemory(vm, { now, peakGraph: true });
  const allocations = profileAllocations(vm, { gap: values.sampleBytes ?? ALLOCATION_GAP, seed: values.sampleSeed ?? 1, now });
  const cpu = profileCpu(vm, { every: values.sampleFuel ?? CPU_EVERY, now }), watch = tellProgress(memory);
  const result = vm.run(source.text, { language: source.language, name: source.name }), elapsed = memory.elapsed;
  watch();
  // The log is of the script's collections only; the one below is ours.
  cpu.stop();
  memory.stop();
  host.flush();
  if (result.status === "error") process.stderr.write(failureText(result, vm, styleOf(values)));
  progress("collecting garbage");
  vm.collect();
  allocations.stop();
  const name = basename(source.name).replace(/^<(.*)>$/, "$1"), graph = memory.peakGraph ?? heapGraph(vm), written: string[] = [];
  const write = (path: string | undefined, pieces: () => Iterable<string>): void => {
    if (path === undefined || path === "none") return;
    progress(`writing ${path}`);
    writePieces(path, pieces());
    written.push(path);
  };
  write(values.cpuProfile, () => [JSON.stringify(cpu.file())]);
  write(values.folded, () => [cpu.folded()]);
  write(values.heapProfile, () => [JSON.stringify(heapProfile(allocations))]);
  write(values.heapTimeline, () => heapTimeline(vm, allocations));
  write(values.peakSnapshot, () => heapSnapshot(graph));
  write(values.report ?? `${name}.profile.html`, () => [reportPage({ title: name, ending: endingText(result), elapsed, memory, cpu, allocations, graph, top: values.top ?? TOP })]);
  progress("");
  process.stderr.write(written.map((path) => `Written to ${path}\n`).join(""));
  session.finish();
  return result.status === "error" ? result.exitCode : 0;
}

const endingText = (result: RunResult): string => (result.status === "done" ? "ended well" : result.kind === "exit" ? `ended with exit code ${result.exitCode}` : `failed: ${result.message}`);

/** Says now and then how far the run is, when somebody watches; returns what ends that. */
function tellProgress(memory: MemoryLog): () => void {
  const { settings } = memory.world().mem, { onCollect } = settings;
  let told = 0;
  settings.onCollect = (entry) => {
    onCollect?.(entry);
    if (memory.elapsed - told < 500) return;
    told = memory.elapsed;
    progress(`${(told / 1000).toFixed(1)} s, ${memory.collections.length} collections, ${(entry.liveBytes / 2 ** 20).toFixed(1)} MiB alive`);
  };
  return () => {
    settings.onCollect = onCollect;
    progress("");
  };
}
