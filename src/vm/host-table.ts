// What the world knows of its host: the names of the host's functions, by the ids in values, and the calls of them that have
// not been answered. All of it is data in the world, so that an image of it can be taken up by another host.
//
//   Root.Host ─► [names, calls, next id, last error, answers]
//                  │       │                             └─► [waker, succeeded, value, …]   for procedures that wake a task, oldest first
//                  │       └─► [[id, name index, [argument …], waker], …]                   oldest first; waker: a task, a procedure, or null
//                  └─► ["read", "files.list", …]                                            index = native id - FIRST_HOST_NATIVE

import { elementSlot, length, newArray, push, remove, setLength } from "../../heap/cells/array.ts";
import { newStringFromText, textOf } from "../../heap/cells/string.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import type { Vm } from "./vm.ts";

const enum Item { Names, Calls, NextId, LastError, Answers, Count }
/** Parts of an answer. */
const ANSWER_PARTS = 3;
const enum Call { Id, Name, Arguments, Waker, Count }

/** A call that waits for its answer, by where its record lies; good until a record is removed. */
export interface WaitingCall { readonly id: number; readonly nameIndex: number; /** Slot of the array of arguments. */ readonly args: number; /** Slot of its waker. */ readonly waker: number }

/** Makes the table of a world that has none. */
function prepare(vm: Vm): number {
  const { heap } = vm, root = heap.rootSlot(Root.Host);
  if (heap.hi(root) === CellHi.Array) return heap.lo(root);
  const table = newArray(heap, Item.Count);
  heap.setCell(root, CellKind.Array, table);
  setLength(heap, table, Item.Count);
  heap.setCell(elementSlot(heap, table, Item.Names), CellKind.Array, newArray(heap, 8));
  heap.setCell(elementSlot(heap, table, Item.Calls), CellKind.Array, newArray(heap, 4));
  heap.setCell(elementSlot(heap, table, Item.Answers), CellKind.Array, newArray(heap, ANSWER_PARTS));
  heap.setI32(elementSlot(heap, table, Item.NextId), 1);
  return table;
}

const item = (vm: Vm, which: Item): number => elementSlot(vm.heap, prepare(vm), which);
const hasTable = (vm: Vm): boolean => vm.heap.hi(vm.heap.rootSlot(Root.Host)) === CellHi.Array;

/** Names of the host functions the world refers to, in order of their ids. */
export function hostNames(vm: Vm): string[] {
  if (!hasTable(vm)) return [];
  const { heap } = vm, names = heap.lo(item(vm, Item.Names));
  return Array.from({ length: length(heap, names) }, (_, i) => textOf(heap, heap.lo(elementSlot(heap, names, i))));
}

/** Begins the names of builtins of the system that wait: no function of the host can be called like that. */
const SYSTEM = "system:";
export const isSystemName = (name: string): boolean => name.startsWith(SYSTEM);
/** A name as people know it. */
export const plainName = (name: string): string => (isSystemName(name) ? name.slice(SYSTEM.length) : name);

/** Index of the name of a builtin of the system. */
export function systemNameIndex(vm: Vm, name: string): number {
  const known = hostNames(vm).indexOf(SYSTEM + name);
  return known < 0 ? addHostName(vm, SYSTEM + name) : known;
}

/** Gives a name the next id; answers its index. */
export function addHostName(vm: Vm, name: string): number {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp0), names = heap.lo(item(vm, Item.Names));
  heap.setCell(hold, CellKind.String, newStringFromText(heap, name));
  push(heap, names, hold);
  heap.setHole(hold);
  return length(heap, names) - 1;
}

/** Records a call of the host function with arguments in slots first … first+count-1; answers its id. */
export function addCall(vm: Vm, nameIndex: number, first: number, count: number): number {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp0), calls = heap.lo(item(vm, Item.Calls)), next = item(vm, Item.NextId), id = heap.lo(next);
  const call = newArray(heap, Call.Count);
  heap.setCell(hold, CellKind.Array, call);
  setLength(heap, call, Call.Count);
  heap.setI32(elementSlot(heap, call, Call.Id), id);
  heap.setI32(elementSlot(heap, call, Call.Name), nameIndex);
  const args = newArray(heap, count);
  heap.setCell(elementSlot(heap, call, Call.Arguments), CellKind.Array, args);
  for (let i = 0; i < count; i++) push(heap, args, first + i);
  push(heap, calls, hold);
  heap.setHole(hold);
  heap.setI32(item(vm, Item.NextId), id + 1);
  return id;
}

/** The calls without an answer, oldest first. */
export function waitingCalls(vm: Vm): WaitingCall[] {
  if (!hasTable(vm)) return [];
  return Array.from({ length: callCount(vm) }, (_, i) => callAt(vm, i));
}

/** The call with this id, null when it has its answer or never was. */
export function findCall(vm: Vm, id: number): WaitingCall | null {
  const at = placeOf(vm, id);
  return at < 0 ? null : callAt(vm, at);
}

/** Where among the calls, which are in the order of their ids, the one with this id is; -1 for nowhere. */
function placeOf(vm: Vm, id: number): number {
  if (!hasTable(vm)) return -1;
  const { heap } = vm, calls = heap.lo(item(vm, Item.Calls));
  let low = 0, high = length(heap, calls);
  while (low < high) {
    const middle = (low + high) >> 1;
    if (heap.lo(elementSlot(heap, heap.lo(elementSlot(heap, calls, middle)), Call.Id)) < id) low = middle + 1;
    else high = middle;
  }
  return low < length(heap, calls) && callAt(vm, low).id === id ? low : -1;
}

/** The call at an index below `callCount`. */
export function callAt(vm: Vm, at: number): WaitingCall {
  const { heap } = vm, call = heap.lo(elementSlot(heap, heap.lo(item(vm, Item.Calls)), at)), part = (which: Call): number => elementSlot(heap, call, which);
  return { id: heap.lo(part(Call.Id)), nameIndex: heap.lo(part(Call.Name)), args: part(Call.Arguments), waker: part(Call.Waker) };
}

/** How many calls have no answer. */
export const callCount = (vm: Vm): number => (hasTable(vm) ? length(vm.heap, vm.heap.lo(item(vm, Item.Calls))) : 0);

/** The value in a slot is to be told of the answer to a call; see the drawing. */
export function addWaker(vm: Vm, id: number, slot: number): void {
  const call = findCall(vm, id);
  if (call !== null) vm.heap.replace(call.waker, slot);
}

/** Keeps the answer to a call whose waker is a procedure of the guest, for `takeAnswer`. `value`: slot. */
export function addAnswer(vm: Vm, waker: number, succeeded: boolean, value: number): void {
  const { heap } = vm, answers = heap.lo(item(vm, Item.Answers)), hold = heap.rootSlot(Root.Temp0);
  push(heap, answers, waker);
  heap.setBool(hold, succeeded);
  push(heap, answers, hold);
  push(heap, answers, value);
  heap.setHole(hold);
}

/** Takes the oldest answer: its parts are put into three slots. False when there is none. */
export function takeAnswer(vm: Vm, dst: number): boolean {
  if (!hasTable(vm)) return false;
  const { heap } = vm, answers = heap.lo(item(vm, Item.Answers));
  if (length(heap, answers) === 0) return false;
  for (let i = 0; i < ANSWER_PARTS; i++) remove(heap, answers, 0, dst + i);
  return true;
}

/** Forgets a call, which has its answer. */
export function removeCall(vm: Vm, id: number): void {
  const at = placeOf(vm, id), { heap } = vm, hold = heap.rootSlot(Root.Temp0);
  if (at < 0) return;
  remove(heap, heap.lo(item(vm, Item.Calls)), at, hold);
  heap.setHole(hold);
}

/** Forgets all calls: nobody waits any more. */
export function removeCalls(vm: Vm): void {
  if (!hasTable(vm)) return;
  for (const list of [Item.Calls, Item.Answers]) setLength(vm.heap, vm.heap.lo(item(vm, list)), 0);
}

/** Keeps the exception a host function ended with last, so that it can be told from all others. */
export function keepHostError(vm: Vm, exception: number): void {
  vm.heap.replace(item(vm, Item.LastError), exception);
}

/** Whether the exception in the slot is that one. */
export function isHostError(vm: Vm, exception: number): boolean {
  if (!hasTable(vm)) return false;
  const { heap } = vm, last = item(vm, Item.LastError);
  return heap.hi(last) === heap.hi(exception) && heap.lo(last) === heap.lo(exception) && heap.hi(last) >= CellHi.String;
}
