// Builds the graph of a world: which cells live, then node by node its name and its edges.

import { Buf, Closure } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { cellIn, kindOf, sizeOf } from "../../heap/trace.ts";
import { CellKind } from "../../heap/value.ts";
import { Header } from "../../heap/world-layout.ts";
import type { WorldView } from "./world-view.ts";
import { CellEdges } from "./cell-edges.ts";
import type { CellSet } from "./cell-set.ts";
import { edgeLabel, ROOT, type HeapGraph, type NodeLocation } from "./graph.ts";
import { GrowingWords } from "./growing.ts";
import { Names } from "./names.ts";
import { EdgeType, NODE_KINDS, NodeType } from "./node-kinds.ts";
import { plainIds, RAW_MEMORY_ID, type NumberCells } from "./object-ids.ts";
import { reach } from "./reach.ts";
import { ROOT_GROUPS, rootInfo, USER_GROUPS, type RootGroup } from "./root-groups.ts";
import { stacksOf, type Frame, type FrameList } from "./stack-frames.ts";

const GC_ROOTS = 1, FIRST_GROUP = 2, FIRST_FRAME = FIRST_GROUP + ROOT_GROUPS.length;
const groupNode = (group: RootGroup): number => FIRST_GROUP + ROOT_GROUPS.indexOf(group);

/** The graph of all that lives in a world. `numberCells`: where the ids come from; by default they hold for this graph only. */
export const buildGraph = (view: WorldView, numberCells: NumberCells = plainIds): HeapGraph => new Builder(view, numberCells).build();

/** Raw memory that a buffer owns, or (buffer 0) all that none does. */
interface Region { readonly buffer: number; readonly bytes: number }

class Builder {
  readonly #names: Names;
  readonly #cells: CellSet;
  readonly #stacks: readonly FrameList[];
  /** All frames of all stacks. */
  readonly #frames: readonly Frame[];
  readonly #regions: readonly Region[];
  readonly #firstRegion: number;
  readonly #firstCell: number;
  readonly #nodes;
  readonly #labels = new GrowingWords();
  readonly #targets = new GrowingWords();
  readonly #locations: NodeLocation[] = [];
  /** Values of weak maps by the addresses of their keys. */
  readonly #entries = new Map<number, number[]>();
  readonly #edges: CellEdges;

  constructor(private readonly view: WorldView, numberCells: NumberCells) {
    const { mem } = view, names = this.#names = new Names(view), { cells, owned, entries } = reach(view);
    this.#cells = cells;
    this.#stacks = stacksOf(view, cells);
    this.#frames = this.#stacks.flatMap(({ frames }) => frames);
    this.#regions = regionsOf(view, cells);
    this.#firstRegion = FIRST_FRAME + this.#frames.length;
    this.#firstCell = this.#firstRegion + this.#regions.length;
    this.#nodes = newNodes(this.#firstCell + cells.size);
    this.#nodes.ids.set(numberCells(cells), this.#firstCell);
    for (const { key, value } of entries) this.#entries.set(key, [...(this.#entries.get(key) ?? []), value]);
    this.#edges = new CellEdges(view, names, {
      isOwned: (slots) => owned.has(slots), globals: mem.rootCell(Root.Globals), handles: mem.rootCell(Root.Handles),
      nameBox: (box, name) => { this.#nodes.names[this.#nodeOf(box)] = names.of(`variable ${names.texts[name]}`); },
    }, (type, name, target) => this.#edge(type, name, this.#nodeOf(target)));
  }

  #nodeOf(addr: number): number { return this.#firstCell + this.#cells.rank(addr); }

  #edge(type: EdgeType, name: number, target: number): void {
    this.#labels.push(edgeLabel(type, name));
    this.#targets.push(target);
  }

  build(): HeapGraph {
    // All nodes first: closures name the boxes they carry.
    this.#synthetic();
    this.#cellNodes();
    this.#rootEdges();
    this.#frameEdges();
    this.#regions.forEach((_, i) => this.#begin(this.#firstRegion + i));
    this.#cellEdges();
    const nodes = this.#nodes;
    nodes.firstEdge[nodes.types.length] = this.#labels.length;
    return {
      nodeCount: nodes.types.length, edgeCount: this.#labels.length, ...nodes, edgeLabels: this.#labels.items, edgeTargets: this.#targets.items,
      texts: this.#names.texts, locations: this.#locations, firstCell: this.#firstCell, sources: this.view.sources.map(({ name }) => name),
    };
  }

  /** The edges added from here on are those of the node. */
  #begin(node: number): void { this.#nodes.firstEdge[node] = this.#labels.length; }

  #node(node: number, type: NodeType, name: number, id: number, size = 0): void {
    const { types, names, ids, sizes } = this.#nodes;
    types[node] = type;
    names[node] = name;
    ids[node] = id;
    sizes[node] = size;
  }

  #synthetic(): void {
    const names = this.#names, odd = (node: number): number => 2 * node + 1;
    this.#node(ROOT, NodeType.Synthetic, names.of(""), odd(ROOT));
    this.#node(GC_ROOTS, NodeType.Synthetic, names.of("(GC roots)"), odd(GC_ROOTS));
    for (const group of ROOT_GROUPS) this.#node(groupNode(group), NodeType.Synthetic, names.of(group), odd(groupNode(group)));
    this.#frames.forEach(({ code, pc }, i) => this.#node(FIRST_FRAME + i, NodeType.Object, names.ofFrame(code, pc), 2 * (i + 1)));
    this.#regions.forEach(({ buffer, bytes }, i) => {
      const id = buffer === 0 ? odd(FIRST_FRAME) : this.#nodes.ids[this.#nodeOf(buffer)]! + RAW_MEMORY_ID;
      this.#node(this.#firstRegion + i, NodeType.Native, names.of("raw memory"), id, bytes);
    });
  }

  #cellNodes(): void {
    const { mem } = this.view, { types, names, sizes, kinds, addresses } = this.#nodes, globals = mem.rootCell(Root.Globals);
    let node = this.#firstCell;
    this.#cells.each((addr) => {
      const kind = kindOf(mem, addr);
      types[node] = addr === globals ? NodeType.Object : NODE_KINDS[kind].type;
      names[node] = addr === globals ? this.#names.of("Globals") : this.#names.ofCell(addr);
      sizes[node] = sizeOf(mem, addr);
      kinds[node] = kind;
      addresses[node] = addr;
      if (kind === CellKind.Closure || kind === CellKind.Code) this.#locate(node, addr, kind);
      node++;
    });
  }

  #locate(node: number, addr: number, kind: CellKind): void {
    const code = kind === CellKind.Code ? addr : this.view.mem.word(addr + Closure.Code), place = code === 0 ? null : this.#names.placeOf(code);
    if (place !== null) this.#locations.push({ node, ...place });
  }

  #rootEdges(): void {
    const { mem } = this.view, roots: { readonly root: number; readonly cell: number }[] = [];
    for (let root = 0; root < Header.RootCount; root++) {
      const cell = cellIn(mem, mem.rootSlot(root));
      if (cell !== 0) roots.push({ root, cell });
    }
    this.#begin(ROOT);
    this.#edge(EdgeType.Element, 1, GC_ROOTS);
    for (const { root, cell } of roots) {
      const { name, group } = rootInfo(root);
      if (USER_GROUPS.includes(group)) this.#edge(EdgeType.Shortcut, this.#names.of(name), this.#nodeOf(cell));
    }
    this.#begin(GC_ROOTS);
    ROOT_GROUPS.forEach((group, i) => this.#edge(EdgeType.Element, i + 1, groupNode(group)));
    for (const group of ROOT_GROUPS) {
      this.#begin(groupNode(group));
      for (const { root, cell } of roots) if (rootInfo(root).group === group) this.#edge(EdgeType.Internal, this.#names.of(rootInfo(root).name), this.#nodeOf(cell));
      const region = this.#regions.findIndex(({ buffer }) => buffer === 0);
      if (group === "(Raw memory)" && region >= 0) this.#edge(EdgeType.Internal, this.#names.of("pointers"), this.#firstRegion + region);
    }
  }

  /** What a call holds: its function, and the values in its registers. */
  #frameEdges(): void {
    const { mem } = this.view;
    this.#frames.forEach(({ from, to }, i) => {
      this.#begin(FIRST_FRAME + i);
      this.#edge(EdgeType.Internal, this.#names.of("function"), this.#nodeOf(cellIn(mem, from)));
      for (let slot = from + 2; slot < to; slot++) {
        const cell = cellIn(mem, slot);
        if (cell !== 0) this.#edge(EdgeType.Context, this.#names.of(`r${slot - from - 2}`), this.#nodeOf(cell));
      }
    });
  }

  /** A stack: its frames, the first of which has this number, and what lies below the outermost. */
  #stackEdges({ base, frames, rest }: FrameList, first: number): void {
    const { mem } = this.view;
    for (let i = 0; i < frames.length; i++) this.#edge(EdgeType.Element, i, FIRST_FRAME + first + i);
    for (let i = 0; i < rest; i++) {
      const cell = cellIn(mem, base + i);
      if (cell !== 0) this.#edge(EdgeType.Hidden, i, this.#nodeOf(cell));
    }
  }

  #cellEdges(): void {
    const { addresses, kinds } = this.#nodes, stacks = new Map<number, () => void>(), regions = new Map(this.#regions.map(({ buffer }, i) => [buffer, this.#firstRegion + i]));
    let first = 0;
    for (const list of this.#stacks) {
      const from = first;
      stacks.set(list.stack, () => this.#stackEdges(list, from));
      first += list.frames.length;
    }
    for (let node = this.#firstCell; node < addresses.length; node++) {
      const addr = addresses[node]!, addStack = kinds[node] === CellKind.Stack ? stacks.get(addr) : undefined;
      this.#begin(node);
      if (addStack === undefined) this.#edges.of(addr);
      else addStack();
      for (const value of this.#entries.get(addr) ?? []) this.#edge(EdgeType.Internal, this.#names.of("value in weak map"), this.#nodeOf(value));
      const region = kinds[node] === CellKind.Buffer ? regions.get(addr) : undefined;
      if (region !== undefined) this.#edge(EdgeType.Internal, this.#names.of("memory"), region);
    }
  }
}

const newNodes = (count: number) => ({
  types: new Uint8Array(count), kinds: new Uint8Array(count), names: new Uint32Array(count), sizes: new Uint32Array(count),
  ids: new Float64Array(count), addresses: new Uint32Array(count), firstEdge: new Uint32Array(count + 1),
});

/** Raw memory by the buffers that own it, and what is left for pointers. */
function regionsOf(view: WorldView, cells: CellSet): Region[] {
  const { mem } = view, regions: Region[] = [];
  let owned = 0;
  for (let buffer = mem.word(Header.Buffers); buffer !== 0; buffer = mem.word(buffer + Buf.NextBuffer)) {
    const bytes = mem.word(buffer + Buf.Length);
    if (mem.word(buffer + Buf.Freed) !== 0 || !cells.has(buffer) || bytes <= 0) continue;
    regions.push({ buffer, bytes });
    owned += bytes;
  }
  if (view.rawBytes > owned) regions.push({ buffer: 0, bytes: view.rawBytes - owned });
  return regions;
}
