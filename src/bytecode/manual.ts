// The table of opcodes in README.md, made from OPS so that it cannot go stale unnoticed.

import { type OpInfo, OPS } from "./opcodes.ts";

export const OPS_BEGIN = "<!-- ops:begin -->";
export const OPS_END = "<!-- ops:end -->";

const cell = (text: string): string => text.replaceAll("|", "\\|");

function renderRow(info: OpInfo, code: number): string {
  const operands = info.operands.map(({ at, kind }) => `${at}:${kind}`).join(" ");
  const words = `${1 + info.extra}${info.counted ? "+D" : ""}`;
  return `| ${[String(code), info.name, operands, words, info.effects.join(" "), info.jit, info.doc].map(cell).join(" | ")} |`;
}

export function renderOpTable(): string {
  const rows = Object.entries(OPS).map(([code, info]) => renderRow(info, Number(code)));
  return ["| # | name | operands | words | effects | JIT | what it does |", "|---|---|---|---|---|---|---|", ...rows].join("\n");
}

/** The manual with the text between the markers replaced by the current table. */
export function withOpTable(manual: string): string {
  const begin = manual.indexOf(OPS_BEGIN), end = manual.indexOf(OPS_END);
  if (begin < 0 || end < begin) throw new Error(`no ${OPS_BEGIN} … ${OPS_END} in the text`);
  return `${manual.slice(0, begin)}${OPS_BEGIN}\n${renderOpTable()}\n${manual.slice(end)}`;
}
