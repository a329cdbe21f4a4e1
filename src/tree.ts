// The entry point boxelder/tree: the engine that evaluates the core IR directly, `createVM({ engine: tree })`. It is there
// to compare with, an order of magnitude slower than the one VMs have, and cannot pause.

import { newClosure } from "../heap/cells/closure.ts";
import { CellKind } from "../heap/value.ts";
import type { Engine } from "./engines.ts";
import { functionCode } from "./tree/functions.ts";
import { runTree } from "./tree/run.ts";
import { treeWorld } from "./tree/world.ts";

/** The tree engine, for the option `engine`. */
export const tree: Engine = {
  name: "tree",
  start: (vm, program, sourceId, settings) => runTree(vm, program, sourceId, { stackBytes: settings.treeStackBytes }),
  storeClosure(vm, dst, program, sourceId) {
    const { heap } = vm, code = functionCode(treeWorld(vm), program.main, sourceId);
    heap.setCell(dst, CellKind.Code, code);
    heap.setCell(dst, CellKind.Closure, newClosure(heap, code, 0));
  },
};
