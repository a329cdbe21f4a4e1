// Damaged Lisp texts without end: the texts of the front end's own test, and random programs with damage.

import { mutate, pile, PROGRAM, textProblem } from "../front/lisp/damage.ts";
import { Random } from "../support/random.ts";
import type { Finding } from "./finding.ts";
import { generateLisp } from "./generate-lisp.ts";

function damagedText(seed: number): string {
  const random = new Random(seed);
  if (random.chance(0.2)) return pile(random);
  return mutate(random.chance(0.5) ? PROGRAM : generateLisp(seed, { continuations: true }, 2), random);
}

/** What is wrong with the answer to the text of this seed, null for nothing. */
export function readerProblem(seed: number): Finding | null {
  const text = damagedText(seed);
  try {
    const what = textProblem(text);
    return what === null ? null : { seed, what, program: text };
  } catch (error) {
    return { seed, what: `threw ${error instanceof Error ? error.stack : error}`, program: text };
  }
}
