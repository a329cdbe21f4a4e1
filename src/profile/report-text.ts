// Figures and tables of the report.

const ENTITIES: { readonly [character: string]: string } = { "&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;" };
/** Text as HTML, in attributes too. Everything a program names goes through here. */
export const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => ENTITIES[c]!);

/** "0.12 ms", "34 ms", "5.6 s". */
export function millisText(ms: number): string {
  if (ms >= 1000) return `${(ms / 1000).toFixed(ms >= 10_000 ? 0 : 1)} s`;
  return `${ms >= 10 ? ms.toFixed(0) : ms.toFixed(2)} ms`;
}

export interface Column {
  readonly title: string;
  /** "figure": to the right; "text": code; "bar": a figure with a bar behind it, as long as its part of the first row's. */
  readonly kind: "figure" | "text" | "bar";
}

/** Cells are texts, or of bars the text and the part, 0 to 1. */
export type Cell = string | readonly [text: string, part: number];

export function htmlTable(columns: readonly Column[], rows: readonly (readonly Cell[])[]): string {
  const heading = columns.map(({ title, kind }) => `<th${kind === "text" ? "" : " class=\"n\""}>${escapeHtml(title)}</th>`).join("");
  const cellText = (cell: Cell, i: number): string => {
    if (typeof cell !== "string") return `<td class="n b" style="--part:${Math.round(100 * cell[1])}%">${escapeHtml(cell[0])}</td>`;
    return `<td class="${columns[i]!.kind === "text" ? "t" : "n"}">${escapeHtml(cell)}</td>`;
  };
  return `<div class="wide"><table><thead><tr>${heading}</tr></thead><tbody>\n${rows.map((row) => `<tr>${row.map(cellText).join("")}</tr>`).join("\n")}\n</tbody></table></div>`;
}
