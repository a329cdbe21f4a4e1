// The error of calling what is no function. The name in it is recovered from the bytecode at the failing instruction:
// nothing is recorded while running.

import { CellHi } from "../../heap/value.ts";
import { typeName } from "./convert.ts";
import { lineOf, runningPlace } from "./stack.ts";
import type { Vm } from "./vm.ts";

const NAME = /^[A-Za-z_][A-Za-z0-9_]*$/;
/** Words that look like names but are literals. */
const LITERAL = /^(?:null|true|false)$/;
/** The next bracket or whole quoted text. */
const TOKEN = /[()]|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`(?:\\.|[^`\\])*`/gs;

/** Longer calls are not looked through for the end of their first argument list. */
const LONG_CALL = 10_000;

/** Throws the error for calling the value in the slot; `name` is null for any callee but a name or a member. */
export function throwNotFunction(vm: Vm, slot: number, name: string | null): never {
  const own = vm.heap.hi(slot) === CellHi.Object ? "object" : typeName(vm, slot);
  vm.throwError(`[line ${lineOf(vm)}] ${name === null ? "Value" : `'${name}'`} is not a function (got ${own === "ptr" ? "pointer" : own})`);
}

/**
 * Text of the callee of the running call when it is a simple name or a member: the part of the call's source before its
 * opening parenthesis. Null when the callee is any other expression or the source is gone.
 */
export function operandName(vm: Vm): string | null {
  const place = runningPlace(vm);
  if (place === null) return null;
  const { source, span } = place, call = source.text.slice(span.start, span.end), open = call.indexOf("(");
  if (open < 0 || (call.length < LONG_CALL && !closesLast(call, open))) return null;
  const callee = call.slice(0, open).trim();
  const last = callee.slice(callee.lastIndexOf(".") + 1);
  return NAME.test(last) && !LITERAL.test(last) ? last : null;
}

/** Whether the parenthesis at `open` is closed by the last character: `f(1)(2)` is no call of `f`. */
function closesLast(call: string, open: number): boolean {
  TOKEN.lastIndex = open;
  let depth = 0;
  for (let found = TOKEN.exec(call); found !== null; found = TOKEN.exec(call)) {
    if (found[0] === "(") depth++;
    else if (found[0] === ")" && --depth === 0) return found.index === call.length - 1;
  }
  return true;
}
