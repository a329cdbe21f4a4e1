// The generated parts of the README files. Each belongs to the folder it documents, whose own code writes it; this is the
// list of them, and the table of options, which is nobody else's.

import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { withOpTable } from "../bytecode/manual.ts";
import { withNodeTable } from "../ir/node-table.ts";
import { LISP_NATIVES } from "../library/lisp/natives.ts";
import { withNativesTable } from "../library/manual.ts";
import { addNatives } from "../library/registry.ts";
import { environmentNameOf, flagOf, optionInfo, OPTION_NAMES, placeholderOf } from "../options.ts";
import { withModulesTable } from "./stdlib-modules.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));
const OPTIONS_BEGIN = "<!-- options:begin -->", OPTIONS_END = "<!-- options:end -->";

/** A file and the function that brings its generated part up to date. */
export interface Manual { readonly file: string; readonly update: (text: string) => string }

addNatives(LISP_NATIVES);

export const MANUALS: readonly Manual[] = [
  { file: "README.md", update: withOptionsTable },
  { file: "src/ir/README.md", update: withNodeTable },
  { file: "src/bytecode/README.md", update: withOpTable },
  { file: "src/library/README.md", update: withNativesTable },
  { file: "src/stdlib/README.md", update: withModulesTable },
];

function withOptionsTable(manual: string): string {
  const rows = OPTION_NAMES.map((name) => {
    const info = optionInfo(name), value = placeholderOf(info);
    const cells = [`\`${flagOf(name)}${value === "" ? "" : ` ${value}`}\``, `\`${environmentNameOf(name)}\``, info.default, info.doc];
    return `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  });
  const table = ["| flag | environment | default | what it does |", "|---|---|---|---|", ...rows].join("\n");
  const begin = manual.indexOf(OPTIONS_BEGIN), end = manual.indexOf(OPTIONS_END);
  if (begin < 0 || end < begin) throw new Error(`no ${OPTIONS_BEGIN} … ${OPTIONS_END} in the text`);
  return `${manual.slice(0, begin)}${OPTIONS_BEGIN}\n${table}\n${manual.slice(end)}`;
}

/** The text of a manual as it is and as it should be. */
export function manualTexts(manual: Manual): { readonly path: string; readonly before: string; readonly after: string } {
  const path = root + manual.file, before = readFileSync(path, "utf8");
  return { path, before, after: manual.update(before) };
}
