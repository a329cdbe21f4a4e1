// The heap's verifier for scripts in Lisp.

import type { NativeInfo } from "../../vm/native.ts";
import { verifyHeap } from "../checking.ts";
import { lisp } from "./text/arguments.ts";

export const LISP_CHECKING: readonly NativeInfo[] = [
  lisp("verify-heap", 0, 0, "check every invariant of the heap, for tests of the VM; #t, or the run ends with what is wrong", verifyHeap),
];
