// Languages and engines, loaded when a script needs them: starting one must not pay for the others.

import { extname } from "node:path";
import { hemlock, type LanguagePlugin, type VmOptions } from "../index.ts";
import { didYouMean, type OptionValues } from "../options.ts";
import { CommandError } from "./failures.ts";

interface LanguageFiles { readonly name: string; readonly extensions: readonly string[]; readonly load: () => Promise<LanguagePlugin> }

/** Names and extensions are as the plug-ins have them; the first language is that of files with other extensions. */
export const LANGUAGES: readonly LanguageFiles[] = [
  { name: "hemlock", extensions: [".hml"], load: () => Promise.resolve(hemlock) },
  { name: "lisp", extensions: [".lisp", ".scm", ".sema"], load: async () => (await import("../lisp.ts")).lisp },
];

/** Language of a script: the one wanted, or what the extension of its file says. */
export function languageOf(path: string, wanted: string | undefined): string {
  if (wanted === undefined) return LANGUAGES.find(({ extensions }) => extensions.includes(extname(path)))?.name ?? LANGUAGES[0]!.name;
  const names = LANGUAGES.map((language) => language.name);
  if (!names.includes(wanted)) throw new CommandError(`unknown language '${wanted}'${didYouMean(wanted, names)}; there is: ${names.join(", ")}`);
  return wanted;
}

export const loadLanguage = (name: string): Promise<LanguagePlugin> => LANGUAGES.find((language) => language.name === name)!.load();

export type Parts = Pick<VmOptions, "engine" | "languages">;

/** What a VM for these languages has to be made of. */
export async function partsFor(values: OptionValues, languages: readonly string[]): Promise<Parts> {
  const loaded = await Promise.all([...new Set(languages)].map(loadLanguage));
  return { languages: loaded, engine: values.engine === "tree" ? (await import("../tree.ts")).tree : "vm" };
}
