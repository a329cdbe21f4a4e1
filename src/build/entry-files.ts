// Entry points of the package and the files each is made of. Must not build anything.

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";

export const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** The entry points besides the command line. Each is a file of dist/, and made of the file of src/ of the same name. */
export const ENTRIES = ["index", "lisp", "tree", "tools", "profile"] as const;

const IMPORT = /(?:^|[;}])\s*(?:import|export)(?:[^"'();]*?\bfrom)?\s*"(\.[^"]+)"/gm;

/** A file of dist/ and the chunks it cannot start without, by their paths there. */
export function entryFiles(entry: string): string[] {
  const found = new Set<string>();
  const visit = (file: string): void => {
    if (found.has(file)) return;
    found.add(file);
    for (const [, path] of readFileSync(dist + file, "utf8").matchAll(IMPORT)) visit(posix.join(posix.dirname(file), path!));
  };
  visit(entry);
  return [...found];
}
