// How long collections stop a script that changes a large heap all the time: every pause by itself, of both ways to collect.
//
//   npx tsx bench/pauses.ts [--live MIB] [--rounds N] [--budget MS]
//
// A table of small records lives on, while some are replaced, changed or linked elsewhere in each round. Collections come at the
// same places in every run, and their slices are the same work: so each pause is the shortest of a few runs, which leaves out
// most of what else the processor was given to do.

import { Command } from "commander";
import { library } from "../tests/support/library.ts";

interface Flags { live: string; rounds: string; budget: string; runs: string }

const flags = new Command("pauses")
  .option("--live <MiB>", "size of what lives on", "64")
  .option("--rounds <n>", "rounds of 10,000 changes", "100")
  .option("--runs <n>", "runs of which the shortest pauses count", "4")
  .option("--budget <ms>", "the pause budget that is compared with none", "2")
  .parse().opts<Flags>();

/** Bytes of a record with its string, both in cells. */
const RECORD_BYTES = 136;

const program = (records: number, rounds: number): string => `
let table = [];
for (let i = 0; i < ${records}; i++) { table.push({ id: i, next: null, name: "record " + i }); }
let seed = 1;
for (let round = 0; round < ${rounds}; round++) {
  for (let i = 0; i < 10000; i++) {
    seed = (seed * 1103 + 12345) % 1000003;
    let at = seed % ${records};
    let old = table[at];
    if (i % 4 == 0) { table[at] = { id: at, next: old.next, name: old.name }; }
    else { old.next = table[(at + i) % ${records}]; }
    let garbage = { id: i, next: old, name: "a name" };
  }
}
print(table.length);
`;

/** The pauses of one run in milliseconds, in order: the time between the two looks at the clock of each. */
function pausesOf(source: string, gcPauseBudget: number): { readonly pauses: readonly number[]; readonly seconds: number; readonly text: string } {
  const looks: number[] = [];
  let collections = 0, slices = 0;
  const vm = library.createVM({
    memory: 1 << 29, gcPauseBudget, now: () => looks[looks.push(performance.now()) - 1]!,
    onCollect: (entry) => { collections++; slices += entry.slices; },
  });
  const started = performance.now(), result = vm.run(source);
  if (result.status !== "done") throw new Error(JSON.stringify(result));
  const pauses: number[] = [];
  for (let i = 0; i + 1 < looks.length; i += 2) pauses.push(looks[i + 1]! - looks[i]!);
  const { worldBytes, liveBytes } = vm.stats();
  const text = `${collections} collections, ${slices} pauses, ${(liveBytes / 2 ** 20).toFixed(0)} MiB live, world ${(worldBytes / 2 ** 20).toFixed(0)} MiB`;
  return { pauses, seconds: (performance.now() - started) / 1000, text };
}

const source = program(Math.round(Number(flags.live) * 2 ** 20 / RECORD_BYTES), Number(flags.rounds));
const budgets = [Number(flags.budget), 0], best = budgets.map(() => ({ pauses: [] as readonly number[], seconds: Infinity, text: "" }));
for (let run = 0; run < Number(flags.runs); run++) {
  budgets.forEach((budget, i) => {
    const { pauses, seconds, text } = pausesOf(source, budget), before = best[i]!;
    best[i] = { pauses: run === 0 ? pauses : pauses.map((pause, n) => Math.min(pause, before.pauses[n]!)), seconds: Math.min(seconds, before.seconds), text };
  });
}
budgets.forEach((budget, i) => {
  const { pauses, seconds, text } = best[i]!, sorted = [...pauses].sort((a, b) => a - b), at = (part: number): string => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(2);
  console.log(`budget ${budget} ms: pauses p50 ${at(0.5)} p99 ${at(0.99)} max ${at(1)} ms; ${seconds.toFixed(2)} s; ${text}`);
});
