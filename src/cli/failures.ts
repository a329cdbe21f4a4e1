// The ways a command ends early that are neither a script's error nor ours.

/** The command cannot do what was asked (missing file, absurd argument); the message is all the user needs. */
export class CommandError extends Error {}

/** Whoever read our output has gone away; there is nobody left to tell. */
export class OutputClosed extends Error {
  /** What a shell reports for a program ended by SIGPIPE. */
  static readonly EXIT_CODE = 141;
}
