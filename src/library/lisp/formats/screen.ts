// Escape sequences for the terminal as a whole, written to the host's output. Whether a terminal is there is the host's
// business. Text in colours and styles: ../text/terminal.ts.

import { encodeText } from "../../../../heap/cells/utf8.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { evalError } from "../conditions.ts";
import { integerArgument, lisp, textArgument } from "../text/arguments.ts";

/** Largest row and column terminals know. */
const LAST = 32767;

function send(vm: Vm, base: number, text: string): void {
  vm.host.write(encodeText(text));
  vm.heap.setNull(base - 2);
}

function place(vm: Vm, slot: number): number {
  const value = integerArgument(vm, slot);
  return value >= 1 && value <= LAST ? value : evalError(vm, `term/move-to: rows and columns are from 1 to ${LAST}`);
}

function moveTo(vm: Vm, base: number): void {
  const row = place(vm, base), column = place(vm, base + 1);
  send(vm, base, `\x1b[${row};${column}H`);
}

/** Control characters are left out: they would end the title and have the rest obeyed. */
const setTitle = (vm: Vm, base: number): void => send(vm, base, `\x1b]0;${textArgument(vm, base).replace(/\p{Cc}/gu, "")}\x07`);

export const SCREEN: readonly NativeInfo[] = [
  lisp("term/move-to", 2, 2, "move the cursor to a row and column, counted from 1; nil", moveTo),
  lisp("term/set-title", 1, 1, "set the title of the terminal's window; nil", setTitle),
  lisp("term/flush", 0, 0, "nil: what is written goes to the host at once", (vm, base) => vm.heap.setNull(base - 2)),
];
