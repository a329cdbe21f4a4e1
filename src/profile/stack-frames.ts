// The frames of the running stack, as parts of it: every slot belongs to one frame or lies below the first.

import { linkDistance, linkPc, codeOf } from "../vm/stack.ts";
import type { WorldView } from "./world-view.ts";
import { CellHi } from "../../heap/value.ts";

export interface Frame {
  readonly code: number;
  /** Past the first word of the instruction it is at. */
  readonly pc: number;
  /** Slot of its function; register 0 is two further. */
  readonly from: number;
  readonly to: number;
}

export interface FrameList { /** Innermost first. */ readonly frames: readonly Frame[]; /** Slots from the base on that belong to no frame. */ readonly rest: number }

export function framesOf(view: WorldView): FrameList {
  const { mem, stack } = view, frames: Frame[] = [];
  let to = stack.top;
  for (let { fp, pc } = view; fp - 2 >= stack.base && fp <= to && mem.hi(fp - 2) === CellHi.Closure;) {
    const distance = linkDistance(mem, fp);
    frames.push({ code: codeOf(mem, fp), pc, from: fp - 2, to });
    to = fp - 2;
    if (distance === 0) break;
    pc = linkPc(mem, fp);
    fp -= distance;
  }
  return { frames, rest: to - stack.base };
}
