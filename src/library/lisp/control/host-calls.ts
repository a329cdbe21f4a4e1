// Calls of the host that are answered later: what the scheduler of the prelude needs of them. The task that made the call
// waits; when no other can go on either, the whole program parks until the host has an answer.

import { Hi } from "../../../../heap/value.ts";
import { addWaker, callCount, takeAnswer } from "../../../vm/host-table.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { Outcome } from "../../../vm/outcome.ts";
import type { Vm } from "../../../vm/vm.ts";
import { lisp, storeList } from "../text/arguments.ts";

/** The result is there before the program parks: it goes on behind the call. */
function pause(vm: Vm, base: number): void | Outcome {
  const waits = callCount(vm) > 0;
  vm.heap.setBool(base - 2, waits);
  if (waits) return Outcome.Pending;
}

function answer(vm: Vm, base: number): void {
  if (takeAnswer(vm, base)) storeList(vm, base - 2, base + 3, 3, (i, slot) => vm.heap.copySlot(slot, base + i));
  else vm.heap.setSlot(base - 2, Hi.Null, 0);
}

export const HOST_CALLS: readonly NativeInfo[] = [
  lisp("%host-waker!", 2, 2, "(id, procedure): the procedure is for the answer to the call of the host; nil", (vm, base) => {
    addWaker(vm, vm.heap.lo(base), base + 1);
    vm.heap.setNull(base - 2);
  }),
  lisp("%host-pause", 0, 0, "park until the host has answered, then #t; #f when no call of it waits", pause),
  lisp("%host-answer", 0, 0, "(procedure succeeded value) of the oldest answer; nil when there is none", answer),
];
