// Advice on conditions, for people: shown below an uncaught error, never part of the condition itself.

import { textOf } from "../../../heap/cells/string.ts";
import { CellHi } from "../../../heap/value.ts";
import { suggest } from "../../text/diagnostics.ts";
import type { Vm } from "../../vm/vm.ts";
import { conditionOf, conditionPart } from "./conditions.ts";

const PREFIX = "lisp:";

/** Names of other dialects, and what is meant here. */
const ELSEWHERE: { readonly [name: string]: string } = {
  setq: "use set!", setf: "use set!", defvar: "use define", defparameter: "use define", progn: "use begin", "null": "use null? or nil",
  mapcar: "use map", funcall: "call the function directly: (f x)", "#'": "name the function itself", print: "use println", elseif: "use cond", else: "it has a meaning at the head of the last clause of cond, case or guard only", "=>": "it has a meaning within a clause of cond, case or guard only",
  "string-concat": "use string-append or str", concat: "use append or string-append", len: "use length or count", "let-syntax": "use define-syntax", call: "call the function directly: (f x)",
};

interface Rule { readonly type: string; readonly pattern: RegExp; readonly hint: string }
const RULES: readonly Rule[] = [
  { type: "eval", pattern: /^not callable: nil/, hint: "the function may not be defined yet, or the expression in front gives nil" },
  { type: "eval", pattern: /^not callable:/, hint: "expected a function, lambda, or keyword" },
  { type: "eval", pattern: /division by zero|modulo by zero/, hint: "test the divisor first, or divide by a float to get inf" },
  { type: "eval", pattern: /^stack overflow/, hint: "is there a case that ends the recursion? Calls in tail position take no stack" },
  { type: "eval", pattern: /^out of memory/, hint: "the VM may be given more memory" },
  { type: "eval", pattern: /no clause matched/, hint: "add a last clause with the pattern _" },
  { type: "type-error", pattern: /^expected number or string, got /, hint: "use str to make text of several values" },
  { type: "type-error", pattern: /^expected map or hashmap, got (?:list|vector|nil)/, hint: "use nth for elements of lists and vectors" },
  { type: "type-error", pattern: /^expected list, vector,[^]* got lambda/, hint: "#(…) makes a function; a vector is written […]" },
  { type: "type-error", pattern: /^expected list(?:, vector|,| or)[^]* got nil/, hint: "nil is no list here; the empty list is '()" },
];

/** Advice for the condition in the slot; null when there is none. */
export function hintOf(vm: Vm, slot: number): string | null {
  const condition = conditionOf(vm, slot);
  if (condition === null) return null;
  if (condition.type === "unbound") return unboundHint(vm, slot);
  return RULES.find(({ type, pattern }) => type === condition.type && pattern.test(condition.message))?.hint ?? null;
}

function unboundHint(vm: Vm, slot: number): string | null {
  const found = conditionPart(vm, slot, "name");
  if (found < 0 || vm.heap.hi(found) !== CellHi.String) return null;
  const name = textOf(vm.heap, vm.heap.lo(found)), known = vm.globals.names().flatMap((each) => (each.startsWith(PREFIX) && !/^%|\0/.test(each.slice(PREFIX.length)) ? [each.slice(PREFIX.length)] : []));
  const elsewhere = Object.hasOwn(ELSEWHERE, name) ? ELSEWHERE[name]! : null, near = suggest(name, known);
  const usage = vm.services.describeForm(name);
  if (usage !== null) return `${name} is a special form, no value: ${usage}`;
  return elsewhere ?? (near === null ? null : `Did you mean '${near}'?`);
}
