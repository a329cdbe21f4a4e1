// `npm run soak -- --minutes 60 --seed 1`: all random tests, over and over, with seeds that never repeat. Prints the seed
// of every finding, keeps its program in a file, and exits 1 if there was one. `--only` repeats one kind of test.

import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { library } from "../support/library.ts";
import { graphProblem } from "../heap/graph-model.ts";
import { bytecodeProblem, sampleBytecode } from "./bytecode-fuzz.ts";
import { disagreement, lispProgram, QUICK, STRESSED, unsoundness, VERIFIED } from "./differential.ts";
import type { Finding } from "./finding.ts";
import { parserProblem, samplePrograms } from "./parser-fuzz.ts";
import { readerProblem } from "./reader-fuzz.ts";

const REPORT_EVERY_MS = 60_000;

interface Task { readonly name: string; /** Rounds for each round of the slowest task. */ readonly weight: number; readonly run: (seed: number) => Finding | null }

function tasks(): Task[] {
  const programs = samplePrograms(), samples = sampleBytecode(library);
  return [
    { name: "hemlock engines", weight: 12, run: (seed) => disagreement(seed, QUICK) },
    { name: "lisp engines", weight: 12, run: (seed) => disagreement(seed, QUICK, lispProgram(seed)) },
    { name: "hemlock engines under gc stress", weight: 2, run: (seed) => disagreement(seed, STRESSED) },
    { name: "lisp engines under gc stress", weight: 1, run: (seed) => disagreement(seed, STRESSED, lispProgram(seed)) },
    { name: "lisp engines with heap checks", weight: 1, run: (seed) => disagreement(seed, VERIFIED, lispProgram(seed)) },
    { name: "hemlock failing allocations", weight: 6, run: (seed) => unsoundness(seed) },
    { name: "lisp failing allocations", weight: 6, run: (seed) => unsoundness(seed, lispProgram(seed)) },
    { name: "hemlock parser", weight: 40, run: (seed) => parserProblem(seed, programs) },
    { name: "lisp reader", weight: 40, run: readerProblem },
    { name: "bytecode", weight: 40, run: (seed) => withoutProgram(seed, bytecodeProblem(seed, samples)) },
    { name: "heap model", weight: 1, run: (seed) => withoutProgram(seed, graphProblem(seed)) },
  ];
}

const withoutProgram = (seed: number, what: string | null): Finding | null => (what === null ? null : { seed, what, program: null });

class Soak {
  readonly #rounds = new Map<string, number>();
  #folder: string | null = null;
  findings = 0;

  constructor(public seed: number) {}

  round(task: Task): void {
    const found = task.run(this.seed++);
    this.#rounds.set(task.name, (this.#rounds.get(task.name) ?? 0) + 1);
    if (found === null) return;
    this.findings++;
    console.log(`FINDING (${task.name}), seed ${found.seed}: ${found.what}${found.program === null ? "" : `\nprogram: ${this.#keep(task, found.seed, found.program)}`}\n`);
  }

  /** Writes the program of a finding to a file of its own and gives the path. */
  #keep(task: Task, seed: number, program: string): string {
    this.#folder ??= mkdtempSync(join(tmpdir(), "boxelder-soak-"));
    const path = join(this.#folder, `seed-${seed}.${task.name.startsWith("lisp") ? "lisp" : "hml"}`);
    writeFileSync(path, program);
    return path;
  }

  report(): void {
    const counts = [...this.#rounds].map(([name, count]) => `${name}: ${count}`).join(", ");
    console.log(`${counts}; findings: ${this.findings}; next seed: ${this.seed}`);
  }
}

function soak(all: readonly Task[], minutes: number, firstSeed: number): number {
  const end = performance.now() + minutes * 60_000, state = new Soak(firstSeed);
  let nextReport = performance.now() + REPORT_EVERY_MS;
  do {
    for (const task of all) for (let i = 0; i < task.weight && (i === 0 || performance.now() < end); i++) state.round(task);
    if (performance.now() < nextReport) continue;
    state.report();
    nextReport += REPORT_EVERY_MS;
  } while (performance.now() < end);
  state.report();
  return state.findings;
}

const { minutes, seed, only } = new Command("soak")
  .option("--minutes <n>", "how long", Number, 10)
  .option("--seed <n>", "where to start", Number, 1)
  .option("--only <text>", "only the tests whose name contains this", "")
  .parse().opts<{ minutes: number; seed: number; only: string }>();
const chosen = tasks().filter((task) => task.name.includes(only));
if (!Number.isFinite(minutes) || !Number.isSafeInteger(seed) || chosen.length === 0) throw new Error("soak: --minutes and --seed take numbers, --only a part of a test's name");
process.exitCode = soak(chosen, minutes, seed) === 0 ? 0 : 1;
