// What is wrong with a compiled program, for whoever hands its bytes in. Nothing else is ever thrown because of them.

export type ProgramErrorCode =
  /** Not a compiled program at all. */
  | "format"
  /** Made by another version of Boxelder, or for another instruction set. */
  | "version"
  /** Shorter than it says. */
  | "truncated"
  /** The checksum does not match: some bytes are not those that were written. */
  | "checksum"
  /** The checksum matches, but no compiler can have written it. */
  | "damaged"
  /** The VM lacks the language of the program, or functions of its library. */
  | "missing"
  /** The VM's engine runs no bytecode. */
  | "engine"
  /** The program has a value among its constants that cannot be written. */
  | "constant";

export class ProgramError extends Error {
  constructor(
    readonly code: ProgramErrorCode,
    /** What is wrong and what to do. */
    message: string,
    /** For code "missing": the names. */
    readonly names: readonly string[] = [],
  ) {
    super(message);
    this.name = "ProgramError";
  }
}

/** The bytes hold what no compiler can have written. */
export function damaged(what: string): never {
  throw new ProgramError("damaged", `the compiled program is damaged: ${what}; compile it again`);
}
