// The repository's own files, for the tests that hold its rules.

import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize, relative } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

export interface SourceText { /** Relative to the root of the repository. */ readonly path: string; readonly text: string }

function walk(folder: string): string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    return entry.isDirectory() ? walk(path) : [path];
  });
}

/** Files under the folders whose name ends so. */
export const filesUnder = (folders: readonly string[], ending: string): SourceText[] =>
  folders.flatMap(walk).filter((path) => path.endsWith(ending)).sort().map((path) => ({ path, text: readFileSync(join(root, path), "utf8") }));

export const read = (path: string): string => readFileSync(join(root, path), "utf8");

export interface Import { readonly from: string; /** Path, or the package's name. */ readonly to: string; readonly typeOnly: boolean }

const IMPORT = /^(?:import|export)\s+(type\s)?(?:[^"';]*?\sfrom\s+)?"([^"]+)"/gm;
const DYNAMIC_IMPORT = /\bimport\(\s*"([^"]+)"/g;

/** Everything a file imports. */
export function importsOf({ path, text }: SourceText): Import[] {
  const resolved = (specifier: string): string => (specifier.startsWith(".") ? relative(".", normalize(join(dirname(path), specifier))) : specifier);
  return [
    ...[...text.matchAll(IMPORT)].map((match) => ({ from: path, to: resolved(match[2]!), typeOnly: match[1] !== undefined })),
    ...[...text.matchAll(DYNAMIC_IMPORT)].map((match) => ({ from: path, to: resolved(match[1]!), typeOnly: false })),
  ];
}
