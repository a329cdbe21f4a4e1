// The frames of the stacks, as parts of them: every slot belongs to one frame or lies below the first.

import { stackBase } from "../../heap/cells/stack.ts";
import { recordItem } from "../../heap/cells/record.ts";
import { Stack } from "../../heap/layout.ts";
import { Root } from "../../heap/roots.ts";
import { cellIn, kindOf } from "../../heap/trace.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { codeOf, linkDistance, linkPc } from "../vm/stack.ts";
import { TaskItem } from "../vm/task-cells.ts";
import type { CellSet } from "./cell-set.ts";
import type { WorldView } from "./world-view.ts";

export interface Frame {
  readonly code: number;
  /** Past the first word of the instruction it is at. */
  readonly pc: number;
  /** Slot of its function; register 0 is two further. */
  readonly from: number;
  readonly to: number;
}

export interface FrameList {
  /** The Stack cell. */
  readonly stack: number;
  readonly base: number;
  /** Innermost first. */
  readonly frames: readonly Frame[];
  /** Slots from the base on that belong to no frame. */
  readonly rest: number;
}

/** The stacks with frames on them: that of the running task first, if there is one, then those of tasks that wait. */
export function stacksOf(view: WorldView, cells: CellSet): FrameList[] {
  const { mem } = view, lists: FrameList[] = [], running = view.stack.top === 0 ? 0 : mem.rootCell(Root.Stack);
  if (running !== 0) lists.push(framesOf(view, running, view.stack.base, view.stack.top, view.fp, view.pc));
  cells.each((addr) => {
    if (kindOf(mem, addr) !== CellKind.Task) return;
    const stack = cellIn(mem, recordItem(addr, TaskItem.Stack));
    if (stack === 0 || stack === running || kindOf(mem, stack) !== CellKind.Stack) return;
    lists.push(framesOf(view, stack, stackBase(stack), mem.word(stack + Stack.Top), mem.lo(recordItem(addr, TaskItem.Fp)), mem.lo(recordItem(addr, TaskItem.Pc))));
  });
  return lists;
}

function framesOf({ mem }: WorldView, stack: number, base: number, top: number, fp: number, pc: number): FrameList {
  const frames: Frame[] = [];
  let to = top;
  while (fp - 2 >= base && fp <= to && mem.hi(fp - 2) === CellHi.Closure) {
    const distance = linkDistance(mem, fp);
    frames.push({ code: codeOf(mem, fp), pc, from: fp - 2, to });
    to = fp - 2;
    if (distance === 0) break;
    pc = linkPc(mem, fp);
    fp -= distance;
  }
  return { stack, base, frames, rest: to - base };
}
