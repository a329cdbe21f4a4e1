// Runs the interpreter to an end or a stop: the one place where guest exceptions raised by TypeScript code are caught.

import { RawError } from "../../heap/raw.ts";
import { unwind } from "./calls.ts";
import { executeCompiled } from "./compiled-loop.ts";
import { GUEST_THROW, Status } from "./errors.ts";
import { startSignal } from "./signal.ts";
import type { Vm } from "./vm.ts";

/** Goes on from vm.fp / vm.pc. Errors that scripts cannot catch (ProgramEnd, Bug) pass through. */
export function run(vm: Vm): Status {
  for (;;) {
    try {
      let status = executeCompiled(vm);
      while (status === Status.Refuelled) {
        if (vm.compiledRun === null) vm.onLongRun();
        status = executeCompiled(vm);
      }
      return status;
    } catch (thrown) {
      const raised = thrown instanceof RawError ? raiseRaw(vm, thrown) : thrown === GUEST_THROW;
      if (!raised) throw thrown;
      if (!signal(vm) && !unwind(vm)) return Status.Uncaught;
    }
  }
}

/** Asks the script's handlers, unless the exception is to unwind. A failure on the way there is an exception in its place. */
function signal(vm: Vm): boolean {
  if (vm.unwinding) return false;
  try {
    return startSignal(vm);
  } catch (thrown) {
    if (thrown !== GUEST_THROW) throw thrown;
    return false;
  }
}

/** A wrong use of raw memory is an ordinary error of the script. */
function raiseRaw(vm: Vm, error: RawError): true {
  try { vm.throwError(error.message); } catch (thrown) { if (thrown !== GUEST_THROW) throw thrown; }
  return true;
}
