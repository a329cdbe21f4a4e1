// Bounds how deep the IR nests. One level of syntax can become five levels of IR, and everything behind the front end
// recurses over the IR, so the limit on syntax alone would not protect the JS stack.

import type { Node } from "../ir/nodes.ts";
import { eachChild, spineChild } from "../ir/walk.ts";

/** Measured: the passes overflow the default stack of Node at about 900 levels. */
export const MAX_IR_DEPTH = 500;

/** The outermost node below the limit, null when there is none. Operator chains count as one level. */
export function tooDeep(root: Node): Node | null {
  const nodes = [root], depths = [0];
  for (;;) {
    const node = nodes.pop(), depth = depths.pop();
    if (node === undefined || depth === undefined) return null;
    if (depth > MAX_IR_DEPTH) return node;
    const along = spineChild(node);
    eachChild(node, (child) => {
      nodes.push(child);
      depths.push(child === along ? depth : depth + 1);
    });
  }
}
