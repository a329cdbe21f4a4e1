// Moments as seconds since 1970, in UTC: written, read, and calculated with. The clock itself is not here.

import { isInteger, integerValue } from "../../../../heap/cells/bigint.ts";
import { Tag } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError, typeError } from "../conditions.ts";
import { SCRATCH, lisp, returnText, textArgument } from "../text/arguments.ts";
import { WEEKDAYS, formatMoment, momentOf, type Moment } from "./calendar.ts";
import { readDate } from "./date-reader.ts";
import { returnPlain } from "./values.ts";

/** The int or float argument. */
function secondsArgument(vm: Vm, slot: number): number {
  if (isInteger(vm.heap, slot)) return Number(integerValue(vm.heap, slot));
  return vm.heap.hi(slot) < Tag.First ? vm.heap.f64[slot]! : typeError(vm, "number", slot);
}

const momentArgument = (vm: Vm, slot: number): Moment => momentOf(secondsArgument(vm, slot)) ?? evalError(vm, "time: invalid timestamp");

function format(vm: Vm, base: number): void {
  const moment = momentArgument(vm, base), form = textArgument(vm, base + 1), text = formatMoment(moment, form);
  returnText(vm, base, text ?? evalError(vm, `time/format: invalid format string: "${form}"`));
}

function parse(vm: Vm, base: number): void {
  const seconds = readDate(textArgument(vm, base), textArgument(vm, base + 1));
  if (typeof seconds === "string") return evalError(vm, `time/parse: parse error: ${seconds}`);
  vm.heap.setF64(base - 2, seconds);
}

function dateParts(vm: Vm, base: number): void {
  const { year, month, day, hour, minute, second, weekday } = momentArgument(vm, base);
  returnPlain(vm, base, { keys: Object.entries({ year, month, day, hour, minute, second, weekday: WEEKDAYS[weekday]! }) }, base + SCRATCH);
}

export const TIME: readonly NativeInfo[] = [
  lisp("time/format", 2, 2, "the moment written in a form of strftime", format),
  lisp("time/parse", 2, 2, "the moment of a text written in a form of strftime", parse),
  lisp("time/date-parts", 1, 1, "map of the parts of the moment's date and time", dateParts),
  lisp("time/add", 2, 2, "the moment so many seconds later", (vm, base) => vm.heap.setF64(base - 2, secondsArgument(vm, base) + secondsArgument(vm, base + 1))),
  lisp("time/diff", 2, 2, "seconds from the second moment to the first", (vm, base) => vm.heap.setF64(base - 2, secondsArgument(vm, base) - secondsArgument(vm, base + 1))),
];
