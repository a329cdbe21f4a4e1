// The methods serialize and deserialize.

import { StringBuilder } from "../../heap/cells/builder.ts";
import { byteLength } from "../../heap/cells/string.ts";
import { CellKind } from "../../heap/value.ts";
import { appendJson } from "../vm/json-text.ts";
import type { Vm } from "../vm/vm.ts";
import { receiver } from "./arguments.ts";
import { JsonReader } from "./json-reader.ts";

export function deserialize(vm: Vm, base: number): void {
  const text = receiver(vm, base);
  vm.work(4 * byteLength(vm.heap, text));
  new JsonReader(vm, text, base).read(base - 2);
}

export function serialize(vm: Vm, base: number): void {
  const out = new StringBuilder();
  appendJson(vm, out, base - 2);
  vm.heap.setCell(base - 2, CellKind.String, out.finish(vm.heap));
}
