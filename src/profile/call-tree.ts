// Who called whom: the stacks that profilers saw, as a tree. A place is a line of a function, or the whole of one; a node is a
// place with the calls that led there. Library functions in bytecode are left out, so what they do counts for their caller.

import { textOf } from "../../heap/cells/string.ts";
import { Code, ParamFlag } from "../../heap/layout.ts";
import { CellHi } from "../../heap/value.ts";
import { codeOf, findSpan, linkDistance, linkPc } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";

export interface Place {
  readonly name: string;
  /** Index of the source in the VM's list, and its name; -1 and "" for none. */
  readonly sourceId: number;
  readonly source: string;
  /** 1-based; 0 when not known. */
  readonly line: number;
  readonly column: number;
}

export interface CallNode {
  readonly id: number;
  readonly place: Place;
  readonly parent: CallNode | null;
  readonly children: Map<Place, CallNode>;
}

/** Innermost frames of a deeper stack that are kept; the rest of it hangs on the root. */
const DEPTH = 100;
const ROOT: Place = { name: "(root)", sourceId: -1, source: "", line: 0, column: 0 };

export class CallTree {
  readonly root: CallNode = { id: 1, place: ROOT, parent: null, children: new Map() };
  readonly nodes: CallNode[] = [this.root];
  /** Line of the innermost frame that was seen last, 0 for none. */
  line = 0;
  readonly #vm: Vm;
  readonly #places = new Map<string, Place>();
  /** Places by pc, as long as no code can have been replaced: until the next collection. */
  readonly #known = new Map<number, { readonly place: Place | null; readonly line: number }>();
  readonly #stack: Place[] = [];

  /** `byLine`: a place is a line; else a function, with the line where it begins. */
  constructor(vm: Vm, readonly byLine: boolean) {
    this.#vm = vm;
  }

  /** To be called when a collection ended: code may have died. */
  forgetCode(): void { this.#known.clear(); }

  /** The node of the present stack. `pc`: inside the running instruction. */
  here(pc: number): CallNode {
    const { heap, fp: running } = this.#vm, stack = this.#stack;
    let count = 0;
    this.line = 0;
    for (let fp = running; fp > 0 && count < DEPTH && heap.hi(fp - 2) === CellHi.Closure;) {
      const { place, line } = this.#look(codeOf(heap, fp), pc), distance = linkDistance(heap, fp);
      if (place !== null) {
        if (count === 0) this.line = line;
        stack[count++] = place;
      }
      if (distance === 0) break;
      pc = linkPc(heap, fp) - 1;
      fp -= distance;
    }
    let node = this.root;
    while (count > 0) node = this.#child(node, stack[--count]!);
    return node;
  }

  #child(parent: CallNode, place: Place): CallNode {
    let node = parent.children.get(place);
    if (node === undefined) {
      node = { id: this.nodes.length + 1, place, parent, children: new Map() };
      parent.children.set(place, node);
      this.nodes.push(node);
    }
    return node;
  }

  #look(code: number, pc: number): { readonly place: Place | null; readonly line: number } {
    let known = this.#known.get(pc);
    if (known === undefined) this.#known.set(pc, known = this.#resolve(code, pc));
    return known;
  }

  #resolve(code: number, pc: number): { readonly place: Place | null; readonly line: number } {
    const { heap, sources } = this.#vm;
    if ((heap.word(code + Code.ParamFlags) & ParamFlag.Library) !== 0) return { place: null, line: 0 };
    const sourceId = heap.word(code + Code.SourceId), source = sources[sourceId], span = findSpan(heap, code, pc), begin = findSpan(heap, code, heap.word(code + Code.EntryPc));
    const at = source === undefined || span === null ? { line: 0, column: 0 } : source.position(span.start);
    const from = source === undefined || begin === null ? { line: 0, column: 0 } : source.position(begin.start);
    const { line, column } = this.byLine ? { line: at.line, column: 1 } : from;
    return { place: this.#place(textOf(heap, heap.word(code + Code.Name)), source === undefined ? -1 : sourceId, source?.name ?? "", line, column), line: at.line };
  }

  #place(name: string, sourceId: number, source: string, line: number, column: number): Place {
    const key = `${sourceId}:${line}:${column}:${name}`;
    let place = this.#places.get(key);
    if (place === undefined) this.#places.set(key, place = { name, sourceId, source, line, column });
    return place;
  }
}

/** The place in words, such as `walk (tree.hml:12)`. */
export const placeText = ({ name, source, line }: Place): string => (source === "" ? name : `${name} (${source}${line === 0 ? "" : `:${line}`})`);

/** Places from the outermost to the node's own. */
export function pathOf(node: CallNode): Place[] {
  const path: Place[] = [];
  for (let at: CallNode = node; at.parent !== null; at = at.parent) path.push(at.place);
  return path.reverse();
}

/** Prefix of DevTools for what they show as a script of its own. */
export const callFrame = ({ name, sourceId, source, line, column }: Place): { functionName: string; scriptId: string; url: string; lineNumber: number; columnNumber: number } =>
  ({ functionName: name, scriptId: String(sourceId + 1), url: source, lineNumber: Math.max(line, 1) - 1, columnNumber: Math.max(column, 1) - 1 });
