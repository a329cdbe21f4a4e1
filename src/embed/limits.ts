// Limits of a run that are the host's business: time, an abort signal, output. The engine asks at every refill of its fuel
// whether to go on, and long natives ask on the way (Vm.work).

import { INTERRUPT } from "../vm/errors.ts";
import { completeHost, type Host } from "../vm/host.ts";
import type { StopReason, Vm } from "../vm/vm.ts";

export interface RunLimits {
  /** Milliseconds the run may take. It stops soon after, with kind "timeLimit", and can be resumed with more. */
  readonly timeLimit?: number;
  /** Stops the run, with kind "aborted". */
  readonly signal?: AbortSignal;
  /** Bytes the script may write from now on, both outputs together; then it stops, with kind "outputLimit", before what is too much. */
  readonly outputLimit?: number;
}

/** The clock of time limits; scripts cannot see it. */
const clock = (): number => (typeof performance === "undefined" ? Date.now() : performance.now());

export class Limits {
  #until = Infinity;
  #signal: AbortSignal | undefined = undefined;
  #outputLeft: number;

  /** What holds for each run that says nothing else; the output limit holds for all together. */
  constructor(readonly defaults: RunLimits) { this.#outputLeft = defaults.outputLimit ?? Infinity; }

  /** A run begins, or goes on. */
  begin(vm: Vm, { timeLimit = this.defaults.timeLimit, signal = this.defaults.signal, outputLimit }: RunLimits): void {
    this.#until = timeLimit === undefined ? Infinity : clock() + timeLimit;
    this.#signal = signal;
    if (outputLimit !== undefined) this.#outputLeft = outputLimit;
    vm.askStop = this.#until === Infinity && signal === undefined ? null : () => this.#reason();
    vm.stopped = null;
  }

  #reason(): StopReason | null {
    if (this.#signal?.aborted === true) return "aborted";
    return clock() >= this.#until ? "timeLimit" : null;
  }

  /** The host with its outputs counted. */
  host(given: Partial<Host>, vm: () => Vm): Host {
    const host = completeHost(given), counted = (write: (data: Uint8Array) => void) => (data: Uint8Array): void => {
      if (data.length > this.#outputLeft) {
        vm().stopped = "outputLimit";
        throw INTERRUPT;
      }
      this.#outputLeft -= data.length;
      write(data);
    };
    return { ...host, write: counted(host.write), writeError: counted(host.writeError) };
  }
}
