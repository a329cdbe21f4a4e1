// Memory of the host that work for a script takes while it lasts: what is read and compiled at the script's wish is data of
// JavaScript before it is values and code. It counts against the limit of the world, or a script could take as much as it
// likes; and what takes much memory takes much time, which is fuel.

import { Header } from "../../heap/world-layout.ts";
import type { Vm } from "./vm.ts";

/** Bytes that every piece of work may take whatever the limit is; and those that cost no fuel, which is all of ordinary forms. */
const ALLOWANCE = 8 << 20, FREE_OF_FUEL = 1 << 20;
/** Units of Vm.work for a byte, and bytes after which they are charged. */
const UNITS_PER_BYTE = 1 / 4, CHARGED_AT_ONCE = 1 << 16;

/**
 * For one piece of work, of a native that has changed nothing yet: to be told of so many bytes before they are taken. Raises
 * out of memory, or stops the run, when they are too many.
 */
export function workspace(vm: Vm): (bytes: number) => void {
  const { heap } = vm;
  let spent = 0, charged = FREE_OF_FUEL, limit = ALLOWANCE + room();
  function room(): number { return heap.settings.maxBytes - heap.word(Header.LiveBytes) - heap.word(Header.SinceCollect); }
  return (bytes) => {
    spent += bytes;
    if (spent > limit) {
      // What is dead in the world makes room.
      heap.collect("workspace");
      limit = ALLOWANCE + room();
      if (spent > limit) heap.outOfMemory();
    }
    if (spent - charged < CHARGED_AT_ONCE) return;
    const units = (spent - charged) * UNITS_PER_BYTE;
    charged = spent;
    vm.work(units);
  };
}
