// Places in texts, for error messages.

/** 1-based line of an offset, and the number of characters of that line before it. */
export function linePosition(text: string, offset: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, offset), start = before.lastIndexOf("\n") + 1;
  return { line: before.split("\n").length, column: [...before.slice(start)].length };
}
