// What programs do with tasks and channels: waiting for a task, sending and receiving. The answer goes to a slot, at once or
// when the task that waits is woken.

import { elementSlot, length as arrayLength, newArray, setLength } from "../../heap/cells/array.ts";
import { newObject, setField } from "../../heap/cells/object.ts";
import { newStringFromText } from "../../heap/cells/string.ts";
import { Root } from "../../heap/roots.ts";
import { internText } from "../../heap/symbols.ts";
import { CellKind, Hi } from "../../heap/value.ts";
import { Outcome } from "./outcome.ts";
import { answer, answerSlot, next, park, raise, runningTask } from "./scheduler.ts";
import {
  cellItem, ChannelItem, clearItem, enqueue, flagItem, intItem, isTask, itemSlot, newChannel, SchedulerItem, setFlagItem, setIntItem, setTaskItem, TaskItem, TaskState, Wait,
} from "./task-cells.ts";
import type { Vm } from "./vm.ts";
import { SharedOperation } from "./workers.ts";

/** Room in the buffer of a channel before values are sent. */
const FIRST_BUFFER = 8;
const CLOSED = "cannot send to closed channel";

/** dst = result of the task in the slot, when it is done, or the value itself when it is none. */
export function waitFor(vm: Vm, dst: number, slot: number): void | Outcome {
  const { heap } = vm;
  if (!isTask(heap, slot)) return heap.copySlot(dst, slot);
  const task = heap.lo(slot);
  if (flagItem(heap, task, TaskItem.Joined)) vm.throwError("task handle already joined");
  if (flagItem(heap, task, TaskItem.Detached)) vm.throwError("cannot join detached task");
  setFlagItem(heap, task, TaskItem.Joined, true);
  const value = itemSlot(task, TaskItem.Value);
  if (intItem(heap, task, TaskItem.State) === TaskState.Done) return flagItem(heap, task, TaskItem.Throws) ? vm.throwSlot(value) : heap.copySlot(dst, value);
  setTaskItem(heap, task, TaskItem.Joiner, runningTask(vm));
  park(vm, Wait.Join, dst, slot, Infinity);
  return next(vm);
}

/** A new channel in dst. */
export function makeChannel(vm: Vm, dst: number, capacity: number): void {
  const { heap } = vm, channel = newChannel(heap);
  heap.setCell(dst, CellKind.Channel, channel);
  setIntItem(heap, channel, ChannelItem.Capacity, capacity);
  for (const item of [ChannelItem.First, ChannelItem.Length]) setIntItem(heap, channel, item, 0);
  setFlagItem(heap, channel, ChannelItem.Closed, false);
  heap.replaceCell(itemSlot(channel, ChannelItem.Buffer), CellKind.Array, newArray(heap, Math.min(capacity, FIRST_BUFFER)));
}

/** Sends the value in a slot; dst: null, or with a time limit whether it was sent in time. */
export function send(vm: Vm, dst: number, channel: number, value: number, milliseconds: number): void | Outcome {
  if (vm.workers?.operate(SharedOperation.Send, dst, channel, value, milliseconds) === true) return;
  const { heap } = vm;
  if (flagItem(heap, channel, ChannelItem.Closed)) vm.throwError(CLOSED);
  if (!handOver(vm, channel, value)) {
    if (intItem(heap, channel, ChannelItem.Length) >= intItem(heap, channel, ChannelItem.Capacity)) return waitToSend(vm, dst, channel, value, milliseconds);
    append(vm, channel, value);
  }
  storeSent(vm, dst, milliseconds !== Infinity);
}

const storeSent = ({ heap }: Vm, dst: number, isTimed: boolean): void => (isTimed ? heap.setBool(dst, true) : heap.setNull(dst));

/** Gives the value to whoever waits for one; false when nobody does. */
function handOver(vm: Vm, channel: number, value: number): boolean {
  const { heap } = vm, receiver = cellItem(heap, channel, ChannelItem.FirstReceiver);
  if (receiver !== 0) {
    answerSlot(vm, receiver, value);
    return true;
  }
  const selecting = selectingTask(vm, channel);
  if (selecting === 0) return false;
  const chosen = heap.rootSlot(Root.Temp0);
  storeChoice(vm, chosen, channel, value);
  answerSlot(vm, selecting, chosen);
  heap.setHole(chosen);
  return true;
}

function waitToSend(vm: Vm, dst: number, channel: number, value: number, milliseconds: number): Outcome {
  const { heap } = vm, on = heap.rootSlot(Root.Temp0);
  heap.setCell(on, CellKind.Channel, channel);
  const task = park(vm, Wait.Send, dst, on, milliseconds);
  heap.replace(itemSlot(task, TaskItem.Value), value);
  heap.setHole(on);
  enqueue(heap, channel, ChannelItem.FirstSender, task);
  return next(vm);
}

/** dst = the next value; null when the channel is closed and empty, or the time is over. */
export function receive(vm: Vm, dst: number, channel: number, milliseconds: number): void | Outcome {
  if (vm.workers?.operate(SharedOperation.Receive, dst, channel, 0, milliseconds) === true) return;
  if (take(vm, dst, channel)) return;
  const { heap } = vm;
  if (flagItem(heap, channel, ChannelItem.Closed)) return heap.setNull(dst);
  const on = heap.rootSlot(Root.Temp0);
  heap.setCell(on, CellKind.Channel, channel);
  const task = park(vm, Wait.Receive, dst, on, milliseconds);
  heap.setHole(on);
  enqueue(heap, channel, ChannelItem.FirstReceiver, task);
  return next(vm);
}

/** Takes a value that is there, from the buffer or from a task that waits to send; false when there is none. */
function take(vm: Vm, dst: number, channel: number): boolean {
  const { heap } = vm, sender = cellItem(heap, channel, ChannelItem.FirstSender), length = intItem(heap, channel, ChannelItem.Length);
  if (length === 0 && sender === 0) return false;
  if (length > 0) takeFirst(vm, dst, channel);
  else heap.copySlot(dst, itemSlot(sender, TaskItem.Value));
  if (sender === 0) return true;
  if (length > 0) append(vm, channel, itemSlot(sender, TaskItem.Value));
  clearItem(heap, sender, TaskItem.Value);
  answer(vm, sender, isTimed(vm, sender) ? true : null);
  return true;
}

const isTimed = ({ heap }: Vm, task: number): boolean => heap.hi(itemSlot(task, TaskItem.Wake)) !== Hi.Null;

function takeFirst({ heap }: Vm, dst: number, channel: number): void {
  const buffer = cellItem(heap, channel, ChannelItem.Buffer), first = intItem(heap, channel, ChannelItem.First), slot = elementSlot(heap, buffer, first);
  heap.copySlot(dst, slot);
  heap.forget(slot);
  heap.setNull(slot);
  setIntItem(heap, channel, ChannelItem.First, (first + 1) % arrayLength(heap, buffer));
  setIntItem(heap, channel, ChannelItem.Length, intItem(heap, channel, ChannelItem.Length) - 1);
}

/** Puts a value at the end of the buffer, which may have to grow. */
function append(vm: Vm, channel: number, value: number): void {
  const { heap } = vm, length = intItem(heap, channel, ChannelItem.Length);
  if (length === arrayLength(heap, cellItem(heap, channel, ChannelItem.Buffer))) growBuffer(vm, channel, length);
  const buffer = cellItem(heap, channel, ChannelItem.Buffer), at = (intItem(heap, channel, ChannelItem.First) + length) % arrayLength(heap, buffer);
  heap.replace(elementSlot(heap, buffer, at), value);
  setIntItem(heap, channel, ChannelItem.Length, length + 1);
}

function growBuffer(vm: Vm, channel: number, length: number): void {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp1), larger = Math.max(FIRST_BUFFER, 2 * length);
  heap.setCell(hold, CellKind.Array, newArray(heap, larger));
  setLength(heap, heap.lo(hold), larger);
  const old = cellItem(heap, channel, ChannelItem.Buffer), first = intItem(heap, channel, ChannelItem.First);
  for (let i = 0; i < length; i++) heap.copySlot(elementSlot(heap, heap.lo(hold), i), elementSlot(heap, old, (first + i) % length));
  heap.replace(itemSlot(channel, ChannelItem.Buffer), hold);
  setIntItem(heap, channel, ChannelItem.First, 0);
  heap.setHole(hold);
}

/** Nothing can be sent any more; whoever waits is woken: receivers with null, senders with an error. dst: null. */
export function close(vm: Vm, dst: number, channel: number): void {
  if (vm.workers?.operate(SharedOperation.Close, dst, channel, 0, Infinity) === true) return;
  const { heap } = vm;
  heap.setNull(dst);
  if (flagItem(heap, channel, ChannelItem.Closed)) return;
  setFlagItem(heap, channel, ChannelItem.Closed, true);
  for (let task = cellItem(heap, channel, ChannelItem.FirstReceiver); task !== 0; task = cellItem(heap, channel, ChannelItem.FirstReceiver)) answer(vm, task, null);
  const hold = heap.rootSlot(Root.Temp0);
  for (let task = cellItem(heap, channel, ChannelItem.FirstSender); task !== 0; task = cellItem(heap, channel, ChannelItem.FirstSender)) {
    heap.setCell(hold, CellKind.String, newStringFromText(heap, CLOSED));
    raise(vm, task, hold);
  }
  const nothing = heap.rootSlot(Root.Temp1);
  heap.setNull(nothing);
  for (let task = selectingTask(vm, channel); task !== 0; task = selectingTask(vm, channel)) {
    storeChoice(vm, hold, channel, nothing);
    answerSlot(vm, task, hold);
  }
  heap.setHole(nothing);
  heap.setHole(hold);
}

/** dst = { channel, value } of the first channel of the array that has a value or is closed; null when the time is over. */
export function select(vm: Vm, dst: number, channels: number, milliseconds: number): void | Outcome {
  if (vm.workers?.operate(SharedOperation.Select, dst, vm.heap.lo(channels), 0, milliseconds) === true) return;
  const { heap } = vm, value = heap.rootSlot(Root.Temp2);
  for (let i = 0; i < arrayLength(heap, heap.lo(channels)); i++) {
    const channel = heap.lo(elementSlot(heap, heap.lo(channels), i));
    heap.setNull(value);
    if (!take(vm, value, channel) && !flagItem(heap, channel, ChannelItem.Closed)) continue;
    storeChoice(vm, dst, channel, value);
    return heap.setHole(value);
  }
  heap.setHole(value);
  const task = park(vm, Wait.Select, dst, channels, milliseconds);
  enqueue(heap, heap.rootCell(Root.Tasks), SchedulerItem.FirstSelecting, task);
  return next(vm);
}

/** The first task that waits for any of several channels, this one among them. */
function selectingTask({ heap }: Vm, channel: number): number {
  const owner = heap.rootCell(Root.Tasks);
  if (owner === 0) return 0;
  for (let task = cellItem(heap, owner, SchedulerItem.FirstSelecting); task !== 0; task = cellItem(heap, task, TaskItem.Next)) {
    const channels = cellItem(heap, task, TaskItem.On);
    for (let i = 0; i < arrayLength(heap, channels); i++) if (heap.lo(elementSlot(heap, channels, i)) === channel) return task;
  }
  return 0;
}

function storeChoice(vm: Vm, dst: number, channel: number, value: number): void {
  const { heap } = vm, hold = heap.rootSlot(Root.Temp3), at = heap.rootSlot(Root.Temp4);
  heap.setCell(at, CellKind.Channel, channel);
  heap.setCell(hold, CellKind.Object, newObject(heap, 2));
  setField(heap, heap.lo(hold), internText(heap, "channel"), at);
  setField(heap, heap.lo(hold), internText(heap, "value"), value);
  heap.copySlot(dst, hold);
  heap.setHole(hold);
  heap.setHole(at);
}

/** The running task goes on after so much time. */
export function sleep(vm: Vm, dst: number, milliseconds: number): void | Outcome {
  if (vm.workers?.operate(SharedOperation.Sleep, dst, 0, 0, milliseconds) === true) return;
  park(vm, Wait.Sleep, dst, 0, milliseconds);
  return next(vm);
}
