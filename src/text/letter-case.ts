// Letter case, for whoever compares without it: readers of names and the string functions of Lisp.

/**
 * Full case folding, character by character: unlike lower case it does not look at what stands around a character. The
 * few characters for which going up and down the cases gives another folding are listed.
 */
export function foldCase(text: string): string {
  let folded = "";
  for (const each of text) folded += each === "ı" || /[Ꭰ-Ᏽ]/u.test(each) ? each : /[ꭰ-ꮿᏸ-ᏽ]/u.test(each) ? each.toUpperCase() : each.toLowerCase().toUpperCase().toLowerCase();
  return folded;
}
