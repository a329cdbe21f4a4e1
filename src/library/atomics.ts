// Atomic operations on raw memory. Only one task of a VM runs at a time, so plain reads and writes are atomic already; tasks in
// workers have the VM do them.

import { Rank } from "../../heap/value.ts";
import { bigIntegerOf } from "../vm/integers64.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, rankOf } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { sharing } from "../vm/workers.ts";
import { addressOf, isPointer, method } from "./arguments.ts";
import { LAYOUTS, storeRead } from "./pointers.ts";

type Combine = (old: bigint, operand: bigint) => bigint;

const OPERATIONS: readonly (readonly [name: string, combine: Combine, doc: string])[] = [
  ["add", (old, v) => old + v, "add"], ["sub", (old, v) => old - v, "subtract"], ["and", (old, v) => old & v, "bitwise and"],
  ["or", (old, v) => old | v, "bitwise or"], ["xor", (old, v) => old ^ v, "bitwise exclusive or"], ["exchange", (_, v) => v, "replace"],
];

function target(vm: Vm, base: number, name: string, count: string): number {
  if (!isPointer(vm, base)) vm.throwError(`${name}() expects a pointer ${count}`);
  return addressOf(vm, base);
}

function operand(vm: Vm, slot: number, name: string, which: string): bigint {
  if (!isInteger(rankOf(vm.heap, slot))) vm.throwError(`${name}() expects an integer as ${which}`);
  return bigIntegerOf(vm.heap, slot);
}

/** The operations on one width. */
function width(type: "i32" | "i64"): NativeInfo[] {
  const layout = LAYOUTS[type]!, bits = layout.rank === Rank.I32 ? 32 : 64;
  const read = (vm: Vm, address: number): bigint => BigInt(layout.read(vm.raw, address));
  const write = (vm: Vm, address: number, v: bigint): void => layout.write(vm.raw, address, Number(BigInt.asIntN(32, v)), v);
  const load = `atomic_load_${type}`, store = `atomic_store_${type}`, swap = `atomic_cas_${type}`;
  return [
    method(load, "pointer", `the ${type} at an address`, (vm, base) => storeRead(vm, base - 2, layout, target(vm, base, load, "argument"))),
    method(store, "pointer, value", `store a ${type}; null`, (vm, base) => {
      write(vm, target(vm, base, store, "as first argument"), operand(vm, base + 1, store, "second argument"));
      vm.heap.setNull(base - 2);
    }),
    ...OPERATIONS.map(([verb, combine, doc]) => {
      const name = `atomic_${verb}_${type}`;
      return method(name, "pointer, value", `${doc}; answers the old value`, (vm, base) => {
        const address = target(vm, base, name, "as first argument"), v = operand(vm, base + 1, name, "second argument");
        const old = read(vm, address);
        storeRead(vm, base - 2, layout, address);
        write(vm, address, combine(old, v));
      });
    }),
    method(swap, "pointer, expected, desired", "store the desired value if the expected one is there; whether it was", (vm, base) => {
      const address = target(vm, base, swap, "as first argument");
      const expected = operand(vm, base + 1, swap, "second argument (expected)"), desired = operand(vm, base + 2, swap, "third argument (desired)");
      const matches = read(vm, address) === BigInt.asIntN(bits, expected);
      if (matches) write(vm, address, desired);
      vm.heap.setBool(base - 2, matches);
    }),
  ];
}

export const ATOMICS: readonly NativeInfo[] = [
  ...sharing([...width("i32"), ...width("i64")]),
  method("atomic_fence", "", "order memory operations; null", (vm, base) => vm.heap.setNull(base - 2)),
];
