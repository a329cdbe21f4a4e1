// Functions that write values: to the host's output and error output, or to the port given as last argument.

import { StringBuilder } from "../../../../heap/cells/builder.ts";
import { concat } from "../../../../heap/cells/string.ts";
import { isStruct } from "../../../../heap/cells/struct.ts";
import { StructType } from "../../../../heap/structs.ts";
import { CellKind } from "../../../../heap/value.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { checkTextSize } from "../../../vm/text-limit.ts";
import type { Vm } from "../../../vm/vm.ts";
import { arityError } from "../conditions.ts";
import { dataSlot, hasData, portArgument } from "../control/port-values.ts";
import { appendDisplayed, appendWritten, prettyText } from "../printer.ts";
import { chargeBytes, lisp } from "./arguments.ts";

/** Columns of the pretty printer. */
const WIDTH = 80;

/** Appends the text to that of an output port. */
function writeToPort(vm: Vm, slot: number, out: StringBuilder, scratch: number): void {
  const { heap } = vm, port = portArgument(vm, slot, "output", "textual", "display"), data = dataSlot(port);
  if (!hasData(vm, port)) return vm.host.write(out.view());
  heap.setCell(scratch, CellKind.String, out.finish(heap));
  heap.replaceCell(data, CellKind.String, concat(heap, heap.lo(data), heap.lo(scratch)));
}

type Append = (vm: Vm, out: StringBuilder, slot: number) => void;

/** Writes the arguments with blanks between them, and `end`; a port as last argument of several takes the text. */
function write(vm: Vm, base: number, argc: number, append: Append, end: string, toError = false, ownPort = 1): void {
  const last = base + argc - 1, isPort = argc > ownPort && isStruct(vm.heap, last, StructType.Port), out = new StringBuilder();
  for (let slot = base; slot < base + argc - (isPort ? 1 : 0); slot++) {
    if (slot > base) out.appendText(" ");
    append(vm, out, slot);
    checkTextSize(vm, out);
  }
  out.appendText(end);
  chargeBytes(vm, out.length);
  if (isPort) writeToPort(vm, last, out, base + argc);
  else if (toError) vm.host.writeError(out.view());
  else vm.host.write(out.view());
  vm.heap.setNull(base - 2);
}

const appendPretty: Append = (vm, out, slot) => void out.appendText(prettyText(vm, slot, WIDTH));

const writer = (name: string, doc: string, append: Append, end: string, toError = false): NativeInfo =>
  lisp(name, 0, -1, doc, (vm, base, argc) => write(vm, base, argc, append, end, toError));

export const OUTPUT: readonly NativeInfo[] = [
  writer("display", "write the values as displayed, blanks between them; nil", appendDisplayed, ""),
  writer("print", "write the values in written form; nil", appendWritten, ""),
  writer("println", "write the values as displayed and a line feed; nil", appendDisplayed, "\n"),
  lisp("newline", 0, 1, "write a line feed; nil", (vm, base, argc) => write(vm, base, argc, appendDisplayed, "\n", false, 0)),
  lisp("pprint", 1, 2, "write the value broken into lines, and a line feed; nil", (vm, base, argc) => {
    if (argc > 1 && !isStruct(vm.heap, base + 1, StructType.Port)) arityError(vm, "pprint", 1, 1, argc);
    write(vm, base, argc, appendPretty, "\n");
  }),
  writer("print-error", "as print, to the error output", appendWritten, "", true),
  writer("println-error", "as println, to the error output", appendDisplayed, "\n", true),
];
