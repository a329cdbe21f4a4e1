// Names of types of the program's own in descriptors of types (front/hemlock/lower-types.ts has their form), as constants of functions
// and as values of a world.

import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { findSlot } from "../../heap/cells/object.ts";
import { textOf } from "../../heap/cells/string.ts";
import type { Mem } from "../../heap/memory.ts";
import type { Heap } from "../../heap/heap.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, Hi } from "../../heap/value.ts";
import type { Constant } from "../bytecode/code.ts";
import { TypeCode } from "../ir/types.ts";

/** Names that a constant may mention. */
export function* namesInConstant(constant: Constant): Generator<string> {
  if (constant.type !== "array") return;
  const [head, name] = constant.value;
  if (head?.type === "i32" && head.value === TypeCode.Named && name?.type === "string") yield new TextDecoder().decode(name.value);
  for (const part of constant.value) yield* namesInConstant(part);
}

function* namesInValue(mem: Mem, slot: number): Generator<string> {
  if (mem.hi(slot) !== CellHi.Array) return;
  const array = mem.lo(slot), count = arrayLength(mem, array);
  if (count > 1 && mem.hi(elementSlot(mem, array, 0)) === Hi.I32 && mem.lo(elementSlot(mem, array, 0)) === TypeCode.Named) yield textOf(mem, mem.lo(elementSlot(mem, array, 1)));
  for (let i = 0; i < count; i++) yield* namesInValue(mem, elementSlot(mem, array, i));
}

/** Names of other types in what was registered for one; its own parameters are none. */
export function namesInType(heap: Heap, slot: number): string[] {
  const part = (key: string): number => findSlot(heap, heap.lo(slot), internText(heap, key)), parameters = part("parameters"), fields = part("fields");
  if (fields === 0) return [];
  const own = new Set<string>(), list = parameters === 0 ? 0 : heap.lo(parameters);
  for (let i = 0; i < (list === 0 ? 0 : arrayLength(heap, list)); i++) own.add(textOf(heap, heap.lo(elementSlot(heap, list, i))));
  return [...namesInValue(heap, fields)].filter((name) => !own.has(name));
}
