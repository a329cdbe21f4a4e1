// What every table of collection functions is made with.

import type { Native, NativeInfo } from "../../../vm/native.ts";

/** A function of Lisp: name as programs write it, argument counts (max -1: any), its line in the manual, other names. */
export const row = (name: string, min: number, max: number, doc: string, run: Native, aliases: readonly string[] = []): NativeInfo =>
  ({ name: `lisp:${name}`, min, max, doc, run, aliases });

/** A function for the library's own Lisp code and for compiled forms; programs cannot name it. */
export const internal = (name: string, arguments_: number, doc: string, run: Native): NativeInfo =>
  ({ name: `lisp:%${name}`, min: arguments_, max: arguments_, doc, run });
