// The difference of two lists of lines: what to remove and add, by Myers' algorithm. Texts too different for it within
// bounds count as replaced from where it gave up.

/** Lines [oldFrom, oldTo) of the old text stand where lines [newFrom, newTo) of the new one are. */
export interface Change { readonly oldFrom: number; oldTo: number; readonly newFrom: number; newTo: number }

/** Edits looked for. */
const MAX_EDITS = 2000;

/** For each number of edits, the furthest old line on each diagonal; null when there are too many. */
function search(a: readonly string[], b: readonly string[]): Int32Array[] | null {
  const trace: Int32Array[] = [], most = Math.min(a.length + b.length, MAX_EDITS);
  let reached = new Int32Array(3);
  for (let edits = 0; edits <= most; edits++) {
    // Diagonal k lies at index k + edits + 1.
    const next = new Int32Array(2 * edits + 3).fill(-1);
    for (let k = -edits; k <= edits; k += 2) {
      const down = reached[k + edits + 1] ?? -1, across = reached[k + edits - 1] ?? -1;
      let x = edits === 0 ? 0 : k === -edits || (k !== edits && across < down) ? down : across + 1;
      while (x < a.length && x - k < b.length && a[x] === b[x - k]) x++;
      next[k + edits + 1] = x;
      if (x >= a.length && x - k >= b.length) return [...trace, next];
    }
    trace.push(next);
    reached = next;
  }
  return null;
}

/** The changes between lists that differ at both ends, in order. */
function changesBetween(a: readonly string[], b: readonly string[]): Change[] {
  const trace = search(a, b), changes: Change[] = [];
  if (trace === null) return [{ oldFrom: 0, oldTo: a.length, newFrom: 0, newTo: b.length }];
  let x = a.length, y = b.length;
  for (let edits = trace.length - 1; edits > 0; edits--) {
    const before = trace[edits - 1]!, k = x - y, down = before[k + edits + 1] ?? -1, across = before[k + edits - 1] ?? -1;
    const isDown = k === -edits || (k !== edits && across < down), startX = isDown ? down : across, startY = startX - (isDown ? k + 1 : k - 1);
    changes.push(isDown ? { oldFrom: startX, oldTo: startX, newFrom: startY, newTo: startY + 1 } : { oldFrom: startX, oldTo: startX + 1, newFrom: startY, newTo: startY });
    x = startX;
    y = startY;
  }
  return changes.reverse();
}

/** All changes, neighbouring ones joined. */
export function lineChanges(a: readonly string[], b: readonly string[]): Change[] {
  let start = 0, end = 0;
  while (start < a.length && start < b.length && a[start] === b[start]) start++;
  while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
  const joined: Change[] = [];
  for (const each of changesBetween(a.slice(start, a.length - end), b.slice(start, b.length - end))) {
    const change = { oldFrom: each.oldFrom + start, oldTo: each.oldTo + start, newFrom: each.newFrom + start, newTo: each.newTo + start }, last = joined[joined.length - 1];
    if (last !== undefined && last.oldTo === change.oldFrom && last.newTo === change.newFrom) {
      last.oldTo = change.oldTo;
      last.newTo = change.newTo;
    } else if (change.oldTo > change.oldFrom || change.newTo > change.newFrom) joined.push(change);
  }
  return joined;
}
