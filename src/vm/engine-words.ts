// Counters of the running task that lie in the world's header, where the interpreter, compiled code and natives share
// them at the price of one load each (as locals of the loop they cost 10-20 %: bench/README.md).

/** Byte offsets of words in the world's header, within the part heap/world-layout.ts leaves to the engine. */
export const enum Engine {
  /** Fuel left until the Vm must refill it from its reserve, or park. */
  Fuel = 128,
  /** Guest frames that may still be entered. */
  FramesLeft = 132,
  /** Twice the slot that no frame may reach past: an i32 index. */
  StackEnd = 136,
  /** Byte address of register 0 of the running frame, when the compiled loop is left. */
  Frame = 140,
  /** Fuel for work of the running instruction that was interrupted before it was done: this much of it is not charged again. */
  Saved = 144,
  /** What of that is still to be paid, before anything else when the run goes on. */
  Owed = 148,
}

/**
 * Largest value of Engine.Fuel; the rest of a larger budget waits in the Vm. Small, because the loop is left and entered
 * again at each refill: code that V8 compiled for an entry is better than what it patches into a running loop.
 */
export const FUEL_CHUNK = 1 << 16;
