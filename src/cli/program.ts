// Commands, arguments and flags. The flags of each command come from the table in src/options.ts; the commands themselves
// are loaded when they are called.

import { Command as CommanderCommand, Option } from "commander";
import {
  flagOf, optionInfo, OPTION_NAMES, parseOption, placeholderOf, readEnvironment, type Command, type OptionName, type OptionValues,
} from "../options.ts";
import { VERSION } from "../version.ts";
import type { DeepCommand } from "./deep-stack.ts";
import type { FormatFlags } from "./format.ts";

/** Adds the options of a command; `given` collects converted values as the flags are met. */
function addOptions(command: CommanderCommand, name: Command, given: OptionValues): CommanderCommand {
  for (const key of OPTION_NAMES.filter((each) => optionInfo(each).commands.includes(name))) {
    const info = optionInfo(key), placeholder = placeholderOf(info);
    const option = new Option(placeholder === "" ? flagOf(key) : `${flagOf(key)} <${placeholder}>`, `${info.doc} (default: ${info.default})`);
    command.addOption(option);
    command.on(`option:${option.name()}`, (text: string | null) => set(given, key, parseOption(key, text ?? "1", flagOf(key))));
  }
  return command;
}

function set(values: OptionValues, name: OptionName, value: boolean | number | string): void {
  (values as { [name: string]: unknown })[name] = value;
}

/** Flags win over the environment. */
const withEnvironment = (given: OptionValues): OptionValues => ({ ...readEnvironment(process.env), ...given });

/** The tree engine needs a stack of its own size; all else runs right here. */
async function onItsStack(values: OptionValues, command: DeepCommand, here: () => number | Promise<number>): Promise<number> {
  if (values.engine !== "tree") return await here();
  const { runDeep } = await import("./deep-stack.ts");
  return await runDeep(command, values);
}

function describe(program: CommanderCommand, given: OptionValues): void {
  const command = (name: Command, usage: string, about: string): CommanderCommand =>
    addOptions(program.command(usage).description(about).allowExcessArguments(false), name, given);
  command("run", "run [file] [args...]", "run a script; what follows its name is handed to it (-: script from standard input)")
    .option("-e, --eval <code>", "run this text instead of a file")
    .passThroughOptions()
    .action(async (file: string | undefined, args: string[], flags: { eval?: string }) => {
      const values = withEnvironment(given), { run } = await import("./run.ts");
      process.exitCode = await onItsStack(values, { name: "run", file, args, code: flags.eval }, () => run(values, file, args, flags.eval));
    });
  command("repl", "repl", "read, run and print line by line").action(async () => {
    const { repl } = await import("./repl.ts");
    process.exitCode = await repl(withEnvironment(given));
  });
  command("dis", "dis <file>", "show what a script is compiled to")
    .option("--ast", "show the syntax tree instead")
    .option("--ir", "show the core IR instead")
    .action(async (file: string, flags: { ast?: true; ir?: true }) => {
      const { disassemble } = await import("./dis.ts");
      process.exitCode = await disassemble(withEnvironment(given), file, flags.ast ? "ast" : flags.ir ? "ir" : "bytecode");
    });
  command("heap", "heap <file> [args...]", "run a script or open an image, write what its heap holds as a .heapsnapshot, and show what takes most")
    .passThroughOptions()
    .action(async (file: string, args: string[]) => {
      const values = withEnvironment(given), { heap } = await import("./heap.ts");
      process.exitCode = await onItsStack(values, { name: "heap", file, args }, () => heap(values, file, args));
    });
  command("profile", "profile <file> [args...]", "run a script and write where its time and memory went, as a page to look at and as files for other tools")
    .passThroughOptions()
    .action(async (file: string, args: string[]) => {
      const { profile } = await import("./profile.ts");
      process.exitCode = await profile(withEnvironment(given), file, args);
    });
  command("stress", "stress <file> [args...]", "run a script again and again under conditions that must not matter, and find the first collection that does")
    .passThroughOptions()
    .action(async (file: string, args: string[]) => {
      const { stressCommand } = await import("./stress.ts");
      process.exitCode = await stressCommand(withEnvironment(given), file, args);
    });
  command("resume", "resume <file>", "go on with a script from its checkpoint").action(async (file: string) => {
    const { resume } = await import("./resume.ts");
    process.exitCode = await resume(withEnvironment(given), file);
  });
  command("inspect", "inspect <file>", "show what is in a checkpoint or another image of a VM").action(async (file: string) => {
    const { inspect } = await import("./inspect.ts");
    process.exitCode = await inspect(withEnvironment(given), file);
  });
  command("check", "check <file...>", "report every error in the files without running them").action(async (files: string[]) => {
    const { check } = await import("./check.ts");
    process.exitCode = await check(withEnvironment(given), files);
  });
  command("fmt", "fmt <file...>", "lay out the lines of the files anew, and name those that change (-: standard input to standard output)")
    .option("--check", "only name the files that would change, and fail if there are any")
    .option("--indent <n>", "blanks to a level of Hemlock", "4")
    .action(async (files: string[], flags: FormatFlags) => {
      const { format } = await import("./format.ts");
      process.exitCode = await format(withEnvironment(given), files, flags);
    });
  command("bundle", "bundle <file>", "write a Hemlock script and all modules it imports as one script")
    .option("-o, --output <file>", "where it goes (default: standard output)")
    .action(async (file: string, flags: { output?: string }) => {
      const { bundleFile } = await import("./compile.ts");
      process.exitCode = await bundleFile(withEnvironment(given), file, flags.output);
    });
  command("compile", "compile <file>", "write a script and all modules it imports as bytecode, for `boxelder run`")
    .requiredOption("-o, --output <file>", "where it goes")
    .action(async (file: string, flags: { output: string }) => {
      const { compileFile } = await import("./compile.ts");
      process.exitCode = await compileFile(withEnvironment(given), file, flags.output);
    });
  command("batch", "batch", "run JSON lines {\"id\", \"source\"} from standard input, each in a fresh VM").action(async () => {
    const values = withEnvironment(given), { batch } = await import("./batch.ts");
    process.exitCode = await onItsStack(values, { name: "batch" }, () => batch(values));
  });
}

/** `boxelder FILE` is `boxelder run FILE`, and `boxelder` alone talks to whoever is there. */
function withCommand(program: CommanderCommand, words: readonly string[]): readonly string[] {
  const [first] = words;
  if (first === undefined) return process.stdin.isTTY ? ["repl"] : ["run", "-"];
  const known = ["help", "--help", "-h", "--version", "-V", ...program.commands.map((command) => command.name())];
  return known.includes(first) ? words : ["run", ...words];
}

export async function commandLine(words: readonly string[]): Promise<void> {
  const program = new CommanderCommand("boxelder")
    .description("Runs scripts in a VM whose whole world is one ArrayBuffer.\n`boxelder FILE` is short for `boxelder run FILE`.")
    .version(VERSION)
    .enablePositionalOptions()
    .addHelpText("after", "\nEvery option of a command is also an environment variable: --gc-stress is BOXELDER_GC_STRESS.");
  describe(program, {});
  await program.parseAsync(withCommand(program, words), { from: "user" });
}
