// Binding arguments to parameters when the counts do not simply agree: defaults, rest, names, receiver. Works on slots
// only, so both engines share it.

import { Arr, Code, ParamFlag, Slots } from "../../heap/layout.ts";
import { newArray, push } from "../../heap/cells/array.ts";
import { setList } from "../../heap/cells/pair.ts";
import { equals, textOf } from "../../heap/cells/string.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import type { Vm } from "./vm.ts";

/** Register, relative to the frame, that holds the receiver of a function with ParamFlag.Self. */
export const selfRegister = (paramCount: number, flags: number): number => paramCount + (flags & ParamFlag.Rest ? 1 : 0);

/**
 * Rearranges argc arguments in slots base… into parameter layout: holes for missing optional ones, an array for the rest
 * parameter, the receiver (Root.Receiver) behind them when the function wants it. `names`: address of an array whose
 * entry i is the name (string) of argument i or null; 0 for none. Throws the arity errors. May collect.
 */
export function bindArguments(vm: Vm, code: number, base: number, argc: number, names: number): void {
  const heap = vm.heap, params = heap.word(code + Code.ParamCount), flags = heap.word(code + Code.ParamFlags);
  const required = heap.word(code + Code.RequiredCount), rest = (flags & ParamFlag.Rest) !== 0;
  if (names !== 0) argc = bindNamed(vm, code, base, argc, names);
  if (argc < required || (argc > params && !rest)) arityError(vm, code, required, params, rest, argc);
  if (rest) (flags & ParamFlag.Lisp ? collectList : collectRest)(vm, base, params, argc);
  for (let i = argc; i < params; i++) heap.setHole(base + i);
  if (flags & ParamFlag.Self) heap.copySlot(base + selfRegister(params, flags), heap.rootSlot(Root.Receiver));
}

function arityError(vm: Vm, code: number, required: number, params: number, rest: boolean, argc: number): never {
  if (vm.heap.word(code + Code.ParamFlags) & ParamFlag.Lisp) vm.rules.arity(vm, textOf(vm.heap, vm.heap.word(code + Code.Name)), required, rest ? -1 : params, argc);
  const expected = rest ? `at least ${required}` : required === params ? `${params}` : `${required}-${params}`;
  vm.throwError(`Function expects ${expected} arguments, got ${argc}`);
}

/** Moves the arguments from `params` on into an array that becomes argument number `params`. */
function collectRest(vm: Vm, base: number, params: number, argc: number): void {
  const heap = vm.heap, count = Math.max(0, argc - params), hold = heap.rootSlot(Root.Temp5);
  const array = newArray(heap, count);
  heap.setCell(hold, CellKind.Array, array);
  for (let i = 0; i < count; i++) push(heap, array, base + params + i);
  heap.setCell(base + params, CellKind.Array, array);
  heap.setHole(hold);
}

/** The same as a list of Lisp. */
function collectList(vm: Vm, base: number, params: number, argc: number): void {
  setList(vm.heap, base + params, base + params, Math.max(0, argc - params));
}

/** Places named arguments; answers the number of parameters (all positions are then filled, with holes where allowed). */
function bindNamed(vm: Vm, code: number, base: number, argc: number, names: number): number {
  const heap = vm.heap, params = heap.word(code + Code.ParamCount), required = heap.word(code + Code.RequiredCount);
  const rest = (heap.word(code + Code.ParamFlags) & ParamFlag.Rest) !== 0;
  const list = heap.word(code + Code.ParamNames), nameSlots = (heap.word(names + Arr.Data) + Slots.Data) >> 3;
  const from: number[] = new Array<number>(params).fill(-1), extra: number[] = [];
  for (let i = 0; i < argc; i++) {
    if (heap.hi(nameSlots + i) === Hi.Null) continue;
    const at = parameterNamed(vm, list, params, heap.lo(nameSlots + i));
    if (from[at] !== -1) vm.throwError(`Duplicate argument for parameter '${textOf(heap, heap.lo(nameSlots + i))}'`);
    from[at] = i;
  }
  let next = 0;
  for (let i = 0; i < argc; i++) {
    if (heap.hi(nameSlots + i) !== Hi.Null) continue;
    while (next < params && from[next] !== -1) next++;
    if (next < params) from[next] = i;
    else extra.push(i);
  }
  if (extra.length > 0 && !rest) arityError(vm, code, required, params, rest, argc);
  const scratch = base + Math.max(argc, params) + 1;
  vm.reserve(scratch + argc);
  for (let i = 0; i < argc; i++) heap.copySlot(scratch + i, base + i);
  for (let p = 0; p < params; p++) {
    const i = from[p]!;
    // in a call with names, an explicit null counts as missing
    if (i === -1 || heap.hi(scratch + i) === Hi.Null) {
      // The required parameters come first, which the IR's verifier checks.
      if (p < required) vm.throwError("Missing required parameter(s)");
      heap.setHole(base + p);
    } else heap.copySlot(base + p, scratch + i);
  }
  for (let i = 0; i < extra.length; i++) heap.copySlot(base + params + i, scratch + extra[i]!);
  return params + extra.length;
}

/** Index of the parameter with the name (a string cell). */
function parameterNamed(vm: Vm, list: number, params: number, name: number): number {
  const heap = vm.heap, first = (list + Slots.Data) >> 3;
  for (let i = 0; i < params; i++) if (equals(heap, heap.lo(first + i), name)) return i;
  return vm.throwError(`Unknown parameter name '${textOf(heap, name)}'`);
}

