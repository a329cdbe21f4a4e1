// The table of node kinds in README.md, made from NODES so that it cannot go stale unnoticed.

import { NODES } from "./nodes.ts";

export const NODES_BEGIN = "<!-- nodes:begin -->";
export const NODES_END = "<!-- nodes:end -->";

/** The manual with the text between the markers replaced by the current table. */
export function withNodeTable(manual: string): string {
  const rows = Object.entries(NODES).map(([kind, doc]) => `| ${kind} | ${doc} |`);
  const table = ["| kind | what it does |", "|---|---|", ...rows].join("\n");
  const begin = manual.indexOf(NODES_BEGIN), end = manual.indexOf(NODES_END);
  if (begin < 0 || end < begin) throw new Error(`no ${NODES_BEGIN} … ${NODES_END} in the text`);
  return `${manual.slice(0, begin)}${NODES_BEGIN}\n${table}\n${manual.slice(end)}`;
}
