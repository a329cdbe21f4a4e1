// Makes the VM and the host a command runs scripts with, from the options given.

import { closeSync, openSync, writeSync } from "node:fs";
import { createVM, type BoxelderVm } from "../index.ts";
import type { OptionValues } from "../options.ts";
import type { ConsoleHost } from "./console-host.ts";
import { CommandError } from "./failures.ts";
import { outsideOf } from "./grants.ts";
import { moduleFiles } from "./module-files.ts";
import type { Parts } from "./parts.ts";
import { vmOptions } from "./vm-options.ts";

/** Descriptor that receives the log of collections, null for none. */
function openLog(path: string | undefined): number | null {
  if (path === undefined) return null;
  if (path === "-") return 2;
  try {
    return openSync(path, "a");
  } catch (error) {
    throw new CommandError(`cannot write the log of collections: ${(error as Error).message}`);
  }
}

export class Session {
  readonly vm: BoxelderVm;
  readonly #log: number | null;
  readonly #close: () => void;

  constructor(readonly values: OptionValues, host: ConsoleHost, parts: Parts) {
    const log = this.#log = openLog(values.gcLog);
    const outside = outsideOf(values, host), options = { ...vmOptions(values, host), ...outside, ...parts, modules: moduleFiles };
    this.#close = outside.system.close ?? ((): void => {});
    this.vm = createVM(log === null ? options : { ...options, now: () => performance.now(), onCollect: (entry) => void writeSync(log, `${JSON.stringify(entry)}\n`) });
  }

  /** After the last script: what it left open is closed, and what the options ask for is done, checks and figures. */
  finish(): void {
    this.#close();
    if (this.values.verifyHeap === true) this.vm.verifyHeap();
    if (this.values.stats === true) console.error(statsText(this.vm));
    if (this.#log !== null && this.#log !== 2) closeSync(this.#log);
  }
}

/** Heap figures, one "name: value" line each. */
export const statsText = (vm: BoxelderVm): string =>
  Object.entries(vm.stats()).map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join("\n");
