// The one table of options. Command-line flags, BOXELDER_* environment variables, --help and the table in README.md all
// come from it. Knows neither the command line's library nor the environment: both hand their texts in.

import { suggest } from "./text/diagnostics.ts";

export type Command = "run" | "repl" | "batch" | "dis" | "check" | "heap" | "profile" | "resume" | "inspect" | "fmt" | "stress" | "bundle" | "compile";
type OptionType =
  | { readonly type: "flag" }
  | { readonly type: "onOff" }
  | { readonly type: "choice"; readonly choices: readonly string[] }
  | { readonly type: "count" | "bytes"; readonly min: number; readonly max: number }
  | { readonly type: "rate" }
  | { readonly type: "amount"; readonly max: number }
  | { readonly type: "text"; readonly placeholder: string };
export type OptionInfo = OptionType & {
  /** Shown in help and manual; what happens when the option is not given. */
  readonly default: string;
  readonly doc: string;
  /** The commands that take it. */
  readonly commands: readonly Command[];
};

const RUNNING: readonly Command[] = ["run", "repl", "batch", "heap", "profile"];
/** On any engine; profiles need the bytecode. */
const ANY_ENGINE: readonly Command[] = ["run", "repl", "batch", "heap"];
/** What a VM that goes on may be given. */
const GOING_ON: readonly Command[] = [...RUNNING, "resume"];
/** What every VM of a stressed script may be given. */
const STRESSED: readonly Command[] = [...GOING_ON, "stress"];
const ALL: readonly Command[] = ["run", "repl", "batch", "dis", "check", "heap", "profile", "resume", "fmt", "stress", "bundle", "compile"];
/** A world with the library in it takes 192 KiB; this leaves a small script some room for its own. */
const LEAST_MEMORY = 256 * 1024;
const COUNT_MAX = Number.MAX_SAFE_INTEGER, INT_MAX = 2 ** 31 - 1;

export const OPTIONS = {
  engine: { type: "choice", choices: ["vm", "tree"], default: "vm", commands: ANY_ENGINE, doc: "vm: bytecode interpreter; tree: slow reference evaluator of the same programs" },
  memory: { type: "bytes", min: LEAST_MEMORY, max: 1024 ** 3, default: "1g", commands: STRESSED, doc: "limit of everything the script owns, at least 256k; passing it is an \"out of memory\" error inside the script" },
  fuel: { type: "count", min: 1, max: COUNT_MAX, default: "unlimited", commands: STRESSED, doc: "stop after about this many calls and loop rounds (batch: 500 million, unless given)" },
  stackDepth: { type: "count", min: 1, max: 10_000_000, default: "10000", commands: STRESSED, doc: "limit of nested calls" },
  gcPauseBudget: { type: "amount", max: 1000, default: "2", commands: STRESSED, doc: "milliseconds a garbage collection should stop the script for at a time; 0: each in one pause" },
  gcStep: { type: "count", min: 1, max: INT_MAX, default: "off", commands: GOING_ON, doc: "collect garbage all the time, marking about N cells at every allocation" },
  gcStress: { type: "count", min: 1, max: INT_MAX, default: "off", commands: GOING_ON, doc: "collect garbage at every N-th allocation" },
  gcStressRate: { type: "rate", default: "off", commands: STRESSED, doc: "collect garbage at an allocation with this probability" },
  gcSeed: { type: "count", min: 0, max: INT_MAX, default: "1", commands: STRESSED, doc: "seed for gc-stress-rate" },
  failAllocation: { type: "count", min: 1, max: INT_MAX, default: "off", commands: GOING_ON, doc: "let the N-th allocation fail as if memory had run out" },
  verifyHeap: { type: "flag", default: "off", commands: STRESSED, doc: "check every invariant of the heap after each collection and at the end" },
  poison: { type: "flag", default: "off", commands: GOING_ON, doc: "overwrite freed memory, so that use after free shows" },
  checkLeaks: { type: "flag", default: "off", commands: GOING_ON, doc: "remember where raw memory is allocated and freed: errors say so, and what was never freed is listed at the end, with exit code 1" },
  checkUninitialised: { type: "flag", default: "off", commands: GOING_ON, doc: "reading raw memory that was never written is an error" },
  gcLog: { type: "text", placeholder: "file", default: "off", commands: RUNNING, doc: "append one JSON line per collection to a file (-: standard error)" },
  stats: { type: "flag", default: "off", commands: RUNNING, doc: "print heap figures to standard error at the end" },
  loop: { type: "choice", choices: ["auto", "js", "wasm"], default: "auto", commands: STRESSED, doc: "form of the vm engine's loop: in JavaScript, compiled to WebAssembly, or the latter in long runs only" },
  peephole: { type: "onOff", default: "on", commands: [...RUNNING, "dis", "stress", "compile"], doc: "fuse and shorten bytecode after it is generated" },
  optimise: { type: "choice", choices: ["0", "1"], default: "1", commands: [...RUNNING, "dis", "stress", "compile"], doc: "0: leave out every pass that only makes programs faster" },
  checkpoint: { type: "text", placeholder: "file", default: "off (resume: the file it goes on from)", commands: ["run", "resume"], doc: "keep the running script in this file, for `boxelder resume`; removed when the script ends" },
  every: { type: "count", min: 1, max: COUNT_MAX, default: "10000000", commands: ["run", "resume"], doc: "units of fuel between checkpoints" },
  compress: { type: "flag", default: "off", commands: ["run", "resume"], doc: "make checkpoints smaller, which takes longer" },
  thaw: { type: "flag", default: "off", commands: ["run", "resume"], doc: "go on from each checkpoint in a VM restored from it, to see that nothing is lost" },
  json: { type: "flag", default: "off", commands: ["inspect"], doc: "show it as one line of JSON" },
  jsonErrors: { type: "flag", default: "off", commands: ["run", "check", "resume"], doc: "report errors as JSON lines on standard error" },
  output: { type: "text", placeholder: "file", default: "SCRIPT.heapsnapshot", commands: ["heap"], doc: "where the snapshot goes (none: nowhere)" },
  svg: { type: "text", placeholder: "file", default: "off", commands: ["heap"], doc: "draw the map of the heap's pages into a file" },
  top: { type: "count", min: 1, max: 1000, default: "10 (profile: 20)", commands: ["heap", "profile"], doc: "rows of each table" },
  mode: { type: "text", placeholder: "modes", default: "all", commands: ["stress"], doc: "what the script is put through, with commas: allocations, quarantine, slices, safepoints, safepoint-slices, host-calls, moves, images, failures, limit" },
  stride: { type: "count", min: 1, max: INT_MAX, default: "so that a mode takes some seconds", commands: ["stress"], doc: "act at every N-th allocation, safepoint or host call" },
  runs: { type: "count", min: 1, max: INT_MAX, default: "2000", commands: ["stress"], doc: "most runs of the modes that need one for each place" },
  only: { type: "count", min: 1, max: INT_MAX, default: "off", commands: ["stress"], doc: "act at one place only, by its number" },
  upTo: { type: "count", min: 1, max: INT_MAX, default: "off", commands: ["stress"], doc: "act at the first N places only" },
  report: { type: "text", placeholder: "file", default: "SCRIPT.profile.html", commands: ["profile"], doc: "where the page goes that shows the profile (none: nowhere)" },
  cpuProfile: { type: "text", placeholder: "file", default: "off", commands: ["profile"], doc: "write where time went as a .cpuprofile, for DevTools and others" },
  folded: { type: "text", placeholder: "file", default: "off", commands: ["profile"], doc: "write the same as folded stacks, for flame graph tools" },
  heapProfile: { type: "text", placeholder: "file", default: "off", commands: ["profile"], doc: "write where living memory was allocated as a .heapprofile, for DevTools" },
  heapTimeline: { type: "text", placeholder: "file", default: "off", commands: ["profile"], doc: "write the heap at the end as a .heaptimeline: where and when its cells were allocated" },
  peakSnapshot: { type: "text", placeholder: "file", default: "off", commands: ["profile"], doc: "write the heap when most of it lived as a .heapsnapshot" },
  sampleBytes: { type: "bytes", min: 0, max: 1024 ** 3, default: "16k", commands: ["profile"], doc: "bytes between the allocations looked at, on average; 0: each of them" },
  sampleFuel: { type: "count", min: 1, max: 65536, default: "1000", commands: ["profile"], doc: "calls and loop rounds between looks at the stack" },
  sampleSeed: { type: "count", min: 1, max: INT_MAX, default: "1", commands: ["profile"], doc: "seed of the choice of allocations" },
  sandbox: { type: "flag", default: "off", commands: ["run", "resume", "repl", "heap", "profile"], doc: "give the script nothing of the outside but its arguments, input and output: no files, processes, environment or clock" },
  allow: { type: "text", placeholder: "parts", default: "all but with --sandbox", commands: ["run", "resume", "repl", "heap", "profile"], doc: "what the script may have of the outside, with commas: files, environment, processes, clock, system, digests, cryptography, network, databases, foreign" },
  workers: { type: "count", min: 0, max: 256, default: "0", commands: ["run"], doc: "run tasks that share nothing but channels or raw memory in this many threads besides; output and results stay the same" },
  color: { type: "choice", choices: ["auto", "always", "never"], default: "auto", commands: ALL, doc: "colour messages" },
  language: { type: "text", placeholder: "name", default: "by file extension", commands: ALL, doc: "language of the source" },
} as const satisfies { readonly [name: string]: OptionInfo };

export type OptionName = keyof typeof OPTIONS;
type ValueOf<T extends OptionInfo> =
  T extends { type: "flag" | "onOff" } ? boolean
  : T extends { type: "choice"; choices: readonly (infer C)[] } ? C
  : T extends { type: "text" } ? string
  : number;
/** Values of the options that were given, converted; an option that was not given is absent. */
export type OptionValues = { -readonly [K in OptionName]?: ValueOf<(typeof OPTIONS)[K]> };

export const OPTION_NAMES = Object.keys(OPTIONS) as OptionName[];
export const optionInfo = (name: OptionName): OptionInfo => OPTIONS[name];
const words = (name: string): string[] => name.replace(/[A-Z]/g, (c) => ` ${c.toLowerCase()}`).split(" ");
export const flagOf = (name: OptionName): string => `--${words(name).join("-")}`;
export const environmentNameOf = (name: OptionName): string => `BOXELDER_${words(name).join("_").toUpperCase()}`;

/** The user gave an option we do not have, or a value it cannot take. */
export class OptionError extends Error {}

/** "vm|tree", "N" and so on; empty for an option without a value. */
export function placeholderOf(info: OptionInfo): string {
  switch (info.type) {
    case "flag": return "";
    case "onOff": return "on|off";
    case "choice": return info.choices.join("|");
    case "count": return "n";
    case "bytes": return "size";
    case "rate": return "0..1";
    case "amount": return "number";
    case "text": return info.placeholder;
  }
}

const UNITS: { readonly [suffix: string]: number } = { "": 1, k: 1024, m: 1024 ** 2, g: 1024 ** 3 };

function parseBytes(text: string): number {
  const match = /^(\d+(?:\.\d+)?)([kmg]?)(?:i?b)?$/i.exec(text);
  return match === null ? NaN : Math.floor(Number(match[1]) * UNITS[match[2]!.toLowerCase()]!);
}

export function formatBytes(bytes: number): string {
  for (const suffix of ["g", "m", "k"]) if (bytes % UNITS[suffix]! === 0) return `${bytes / UNITS[suffix]!}${suffix}`;
  return String(bytes);
}

/** Converts the text of a value. `origin` is how the user wrote the option: its flag or its environment name. */
export function parseOption(name: OptionName, text: string, origin: string): boolean | number | string {
  const info = optionInfo(name);
  const refuse = (wanted: string): never => { throw new OptionError(`${origin}: expected ${wanted}, got '${text}'`); };
  const within = (value: number, low: number, high: number, what = `a number from ${low} to ${high}`): number =>
    value >= low && value <= high ? value : refuse(what);
  switch (info.type) {
    case "flag": return /^(?:1|true|on|yes)$/.test(text) || (/^(?:0|false|off|no|)$/.test(text) ? false : refuse("1 or 0"));
    case "onOff": return text === "on" || (text === "off" ? false : refuse("on or off"));
    case "choice": return info.choices.includes(text) ? text : refuse(info.choices.join(" or "));
    case "count": return within(/^\d+$/.test(text) ? Number(text) : NaN, info.min, info.max);
    case "bytes": return within(parseBytes(text), info.min, info.max, `a size from ${formatBytes(info.min)} to ${formatBytes(info.max)}, such as 64m`);
    case "amount": return within(/^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN, 0, info.max);
    case "rate": return within(/^[\d.]+$/.test(text) ? Number(text) : NaN, 0, 1);
    case "text": return text === "" ? refuse("a value") : text;
  }
}

/** Options given through the environment. A BOXELDER_ name we do not know stops the program: a typo must not pass unnoticed. */
export function readEnvironment(environment: { readonly [name: string]: string | undefined }): OptionValues {
  const byName = new Map(OPTION_NAMES.map((name) => [environmentNameOf(name), name]));
  const values: { [name: string]: boolean | number | string } = {};
  for (const [key, text] of Object.entries(environment)) {
    if (!key.startsWith("BOXELDER_") || text === undefined) continue;
    const name = byName.get(key);
    if (name === undefined) throw new OptionError(`unknown environment variable ${key}${didYouMean(key, [...byName.keys()])}`);
    values[name] = parseOption(name, text, key);
  }
  return values as OptionValues;
}

/** " (did you mean X?)" when a candidate is close to the word, else nothing. */
export function didYouMean(word: string, candidates: readonly string[]): string {
  const best = suggest(word, candidates);
  return best === null ? "" : ` (did you mean ${best}?)`;
}
