// Programs with and without workers, side by side.

import { expect } from "vitest";
import { library, type RunResult, type VmOptions } from "./library.ts";

export const { nodeWorkers } = await import("../../dist/node.js" as string) as typeof import("../../src/node.ts");

export interface Ran { readonly output: string; readonly result: RunResult; readonly used: number; readonly sent: number; readonly stayed: readonly string[] }

const open: { close(): void }[] = [];
export const keepOpen = (part: { close(): void }): number => open.push(part);
/** After each test. */
export const closeAll = (): void => { for (const each of open.splice(0)) each.close(); };

/** A VM with so many workers, or without. */
export function machine(count: number, options: VmOptions) {
  let output = "";
  const workers = count === 0 ? null : nodeWorkers(count, { world: options as object });
  if (workers !== null) keepOpen(workers);
  const vm = library.createVM({ fuel: 1e12, ...options, ...(workers === null ? {} : { workers }), host: { write: (bytes) => { output += new TextDecoder().decode(bytes); }, ...options.host } });
  return { vm, workers, output: () => output };
}

export async function ran(text: string, count: number, options: VmOptions = {}): Promise<Ran> {
  const { vm, workers, output } = machine(count, options), before = vm.fuel, result = await vm.runAsync(text);
  vm.verifyHeap();
  const { sent, stayed } = workers?.report() ?? { sent: 0, stayed: new Map<string, number>() };
  return { output: output(), result, used: before - vm.fuel, sent, stayed: [...stayed.keys()] };
}

/** Runs a script without workers and with them: what can be seen from outside must be the same. */
export async function same(text: string, options: VmOptions = {}, count = 2): Promise<Ran> {
  const alone = await ran(text, 0, options), parallel = await ran(text, count, options);
  const { output, result, used } = parallel;
  expect(parallel.stayed.filter((reason) => reason.startsWith("the worker ended"))).toEqual([]);
  expect({ output, result, used }).toEqual({ output: alone.output, result: alone.result, used: alone.used });
  return parallel;
}
