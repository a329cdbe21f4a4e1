// The heap's verifier for scripts: a test can ask between its steps whether the world is still sound. What the verifier finds
// is a fault of the VM, so it ends the run as such, and no script catches it.

import { Header } from "../../heap/world-layout.ts";
import type { NativeInfo } from "../vm/native.ts";
import type { Vm } from "../vm/vm.ts";
import { method } from "./arguments.ts";

/** Fuel for a byte that may be alive, in the units of vm.work: the verifier takes some 5 ns for it. */
const BYTE_FUEL = 8;
/** The verifier remembers every cell in the host's memory, several times its size: larger heaps only the host may check. */
const MOST_BYTES = 16 << 20;

export function verifyHeap(vm: Vm, base: number): void {
  const { heap } = vm, bytes = heap.word(Header.LiveBytes) + heap.word(Header.SinceCollect);
  if (bytes > MOST_BYTES) vm.throwError(`the heap holds ${bytes} bytes, a script may have ${MOST_BYTES} checked: leave it to the host, with vm.verifyHeap()`);
  vm.work(BYTE_FUEL * bytes);
  heap.verify();
  heap.setBool(base - 2, true);
}

export const CHECKING: readonly NativeInfo[] = [
  method("verify_heap", "", "check every invariant of the heap, for tests of the VM; true, or the run ends with what is wrong", verifyHeap),
];
