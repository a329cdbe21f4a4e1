// What programs learn of the host: the clock, arguments, the features of the implementation; and how they leave.

import { setInteger, smallInteger } from "../../../../heap/cells/bigint.ts";
import { internText } from "../../../../heap/symbols.ts";
import { CellKind, Hi } from "../../../../heap/value.ts";
import { FEATURES } from "../../../text/lisp-features.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import type { Vm } from "../../../vm/vm.ts";
import { lisp, storeList, storeString } from "../text/arguments.ts";

const JIFFIES_PER_SECOND = 1000;

/** What a program leaves with: a number, else success or, for #f, failure. */
function exitCode(vm: Vm, slot: number): number {
  const code = smallInteger(vm.heap, slot);
  return code === code ? code : vm.heap.hi(slot) === Hi.Bool && vm.heap.lo(slot) === 0 ? 1 : 0;
}

/** Milliseconds on the host's clock; a host without one stands still. */
const now = (vm: Vm): number => vm.host.now?.() ?? 0;

export const HOST: readonly NativeInfo[] = [
  lisp("emergency-exit", 0, 1, "([code]): end the program at once", (vm, base, argc) => vm.exit(argc === 0 ? 0 : exitCode(vm, base))),
  lisp("command-line", 0, 0, "list of the script's name and its arguments", (vm, base) =>
    storeList(vm, base - 2, base, vm.host.args.length, (i, slot) => storeString(vm, slot, vm.host.args[i]!))),
  lisp("current-jiffy", 0, 0, "milliseconds on the host's clock", (vm, base) => setInteger(vm.heap, base - 2, Math.floor(now(vm)))),
  lisp("jiffies-per-second", 0, 0, "1000", (vm, base) => setInteger(vm.heap, base - 2, JIFFIES_PER_SECOND)),
  lisp("current-second", 0, 0, "seconds on the host's clock, a float", (vm, base) => vm.heap.setF64(base - 2, now(vm) / 1000)),
  lisp("features", 0, 0, "list of symbols that say what the implementation has", (vm, base) =>
    storeList(vm, base - 2, base, FEATURES.length, (i, slot) => vm.heap.setCell(slot, CellKind.Symbol, internText(vm.heap, FEATURES[i]!)))),
];
