// The one limit on text under construction outside the heap.

import type { StringBuilder } from "../../heap/cells/builder.ts";
import type { Vm } from "./vm.ts";

/** Raises out of memory once a text is too long to ever become a string: displays of shared structure grow without bound. */
export function checkTextSize(vm: Vm, out: StringBuilder): void {
  if (out.length > vm.heap.settings.maxBytes) vm.heap.outOfMemory();
}
