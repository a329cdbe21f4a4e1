// The table of builtins in README.md, made from NATIVES so that it cannot go stale unnoticed.

import { NATIVES, SELF_HOSTED_METHODS } from "./registry.ts";

export const NATIVES_BEGIN = "<!-- natives:begin -->";
export const NATIVES_END = "<!-- natives:end -->";

const cell = (text: string): string => text.replaceAll("|", "\\|");
const countText = (min: number, max: number): string => (max < 0 ? `${min}+` : min === max ? String(min) : `${min}-${max}`);

/** The manual with the text between the markers replaced by the current table. Internals ("$…") are left out. */
export function withNativesTable(manual: string): string {
  const rows = [
    ...NATIVES.filter(({ name }) => name !== "" && !name.startsWith("$")).map(({ name, min, max, doc }) => `| \`${name}\` | ${countText(min, max)} | ${cell(doc)} |`),
    ...SELF_HOSTED_METHODS.map(({ kind, method }) => `| \`${kind}.${method}\` | | calls a function for the elements; written in Hemlock |`),
  ];
  const table = ["| name | arguments | what it does |", "|---|---|---|", ...rows].join("\n");
  const begin = manual.indexOf(NATIVES_BEGIN), end = manual.indexOf(NATIVES_END);
  if (begin < 0 || end < begin) throw new Error(`no ${NATIVES_BEGIN} … ${NATIVES_END} in the text`);
  return `${manual.slice(0, begin)}${NATIVES_BEGIN}\n${table}\n${manual.slice(end)}`;
}
