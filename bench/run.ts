// `npm run bench -- [--quick] [--filter RE] [--engines vm,tree] [--peers] [--save FILE] [--against FILE]`
//
// Every program on every engine, with its JavaScript twin beside it and other languages on request. A wrong result stops
// the run. bench/README.md says how to measure so that the figures mean something.

import { Command } from "commander";
import { DEFAULT_TOLERANCE, readBaseline, regressions, saveBaseline, type Timings } from "./baseline.ts";
import { collectorFigures, vmCost } from "./collector.ts";
import { geometricMean, measureEngine, measureTwin, type Engine } from "./measure.ts";
import { installedPeers, type Peer } from "./peers.ts";
import { benchPrograms, type BenchProgram } from "./programs.ts";
import { startup } from "./startup.ts";

interface Flags { quick?: true; filter: string; engines: string; peers?: true; save?: string; against?: string }

const flags = new Command("bench")
  .option("--quick", "one round each: shows that everything runs, proves nothing")
  .option("--filter <regexp>", "only programs whose name matches", "")
  .option("--engines <list>", "engines to measure", "vm,tree")
  .option("--peers", "also other languages that are installed")
  .option("--save <file>", "write the timings as a baseline")
  .option("--against <file>", "compare with a baseline; exit 1 when something is slower than it allows")
  .parse().opts<Flags>();

const quick = flags.quick === true, engines = flags.engines.split(",") as Engine[];
const WIDTH = 10, NAME_WIDTH = 16;

const cell = (ms: number | null): string => (ms === null ? "-" : ms >= 100 ? ms.toFixed(0) : ms.toFixed(1)).padStart(WIDTH);
const printRow = (name: string, cells: readonly (number | null)[]): void => console.log(name.padEnd(NAME_WIDTH) + cells.map(cell).join(""));

/** Measures one program in every column, printing the row; columns that lack it are left out of the result. */
async function measureRow(program: BenchProgram, peers: readonly Peer[]): Promise<{ [column: string]: number }> {
  const row: { [column: string]: number } = {};
  for (const engine of engines) {
    const ms = await measureEngine(program, engine, quick);
    if (ms !== null) row[engine] = ms;
  }
  const twin = await measureTwin(program, quick);
  if (twin !== null) row["js"] = twin;
  for (const peer of peers) {
    const ms = peer.measure(program, quick);
    if (ms !== null) row[peer.name] = ms;
  }
  return row;
}

/** How many times slower than the first engine each column is, over the programs both have. */
function printMeans(timings: Timings, columns: readonly string[]): void {
  const rows = Object.values(timings), first = columns[0]!;
  console.log(`\nGeometric means against ${first} (above 1: slower than ${first})`);
  for (const column of columns.slice(1)) {
    const ratios = rows.filter((row) => row[column] !== undefined).map((row) => row[column]! / row[first]!);
    if (ratios.length > 0) console.log(`${column.padEnd(NAME_WIDTH)}${geometricMean(ratios).toFixed(2).padStart(WIDTH)}  over ${ratios.length} programs`);
  }
}

function printFigures(programs: readonly BenchProgram[]): void {
  const trees = programs.find((program) => program.name === "trees14");
  if (trees !== undefined) {
    const gc = collectorFigures(trees);
    console.log(`\ncollector (trees14): ${gc.collections} collections, ${gc.megabytesPerSecond.toFixed(0)} MB/s allocated, pauses p50 ${gc.pauseP50.toFixed(2)} ms, p99 ${gc.pauseP99.toFixed(2)} ms, max ${gc.pauseMax.toFixed(2)} ms`);
  }
  const cost = vmCost(quick ? 20 : 200), { node, hello } = startup(quick ? 3 : 15);
  console.log(`one more VM: ${cost.microseconds.toFixed(0)} us, ${(cost.bytes / 1024).toFixed(0)} KiB`);
  console.log(`start-up: hello ${hello.toFixed(1)} ms, node -e 0 ${node.toFixed(1)} ms, difference ${(hello - node).toFixed(1)} ms`);
}

async function main(): Promise<number> {
  const programs = await benchPrograms(new RegExp(flags.filter)), peers = flags.peers === true ? installedPeers() : [];
  const columns = [...engines, "js", ...peers.map((peer) => peer.name)];
  console.log(`median ms${" ".repeat(NAME_WIDTH - 9)}${columns.map((column) => column.padStart(WIDTH)).join("")}`);
  const timings: { [program: string]: { [column: string]: number } } = {};
  for (const program of programs) {
    const row = timings[program.name] = await measureRow(program, peers);
    printRow(program.name, columns.map((column) => row[column] ?? null));
  }
  printMeans(timings, columns);
  printFigures(programs);
  return conclude(timings);
}

/** Saves or compares as asked; the exit code. */
function conclude(timings: Timings): number {
  const kept = [...engines, "js"];
  const ours = Object.fromEntries(Object.entries(timings).map(([name, row]) => [name, Object.fromEntries(kept.filter((column) => row[column] !== undefined).map((column) => [column, row[column]!]))]));
  if (flags.save !== undefined) saveBaseline(flags.save, ours, DEFAULT_TOLERANCE);
  if (flags.against === undefined) return 0;
  const slower = regressions(readBaseline(flags.against), ours);
  console.log(slower.length === 0 ? "\nnothing is slower than the baseline allows" : `\n${slower.join("\n")}`);
  return slower.length === 0 ? 0 : 1;
}

process.exitCode = await main();
