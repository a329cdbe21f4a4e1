// What the encoding cannot hold. Nothing here concerns the speed or meaning of programs.

import type { Span } from "../text/source.ts";

/** Registers that operands of one byte reach. */
export const NARROW_REGISTERS = 0x100;
/** Registers a frame may have: frame links hold distances of 16 bits. */
export const MAX_REGISTERS = 0x1_0000 - 0x100;
/** Parameters a function may have; they must leave room below register 256 for the scratch registers of wide code. */
export const MAX_PARAMETERS = 200;
/** Arguments of one call instruction; longer positional lists go through an array. */
export const MAX_ARGUMENTS = 250;
/** Elements, fields or parts collected in registers before one instruction makes the whole. */
export const MAX_RUN = 64;
/** Fields of an object literal made in one step: all of them must lie in the object itself (see heap/shapes.ts). */
export const MAX_FIELDS = 32;

/** The program is right but exceeds a limit of the VM. */
export class LimitError extends Error {
  constructor(message: string, readonly span: Span) {
    super(message);
    this.name = "LimitError";
  }
}

/** More registers than NARROW_REGISTERS were needed: the function is compiled again in wide form. */
export class RegisterOverflow extends Error {}
