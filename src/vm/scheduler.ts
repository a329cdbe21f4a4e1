// Tasks taking turns: one runs at a time, each on a guest stack of its own, in the order in which they became ready. A task
// gives up its turn when it waits and when its slice of fuel is used up; nothing here depends on the outside but the clock,
// so programs that do not sleep run the same way every time.
//
// Rules
// 1. A native that parks the task calls `park`, puts the task where it will be found, and answers with what `next` answers.
//    vm.pc is then where the task goes on; the answer comes by `answer`, `answerSlot` or `raise`.
// 2. `next` and `endTask` may throw: the task that goes on may have to do so with an exception.
// 3. No frame of TypeScript code may keep slots of the stack over a switch.

import { Closure, Code, Stack } from "../../heap/layout.ts";
import { elementSlot, length as arrayLength } from "../../heap/cells/array.ts";
import { newStack, runStack } from "../../heap/cells/stack.ts";
import { Root } from "../../heap/roots.ts";
import { CellKind, Hi, Tag } from "../../heap/value.ts";
import { deadlock } from "./deadlock.ts";
import { enterFromHost } from "./frames.ts";
import { GUEST_THROW, Status } from "./errors.ts";
import { callCount } from "./host-table.ts";
import { Outcome } from "./outcome.ts";
import { codeOf, STACK_RESERVE } from "./stack.ts";
import {
  cellItem, clearItem, dequeue, enqueue, enqueueFirst, flagItem, intItem, itemSlot, newScheduler, newTask, removeFrom, SchedulerItem, setFlagItem, setIntItem, setTaskItem, TaskItem,
  TaskState, Wait, ChannelItem,
} from "./task-cells.ts";
import type { Vm } from "./vm.ts";
import { Turn } from "./workers.ts";

/** Fuel a task may use while others are ready. */
export const SLICE = 20_000;
/** Slots of a task's first stack, beyond what its arguments and the reserve take. */
const TASK_SLOTS = 256;

/** The scheduler's cell; made, with the program itself as the running task, when it is first needed. May collect. */
export function scheduler(vm: Vm): number {
  const { heap } = vm, known = heap.rootCell(Root.Tasks);
  if (known !== 0) return known;
  const cell = newScheduler(heap);
  heap.setRoot(Root.Tasks, CellKind.Vector, cell);
  heap.setF64(itemSlot(cell, SchedulerItem.Now), 0);
  heap.setI32(itemSlot(cell, SchedulerItem.NextId), 0);
  const main = createFirst(vm);
  setIntItem(heap, main, TaskItem.State, TaskState.Running);
  setTaskItem(heap, cell, SchedulerItem.Main, main);
  setTaskItem(heap, cell, SchedulerItem.Running, main);
  vm.startSlice(SLICE);
  return cell;
}

/** The program's own task. Without it there is no scheduler either: memory may run out for it. */
function createFirst(vm: Vm): number {
  try {
    return createTask(vm);
  } catch (thrown) {
    vm.heap.clearRoot(Root.Tasks);
    throw thrown;
  }
}

/** A new task that nobody runs yet, in the list of those that are not done. May collect. */
function createTask(vm: Vm): number {
  const { heap } = vm, owner = heap.rootCell(Root.Tasks), task = newTask(heap), id = intItem(heap, owner, SchedulerItem.NextId);
  setIntItem(heap, owner, SchedulerItem.NextId, id + 1);
  setIntItem(heap, task, TaskItem.Id, id);
  for (const flag of [TaskItem.Joined, TaskItem.Detached, TaskItem.Throws]) setFlagItem(heap, task, flag, false);
  const first = cellItem(heap, owner, SchedulerItem.FirstLive);
  setTaskItem(heap, task, TaskItem.NextLive, first);
  if (first !== 0) setTaskItem(heap, first, TaskItem.PreviousLive, task);
  setTaskItem(heap, owner, SchedulerItem.FirstLive, task);
  return task;
}

/** A task that is ready to call the function in the first element of an array, with the other elements as arguments. */
export function spawn(vm: Vm, start: number): number {
  const { heap } = vm, owner = scheduler(vm), task = createTask(vm);
  heap.replace(itemSlot(task, TaskItem.Start), start);
  ready(vm, task, owner);
  vm.workers?.spawned(task);
  return task;
}

export const runningTask = (vm: Vm): number => cellItem(vm.heap, scheduler(vm), SchedulerItem.Running);

function ready({ heap }: Vm, task: number, owner: number): void {
  setIntItem(heap, task, TaskItem.State, TaskState.Ready);
  enqueue(heap, owner, SchedulerItem.FirstReady, task);
}

/** Saves where the running task goes on. */
function save(vm: Vm, state: TaskState): number {
  const { heap } = vm, task = runningTask(vm), stack = heap.rootCell(Root.Stack);
  if (vm.workers?.isActing === true) {
    setIntItem(heap, task, TaskItem.State, state);
    return task;
  }
  heap.setWord(stack + Stack.Top, vm.fp + heap.word(codeOf(heap, vm.fp) + Code.FrameSize));
  heap.replaceCell(itemSlot(task, TaskItem.Stack), CellKind.Stack, stack);
  setIntItem(heap, task, TaskItem.State, state);
  setIntItem(heap, task, TaskItem.Fp, vm.fp);
  setIntItem(heap, task, TaskItem.Pc, vm.pc);
  setIntItem(heap, task, TaskItem.Depth, vm.depth);
  heap.replace(itemSlot(task, TaskItem.Dynamic), heap.rootSlot(Root.Dynamic));
  vm.nativeTop = 0;
  return task;
}

/**
 * The running task waits, for what `wait` says; the answer will go to slot `answer` of its stack. `on`: slot of the value it
 * waits for, 0 for none. `milliseconds`: after which the wait is over, Infinity for never. Answers the task.
 */
export function park(vm: Vm, wait: Wait, answer: number, on: number, milliseconds: number): number {
  const task = save(vm, TaskState.Waiting), { heap } = vm;
  setIntItem(heap, task, TaskItem.Answer, answer);
  setIntItem(heap, task, TaskItem.Wait, wait);
  if (on === 0) clearItem(heap, task, TaskItem.On);
  else heap.replace(itemSlot(task, TaskItem.On), on);
  if (milliseconds !== Infinity) addTimer(vm, task, now(vm) + milliseconds);
  return task;
}

/** Ends the wait of a parked task: it is ready, and no queue or timer has it any more. */
function release(vm: Vm, task: number): void {
  const { heap } = vm, owner = scheduler(vm), on = cellItem(heap, task, TaskItem.On);
  switch (intItem(heap, task, TaskItem.Wait)) {
    case Wait.Receive: removeFrom(heap, on, ChannelItem.FirstReceiver, task); break;
    case Wait.Send: removeFrom(heap, on, ChannelItem.FirstSender, task); break;
    case Wait.Select: removeFrom(heap, owner, SchedulerItem.FirstSelecting, task); break;
    case Wait.Join: clearItem(heap, on, TaskItem.Joiner); break;
  }
  removeTimer(vm, task);
  setIntItem(heap, task, TaskItem.Wait, Wait.None);
  clearItem(heap, task, TaskItem.On);
  ready(vm, task, owner);
}

/** A parked task goes on with the value in the slot. */
export function answerSlot(vm: Vm, task: number, value: number): void {
  vm.heap.replace(intItem(vm.heap, task, TaskItem.Answer), value);
  release(vm, task);
}

/** A parked task goes on with null, or a truth value. */
export function answer(vm: Vm, task: number, value: boolean | null): void {
  const slot = intItem(vm.heap, task, TaskItem.Answer);
  vm.heap.forget(slot);
  if (value === null) vm.heap.setNull(slot);
  else vm.heap.setBool(slot, value);
  release(vm, task);
}

/** A parked task goes on with the exception in the slot. */
export function raise(vm: Vm, task: number, exception: number): void {
  vm.heap.replace(itemSlot(task, TaskItem.Value), exception);
  setFlagItem(vm.heap, task, TaskItem.Throws, true);
  release(vm, task);
}

/** The turn of the running task is over, but it could go on. */
export function yieldTurn(vm: Vm): Status {
  const owner = scheduler(vm), isHostDue = vm.exclusive === 0 && callCount(vm) > 0 && --vm.turnsLeft < 0;
  vm.workers?.turnOver();
  if (!isHostDue && !hasReady(vm)) {
    vm.startSlice(SLICE);
    return Status.Running;
  }
  enqueue(vm.heap, owner, SchedulerItem.FirstReady, save(vm, TaskState.Ready));
  return statusOf(isHostDue ? parkAll(vm) : next(vm));
}

/** Turns after which the host gets one, while answers of its are waited for: tasks that compute do not keep others from what came. */
export const TURNS_ALONE = 100;

/** Whether a task waits for nothing but its turn. */
export function hasReady({ heap }: Vm): boolean {
  const owner = heap.rootCell(Root.Tasks);
  return owner !== 0 && cellItem(heap, owner, SchedulerItem.FirstReady) !== 0;
}

export const statusOf = (outcome: Outcome): Status => (outcome === Outcome.Pending ? Status.Pending : Status.Running);

/** The running task is done, with the value or the exception in a root. */
export function endTask(vm: Vm, root: Root.Result | Root.Exception): Status {
  completeTask(vm, runningTask(vm), root);
  return statusOf(next(vm));
}

/** A task that is in no queue is done; whoever waits for it can go on. */
export function completeTask(vm: Vm, task: number, root: Root.Result | Root.Exception): void {
  const { heap } = vm, owner = scheduler(vm), value = itemSlot(task, TaskItem.Value), failed = root === Root.Exception;
  heap.replace(value, heap.rootSlot(root));
  heap.setHole(heap.rootSlot(root));
  setFlagItem(heap, task, TaskItem.Throws, failed);
  setIntItem(heap, task, TaskItem.State, TaskState.Done);
  clearItem(heap, task, TaskItem.Stack);
  unlink(vm, owner, task);
  const joiner = cellItem(heap, task, TaskItem.Joiner);
  if (joiner !== 0) (failed ? raise : answerSlot)(vm, joiner, value);
}

/** A task that had a turn goes to the end of the queue. */
export const requeue = ({ heap }: Vm, task: number): void => enqueue(heap, heap.rootCell(Root.Tasks), SchedulerItem.FirstReady, task);

/** Takes a task out of the list of those that are not done. */
function unlink({ heap }: Vm, owner: number, task: number): void {
  const after = cellItem(heap, task, TaskItem.NextLive), before = cellItem(heap, task, TaskItem.PreviousLive);
  if (before === 0) setTaskItem(heap, owner, SchedulerItem.FirstLive, after);
  else setTaskItem(heap, before, TaskItem.NextLive, after);
  if (after !== 0) setTaskItem(heap, after, TaskItem.PreviousLive, before);
  setTaskItem(heap, task, TaskItem.NextLive, 0);
  setTaskItem(heap, task, TaskItem.PreviousLive, 0);
}

/** Goes on with the next task that is ready, be it that time has to pass first. */
export function next(vm: Vm): Outcome {
  const { heap } = vm, owner = scheduler(vm);
  if (vm.workers?.isActing === true) return Outcome.Pending;
  for (;;) {
    fireTimers(vm, owner);
    const task = vm.exclusive === 0 ? dequeue(heap, owner, SchedulerItem.FirstReady) : takeReady(vm, owner, vm.exclusive);
    const turn = vm.workers === null || task === 0 ? SLICE : vm.workers.turn(task);
    if (turn === Turn.Over) continue;
    if (turn === Turn.Waits) {
      enqueueFirst(heap, owner, SchedulerItem.FirstReady, task);
      return parkAll(vm);
    }
    if (task !== 0) return load(vm, owner, task, turn);
    if (vm.exclusive !== 0) return parkAll(vm);
    // The host answers before time passes on the VM's own clock: how long it takes is no matter of the program's.
    if (callCount(vm) > 0) return parkAll(vm);
    const first = cellItem(heap, owner, SchedulerItem.FirstTimed);
    if (first === 0) return deadlock(vm, owner);
    passTime(vm, owner, heap.f64[itemSlot(first, TaskItem.Wake)]!);
  }
}

/** Takes a task out of the queue of those that are ready; 0 when it is not. */
function takeReady({ heap }: Vm, owner: number, task: number): number {
  if (intItem(heap, task, TaskItem.State) !== TaskState.Ready) return 0;
  removeFrom(heap, owner, SchedulerItem.FirstReady, task);
  return task;
}

/** No task can go on before the host has answered. */
function parkAll(vm: Vm): Outcome {
  vm.parkedAs = Status.Pending;
  return Outcome.Pending;
}

/** Whether the task that ran last waits, and another one is to be chosen to go on. */
export function isParked({ heap }: Vm): boolean {
  const owner = heap.rootCell(Root.Tasks);
  return owner !== 0 && intItem(heap, cellItem(heap, owner, SchedulerItem.Running), TaskItem.State) !== TaskState.Running;
}

function load(vm: Vm, owner: number, task: number, slice: number): Outcome {
  const { heap } = vm;
  const isNew = cellItem(heap, task, TaskItem.Start) !== 0;
  if (isNew) makeStack(vm, task);
  setTaskItem(heap, owner, SchedulerItem.Running, task);
  setIntItem(heap, task, TaskItem.State, TaskState.Running);
  runStack(heap, cellItem(heap, task, TaskItem.Stack));
  clearItem(heap, task, TaskItem.Stack);
  vm.useStack();
  vm.startSlice(slice);
  if (isNew) begin(vm, task);
  else {
    vm.fp = intItem(heap, task, TaskItem.Fp);
    vm.pc = intItem(heap, task, TaskItem.Pc);
    vm.depth = intItem(heap, task, TaskItem.Depth);
    heap.copySlot(heap.rootSlot(Root.Dynamic), itemSlot(task, TaskItem.Dynamic));
  }
  if (flagItem(heap, task, TaskItem.Throws)) {
    setFlagItem(heap, task, TaskItem.Throws, false);
    vm.throwSlot(itemSlot(task, TaskItem.Value));
  }
  return Outcome.Jumped;
}

/** Gives a new task its stack. May collect, so the one that runs is still the old one. */
function makeStack(vm: Vm, task: number): void {
  const { heap } = vm, start = itemSlot(task, TaskItem.Start);
  try {
    const stack = newStack(heap, TASK_SLOTS + STACK_RESERVE + arrayLength(heap, heap.lo(start)));
    heap.replaceCell(itemSlot(task, TaskItem.Stack), CellKind.Stack, stack);
  } catch (thrown) {
    // Nobody can catch it in a task that has not begun.
    if (thrown === GUEST_THROW) vm.fatal("out of memory for the stack of a task");
    throw thrown;
  }
}

/** The first step of a task: its function is entered, on an empty stack. */
function begin(vm: Vm, task: number): void {
  const wanted = layOut(vm, itemSlot(task, TaskItem.Start));
  clearItem(vm.heap, task, TaskItem.Start);
  enterFromHost(vm, vm.stackBase, wanted);
}

/** Enters the function in the first element of the array in a slot, with the other elements as arguments, on an empty stack. */
export const enterTask = (vm: Vm, start: number): void => enterFromHost(vm, vm.stackBase, layOut(vm, start));

/** Lays the call out at the bottom of the stack; answers the number of arguments. Those that are missing are null. */
function layOut(vm: Vm, start: number): number {
  const { heap } = vm, array = heap.lo(start), given = arrayLength(heap, array), window = vm.stackBase;
  const code = heap.word(heap.lo(elementSlot(heap, array, 0)) + Closure.Code), wanted = heap.word(code + Code.ParamCount);
  vm.fp = window + 2;
  heap.copySlot(window, elementSlot(heap, array, 0));
  heap.setSlot(window + 1, Tag.Link, 0);
  for (let i = 0; i < wanted; i++) {
    if (i + 1 < given) heap.copySlot(window + 2 + i, elementSlot(heap, array, i + 1));
    else heap.setNull(window + 2 + i);
  }
  heap.setHole(heap.rootSlot(Root.Dynamic));
  return wanted;
}

/** The program is over, whatever else still runs: what runs next begins anew, on the program's own stack. */
export function endTasks(vm: Vm): void {
  const { heap } = vm, owner = heap.rootCell(Root.Tasks);
  if (owner === 0) return;
  vm.workers?.end();
  const main = cellItem(heap, owner, SchedulerItem.Main), stack = cellItem(heap, main, TaskItem.Stack);
  if (stack !== 0) {
    runStack(heap, stack);
    // Who still waits for it, or has it for a value, must not find the stack of what runs next.
    clearItem(heap, main, TaskItem.Stack);
  }
  heap.clearRoot(Root.Tasks);
  vm.useStack();
  vm.startSlice(Infinity);
}

// ---- time

/** Milliseconds on the clock that waits are measured by: the host's, if it can also let time pass. */
function now(vm: Vm): number {
  return vm.host.now !== undefined && vm.host.sleep !== undefined ? vm.host.now() : vm.heap.f64[itemSlot(scheduler(vm), SchedulerItem.Now)]!;
}

/** Milliseconds until a wait with a time limit is over, on a clock of the host's that goes on while nothing runs; Infinity when there is none, 0 when a task could go on at once. */
export function untilNextTimer(vm: Vm): number {
  const patience = vm.workers?.patience ?? 0;
  if (patience > 0) return patience;
  if (hasReady(vm)) return 0;
  const owner = vm.heap.rootCell(Root.Tasks), first = owner === 0 ? 0 : cellItem(vm.heap, owner, SchedulerItem.FirstTimed);
  return first === 0 || vm.host.now === undefined || vm.host.sleep === undefined ? Infinity : Math.max(0, vm.heap.f64[itemSlot(first, TaskItem.Wake)]! - vm.host.now());
}

function passTime(vm: Vm, owner: number, until: number): void {
  if (vm.host.now !== undefined && vm.host.sleep !== undefined) vm.host.sleep(Math.max(0, until - vm.host.now()));
  else vm.heap.setF64(itemSlot(owner, SchedulerItem.Now), until);
}

/** Puts a task into the list of those with a time limit, which is in the order of the limits. */
function addTimer(vm: Vm, task: number, wake: number): void {
  const { heap } = vm, owner = scheduler(vm);
  heap.setF64(itemSlot(task, TaskItem.Wake), wake);
  let before = 0, after = cellItem(heap, owner, SchedulerItem.FirstTimed);
  while (after !== 0 && heap.f64[itemSlot(after, TaskItem.Wake)]! <= wake) {
    before = after;
    after = cellItem(heap, after, TaskItem.NextTimed);
  }
  setTaskItem(heap, task, TaskItem.NextTimed, after);
  if (before === 0) setTaskItem(heap, owner, SchedulerItem.FirstTimed, task);
  else setTaskItem(heap, before, TaskItem.NextTimed, task);
}

function removeTimer({ heap }: Vm, task: number): void {
  if (heap.hi(itemSlot(task, TaskItem.Wake)) === Hi.Null) return;
  const owner = heap.rootCell(Root.Tasks), after = cellItem(heap, task, TaskItem.NextTimed);
  let before = 0;
  for (let each = cellItem(heap, owner, SchedulerItem.FirstTimed); each !== task; each = cellItem(heap, each, TaskItem.NextTimed)) before = each;
  if (before === 0) setTaskItem(heap, owner, SchedulerItem.FirstTimed, after);
  else setTaskItem(heap, before, TaskItem.NextTimed, after);
  heap.setNull(itemSlot(task, TaskItem.Wake));
  clearItem(heap, task, TaskItem.NextTimed);
}

/** Ends the waits whose time is over: a wait to send fails, all others give null. */
function fireTimers(vm: Vm, owner: number): void {
  const { heap } = vm;
  for (let task = cellItem(heap, owner, SchedulerItem.FirstTimed); task !== 0; task = cellItem(heap, owner, SchedulerItem.FirstTimed)) {
    if (heap.f64[itemSlot(task, TaskItem.Wake)]! > now(vm)) return;
    answer(vm, task, intItem(heap, task, TaskItem.Wait) === Wait.Send ? false : null);
  }
}
