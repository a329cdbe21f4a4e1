// Names for error messages, recovered from the bytecode at the failing instruction: nothing is recorded while running.

import { Code } from "../../heap/layout.ts";
import { codeOf, findSpan } from "./stack.ts";
import type { Vm } from "./vm.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Text of the callee of the running call when it is a simple name or a member: the part of the call's source before its
 * opening parenthesis. Null when the callee is any other expression or the source is gone.
 */
export function operandName(vm: Vm): string | null {
  const heap = vm.heap, code = codeOf(heap, vm.fp), source = vm.sources[heap.word(code + Code.SourceId)];
  const span = heap.word(code + Code.TreeId) !== 0 ? vm.treeSpan(vm.pc) : findSpan(heap, code, vm.pc - 1);
  if (source === undefined || span === null) return null;
  const callee = source.text.slice(span.start, span.end).split("(", 1)[0]!.trim();
  const last = callee.slice(callee.lastIndexOf(".") + 1);
  return NAME.test(last) ? last : null;
}

