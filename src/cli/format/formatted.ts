// Texts laid out, by language; and the proof that a text is still the same program.

import { Bug } from "../../../heap/debug.ts";
import { formatHemlock, hemlockTokens } from "./hemlock.ts";
import { formatLisp, lispTokens } from "./lisp.ts";

/** The text of a program without errors as it should look. `width`: blanks to a level of Hemlock. */
export function formatted(text: string, language: string, width: number): string {
  const [format, tokensOf] = language === "lisp" ? [formatLisp, lispTokens] as const : [formatHemlock, hemlockTokens] as const;
  const result = format(text, width), before = tokensOf(text), after = tokensOf(result);
  if (before.length !== after.length || before.some((token, i) => token !== after[i])) throw new Bug("laying out would change the program");
  return result;
}
