// A WebAssembly module in its binary format: functions over one imported memory.

import { encodeBody, type Code, type Type } from "./assembler.ts";
import { unsigned } from "./leb128.ts";

export interface WasmFunction {
  /** Exported under this name. */
  readonly name: string;
  readonly params: readonly Type[];
  readonly results: readonly Type[];
  /** Types of the locals that follow the parameters. */
  readonly locals: readonly Type[];
  readonly body: Code;
}

const enum Section { Type = 1, Import = 2, Function = 3, Export = 7, Code = 10 }
const enum Kind { Function = 0, Memory = 2 }
const FUNCTION_TYPE = 0x60;
const HEADER = [0x00, 0x61, 0x73, 0x6d, 1, 0, 0, 0];

const text = (value: string): number[] => [...unsigned(value.length), ...[...value].map((c) => c.charCodeAt(0))];
const sized = (bytes: readonly number[]): number[] => [...unsigned(bytes.length), ...bytes];
const list = (items: readonly (readonly number[])[]): number[] => [...unsigned(items.length), ...items.flat()];
const section = (id: Section, items: readonly (readonly number[])[]): number[] => [id, ...sized(list(items))];

/** Functions over the memory "env" "memory", which may have any size. */
export function encodeModule(functions: readonly WasmFunction[]): Uint8Array<ArrayBuffer> {
  return new Uint8Array([
    ...HEADER,
    ...section(Section.Type, functions.map(({ params, results }) => [FUNCTION_TYPE, ...list(params.map((type) => [type])), ...list(results.map((type) => [type]))])),
    ...section(Section.Import, [[...text("env"), ...text("memory"), Kind.Memory, 0, 0]]),
    ...section(Section.Function, functions.map((_, i) => unsigned(i))),
    ...section(Section.Export, functions.map(({ name }, i) => [...text(name), Kind.Function, ...unsigned(i)])),
    ...section(Section.Code, functions.map(({ locals, body }) => sized([...list(locals.map((type) => [1, type])), ...encodeBody(body)]))),
  ]);
}
