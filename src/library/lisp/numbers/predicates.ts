// Which kind of number a value is. None of these raises.

import type { Mem } from "../../../../heap/memory.ts";
import { CellHi } from "../../../../heap/value.ts";
import { imaginarySlot, realSlot } from "../../../../heap/cells/complex.ts";
import type { NativeInfo } from "../../../vm/native.ts";
import { lisp } from "./arguments.ts";
import { Kind, floatAt, isInt, kindAt } from "./slots.ts";

const predicate = (name: string, doc: string, test: (kind: Kind, mem: Mem, slot: number) => boolean, aliases: readonly string[] = []): NativeInfo =>
  lisp(name, 1, 1, doc, (vm, base) => vm.heap.setBool(base - 2, test(kindAt(vm.heap, base), vm.heap, base)), aliases);

/** Both parts of a complex number are exact. */
function isExactComplex(mem: Mem, slot: number): boolean {
  const cell = mem.lo(slot);
  return kindAt(mem, realSlot(cell)) !== Kind.Float && kindAt(mem, imaginarySlot(cell)) !== Kind.Float;
}

const isExact = (kind: Kind, mem: Mem, slot: number): boolean =>
  isInt(kind) || kind === Kind.Rational || (mem.hi(slot) === CellHi.Complex && isExactComplex(mem, slot));

export const PREDICATES = [
  predicate("number?", "whether the value is a number of any kind", (kind) => kind !== Kind.None, ["complex?"]),
  predicate("real?", "whether the value is a number and not complex", (kind) => kind !== Kind.None && kind !== Kind.Complex),
  predicate("rational?", "whether the value is an integer or an exact ratio", (kind) => isInt(kind) || kind === Kind.Rational),
  predicate("integer?", "whether the value is an integer or a float without fraction", (kind, mem, slot) => isInt(kind) || (kind === Kind.Float && Number.isInteger(floatAt(mem, slot)))),
  predicate("float?", "whether the value is a float", (kind) => kind === Kind.Float),
  predicate("exact?", "whether the value is a number without floats", isExact),
  predicate("inexact?", "whether the value is a number with a float in it", (kind, mem, slot) => kind !== Kind.None && !isExact(kind, mem, slot)),
  predicate("exact-integer?", "whether the value is an integer and no float", (kind) => isInt(kind)),
];
