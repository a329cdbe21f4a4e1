// Atomic operations on raw memory. Only one task of a VM runs at a time, so they are that anyway; with workers other threads may have
// the same memory, and where it is theirs they do the operations themselves (src/workers/README.md). What is not aligned has no atomic
// operation in JavaScript: it is read and written, by the VM alone.

import { Rank } from "../../heap/value.ts";
import { bigIntegerOf, storeBig } from "../vm/integers64.ts";
import type { NativeInfo } from "../vm/native.ts";
import { isInteger, rankOf } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { sharing } from "../vm/workers.ts";
import { addressOf, isPointer, method } from "./arguments.ts";
import { LAYOUTS } from "./pointers.ts";

/** What Atomics does on the elements of an array, and the same for what is not aligned. */
interface Operation {
  readonly verb: string;
  readonly doc: string;
  readonly i32: (words: Int32Array, at: number, v: number) => number;
  readonly i64: (words: BigInt64Array, at: number, v: bigint) => bigint;
  readonly combine: (old: bigint, v: bigint) => bigint;
}

const OPERATIONS: readonly Operation[] = [
  { verb: "add", doc: "add", i32: Atomics.add, i64: Atomics.add, combine: (old, v) => old + v },
  { verb: "sub", doc: "subtract", i32: Atomics.sub, i64: Atomics.sub, combine: (old, v) => old - v },
  { verb: "and", doc: "bitwise and", i32: Atomics.and, i64: Atomics.and, combine: (old, v) => old & v },
  { verb: "or", doc: "bitwise or", i32: Atomics.or, i64: Atomics.or, combine: (old, v) => old | v },
  { verb: "xor", doc: "bitwise exclusive or", i32: Atomics.xor, i64: Atomics.xor, combine: (old, v) => old ^ v },
  { verb: "exchange", doc: "replace", i32: Atomics.exchange, i64: Atomics.exchange, combine: (_, v) => v },
];
const LOAD: Operation = { verb: "load", doc: "", i32: Atomics.load, i64: Atomics.load, combine: (old) => old };
const STORE: Operation = { verb: "store", doc: "", i32: Atomics.store, i64: Atomics.store, combine: (_, v) => v };

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
  const layout = LAYOUTS[type]!, isWord = layout.rank === Rank.I32, bits = isWord ? 32 : 64, bytes = isWord ? 4 : 8;
  const wrap = (v: bigint): bigint => BigInt.asIntN(bits, v);
  const write = ({ raw }: Vm, address: number, v: bigint): void => layout.write(raw, address, Number(BigInt.asIntN(32, v)), v);

  /** Does it; answers what was there. */
  const perform = (vm: Vm, address: number, operation: Operation, v: bigint): bigint => {
    const { raw } = vm, at = raw.atomicIndex(address, bytes, operation !== STORE, operation !== LOAD);
    if (at >= 0) return isWord ? BigInt(operation.i32(raw.i32, at, Number(wrap(v)))) : operation.i64(raw.i64, at, wrap(v));
    const old = operation === STORE ? 0n : BigInt(layout.read(raw, address));
    if (operation !== LOAD) write(vm, address, operation.combine(old, v));
    return old;
  };
  const answer = ({ heap }: Vm, dst: number, v: bigint): void => (isWord ? heap.setI32(dst, Number(v)) : storeBig(heap, dst, Rank.I64, v));
  const replace = (vm: Vm, address: number, expected: bigint, desired: bigint): boolean => {
    const { raw } = vm, at = raw.atomicIndex(address, bytes, true, true);
    if (at >= 0 && isWord) return Atomics.compareExchange(raw.i32, at, Number(expected), Number(wrap(desired))) === Number(expected);
    if (at >= 0) return Atomics.compareExchange(raw.i64, at, expected, wrap(desired)) === expected;
    const matches = BigInt(layout.read(raw, address)) === expected;
    if (matches) write(vm, address, desired);
    return matches;
  };

  const load = `atomic_load_${type}`, store = `atomic_store_${type}`, swap = `atomic_cas_${type}`;
  return [
    method(load, "pointer", `the ${type} at an address`, (vm, base) => answer(vm, base - 2, perform(vm, target(vm, base, load, "argument"), LOAD, 0n))),
    method(store, "pointer, value", `store a ${type}; null`, (vm, base) => {
      perform(vm, target(vm, base, store, "as first argument"), STORE, operand(vm, base + 1, store, "second argument"));
      vm.heap.setNull(base - 2);
    }),
    ...OPERATIONS.map((operation) => {
      const name = `atomic_${operation.verb}_${type}`;
      return method(name, "pointer, value", `${operation.doc}; answers the old value`, (vm, base) => {
        const address = target(vm, base, name, "as first argument"), v = operand(vm, base + 1, name, "second argument");
        answer(vm, base - 2, perform(vm, address, operation, v));
      });
    }),
    method(swap, "pointer, expected, desired", "store the desired value if the expected one is there; whether it was", (vm, base) => {
      const address = target(vm, base, swap, "as first argument");
      const expected = operand(vm, base + 1, swap, "second argument (expected)"), desired = operand(vm, base + 2, swap, "third argument (desired)");
      vm.heap.setBool(base - 2, replace(vm, address, wrap(expected), desired));
    }),
  ];
}

export const ATOMICS: readonly NativeInfo[] = [
  ...sharing([...width("i32"), ...width("i64")]),
  method("atomic_fence", "", "order memory operations; null", (vm, base) => vm.heap.setNull(base - 2)),
];
