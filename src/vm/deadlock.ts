// What is said when every task waits for another one: where each of them does.

import { cellItem, intItem, SchedulerItem, TaskItem, Wait } from "./task-cells.ts";
import { traceFrom } from "./stack.ts";
import type { TraceEntry } from "./errors.ts";
import type { Vm } from "./vm.ts";

/** Tasks named when all of them wait. */
const SHOWN_TASKS = 20;
const WAITS: { readonly [wait: number]: string } = {
  [Wait.Receive]: "to receive from a channel", [Wait.Send]: "to send to a channel", [Wait.Join]: "for the end of a task", [Wait.Select]: "for any of several channels", [Wait.Host]: "for the host",
};

/** Every task waits for another one. */
export function deadlock(vm: Vm, owner: number): never {
  const { heap } = vm, lines: string[] = [];
  let count = 0;
  for (let task = cellItem(heap, owner, SchedulerItem.FirstLive); task !== 0; task = cellItem(heap, task, TaskItem.NextLive)) {
    if (++count <= SHOWN_TASKS) lines.push(waitText(vm, task));
  }
  if (count > SHOWN_TASKS) lines.push(`  and ${count - SHOWN_TASKS} more`);
  try {
    return vm.fatal(`deadlock: every task waits for another one\n${lines.join("\n")}`);
  } finally {
    // Who ran last has nothing to do with it.
    vm.trace = framesOf(vm, cellItem(heap, owner, SchedulerItem.Main));
  }
}

const framesOf = (vm: Vm, task: number): readonly TraceEntry[] =>
  vm.workers?.traceOf(task) ?? traceFrom(vm, intItem(vm.heap, task, TaskItem.Fp), intItem(vm.heap, task, TaskItem.Pc), intItem(vm.heap, task, TaskItem.Depth));

function waitText(vm: Vm, task: number): string {
  const { heap } = vm, id = intItem(heap, task, TaskItem.Id);
  const places = framesOf(vm, task).map(({ name, source, line, column }) => `\n    in ${name} at ${source}:${line}:${column}`).join("");
  return `  ${id === 0 ? "the program" : `task ${id}`} waits ${WAITS[intItem(heap, task, TaskItem.Wait)] ?? ""}${places}`;
}
