// Entry points of the package and the files each is made of. Must not build anything.

import { readFileSync } from "node:fs";
import { posix } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";

export const dist = fileURLToPath(new URL("../../dist/", import.meta.url));

/** Most that an entry point may take with all it needs, in KiB of gzip. Raise one only for what its users cannot do without. */
export const BUDGETS: { readonly [entry in (typeof ENTRIES)[number]]: number } = { index: 204, lisp: 280, tree: 84, tools: 220, profile: 232, stdlib: 48, node: 190 };

/** The entry points besides the command line. Each is a file of dist/, and made of the file of src/ of the same name. */
export const ENTRIES = ["index", "lisp", "tree", "tools", "profile", "stdlib", "node"] as const;

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

/** Bytes of all of them, and of their gzip; `without` leaves out those that another entry loads already. */
export function entrySize(entry: string, without?: string): { readonly files: number; readonly bytes: number; readonly gzipped: number } {
  const loaded = without === undefined ? [] : entryFiles(without), files = entryFiles(entry).filter((file) => !loaded.includes(file)), bytes = Buffer.concat(files.map((file) => readFileSync(dist + file)));
  return { files: files.length, bytes: bytes.length, gzipped: gzipSync(bytes, { level: 9 }).length };
}

/** The source files that have a part in an entry point, by their paths in the project. */
export function entrySources(entry: string): string[] {
  return entryFiles(entry).flatMap((file) => {
    const { sources } = JSON.parse(readFileSync(`${dist}${file}.map`, "utf8")) as { readonly sources: readonly string[] };
    return sources.map((path) => posix.join(`/dist/${posix.dirname(file)}`, path).slice(1));
  });
}
