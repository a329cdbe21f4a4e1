// Tasks and channels as data: what each item of their cells means, and queues of tasks. Everything about a task lies in the
// world, so an image of it goes on where it stopped.

import { newRecord, recordItem } from "../../heap/cells/record.ts";
import { newVector } from "../../heap/cells/vector.ts";
import type { Heap } from "../../heap/heap.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi } from "../../heap/value.ts";

/** Items of a Task. Slots and pcs are absolute: neither parked stacks nor code move. */
export const enum TaskItem {
  /** i32: 0 for the program itself, then in the order of spawning. */
  Id,
  /** i32: TaskState. */
  State,
  /** bool. */
  Joined, Detached,
  /** Stack cell, null before the first run and after the end. */
  Stack,
  /** i32, while parked: register 0 of the running frame, where it goes on, frames in use. */
  Fp, Pc, Depth,
  /** While parked: value of Root.Dynamic. */
  Dynamic,
  /** Done: result or exception. Sending: the value. Ready with Throws: the exception to go on with. */
  Value,
  /** bool: Value is an exception. */
  Throws,
  /** i32, while waiting: slot that gets the answer. */
  Answer,
  /** i32: Wait. */
  Wait,
  /** While waiting: the channel, task or array of channels. */
  On,
  /** f64, while waiting with a time limit: when it is over, in ms. */
  Wake,
  /** Next in the queue it waits in; in the list of those with a time limit; in the list of all that are not done. */
  Next, NextTimed, NextLive, PreviousLive,
  /** Task that waits for the end of this one. */
  Joiner,
  /** Array of the function and its arguments, before the first run. */
  Start,
  Count,
}
export const enum TaskState { Ready, Running, Waiting, Done }
export const enum Wait { None, Receive, Send, Join, Select, Sleep, Host }

/** Items of a Channel. */
export const enum ChannelItem {
  /** i32. */
  Capacity,
  /** bool. */
  Closed,
  /** Array with the buffered values as a ring, its i32 start and length. */
  Buffer, First, Length,
  /** Ends of the queues of tasks that wait to receive and to send. */
  FirstReceiver, LastReceiver, FirstSender, LastSender,
  Count,
}

/** Items of the scheduler, a Vector in Root.Tasks. */
export const enum SchedulerItem {
  /** Tasks. */
  Running, Main, FirstReady, LastReady, FirstTimed, FirstLive, FirstSelecting, LastSelecting,
  /** i32. */
  NextId,
  /** f64: ms on the VM's own clock, which only sleeping moves. */
  Now,
  Count,
}

export const newTask = (heap: Heap): number => newRecord(heap, CellKind.Task, TaskItem.Count);
export const newChannel = (heap: Heap): number => newRecord(heap, CellKind.Channel, ChannelItem.Count);
export const newScheduler = (heap: Heap): number => newVector(heap, SchedulerItem.Count);

/** Whether what runs is a task, and not the program itself. */
export function isSpawned(heap: Heap): boolean {
  const owner = heap.rootCell(Root.Tasks);
  return owner !== 0 && cellItem(heap, owner, SchedulerItem.Running) !== cellItem(heap, owner, SchedulerItem.Main);
}

/** Slot of an item of any of the three. */
export const itemSlot = recordItem;
export const intItem = (mem: Mem, cell: number, item: number): number => mem.lo(recordItem(cell, item));
export const setIntItem = (mem: Mem, cell: number, item: number, value: number): void => mem.setI32(recordItem(cell, item), value);
export const flagItem = (mem: Mem, cell: number, item: number): boolean => mem.hi(recordItem(cell, item)) === Hi.Bool && mem.lo(recordItem(cell, item)) !== 0;
export const setFlagItem = (mem: Mem, cell: number, item: number, value: boolean): void => mem.setBool(recordItem(cell, item), value);
/** The cell in an item, 0 for none. */
export const cellItem = (mem: Mem, cell: number, item: number): number => (mem.hi(recordItem(cell, item)) === Hi.Null ? 0 : mem.lo(recordItem(cell, item)));
export function setTaskItem(mem: Mem, cell: number, item: number, task: number): void {
  if (task === 0) clearItem(mem, cell, item);
  else mem.replaceCell(recordItem(cell, item), CellKind.Task, task);
}
export function clearItem(mem: Mem, cell: number, item: number): void {
  mem.forget(recordItem(cell, item));
  mem.setNull(recordItem(cell, item));
}
export const isTask = (mem: Mem, slot: number): boolean => mem.hi(slot) === CellHi.Task;
export const isChannel = (mem: Mem, slot: number): boolean => mem.hi(slot) === CellHi.Channel;

/** Numbers that programs see as the state of a task, and the words for them. */
const STATES: { readonly [state: number]: readonly [number, string] } = {
  [TaskState.Ready]: [0, "READY"], [TaskState.Running]: [1, "RUNNING"], [TaskState.Waiting]: [2, "BLOCKED"], [TaskState.Done]: [3, "COMPLETED"],
};
const stateOf = (mem: Mem, task: number): readonly [number, string] => STATES[intItem(mem, task, TaskItem.State)]!;
export const taskText = (mem: Mem, task: number): string => `<task id=${intItem(mem, task, TaskItem.Id)} state=${stateOf(mem, task)[0]}>`;
export const stateWord = (mem: Mem, task: number): string => stateOf(mem, task)[1];

// Queues: the owner has two items for the ends, tasks are linked by TaskItem.Next.

export function enqueue(mem: Mem, owner: number, first: number, task: number): void {
  const last = cellItem(mem, owner, first + 1);
  clearItem(mem, task, TaskItem.Next);
  if (last === 0) setTaskItem(mem, owner, first, task);
  else setTaskItem(mem, last, TaskItem.Next, task);
  setTaskItem(mem, owner, first + 1, task);
}

/** Puts a task back that was taken out of the front of the queue. */
export function enqueueFirst(mem: Mem, owner: number, first: number, task: number): void {
  const next = cellItem(mem, owner, first);
  if (next === 0) return enqueue(mem, owner, first, task);
  setTaskItem(mem, task, TaskItem.Next, next);
  setTaskItem(mem, owner, first, task);
}

/** Takes the first task out of the queue; 0 when it is empty. */
export function dequeue(mem: Mem, owner: number, first: number): number {
  const task = cellItem(mem, owner, first);
  if (task !== 0) removeFrom(mem, owner, first, task);
  return task;
}

/** Takes a task out of the middle of a queue, if it is there. */
export function removeFrom(mem: Mem, owner: number, first: number, task: number): void {
  let before = 0;
  for (let each = cellItem(mem, owner, first); each !== 0 && each !== task; each = cellItem(mem, each, TaskItem.Next)) before = each;
  if (before === 0 ? cellItem(mem, owner, first) !== task : cellItem(mem, before, TaskItem.Next) !== task) return;
  const next = cellItem(mem, task, TaskItem.Next);
  if (before === 0) setTaskItem(mem, owner, first, next);
  else setTaskItem(mem, before, TaskItem.Next, next);
  if (next === 0) setTaskItem(mem, owner, first + 1, before);
  clearItem(mem, task, TaskItem.Next);
}
