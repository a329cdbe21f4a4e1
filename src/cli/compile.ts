// `boxelder bundle` and `boxelder compile`: a script and all it imports in one file, as source or as bytecode. Nothing of it runs.

import { internalsOf } from "../api.ts";
import { bundle } from "../front/hemlock/bundle.ts";
import { createVM, ProgramError, ScriptError, type Diagnostic } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { writeWhole } from "./checkpoint.ts";
import { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { moduleFiles } from "./module-files.ts";
import { partsFor } from "./parts.ts";
import { diagnosticText, styleOf } from "./report.ts";
import { readSource } from "./source-file.ts";

/** Exit code 1 when there are errors in any of the files, which are shown. */
export async function compileFile(values: OptionValues, file: string, output: string): Promise<number> {
  const source = readSource(file, values.language), { languages } = await partsFor(values, [source.language]);
  const { readFile } = new ConsoleHost([]);
  const vm = createVM({ languages: languages!, modules: moduleFiles, host: { readFile }, peephole: values.peephole ?? true, optimise: values.optimise === "0" ? 0 : 1 });
  try {
    writeWhole(output, vm.compile(source.text, { language: source.language, name: source.name }).toBytes());
    return 0;
  } catch (error) {
    if (error instanceof ProgramError) throw new CommandError(`${file}: ${error.message}`);
    if (!(error instanceof ScriptError)) throw error;
    return refuse(error.failure.diagnostics, values);
  }
}

/** The same. Without `output` it goes to standard output. */
export async function bundleFile(values: OptionValues, file: string, output: string | undefined): Promise<number> {
  const source = readSource(file, values.language);
  if (source.language !== "hemlock") throw new CommandError(`bundle: the modules of ${source.language} are loaded while the program runs, so there is nothing to bundle; boxelder compile takes it`);
  const compiled = internalsOf(createVM({ modules: moduleFiles })).compile(source.text, { name: source.name });
  if (compiled.program === null) return refuse(compiled.diagnostics, values);
  const modules = compiled.modules.map(({ path, source: of, shape }) => ({ path, source: of, shape }));
  const text = bundle(compiled.source, modules, (request, from) => moduleFiles.resolve(request, from)!), bytes = new TextEncoder().encode(text);
  const found = createVM().check(text, { name: `the bundle of ${file}` }).filter(({ severity }) => severity === "error");
  if (found.length > 0) return refuse(found, values);
  if (output !== undefined) writeWhole(output, bytes);
  else {
    const host = new ConsoleHost([]);
    host.write(bytes);
    host.flush();
  }
  return 0;
}

function refuse(diagnostics: readonly Diagnostic[], values: OptionValues): number {
  const style = styleOf(values);
  process.stderr.write(diagnostics.map((found) => diagnosticText(found, style)).join(""));
  return 1;
}
