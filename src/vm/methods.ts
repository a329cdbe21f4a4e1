// Which function a method call on a builtin kind runs. The table is made once per kind of start world from the natives named
// "kind.method" and the self-hosted methods; call sites cache what it answers.

import { elementSlot, newArray, push } from "../../heap/cells/array.ts";
import { findSlot } from "../../heap/cells/object.ts";
import { textOf } from "../../heap/cells/string.ts";
import { DEBUG, assert } from "../../heap/debug.ts";
import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { NATIVES, SELF_HOSTED_METHODS } from "../library/registry.ts";
import { throwNotFunction } from "./operand-name.ts";
import { lineOf } from "./stack.ts";
import type { Vm } from "./vm.ts";

/** What runs a method: the index of a native plus 1, the name of a library global, or 0 when there is none. */
export type Method = number | string;

/** Method tables by kind of receiver: symbol address -> method. */
export interface MethodTable { readonly array: Map<number, Method>; readonly string: Map<number, Method>; readonly object: Map<number, Method>; readonly buffer: Map<number, Method>; readonly channel: Map<number, Method>; readonly file: Map<number, Method>; readonly socket: Map<number, Method> }
type Kind = keyof MethodTable;

const KINDS: readonly Kind[] = ["array", "string", "object", "buffer", "channel", "file", "socket"];

interface MethodInfo { readonly kind: Kind; readonly method: string; readonly target: Method }

let known: readonly MethodInfo[] | null = null;

/** All methods, in an order that is the same for every VM of this build. */
function allMethods(): readonly MethodInfo[] {
  return known ??= [
    ...NATIVES.flatMap(({ name }, index) => {
      const [kind, method] = name.split(".");
      return method !== undefined && KINDS.includes(kind as Kind) ? [{ kind: kind as Kind, method, target: index + 1 }] : [];
    }),
    ...SELF_HOSTED_METHODS.map(({ kind, method, global }) => ({ kind, method, target: global })),
  ];
}

/** The method table of a world that has the names; worlds that are copies of each other can share it. */
export function indexMethods(mem: Mem): MethodTable {
  const table: MethodTable = { array: new Map(), string: new Map(), object: new Map(), buffer: new Map(), channel: new Map(), file: new Map(), socket: new Map() };
  const names = mem.rootCell(Root.KnownSymbols);
  allMethods().forEach(({ kind, method, target }, i) => {
    const symbol = mem.lo(elementSlot(mem, names, i));
    if (DEBUG) assert(textOf(mem, symbol) === method, `the world's method ${i} is not '${method}'`);
    table[kind].set(symbol, target);
  });
  return table;
}

/** Starts the list of known symbols of a fresh world with the names of the methods: it keeps them alive, tables have only their addresses. */
export function internMethodNames(heap: Heap): void {
  const names = heap.rootSlot(Root.KnownSymbols), name = heap.rootSlot(Root.Temp0);
  heap.setCell(names, CellKind.Array, newArray(heap, 64));
  for (const { method } of allMethods()) {
    const symbol = internText(heap, method);
    heap.setCell(name, CellKind.Symbol, symbol);
    push(heap, heap.lo(names), name);
  }
  heap.setHole(name);
}

function kindOf(hi: number): Kind | null {
  switch (hi) {
    case CellHi.Array: return "array";
    case CellHi.String: return "string";
    case CellHi.Object: return "object";
    case CellHi.Buffer: return "buffer";
    case CellHi.Channel: return "channel";
    case CellHi.File: return "file";
    case CellHi.Socket: return "socket";
    default: return null;
  }
}

/** The builtin method of receivers with this hi word; 0 when there is none. Depends on nothing but its arguments. */
export function methodOf(vm: Vm, receiverHi: number, symbol: number): Method {
  const kind = kindOf(receiverHi);
  return kind === null ? 0 : vm.methods[kind].get(symbol) ?? 0;
}

/** Raises the error of a method call for which neither a field nor a builtin method was found. */
export function noSuchMethod(vm: Vm, receiver: number, symbol: number): never {
  const name = textOf(vm.heap, symbol), object = vm.heap.lo(receiver);
  switch (vm.heap.hi(receiver)) {
    case CellHi.Object: {
      const field = findSlot(vm.heap, object, symbol);
      if (field !== 0) return throwNotFunction(vm, field, name);
      return vm.throwError(`[line ${lineOf(vm)}] Object has no method '${name}'`);
    }
    case CellHi.String: return vm.throwError(`[line ${lineOf(vm)}] String has no method '${name}'`);
    case CellHi.Array: return vm.throwError(`[line ${lineOf(vm)}] Array has no method '${name}'`);
    case CellHi.Buffer: return vm.throwError(`Unknown buffer method '${name}'`);
    case CellHi.Channel: return vm.throwError(`Unknown channel method '${name}'`);
    case CellHi.File: return vm.throwError(`File has no method '${name}'`);
    case CellHi.Socket: return vm.throwError(`Socket has no method '${name}'`);
  }
  vm.throwError("Only strings, buffers, arrays, and objects have properties");
}
