// What a native may answer besides throwing.

/** Returned by a native; returning nothing means Value. */
export const enum Outcome {
  /** The result is in slot base - 2. */
  Value = 0,
  /** The task parks; the host resumes it later with a value or an error. */
  Pending = 1,
  /** The native moved the task elsewhere: vm.fp and vm.pc tell where to go on. */
  Jumped = 2,
  /** The native ended the run: its value is in Root.Result. */
  Finished = 3,
  /** The window holds another function to call in the native's place, with one argument. */
  Replaced = 4,
}
