// Values as errors: what `raise` makes of its argument, what handlers get of it, and the errors the prelude raises.

import { newStringFromText, textOf } from "../../../../heap/cells/string.ts";
import { CellHi, CellKind, Hi } from "../../../../heap/value.ts";
import { smallInteger } from "../../../../heap/cells/bigint.ts";
import { carSlot, cdrSlot } from "../../../../heap/cells/pair.ts";
import { equal } from "../../../../heap/equality.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { conditionOf, conditionPart, evalError, makeCondition, typeError, withTexts } from "../conditions.ts";
import { plainName } from "../modules.ts";
import { displayedText, writtenText } from "../printer.ts";
import { lisp, returnBool } from "../text/arguments.ts";
import { nameText } from "../printer/atoms.ts";
import { isTrue } from "../collections/arguments.ts";

/** Types of condition; a map with another :type is a value like any other. */
const TYPES: ReadonlySet<string> = new Set([
  "eval", "type-error", "arity", "unbound", "user", "io", "llm", "reader", "permission-denied", "cancelled", "timeout",
]);

function typeOfCondition(vm: Vm, slot: number): string | null {
  const condition = conditionOf(vm, slot);
  return condition !== null && TYPES.has(condition.type) ? condition.type : null;
}

/** The condition that stands for a raised value: a condition is one already. */
function condition(vm: Vm, base: number): void {
  if (typeOfCondition(vm, base) !== null) vm.heap.copySlot(base - 2, base);
  else makeCondition(vm, base - 2, "user", writtenText(vm, base), [["value", base]]);
}

/** What was raised, of a condition made by `%condition`. */
function raisedValue(vm: Vm, base: number): void {
  const value = typeOfCondition(vm, base) === "user" ? conditionPart(vm, base, "value") : -1;
  vm.heap.copySlot(base - 2, value >= 0 ? value : base);
}

const messageText = (vm: Vm, slot: number): string =>
  (vm.heap.hi(slot) === CellHi.String ? textOf(vm.heap, vm.heap.lo(slot)) : writtenText(vm, slot));

/** The condition of `(error message irritant …)`, given the list of its arguments. */
function errorCondition(vm: Vm, base: number): void {
  const heap = vm.heap;
  if (heap.hi(base) !== CellHi.Pair) return makeCondition(vm, base - 2, "eval", "error called with no message", []);
  const message = messageText(vm, carSlot(heap.lo(base))), irritants = cdrSlot(heap.lo(base));
  makeCondition(vm, base - 2, "eval", message, heap.hi(irritants) === CellHi.Pair ? [["irritants", irritants]] : []);
}

/** A part of the condition argument. */
function part(vm: Vm, base: number, key: string, otherwise: () => void): void {
  if (typeOfCondition(vm, base) === null) typeError(vm, "error object", base);
  const found = conditionPart(vm, base, key);
  if (found >= 0) vm.heap.copySlot(base - 2, found);
  else otherwise();
}

const isOfType = (name: string, type: string, doc: string): NativeInfo =>
  lisp(name, 1, 1, doc, (vm, base) => returnBool(vm, base, typeOfCondition(vm, base) === type));

function assert(vm: Vm, base: number, argc: number): void {
  if (!isTrue(vm, base)) evalError(vm, argc > 1 ? displayedText(vm, base + 1) : "assertion failed");
  vm.heap.setBool(base - 2, true);
}

/** A condition of the named type, with a text as message. */
function plainCondition(vm: Vm, base: number): void {
  makeCondition(vm, base - 2, nameText(vm.heap, base), messageText(vm, base + 1), []);
}

function assertEqual(vm: Vm, base: number): void {
  if (!equal(vm.heap, base, base + 1)) evalError(vm, `assertion failed: expected ${writtenText(vm, base)}, got ${writtenText(vm, base + 1)}`);
}

function noClause(vm: Vm, base: number): void {
  const name = vm.heap.hi(base) === CellHi.Symbol ? nameText(vm.heap, base) : "<lambda>", got = smallInteger(vm.heap, base + 1);
  withTexts(vm, "arity", `${name} has no clause for ${got} ${got === 1 ? "argument" : "arguments"}`, { function: name, got });
}

export const RAISING: readonly NativeInfo[] = [
  lisp("%condition", 1, 1, "the condition that stands for a raised value", condition),
  lisp("%guard-value", 1, 1, "the raised value that a condition stands for", raisedValue),
  lisp("%error-condition", 1, 1, "(arguments): the condition of a call of error", errorCondition),
  lisp("%plain-condition", 2, 2, "(type keyword, message): a condition", plainCondition),
  lisp("%unbound-condition", 1, 1, "(symbol): the condition of reading a variable that is not defined", (vm, base) => {
    const name = plainName(nameText(vm.heap, base));
    vm.heap.setCell(base + 1, CellKind.String, newStringFromText(vm.heap, name));
    makeCondition(vm, base - 2, "unbound", `Unbound variable: ${name}`, [["name", base + 1]]);
  }),
  lisp("%eval-error", 1, -1, "raise an :eval error; the message is the displayed arguments, joined", (vm, base, argc) => {
    let text = "";
    for (let i = 0; i < argc; i++) text += displayedText(vm, base + i);
    evalError(vm, text);
  }),
  lisp("%type-error", 2, 2, "(expected, value): raise a :type-error", (vm, base) => typeError(vm, nameText(vm.heap, base), base + 1)),
  lisp("%written", 1, 1, "the written form, for messages", (vm, base) =>
    vm.heap.setCell(base - 2, CellKind.String, newStringFromText(vm.heap, writtenText(vm, base)))),
  lisp("%no-clause", 2, 2, "(name, count): raise the :arity error of a case-lambda", noClause),
  lisp("error-object?", 1, 1, "whether the value is a condition", (vm, base) => returnBool(vm, base, typeOfCondition(vm, base) !== null)),
  lisp("error-object-message", 1, 1, "message of a condition", (vm, base) => part(vm, base, "message", () => vm.heap.setNull(base - 2))),
  lisp("error-object-irritants", 1, 1, "list of the further arguments given to error", (vm, base) =>
    part(vm, base, "irritants", () => vm.heap.setSlot(base - 2, Hi.Empty, 0))),
  isOfType("read-error?", "reader", "whether the value is the condition of text that could not be read"),
  isOfType("file-error?", "io", "whether the value is the condition of a file that could not be used"),
  lisp("assert", 1, 2, "(value, [message]): #t; an error unless the value is true", assert),
  lisp("assert=", 2, 2, "(expected, got): #t; an error unless they are equal", (vm, base) => {
    assertEqual(vm, base);
    vm.heap.setBool(base - 2, true);
  }),
];
