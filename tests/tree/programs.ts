// Running IR programs on the tree engine: each one twice, plainly and with a collection at every allocation.

import { expect } from "vitest";
import { Root } from "../../heap/roots.ts";
import type { HeapOptions } from "../../heap/options.ts";
import * as b from "../../src/ir/builder.ts";
import type { Node } from "../../src/ir/nodes.ts";
import { optimise } from "../../src/ir/optimise.ts";
import { Source } from "../../src/text/source.ts";
import { runTree, type TreeOptions } from "../../src/tree/run.ts";
import { displayText } from "../../src/vm/display.ts";
import { Status } from "../../src/vm/errors.ts";
import { silentHost } from "../../src/vm/host.ts";
import { Vm, type VmSettings } from "../../src/vm/vm.ts";

const PLAIN: HeapOptions = {};
const STRESSED: HeapOptions = { gcStress: 1, verify: true, poison: true };

export function newVm(settings: Partial<VmSettings> = {}): Vm {
  const vm = new Vm({ heap: PLAIN, host: silentHost, ...settings });
  vm.sources.push(new Source("test", ""));
  return vm;
}

/** Display text of the program's value, or "throws " and that of the exception. */
export function outcome(vm: Vm, body: Node, options: TreeOptions = {}): string {
  const main = b.functionNode("<main>", [], body);
  const status = runTree(vm, optimise(b.program(main, "test"), { level: 0 }), vm.sources.length - 1, options);
  const root = status === Status.Done ? Root.Result : Root.Exception;
  return (status === Status.Done ? "" : "throws ") + displayText(vm, vm.heap.rootSlot(root));
}

let stressed: Vm | null = null;

/** Expects the outcome of the program, whose nodes `make` builds anew for each run. */
export function expectOutcome(make: () => Node, expected: string): void {
  expect(outcome(newVm(), make())).toBe(expected);
  // One world for all programs, because making one takes many collections; a small stack, because each clears all of it.
  stressed ??= newVm({ heap: STRESSED });
  for (const name of stressed.globals.names()) stressed.globals.undefine(name);
  expect(outcome(stressed, make(), { stackBytes: 100 << 10 }), "with a collection at every allocation").toBe(expected);
}
