// `boxelder fmt`: lays the lines of files out anew. Comments, and where lines break, stay as they are. A file with errors is
// left alone, and nothing is written that would not read as the same program.

import { writeFileSync } from "node:fs";
import { createVM } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { CommandError } from "./failures.ts";
import { formatted } from "./format/formatted.ts";
import { languageOf, partsFor } from "./parts.ts";
import { diagnosticText, styleOf } from "./report.ts";
import { readSource } from "./source-file.ts";

const MAX_WIDTH = 16;

export interface FormatFlags {
  /** Tell which files would change instead of changing them. */
  readonly check?: true;
  /** Blanks to a level of Hemlock, as written. */
  readonly indent: string;
}

function widthOf({ indent }: FormatFlags): number {
  const width = Number(indent);
  if (!Number.isInteger(width) || width < 1 || width > MAX_WIDTH) throw new CommandError(`--indent: '${indent}' is no number from 1 to ${MAX_WIDTH}`);
  return width;
}

/** Exit code 1 when a file has errors, cannot be read, or (with --check) would change; the others are laid out all the same. */
export async function format(values: OptionValues, files: readonly string[], flags: FormatFlags): Promise<number> {
  const width = widthOf(flags), languages = files.map((file) => languageOf(file, values.language));
  const vm = createVM({ languages: (await partsFor(values, languages)).languages! }), style = styleOf(values);
  let failures = 0;
  for (const file of files) {
    try {
      const source = readSource(file, values.language), errors = vm.check(source.text, source).filter(({ severity }) => severity === "error");
      for (const found of errors) process.stderr.write(diagnosticText(found, style));
      if (errors.length > 0 || !finish(file, source.text, formatted(source.text, source.language, width), flags)) failures++;
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      failures++;
      console.error(`boxelder: ${error.message}`);
    }
  }
  return failures === 0 ? 0 : 1;
}

/** Writes what has changed, or says so; false when a change was to be told. Standard input goes to standard output. */
function finish(file: string, before: string, after: string, { check }: FormatFlags): boolean {
  if (check !== true && file === "-") process.stdout.write(after);
  if (before === after || (check !== true && file === "-")) return true;
  console.log(file);
  if (check === true) return false;
  try {
    writeFileSync(file, after);
  } catch (error) {
    throw new CommandError(`cannot write '${file}': ${(error as Error).message}`);
  }
  return true;
}
