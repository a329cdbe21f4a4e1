// poll: waits until something can be done with one of several sockets. Files can always be read and written.

import { elementSlot, length as arrayLength, newArray, push } from "../../heap/cells/array.ts";
import { findSlot, newObject, setField } from "../../heap/cells/object.ts";
import { internText } from "../../heap/symbols.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { integerArgument } from "../library/arguments.ts";
import type { Native, Store } from "../vm/native.ts";
import { isInteger, numberOf, rankOf } from "../vm/numeric.ts";
import type { Vm } from "../vm/vm.ts";
import { attemptUntil, oneTurn, Poll, type OpenSocket } from "./open-socket.ts";
import { finish, type Sockets } from "./sockets.ts";

/** What is asked of one socket; null: of a file. */
interface Entry { readonly socket: OpenSocket | null; readonly events: number }

const ALWAYS = Poll.Error | Poll.HangUp;
const MAX_TIME = 2 ** 31 - 1;

export const pollNative = (sockets: Sockets): readonly [string, Native] => ["poll", (vm, base, argc) => {
  if (argc !== 2) vm.throwError("poll() expects 2 arguments (fds, timeout_ms)");
  if (vm.heap.hi(base) !== CellHi.Array) vm.throwError("poll() first argument must be array");
  const given = integerArgument(vm, base + 1, "poll() second argument must be integer (timeout_ms)"), entries = entriesAt(vm, base, sockets);
  const found = (): Store | undefined => {
    const events = entries.map(({ socket, events: asked }) => (socket === null ? asked & (Poll.In | Poll.Out) : socket.ready() & (asked | ALWAYS)));
    return events.some((each) => each !== 0) ? results(base, events) : undefined;
  };
  const now = entries.length === 0 ? results(base, []) : found(), none = results(base, []);
  if (now !== undefined) return finish(vm, base, argc, now);
  if (given === 0) return vm.suspend(vm, "poll", base, async () => (await oneTurn(), found() ?? none));
  const watched = entries.flatMap(({ socket }) => socket ?? []);
  return vm.suspend(vm, "poll", base, () => attemptUntil(watched, given < 0 ? Infinity : Math.min(given, MAX_TIME), found, () => none));
}];

function entriesAt(vm: Vm, base: number, sockets: Sockets): Entry[] {
  const { heap } = vm, array = heap.lo(base);
  return Array.from({ length: arrayLength(heap, array) }, (_, i) => {
    const item = elementSlot(heap, array, i);
    if (heap.hi(item) !== CellHi.Object) vm.throwError("poll() array elements must be objects with 'fd' and 'events'");
    const fd = fieldSlot(vm, item, "fd"), events = fieldSlot(vm, item, "events"), isFile = fd !== 0 && heap.hi(fd) === CellHi.File;
    const socket = fd !== 0 && heap.hi(fd) === CellHi.Socket ? sockets.find(vm, heap.lo(fd)) : null;
    if (socket === null && !isFile) vm.throwError("poll() fd must be a socket or file");
    const rank = events === 0 ? 0 : rankOf(heap, events);
    return { socket, events: isInteger(rank) ? numberOf(heap, events, rank) : vm.throwError("poll() events must be an integer") };
  });
}

const fieldSlot = ({ heap }: Vm, object: number, name: string): number => findSlot(heap, heap.lo(object), internText(heap, name));

/** {fd, revents} for those with events. The array may have changed while the task waited: what is gone is null. */
const results = (base: number, events: readonly number[]): Store => (vm, slot) => {
  const { heap } = vm;
  heap.setCell(slot, CellKind.Array, newArray(heap, 4));
  events.forEach((each, i) => {
    if (each === 0) return;
    heap.setCell(slot + 1, CellKind.Object, newObject(heap, 2));
    const array = heap.lo(base), item = heap.hi(base) === CellHi.Array && i < arrayLength(heap, array) ? elementSlot(heap, array, i) : 0;
    const fd = item !== 0 && heap.hi(item) === CellHi.Object ? fieldSlot(vm, item, "fd") : 0;
    if (fd === 0) heap.setNull(slot + 2);
    else heap.copySlot(slot + 2, fd);
    setField(heap, heap.lo(slot + 1), internText(heap, "fd"), slot + 2);
    heap.setI32(slot + 2, each);
    setField(heap, heap.lo(slot + 1), internText(heap, "revents"), slot + 2);
    push(heap, heap.lo(slot), slot + 1);
  });
};
