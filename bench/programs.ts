// The benchmark programs: scripts of bench/programs, each with a JavaScript twin whose result must be the same.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath, pathToFileURL } from "node:url";

const folder = fileURLToPath(new URL("programs/", import.meta.url));

export interface BenchProgram {
  readonly name: string;
  readonly path: string;
  readonly source: string;
  /** The same algorithm in JavaScript. */
  readonly twin: () => unknown;
  /** What both print. */
  readonly expected: string;
}

export async function benchPrograms(filter: RegExp): Promise<BenchProgram[]> {
  const names = readdirSync(folder).filter((file) => file.endsWith(".hml")).map((file) => file.slice(0, -".hml".length)).filter((name) => filter.test(name));
  return Promise.all(names.sort().map(async (name) => {
    const { run } = await import(pathToFileURL(`${folder}${name}.js`).href) as { run: () => unknown };
    const path = `${folder}${name}.hml`;
    return { name, path, source: readFileSync(path, "utf8"), twin: run, expected: String(run()) };
  }));
}
