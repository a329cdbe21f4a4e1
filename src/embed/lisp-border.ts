// The border of Lisp: see language-border.ts.

import { setList } from "../../heap/cells/pair.ts";
import { Closure, Code, ParamFlag } from "../../heap/layout.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import { nativeInfo } from "../library/host-natives.ts";
import { typeError, typeWord } from "../library/lisp/conditions.ts";
import type { Vm } from "../vm/vm.ts";
import { CopyInLisp } from "./copy-in-lisp.ts";
import type { LanguageBorder } from "./language-border.ts";

const PREFIX = "lisp:";
const KINDS: ReadonlySet<number> = new Set([
  CellHi.Pair, CellHi.Keyword, CellHi.Vector, CellHi.SortedMap, CellHi.HashMap, CellHi.Struct, CellHi.Continuation, CellHi.Rational,
  CellHi.Bytevector, CellHi.NumberArray, Hi.Empty,
]);

function owns(vm: Vm, slot: number): boolean {
  const { heap } = vm, hi = heap.hi(slot);
  if (hi === Hi.Native) return nativeInfo(vm, heap.lo(slot)).name.startsWith(PREFIX);
  if (hi !== CellHi.Closure) return KINDS.has(hi);
  return (heap.word(heap.word(heap.lo(slot) + Closure.Code) + Code.ParamFlags) & ParamFlag.Lisp) !== 0;
}

export const LISP_BORDER: LanguageBorder = {
  prefix: PREFIX,
  spacedName: (name) => name.replaceAll(".", "/"),
  apply: "lisp:%call-from-host",
  waiter: "lisp:%await-host",
  storeArguments: ({ heap }, dst, first, count) => setList(heap, dst, first, count),
  write: (vm, dst, value, scratch, limits, handleSlot) => new CopyInLisp(vm, limits, handleSlot, scratch).write(dst, value),
  argumentError: (vm, slot, expected, owner, at) => typeError(vm, expected, slot, { fn: owner, argument: at + 1 }),
  typeOf: (vm, slot) => typeWord(vm.heap, slot),
  owns,
};
