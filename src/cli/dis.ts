// `boxelder dis`: shows the stages between a script and what the VM runs.

import { createVM, silentHost } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { ConsoleHost } from "./console-host.ts";
import { partsFor } from "./parts.ts";
import { failureText, styleOf } from "./report.ts";
import { readSource } from "./source-file.ts";
import { disassemble as listing, type Stage } from "../tools.ts";
import { vmOptions } from "./vm-options.ts";

export async function disassemble(values: OptionValues, file: string, stage: Stage): Promise<number> {
  const source = readSource(file, values.language);
  const vm = createVM({ ...vmOptions(values, silentHost), ...await partsFor(values, [source.language]) });
  const result = listing(vm, source.text, { language: source.language, name: source.name, stage });
  const host = new ConsoleHost([]);
  const ok = typeof result === "string";
  const bytes = new TextEncoder().encode(ok ? result : failureText(result, vm, styleOf(values)));
  if (ok) host.write(bytes);
  else host.writeError(bytes);
  host.flush();
  return ok ? 0 : 1;
}
