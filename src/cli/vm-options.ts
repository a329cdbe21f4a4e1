// From options as the user gives them to options as the library takes them.

import type { Host, VmOptions } from "../index.ts";
import type { OptionValues } from "../options.ts";
import { stackBytes } from "./thread.ts";

/** The command line's defaults differ from the library's in this: scripts may use much memory. */
const DEFAULT_MEMORY = 1024 ** 3;

export function vmOptions(values: OptionValues, host: Host): VmOptions {
  const options: { -readonly [K in keyof VmOptions]: VmOptions[K] } = { memory: values.memory ?? DEFAULT_MEMORY, host, treeStackBytes: stackBytes() };
  if (values.fuel !== undefined) options.fuel = values.fuel;
  if (values.stackDepth !== undefined) options.stackDepth = values.stackDepth;
  if (values.gcPauseBudget !== undefined) options.gcPauseBudget = values.gcPauseBudget;
  if (values.gcStep !== undefined) options.gcStep = values.gcStep;
  if (values.gcStress !== undefined) options.gcStress = values.gcStress;
  if (values.gcStressRate !== undefined) options.gcStressRate = values.gcStressRate;
  if (values.gcSeed !== undefined) options.gcSeed = values.gcSeed;
  if (values.failAllocation !== undefined) options.failAllocationAt = values.failAllocation;
  if (values.verifyHeap !== undefined) options.verifyHeap = values.verifyHeap;
  if (values.poison !== undefined) options.poison = values.poison;
  if (values.checkLeaks !== undefined) options.checkLeaks = values.checkLeaks;
  if (values.checkUninitialised !== undefined) options.checkUninitialised = values.checkUninitialised;
  if (values.loop !== undefined) options.loop = values.loop;
  if (values.peephole !== undefined) options.peephole = values.peephole;
  if (values.optimise !== undefined) options.optimise = values.optimise === "0" ? 0 : 1;
  return options;
}
