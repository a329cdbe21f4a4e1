// Rules of calling and errors of Lisp, as the engine asks for them (vm/rules.ts).

import { hashMapGet } from "../../../heap/cells/hash-map.ts";
import { mapGet } from "../../../heap/cells/sorted-map.ts";
import { keywordName } from "../../../heap/cells/keyword.ts";
import { textOf } from "../../../heap/cells/string.ts";
import { CellHi } from "../../../heap/value.ts";
import type { GuestRules } from "../../vm/rules.ts";
import type { Vm } from "../../vm/vm.ts";
import { arityError, evalError, typeError, typeWord, unboundError } from "./conditions.ts";
import { raisedIn } from "./raised-in.ts";
import { writtenText } from "./printer.ts";
import { isValued, signalFunction, startSignal } from "./signal.ts";

/** Calls the keyword in the window with a map: the value it has there, or nil. */
function callKeyword(vm: Vm, window: number, argc: number): void {
  const { heap } = vm, map = window + 2;
  if (argc !== 1) arityError(vm, `:${textOf(heap, keywordName(heap, heap.lo(window)))}`, 1, 1, argc);
  const hi = heap.hi(map);
  if (hi !== CellHi.SortedMap && hi !== CellHi.HashMap) typeError(vm, "map or hashmap", map);
  const found = (hi === CellHi.SortedMap ? mapGet : hashMapGet)(heap, heap.lo(map), window);
  if (found < 0) heap.setNull(window);
  else heap.copySlot(window, found);
}

/** Longest text of a value in the message of a wrong call. */
const SHOWN = 200;

/** Raises the error of calling what is no function. */
function notCallable(vm: Vm, slot: number): never {
  const text = writtenText(vm, slot);
  return evalError(vm, `not callable: ${text.length > SHOWN ? `${text.slice(0, SHOWN)}…` : text} (${typeWord(vm.heap, slot)})`);
}

/** Names of functions and globals carry the prefix of their name space. */
const shown = (name: string): string => name.replace(/^lisp:/, "");

export const LISP_RULES: GuestRules = {
  // Recursion takes the place of loops.
  stackDepth: 1_000_000,
  stackOverflow: "stack overflow: maximum call depth exceeded",
  raise: evalError,
  arity: (vm, name, min, max, given) => arityError(vm, shown(name), min, max, given),
  unbound: (vm, name) => unboundError(vm, shown(name)),
  notCallable,
  notSequence: (vm, slot) => typeError(vm, "list, vector, or mutable-array", slot, "apply"),
  callKeyword, signalFunction, isValued, startSignal, raisedIn,
};
