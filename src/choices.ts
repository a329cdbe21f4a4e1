// The languages and the engine of a VM, from what an embedder or an image asks for.

import { vmEngine, type Engine } from "./engines.ts";
import { hemlock } from "./hemlock.ts";
import { ImageError } from "./image/errors.ts";
import type { Libraries } from "./library-world.ts";
import type { LanguagePlugin } from "./plugin.ts";
import type { VmOptions } from "./vm-options.ts";

/** What has to be imported for languages and engines that are parts of their own, by name. */
const PARTS: { readonly [name: string]: string } = {
  lisp: 'import { lisp } from "boxelder/lisp" and make the VM with { languages: [lisp] }',
  tree: 'import { tree } from "boxelder/tree" and make the VM with { engine: tree }',
};

/** The engine that is asked for. */
export function engineOf(engine: NonNullable<VmOptions["engine"]> | string): Engine {
  if (typeof engine !== "string") return engine;
  if (engine !== "vm") throw new RangeError(`there is no engine '${engine}' here: ${PARTS[engine] ?? "the engine is vm"}`);
  return vmEngine;
}

export const librariesOf = (languages: readonly LanguagePlugin[]): Libraries => languages.flatMap(({ library }) => library ?? []);

/** The language of this name that an image asks for. */
export function languageIn(languages: readonly LanguagePlugin[], name: string): LanguagePlugin {
  const found = languages.find(({ language }) => language.name === name);
  if (found === undefined) throw new ImageError("missing", `the image is of a VM with the language '${name}': ${PARTS[name] ?? "give it in the option `languages`"}`, [name]);
  return found;
}

/** The language of this name that a run asks for. */
export function languageNamed(languages: readonly LanguagePlugin[], name = hemlock.language.name): LanguagePlugin {
  const found = languages.find(({ language }) => language.name === name);
  if (found === undefined) throw new RangeError(`this VM has no language '${name}': ${PARTS[name] ?? `it has ${languages.map(({ language }) => language.name).join(", ")}`}`);
  return found;
}
