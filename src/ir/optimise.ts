// The pass pipeline, run once on each program before either engine sees it.
// Level 0 only analyses; level 1 folds first. Both leave the same observable behaviour. The result shares Variables with
// the program it was made from, and the passes set their flags: do not go on using both.

import { DEBUG } from "../../heap/debug.ts";
import { analyseClosures } from "./passes/closures.ts";
import { foldConstants } from "./passes/fold.ts";
import { markTailCalls } from "./passes/tail.ts";
import type { Program } from "./nodes.ts";
import { verify } from "./verify.ts";

export interface OptimiseOptions { readonly level: 0 | 1 }

/** Folding may give new nodes; the analyses then set their fields in the nodes of the program that is returned. */
export function optimise(program: Program, options: OptimiseOptions): Program {
  if (DEBUG) verify(program);
  const folded = options.level === 0 ? program : foldConstants(program);
  const done = markTailCalls(analyseClosures(folded));
  if (DEBUG) verify(done);
  return done;
}
