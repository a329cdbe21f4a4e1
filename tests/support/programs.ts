// Program tests: a script with its expected behaviour in comments, which start with `//` or, in Lisp, with `;`.
//
//   // expect: TEXT              the next line of output is TEXT
//   // expect error: TEXT        ends in an uncaught exception whose message contains TEXT
//   // expect fatal: TEXT        ends in a runtime error scripts cannot catch
//   // expect panic: TEXT        ends in a panic
//   // expect out of fuel        stops because its fuel is used up
//   // expect exit: N            leaves with exit code N
//   // expect syntax error: line N   does not run; the first error is reported at line N
//   // options: --fuel 1000      options of the command line for this program
//   // args: a b                 arguments of the script
//   // stdin: TEXT               the next line of standard input
//   // slow: REASON              too much work to repeat with a collection at every allocation

import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Command } from "commander";
import { vmOptions } from "../../src/cli/vm-options.ts";
import { flagOf, optionInfo, OPTION_NAMES, parseOption, type OptionValues } from "../../src/options.ts";
import { Random } from "./random.ts";
import { languagesFor, library, root, type BoxelderVm, type Host, type Library, type RunResult, type VmOptions } from "./library.ts";

type Ending = "error" | "fatal" | "panic" | "exit" | "syntax error" | "out of fuel";
export interface Program {
  /** Path under tests/programs. */
  readonly name: string;
  readonly language: string;
  readonly source: string;
  readonly lines: readonly string[];
  /** How it ends other than well, and the text or number given with it. */
  readonly ending: { readonly kind: Ending; readonly text: string } | null;
  readonly options: Partial<VmOptions>;
  readonly args: readonly string[];
  readonly input: readonly string[];
  readonly slow: boolean;
}

const PROGRAMS = join(root, "tests", "programs");
const DIRECTIVE = /(?:\/\/|;+) (expect(?: error| fatal| panic| exit| syntax error| out of fuel)?|options|args|stdin|slow)(?:: ?|$)(.*)$/gm;

export function readProgram(path: string): Program {
  const source = readFileSync(path, "utf8"), name = relative(PROGRAMS, path);
  const found = [...source.matchAll(DIRECTIVE)].map(([, word, text]) => ({ word: word!, text: text! }));
  const texts = (word: string): string[] => found.filter((each) => each.word === word).map((each) => each.text);
  const endings = found.filter((each) => each.word.startsWith("expect "));
  if (endings.length > 1) throw new Error(`${name}: a program ends only once`);
  const ending = endings[0] === undefined ? null : { kind: endings[0].word.slice("expect ".length) as Ending, text: endings[0].text.trim() };
  return {
    name, language: name.split("/")[0]!, source, ending, lines: texts("expect"),
    options: parseOptions(texts("options").join(" ")), args: texts("args").flatMap((text) => text.split(" ")),
    input: texts("stdin"), slow: texts("slow").length > 0,
  };
}

/** The command line's own options, so that a failing program can be repeated by hand. */
function parseOptions(text: string): Partial<VmOptions> {
  if (text === "") return {};
  const values: OptionValues = {}, command = new Command().exitOverride();
  for (const name of OPTION_NAMES) {
    command.option(optionInfo(name).type === "flag" ? flagOf(name) : `${flagOf(name)} <value>`);
    command.on(`option:${flagOf(name).slice(2)}`, (value: string | null) => Object.assign(values, { [name]: parseOption(name, value ?? "1", flagOf(name)) }));
  }
  command.parse(text.split(" "), { from: "user" });
  const { host: _, memory, ...options } = vmOptions(values, library.silentHost);
  return values.memory === undefined ? options : { ...options, memory };
}

export function allPrograms(): Program[] {
  return readdirSync(PROGRAMS, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && [library.hemlock, library.lisp].some(({ language }) => language.extensions.some((ending) => entry.name.endsWith(ending))))
    .map((entry) => readProgram(join(entry.parentPath, entry.name)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

export interface Execution { readonly result: RunResult; readonly output: string }

/** How a program is run; see Configuration. */
export interface Way { readonly refuel?: number; readonly freeze?: number; readonly compiled?: boolean }

/** Compiles a program in a VM of its own and runs the bytes of that. Its syntax errors are those of the compiling. */
function runCompiled(build: Library, vm: BoxelderVm, { source, language, name }: Pick<Program, "source" | "language" | "name">): RunResult {
  try {
    return vm.run(vm.load(build.createVM({ languages: languagesFor(build, language) }).compile(source, { language, name }).toBytes()));
  } catch (error) {
    if (!(error instanceof build.ScriptError)) throw error;
    return error.failure;
  }
}

/**
 * Runs a program in a fresh VM of the given build. With `refuel`, it starts with that much fuel and gets as much again whenever
 * it stops; with `freeze`, about every so many stops it goes on in another VM, restored from an image.
 */
export function execute(build: Library, program: Pick<Program, "source" | "language" | "name" | "args" | "input">, options: VmOptions, { refuel = 0, freeze = 0, compiled = false }: Way = {}): Execution {
  const written: Uint8Array[] = [], input = [...program.input];
  const host: Host = {
    write: (data) => void written.push(data.slice()), writeError() {}, readLine: () => input.shift() ?? null, args: [program.name, ...program.args],
  };
  const languages = languagesFor(build, program.language), random = new Random(program.source.length);
  let vm = build.createVM(refuel > 0 ? { ...options, languages, host, fuel: refuel } : { ...options, languages, host });
  let result = compiled ? runCompiled(build, vm, program) : vm.run(program.source, { language: program.language, name: program.name });
  for (let stops = 0; refuel > 0 && result.status === "error" && result.kind === "outOfFuel"; stops++) {
    // Long runs are frozen less and less often: an image of a large world takes its time.
    if (freeze > 0 && random.below(freeze * (1 + (stops >> 3))) === 0) {
      const { initialMemory: _, seed: __, ...rest } = options;
      vm = build.restoreVM(vm.snapshot(), { ...rest, languages, host });
    }
    // And they are paused less and less often: single natives may cost millions of steps.
    result = vm.resume(refuel * 2 ** (stops >> 14));
  }
  if (options.verifyHeap === true) vm.verifyHeap();
  return { result, output: Buffer.concat(written).toString("utf8") };
}

/** What is wrong with an execution, null when it is as the program says. */
export function judge(program: Program, { result, output }: Execution): string | null {
  const wrongEnd = judgeEnding(program.ending, result);
  const lines = output === "" ? [] : output.replace(/\n$/, "").split("\n");
  const at = Array.from({ length: Math.max(lines.length, program.lines.length) }, (_, i) => i).find((i) => lines[i] !== program.lines[i]);
  if (at === undefined) return wrongEnd;
  const show = (line: string | undefined): string => (line === undefined ? "the end" : JSON.stringify(line));
  return `line ${at + 1} of the output: expected ${show(program.lines[at])}, got ${show(lines[at])}${wrongEnd === null ? "" : `; ${wrongEnd}`}`;
}

const KINDS: { readonly [kind: string]: Ending } = { uncaught: "error", fatal: "fatal", panic: "panic", exit: "exit", syntax: "syntax error", outOfFuel: "out of fuel" };

function judgeEnding(wanted: Program["ending"], result: RunResult): string | null {
  if (result.status === "done") return wanted === null ? null : `expected ${wanted.kind} '${wanted.text}', but it ended well`;
  const kind = KINDS[result.kind]!;
  const [first] = result.diagnostics;
  const line = first === undefined ? 0 : first.source.position(first.span.start).line;
  const text = kind === "exit" ? String(result.exitCode) : kind === "syntax error" ? `line ${line}` : result.message;
  const got = `${kind} '${text}'${first === undefined ? "" : ` ${first.message}`}`;
  if (wanted === null) return `unexpected ${got}`;
  const matches = kind === "exit" || kind === "syntax error" ? text === wanted.text : text.includes(wanted.text);
  return kind === wanted.kind && matches ? null : `expected ${wanted.kind} '${wanted.text}', got ${got}`;
}
