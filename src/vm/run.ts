// Runs the interpreter to an end or a stop: the one place where guest exceptions raised by TypeScript code are caught.

import { RawError } from "../../heap/raw-access.ts";
import { Root } from "../../heap/roots.ts";
import { unwind } from "./calls.ts";
import { executeCompiled } from "./compiled-loop.ts";
import { GUEST_THROW, INTERRUPT, Status } from "./errors.ts";
import { runningInstruction } from "./running-instruction.ts";
import { endTask, isParked, next, statusOf, yieldTurn } from "./scheduler.ts";
import { isSpawned } from "./task-cells.ts";
import type { Vm } from "./vm.ts";

/** Goes on from vm.fp / vm.pc, or with the next task when the one there waits. Errors that scripts cannot catch (ProgramEnd, Bug) pass through. */
export function run(vm: Vm): Status {
  if (vm.ended !== null) {
    const { ended } = vm;
    vm.ended = null;
    throw ended;
  }
  if (vm.parkedAs === Status.OutOfFuel && !vm.payDebt()) return Status.OutOfFuel;
  vm.canInterrupt = true;
  try {
    return goOn(vm);
  } finally {
    vm.canInterrupt = false;
  }
}

function goOn(vm: Vm): Status {
  let status: Status = Status.Running, isChoosing = isParked(vm);
  for (;;) {
    try {
      // Going on with another task may raise what that one was left with.
      if (status === Status.Done || status === Status.Uncaught) status = endTask(vm, status === Status.Done ? Root.Result : Root.Exception);
      else if (isChoosing) {
        isChoosing = false;
        status = statusOf(next(vm));
      } else if (vm.sliceLeft < 0) status = yieldTurn(vm);
      if (status === Status.Running || status === Status.Refuelled) status = executeCompiled(vm);
      if (status === Status.Refuelled && vm.compiledRun === null) vm.onLongRun();
    } catch (thrown) {
      if (thrown === INTERRUPT) return stopAtInstruction(vm);
      const raised = thrown instanceof RawError ? raiseRaw(vm, thrown) : thrown === GUEST_THROW;
      if (!raised) throw thrown;
      status = signal(vm) || unwind(vm) ? Status.Running : Status.Uncaught;
    }
    const isOver = status === Status.Done || status === Status.Uncaught;
    if (status !== Status.Refuelled && status !== Status.Running && !(isOver && isSpawned(vm.heap))) return status;
  }
}

/** Parks before the running instruction, which is done anew when the run goes on. */
function stopAtInstruction(vm: Vm): Status {
  vm.pc = runningInstruction(vm).at;
  vm.nativeTop = 0;
  vm.heap.setHole(vm.heap.rootSlot(Root.Receiver));
  return vm.parkedAs = Status.OutOfFuel;
}

/** Asks the script's handlers, unless the exception is to unwind. A failure on the way there is an exception in its place. */
function signal(vm: Vm): boolean {
  if (vm.unwinding) return false;
  try {
    return vm.rules.startSignal(vm);
  } catch (thrown) {
    if (thrown !== GUEST_THROW) throw thrown;
    return false;
  }
}

/** A wrong use of raw memory is an ordinary error of the script. */
export function raiseRaw(vm: Vm, error: RawError): true {
  try { vm.throwError(error.message); } catch (thrown) { if (thrown !== GUEST_THROW) throw thrown; }
  return true;
}
