// Tasks, channels and the table of the host, of a world that came from outside: items are of their types, lists end, every task
// that is parked has a stack of its own with frames that can go on.

import { Arr, Record, Slots, Vector } from "../../heap/layout.ts";
import type { Mem } from "../../heap/memory.ts";
import { Root } from "../../heap/roots.ts";
import { CellHi, CellKind, Hi, Tag } from "../../heap/value.ts";
import { cellItem, ChannelItem, intItem, itemSlot, SchedulerItem, TaskItem, TaskState, Wait } from "../vm/task-cells.ts";
import type { FrameCheck } from "./check-frames.ts";
import type { CellsByKind } from "./check-world.ts";
import { damaged } from "./errors.ts";

type Test = (hi: number) => boolean;
const isTask: Test = (hi) => hi === Hi.Null || hi === CellHi.Task;

export function checkTasks(mem: Mem, cells: CellsByKind, frames: FrameCheck): void {
  const tasks = cells.get(CellKind.Task) ?? [], channels = cells.get(CellKind.Channel) ?? [], owner = mem.rootCell(Root.Tasks);
  for (const task of tasks) checkTask(mem, task);
  for (const channel of channels) checkChannel(mem, channel);
  if (owner === 0) {
    if (mem.hi(mem.rootSlot(Root.Tasks)) >= Tag.Cell) damaged("a scheduler that is none");
  } else checkScheduler(mem, owner);
  checkTimers(mem, owner, tasks);
  checkQueues(mem, owner, channels);
  // When all tasks wait, the one that ran last still has its stack in the root.
  const running = owner === 0 ? 0 : cellItem(mem, owner, SchedulerItem.Running), isLeft = running !== 0 && intItem(mem, running, TaskItem.State) !== TaskState.Running;
  const stacks = new Set(isLeft ? [] : [mem.rootCell(Root.Stack)]);
  if (isLeft && cellItem(mem, running, TaskItem.Stack) !== mem.rootCell(Root.Stack)) damaged("a task that waits on another stack");
  for (const task of tasks) {
    if (mem.hi(itemSlot(task, TaskItem.Stack)) === Hi.Null) continue;
    const stack = mem.lo(itemSlot(task, TaskItem.Stack)), state = intItem(mem, task, TaskItem.State);
    if (stacks.has(stack) || state === TaskState.Running || state === TaskState.Done) damaged("a stack of two tasks");
    stacks.add(stack);
    frames.parked(stack, intItem(mem, task, TaskItem.Fp), intItem(mem, task, TaskItem.Pc), intItem(mem, task, TaskItem.Depth), state === TaskState.Waiting ? intItem(mem, task, TaskItem.Answer) : -1);
  }
  checkHostTable(mem);
}

function checkTask(mem: Mem, task: number): void {
  const item = (which: TaskItem): number => mem.hi(itemSlot(task, which));
  if (mem.word(task + Record.Count) !== TaskItem.Count) damaged("a task of another size");
  for (const which of [TaskItem.Id, TaskItem.State, TaskItem.Wait, TaskItem.Fp, TaskItem.Pc, TaskItem.Depth, TaskItem.Answer]) if (item(which) !== Hi.I32 && (item(which) !== Hi.Null || which === TaskItem.Id)) damaged("a task without its numbers");
  for (const which of [TaskItem.Joined, TaskItem.Detached, TaskItem.Throws]) if (item(which) !== Hi.Bool) damaged("a task without its flags");
  for (const which of [TaskItem.Next, TaskItem.NextTimed, TaskItem.NextLive, TaskItem.PreviousLive, TaskItem.Joiner]) if (!isTask(item(which))) damaged("a task linked to something else");
  if (intItem(mem, task, TaskItem.State) >>> 0 > TaskState.Done || intItem(mem, task, TaskItem.Wait) >>> 0 > Wait.Host) damaged("a task in no state");
  if (item(TaskItem.Stack) !== Hi.Null && item(TaskItem.Stack) !== CellHi.Stack) damaged("a task with something else for a stack");
  if (item(TaskItem.Wake) !== Hi.Null && item(TaskItem.Wake) >= Tag.First) damaged("a task with no time to wake at");
  const wait = intItem(mem, task, TaskItem.Wait), on = item(TaskItem.On), isWaiting = intItem(mem, task, TaskItem.State) === TaskState.Waiting;
  if (isWaiting && (((wait === Wait.Receive || wait === Wait.Send) && on !== CellHi.Channel) || (wait === Wait.Join && on !== CellHi.Task) || (wait === Wait.Select && on !== CellHi.Array))) damaged("a task that waits for nothing");
  if (item(TaskItem.Start) === Hi.Null) return;
  const data = item(TaskItem.Start) === CellHi.Array ? mem.word(mem.lo(itemSlot(task, TaskItem.Start)) + Arr.Data) : 0;
  if (data === 0 || mem.word(data + Slots.Count) < 1 || mem.hi((data + Slots.Data) >> 3) !== CellHi.Closure) damaged("a task that begins with no function");
}

function checkChannel(mem: Mem, channel: number): void {
  const item = (which: ChannelItem): number => mem.hi(itemSlot(channel, which));
  if (mem.word(channel + Record.Count) !== ChannelItem.Count) damaged("a channel of another size");
  for (const which of [ChannelItem.Capacity, ChannelItem.First, ChannelItem.Length]) if (item(which) !== Hi.I32 || intItem(mem, channel, which) < 0) damaged("a channel without its numbers");
  for (const which of [ChannelItem.FirstReceiver, ChannelItem.LastReceiver, ChannelItem.FirstSender, ChannelItem.LastSender]) if (!isTask(item(which))) damaged("a channel that something else waits for");
  if (item(ChannelItem.Closed) !== Hi.Bool) damaged("a channel without its flag");
  const length = intItem(mem, channel, ChannelItem.Length), first = intItem(mem, channel, ChannelItem.First), isArray = item(ChannelItem.Buffer) === CellHi.Array;
  if (!isArray && item(ChannelItem.Buffer) !== Hi.Null) damaged("a channel with something else for a buffer");
  const room = isArray ? mem.word(mem.word(mem.lo(itemSlot(channel, ChannelItem.Buffer)) + Arr.Data) + Slots.Count) : 0;
  if (length > room || (first !== 0 && first >= room)) damaged("a channel of more values than its buffer has");
}

/** Its items, and that its list of all tasks ends and is the same one backwards. */
function checkScheduler(mem: Mem, owner: number): void {
  if (mem.word(owner + Vector.Count) !== SchedulerItem.Count) damaged("a scheduler of another size");
  for (const which of [SchedulerItem.Running, SchedulerItem.Main, SchedulerItem.FirstReady, SchedulerItem.LastReady, SchedulerItem.FirstTimed, SchedulerItem.FirstLive, SchedulerItem.FirstSelecting, SchedulerItem.LastSelecting]) {
    const hi = mem.hi(itemSlot(owner, which));
    if (!isTask(hi) || (hi === Hi.Null && which <= SchedulerItem.Main)) damaged("a scheduler of no tasks");
  }
  if (mem.hi(itemSlot(owner, SchedulerItem.NextId)) !== Hi.I32 || mem.hi(itemSlot(owner, SchedulerItem.Now)) >= Tag.First) damaged("a scheduler without its numbers");
  let before = 0;
  for (const task of listed(mem, owner, SchedulerItem.FirstLive, TaskItem.NextLive)) {
    if (cellItem(mem, task, TaskItem.PreviousLive) !== before) damaged("a list of tasks that is another one backwards");
    before = task;
  }
}

/** The tasks of a list, which ends. */
function listed(mem: Mem, owner: number, first: SchedulerItem, next: TaskItem): Set<number> {
  const tasks = new Set<number>();
  for (let task = cellItem(mem, owner, first); task !== 0; task = cellItem(mem, task, next)) {
    if (tasks.has(task)) damaged("a list of tasks that is a circle");
    tasks.add(task);
  }
  return tasks;
}

/** Those that have a time to wake at are in the list of such tasks and wait, and nobody else is. */
function checkTimers(mem: Mem, owner: number, tasks: readonly number[]): void {
  const timed = owner === 0 ? new Set<number>() : listed(mem, owner, SchedulerItem.FirstTimed, TaskItem.NextTimed);
  for (const task of tasks) {
    const isTimed = timed.has(task), hasTime = mem.hi(itemSlot(task, TaskItem.Wake)) !== Hi.Null;
    if (hasTime !== isTimed || (isTimed && intItem(mem, task, TaskItem.State) !== TaskState.Waiting)) damaged("a task with no time to wake at");
  }
}

/** The queues end, and no task is in two of them. */
function checkQueues(mem: Mem, owner: number, channels: readonly number[]): void {
  const queued = new Set<number>(), queues: (readonly [number, number])[] = owner === 0 ? [] : [[owner, SchedulerItem.FirstReady], [owner, SchedulerItem.FirstSelecting]];
  for (const channel of channels) queues.push([channel, ChannelItem.FirstReceiver], [channel, ChannelItem.FirstSender]);
  for (const [holder, first] of queues) {
    let last = 0;
    for (let task = cellItem(mem, holder, first); task !== 0; task = cellItem(mem, task, TaskItem.Next)) {
      if (queued.has(task)) damaged("a task in two queues");
      queued.add(task);
      last = task;
      const state = intItem(mem, task, TaskItem.State);
      if (first === SchedulerItem.FirstReady && holder === owner ? state !== TaskState.Ready || !canBegin(mem, task) : state !== TaskState.Waiting) damaged("a task in the wrong queue");
    }
    if (last !== cellItem(mem, holder, first + 1)) damaged("a queue that ends elsewhere");
  }
}

/** A task that is ready has a stack, or a function to begin with. */
const canBegin = (mem: Mem, task: number): boolean => mem.hi(itemSlot(task, TaskItem.Stack)) === CellHi.Stack || mem.hi(itemSlot(task, TaskItem.Start)) === CellHi.Array;

/** The array in a slot has items that pass. */
function checkArray(mem: Mem, slot: number, least: number, passes: (slot: number, index: number) => boolean): void {
  if (mem.hi(slot) !== CellHi.Array) damaged("a table of the host that is none");
  const data = mem.word(mem.lo(slot) + Arr.Data), count = mem.word(data + Slots.Count);
  if (count < least) damaged("a table of the host that is too short");
  for (let i = 0; i < count; i++) if (!passes(((data + Slots.Data) >> 3) + i, i)) damaged("a table of the host with something else in it");
}

/** Who gets the answer to a call: a task that waits for it, a procedure, or nobody yet. */
function isWaker(mem: Mem, slot: number): boolean {
  const hi = mem.hi(slot), task = mem.lo(slot);
  if (hi !== CellHi.Task) return hi === Hi.Null || hi === CellHi.Closure;
  return intItem(mem, task, TaskItem.State) === TaskState.Waiting && intItem(mem, task, TaskItem.Wait) === Wait.Host && mem.hi(itemSlot(task, TaskItem.Stack)) === CellHi.Stack;
}

/** Root.Host: see src/vm/host-table.ts. */
function checkHostTable(mem: Mem): void {
  const root = mem.rootSlot(Root.Host), names = hostNameCount(mem);
  if (mem.hi(root) < Tag.Cell || (mem.hi(root) & Tag.Mask) !== Tag.Cell) return;
  checkArray(mem, root, 5, (slot, index) => {
    if (index === 0) checkArray(mem, slot, 0, (name) => mem.hi(name) === CellHi.String);
    else if (index === 1) {
      checkArray(mem, slot, 0, (call) => {
        checkArray(mem, call, 4, (part, which) => (which < 2 ? mem.hi(part) === Hi.I32 && (which === 0 || (mem.lo(part) >= 0 && mem.lo(part) < names))
          : which === 2 ? mem.hi(part) === CellHi.Array : isWaker(mem, part)));
        return true;
      });
    } else if (index === 4) checkArray(mem, slot, 0, (part, which) => (which % 3 === 0 ? mem.hi(part) === CellHi.Closure : which % 3 !== 1 || mem.hi(part) === Hi.Bool));
    else return index !== 2 || mem.hi(slot) === Hi.I32;
    return true;
  });
}

/** How many names of the host's functions a world has. */
export function hostNameCount(mem: Mem): number {
  const table = mem.rootCell(Root.Host), isArray = mem.hi(mem.rootSlot(Root.Host)) === CellHi.Array, data = isArray ? mem.word(table + Arr.Data) : 0;
  if (data === 0 || mem.word(data + Slots.Count) < 1) return 0;
  const names = (data + Slots.Data) >> 3;
  return mem.hi(names) === CellHi.Array ? mem.word(mem.word(mem.lo(names) + Arr.Data) + Slots.Count) : 0;
}
