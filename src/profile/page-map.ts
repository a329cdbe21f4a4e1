// The world page by page: what each holds, and how much of it lives. As text for terminals, as SVG for people.

import { sizeOf } from "../../heap/trace.ts";
import { Header, PageState, World } from "../../heap/world-layout.ts";
import type { WorldView } from "./world-view.ts";
import { reach } from "./reach.ts";

export type PageUse = "system" | "cells" | "large" | "free" | "reserve";
const USES: { readonly [S in PageState]: PageUse } = {
  [PageState.Free]: "free", [PageState.System]: "system", [PageState.Block]: "cells", [PageState.BlockRest]: "cells",
  [PageState.Large]: "large", [PageState.LargeRest]: "large", [PageState.Reserve]: "reserve",
};

export interface PageInfo { readonly use: PageUse; /** Bytes of live cells in it. */ readonly live: number }

export interface PageMap {
  readonly pages: readonly PageInfo[];
  readonly pageBytes: number;
  readonly liveBytes: number;
  /** Part of the pages with cells that no live cell takes, 0 to 1: what dead cells, gaps and line tables cost. */
  readonly fragmentation: number;
}

export function pageMap(view: WorldView): PageMap {
  const { mem } = view, count = mem.word(Header.PageCount), table = mem.word(Header.PageTable), live = new Float64Array(count);
  reach(view).cells.each((addr) => {
    const end = addr + sizeOf(mem, addr);
    for (let at = addr; at < end;) {
      const page = at >> World.PageShift, next = Math.min(end, (page + 1) << World.PageShift);
      live[page]! += next - at;
      at = next;
    }
  });
  const pages = Array.from({ length: count }, (_, page) => ({ use: USES[mem.u8[table + page]! as PageState], live: live[page]! }));
  const liveBytes = live.reduce((sum, bytes) => sum + bytes, 0), taken = pages.filter(({ use }) => use === "cells" || use === "large").length;
  return { pages, pageBytes: World.PageBytes, liveBytes, fragmentation: taken === 0 ? 0 : 1 - liveBytes / (taken * World.PageBytes) };
}

/** A page's character: blocks fill up as it does. */
const SHADES = "·▁▂▃▄▅▆▇█";
const SIGNS: { readonly [U in PageUse]: string | null } = { free: " ", reserve: "r", system: "s", large: null, cells: null };

/** One character for each page, or for as many as it takes to need no more than `rows` lines. */
export function pageMapText(map: PageMap, columns = 64, rows = 32): string {
  const each = Math.max(1, Math.ceil(map.pages.length / (columns * rows))), lines: string[] = [];
  for (let from = 0; from < map.pages.length; from += columns * each) {
    let line = "";
    for (let page = from; page < Math.min(from + columns * each, map.pages.length); page += each) line += signOf(map, map.pages.slice(page, page + each));
    lines.push(`${address(from * map.pageBytes)} │${line.padEnd(columns)}│`);
  }
  // A long end that is free says nothing.
  const blank = lines.findLastIndex((line) => !/│ +│$/.test(line)) + 1;
  if (lines.length - blank > 2) lines.splice(blank, lines.length, `… ${lines.length - blank} lines free …`);
  const scale = `one character: ${each * map.pageBytes >> 10} KiB; ${SHADES} by bytes alive, blank free, s system, r reserve`;
  return [...lines, scale, `${(100 * map.fragmentation).toFixed(1)} % of the pages with cells is not alive`].join("\n");
}

function signOf({ pageBytes }: PageMap, pages: readonly PageInfo[]): string {
  const taken = pages.filter(({ use }) => use === "cells" || use === "large");
  if (taken.length === 0) return SIGNS[pages[0]!.use]!;
  const part = taken.reduce((sum, { live }) => sum + live, 0) / (pages.length * pageBytes);
  return SHADES[part === 0 ? 0 : Math.max(1, Math.round(part * (SHADES.length - 1)))]!;
}

const address = (at: number): string => `0x${at.toString(16).padStart(8, "0")}`;

/** Side of a page's square, and of a row of them, in SVG units. */
const SIDE = 8, PER_ROW = 96;
/** Colours that can be told apart on light and dark grounds, also by those who do not see red or green. */
const COLOURS: { readonly [U in PageUse]: string } = { system: "#7f7f7f", cells: "#0072b2", large: "#e69f00", free: "none", reserve: "#bcbd22" };

/** The map as a picture that needs nothing else: squares by use, filled as far as they are alive. */
export function pageMapSvg(map: PageMap): string {
  const rows = Math.ceil(map.pages.length / PER_ROW), width = PER_ROW * SIDE, height = rows * SIDE;
  const squares = map.pages.map(({ use, live }, page) => {
    const x = (page % PER_ROW) * SIDE, y = Math.floor(page / PER_ROW) * SIDE, colour = COLOURS[use], inner = SIDE - 1;
    const outline = `<rect x="${x}" y="${y}" width="${inner}" height="${inner}" fill="${colour}" fill-opacity="${use === "free" ? 0 : 0.25}" stroke="#999" stroke-width="0.25"><title>${pageTitle(map, page)}</title></rect>`;
    const filled = use === "cells" || use === "large" ? Math.round((inner * 10 * live) / map.pageBytes) / 10 : 0;
    return filled === 0 ? outline : `${outline}<rect x="${x}" y="${y + inner - filled}" width="${inner}" height="${filled}" fill="${colour}" pointer-events="none"/>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="heap, page by page">\n${squares.join("\n")}\n</svg>\n`;
}

const pageTitle = (map: PageMap, page: number): string => `${address(page * map.pageBytes)}: ${map.pages[page]!.use}, ${map.pages[page]!.live} of ${map.pageBytes} bytes alive`;
