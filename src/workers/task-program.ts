// The program whose tasks run in workers: which functions may, and which globals can be sent along, as far as that is the same for
// all tasks.

import { closureCode } from "../../heap/cells/closure.ts";
import { elementSlot } from "../../heap/cells/array.ts";
import { GlobalFlag } from "../../heap/layout.ts";
import { CellHi, Hi, Tag } from "../../heap/value.ts";
import type { CompiledFunction } from "../bytecode/code.ts";
import { globalFlags, globalValueSlot } from "../vm/globals.ts";
import { itemSlot, TaskItem } from "../vm/task-cells.ts";
import type { Vm } from "../vm/vm.ts";
import { factsOf, isHarmlessLibrary } from "./purity.ts";
import { NotMovable } from "./values.ts";

/** What became a code cell. */
export interface Linked { readonly id: number; readonly compiled: CompiledFunction; readonly source: number }

export class TaskProgram {
  readonly #linked = new Map<number, Linked>();
  /** Globals that some function of the program assigns, or defines though the library has them. */
  readonly #assigned = new Set<string>();
  readonly #defined = new Set<string>();
  /** No function of the program writes into strings. */
  stringsAreFixed = true;
  /** Some function of the program works on memory. */
  touchesMemory = false;

  constructor(readonly vm: Vm) {}

  linked(code: number, linked: Linked): void {
    const facts = factsOf(linked.compiled);
    this.#linked.set(code, linked);
    for (const name of facts.assigns) this.#assigned.add(name);
    for (const name of facts.defines) this.#defined.add(name);
    if (facts.writesIndex) this.stringsAreFixed = false;
    if (facts.touches !== null) this.touchesMemory = true;
  }

  /** The function that a task begins with. Throws NotMovable. */
  entryOf(task: number): Linked {
    const { heap } = this.vm, start = heap.lo(itemSlot(task, TaskItem.Start));
    return this.movable(closureCode(heap, heap.lo(elementSlot(heap, start, 0))));
  }

  /** Throws NotMovable for a code cell that may not run elsewhere. */
  movable(code: number): Linked {
    const linked = this.#linked.get(code);
    if (linked === undefined) throw new NotMovable("a function of the library, or of an image");
    const { obstacle } = factsOf(linked.compiled);
    if (obstacle !== null) throw new NotMovable(obstacle);
    return linked;
  }

  /** Whether the value of a global has to be sent along, which the library of the other world does not have; throws NotMovable when it may change. */
  isSent(name: string): boolean {
    if (name.startsWith("$")) {
      if (!isHarmlessLibrary(name)) throw new NotMovable(`${name}() of the library`);
      return false;
    }
    const { vm } = this, cell = vm.globals.find(name), isLibrary = cell !== 0 && (globalFlags(vm.heap, cell) & GlobalFlag.Library) !== 0;
    if (cell === 0 || this.#assigned.has(name) || (isLibrary && this.#defined.has(name))) throw new NotMovable(`the global variable ${name}, which may change`);
    const hi = vm.heap.hi(globalValueSlot(cell));
    if (hi === Hi.Hole) throw new NotMovable(`the global variable ${name}, which is not defined yet`);
    if (isLibrary && (hi & Tag.Mask) === Tag.Cell) throw new NotMovable(`${name} of the library`);
    return !isLibrary;
  }

  /** The function of the program that a global holds; null for anything else. */
  functionIn(name: string): CompiledFunction | null {
    const { heap, globals } = this.vm, cell = globals.find(name), slot = cell === 0 ? 0 : globalValueSlot(cell);
    return slot === 0 || heap.hi(slot) !== CellHi.Closure ? null : this.#linked.get(closureCode(heap, heap.lo(slot)))?.compiled ?? null;
  }
}
