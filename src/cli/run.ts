// `boxelder run`: one script, once. Everything on this path counts as start-up time.

import type { OptionValues } from "../options.ts";
import { ConsoleHost } from "./console-host.ts";
import type { CheckpointPlan } from "./checkpoint.ts";
import { CommandError } from "./failures.ts";
import { languageOf, partsFor } from "./parts.ts";
import { Session } from "./session.ts";
import { describeProgram, ProgramError } from "../index.ts";
import { readProgramFile, readSource, type SourceFile } from "./source-file.ts";

/** Fuel between checkpoints: about a second. */
export const DEFAULT_EVERY = 10_000_000;

/** Runs the file, or `code` when given, and returns the exit code. */
export async function run(values: OptionValues, file: string | undefined, args: readonly string[], code: string | undefined): Promise<number> {
  if (file === undefined && code === undefined) throw new CommandError("run: name a file, or use -e CODE");
  const bytes = code === undefined && file !== "-" ? readProgramFile(file!) : null;
  const source = bytes !== null ? programSource(file!, bytes) : code === undefined ? readSource(file!, values.language) : { name: "<eval>", text: code, language: languageOf("", values.language) };
  // With -e there is no script name, so the first word after the code is already an argument.
  const given = code !== undefined && file !== undefined ? [file, ...args] : args;
  const host = new ConsoleHost([source.name, ...given]);
  const parts = await partsFor(values, [source.language]), plan = values.checkpoint === undefined ? null : checkpointPlan(values, values.checkpoint);
  const session = new Session(plan === null ? values : { ...values, fuel: Math.min(plan.every, plan.all) }, host, parts);
  const program = bytes === null ? source.text : refusedPrograms(file!, () => session.vm.load(bytes));
  let result = await session.vm.runAsync(program, { language: source.language, name: source.name });
  if (plan !== null) result = await (await import("./checkpoint.ts")).runWithCheckpoints(session, result, host, plan);
  host.flush();
  if (result.status === "error") {
    const { failureJson, failureText, styleOf } = await import("./report.ts");
    const text = values.jsonErrors === true ? failureJson(result) : failureText(result, session.vm, styleOf(values));
    host.writeError(new TextEncoder().encode(text));
  }
  session.finish();
  const leaks = values.checkLeaks === true && (await import("./leaks.ts")).reportLeaks(session.vm);
  return result.status === "error" ? result.exitCode : leaks ? 1 : 0;
}

/** What is known of a compiled program before there is a VM to load it. */
function programSource(file: string, bytes: Uint8Array): SourceFile {
  const { language, name } = refusedPrograms(file, () => describeProgram(bytes));
  return { name, text: "", language: languageOf("", language) };
}

/** What is wrong with a compiled program is the user's to know, with the name of the file. */
function refusedPrograms<T>(file: string, step: () => T): T {
  try {
    return step();
  } catch (error) {
    if (error instanceof ProgramError) throw new CommandError(`${file}: ${error.message}`);
    throw error;
  }
}

/** What the options say about checkpoints. */
function checkpointPlan(values: OptionValues, path: string): CheckpointPlan {
  if (values.engine === "tree") throw new CommandError("--checkpoint: the tree engine cannot be frozen; leave --engine out");
  return { path, every: values.every ?? DEFAULT_EVERY, all: values.fuel ?? Infinity, compress: values.compress === true, thaw: values.thaw === true };
}
