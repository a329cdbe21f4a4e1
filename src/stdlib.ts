// The entry point boxelder/stdlib: Hemlock's standard library for VMs that have no files to import it from, as a browser's,
// `createVM({ modules: standardModules })`. What a module needs of the outside is its host's to give.

import type { ModuleLoader } from "./modules.ts";
import { STANDARD_TEXTS } from "./prebuilt-stdlib.ts";

/** The texts of the modules by what imports say: `@stdlib/json`. */
export const STANDARD_MODULES: ReadonlyMap<string, string> = new Map(Object.entries(STANDARD_TEXTS).map(([name, text]) => [`@stdlib/${name}`, text]));

const known = (request: string): string | null => {
  const path = request.replace(/\.hml$/, "");
  return STANDARD_MODULES.has(path) ? path : null;
};

/** A loader of the standard library and nothing else. */
export const standardModules: ModuleLoader = {
  resolve: known,
  read: (path) => STANDARD_MODULES.get(path) ?? null,
};

/** A loader that knows the standard library, and asks another for the rest. */
export const withStandardModules = (others: ModuleLoader): ModuleLoader => ({
  resolve: (request, from) => known(request) ?? others.resolve(request, from),
  read: (path) => STANDARD_MODULES.get(path) ?? others.read(path),
});
