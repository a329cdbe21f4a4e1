// Modules in files: what an import's text means, as seen from the file it stands in.

import { existsSync, readFileSync, realpathSync, statSync } from "node:fs";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { ModuleLoader } from "../index.ts";
import { CommandError } from "./failures.ts";
import { decode } from "./source-file.ts";

const STANDARD = "@stdlib/";
/** Folder that holds packages, beside the importing file or further up. */
const PACKAGES = "hem_modules";
/** The standard library lies beside the command, whose parts lie in a folder of their own. */
const standardFolder = (): string => ["./stdlib", "../stdlib"].map((path) => fileURLToPath(new URL(path, import.meta.url))).find((path) => existsSync(path)) ?? "";

export const moduleFiles: ModuleLoader = {
  resolve(request, from) {
    const found = candidates(request, from).find(isFile);
    return found === undefined ? null : request.startsWith(STANDARD) ? request : realpathSync(found);
  },
  read(path) {
    try {
      return decode(readFileSync(path.startsWith(STANDARD) ? standardFile(path) : path), path);
    } catch (error) {
      if (error instanceof CommandError) throw error;
      return null;
    }
  },
};

const isFile = (path: string): boolean => statSync(path, { throwIfNoEntry: false })?.isFile() === true;
const withExtension = (path: string): string[] => (path.endsWith(".hml") ? [path] : [path, `${path}.hml`]);
const standardFile = (request: string): string => join(standardFolder(), `${request.slice(STANDARD.length).replace(/\.hml$/, "")}.hml`);

/** Files a request may mean, the likeliest first. */
function candidates(request: string, from: string): string[] {
  if (request.startsWith(STANDARD)) return /^@stdlib\/[\w/]+(?:\.hml)?$/.test(request) ? [standardFile(request)] : [];
  // Modules of the standard library import each other by their full names only.
  if (from.startsWith(STANDARD)) return [];
  const folder = /^<.*>$/.test(from) ? process.cwd() : dirname(resolve(from));
  if (isAbsolute(request) || /^\.\.?\//.test(request)) return withExtension(resolve(folder, request));
  return [...withExtension(resolve(folder, request)), ...inPackages(request, folder)];
}

/** `owner/name` is a package, `owner/name/file` a file of it. */
function inPackages(request: string, folder: string): string[] {
  const [owner, name, ...rest] = request.split("/");
  if (name === undefined || [owner, name, ...rest].includes("..")) return [];
  const found: string[] = [];
  for (let at = folder; ; at = dirname(at)) {
    const package_ = join(at, PACKAGES, owner!, name);
    if (rest.length > 0) found.push(...withExtension(join(package_, ...rest)), ...withExtension(join(package_, "src", ...rest)));
    else found.push(join(package_, "src", "index.hml"), join(package_, "index.hml"), join(package_, `${name}.hml`));
    if (dirname(at) === at) return found;
  }
}
