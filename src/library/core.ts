// Output, input, reflection and assertions.

import { elementSlot, length } from "../../heap/cells/array.ts";
import { StringBuilder } from "../../heap/cells/builder.ts";
import { CellKind } from "../../heap/value.ts";
import { truthy } from "../vm/compare.ts";
import { typeName } from "../vm/convert.ts";
import { DisplayMode, appendDisplay, displayText } from "../vm/display.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import { checkTextSize } from "../vm/text-limit.ts";
import type { Vm } from "../vm/vm.ts";
import { addressOf, fatalMethod, fatalNative, isArray, isPointer, isString, method, native, nativeExpecting, returnText } from "./arguments.ts";

const LINE_FEED = 10;

/** The value's text and a line feed, for the host. */
function line(vm: Vm, slot: number, mode: DisplayMode): Uint8Array {
  const out = new StringBuilder();
  appendDisplay(vm, out, slot, mode);
  vm.chargeFuel(out.length >> 2);
  return out.appendByte(LINE_FEED).view();
}

function print(vm: Vm, base: number): void {
  const bytes = line(vm, base, DisplayMode.Print);
  if (vm.workers?.write(bytes, false) !== true) vm.host.write(bytes);
  vm.heap.setNull(base - 2);
}

function eprint(vm: Vm, base: number): void {
  const bytes = line(vm, base, DisplayMode.Text);
  if (vm.workers?.write(bytes, true) !== true) vm.host.writeError(bytes);
  vm.heap.setNull(base - 2);
}

function readLine(vm: Vm, base: number): void {
  const text = vm.host.readLine();
  if (text === null) vm.heap.setNull(base - 2);
  else returnText(vm, base, text);
}

/** As a condition, but an empty array holds and the null pointer does not. */
function assert(vm: Vm, base: number, argc: number): void {
  const holds = isArray(vm, base) || (truthy(vm.heap, base) && !(isPointer(vm, base) && addressOf(vm, base) === 0));
  if (!holds) return argc > 1 ? vm.throwSlot(base + 1) : vm.throwError("assertion failed");
  vm.heap.setNull(base - 2);
}

function concatMany(vm: Vm, base: number): void {
  if (!isArray(vm, base)) vm.fatal("string_concat_many() expects an array argument");
  const heap = vm.heap, array = heap.lo(base), count = length(heap, array), out = new StringBuilder();
  for (let i = 0; i < count; i++) {
    const slot = elementSlot(heap, array, i);
    if (!isString(vm, slot)) vm.fatal("string_concat_many() expects all array elements to be strings");
    out.appendString(heap, heap.lo(slot));
    checkTextSize(vm, out);
  }
  vm.chargeFuel(8 * count + (out.length >> 2));
  heap.setCell(base - 2, CellKind.String, out.finish(heap));
}

function setStackLimit(vm: Vm, base: number): void {
  const rank = rankOf(vm.heap, base);
  if (!isInteger(rank)) vm.throwError("set_stack_limit() expects an integer argument");
  const limit = numberOf(vm.heap, base, rank);
  if (limit <= 0) vm.throwError("set_stack_limit() expects a positive integer");
  vm.maxDepth = Math.min(limit, 2 ** 31 - 1);
  vm.heap.setNull(base - 2);
}

export const CORE: readonly NativeInfo[] = [
  fatalNative("print", 1, 1, "write the value's text and a line feed; null", print),
  native("eprint", 1, 1, "as print, to the error output", eprint),
  method("read_line", "", "one line of input without its end; null at the end of input", readLine),
  fatalNative("typeof", 1, 1, "name of the value's type", (vm, base) => returnText(vm, base, typeName(vm, base))),
  nativeExpecting("assert", 1, 2, "1-2 arguments (condition, [message])", true, "throw the message (any value) unless the condition is truthy; null", assert),
  nativeExpecting("panic", 0, 1, "0 or 1 argument (message)", true, "end the program with the message on the error output and exit code 1",
    (vm, base, argc) => vm.panic(argc === 0 ? "panic!" : displayText(vm, base))),
  fatalMethod("string_concat_many", "array of strings", "the strings of an array, joined", concatMany),
  method("get_stack_limit", "", "greatest call depth, i32", (vm, base) => vm.heap.setI32(base - 2, vm.maxDepth)),
  method("set_stack_limit", "limit", "change the greatest call depth; null", setStackLimit),
];
