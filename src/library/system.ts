// The little of the system that every host has.

import type { NativeInfo } from "../vm/native.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { native, nativeExpecting } from "./arguments.ts";

function exit(vm: Vm, base: number, argc: number): never {
  if (argc === 0) vm.exit(0);
  const rank = rankOf(vm.heap, base);
  if (!isInteger(rank)) vm.fatal("exit() argument must be an integer");
  vm.exit(Number(BigInt.asIntN(32, BigInt(numberOf(vm.heap, base, rank)))));
}

/** Signals whose default is to be ignored: SIGCHLD, SIGCONT, SIGURG, SIGWINCH. */
const IGNORED: ReadonlySet<number> = new Set([17, 18, 23, 28]);

function defaultSignal(vm: Vm, base: number): void {
  const signal = Number(numberOf(vm.heap, base, rankOf(vm.heap, base)));
  // A process that a signal ended shows this to its shell.
  if (!IGNORED.has(signal) && signal !== 0) vm.exit(128 + signal);
  vm.heap.setNull(base - 2);
}

export const SYSTEM: readonly NativeInfo[] = [
  native("$default_signal", 1, 1, "what a signal without a handler does: end the program, or nothing", defaultSignal),
  nativeExpecting("__exit", 0, 1, "0 or 1 argument (exit code)", true, "end the program with an exit code (low 8 bits)", exit),
];
