// The natives behind eval, read and macroexpand. Calling macro expanders and the compiled form is done by the prelude.

import { textOf } from "../../../heap/cells/string.ts";
import type { NativeInfo } from "../../vm/native.ts";

export const LISP_COMPILE: readonly NativeInfo[] = [
  {
    name: "lisp:%compile", min: 4, max: 4, doc: "(form, expansions, environment, origin): a procedure that evaluates the form, a vector of forms it stands for, or a list of macro calls to expand first",
    run: (vm, base) => vm.services.compile(vm, base - 2, base, base + 1, base + 2, base + 3),
  },
  {
    name: "lisp:%expand-once", min: 2, max: 2, doc: "(form, expansions): the form with its outermost macro call expanded once",
    run: (vm, base) => vm.services.expand(vm, base - 2, base, base + 1),
  },
  {
    name: "lisp:%read", min: 2, max: 2, doc: "(string, all): the first datum in the text, or a list of all",
    run: (vm, base) => void vm.services.read(vm, base - 2, textOf(vm.heap, vm.heap.lo(base)), vm.heap.lo(base + 1) !== 0),
  },
];
