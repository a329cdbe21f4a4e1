// Does for a task what it asks for from elsewhere, in its place: its cell is the running task for so long, so it waits in the
// same queues and wakes in the same order as any other, only that it has no frames here.
//
// The answer to a task lies in an item of its cell that has another use only for tasks with frames: TaskItem.Dynamic.

import { elementSlot, insert, length as arrayLength, setLength } from "../../heap/cells/array.ts";
import { RawError } from "../../heap/raw-access.ts";
import { Root } from "../../heap/roots.ts";
import { NATIVES, nativeIndex } from "../library/registry.ts";
import { GUEST_THROW } from "../vm/errors.ts";
import { SCRATCH_SLOTS } from "../vm/native.ts";
import { Outcome } from "../vm/outcome.ts";
import { raiseRaw } from "../vm/run.ts";
import { cellItem, flagItem, itemSlot, SchedulerItem, setFlagItem, setIntItem, setTaskItem, TaskItem, TaskState } from "../vm/task-cells.ts";
import * as values from "../vm/task-values.ts";
import type { Vm } from "../vm/vm.ts";
import { SharedOperation } from "../vm/workers.ts";
import type { Request } from "./messages.ts";
import { readValues } from "./read-values.ts";

/** Ids of channels are addresses here; functions do not come this way. */
export const RESIDENTS = { codeOf: (): number => 0, channelOf: (id: number): number => id };

export class Deputy {
  isActing = false;

  constructor(readonly vm: Vm) {}

  /** True when it is done, and the answer is there; false when the task waits, in no queue of those that are ready. */
  perform(task: number, request: Request): boolean {
    const { heap } = this.vm, owner = heap.rootCell(Root.Tasks), before = cellItem(heap, owner, SchedulerItem.Running);
    let isDone = true;
    setTaskItem(heap, owner, SchedulerItem.Running, task);
    setIntItem(heap, task, TaskItem.State, TaskState.Running);
    this.isActing = true;
    try {
      isDone = this.#do(request, itemSlot(task, TaskItem.Dynamic)) !== Outcome.Pending;
    } catch (thrown) {
      if (thrown instanceof RawError) raiseRaw(this.vm, thrown);
      else if (thrown !== GUEST_THROW) throw thrown;
      const exception = heap.rootSlot(Root.Exception);
      heap.replace(itemSlot(task, TaskItem.Value), exception);
      heap.setHole(exception);
      setFlagItem(heap, task, TaskItem.Throws, true);
    } finally {
      this.isActing = false;
      heap.setHole(heap.rootSlot(Root.Temp7));
    }
    setTaskItem(heap, owner, SchedulerItem.Running, before);
    if (isDone) setIntItem(heap, task, TaskItem.State, TaskState.Ready);
    return isDone;
  }

  #do({ operation, channel, milliseconds, values: sent, native }: Request, dst: number): void | Outcome {
    const { vm } = this, { heap } = vm, hold = heap.rootSlot(Root.Temp7);
    if (sent !== null) readValues(vm, hold, sent, RESIDENTS);
    heap.forget(dst);
    switch (operation) {
      case SharedOperation.Send: return values.send(vm, dst, channel, elementSlot(heap, heap.lo(hold), 0), milliseconds);
      case SharedOperation.Receive: return values.receive(vm, dst, channel, milliseconds);
      case SharedOperation.Close: return values.close(vm, dst, channel);
      case SharedOperation.Select: return values.select(vm, dst, elementSlot(heap, heap.lo(hold), 0), milliseconds);
      case SharedOperation.Sleep:
        heap.setNull(dst);
        return values.sleep(vm, dst, milliseconds);
      case SharedOperation.Native: return this.#call(native, hold, dst);
      case SharedOperation.Write: return heap.setNull(dst);
    }
  }

  /** Calls a native that does not wait, with the arguments in the array in a slot, which becomes the window of the call. */
  #call(name: string, list: number, dst: number): void {
    const { vm } = this, { heap } = vm, argc = arrayLength(heap, heap.lo(list)), hold = heap.rootSlot(Root.Temp6), native = NATIVES[nativeIndex(name)]!;
    heap.setNull(hold);
    setLength(heap, heap.lo(list), argc + 2 + SCRATCH_SLOTS);
    for (let i = 0; i < 2; i++) insert(heap, heap.lo(list), 0, hold);
    native.run(vm, elementSlot(heap, heap.lo(list), 2), argc);
    heap.copySlot(dst, elementSlot(heap, heap.lo(list), 0));
  }

  /** Slot of the answer, or of the exception that is the answer; the task is then as if it had taken it. */
  take(task: number): { readonly slot: number; readonly failed: boolean } {
    const { heap } = this.vm, failed = flagItem(heap, task, TaskItem.Throws);
    if (failed) setFlagItem(heap, task, TaskItem.Throws, false);
    return { slot: itemSlot(task, failed ? TaskItem.Value : TaskItem.Dynamic), failed };
  }
}
