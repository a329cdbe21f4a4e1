// What to do about misuse of raw memory, by how its message begins (heap/raw.ts says what happened). For people only: the
// exception of the script is the message alone.

import { textOf } from "../../heap/cells/string.ts";
import { CellHi } from "../../heap/value.ts";
import type { Vm } from "../vm/vm.ts";

const HINTS: readonly (readonly [begins: RegExp, hint: string])[] = [
  [/^use after free: /, "a pointer means nothing once its memory was given back: free() it last, or copy what is still needed"],
  [/^double free /, "one owner should free a region: set the pointer to ptr_null() behind free(), which ignores null"],
  [/^free of \S+, which is not the start/, "free() takes what alloc() gave, not a pointer moved from there"],
  [/^realloc of \S+, which is not the start/, "realloc() takes what alloc() gave, not a pointer moved from there"],
  [/^(?:free|realloc) of /, "only what alloc(), talloc() or realloc() gave can be given back, and once"],
  [/^out of bounds: /, "sizes are in bytes: n values of a type need talloc(type, n), and index i of them lies at ptr_offset(p, i, sizeof(type))"],
  [/^null pointer access/, "give the pointer memory first, as of alloc(), or test whether it is ptr_null()"],
  [/^uninitialised read: /, "write the bytes before they are read, for instance with memset(p, 0, size)"],
];
const PLACES = "; run with --check-leaks (checkLeaks) to see where the memory comes from";

/** The hint for the value that was thrown; null when it is about something else. */
export function memoryHint({ heap }: Vm, slot: number): string | null {
  if (heap.hi(slot) !== CellHi.String) return null;
  const text = textOf(heap, heap.lo(slot)), found = HINTS.find(([begins]) => begins.test(text));
  if (found === undefined) return null;
  // With the option, the message says it already; memory that never was has no place.
  return / \(allocated /.test(text) || !/region|free/.test(text) ? found[1] : found[1] + PLACES;
}
