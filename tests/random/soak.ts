// `npm run soak -- --minutes 60 --seed 1`: all random tests, over and over, with seeds that never repeat. Prints the seed
// of every finding, which is all that is needed to see it again, and exits 1 if there was one.

import { Command } from "commander";
import { disagreement, QUICK, STRESSED, unsoundness } from "./differential.ts";
import { parserProblem, samplePrograms } from "./parser-fuzz.ts";

const REPORT_EVERY_MS = 60_000;

interface Task { readonly name: string; /** Rounds for each round of the slowest task. */ readonly weight: number; readonly run: (seed: number) => string | null }

function tasks(): Task[] {
  const programs = samplePrograms();
  return [
    { name: "engines", weight: 6, run: (seed) => disagreement(seed, QUICK) },
    { name: "engines under gc stress", weight: 1, run: (seed) => disagreement(seed, STRESSED) },
    { name: "failing allocations", weight: 3, run: unsoundness },
    { name: "parser", weight: 20, run: (seed) => parserProblem(seed, programs) },
  ];
}

function soak(minutes: number, firstSeed: number): number {
  const end = performance.now() + minutes * 60_000, all = tasks(), rounds = new Map<string, number>();
  let findings = 0, nextReport = performance.now() + REPORT_EVERY_MS, seed = firstSeed;
  const report = (): void => console.log(`${[...rounds].map(([name, count]) => `${name}: ${count}`).join(", ")}; findings: ${findings}; next seed: ${seed}`);
  while (performance.now() < end) {
    for (const task of all) {
      for (let i = 0; i < task.weight; i++) {
        const found = task.run(seed++);
        rounds.set(task.name, (rounds.get(task.name) ?? 0) + 1);
        if (found === null) continue;
        findings++;
        console.log(`FINDING (${task.name}): ${found}\n`);
      }
    }
    if (performance.now() < nextReport) continue;
    report();
    nextReport += REPORT_EVERY_MS;
  }
  report();
  return findings;
}

const { minutes, seed } = new Command("soak")
  .option("--minutes <n>", "how long", Number, 10)
  .option("--seed <n>", "where to start", Number, 1)
  .parse().opts<{ minutes: number; seed: number }>();
process.exitCode = soak(minutes, seed) === 0 ? 0 : 1;
