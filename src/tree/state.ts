// The state of one run of the tree engine, and the one recursive step everything is made of.
//
// Rules
// 1. `eval(node, dst)` leaves the value in slot dst when it answers Normal. dst is never the slot of a variable, so half
//    computed values are never seen. On any other completion dst is undefined.
// 2. Temporaries come from `alloc`, which moves `top`; whoever allocates restores `top` on Normal. On other completions and
//    on exceptions nobody does: whoever catches them (loop, labelled block, switch, try, call) restores the state it saved.
// 3. A value not in a slot below `top` is not seen by the collector: store cells before the next allocation.
// 4. Views of the heap are read again after every call that may allocate; this engine keeps none in locals.
// 5. Running out of JavaScript stack is never relied upon: `depth` counts nested steps and raises the guest error first.

import type { Heap } from "../../heap/heap.ts";
import type { Label, Node } from "../ir/nodes.ts";
import { UnsupportedByEngine } from "../vm/errors.ts";
import { SCRATCH_SLOTS } from "../vm/native.ts";
import { clearSlots, runsLisp, STACK_OVERFLOW } from "../vm/stack.ts";
import type { Vm } from "../vm/vm.ts";
import type { FrameLayout } from "./frames.ts";
import type { TreeWorld } from "./world.ts";

/** Steps for the handlers of an overflow. */
const KEPT_STEPS = 400;

/** How the evaluation of a node ended. */
export const enum Completion {
  Normal = 0,
  /** On the way to the construct labelled `state.target`; a break's value is in the completion slot. */
  Break, Continue,
  /** The value is in the completion slot. */
  Return,
  /** The call described by `state.tail` replaces this frame. */
  TailCall,
}

export type Evaluator<N> = (state: TreeState, node: N, dst: number) => Completion;

/** A pending tail call: a call window at the top of the frame that is about to end. */
export interface TailCall { window: number; argc: number; /** Cell of the argument names, 0 for none. */ names: number; site: Node }

export abstract class TreeState {
  readonly heap: Heap;
  fp = 0;
  /** First slot not in use. */
  top = 0;
  layout!: FrameLayout;
  /** Where Break and Continue are going. */
  target: Label | null = null;
  readonly tail: TailCall;
  /** Nested JavaScript steps in use; see rule 5. */
  depth = 0;
  /** Steps beyond which calls are an overflow: some of `maxSteps` are kept for its handlers. */
  callSteps: number;
  /** The node being evaluated, for error messages: set before every operation that can throw. */
  at: Node;
  /** Call node of each guest frame, indexed by the number in its link. */
  readonly sites: Node[] = [];

  constructor(
    readonly vm: Vm,
    readonly world: TreeWorld,
    readonly maxSteps: number,
    /** Frames must end below this slot: the stack does not move while this engine runs, so it cannot grow. */
    readonly stackEnd: number,
    start: Node,
  ) {
    this.heap = vm.heap;
    this.callSteps = maxSteps - Math.min(KEPT_STEPS, maxSteps >> 2);
    this.at = start;
    this.tail = { window: 0, argc: 0, names: 0, site: start };
  }

  /** The one recursive step (rule 1); see evaluate.ts. */
  abstract eval(node: Node, dst: number): Completion;

  /** One unit of fuel for a call or another round of a loop. */
  useFuel(): void {
    if (--this.vm.fuel < 0) throw new UnsupportedByEngine("tree", "pause: out of fuel ends the run");
  }

  /** First of `count` fresh temporaries. */
  alloc(count: number): number {
    const slot = this.top;
    this.setTop(slot + count);
    return slot;
  }

  /** Moves the top up, telling the collector how far to scan; natives use some slots beyond it. */
  setTop(top: number): void {
    this.top = top;
    if (top > this.stackEnd) this.overflow();
    this.vm.nativeTop = top + SCRATCH_SLOTS;
  }

  /** Slot that carries the value of a Return or Break of the running frame. */
  get completionSlot(): number {
    return this.fp + this.layout.completion;
  }

  /** Does work, for handlers of an overflow, that may use the steps kept back for them. */
  aboveLimit(work: () => void): void {
    const limit = this.callSteps;
    this.callSteps = this.maxSteps;
    if (this.vm.depth >= this.vm.maxDepth) this.vm.lendFrames();
    try {
      work();
    } finally {
      this.callSteps = limit;
    }
  }

  overflow(): never {
    this.vm.throwError(runsLisp(this.vm) ? this.vm.rules.stackOverflow : STACK_OVERFLOW);
  }
}

/** What a construct that catches exceptions or completions must put back. */
export interface Mark { readonly fp: number; readonly top: number; readonly layout: FrameLayout; readonly frames: number; readonly depth: number }

export const mark = (state: TreeState): Mark =>
  ({ fp: state.fp, top: state.top, layout: state.layout, frames: state.vm.depth, depth: state.depth });

export function restore(state: TreeState, saved: Mark): void {
  state.fp = state.vm.fp = saved.fp;
  state.layout = saved.layout;
  state.vm.depth = saved.frames;
  state.vm.settleFrames();
  state.depth = saved.depth;
  state.setTop(saved.top);
  // What the abandoned frames left in the scratch slots must not stay alive: memory may have run out because of it.
  clearSlots(state.heap, saved.top, saved.top + SCRATCH_SLOTS);
}
