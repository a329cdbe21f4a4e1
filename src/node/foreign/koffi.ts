// koffi, which calls the functions of libraries: a package that need not be there. It is loaded when a script first asks for
// a library, since that takes longer than a short script.

import { createRequire } from "node:module";

const load = createRequire(import.meta.url);

export type Koffi = typeof import("koffi");
export type Library = import("koffi").LibraryHandle;
export type NativeType = import("koffi").TypeObject;

let loaded: Koffi | null = null;

/** Throws an error for people when it is not installed, or has nothing for this machine. */
export function koffi(): Koffi {
  try {
    return loaded ??= load("koffi") as Koffi;
  } catch (error) {
    const isMissing = (error as { code?: string }).code === "MODULE_NOT_FOUND";
    throw new Error(isMissing ? "native libraries need the package 'koffi', which is not installed here: npm install koffi" : `native libraries are not to be had here: ${(error as Error).message}`);
  }
}
