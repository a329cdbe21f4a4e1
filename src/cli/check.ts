// `boxelder check`: reports every error of every file, runs nothing.

import { createVM, diagnosticJson } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { CommandError } from "./failures.ts";
import { languageOf, partsFor } from "./parts.ts";
import { diagnosticText, styleOf } from "./report.ts";
import { readSource } from "./source-file.ts";

/** Exit code 1 when any file has an error or cannot be read; the other files are checked all the same. */
export async function check(values: OptionValues, files: readonly string[]): Promise<number> {
  const languages = files.map((file) => languageOf(file, values.language));
  const vm = createVM({ languages: (await partsFor(values, languages)).languages! }), style = styleOf(values);
  let errors = 0;
  for (const file of files) {
    try {
      const source = readSource(file, values.language);
      for (const found of vm.check(source.text, source)) {
        if (found.severity === "error") errors++;
        process.stderr.write(values.jsonErrors === true ? `${JSON.stringify(diagnosticJson(found))}\n` : diagnosticText(found, style));
      }
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      errors++;
      console.error(`boxelder: ${error.message}`);
    }
  }
  return errors === 0 ? 0 : 1;
}
