// `boxelder stress`: runs a script again and again under conditions that must not matter, and shows the first that does.

import { stress, stressModeText, STRESS_MODES, type StressMode, type StressOptions, type StressReport } from "../tools.ts";
import { didYouMean, flagOf, type OptionName, type OptionValues } from "../options.ts";
import type { Host } from "../index.ts";
import { LineReader } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { moduleFiles } from "./module-files.ts";
import { partsFor } from "./parts.ts";
import { progress } from "./progress.ts";
import { readSource } from "./source-file.ts";
import { vmOptions } from "./vm-options.ts";

/** The script has its arguments, its input and its modules, and nothing else of the outside: it runs many times. */
export async function stressCommand(values: OptionValues, file: string, args: readonly string[]): Promise<number> {
  const source = readSource(file, values.language), modes = modesOf(values.mode), lines = new RecordedLines(), start = performance.now();
  const host: Host = { write() {}, writeError() {}, readLine: () => lines.next(), args: [source.name, ...args] };
  const vm = { ...vmOptions(values, host), ...await partsFor(values, [source.language]), modules: moduleFiles, gcStress: 0, gcStressRate: 0, failAllocationAt: 0 };
  const options: StressOptions = {
    vm, modes, stride: values.stride, rate: values.gcStressRate, seed: values.gcSeed, only: values.only, upTo: values.upTo, runs: values.runs,
    onProgress: (mode, done, of) => progress(`${mode}: run ${done + 1}${of > 0 ? ` of about ${of}` : ""}`),
  };
  let findings = 0;
  for (const report of reports({ text: source.text, name: source.name, language: source.language, prepare: () => lines.rewind() }, options)) {
    progress("");
    process.stdout.write(`${reportText(report, values, [file, ...args])}\n`);
    if (report.finding !== null) findings++;
  }
  process.stdout.write(`${findings === 0 ? "nothing found" : `found: ${findings}`} in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return findings === 0 ? 0 : 1;
}

function* reports(program: Parameters<typeof stress>[0], options: StressOptions): Generator<StressReport> {
  try {
    yield* stress(program, options);
  } catch (error) {
    throw error instanceof RangeError ? new CommandError(error.message) : error;
  }
}

function modesOf(text: string | undefined): readonly StressMode[] {
  if (text === undefined) return STRESS_MODES;
  return text.split(",").map((word) => word.trim()).filter((word) => word !== "").map((word) => {
    const mode = STRESS_MODES.find((each) => each === word);
    if (mode === undefined) throw new CommandError(`--mode: there is no mode '${word}'${didYouMean(word, STRESS_MODES)}; there is: ${STRESS_MODES.join(", ")}`);
    return mode;
  });
}

/** The input is read once, and each run begins with its first line. */
class RecordedLines {
  readonly #reader = new LineReader(0);
  readonly #lines: (string | null)[] = [];
  #at = 0;

  rewind(): void { this.#at = 0; }

  next(): string | null {
    if (this.#at === this.#lines.length) this.#lines.push(this.#reader.next());
    return this.#lines[this.#at++]!;
  }
}

/** Options that a run which is to be seen again must be given again. */
const REPEATED: readonly OptionName[] = ["memory", "fuel", "stackDepth", "loop", "peephole", "optimise", "verifyHeap", "gcStressRate", "gcSeed", "language"];

function reportText(report: StressReport, values: OptionValues, words: readonly string[]): string {
  const { mode, acts, finding, tally, stride } = report;
  const became = tally === null ? "" : `: ${tally.unnoticed} as without, ${tally.ended} ended with out of memory, ${tally.handled} went on otherwise`;
  const chosen = values.gcStressRate !== undefined && tally === null ? `, seed ${values.gcSeed ?? 1}` : stride > 1 ? `, every ${stride}.` : "";
  if (finding === null) return `ok      ${mode} (${stressModeText(mode)}${chosen}): ${acts} ${tally === null ? "acts" : "runs"}${became}`;
  const again = [...REPEATED.flatMap((name) => (values[name] === undefined ? [] : flagWords(name, values[name]))), "--stride", String(stride), ...(finding.alone ? ["--only", String(finding.at)] : ["--up-to", String(finding.at)])];
  const head = `FAILED  ${mode} (${stressModeText(mode)}${chosen})`;
  if (finding.at === 0) return `${head}: it fails without any too, and depends on more than its input\n        ${finding.problem}`;
  const what = `the first that does harm is number ${finding.at}${finding.alone ? ", also alone" : ", together with those before it"}`;
  return `${head}: ${what}\n        ${finding.problem}\n        again: boxelder stress --mode ${mode} ${again.join(" ")} ${words.join(" ")}`;
}

function flagWords(name: OptionName, value: OptionValues[OptionName]): string[] {
  if (typeof value !== "boolean") return [flagOf(name), String(value)];
  return name === "peephole" ? [flagOf(name), value ? "on" : "off"] : value ? [flagOf(name)] : [];
}
