// Tasks and channels: the functions and methods of them. Waiting itself is in src/vm/task-values.ts.

import { elementSlot, length as arrayLength, newArray, push } from "../../heap/cells/array.ts";
import { Closure, Code, ParamFlag } from "../../heap/layout.ts";
import { CellHi, CellKind } from "../../heap/value.ts";
import { deepCopy } from "../vm/deep-copy.ts";
import { UnsupportedByEngine } from "../vm/errors.ts";
import type { NativeInfo } from "../vm/native.ts";
import type { Outcome } from "../vm/outcome.ts";
import { spawn as spawnTask } from "../vm/scheduler.ts";
import { codeOf } from "../vm/stack.ts";
import { flagItem, intItem, isChannel, isTask, setFlagItem, stateWord, TaskItem, TaskState } from "../vm/task-cells.ts";
import * as values from "../vm/task-values.ts";
import type { Vm } from "../vm/vm.ts";
import { fatalInteger, integerArgument, isArray, isPointer, nativeExpecting, numberArgument, receiver } from "./arguments.ts";

const MAX_CAPACITY = 2 ** 31 - 1;

/** Switching tasks is switching stacks, which an engine that runs on the host's cannot. */
export function requireVm({ heap, fp }: Vm): void {
  if (heap.word(codeOf(heap, fp) + Code.TreeId) !== 0) throw new UnsupportedByEngine("tree", "run tasks");
}

const isAsync = ({ heap }: Vm, slot: number): boolean =>
  heap.hi(slot) === CellHi.Closure && (heap.word(heap.word(heap.lo(slot) + Closure.Code) + Code.ParamFlags) & ParamFlag.Async) !== 0;

function spawn(vm: Vm, base: number, argc: number): void {
  if (!isAsync(vm, base)) vm.fatal(`spawn() ${vm.heap.hi(base) === CellHi.Closure ? "requires" : "expects"} an async function`);
  start(vm, base, argc);
}

/** Result: the task that runs the function in `base` with the arguments behind it. */
function start(vm: Vm, base: number, argc: number): void {
  requireVm(vm);
  const { heap } = vm, start = base + argc, copy = start + 1;
  heap.setCell(start, CellKind.Array, newArray(heap, argc));
  push(heap, heap.lo(start), base);
  for (let i = 1; i < argc; i++) {
    if (isPointer(vm, base + i)) vm.fatal("Cannot pass raw pointer to spawned task (use buffer or channel instead)");
    deepCopy(vm, copy, base + i);
    push(heap, heap.lo(start), copy);
  }
  heap.setCell(base - 2, CellKind.Task, spawnTask(vm, start));
}

function join(vm: Vm, base: number): void | Outcome {
  if (!isTask(vm.heap, base)) vm.throwError("join() expects a task handle");
  requireVm(vm);
  return values.waitFor(vm, base - 2, base);
}

function detach(vm: Vm, base: number, argc: number): void {
  const { heap } = vm;
  if (isAsync(vm, base)) start(vm, base, argc);
  else if (!isTask(heap, base) || argc !== 1) vm.throwError("detach() expects either a task handle or an async function");
  else heap.copySlot(base - 2, base);
  const task = heap.lo(base - 2);
  if (flagItem(heap, task, TaskItem.Joined)) vm.throwError("cannot detach already joined task");
  if (flagItem(heap, task, TaskItem.Detached)) vm.throwError("task already detached");
  setFlagItem(heap, task, TaskItem.Detached, true);
  heap.setNull(base - 2);
}

function debugInfo(vm: Vm, base: number): void {
  const { heap } = vm;
  if (!isTask(heap, base)) vm.fatal("task_debug_info() expects a task handle");
  const task = heap.lo(base), isDone = intItem(heap, task, TaskItem.State) === TaskState.Done, failed = flagItem(heap, task, TaskItem.Throws);
  const lines = [
    "=== Task Debug Info ===", `Task ID: ${intItem(heap, task, TaskItem.Id)}`, `State: ${stateWord(heap, task)}`, `Joined: ${flagItem(heap, task, TaskItem.Joined)}`,
    `Detached: ${flagItem(heap, task, TaskItem.Detached)}`, `Ref Count: 2`, `Has Result: ${isDone && !failed}`, `Exception: ${isDone && failed}`, "======================",
  ];
  vm.host.write(new TextEncoder().encode(`${lines.join("\n")}\n`));
  heap.setNull(base - 2);
}

function channel(vm: Vm, base: number, argc: number): void {
  const capacity = argc === 0 ? 0 : fatalInteger(vm, base, "channel() capacity must be an integer");
  if (capacity < 0) vm.fatal("channel() capacity cannot be negative");
  values.makeChannel(vm, base - 2, Math.min(capacity, MAX_CAPACITY));
}

/** A time limit in milliseconds; a negative one is over at once. */
const limit = (vm: Vm, slot: number, error: string): number => Math.max(0, integerArgument(vm, slot, error));

function select(vm: Vm, base: number, argc: number): void | Outcome {
  const { heap } = vm;
  if (!isArray(vm, base)) vm.throwError("select() first argument must be an array of channels");
  const milliseconds = argc === 1 ? Infinity : integerArgument(vm, base + 1, "select() timeout must be an integer (milliseconds)");
  const count = arrayLength(heap, heap.lo(base));
  if (count === 0) vm.throwError("select() requires at least one channel");
  for (let i = 0; i < count; i++) if (!isChannel(heap, elementSlot(heap, heap.lo(base), i))) vm.throwError("select() array must contain only channels");
  requireVm(vm);
  // The array may change while the task waits.
  const channels = base + argc;
  deepCopy(vm, channels, base);
  return values.select(vm, base - 2, channels, milliseconds < 0 ? Infinity : milliseconds);
}

function sleep(vm: Vm, base: number): void | Outcome {
  const seconds = numberArgument(vm, base, "sleep() argument must be numeric");
  if (!(seconds >= 0)) vm.fatal("sleep() argument must be non-negative");
  requireVm(vm);
  vm.heap.setNull(base - 2);
  return values.sleep(vm, base - 2, seconds * 1000);
}

const waiting = (name: string, count: number, expects: string, doc: string, run: (vm: Vm, base: number) => void | Outcome): NativeInfo =>
  nativeExpecting(`channel.${name}`, count, count, expects, false, doc, (vm, base) => (requireVm(vm), run(vm, base)));

export const TASKS: readonly NativeInfo[] = [
  nativeExpecting("spawn", 1, -1, "at least 1 argument (async function)", true, "task that runs an async function with deep copies of the other arguments", spawn),
  nativeExpecting("join", 1, 1, "1 argument (task handle)", false, "result of a task, once it is done; throws what it threw", join),
  nativeExpecting("detach", 1, -1, "at least 1 argument", false, "let a task run that nobody will join; an async function and arguments are spawned first", detach),
  nativeExpecting("task_debug_info", 1, 1, "1 argument (task handle)", true, "print what is known about a task", debugInfo),
  nativeExpecting("channel", 0, -1, "0 or 1 argument (capacity)", true, "channel that holds so many values that nobody received yet; 0: sending waits for a receiver", channel),
  nativeExpecting("select", 1, 2, "1-2 arguments (channels, timeout_ms?)", false, "{channel, value} of the first channel in the array that has a value or is closed; null when the time is over", select),
  nativeExpecting("__sleep", 1, 1, "1 argument (seconds)", true, "let time pass for this task", sleep),
  waiting("send", 1, "1 argument", "send a value; waits while the channel is full", (vm, base) => values.send(vm, base - 2, receiver(vm, base), base, Infinity)),
  waiting("send_timeout", 2, "2 arguments (value, timeout_ms)", "whether the value could be sent in so many milliseconds", (vm, base) =>
    values.send(vm, base - 2, receiver(vm, base), base, limit(vm, base + 1, "send_timeout() timeout must be an integer"))),
  waiting("recv", 0, "0 arguments", "next value; waits for one, null when the channel is closed and empty", (vm, base) => values.receive(vm, base - 2, receiver(vm, base), Infinity)),
  waiting("recv_timeout", 1, "1 argument (timeout_ms)", "next value, or null when none came in so many milliseconds", (vm, base) =>
    values.receive(vm, base - 2, receiver(vm, base), limit(vm, base, "recv_timeout() timeout must be an integer"))),
  waiting("close", 0, "0 arguments", "nothing can be sent any more; what is in the channel can still be received", (vm, base) => values.close(vm, base - 2, receiver(vm, base))),
];
