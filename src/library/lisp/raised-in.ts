// Where a condition was raised, as its own :stack-trace tells: that is known however often it was caught and raised again
// since. Programs can make such maps themselves, so nothing in one is taken on trust.

import { integerValue, isInteger } from "../../../heap/cells/bigint.ts";
import { carSlot, cdrSlot } from "../../../heap/cells/pair.ts";
import { textOf } from "../../../heap/cells/string.ts";
import { CellHi } from "../../../heap/value.ts";
import type { TraceEntry } from "../../vm/errors.ts";
import type { Vm } from "../../vm/vm.ts";
import { conditionPart, NAMELESS, TRACE_FRAMES } from "./conditions.ts";

/** The frames, innermost first; null when the value tells of none. */
export function raisedIn(vm: Vm, slot: number): TraceEntry[] | null {
  const { heap } = vm, frames: TraceEntry[] = [];
  for (let at = conditionPart(vm, slot, "stack-trace"); at >= 0 && heap.hi(at) === CellHi.Pair && frames.length < TRACE_FRAMES; at = cdrSlot(heap.lo(at))) {
    const frame = frameIn(vm, carSlot(heap.lo(at)), frames.length === 0);
    if (frame === null) return null;
    frames.push(frame);
  }
  const [last] = frames.slice(-1);
  if (last === undefined) return null;
  // The outermost frame of a whole trace is the program.
  if (last.name === "" && frames.length < TRACE_FRAMES) frames[frames.length - 1] = { ...last, name: "<main>" };
  return frames;
}

/** `marked`: its end is wanted, for a line under it; that takes reading, so it is for the innermost frame only. */
function frameIn(vm: Vm, slot: number, marked: boolean): TraceEntry | null {
  const name = textIn(vm, slot, "name"), file = textIn(vm, slot, "file"), line = numberIn(vm, slot, "line"), column = numberIn(vm, slot, "col");
  if (name === null || file === null || line === null || column === null) return null;
  const sourceId = vm.sources.findLastIndex((source) => source.name === file), source = vm.sources[sourceId];
  const known = source !== undefined && line >= 1 && line <= source.lineStarts.length ? source : undefined;
  const shown = name === NAMELESS ? "" : name;
  if (known === undefined) return { name: shown, source: file, line, column, start: 0, end: 0, sourceId: -1 };
  const before = [...known.line(line - 1)].slice(0, Math.max(0, column - 1)).join("").length, start = known.lineStarts[line - 1]! + before;
  return { name: shown, source: file, line, column, start, end: marked ? start + vm.services.datumLength(known.text, start) : start, sourceId };
}

function textIn(vm: Vm, map: number, key: string): string | null {
  const found = conditionPart(vm, map, key);
  return found >= 0 && vm.heap.hi(found) === CellHi.String ? textOf(vm.heap, vm.heap.lo(found)) : null;
}

function numberIn(vm: Vm, map: number, key: string): number | null {
  const found = conditionPart(vm, map, key);
  if (found < 0 || !isInteger(vm.heap, found)) return null;
  const value = Number(integerValue(vm.heap, found));
  return Number.isSafeInteger(value) && value >= 0 ? value : null;
}
