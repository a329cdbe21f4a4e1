// Times one program: on an engine of ours, or as its JavaScript twin.

import { Bench } from "tinybench";
import { languagesFor, library, type VmOptions } from "../tests/support/library.ts";
import type { BenchProgram } from "./programs.ts";

/** Engines by name. */
const ENGINES = { vm: "vm", tree: library.tree } as const;
export type Engine = keyof typeof ENGINES;

const MEMORY = 512 * 1024 * 1024;

/** A fresh VM for the program, with its definitions loaded, and the run that is left; the run gives what it wrote. */
function prepare(program: BenchProgram, options: VmOptions): () => string {
  const written: Uint8Array[] = [];
  const vm = library.createVM({ memory: MEMORY, ...options, languages: languagesFor(library, program.language), host: { write: (data) => void written.push(data.slice()) } });
  const run = (source: string): void => {
    const result = vm.run(source, { language: program.language, name: program.path });
    if (result.status === "error") throw new Error(`${program.name}: ${result.kind}: ${result.message}`);
  };
  if (program.definitions !== "") run(program.definitions);
  return () => {
    run(program.source);
    return Buffer.concat(written).toString("utf8").trim();
  };
}

/** Runs a program in a fresh VM and gives what it wrote. */
export const runOnce = (program: BenchProgram, options: VmOptions): string => prepare(program, options)();

/** Median time in milliseconds; each round checks the result. */
async function median(name: string, quick: boolean, task: () => void, beforeEach?: () => void): Promise<number> {
  // Time limit or rounds, whichever is more: long programs run a few times, short ones for as long as it takes to be sure.
  const bench = new Bench({ time: quick ? 1 : 1_000, iterations: quick ? 1 : 5, warmup: !quick, warmupTime: 100, warmupIterations: 1, throws: true });
  bench.add(name, task, { beforeEach });
  const [done] = await bench.run();
  const result = done!.result;
  if (!("latency" in result)) throw new Error(`${name}: no measurement`);
  return result.latency.p50;
}

/** Null when the engine cannot run the program: the tree engine has no continuations. */
export async function measureEngine(program: BenchProgram, engine: Engine, quick: boolean): Promise<number | null> {
  if (engine === "tree" && program.usesContinuations) return null;
  // Where other Lisps time the call alone, so do we.
  let run = (): string => "";
  return median(program.name, quick, () => {
    const got = program.definitions === "" ? runOnce(program, { engine: ENGINES[engine] }) : run();
    if (got !== program.expected) throw new Error(`${program.name} on ${engine}: wrote ${got}, expected ${program.expected}`);
  }, () => { if (program.definitions !== "") run = prepare(program, { engine: ENGINES[engine] }); });
}

/** Null when the program has no JavaScript twin. */
export async function measureTwin({ name, twin, expected }: BenchProgram, quick: boolean): Promise<number | null> {
  if (twin === null) return null;
  return await median(`${name}.js`, quick, () => {
    if (String(twin()) !== expected) throw new Error(`${name}.js: not the same result twice`);
  });
}

export const geometricMean = (values: readonly number[]): number => Math.exp(values.reduce((sum, value) => sum + Math.log(value), 0) / values.length);
