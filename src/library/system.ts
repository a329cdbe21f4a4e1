// The little of the system that every host has.

import type { NativeInfo } from "../vm/native.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { nativeExpecting } from "./arguments.ts";

function exit(vm: Vm, base: number, argc: number): never {
  if (argc === 0) vm.exit(0);
  const rank = rankOf(vm.heap, base);
  if (!isInteger(rank)) vm.fatal("exit() argument must be an integer");
  vm.exit(Number(BigInt.asIntN(32, BigInt(numberOf(vm.heap, base, rank)))));
}

export const SYSTEM: readonly NativeInfo[] = [
  nativeExpecting("__exit", 0, 1, "0 or 1 argument (exit code)", true, "end the program with an exit code (low 8 bits)", exit),
];
