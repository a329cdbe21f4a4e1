// The pictures of the report as HTML: memory and pauses over time, the flame graph, the map of a heap by kind. Lines are SVG
// that stretches; all text is HTML, so that it stays readable at any width.

import type { CallNode } from "./call-tree.ts";
import { placeText } from "./call-tree.ts";
import { escapeHtml, millisText } from "./report-text.ts";
import { SHADES } from "./report-style.ts";
import type { LoggedCollection } from "./memory-log.ts";
import type { Row } from "./summary.ts";
import { bytesText } from "./tables.ts";

/** Coordinates of the stretched pictures. */
const WIDTH = 1000, HEIGHT = 100;
const round = (value: number): string => String(Math.round(value * 100) / 100);

/** Live bytes after each collection, the size of the world, and the longest pause of each below. */
export function memoryChart(collections: readonly LoggedCollection[], elapsed: number): string {
  if (collections.length === 0) return "<p>No collection happened: the program allocated too little.</p>";
  const end = Math.max(elapsed, collections.at(-1)!.at, 0.001), top = Math.max(...collections.map(({ worldBytes }) => worldBytes)), longest = Math.max(...collections.map(({ pauseMs }) => pauseMs), 0.001);
  const x = (at: number): string => round((WIDTH * at) / end), y = (bytes: number): string => round(HEIGHT * (1 - bytes / top));
  const live = [`0,${HEIGHT}`, ...collections.map(({ at, reachedBytes }) => `${x(at)},${y(reachedBytes)}`)];
  const world = collections.map(({ at, worldBytes }, i) => `${i === 0 ? `0,${y(worldBytes)} ` : `${x(at)},${y(collections[i - 1]!.worldBytes)} `}${x(at)},${y(worldBytes)}`);
  const grid = [0, 25, 50, 75, 100].map((at) => `<line class="grid" x1="0" x2="${WIDTH}" y1="${at}" y2="${at}"/>`).join("");
  const pauses = collections.map(({ at, pauseMs }) => `<line class="pause" x1="${x(at)}" x2="${x(at)}" y1="${HEIGHT}" y2="${round(HEIGHT * (1 - pauseMs / longest))}"/>`).join("");
  return `<div class="key"><span style="color:var(--live)"><i></i>alive after a collection</span><span style="color:var(--world)"><i></i>size of the world</span><span style="color:var(--pause)"><i></i>longest pause of a collection</span></div>
<div class="plot"><div class="scale"><span style="top:0">${bytesText(top)}</span><span style="top:50%">${bytesText(top / 2)}</span><span style="top:100%">0</span></div>
${svg(`${grid}<polygon class="livearea" points="${live.join(" ")} ${x(collections.at(-1)!.at)},${HEIGHT}"/><polyline class="worldline" points="${world.join(" ")}"/><polyline class="liveline" points="${live.join(" ")}"/>`, "live bytes and size of the world over time")}</div>
<div class="plot low" style="margin-top:14px"><div class="scale"><span style="top:0">${millisText(longest)}</span><span style="top:100%">0</span></div>
${svg(`<line class="grid" x1="0" x2="${WIDTH}" y1="0" y2="0"/><line class="grid" x1="0" x2="${WIDTH}" y1="100" y2="100"/>${pauses}`, "longest pause of each collection over time")}
<div class="times"><span>0</span><span>${millisText(end / 2)}</span><span>${millisText(end)}</span></div></div>`;
}

const svg = (content: string, label: string): string => `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" preserveAspectRatio="none" role="img" aria-label="${label}">${content}</svg>`;

/** Calls that take less of the whole than this are left out. */
const LEAST = 0.0005;
const ROW_PIXELS = 21;

/** `weights`: by node, what it took itself. `text`: of a sum of weights. */
export function flameGraph(root: CallNode, weights: ReadonlyMap<CallNode, number>, text: (sum: number) => string): string {
  const sums = sumsOf(root, weights), all = sums.get(root)!, parts: string[] = [];
  if (all === 0) return "<p>Nothing was seen: the program was too short.</p>";
  let depth = 0;
  const draw = (node: CallNode, level: number, from: number): void => {
    const part = sums.get(node)! / all, name = level === 0 ? "all" : node.place.name;
    if (part < LEAST) return;
    depth = Math.max(depth, level + 1);
    const title = `${level === 0 ? "all" : placeText(node.place)}: ${text(sums.get(node)!)}, ${(100 * part).toFixed(1)} %; itself ${text(weights.get(node) ?? 0)}`;
    parts.push(`<button style="left:${round(100 * from)}%;width:${round(100 * part)}%;top:${level * ROW_PIXELS}px;background:${shadeOf(name)}" data-from="${from.toFixed(6)}" data-part="${part.toFixed(6)}" title="${escapeHtml(title)}">${escapeHtml(name)}</button>`);
    for (const child of [...node.children.values()].sort((a, b) => sums.get(b)! - sums.get(a)!)) {
      draw(child, level + 1, from);
      from += sums.get(child)! / all;
    }
  };
  draw(root, 0, 0);
  return `<div class="flame"><div style="height:${depth * ROW_PIXELS}px"></div>${parts.join("\n")}</div><p class="note">Point at a call for its figures; click to widen it, click on “all” to go back.</p>`;
}

/** What each node took with all below it. */
export function sumsOf(root: CallNode, weights: ReadonlyMap<CallNode, number>): Map<CallNode, number> {
  const sums = new Map<CallNode, number>();
  const add = (node: CallNode): number => {
    let sum = weights.get(node) ?? 0;
    for (const child of node.children.values()) sum += add(child);
    sums.set(node, sum);
    return sum;
  };
  add(root);
  return sums;
}

function shadeOf(name: string): string {
  let hash = 0;
  for (const c of name) hash = (Math.imul(hash, 31) + c.codePointAt(0)!) >>> 0;
  return SHADES[hash % SHADES.length]!;
}

/** Parts of the map that are too small to be seen go together. */
const MAP_LEAST = 0.01;

/** Rectangles as large as what each row takes, halved again and again by weight. */
export function mapByKind(rows: readonly Row[]): string {
  const all = rows.reduce((sum, { bytes }) => sum + bytes, 0), shown = rows.filter(({ bytes }) => bytes >= MAP_LEAST * all), rest = rows.filter(({ bytes }) => bytes < MAP_LEAST * all);
  if (rest.length > 0) shown.push({ name: `${rest.length} other kinds`, count: rest.reduce((sum, { count }) => sum + count, 0), bytes: rest.reduce((sum, { bytes }) => sum + bytes, 0) });
  return `<div class="map">${areas(shown, { x: 0, y: 0, w: 100, h: 100 }, 0).join("")}</div>`;
}

interface Area { readonly x: number; readonly y: number; readonly w: number; readonly h: number }

/** A picture is some three times as wide as high; on a phone about once. */
const ASPECT = 2;

function areas(rows: readonly Row[], { x, y, w, h }: Area, first: number): string[] {
  if (rows.length === 0) return [];
  if (rows.length === 1) {
    const [row] = rows, title = `${row!.name}: ${bytesText(row!.bytes)} in ${row!.count}`;
    return [`<div style="left:${round(x)}%;top:${round(y)}%;width:${round(w)}%;height:${round(h)}%;background:${SHADES[first % SHADES.length]}" title="${escapeHtml(title)}">${escapeHtml(row!.name)}<small>${bytesText(row!.bytes)}</small></div>`];
  }
  const all = rows.reduce((sum, { bytes }) => sum + bytes, 0);
  let split = 1, part = rows[0]!.bytes;
  while (split < rows.length - 1 && part + rows[split]!.bytes <= all / 2) part += rows[split++]!.bytes;
  const share = all === 0 ? 0.5 : part / all, left = rows.slice(0, split), right = rows.slice(split);
  return ASPECT * w >= h
    ? [...areas(left, { x, y, w: w * share, h }, first), ...areas(right, { x: x + w * share, y, w: w * (1 - share), h }, first + split)]
    : [...areas(left, { x, y, w, h: h * share }, first), ...areas(right, { x, y: y + h * share, w, h: h * (1 - share) }, first + split)];
}
