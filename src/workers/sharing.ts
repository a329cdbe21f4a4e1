// Which tasks have raw memory in common with others, on threads of their own. A task that reaches a pointer would have to stay in the
// VM; if nothing speaks against it, the memory is moved to where threads can share it (heap/shared-buffers.ts), and the task reads,
// writes and does atomic operations there itself.
//
// Such a task cannot begin anew in the VM, for what it did is done. So it must not be able to come to what would bring it back: no
// channels, no functions among what it could leave behind, no buffers, whose bytes lie in the memory of its own world.

import type { CompiledFunction } from "../bytecode/code.ts";
import type { SharedRaw } from "../../heap/shared-buffers.ts";
import type { Vm } from "../vm/vm.ts";
import { observes } from "./observing.ts";
import { type Reach, reachOf } from "./packing.ts";
import { factsOf } from "./purity.ts";
import type { TaskProgram } from "./task-program.ts";
import { NotMovable } from "./values.ts";

export class Sharing {
  readonly #observes = new Map<CompiledFunction, boolean>();

  constructor(readonly vm: Vm, readonly program: TaskProgram) {}

  /** Whether any task may need memory of others. */
  get isPossible(): boolean { return this.program.touchesMemory || this.vm.raw.isUsed; }

  /** The memory that a task is given; null when it needs none, or can do without: the VM then does its atomic operations. Throws NotMovable. */
  memoryFor(task: number): SharedRaw | null {
    const { vm, program } = this;
    if (!this.isPossible) return null;
    const reach = reachOf(vm, task, program), touches = reach.functions.map(({ compiled }) => factsOf(compiled).touches).find((each) => each !== null) ?? null;
    const obstacle = reach.pointers === 0 ? "no pointer" : this.#obstacle(program.entryOf(task).compiled, reach), memory = obstacle === null ? vm.raw.share() : null;
    if (memory === null && touches !== null) throw new NotMovable(`${touches}, and ${obstacle ?? "memory that no thread can share"}`);
    return memory;
  }

  #obstacle(entry: CompiledFunction, { functions, channels, buffers, functionValues, nativeValues }: Reach): string | null {
    if (channels > 0) return "a channel";
    if (buffers > 0) return "a buffer";
    const isHandedOn = functions.some(({ compiled }) => {
      const { handsOn, makesFunctions } = factsOf(compiled);
      return makesFunctions || [...handsOn].some((name) => this.program.functionIn(name) !== null);
    });
    if (functionValues + nativeValues > 0 || isHandedOn) return "a function that is a value";
    return this.#shows(entry) ? "an answer of an atomic operation that it shows" : null;
  }

  #shows(entry: CompiledFunction): boolean {
    const known = this.#observes.get(entry) ?? observes(entry, (name) => this.program.functionIn(name));
    this.#observes.set(entry, known);
    return known;
  }
}
