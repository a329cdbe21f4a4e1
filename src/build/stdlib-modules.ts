// The modules of src/stdlib: their names, what they say about themselves, what they export; and the table of them in the
// README of their folder.

import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../stdlib/", import.meta.url));
const BEGIN = "<!-- modules:begin -->", END = "<!-- modules:end -->";

export interface StandardModule {
  readonly name: string;
  readonly text: string;
  /** The comment at its head, as one line. */
  readonly head: string;
  readonly exports: readonly { readonly name: string; /** Has a comment of its own. */ readonly documented: boolean }[];
}

const EXPORT = /^export (?:async )?(?:fn|let|const|define) (\w+)/;

function moduleOf(file: string): StandardModule {
  const text = readFileSync(folder + file, "utf8"), lines = text.split("\n");
  const headEnd = lines.findIndex((line) => !line.startsWith("//"));
  const exports = lines.flatMap((line, i) => {
    const name = EXPORT.exec(line)?.[1];
    return name === undefined ? [] : [{ name, documented: lines[i - 1]?.startsWith("// ") === true }];
  });
  return { name: file.replace(/\.hml$/, ""), text, head: lines.slice(0, headEnd).map((line) => line.slice(3)).join(" "), exports };
}

export const standardModules = (): StandardModule[] => readdirSync(folder).filter((file) => file.endsWith(".hml")).sort().map(moduleOf);

/** Texts by name for the package: comments are left blank, so that positions in messages stay right. */
export const standardTexts = (): { [name: string]: string } =>
  Object.fromEntries(standardModules().map(({ name, text }) => [name, text.replace(/^[ \t]*\/\/.*$/gm, "").trimEnd()]));

/** The manual with the table between the markers replaced by the current one. */
export function withModulesTable(manual: string): string {
  const sentence = (head: string): string => /^[^]*?[.:;](?= |$)/.exec(head)?.[0].replace(/[.:;]$/, "") ?? head;
  const rows = standardModules().map(({ name, head, exports }) => `| \`${name}\` | ${sentence(head).replaceAll("|", "\\|")} | ${exports.map((each) => `\`${each.name}\``).join(" ")} |`);
  const table = ["| module | what for | exports |", "|---|---|---|", ...rows].join("\n");
  const begin = manual.indexOf(BEGIN), end = manual.indexOf(END);
  if (begin < 0 || end < begin) throw new Error(`no ${BEGIN} … ${END} in the text`);
  return `${manual.slice(0, begin)}${BEGIN}\n${table}\n${manual.slice(end)}`;
}
