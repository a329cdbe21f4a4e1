// How errors travel inside the VM. A guest exception is a value: it lies in the root slot Root.Exception while the JS
// singleton GUEST_THROW unwinds the TypeScript frames of a slow path or native. Errors a script cannot catch are JS
// exceptions of their own classes and end the run.

/** Thrown by slow paths and natives after storing the value in Root.Exception. It carries nothing, so it costs no stack trace. */
export const GUEST_THROW: { readonly guestThrow: true } = Object.freeze({ guestThrow: true });

/**
 * Thrown by natives and slow paths before they have changed anything, when the run is to stop: the instruction is done again
 * when it goes on. vm.stopped says why.
 */
export const INTERRUPT: { readonly interrupt: true } = Object.freeze({ interrupt: true });

export type EndKind = "fatal" | "panic" | "exit";

/** Ends the program at once; no handler, finally or defer of the script runs. */
export class ProgramEnd extends Error {
  constructor(
    readonly kind: EndKind,
    message: string,
    /** Exit code the command line reports. */
    readonly exitCode: number,
  ) {
    super(message);
    this.name = "ProgramEnd";
  }
}

/** The memory given to a VM does not even hold what every script starts with. */
export class MemoryLimitError extends RangeError {
  constructor(message: string) {
    super(message);
    this.name = "MemoryLimitError";
  }
}

/** The chosen engine cannot do what the program asks; says so by name. */
export class UnsupportedByEngine extends Error {
  constructor(engine: string, what: string) {
    super(`the ${engine} engine cannot ${what}`);
    this.name = "UnsupportedByEngine";
  }
}

/** How a run of an engine ended, or why it stopped for now. */
export const enum Status {
  Done,
  /** No handler: the value is in Root.Exception, the trace in vm.trace. */
  Uncaught,
  /** Parked: add fuel and run again to go on. */
  OutOfFuel,
  /** Parked in a native that answered Pending. */
  Pending,
  /** Within the vm engine only: enter the loop again. */
  Refuelled,
  /** Within the vm engine only: an instruction was done, go on with the next. */
  Running,
}

/** One guest frame, innermost first. */
export interface TraceEntry {
  /** Name of the function, "<main>" for the top level. */
  readonly name: string;
  readonly source: string;
  /** 1-based; 0 when unknown. */
  readonly line: number;
  readonly column: number;
  /** Offsets into the source text, for the caret. */
  readonly start: number;
  readonly end: number;
  readonly sourceId: number;
}
